using Laurel.Engine.Activities;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using NodaTime;

namespace Laurel.Engine.Achievements;

/// <summary>An award that a rule would have made.</summary>
/// <param name="Day">The workday of its moment; where it is decided at a period's end, the last one of the period.</param>
public readonly record struct TestedAward(int Tier, Workday Day, MetricValue Value);

/// <summary>
/// What a rule would have done, by the decisions that make awards, over rollups alone: it is told on which workday somebody earns, not at
/// which moment of it. Time is counted in days here, so that it is nobody's time zone.
/// </summary>
public static class Backtest
{
    private const long DayLength = 1_000;

    /// <summary>A rule as if it had been switched on with its first workday.</summary>
    public static RuleHistory AsIfOn(
        Rule rule, Repeat repeat, Audience? audience, Workday from, IsoDayOfWeek weekStart, Workday horizon) => new(
        default, from, [new(1, Workday.Beginning, rule, Audience: audience)], [new(from, null)], repeat, weekStart)
        {
            Horizon = horizon,
        };

    /// <summary>Awards of one person, in order; none of rules that others take part in, or that a person decides.</summary>
    /// <param name="earned">On which workdays the person has earned another achievement.</param>
    public static IReadOnlyList<TestedAward> Awards(
        RuleHistory history, Func<MetricKey, Metric> metrics, Func<MetricKey, IReadOnlyList<DayRollup>> days, Places places,
        Workday closed, Workday begun, IReadOnlyList<Goal>? goals = null,
        Func<AchievementKey, IReadOnlyList<Workday>>? earned = null)
    {
        if (history.Current.Decision(history, metrics) is not { } decision) return [];
        var person = new PersonHistory(days, (metric, day) => OfDay(metric, day, metrics, days), StartOf, closed, begun)
        {
            Places = places,
            Earnings = achievement => [.. (earned?.Invoke(achievement) ?? []).Select(day => StartOf(day) + DayLength / 2)],
            DayOf = at => at == long.MinValue ? Workday.Beginning : DayOf(at),
            // By the day it is not told whether the word or the work came first: as if the word had.
            Goals = [.. (goals ?? []).Select(g => g with { Terms = [.. g.Terms.Select(Early)] })],
        };
        return
        [
            .. decision.Decide(person, new(Workday.Beginning, Workday.End))
                .Select(e => new TestedAward(e.Tier, DayOf(e.EarnedAt), e.Value)).OrderBy(a => a.Day.Number).ThenBy(a => a.Tier),
        ];
    }

    private static GoalTerms Early(GoalTerms terms) =>
        terms with { At = long.MinValue, AgreedAt = terms.AgreedAt is null ? null : long.MinValue };

    /// <summary>
    /// The values that the targets of a rule are held against, of one person: of each whole period of the window, of all that is counted,
    /// of each change, or of the longest row.
    /// </summary>
    public static IEnumerable<Amount> Values(
        RuleHistory history, Func<MetricKey, Metric> metrics, Func<MetricKey, IReadOnlyList<DayRollup>> days, WorkdaySpan window,
        Workday closed, Workday begun)
    {
        switch (history.Current)
        {
            case Threshold { Range: TimeRange.All } threshold:
                var first = threshold.Conditions[0];
                if (Taken(days(first.Metric).Total(history.CountsFrom, window.Last), metrics(first.Metric), first.Sample) is { } all)
                    yield return all;
                break;
            case Threshold threshold:
                var (metric, sample) = (threshold.Conditions[0].Metric, threshold.Conditions[0].Sample);
                foreach (var (_, value) in OfPeriods(history, metrics, days, metric, threshold.Range, sample, window, closed))
                    yield return value;
                break;
            case PersonalRecord record:
                foreach (var (_, value) in OfPeriods(history, metrics, days, record.Metric, record.Range, record.Sample, window, closed))
                    yield return value;
                break;
            case Improvement improvement:
                (WorkdaySpan Period, Amount Value)? before = null;
                foreach (var now in OfPeriods(
                    history, metrics, days, improvement.Metric, improvement.Range, improvement.Sample, window, closed))
                {
                    if (before is { } last && last.Period.Last.Plus(1) == now.Period.First && last.Value > Amount.Zero
                        && Amount.Of(100m * (now.Value.Thousandths - last.Value.Thousandths) / last.Value.Thousandths) is { } percent)
                        yield return improvement.Best == Best.Highest ? percent : new(-percent.Thousandths);
                    before = now;
                }
                break;
            case Streak streak:
                // Asked for every length that there can be, the same decision says how long the longest is.
                var any = streak with { Lengths = [.. Enumerable.Range(1, window.Last.Number - window.First.Number + 1)] };
                var asked = history with { Versions = [new(1, Workday.Beginning, any)], Repeat = Repeat.Once };
                var longest = Awards(asked, metrics, days, Places.Nowhere, closed, begun).Select(a => a.Tier).DefaultIfEmpty(0).Max();
                if (longest > 0 || days(streak.Work).Count > 0) yield return new(longest * 1000L);
                break;
            default:
                break;
        }
    }

    /// <summary>The targets that these values are held against, each harder than the one before.</summary>
    public static IReadOnlyList<Amount> Targets(Rule rule) => rule switch
    {
        Threshold threshold => [.. threshold.Conditions[0].Targets.Distinct()],
        Improvement improvement => improvement.Percents,
        Streak streak => [.. streak.Lengths.Select(n => new Amount(n * 1000L))],
        BestOfPeriod { Minimum: { } least } => [least],
        PersonalRecord { Minimum: { } least } => [least],
        _ => [],
    };

    /// <summary>The least and the most that a target of the rule may be; null where its kind sets no bound.</summary>
    public static (Amount? Least, Amount? Most) Bounds(Rule rule) => rule switch
    {
        // One day is no row.
        Streak => (new Amount(2_000), null),
        // To fall by more than all is impossible.
        Improvement { Best: Best.Lowest } => (null, new Amount(100_000)),
        _ => (null, null),
    };

    /// <summary>How what is measured lies beside the targets of the rule.</summary>
    /// <returns>Null without values.</returns>
    public static Distribution? Distribute(Rule rule, IReadOnlyCollection<Amount> values) =>
        Bounds(rule) is var (least, most) ? Distribution.Of(values, Targets(rule), IsRising(rule), least, most) : null;

    /// <summary>Whether more is better.</summary>
    public static bool IsRising(Rule rule) => rule switch
    {
        Threshold threshold => threshold.Conditions[0].Comparison is Comparison.AtLeast or Comparison.Above,
        // A minimum is at least so much, whichever end is best.
        PersonalRecord record => record.Best == Best.Highest,
        _ => true,
    };

    /// <summary>
    /// Whether it rewards short times and asks for nothing that tells good work from hasty work: no average, share or score of anything
    /// else.
    /// </summary>
    public static bool RewardsHaste(Rule rule, Func<MetricKey, Metric> metrics) => rule switch
    {
        Threshold threshold => Hasty(threshold.Conditions, metrics),
        Streak streak => Hasty(streak.Conditions, metrics),
        BestOfPeriod best => best.Best == Best.Lowest && IsTime(metrics(best.Metric)),
        PersonalRecord record => record.Best == Best.Lowest && IsTime(metrics(record.Metric)),
        Improvement improvement => improvement.Best == Best.Lowest && IsTime(metrics(improvement.Metric)),
        _ => false,
    };

    private static bool Hasty(IReadOnlyList<Condition> conditions, Func<MetricKey, Metric> metrics) =>
        conditions.Any(c => c.Comparison is Comparison.AtMost or Comparison.Below && IsTime(metrics(c.Metric)))
        && !conditions.Any(c => metrics(c.Metric) is { NeedsSample: true } metric && !IsTime(metric));

    private static bool IsTime(Metric metric) => metric.Unit == Unit.Seconds;

    private static IEnumerable<(WorkdaySpan Period, Amount Value)> OfPeriods(
        RuleHistory history, Func<MetricKey, Metric> metrics, Func<MetricKey, IReadOnlyList<DayRollup>> days, MetricKey metric,
        TimeRange range, int sample, WorkdaySpan window, Workday closed)
    {
        var own = days(metric);
        for (var i = own.FirstIndex(window.First); i < own.Count;)
        {
            var period = WorkdaySpan.Of(range, own[i].Day, history.WeekStart);
            var running = Rollup.None;
            for (; i < own.Count && own[i].Day <= period.Last; i++) running = running.Merge(own[i].Rollup);
            if (period.First >= window.First && period.Last <= window.Last && period.Last <= closed
                && Taken(running, metrics(metric), sample) is { } value)
                yield return (period, value);
        }
    }

    private static Amount? Taken(Rollup rollup, Metric metric, int sample) =>
        rollup.Count >= sample ? rollup.Value(metric.Aggregate)?.Rounded() : null;

    private static long StartOf(Workday day) => day.Number * DayLength;

    /// <summary>A period's end is the first moment of the day after it.</summary>
    private static Workday DayOf(long at) => new((int)Math.Floor((decimal)(at - 1) / DayLength));

    /// <summary>A workday as one activity or a few, whose rollup is the day's as far as decisions read it.</summary>
    private static IReadOnlyList<Contribution> OfDay(
        MetricKey key, Workday day, Func<MetricKey, Metric> metrics, Func<MetricKey, IReadOnlyList<DayRollup>> days)
    {
        var own = days(key);
        var at = own.FirstIndex(day);
        if (at >= own.Count || own[at].Day != day) return [];
        var rollup = own[at].Rollup;
        var order = new ActivityOrder(StartOf(day) + DayLength / 2, "", ActivityId.Of(""));
        return metrics(key).Aggregate switch
        {
            Aggregate.Count => [new(order, new(Amount.One, Times: rollup.Count))],
            Aggregate.Minimum => [new(order, new(new(rollup.Least), Times: rollup.Count))],
            Aggregate.Maximum => [new(order, new(new(rollup.Greatest), Times: rollup.Count))],
            Aggregate.Distinct => [.. ((rollup.Beside as Texts) ?? Texts.None).Counts.Keys
                .Select(text => new Contribution(order, new(Amount.One, text)))],
            // The sum is said by one, the others are only counted.
            Aggregate.Sum or Aggregate.Average or Aggregate.Ratio => rollup.Count > 1
                ? [new(order, new(new((long)rollup.Sum))), new(order, new(Amount.Zero, Times: rollup.Count - 1))]
                : [new(order, new(new((long)rollup.Sum)))],
        };
    }
}
