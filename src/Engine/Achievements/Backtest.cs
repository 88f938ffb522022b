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

    /// <summary>How what is measured lies beside the targets of the rule.</summary>
    /// <returns>Null without values.</returns>
    public static Distribution? Distribute(Rule rule, IReadOnlyCollection<Amount> values) =>
        rule.Bounds() is var (least, most) ? Distribution.Of(values, rule.Targets(), rule.IsRising(), least, most) : null;

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
