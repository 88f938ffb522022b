using System.Globalization;
using Dapper;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Reference;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Metrics;

/// <summary>
/// The promise for what another system sends: totals that change and go, additions that come twice or are taken back, beside ordinary
/// work; at every rest the rollups are what was last said, and the awards those of the naive reference.
/// </summary>
public sealed class ExternalValuesAgainstReferenceTests
{
    private static readonly DateTimeOffset First = new(2026, 3, 9, 0, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: p0 }, { id: p1 }, { id: p2 } ]
        activity-types: [ { id: case, measures: { talk: { negative: false } } } ]
        metrics:
          - { id: cases, types: [case] }
          - { id: sales, external: true, unit: currency }
          - { id: csat, external: true, unit: percent, aggregate: average }
          - { id: longest, external: true, aggregate: maximum }
          - { id: least, external: true, aggregate: minimum }
          - { id: per-case, aggregate: ratio, numerator: sales, denominator: cases }
        achievements:
          - { id: day-sales, type: threshold, metric: sales, at-least: [2, 4], range: day, history: all }
          - { id: week-sales, type: threshold, metric: sales, at-least: [3, 6, 9.5], range: week, history: all }
          - { id: all-sales, type: threshold, metric: sales, at-least: [5, 12], history: all }
          - { id: few-sales, type: threshold, metric: sales, at-most: [1, 0], range: day, history: all }
          - { id: dated-sales, type: threshold, metric: sales, at-least: 4, range: month, history: 2026-03-25 }
          - { id: week-csat, type: threshold, metric: csat, at-least: [70, 85], sample: 3, range: week, history: all }
          - { id: all-csat, type: threshold, metric: csat, at-least: [60, 75.5], sample: 6, history: all }
          - { id: day-csat, type: threshold, metric: csat, at-most: 50, sample: 2, range: day, history: all }
          - { id: month-longest, type: threshold, metric: longest, at-least: [3, 5], range: month, history: all }
          - { id: week-least, type: threshold, metric: least, at-most: [1, -1], range: week, history: all }
          - { id: week-not-less, type: threshold, metric: least, at-least: [0.5, 2], range: week, history: all }
          - { id: both, type: threshold, range: week, history: all,
              conditions: [ { metric: sales, at-least: [1, 4] }, { metric: cases, at-least: 2 } ] }
          - { id: three, type: threshold, history: all,
              conditions: [ { metric: csat, at-least: [50, 70], sample: 2 }, { metric: sales, at-least: 2 },
                { metric: cases, at-least: 1 } ] }
          - { id: ratio, type: threshold, metric: per-case, at-least: [0.5, 1.25], sample: 1, range: week, history: all }
          - { id: best-day, type: best-of-period, metric: sales, period: yesterday, minimum: 1, history: all }
          - { id: best-week, type: best-of-period, metric: csat, period: week, sample: 2, ties: earliest, history: all }
          - { id: best-seven, type: best-of-period, metric: sales, period: last-7-days, ties: earliest, history: all }
          - { id: best-month, type: best-of-period, metric: least, period: month, best: lowest, history: all }
        """;

    private static readonly string[] Metrics = ["sales", "csat", "longest", "least"];

    [Fact]
    public async Task Awards_of_random_values_equal_the_reference()
    {
        var seed = Environment.GetEnvironmentVariable("LAUREL_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.ProcessId;
        var count = int.Parse(Environment.GetEnvironmentVariable("LAUREL_HISTORIES") ?? "15", CultureInfo.InvariantCulture);
        Console.WriteLine($"values seed {seed} (LAUREL_SEED repeats it)");
        for (var i = 0; i < count; i++) await Judge(seed + i);
    }

    private static async Task Judge(int seed)
    {
        var random = new Random(seed);
        await using var core = await CoreFixture.Start(First.AddDays(random.Next(3, 15)).AddMinutes(random.Next(24 * 60)), Setup);
        var said = new Said();
        var work = new List<IncomingActivity>();
        var end = First.AddDays(random.Next(25, 40));
        while (true)
        {
            for (var requests = random.Next(1, 8); requests > 0; requests--) await Send(core, random, said, seed);
            if (random.Next(2) == 0) await Work(core, random, work);
            if (random.Next(4) == 0) core.Settle();
            var last = core.Time.GetUtcNow() >= end;
            if (last || random.Next(3) > 0)
            {
                core.Settle();
                Compare(core, seed, said, work);
            }
            if (last) break;
            core.Time.Advance(TimeSpan.FromMinutes(random.Next(1, random.Next(2) == 0 ? 12 * 60 : 5 * 24 * 60)));
            if (random.Next(6) == 0) await core.Restart();
        }
        var differences = new List<string>();
        ActivatorUtilities.CreateInstance<Verification>(core.Services).Run(d => differences.Add(d.ToString()), CancellationToken.None);
        differences.ShouldBeEmpty($"history {seed}");
    }

    private static async Task Send(CoreFixture core, Random random, Said said, int seed)
    {
        var metric = Metrics[random.Next(Metrics.Length)];
        var values = Enumerable.Range(0, random.Next(1, random.Next(3) == 0 ? 12 : 4)).Select(_ => Value(core, random, metric)).ToList();
        var expected = values.ConvertAll(v => said.Take(metric, v));
        var answers = await core.Services.GetRequiredService<ExternalValues>().Set(metric, values, CancellationToken.None);
        string.Join(' ', answers!.Select(a => a.Outcome)).ShouldBe(string.Join(' ', expected),
            $"history {seed}, {metric}: {string.Join("; ", values)}\n{string.Join("; ", answers!.Select(a => a.Reason))}");
    }

    private static ExternalValue Value(CoreFixture core, Random random, string metric)
    {
        // Mostly of the last days, now and then of long ago.
        var back = random.Next(5) == 0 ? random.Next(25) : random.Next(4);
        var date = core.Time.GetUtcNow().AddDays(-back).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var person = $"p{random.Next(3)}";
        decimal? value = random.Next(6) == 0 ? null : metric == "csat" ? random.Next(8, 21) * 5 : random.Next(-2, 11) * 0.5m;
        var isSum = metric is "sales" or "csat";
        long? count = metric == "csat" && value is not null && random.Next(2) == 0 ? random.Next(1, 4) : null;
        // Few ids, so that they come again, also with something else.
        return isSum && random.Next(2) == 0
            ? new(person, date, value, ExternalValues.Cumulative, $"a{random.Next(25)}", count)
            : new(person, date, value, random.Next(2) == 0 ? ExternalValues.Total : null, null, count);
    }

    private static async Task Work(CoreFixture core, Random random, List<IncomingActivity> work)
    {
        var now = core.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var some = Enumerable.Range(0, random.Next(1, 5)).Select(i => new IncomingActivity(
            "desk", ActivityId.Of($"n{work.Count + i}"), "case", $"p{random.Next(3)}", null,
            now - (random.Next(72) * 3_600_000L), [], [])).ToList();
        (await core.Take(some)).ShouldAllBe(r => r.Outcome == ItemOutcome.Accepted);
        work.AddRange(some);
    }

    private static void Compare(CoreFixture core, int seed, Said said, List<IncomingActivity> work)
    {
        using var connection = core.Database.Read();
        var kept = connection.Query<(string Metric, string Person, int Day, long Count, long Sum, long Least, long Greatest)>(
            """
            SELECT m.id, p.id, r.day, r.count, r.sum, r.least, r.greatest FROM rollup r
            JOIN metric m ON m.key = r.metric JOIN person p ON p.key = r.person WHERE m.id <> 'cases'
            """).Order();
        string.Join('\n', kept).ShouldBe(string.Join('\n', said.Rollups().Order()), $"history {seed} at {core.Time.GetUtcNow():u}");

        var snapshot = core.Services.GetRequiredService<CatalogueStore>().Current(connection);
        var site = snapshot.Floor.Site!;
        var deeds = said.InForce().Select(v => (v.Person, Type: ActivityType.OfExternal(v.Metric), At: site.Clock.StartOf(v.Day),
                Id: ActivityId.Of(v.Id), Measures: v.Measures))
            .Concat(work.Select(w => (Person: w.Person!, w.Type, w.At, w.Id, w.Measures)))
            .Select(d => new Deed(snapshot.Floor.Person(d.Person)!.Key, d.Type, new(d.At, d.Type, d.Id), site.Clock.WorkdayOf(d.At),
                site.Clock, d.Measures, [])).ToList();
        var expected = NaiveAwards.Of(new History(deeds, snapshot.Rules.Rules, snapshot.Rules.Metric,
            (_, day) => site.Clock.StartOf(day), _ => site.ClosedThrough, site.ClosedThrough,
            _ => site.Clock.WorkdayOf(core.Time.GetUtcNow().ToUnixTimeMilliseconds())), [.. snapshot.Floor.People.Select(p => p.Key)])
            .ToHashSet();
        var actual = connection.Query<(long Achievement, int Tier, long Person, string Occasion, long EarnedAt, long Value)>(
                "SELECT achievement, tier, person, occasion, earned_at, value FROM award WHERE flagged_at IS NULL AND revoked_at IS NULL")
            .Select(a => new Held(new(a.Achievement), a.Tier, new(a.Person), a.Occasion, a.EarnedAt, new(a.Value))).ToHashSet();
        (expected.Except(actual).Count() + actual.Except(expected).Count()).ShouldBe(0,
            $"history {seed} at {core.Time.GetUtcNow():u}\nmissing: "
            + string.Join("\n", expected.Except(actual).Take(8)) + "\nsurplus: "
            + string.Join("\n", actual.Except(expected).Take(8)));
    }

    /// <summary>What was said, in the plainest way: a total per person and day, and additions by their ids.</summary>
    private sealed class Said
    {
        private sealed record Addition(string Person, string Date, decimal? Value, long Count);

        private readonly Dictionary<(string Metric, string Person, string Date), (decimal Value, long Count)> totals = [];
        /// <summary>Those that are over have null.</summary>
        private readonly Dictionary<(string Metric, string Id), Addition?> additions = [];

        public ItemOutcome Take(string metric, ExternalValue value)
        {
            if (value.Type == ExternalValues.Cumulative)
            {
                var of = (metric, value.Id!);
                var sent = new Addition(value.Person, value.Date, value.Value, value.Count ?? 1);
                if (additions.TryGetValue(of, out var known) && (known is null || known == sent)) return ItemOutcome.Duplicate;
                if (known is not null && value.Value is not null) return ItemOutcome.Rejected;
                additions[of] = value.Value is null ? null : sent;
                return ItemOutcome.Accepted;
            }
            var key = (metric, value.Person, value.Date);
            var gone = additions.Where(a => a.Key.Metric == metric && a.Value is { } added && added.Person == value.Person
                && added.Date == value.Date).Select(a => a.Key).ToList();
            foreach (var of in gone) additions[of] = null;
            var before = totals.TryGetValue(key, out var had) ? had : ((decimal, long)?)null;
            (decimal, long)? after = value.Value is { } given ? (given, value.Count ?? 1) : null;
            if (after is { } stands) totals[key] = stands;
            else totals.Remove(key);
            return gone.Count == 0 && before == after ? ItemOutcome.Duplicate : ItemOutcome.Accepted;
        }

        public IEnumerable<(string Metric, string Person, Workday Day, string Id, IReadOnlyList<Measure> Measures)> InForce() =>
            Parts().Select((p, i) => (p.Metric, p.Person, p.Day, $"{i}", (IReadOnlyList<Measure>)
                [new("value", Amount.Of(p.Value)!.Value), .. p.Count == 1 ? [] : (Measure[])[new("count", new(p.Count * 1000))]]));

        public IEnumerable<(string, string, int, long, long, long, long)> Rollups() => Parts()
            .Select(p => (p.Metric, p.Person, p.Day, p.Count, Thousandths: (long)(p.Value * 1000)))
            .GroupBy(p => (p.Metric, p.Person, p.Day.Number))
            .Select(g => (g.Key.Metric, g.Key.Person, g.Key.Number, g.Sum(p => p.Count), g.Sum(p => p.Thousandths * p.Count),
                g.Min(p => p.Thousandths), g.Max(p => p.Thousandths)));

        private IEnumerable<(string Metric, string Person, Workday Day, decimal Value, long Count)> Parts() =>
            totals.Select(t => (t.Key.Metric, t.Key.Person, Workday.Parse(t.Key.Date)!.Value, t.Value.Value, t.Value.Count))
                .Concat(additions.Where(a => a.Value is not null).Select(a =>
                    (a.Key.Metric, a.Value!.Person, Workday.Parse(a.Value.Date)!.Value, a.Value.Value!.Value, a.Value.Count)));
    }
}
