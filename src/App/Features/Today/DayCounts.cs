using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Presence;
using Laurel.Storage;

namespace Laurel.App.Features.Today;

/// <summary>How many activities that came in happened on a workday of the site.</summary>
public sealed record DayCount(Workday Day, long Count);

/// <summary>
/// Activities by workday. A day that is over is counted twice a minute at most: only late activities change it, and counting is a
/// walk over all of its index. Counting one that goes on takes at most a twentieth of one processor.
/// </summary>
public sealed class DayCounts(Database database, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);
    private const int Rests = 20;
    /// <summary>Counting fewer takes no time.</summary>
    private const int Many = 5_000;
    /// <summary>With the moment until which a count is told.</summary>
    private readonly ConcurrentDictionary<Workday, (long Count, DateTimeOffset Until)> known = new();

    private readonly Remembered<Workday, LatestWork?> last = new(database, time);

    /// <summary>The newest work: among two days of it, which are gone through.</summary>
    public LatestWork? Last(DbConnection connection, Floor floor, Workday today, DateTimeOffset now) => last.Of(
        floor, today, connection, c => InstallationState.ReadLast(c, today, now.ToUnixTimeMilliseconds()));

    /// <summary>So many days up to today, ascending, those without activities among them.</summary>
    public IReadOnlyList<DayCount> UpTo(DbConnection connection, Workday today, int days)
    {
        foreach (var old in known.Keys.Where(day => day <= today.Plus(-days))) known.TryRemove(old, out _);
        return [.. Enumerable.Range(1 - days, days).Select(i => new DayCount(today.Plus(i), Of(connection, today.Plus(i), isOver: i < 0)))];
    }

    private long Of(DbConnection connection, Workday day, bool isOver)
    {
        var now = time.GetUtcNow();
        if (known.TryGetValue(day, out var last) && now < last.Until) return last.Count;
        var started = time.GetTimestamp();
        // Time in a status came in from nobody, and that somebody looks at this neither. Where there is none, the index alone is read.
        var segment = connection.ExecuteScalar<long?>("SELECT key FROM activity_type WHERE id = @Segment", new { PresenceTypes.Segment });
        var use = connection.ExecuteScalar<long?>("SELECT key FROM source WHERE id = @Source", new { UseTypes.Source });
        var count = connection.ExecuteScalar<long>(
            $"""
            SELECT count(*) FROM activity
            WHERE day = @day {(segment is null ? "" : "AND type <> @segment")} {(use is null ? "" : "AND source <> @use")}
            """, new { day = day.Number, segment, use });
        known[day] = (count, now + (isOver ? Fresh : count > Many ? time.GetElapsedTime(started) * Rests : TimeSpan.Zero));
        return count;
    }
}
