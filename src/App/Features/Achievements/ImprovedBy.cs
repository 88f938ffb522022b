using System.Data.Common;
using Laurel.App.Features.Metrics;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Achievements;

/// <summary>What an improvement was over, by what is counted now.</summary>
/// <param name="Range">Day, week or month.</param>
/// <param name="Before">The value of the period before.</param>
/// <param name="Percent">By how much it was higher, or lower where the value is to fall; negative where it is not any more.</param>
public sealed record ImprovedBy(TimeRange Range, MetricKey Metric, MetricValue Before, MetricValue Now, Best Best, Amount Percent)
{
    /// <summary>Null for an award of another kind, and where the period before has nothing any more.</summary>
    public static ImprovedBy? Of(DbConnection connection, AchievementBook book, EarnedAward award)
    {
        if (book.RuleOf(award) is not Improvement rule || award.By is not null) return null;
        var (rules, metric) = (book.Snapshot.Rules, book.Snapshot.Rules.Metric(rule.Metric));
        var period = WorkdaySpan.Of(rule.Range, award.Days.First, rules.WeekStart);
        if (Value(period) is not { } now || Value(WorkdaySpan.Of(rule.Range, period.First.Plus(-1), rules.WeekStart)) is not { } before
            || before.Numerator <= 0) return null;
        // Both are exact; only what is shown is rounded.
        var ratio = (decimal)now.Numerator / (decimal)now.Denominator / ((decimal)before.Numerator / (decimal)before.Denominator);
        var percent = decimal.Round((rule.Best == Best.Highest ? ratio - 1 : 1 - ratio) * 100, 1);
        return Amount.Of(percent) is { } shown ? new(rule.Range, rule.Metric, before, now, rule.Best, shown) : null;

        MetricValue? Value(WorkdaySpan of) => RollupStore.OfPerson(connection, metric, new(award.Person), of)
            .Aggregate(Rollup.None, (running, day) => running.Merge(day.Rollup)).Value(metric.Aggregate);
    }
}
