using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>Somebody with data in the period.</summary>
public readonly record struct Candidate(PersonKey Person, Rollup Rollup);

/// <summary>Who was best in a period that has closed everywhere. Who has no data does not compete.</summary>
public sealed class BestOfPeriodDecision(RuleHistory history, Func<MetricKey, Metric> metrics) : ContestDecision
{
    /// <summary>Its period is fixed when it is made.</summary>
    private BestOfPeriod Rule => (BestOfPeriod)history.Current;

    public override WorkdaySpan? EndingOn(Workday last)
    {
        var span = Rule.Period switch
        {
            BestPeriod.Yesterday => new WorkdaySpan(last, last),
            BestPeriod.Last7Days => WorkdaySpan.Last7(last),
            BestPeriod.Week => WorkdaySpan.Of(TimeRange.Week, last, history.WeekStart),
            BestPeriod.Month => WorkdaySpan.Of(TimeRange.Month, last, history.WeekStart),
        };
        return span.Last == last ? span : null;
    }

    public override WorkdaySpan EndsWith(Workday day) => Rule.Period switch
    {
        BestPeriod.Yesterday => new(day, day),
        BestPeriod.Last7Days => new(day, day.Plus(6)),
        BestPeriod.Week => OnlyEnd(WorkdaySpan.Of(TimeRange.Week, day, history.WeekStart)),
        BestPeriod.Month => OnlyEnd(WorkdaySpan.Of(TimeRange.Month, day, history.WeekStart)),
    };

    /// <summary>Its first date, or the last one of a window of seven days.</summary>
    public override string OccasionOf(WorkdaySpan period) =>
        (Rule.Period == BestPeriod.Last7Days ? period.Last : period.First).ToString();

    public override Metric By(WorkdaySpan period) => metrics(Governing(period).Metric);

    public override Among Among(WorkdaySpan period) => Governing(period).Among;

    public override IReadOnlyList<Candidate> Winners(
        WorkdaySpan period, IEnumerable<Candidate> candidates, Func<PersonKey, IReadOnlyList<Contribution>> contributions) =>
        Winners(Governing(period), By(period), candidates, contributions);

    private BestOfPeriod Governing(WorkdaySpan period) => (BestOfPeriod)history.Governing(period);

    /// <summary>
    /// The winners, all with the same value. Ties are shared, unless the rule asks for the earliest and the metric is of a
    /// live kind: then the first to reach and hold the final value.
    /// </summary>
    /// <param name="contributions">A candidate's contributions of the counted workdays, in order of occurrence; asked only for
    /// ties.</param>
    public static IReadOnlyList<Candidate> Winners(
        BestOfPeriod rule, Metric metric, IEnumerable<Candidate> candidates,
        Func<PersonKey, IReadOnlyList<Contribution>> contributions)
    {
        var best = new List<Candidate>();
        MetricValue? bestValue = null;
        foreach (var candidate in candidates)
        {
            if (candidate.Rollup.Count < rule.Sample || candidate.Rollup.Value(metric.Aggregate) is not { } value) continue;
            if (rule.Minimum is { } minimum && value.CompareTo(minimum) < 0) continue;
            var better = bestValue is { } known
                ? rule.Best == Best.Highest ? value.CompareTo(known) : known.CompareTo(value)
                : 1;
            if (better < 0) continue;
            if (better > 0) best.Clear();
            bestValue = value;
            best.Add(candidate);
        }
        if (best.Count < 2 || rule.Ties == Ties.All || !metric.MovesOneWay) return best;
        return [best.MinBy(c => ReachedFinalValue(metric, contributions(c.Person)))];
    }

    private static ActivityOrder ReachedFinalValue(Metric metric, IReadOnlyList<Contribution> contributions)
    {
        var running = Rollup.None;
        var reached = contributions[0].Order;
        foreach (var contribution in contributions)
        {
            var before = running.Value(metric.Aggregate);
            running = running.Add(contribution.Reading);
            if (before is not { } was || running.Value(metric.Aggregate)!.Value.CompareTo(was) != 0) reached = contribution.Order;
        }
        return reached;
    }

    private static WorkdaySpan OnlyEnd(WorkdaySpan period) => new(period.Last, period.Last);
}
