using System.Collections.Concurrent;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Metrics;

/// <summary>
/// Counts, for each metric, the commits of this node that touched its rollups: whoever keeps something made of them can tell for
/// nothing whether it is old.
/// </summary>
public sealed class ChangedMetrics
{
    private readonly ConcurrentDictionary<MetricKey, long> commits = new();

    public void Committed(IEnumerable<MetricKey> metrics)
    {
        foreach (var metric in metrics) commits.AddOrUpdate(metric, 1, (_, before) => before + 1);
    }

    /// <summary>What other nodes committed may have been missed.</summary>
    public void Missed() => Committed(commits.Keys);

    public long Of(MetricKey metric) => commits.GetValueOrDefault(metric);
}
