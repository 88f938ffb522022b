using System.Collections.Concurrent;
using System.Data.Common;
using Laurel.App.Features.Metrics;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Achievements;

/// <summary>Everybody's value in a period that runs. One reading serves all pages of this node for a few seconds.</summary>
public sealed class ContestStandings(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<(MetricKey, WorkdaySpan), (IReadOnlyList<Candidate> All, DateTimeOffset At)> read = new();

    public IReadOnlyList<Candidate> Of(DbConnection connection, Metric metric, WorkdaySpan period)
    {
        var now = time.GetUtcNow();
        if (read.TryGetValue((metric.Key, period), out var known) && now - known.At < Fresh) return known.All;
        // Periods that are over are not asked for again.
        foreach (var old in read.Where(r => now - r.Value.At > TimeSpan.FromMinutes(5)).Select(r => r.Key)) read.TryRemove(old, out _);
        var all = RollupStore.Totals(connection, metric, period).Select(t => new Candidate(t.Key, t.Value)).ToList();
        read[(metric.Key, period)] = (all, now);
        return all;
    }
}
