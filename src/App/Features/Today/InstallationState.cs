using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements.Catalogue;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Work;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Presence;
using Laurel.Storage;

namespace Laurel.App.Features.Today;

/// <summary>The newest work.</summary>
/// <param name="Arrived">When what came in last happened, where that is not the newest: files bring old work.</param>
public sealed record LatestWork(string Source, string Type, DateTimeOffset HappenedAt, DateTimeOffset? Arrived);

/// <summary>Work in the background: what is due, what runs, and what failed and is tried again.</summary>
public sealed record BackgroundWork(long Pending, IReadOnlyList<FailedWork> Failed);

/// <summary>What an installation has, for the steps that are still ahead of a new one.</summary>
public sealed record Stock(long Agents, long Teams, long Types, long Metrics, long Keys);

/// <summary>What an installation does now.</summary>
/// <param name="Days">The last two weeks with today, ascending, days without activities among them.</param>
/// <param name="Waiting">How many unknown people held activities wait for.</param>
/// <param name="On">Achievements that can be earned today.</param>
public sealed record InstallationState(
    IReadOnlyList<DayCount> Days, LatestWork? Last, long Held, long Waiting, BackgroundWork Work, int On, int Off, long EarnedToday,
    long EarnedThisWeek, Stock Stock)
{
    private const int DaysShown = 14;

    /// <summary>Achievements that are on and whose rule fails, with what it says.</summary>
    public IReadOnlyList<(Achievement Achievement, string Error)> SetAside { get; private init; } = [];

    public DayCount Today => Days[^1];
    public DayCount Yesterday => Days[^2];

    public static InstallationState Read(
        DbConnection connection, AchievementBook book, DayCounts counts, long admin, DateTimeOffset now)
    {
        var today = book.Today(admin, now);
        var (held, waiting) = connection.QuerySingle<(long, long)>(
            "SELECT count(*), count(DISTINCT person_id) FROM held WHERE person_id NOT LIKE '%' || @between || '%'",
            new { between = Engine.Activities.ExternalIdentity.Separator });
        var on = book.All.Count(a => a.IsOn);
        var week = WorkdaySpan.Of(TimeRange.Week, today, book.Snapshot.Rules.WeekStart);
        return new(
            counts.UpTo(connection, today, DaysShown), counts.Last(connection, book.Snapshot.Floor, today, now), held, waiting,
            ReadWork(connection, now.ToUnixTimeMilliseconds()), on, book.All.Count - on,
            Earned(connection, book.StartOf(admin, today)), Earned(connection, book.StartOf(admin, week.First)),
            connection.QuerySingle<Stock>(
                $"""
                SELECT (SELECT count(*) FROM person WHERE active = 1 AND {Roles.AreAgents("role")}) AS agents,
                  (SELECT count(*) FROM team) AS teams,
                  (SELECT count(*) FROM activity_type
                    WHERE id NOT LIKE 'external:%' AND id NOT IN ('presence', 'presence-segment')
                      AND NOT ({Dialect.Of(connection).Among("id", "own")})) AS types,
                  (SELECT count(DISTINCT id) FROM metric WHERE hidden = 0) AS metrics,
                  (SELECT count(*) FROM api_key WHERE revoked_at IS NULL) AS keys
                """, new { own = DeclareOwnTypes.Ids.ToArray() }))
        {
            SetAside = [.. Achievements.SetAside.All(connection)
                .Select(failed => (Achievement: book.Of(failed.Achievement.Value), failed.Error)).Where(f => f.Achievement.IsOn)],
        };
    }

    public static LatestWork? ReadLast(DbConnection connection, Workday today, long now)
    {
        const string Received =
            "FROM activity a JOIN source s ON s.key = a.source JOIN activity_type t ON t.key = a.type "
            + "WHERE t.id <> @Segment AND s.id <> @Use";
        // Of the newest two days that there are: an index knows them, and midnight is not everywhere at once.
        var newest = connection.QueryFirstOrDefault<(string Source, string Type, long At, long Key)?>(
            $"""
            SELECT s.id, t.id, a.at, a.key {Received} AND a.at <= @now
              AND a.day >= (SELECT max(day) FROM activity WHERE day <= @today) - 1
            ORDER BY a.at DESC, a.key DESC LIMIT 1
            """, new { PresenceTypes.Segment, Use = Engine.Activities.UseTypes.Source, now, today = today.Plus(1).Number });
        var arrived = connection.QueryFirstOrDefault<(string Source, string Type, long At, long Key)?>(
            $"SELECT s.id, t.id, a.at, a.key {Received} ORDER BY a.key DESC LIMIT 1",
            new { PresenceTypes.Segment, Use = Engine.Activities.UseTypes.Source });
        return (newest ?? arrived) is not { } last ? null : new(last.Source, last.Type, DateTimeOffset.FromUnixTimeMilliseconds(last.At),
            arrived is { } other && other.Key != last.Key ? DateTimeOffset.FromUnixTimeMilliseconds(other.At) : null);
    }

    private static BackgroundWork ReadWork(DbConnection connection, long now) => new(
        connection.ExecuteScalar<long>("SELECT count(*) FROM work WHERE due <= @now AND error IS NULL", new { now }),
        [.. connection.Query<(string Kind, string Subject, string Error)>(
            "SELECT kind, subject, error FROM work WHERE error IS NOT NULL ORDER BY due, key LIMIT 20")
            .Select(w => new FailedWork(w.Kind, w.Subject, w.Error))]);

    private static long Earned(DbConnection connection, long since) => connection.ExecuteScalar<long>(
        """
        SELECT count(*) FROM award w JOIN present_achievement here ON here.key = w.achievement
        WHERE w.earned_at >= @since AND w.revoked_at IS NULL
        """, new { since });
}
