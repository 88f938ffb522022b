using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Reference;

/// <summary>An effective activity of a person, on the workday that it fell on.</summary>
public sealed record Deed(
    PersonKey Person, string Type, ActivityOrder Order, Workday Day, IReadOnlyList<Measure> Measures, IReadOnlyList<Label> Labels);

/// <summary>Everything that awards depend on.</summary>
/// <param name="StartOf">First instant of a person's workday.</param>
/// <param name="ClosedThrough">Last workday that has closed at a person's site.</param>
/// <param name="ClosedEverywhere">Last workday that has closed at every site.</param>
/// <param name="BegunThrough">Last workday that has begun for a person.</param>
public sealed record History(
    IReadOnlyList<Deed> Deeds, IReadOnlyList<RuleHistory> Rules, Func<MetricKey, Metric> Metrics,
    Func<PersonKey, Workday, long> StartOf, Func<PersonKey, Workday> ClosedThrough, Workday ClosedEverywhere,
    Func<PersonKey, Workday> BegunThrough);

/// <summary>An award that holds.</summary>
public readonly record struct Held(AchievementKey Achievement, int Tier, PersonKey Person, string Occasion, long EarnedAt, Amount Value);

/// <summary>
/// The one promise, written for clarity: awards as a pure function of history. Every value is counted from the activities
/// again at every moment that could matter; nothing is kept, nothing is clever. The stores are judged by it.
/// </summary>
public static class NaiveAwards
{
    public static IReadOnlyList<Held> Of(History history) =>
    [
        .. history.Rules.SelectMany(rule => rule.Current is BestOfPeriod
            ? BestOfPeriods(history, rule)
            : history.Deeds.Select(d => d.Person).Distinct().SelectMany(person => Thresholds(history, rule, person))),
    ];

    // --- thresholds ---------------------------------------------------------------------------------------------------

    /// <summary>What happens at one instant, in this order: a workday ends, a version or an enabled span starts, somebody does something.</summary>
    private enum Occurs { DayEnd, Start, Deed }

    /// <summary>A moment at which somebody may earn, after these deeds.</summary>
    private sealed record Chance(long At, Occurs What, Rule Rule, Func<Deed, bool> Before);

    private static IEnumerable<Held> Thresholds(History history, RuleHistory rule, PersonKey person)
    {
        var deeds = history.Deeds.Where(d => d.Person == person && d.Day >= rule.CountsFrom).OrderBy(d => d.Order).ToList();
        var range = Threshold(rule.Current).Range;
        var earned = new List<Held>();
        foreach (var period in deeds.Select(d => WorkdaySpan.Of(range, d.Day, rule.WeekStart)).Distinct())
        {
            var inside = deeds.Where(d => period.Contains(d.Day)).ToList();
            for (var tier = 1; tier <= 3; tier++)
                foreach (var (occasion, moment, value) in Moments(history, rule, person, period, inside, tier))
                    earned.Add(new(rule.Achievement, rule.Current is FirstTime ? 0 : tier, person, occasion, moment, value));
        }
        // One per tier and occasion: the earliest.
        return earned.GroupBy(e => (e.Tier, e.Occasion)).Select(same => same.MinBy(e => e.EarnedAt));
    }

    private static IEnumerable<(string Occasion, long At, Amount Value)> Moments(
        History history, RuleHistory rule, PersonKey person, WorkdaySpan period, List<Deed> deeds, int tier)
    {
        var chances = Chances(history, rule, person, period, deeds).OrderBy(c => c.At).ThenBy(c => c.What).ToList();
        var reached = 0L;
        foreach (var chance in chances)
        {
            var threshold = Threshold(chance.Rule);
            if (tier > threshold.Tiers) continue;
            var done = deeds.Where(chance.Before).ToList();
            var first = Value(history, threshold.Conditions[0].Metric, done);
            if (rule.Repeat == Repeat.EveryTime)
            {
                if (Read(history, threshold.Conditions[0].Metric, done).Count() < threshold.Conditions[0].Sample) continue;
                var target = threshold.Conditions[0].Targets[tier - 1];
                for (; first is { } value && value.CompareTo(new Amount(target.Thousandths * (reached + 1))) >= 0; reached++)
                    yield return (Occasion.Nth(reached + 1), chance.At, value.Rounded());
                continue;
            }
            if (!threshold.Conditions.All(c => Met(history, c, done, tier))) continue;
            yield return (threshold.Range == TimeRange.All ? Occasion.Once : rule.OccasionOf(period.First), chance.At, first!.Value.Rounded());
            yield break;
        }
    }

    private static IEnumerable<Chance> Chances(History history, RuleHistory rule, PersonKey person, WorkdaySpan period, List<Deed> deeds)
    {
        var all = Threshold(rule.Current).Range == TimeRange.All;
        var closed = history.ClosedThrough(person);
        if (!all && Governing(rule, period) is var whole && !Live(history, whole))
        {
            // At the period's end.
            var counted = new WorkdaySpan(Workday.Max(period.First, rule.CountsFrom), period.Last);
            if (period.Last <= closed && rule.Spans.Any(s => s.From <= counted.First && counted.Last <= s.Last))
                yield return new(history.StartOf(person, period.Last.Plus(1)), Occurs.DayEnd, whole, _ => true);
            yield break;
        }
        foreach (var deed in deeds)
            if (RuleOn(history, rule, person, period, deed.Day) is { } now && Live(history, now))
                yield return new(deed.Order.At, Occurs.Deed, now, d => d.Order.CompareTo(deed.Order) <= 0);
        // All-time rules that are not live: at the end of each workday.
        foreach (var day in deeds.Select(d => d.Day).Distinct())
            if (RuleOn(history, rule, person, period, day) is { } now && !Live(history, now) && day <= closed)
                yield return new(history.StartOf(person, day.Plus(1)), Occurs.DayEnd, now, d => d.Day <= day);
        // Who already meets it when a version or an enabled span starts, earns at that start.
        foreach (var start in rule.Spans.Select(s => s.From).Concat(all ? rule.Versions.Skip(1).Select(v => v.Effective) : []))
            if (start > period.First && start > rule.CountsFrom && start <= period.Last
                && RuleOn(history, rule, person, period, start) is { } now && (Live(history, now) || start.Plus(-1) <= closed))
                yield return new(history.StartOf(person, start), Occurs.Start, now, d => d.Day < start);
    }

    /// <summary>The conditions in force on a workday; null in a gap, and until the version and the enabled span have begun.</summary>
    private static Rule? RuleOn(History history, RuleHistory rule, PersonKey person, WorkdaySpan period, Workday day)
    {
        var version = Threshold(rule.Current).Range == TimeRange.All ? Version(rule, day) : Version(rule, period.First);
        var begun = history.BegunThrough(person);
        return version.Effective <= begun && rule.Spans.Any(s => s.From <= day && day <= s.Last && s.From <= begun) ? version.Rule : null;
    }

    private static Rule Governing(RuleHistory rule, WorkdaySpan period) => Version(rule, period.First).Rule;

    /// <summary>The version in force on a workday. Before history there is none: what began before counts from its first workday.</summary>
    private static RuleVersion Version(RuleHistory rule, Workday day) =>
        rule.Versions.Skip(1).LastOrDefault(v => v.Effective <= day || v.Effective <= rule.CountsFrom) ?? rule.Versions[0];

    private static bool Met(History history, Condition condition, List<Deed> done, int tier)
    {
        if (Read(history, condition.Metric, done).Count() < condition.Sample) return false;
        if (Value(history, condition.Metric, done) is not { } value) return false;
        var compared = value.CompareTo(condition.Targets[tier - 1]);
        return condition.Comparison == Comparison.AtLeast ? compared >= 0 : compared <= 0;
    }

    private static bool Live(History history, Rule rule) => Threshold(rule).Conditions.All(c =>
        c.Comparison == Comparison.AtLeast && history.Metrics(c.Metric) is var metric
        && metric.Aggregate switch
        {
            Aggregate.Count or Aggregate.Maximum => true,
            Aggregate.Sum => metric.NeverNegative,
            Aggregate.Average => false,
        });

    private static Threshold Threshold(Rule rule) => rule as Threshold ?? ((FirstTime)rule).AsThreshold;

    // --- best of period -----------------------------------------------------------------------------------------------

    private static IEnumerable<Held> BestOfPeriods(History history, RuleHistory rule)
    {
        var best = (BestOfPeriod)rule.Current;
        var metric = history.Metrics(best.Metric);
        foreach (var period in history.Deeds.SelectMany(d => Periods(best, d.Day, rule)).Distinct())
        {
            var governing = (BestOfPeriod)Governing(rule, period);
            var counted = new WorkdaySpan(Workday.Max(period.First, rule.CountsFrom), period.Last);
            if (period.Last > history.ClosedEverywhere || counted.First > counted.Last
                || !rule.Spans.Any(s => s.From <= counted.First && counted.Last <= s.Last)) continue;
            var candidates = history.Deeds.Where(d => counted.Contains(d.Day)).GroupBy(d => d.Person)
                .Select(g => (Person: g.Key, Deeds: g.OrderBy(d => d.Order).ToList()))
                .Select(c => (c.Person, c.Deeds, Count: Read(history, governing.Metric, c.Deeds).Count(), Value: Value(history, governing.Metric, c.Deeds)))
                .Where(c => c.Value is not null && c.Count >= governing.Sample)
                .Where(c => governing.Minimum is not { } minimum || c.Value!.Value.CompareTo(minimum) >= 0)
                .ToList();
            if (candidates.Count == 0) continue;
            var top = governing.Best == Best.Highest ? candidates.Max(c => c.Value!.Value) : candidates.Min(c => c.Value!.Value);
            var winners = candidates.Where(c => c.Value!.Value.CompareTo(top) == 0).ToList();
            if (governing.Ties == Ties.Earliest && winners.Count > 1 && LiveMetric(metric))
                winners = [winners.MinBy(w => Enumerable.Range(1, w.Deeds.Count)
                    .First(n => Value(history, governing.Metric, w.Deeds[..n]) is { } reached && reached.CompareTo(top) == 0) is var n
                        ? w.Deeds[n - 1].Order : default)];
            foreach (var winner in winners)
                yield return new(rule.Achievement, 0, winner.Person,
                    (best.Period == BestPeriod.Last7Days ? period.Last : period.First).ToString(),
                    history.StartOf(winner.Person, period.Last.Plus(1)), top.Rounded());
        }
    }

    private static IEnumerable<WorkdaySpan> Periods(BestOfPeriod best, Workday day, RuleHistory rule) => best.Period switch
    {
        BestPeriod.Yesterday => [new(day, day)],
        BestPeriod.Last7Days => Enumerable.Range(0, 7).Select(n => new WorkdaySpan(day.Plus(n - 6), day.Plus(n))),
        BestPeriod.Week => [WorkdaySpan.Of(TimeRange.Week, day, rule.WeekStart)],
        BestPeriod.Month => [WorkdaySpan.Of(TimeRange.Month, day, rule.WeekStart)],
    };

    private static bool LiveMetric(Metric metric) =>
        metric.Aggregate is Aggregate.Count or Aggregate.Maximum || (metric.Aggregate is Aggregate.Sum && metric.NeverNegative);

    // --- values -------------------------------------------------------------------------------------------------------

    private static IEnumerable<Amount> Read(History history, MetricKey key, IEnumerable<Deed> deeds) =>
        deeds.Select(d => history.Metrics(key).Reads(d.Type, d.Measures, d.Labels)).OfType<Amount>();

    private static MetricValue? Value(History history, MetricKey key, IEnumerable<Deed> deeds)
    {
        var amounts = Read(history, key, deeds).Select(a => a.Thousandths).ToList();
        if (amounts.Count == 0) return null;
        return history.Metrics(key).Aggregate switch
        {
            Aggregate.Count => new MetricValue(amounts.Count * 1000L, 1),
            Aggregate.Sum => new MetricValue(amounts.Sum(), 1),
            Aggregate.Average => new MetricValue(amounts.Sum(), amounts.Count),
            Aggregate.Maximum => new MetricValue(amounts.Max(), 1),
        };
    }
}
