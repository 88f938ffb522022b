using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// What the people of a team work on: the metrics of which any of them has data in the last five weeks. A badge for the work of
/// another department is not within anybody's reach. Looked up at most once a minute: what a team does changes slowly.
/// </summary>
public sealed class TeamWork(TimeProvider time)
{
    private const int Days = 35;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<long, (IReadOnlySet<MetricKey> Metrics, DateTimeOffset At)> known = new();

    /// <summary>Of the person's team today. Null where nothing tells: no team, or one without data yet.</summary>
    public IReadOnlySet<MetricKey>? Of(DbConnection connection, PersonKey person, Workday today)
    {
        var team = connection.ExecuteScalar<long?>(
            "SELECT team FROM person_team WHERE person = @p AND from_day <= @today ORDER BY from_day DESC LIMIT 1",
            new { p = person.Value, today = today.Number });
        if (team is not { } key) return null;
        var now = time.GetUtcNow();
        if (!known.TryGetValue(key, out var last) || now - last.At >= Fresh) known[key] = last = (Read(connection, key, today), now);
        return last.Metrics.Count > 0 ? last.Metrics : null;
    }

    private static HashSet<MetricKey> Read(DbConnection connection, long team, Workday today)
    {
        var people = connection.Query<long>(
            """
            SELECT pt.person FROM person_team pt JOIN person p ON p.key = pt.person AND p.active = 1
            WHERE pt.team = @team AND pt.from_day =
              (SELECT max(d.from_day) FROM person_team d WHERE d.person = pt.person AND d.from_day <= @today)
            """, new { team, today = today.Number }).ToArray();
        return [.. connection.Query<long>(
            $"""
            SELECT m.key FROM metric m WHERE EXISTS (SELECT 1 FROM rollup r
              WHERE r.metric = m.key AND r.day BETWEEN @first AND @last AND {Dialect.Of(connection).Among("r.person", "people")})
            """, new { first = today.Plus(-Days).Number, last = today.Number, people }).Select(k => new MetricKey(k))];
    }
}
