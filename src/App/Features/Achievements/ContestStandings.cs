using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Achievements;

/// <summary>Everybody's value in a period that runs. One reading serves all pages of this node for a few seconds.</summary>
public sealed class ContestStandings(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<(MetricKey, WorkdaySpan), (IReadOnlyList<Candidate> All, DateTimeOffset At)> read = new();

    public IReadOnlyList<Candidate> Of(DbConnection connection, MetricKey metric, WorkdaySpan period)
    {
        var now = time.GetUtcNow();
        if (read.TryGetValue((metric, period), out var known) && now - known.At < Fresh) return known.All;
        // Periods that are over are not asked for again.
        foreach (var old in read.Where(r => now - r.Value.At > TimeSpan.FromMinutes(5)).Select(r => r.Key)) read.TryRemove(old, out _);
        var all = connection.Query<(long Person, long Count, long Sum, long Least, long Greatest)>(
            """
            SELECT person, sum(count), sum(sum), min(least), max(greatest) FROM rollup
            WHERE metric = @m AND day BETWEEN @first AND @last GROUP BY person
            """, new { m = metric.Value, first = period.First.Number, last = period.Last.Number })
            .Select(r => new Candidate(new(r.Person), new Rollup(r.Count, r.Sum, r.Least, r.Greatest))).ToList();
        read[(metric, period)] = (all, now);
        return all;
    }
}
