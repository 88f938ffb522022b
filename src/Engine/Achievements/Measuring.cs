using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>One person's work as a backtest measures it, to hold it against the targets of a rule.</summary>
/// <param name="Days">Of each metric, in order.</param>
/// <param name="Closed">The last workday that is over.</param>
/// <param name="Begun">The last workday that has begun.</param>
public sealed record Measuring(
    RuleHistory History, Func<MetricKey, Metric> Metrics, Func<MetricKey, IReadOnlyList<DayRollup>> Days, WorkdaySpan Window,
    Workday Closed, Workday Begun)
{
    /// <summary>Of all that is counted by the end of the window; null where that is too little to be taken seriously.</summary>
    public Amount? OfAll(MetricKey metric, int sample) =>
        Taken(Days(metric).Total(History.CountsFrom, Window.Last), Metrics(metric), sample);

    /// <summary>Of each whole period of the window that is over, in order.</summary>
    public IEnumerable<(WorkdaySpan Period, Amount Value)> OfPeriods(MetricKey metric, TimeRange range, int sample)
    {
        var own = Days(metric);
        for (var i = own.FirstIndex(Window.First); i < own.Count;)
        {
            var period = WorkdaySpan.Of(range, own[i].Day, History.WeekStart);
            var running = Rollup.None;
            for (; i < own.Count && own[i].Day <= period.Last; i++) running = running.Merge(own[i].Rollup);
            if (period.First >= Window.First && period.Last <= Window.Last && period.Last <= Closed
                && Taken(running, Metrics(metric), sample) is { } value)
                yield return (period, value);
        }
    }

    private static Amount? Taken(Rollup rollup, Metric metric, int sample) =>
        rollup.Count >= sample ? rollup.Value(metric.Aggregate)?.Rounded() : null;
}
