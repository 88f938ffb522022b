using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using NodaTime;

namespace Laurel.Engine.Goals;

/// <summary>
/// How a period stands. A period without data is neither reached nor missed: absence lowers nobody. One that was given up before its
/// end is missed by nobody either.
/// </summary>
public enum GoalState { Ahead, Running, Reached, Missed, NoData, GivenUp }

/// <summary>A goal's period as it stands.</summary>
/// <param name="Value">Null without data.</param>
public sealed record PeriodOfGoal(WorkdaySpan Span, GoalTerms Terms, ConditionProgress Progress, GoalState State)
{
    public MetricValue? Value => Progress.Value;
}

/// <summary>What has come of a goal, worked out of its workdays' rollups.</summary>
public static class GoalPeriods
{
    /// <summary>The newest so many periods that have begun, newest first; of a goal that is still ahead its first one.</summary>
    /// <param name="today">Where the person works.</param>
    /// <param name="days">Of each metric that the goal asks for.</param>
    public static IReadOnlyList<PeriodOfGoal> Of(
        Goal goal, Workday today, Func<MetricKey, Metric> metrics, Func<MetricKey, IReadOnlyList<DayRollup>> days, IsoDayOfWeek weekStart,
        int most)
    {
        var found = new List<PeriodOfGoal>();
        var day = Workday.Min(Workday.Max(today, goal.From), Workday.Min(goal.Days.Last, goal.Closed ?? Workday.End));
        while (found.Count < most && goal.SpanWith(day, weekStart) is { } span)
        {
            found.Add(Of(goal, span, today, metrics, days));
            day = span.First.Plus(-1);
        }
        return found;
    }

    private static PeriodOfGoal Of(
        Goal goal, WorkdaySpan span, Workday today, Func<MetricKey, Metric> metrics, Func<MetricKey, IReadOnlyList<DayRollup>> days)
    {
        var terms = goal.Of(span);
        var metric = metrics(terms.Metric);
        var last = Workday.Min(span.Last, goal.Closed ?? Workday.End);
        var rollup = days(terms.Metric).Total(span.First, last);
        var met = terms.Condition.Met(metric.Aggregate, rollup, 1);
        var live = metric.IsLive(terms.Comparison);
        // What is judged by the whole period is reached when that is over.
        var state = span.First > today ? GoalState.Ahead
            : met && (live || (span.Last < today && last == span.Last)) ? GoalState.Reached
            : last < span.Last ? GoalState.GivenUp
            : span.Last >= today ? GoalState.Running
            : rollup.Count == 0 ? GoalState.NoData : GoalState.Missed;
        return new(span, terms, new(terms.Metric, metric.Aggregate, terms.Comparison, rollup.Value(metric.Aggregate), terms.Target,
            rollup.Count, terms.Sample, met), state);
    }
}
