using System.Globalization;
using Dapper;
using FsCheck;
using FsCheck.Fluent;
using Laurel.App.Features.Verifying;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Presence;

/// <summary>
/// Random status changes, shuffled, repeated, corrected, voided, late and up to a day ahead, of people who move between sites about changes
/// of clocks: at every rest the values are those of a quarter-hour by quarter-hour reading of what has arrived, and verify finds nothing.
/// </summary>
public sealed class PresenceAgainstReferenceTests
{
    private const long Quarter = 900_000, Hour = 4 * Quarter;
    private const int People = 3;
    private static readonly string[] Statuses = ["online", "lunch", "short", "offline"];

    private static readonly DateTimeOffset[] Windows =
        [new(2026, 3, 20, 0, 0, 0, TimeSpan.Zero), new(2026, 10, 20, 0, 0, 0, TimeSpan.Zero), new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero)];

    private const string Setup = """
        presence:
          longest-hours: HOURS
          statuses: { online: online, lunch: pause, short: { counts: pause, online: true }, offline: offline }
        activity-types: [ { id: case } ]
        metrics:
          - { id: online, unit: seconds, types: [presence-segment], aggregate: sum, measure: online }
          - { id: pause, unit: seconds, types: [presence-segment], aggregate: sum, measure: pause }
          - { id: pauses, types: [presence-segment], aggregate: sum, measure: pauses }
        achievements:
          - { id: day, type: threshold, metric: online, at-least: [7200, 36000], range: day, history: all }
          - { id: week, type: threshold, range: week, history: all,
              conditions: [ { metric: online, at-least: 40000 }, { metric: pauses, at-least: 2 } ] }
          - { id: every, type: threshold, metric: pauses, at-least: 3, repeat: every-time, history: all }
          - { id: siesta, type: best-of-period, metric: pause, period: last-7-days, ties: earliest, history: all }
          - { id: record, type: personal-record, metric: online, range: day, after: 2, history: all }
          - { id: row, type: streak, metric: online, at-least: 3600, length: [2, 4], history: all }
        """;

    [Fact]
    public async Task Values_of_random_changes_are_those_of_the_plain_reading()
    {
        if (Environment.GetEnvironmentVariable("LAUREL_HISTORY") is { Length: > 0 } one)
        {
            await Judge(int.Parse(one, CultureInfo.InvariantCulture));
            return;
        }
        var count = int.Parse(Environment.GetEnvironmentVariable("LAUREL_HISTORIES") ?? "25", CultureInfo.InvariantCulture);
        var seed = Environment.GetEnvironmentVariable("LAUREL_SEED") is { Length: > 0 } given
            ? ulong.Parse(given, CultureInfo.InvariantCulture)
            : (ulong)Environment.TickCount64;
        Console.WriteLine($"presence seed {seed} (LAUREL_SEED repeats it)");
        await Task.Run(() => Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), history => Judge(history).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(RandomHistory.FarApart(seed), 1)));
    }

    private static async Task Judge(int seed)
    {
        var random = new Random(seed);
        var first = Windows[random.Next(Windows.Length)].AddDays(random.Next(7));
        var floor = new RandomFloor(random, People, 1);
        var longest = random.Next(3) == 0 ? 24 : random.Next(1, 24);
        await using var core = await CoreFixture.Start(first.AddDays(random.Next(1, 5)).AddMinutes(random.Next(24 * 60)),
            floor.Setup + Setup.Replace("HOURS", $"{longest}", StringComparison.Ordinal));
        var left = Make(random, first);
        var arrived = new List<IncomingActivity>();
        var end = first.AddDays(18);
        while (true)
        {
            var last = core.Time.GetUtcNow() >= end;
            var until = core.Time.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds();
            var batch = left.Where(d => last || (d.At <= until && random.Next(2) == 0)).ToList();
            left = [.. left.Except(batch)];
            batch.AddRange(arrived.Where(_ => random.Next(10) == 0));
            var order = random.Next(3) == 0 ? [.. batch.OrderBy(a => a.At)] : batch.OrderBy(_ => random.Next()).ToList();
            for (var i = 0; i < order.Count;)
            {
                var some = order.Skip(i).Take(random.Next(1, 12)).ToList();
                i += some.Count;
                (await core.Take(some)).ShouldAllBe(r => r.Outcome != ItemOutcome.Rejected);
            }
            arrived = [.. arrived.Union(batch)];
            if (last || random.Next(3) > 0)
            {
                core.Settle();
                Compare(core, floor, longest * Hour, seed, arrived);
            }
            if (last) return;
            floor.Change(core, Workday.Beginning);
            core.Time.Advance(TimeSpan.FromMinutes(random.Next(1, random.Next(2) == 0 ? 12 * 60 : 4 * 24 * 60)));
            if (random.Next(5) == 0) await core.Restart();
        }
    }

    private static List<IncomingActivity> Make(Random random, DateTimeOffset first)
    {
        var made = new List<IncomingActivity>();
        for (var (i, count) = (0, random.Next(5, 90)); i < count; i++)
        {
            var one = One(i);
            made.Add(one);
            for (var version = 1; version < 4 && random.Next(5) == 0; version++)
                made.Add((random.Next(3) == 0 ? one with { IsVoid = true, Labels = [] } : One(i) with { Source = one.Source })
                    with
                { Version = version });
        }
        return made;

        IncomingActivity One(int i)
        {
            // Many on the same days, so that they lie near each other; ties.
            var at = first.AddDays(random.Next(random.Next(2) == 0 ? 14 : 4)).AddMinutes(15 * random.Next(96)).ToUnixTimeMilliseconds();
            var (id, person, source) = (ActivityId.Of($"n{i}"), $"p{random.Next(People)}", random.Next(2) == 0 ? "pbx" : "crm");
            return random.Next(12) == 0
                ? new(source, id, "case", person, null, at, [], [])
                : new(source, id, "presence", person, null, at, [], [new("status", Statuses[random.Next(Statuses.Length)])]);
        }
    }

    private static void Compare(CoreFixture core, RandomFloor floor, long longest, int seed, List<IncomingActivity> arrived)
    {
        var expected = Expected(core, floor, longest, arrived);
        var wrong = expected.Except(Actual(core)).Select(e => "missing " + e)
            .Concat(Actual(core).Except(expected).Select(e => "surplus " + e)).ToList();
        ActivatorUtilities.CreateInstance<Verification>(core.Services).Run(d => wrong.Add(d.ToString()), CancellationToken.None)
            .ShouldNotBeNull();
        if (wrong.Count > 0)
            throw new InvalidOperationException(
                $"history {seed} at {core.Time.GetUtcNow():u}, {longest / Hour} h\n  {string.Join("\n  ", wrong.Take(12))}\n{floor}");
    }

    private static List<string> Actual(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return [.. connection.Query<(string Metric, string Person, int Day, long Count, long Sum)>(
            """
            SELECT m.id, p.id, r.day, r.count, r.sum FROM rollup r JOIN person p ON p.key = r.person JOIN metric m ON m.key = r.metric
            WHERE m.id IN ('online', 'pause', 'pauses') AND r.count > 0
            """).Select(r => $"{r.Metric} {r.Person} {new Workday(r.Day)} {r.Count} {r.Sum}")];
    }

    /// <summary>One quarter of an hour after the other: what was said last before it, and on which workday it lies.</summary>
    private static List<string> Expected(CoreFixture core, RandomFloor floor, long longest, List<IncomingActivity> arrived)
    {
        var now = core.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var rows = new Dictionary<(string Metric, int Person, Workday Day), (long Count, long Sum)>();
        var effective = RandomHistory.Effective(arrived).Where(a => a.Type == "presence").ToList();
        for (var person = 0; person < People; person++)
        {
            var said = effective.Where(a => a.Person == $"p{person}")
                .OrderBy(a => new ActivityOrder(a.At, a.Source, a.Id)).ToList();
            if (said.Count == 0) continue;
            var pieces = new List<(string Status, Workday Day, long From, long Until, bool Begins)>();
            for (var at = said[0].At; at < said[^1].At + longest; at += Quarter)
            {
                var change = said.Last(c => c.At <= at);
                if (at - change.At >= longest) continue;
                var (status, day) = (change.Labels[0].Text, floor.WorkdayOf(person, at).Day);
                if (pieces.Count == 0 || pieces[^1].Until != at || pieces[^1].Status != status)
                    pieces.Add((status, day, at, at + Quarter, true));
                else if (pieces[^1].Day != day) pieces.Add((status, day, at, at + Quarter, false));
                else pieces[^1] = pieces[^1] with { Until = at + Quarter };
            }
            var isEnded = false;
            foreach (var (status, day, from, until, begins) in pieces.AsEnumerable().Reverse())
            {
                // By what comes after all that goes on from it.
                var goesOn = pieces.Exists(p => p.From == until && !p.Begins);
                if (!goesOn) isEnded = said.Exists(c => c.At == until);
                if ((!isEnded && until > now) || status == "offline") continue;
                if (status != "lunch") Add("online", until - from);
                if (status is "lunch" or "short")
                {
                    Add("pause", until - from);
                    Add("pauses", begins ? 1_000 : 0);
                }

                void Add(string metric, long sum)
                {
                    var row = rows.GetValueOrDefault((metric, person, day));
                    rows[(metric, person, day)] = (row.Count + 1, row.Sum + sum);
                }
            }
        }
        return [.. rows.Select(r => $"{r.Key.Metric} p{r.Key.Person} {r.Key.Day} {r.Value.Count} {r.Value.Sum}")];
    }
}
