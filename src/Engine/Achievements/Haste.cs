using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>Whether short times are rewarded, and nothing is asked for that tells good work from hasty work.</summary>
internal static class Haste
{
    public static bool Of(IReadOnlyList<Condition> conditions, Func<MetricKey, Metric> metrics) =>
        conditions.Any(c => c.Comparison is Comparison.AtMost or Comparison.Below && IsTime(metrics(c.Metric)))
        && !conditions.Any(c => metrics(c.Metric) is { NeedsSample: true } metric && !IsTime(metric));

    public static bool Of(MetricKey metric, Best best, Func<MetricKey, Metric> metrics) =>
        best == Best.Lowest && IsTime(metrics(metric));

    private static bool IsTime(Metric metric) => metric.Unit == Unit.Seconds;
}
