using System.Data.Common;
using Dapper;
using FsCheck;
using FsCheck.Fluent;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.ExternalIdentities;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Projects;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Features.Recalculation;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Engine.Reference;
using Laurel.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>
/// The promise: whatever the order of arrival, the batches, duplicates, corrections, voids, undone imports and restarts, the awards at rest
/// are those of the naive reference, with their moments and values.
/// </summary>
public sealed class StoreAgainstReferenceTests
{
    /// <summary>
    /// Of five weeks each: clocks change in Europe and in New Zealand; in America; in New Zealand and Europe the other way and in America;
    /// a week 53 and the turn of a year; a week 1 that begins in the year before; the end of February of a leap year.
    /// </summary>
    private static readonly DateTimeOffset[] Windows =
    [
        Midnight(2026, 3, 9), Midnight(2026, 3, 2), Midnight(2026, 10, 5), Midnight(2026, 12, 7), Midnight(2025, 12, 8),
        Midnight(2028, 2, 7),
    ];

    private static DateTimeOffset Midnight(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] WeekStarts = ["monday", "monday", "sunday", "saturday", "thursday"];

    private const string Setup = """
        activity-types:
          - { id: case, person: optional, measures: { talk: { negative: false }, score: {} }, labels: [channel] }
          - { id: chat, person: optional, measures: { talk: { negative: false }, score: {} }, labels: [channel] }
        metrics:
          - { id: cases, types: [case] }
          - { id: work, types: [case, chat] }
          - { id: talk, types: [case, chat], aggregate: sum, measure: talk }
          - { id: longest, types: [case], aggregate: maximum, measure: talk }
          - { id: score, types: [case, chat], aggregate: average, measure: score }
          - { id: net, types: [case], aggregate: sum, measure: score }
          - { id: by-mail, types: [case], where: [ { label: channel, is: mail } ] }
          - { id: long-calls, types: [case], where: [ { measure: talk, above: 2 } ] }
          - { id: shortest, types: [case, chat], aggregate: minimum, measure: talk }
          - { id: lowest, types: [case], aggregate: minimum, measure: score }
          - { id: channels, types: [case, chat], aggregate: distinct, label: channel }
          - { id: per-work, aggregate: ratio, numerator: talk, denominator: work }
          - { id: mail-share, unit: percent, aggregate: ratio, numerator: by-mail, denominator: cases }
          - { id: by-net, aggregate: ratio, numerator: talk, denominator: net }
          - { id: weekend, types: [case, chat], where: [ { weekday: [saturday, sunday] } ] }
          - { id: night, types: [case, chat], where: [ { hours: 22:00-03:30 } ] }
          - { id: office, types: [case, chat], aggregate: distinct, label: channel,
              where: [ { hours: 08:00-17:30 }, { weekday: [monday, tuesday, wednesday, thursday, friday] } ] }
        achievements:
          - { id: all-count, type: threshold, metric: work, at-least: [3, 8, 15], history: all }
          - { id: all-sum, type: threshold, metric: talk, at-least: [5, 20.5, 40], history: all }
          - { id: all-max, type: threshold, metric: longest, at-least: [4, 5], history: all }
          - { id: all-average, type: threshold, metric: score, at-least: [0.2, 1], sample: 5, history: all }
          - { id: all-net, type: threshold, metric: net, at-least: [2, 5], history: all }
          - { id: day, type: threshold, metric: work, at-least: [2, 3, 4], range: day, history: all }
          - { id: day-once, type: threshold, metric: work, at-least: [2, 4], range: day, repeat: once, history: all }
          - { id: day-week, type: threshold, metric: talk, at-least: [4], range: day, repeat: week, history: all }
          - { id: week, type: threshold, metric: by-mail, at-least: [2, 3], range: week, history: all }
          - { id: month, type: threshold, metric: long-calls, at-least: [3, 6], range: month, history: all }
          - { id: month-average, type: threshold, metric: score, at-least: [0.5], sample: 3, range: month, history: all }
          - { id: day-few, type: threshold, metric: cases, at-most: [1], range: day, history: all }
          - { id: both, type: threshold, range: week, history: all,
              conditions: [ { metric: work, at-least: [2, 4] }, { metric: talk, at-least: 6 } ] }
          - { id: both-all, type: threshold, history: all,
              conditions: [ { metric: by-mail, at-least: 3 }, { metric: longest, at-least: [3, 5] } ] }
          - { id: every, type: threshold, metric: work, at-least: 4, repeat: every-time, history: all }
          - { id: every-sum, type: threshold, metric: talk, at-least: 2.5, sample: 4, repeat: every-time, history: all }
          - { id: from-date, type: threshold, metric: work, at-least: [3, 6], history: DAY16 }
          - { id: week-from-date, type: threshold, metric: work, at-least: [2, 3], range: week, history: DAY16 }
          - { id: gap, type: threshold, metric: work, at-least: [3, 8], history: all }
          - { id: gap-week, type: threshold, metric: work, at-least: [2, 4], range: week, history: all }
          - { id: gap-average, type: threshold, metric: score, at-least: 0.1, sample: 2, range: week, history: all }
          - { id: versions, type: threshold, metric: work, at-least: [4, 12], history: all }
          - { id: versions-week, type: threshold, metric: work, at-least: [3, 5], range: week, history: all }
          - { id: versions-average, type: threshold, metric: score, at-least: [1.5], sample: 4, history: all }
          - { id: yesterday, type: best-of-period, metric: work, period: yesterday, minimum: 2, history: all }
          - { id: seven, type: best-of-period, metric: talk, period: last-7-days, ties: earliest, history: all }
          - { id: best-week, type: best-of-period, metric: work, period: week, ties: earliest, history: all }
          - { id: best-month, type: best-of-period, metric: score, period: month, best: lowest, sample: 3, history: all }
          - { id: gap-best, type: best-of-period, metric: work, period: yesterday, history: all }
          - { id: first-chat, type: first-time, activities: [chat], history: all }
          - { id: all-least, type: threshold, metric: shortest, at-most: [2, 1, 0], sample: 2, history: all }
          - { id: week-least, type: threshold, metric: lowest, at-most: [0, -2], range: week, history: all }
          - { id: week-not-less, type: threshold, metric: shortest, at-least: [1, 2], range: week, history: all }
          - { id: all-channels, type: threshold, metric: channels, at-least: [2, 3], history: all }
          - { id: day-channels, type: threshold, metric: channels, at-least: [1, 2, 3], range: day, history: all }
          - { id: every-channel, type: threshold, metric: channels, at-least: 2, repeat: every-time, history: all }
          - { id: work-and-channels, type: threshold, range: week, history: all,
              conditions: [ { metric: channels, at-least: 2 }, { metric: shortest, at-most: [2, 1] } ] }
          - { id: week-ratio, type: threshold, metric: per-work, at-least: [2, 3.25], sample: 2, range: week, history: all }
          - { id: all-ratio, type: threshold, metric: mail-share, at-least: [20, 50], sample: 3, history: all }
          - { id: few-by-mail, type: threshold, metric: mail-share, at-most: [20, 0], sample: 2, range: week, history: all }
          - { id: odd-ratio, type: threshold, metric: by-net, at-least: 1, sample: 1, range: month, history: all }
          - { id: best-ratio, type: best-of-period, metric: mail-share, period: week, sample: 2, ties: earliest, history: all }
          - { id: least-best, type: best-of-period, metric: shortest, period: week, best: lowest, ties: earliest, history: all }
          - { id: most-channels, type: best-of-period, metric: channels, period: last-7-days, ties: earliest, history: all }
          - { id: all-weekend, type: threshold, metric: weekend, at-least: [2, 4], history: all }
          - { id: week-night, type: threshold, metric: night, at-least: [1, 3], range: week, history: all }
          - { id: day-office, type: threshold, metric: office, at-least: [1, 2], range: day, history: all }
          - { id: record-day, type: personal-record, metric: talk, range: day, after: 2, history: all }
          - { id: record-week, type: personal-record, metric: score, range: week, after: 1, sample: 2, history: all }
          - { id: record-low, type: personal-record, metric: shortest, range: day, best: lowest, after: 1, minimum: 2, history: all }
          - { id: record-once, type: personal-record, metric: work, range: day, after: 3, repeat: once, history: all }
          - { id: record-from-date, type: personal-record, metric: per-work, range: day, after: 1, sample: 1, repeat: week, history: DAY16 }
          - { id: record-month, type: personal-record, metric: channels, range: month, after: 1, history: all }
          - { id: better-day, type: improvement, metric: work, range: day, percent: [10, 50], history: all }
          - { id: better-week, type: improvement, metric: talk, range: week, percent: [5, 25.5, 100], repeat: month, history: all }
          - { id: better-low, type: improvement, metric: per-work, best: lowest, range: day, percent: [10, 50], sample: 1, history: all }
          - { id: better-month, type: improvement, metric: by-net, range: month, percent: 1, sample: 1, history: all }
          - { id: row-day, type: streak, metric: work, at-least: 2, length: [2, 3, 5], history: all }
          - { id: row-again, type: streak, metric: talk, at-least: 2, length: 2, repeat: every-time, history: all }
          - { id: row-week, type: streak, metric: work, at-least: 3, range: week, length: [2, 3], history: all }
          - { id: row-average, type: streak, metric: score, at-least: 0.1, sample: 1, length: [2, 3], history: all }
          - { id: row-few, type: streak, metric: cases, at-most: 1, length: [2, 4], repeat: every-time, history: DAY9 }
          - { id: row-both, type: streak, length: [2, 3], history: all,
              conditions: [ { metric: cases, at-least: 1 }, { metric: channels, at-least: 1 }, { metric: shortest, at-most: 3 } ] }
          - { id: step-1, type: threshold, metric: work, at-least: 2, history: all }
          - { id: step-2, type: threshold, metric: talk, at-least: 4, history: all }
          - { id: step-3, type: threshold, metric: work, at-least: 3, history: all }
          - { id: step-4, type: first-time, activities: [chat], history: all }
          - { id: step-5, type: threshold, history: all,
              conditions: [ { metric: longest, at-least: 3 }, { metric: by-mail, at-least: 1 } ] }
          - { id: step-6, type: collection, of: [all-sum, day], history: all }
          - { id: step-7, type: threshold, metric: work, at-least: 6, history: DAY9 }
          - { id: gap-step, type: threshold, metric: work, at-least: 3, history: all }
          - { id: set-live, type: collection, of: [all-count, first-chat, day], history: all }
          - { id: set-of-sets, type: collection, of: [set-live, yesterday, row-day], history: all }
          - { id: set-from-date, type: collection, of: [week, best-week], history: DAY16 }
          - { id: gap-set, type: collection, of: [all-count, gap-step], history: all }
          - { id: gap-row, type: streak, metric: work, at-least: 1, length: [2, 4], repeat: every-time, history: all }
          - { id: gap-record, type: personal-record, metric: work, range: day, after: 1, history: all }
          - { id: some-all, type: threshold, metric: work, at-least: [2, 5], history: all, audience: { teams: [t0] } }
          - { id: some-week, type: threshold, metric: work, at-least: [1, 3], range: week, history: all, audience: { groups: [g0] } }
          - { id: some-average, type: threshold, metric: score, at-least: 0.1, sample: 2, history: all, audience: { roles: [agent] } }
          - { id: some-few, type: threshold, metric: cases, at-most: 1, range: day, history: all, audience: { groups: [g0, g1] } }
          - { id: some-every, type: threshold, metric: work, at-least: 3, repeat: every-time, history: all, audience: { teams: [t1] } }
          - { id: some-row, type: streak, metric: work, at-least: 1, length: [2, 3], history: all, audience: { groups: [g1] } }
          - { id: some-row-week, type: streak, metric: score, range: week, at-least: 0.1, sample: 1, length: 2, history: all,
              audience: { teams: [t0] } }
          - { id: some-record, type: personal-record, metric: work, range: day, after: 1, history: all, audience: { groups: [g0] } }
          - { id: some-set, type: collection, of: [all-count, day], history: all, audience: { teams: [t0], roles: [agent] } }
          - { id: some-best, type: best-of-period, metric: work, period: yesterday, history: all, audience: { groups: [g0] } }
          - { id: best-of-team, type: best-of-period, metric: work, period: week, among: team, ties: earliest, history: all }
          - { id: best-of-site, type: best-of-period, metric: talk, period: last-7-days, among: site, history: all }
          - { id: gap-some, type: threshold, metric: work, at-least: [2, 4], history: all, audience: { teams: [t1] } }
          - { id: goal, type: personal-goal, history: all }
          - { id: goal-agreed, type: personal-goal, set-by: agreement, history: all }
          - { id: goal-own, type: personal-goal, set-by: person, metrics: [work, talk, channels, score], history: all }
          - { id: gap-goal, type: personal-goal, history: all }
          - { id: some-goal, type: personal-goal, history: all, audience: { groups: [g0] } }
          - { id: gap-better, type: improvement, metric: work, range: week, percent: 10, history: all }
        paths:
          - { id: way, steps: [step-1, step-2, step-3, gap-step, step-4, step-5, step-6, step-7] }
        """;

    [Fact]
    public async Task Awards_of_random_histories_equal_the_reference()
    {
        var seed = Environment.GetEnvironmentVariable("LAUREL_SEED") is { Length: > 0 } given
            ? ulong.Parse(given, System.Globalization.CultureInfo.InvariantCulture)
            : (ulong)DateTimeOffset.UnixEpoch.AddDays(20_000).Ticks ^ (ulong)Environment.ProcessId;
        Console.WriteLine($"properties seed {seed} (LAUREL_SEED repeats it)");
        var count = int.Parse(Environment.GetEnvironmentVariable("LAUREL_HISTORIES") ?? "25",
            System.Globalization.CultureInfo.InvariantCulture);
        var config = Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(RandomHistory.FarApart(seed), 1);
        if (Environment.GetEnvironmentVariable("LAUREL_HISTORY") is { Length: > 0 } one)
        {
            await Judge(int.Parse(one, System.Globalization.CultureInfo.InvariantCulture));
            return;
        }
        await Task.Run(() => Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), history => Judge(history).GetAwaiter().GetResult())
            .Check(config));
    }

    /// <summary>
    /// From week to week: the clock moves on, rules are edited and switched, activities arrive, up to a day ahead of their time, and
    /// at every rest what is kept is what the reference says.
    /// </summary>
    private static async Task Judge(int seed)
    {
        // By itself, so that what happens otherwise stays the same.
        var (random, spoiling, packing) = (new Random(seed), new Random(unchecked(seed * 31)), new Random(unchecked(seed * 37)));
        var first = Windows[random.Next(Windows.Length)].AddDays(random.Next(7));
        var left = RandomHistory.Make(random, first).Deliveries.ToList();
        var arrived = new List<IncomingActivity>();
        var floor = new RandomFloor(random, RandomHistory.People, RandomHistory.Teams);
        await using var core = await CoreFixture.Start(first.AddDays(random.Next(10, 21)).AddMinutes(random.Next(24 * 60)),
            $"{floor.Setup}week-start: {WeekStarts[random.Next(WeekStarts.Length)]}\n{RandomRules.Dated(Setup, first)}");
        Shape(core, random, first);
        var horizon = new RandomHorizon(core, random, floor);
        var rules = new RandomRules(core, random, floor.Home, first, horizon.Forget);
        rules.Make();
        var goals = new RandomGoals(core, random);
        // What is taken back of before a horizon would stay: a history has the one or the other.
        var imports = random.Next(2) == 0 ? new RandomImports(core, random) : null;
        IReadOnlyList<IncomingActivity> Said() => imports?.Effective ?? arrived;
        var end = first.AddDays(random.Next(37, 50));
        while (true)
        {
            var last = core.Time.GetUtcNow() >= end;
            var until = core.Time.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds();
            var share = random.Next(1, 4);
            var batch = left.Where(d => last || (d.At <= until && random.Next(share) == 0)).ToList();
            left = [.. left.Except(batch)];
            // What the horizon refuses has not arrived.
            arrived.AddRange(await Deliver(core, imports, random, [.. batch, .. arrived.Where(_ => random.Next(12) == 0)]));
            if (last || random.Next(3) > 0)
            {
                core.Settle();
                if (last) CompareGoals(core, seed);
                Compare(core, floor, horizon, goals, seed, Said());
                rules.CheckHistory();
                if (random.Next(4) == 0)
                {
                    RandomRecalculation.Act(core, random, seed);
                    Compare(core, floor, horizon, goals, seed, Said());
                }
                if (spoiling.Next(4) == 0 && RandomRecalculation.Mend(core, spoiling, seed))
                    Compare(core, floor, horizon, goals, seed, Said());
                if (!last && imports is null
                    && horizon.Move(Placed(core, floor, horizon, arrived).Select(a => (a.Activity, a.Day))) && random.Next(2) == 0)
                {
                    core.Settle();
                    Compare(core, floor, horizon, goals, seed, arrived);
                }
            }
            if (last)
            {
                CompareHoldings(core, seed);
                Verify(core, seed);
                return;
            }
            rules.Change();
            goals.Change();
            Relink(core, random);
            RelinkProjects(core, random);
            if (imports is not null) await imports.Undo(() => Relink(core, random));
            floor.Change(core, horizon.Day);
            floor.Belonging.Change(core);
            // A few hours, or a few days.
            core.Time.Advance(TimeSpan.FromMinutes(random.Next(1, random.Next(2) == 0 ? 12 * 60 : 6 * 24 * 60)));
            if (random.Next(6) == 0) await core.Restart();
            if (packing.Next(2) == 0) ActivatorUtilities.CreateInstance<PackDays>(core.Services).Run(CancellationToken.None);
        }
    }

    /// <summary>Now and then somebody says otherwise who is meant by an id of another system.</summary>
    private static void Relink(CoreFixture core, Random random)
    {
        for (var left = random.Next(3); left > 0; left--)
            core.Services.GetRequiredService<LinkIdentity>().Run(
                RandomHistory.Identities[random.Next(RandomHistory.Identities.Length)], random.Next(6) switch
                {
                    0 => IdentityTarget.Unlinked,
                    1 => IdentityTarget.Ignored,
                    var n => IdentityTarget.OfPerson($"p{n - 2}"),
                }, new Actor(null, "Ada", Via.Web));
    }

    /// <summary>Now and then another project is meant by an id of another system, or none.</summary>
    private static void RelinkProjects(CoreFixture core, Random random)
    {
        if (random.Next(3) > 0) return;
        ActivatorUtilities.CreateInstance<SaveProject>(core.Services).Link(
            new("crm", $"{random.Next(1, 3)}"), random.Next(4) switch { 0 => null, 1 => "alpha", 2 => "crm-1", _ => "crm-2" },
            new Actor(null, "Ada", Via.Web));
    }

    private static void Compare(
        CoreFixture core, RandomFloor floor, RandomHorizon horizon, RandomGoals goals, int seed,
        IReadOnlyList<IncomingActivity> arrived)
    {
        using (var connection = core.Database.Read())
            if (SetAside.All(connection) is [var failed, ..])
                throw new InvalidOperationException(
                    $"history {seed} at {core.Time.GetUtcNow():u}\nrule {failed.Achievement.Value} failed: {failed.Error}");
        var placed = Placed(core, floor, horizon, arrived);
        var wrong = WrongRollups(core, horizon, placed);
        if (wrong.Count > 0)
            throw new InvalidOperationException(
                $"history {seed} at {core.Time.GetUtcNow():u}\nrollups:\n  {string.Join("\n  ", wrong.Take(20))}\n{floor}\n{horizon}");
        var (expected, actual) = (Expected(core, floor, horizon, placed), Actual(core));
        var missing = expected.Except(actual).ToList();
        var surplus = actual.Except(expected).ToList();
        if (missing.Count + surplus.Count > 0)
            throw new InvalidOperationException(
                $"history {seed} at {core.Time.GetUtcNow():u}\nmissing:\n  {Said(core, missing)}\n"
                + $"surplus:\n  {Said(core, surplus)}\n{RulesOf(core, missing.Concat(surplus))}\n"
                + $"{Behind(core, missing.Concat(surplus))}\n{floor}\n{horizon}\n{goals}");
    }

    /// <summary>What was told of goals as they were touched is what is told of everybody anew.</summary>
    private static void CompareGoals(CoreFixture core, int seed)
    {
        var told = Told();
        core.Database.Write((c, t) =>
        {
            foreach (var person in c.Query<long>("SELECT key FROM person", transaction: t).ToList())
                TellReached.Enqueue(c, t, new(person), core.Time.GetUtcNow().ToUnixTimeMilliseconds());
        });
        core.Settle();
        var anew = Told();
        if (!told.SequenceEqual(anew))
            throw new InvalidOperationException($"history {seed} at {core.Time.GetUtcNow():u}\ngoals reached, as told:\n  "
                + $"{string.Join("\n  ", told.Except(anew))}\nanew:\n  {string.Join("\n  ", anew.Except(told))}");

        List<string> Told()
        {
            using var c = core.Database.Read();
            return [.. c.Query<(long, long, long, long?)>("SELECT goal, first_day, version, at FROM goal_reached ORDER BY goal, first_day")
                .Select(r => $"{r}")];
        }
    }

    /// <summary>What triggers keep beside the awards is what the awards say.</summary>
    private static void CompareHoldings(CoreFixture core, int seed)
    {
        using var connection = core.Database.Read();
        var awards = connection.Query<(long Achievement, long Person, long Tier, long At)>(
            "SELECT achievement, person, tier, earned_at FROM award WHERE revoked_at IS NULL");
        connection.Query<(long, long, long, long, long, long)>(
            "SELECT achievement, person, tier, times, newest, tier_newest FROM holding ORDER BY achievement, person")
            .ShouldBe(awards.GroupBy(w => (w.Achievement, w.Person)).OrderBy(g => g.Key).Select(g => (
                g.Key.Achievement, g.Key.Person, g.Max(w => w.Tier), (long)g.Count(), g.Max(w => w.At), g.MaxBy(w => (w.Tier, w.At)).At)),
                $"history {seed}");
    }

    private static void Verify(CoreFixture core, int seed)
    {
        var differences = new List<string>();
        ActivatorUtilities.CreateInstance<Verification>(core.Services)
            .Run(d => differences.Add(d.ToString()), CancellationToken.None).ShouldNotBeNull();
        if (differences.Count > 0)
            throw new InvalidOperationException($"history {seed}\nverify:\n  {string.Join("\n  ", differences.Take(8))}");
    }

    private static string Said(CoreFixture core, IEnumerable<Held> awards)
    {
        using var connection = core.Database.Read();
        return string.Join("\n  ", awards.Take(8).Select(a => string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{connection.ExecuteScalar<string>("SELECT id FROM achievement WHERE key = @Value", new { a.Achievement.Value })} {a.Tier} "
            + $"p{a.Person.Value - 1} {a.Occasion} {DateTimeOffset.FromUnixTimeMilliseconds(a.EarnedAt):u} {a.Value}")));
    }

    /// <summary>The versions and switches of what differs.</summary>
    private static string RulesOf(CoreFixture core, IEnumerable<Held> awards)
    {
        using var connection = core.Database.Read();
        return string.Join('\n', awards.Select(a => a.Achievement.Value).Distinct().Take(3).SelectMany(key => connection.Query<string>(
            """
            SELECT 'version ' || number || ' of ' || effective || ' ' || rule || ' after ' || COALESCE(CAST(after_step AS TEXT), '-')
              || ' for ' || COALESCE(audience, 'all') FROM achievement_version WHERE achievement = @key
            UNION ALL SELECT 'on from ' || from_day || ' until ' || COALESCE(CAST(until AS TEXT), '-') FROM achievement_span
            WHERE achievement = @key
            """, new { key })));
    }

    /// <summary>What is kept of what differs, and of what that follows from.</summary>
    private static string Behind(CoreFixture core, IEnumerable<Held> awards)
    {
        using var connection = core.Database.Read();
        var rules = core.Services.GetRequiredService<CatalogueStore>().Current(connection).Rules;
        return string.Join('\n', awards.Select(a => (a.Achievement, a.Person)).Distinct().Take(3).SelectMany(a => connection.Query<string>(
            $"""
            SELECT '  kept ' || a.id || ' ' || w.tier || ' ' || w.occasion || ' ' || w.earned_at || ' of ' || w.first || ' to ' || w.last
              || CASE WHEN w.settled = 1 THEN ' settled' ELSE '' END || CASE WHEN w.flagged_at IS NULL THEN '' ELSE ' flagged' END
            FROM award w JOIN achievement a ON a.key = w.achievement
            WHERE person = @person AND {Dialect.Of(connection).Among("w.achievement", "of")} ORDER BY earned_at
            """,
            new
            {
                person = a.Person.Value,
                of = (rules.Rule(a.Achievement)?.Follows ?? []).Append(a.Achievement).Select(k => k.Value).ToArray(),
            })));
    }

    /// <summary>Gaps and later versions at random workdays, as editing rules over time would have left them.</summary>
    private static void Shape(CoreFixture core, Random random, DateTimeOffset first) => core.Database.Write((c, t) =>
    {
        var middle = Workday.Of(first.Year, first.Month, first.Day).Plus(random.Next(3, 11)).Number;
        foreach (var id in (string[])
            ["gap", "gap-week", "gap-average", "gap-best", "gap-row", "gap-record", "gap-better", "gap-step", "gap-set",
                "gap-some", "gap-goal"])
        {
            var key = c.ExecuteScalar<long>("SELECT key FROM achievement WHERE id = @id", new { id }, t);
            var again = middle + random.Next(1, 12);
            c.Execute("UPDATE achievement_span SET until = @middle WHERE achievement = @key", new { key, middle }, t);
            c.Execute("INSERT INTO achievement_span (achievement, from_day) VALUES (@key, @again)", new { key, again }, t);
            Backfill.EnqueueStart(c, t, new(key), new(again));
        }
        foreach (var id in (string[])["versions", "versions-week", "versions-average"])
        {
            var (key, rule) = c.QuerySingle<(long, string)>(
                "SELECT a.key, v.rule FROM achievement a JOIN achievement_version v ON v.achievement = a.key WHERE a.id = @id", new { id },
                t);
            var threshold = (Threshold)System.Text.Json.JsonSerializer.Deserialize<Rule>(rule, CatalogueStore.Json)!;
            // Targets rise whatever the version.
            var halves = random.Next(2) == 0 ? 1 : 3;
            var other = threshold with
            {
                Conditions = [threshold.Conditions[0] with
                {
                    Targets = [.. threshold.Conditions[0].Targets.Select(x => new Amount(x.Thousandths * halves / 2))],
                }],
            };
            c.Execute("INSERT INTO achievement_version (achievement, number, effective, rule) VALUES (@key, 2, @middle, @rule)",
                new { key, middle, rule = System.Text.Json.JsonSerializer.Serialize<Rule>(other, CatalogueStore.Json) }, t);
            Backfill.EnqueueStart(c, t, new(key), new(middle));
        }
        Rulebook.TouchRules(c, t);
    });

    private static async Task<List<IncomingActivity>> Deliver(
        CoreFixture core, RandomImports? imports, Random random, List<IncomingActivity> activities)
    {
        var taken = new List<IncomingActivity>();
        // Mostly shuffled; sometimes in order, which is what the fast path is for.
        var order = random.Next(3) == 0 ? [.. activities.OrderBy(a => a.At)] : activities.OrderBy(_ => random.Next()).ToList();
        for (var i = 0; i < order.Count;)
        {
            var size = random.Next(1, random.Next(2) == 0 ? 3 : 20);
            var batch = imports?.Send(order.Skip(i).Take(size)) ?? [.. order.Skip(i).Take(size)];
            i += size;
            foreach (var (activity, result) in batch.Zip(await core.Take(batch)))
                if (result.Outcome == ItemOutcome.Rejected) result.Reason!.ShouldContain("retention horizon");
                else taken.Add(activity);
            if (random.Next(15) == 0) core.Settle();
        }
        return taken;
    }

    /// <summary>Of an activity that counts, on its workday: of a person, or of a team.</summary>
    private sealed record PlacedActivity(IncomingActivity Activity, PersonKey? Person, long Owner, Workday Day, SiteClock Clock);

    /// <summary>What has arrived and counts behind the horizon.</summary>
    private static List<PlacedActivity> Placed(
        CoreFixture core, RandomFloor floor, RandomHorizon horizon, IEnumerable<IncomingActivity> arrived)
    {
        using var connection = core.Database.Read();
        var people = core.Services.GetRequiredService<CatalogueStore>().Current(connection).Floor;
        var teams = connection.Query<(string Id, long Key)>("SELECT id, key FROM team").ToDictionary(t => t.Id, t => t.Key);
        var placed = new List<PlacedActivity>();
        foreach (var activity in RandomHistory.Effective(arrived).Where(a => !horizon.IsGone(a)))
            if (activity.Person is null)
            {
                var (day, clock) = floor.WorkdayOfTeam(activity.Team![1] - '0', activity.At);
                // Was taken in behind the horizon, and stays there when its team moves.
                placed.Add(new(activity, null, teams[activity.Team], Workday.Max(day, horizon.Day), clock));
            }
            else if (people.Person(activity.Person) is { } person
                && floor.WorkdayOf(person.Id[1] - '0', activity.At) is var (day, clock) && day >= horizon.Day)
                placed.Add(new(activity, person.Key, person.Key.Value, day, clock));
        return placed;
    }

    private static HashSet<Held> Expected(
        CoreFixture core, RandomFloor floor, RandomHorizon horizon, IReadOnlyList<PlacedActivity> placed)
    {
        using var connection = core.Database.Read();
        var snapshot = core.Services.GetRequiredService<CatalogueStore>().Current(connection);
        var teams = connection.Query<(string Id, long Key)>("SELECT id, key FROM team").ToDictionary(t => t.Id, t => t.Key);
        var groups = connection.Query<(string Id, long Key)>("SELECT id, key FROM people_group").ToDictionary(g => g.Id, g => g.Key);
        var done = placed.Where(a => a.Person is not null).Select(a => (a.Activity.Project, Deed: Deed(a))).ToList();
        var inProjects = InProjects(connection, snapshot, floor, done)
            .Concat(NaiveAwards.Draws(Draws.Recorded(connection, null), id => snapshot.Floor.Person(id)!.Key)).ToList();
        var deeds = done.ConvertAll(d => d.Deed);
        return horizon.AndFacts([.. inProjects, .. NaiveAwards.Of(new History(
            deeds, snapshot.Rules.Rules, snapshot.Rules.Metric,
            (person, day) => floor.StartOf(Number(person), day), person => floor.ClosedThrough(core, Number(person)),
            floor.ClosedEverywhere(core), person => floor.BegunThrough(core, Number(person)))
        {
            Goals = GoalStore.Of(connection, null),
            Before = horizon.Before, CountedBefore = horizon.People,
            Given = person => horizon.Facts.Concat(inProjects).Where(f => f.Person == person).Distinct(),
            DayOf = (person, at) => floor.WorkdayOf(Number(person), at).Day,
            PlaceOn = (person, day) => floor.Belonging.PlaceOn(Number(person), day, id => teams[id], id => groups[id]),
            SiteOn = (person, day) => floor.SiteOn(Number(person), day),
            Moves = person => floor.Belonging.Moves(Number(person)),
        }, [.. snapshot.Floor.People.Select(p => p.Key)])]);

        static Deed Deed(PlacedActivity a) => new(a.Person!.Value, a.Activity.Type, new(a.Activity.At, a.Activity.Source, a.Activity.Id),
            a.Day, a.Clock, a.Activity.Measures, a.Activity.Labels);

        int Number(PersonKey person) => snapshot.Floor.Person(person)!.Id[1] - '0';
    }

    /// <summary>Firsts in projects that hold. When a project was made, what it is called elsewhere and who has won it is given.</summary>
    private static IReadOnlyList<Held> InProjects(
        DbConnection connection, Snapshot snapshot, RandomFloor floor, IReadOnlyCollection<(string? Project, Deed Deed)> done)
    {
        var projects = connection.Query<(long Key, string Id, int Day)>("SELECT key, id, day FROM project ORDER BY key")
            .Select(p => new NaiveProject(p.Key, p.Id, new(p.Day))).ToList();
        var linked = connection.Query<(string Provider, string External, long? Project)>(
            "SELECT provider, external, project FROM project_identity")
            .ToDictionary(i => new ExternalIdentity(i.Provider, i.External).Awaited, i => i.Project, StringComparer.Ordinal);
        foreach (var project in projects) linked[project.Id] = project.Key;
        var names = projects.ToDictionary(p => p.Key, p => p.Id);
        return NaiveAwards.FirstsInProjects(snapshot.Rules.Rules, projects,
            [.. done.Where(d => d.Project is not null && linked[d.Project] is not null)
                .Select(d => new ProjectDeed(linked[d.Project!]!.Value, d.Deed))],
            [.. FirstsInProjects.Recorded(connection, null, "1 = 1").Select(f => new NaiveFirst(f.Achievement, f.Project,
                new(f.Achievement, 0, f.Person, names[f.Project], f.Won.At, Amount.One), f.Types, f.Won))],
            at => floor.Home.WorkdayOf(at));
    }

    /// <summary>Rollups that are not what the effective activities add up to, or not what they were when the horizon passed.</summary>
    private static List<string> WrongRollups(CoreFixture core, RandomHorizon horizon, IReadOnlyList<PlacedActivity> placed)
    {
        using var connection = core.Database.Read();
        var snapshot = core.Services.GetRequiredService<CatalogueStore>().Current(connection);
        return
        [
            .. Wrong(placed.Where(a => a.Person is not null), "rollup", "label_rollup", "person"),
            .. Wrong(placed.Where(a => a.Person is null), "team_rollup", "team_label_rollup", "team"),
        ];

        IEnumerable<string> Wrong(
            IEnumerable<PlacedActivity> own, string table, string labels, string owner)
        {
            var read = own.SelectMany(a => snapshot.Rules.Metrics.Select(m => (
                    m.Metric.Key, Day: a.Day.Number, a.Owner,
                    Reading: m.Metric.Reads(new(
                        a.Activity.Type, a.Activity.Measures, a.Activity.Labels, a.Activity.At, a.Day, a.Clock)))))
                .Where(x => x.Reading is not null)
                .Select(x => (x.Key, x.Day, x.Owner, x.Reading!.Value.Amount, x.Reading.Value.Text)).ToList();
            var counted = read
                .GroupBy(x => (x.Key.Value, x.Day, x.Owner))
                .Select(g => (g.Key.Value, g.Key.Day, g.Key.Owner, (long)g.Count(), g.Sum(x => x.Amount.Thousandths),
                    g.Min(x => x.Amount.Thousandths), g.Max(x => x.Amount.Thousandths)))
                .Concat(horizon.Rows(table).Where(r => r.Rollup.Count > 0).Select(r =>
                    (r.Metric, r.Day, r.Owner, r.Rollup.Count, (long)r.Rollup.Sum, r.Rollup.Least, r.Rollup.Greatest)))
                .ToHashSet();
            var kept = connection.Query<(long, int, long, long, long, long, long)>(
                $"SELECT metric, day, {owner}, count, sum, least, greatest FROM {table}").ToHashSet();
            var texts = read.Where(x => x.Text is not null).GroupBy(x => (x.Key.Value, x.Day, x.Owner, x.Text!))
                .Select(g => (g.Key.Value, g.Key.Day, g.Key.Owner, g.Key.Item4, (long)g.Count()))
                .Concat(horizon.Rows(table).SelectMany(r => ((r.Rollup.Beside as Texts)?.Counts ?? Texts.None.Counts)
                    .Select(x => (r.Metric, r.Day, r.Owner, x.Key, x.Value)))).ToHashSet();
            var keptTexts = connection.Query<(long, int, long, string, long)>($"SELECT metric, day, {owner}, label, count FROM {labels}")
                .ToHashSet();
            return
            [
                .. counted.Except(kept).Select(x => $"missing {x}"), .. kept.Except(counted).Select(x => $"surplus {x}"),
                .. texts.Except(keptTexts).Select(x => $"missing {x}"), .. keptTexts.Except(texts).Select(x => $"surplus {x}"),
            ];
        }
    }

    private static HashSet<Held> Actual(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return [.. connection.Query<(long Achievement, int Tier, long Person, string Occasion, long EarnedAt, long Value)>(
                "SELECT achievement, tier, person, occasion, earned_at, value FROM award WHERE flagged_at IS NULL AND revoked_at IS NULL")
            .Select(a => new Held(new(a.Achievement), a.Tier, new(a.Person), a.Occasion, a.EarnedAt, new(a.Value)))];
    }
}
