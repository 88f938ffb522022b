using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Notifications;

/// <summary>What a person is told: one award that was just earned, a group of several or older ones, or news of a goal.</summary>
public sealed record Notice(long Number, long At, string Kind, long? Award, long Count, long? Goal);

/// <summary>The SQL of notices, numbered per person in the transaction that makes the awards.</summary>
public static class NoticeStore
{
    /// <summary>A moment older than this goes to the grouped notice, not to a toast.</summary>
    private const long FreshMs = 24 * 3_600_000L;
    /// <summary>More than this many at once are one grouped notice.</summary>
    private const int MostToasts = 3;

    /// <summary>
    /// Tells each person of the new awards, and gives those that were told: of what is in test nobody hears.
    /// </summary>
    public static List<NewAward> Tell(DbConnection connection, DbTransaction transaction, IReadOnlyList<NewAward> made, long now)
    {
        if (made.Count == 0) return [];
        var away = connection.Query<long>(
            "SELECT key FROM achievement WHERE key NOT IN (SELECT key FROM present_achievement)", transaction: transaction).ToHashSet();
        var awards = made.Where(a => !away.Contains(a.Achievement.Value)).ToList();
        if (awards.Count == 0) return awards;
        OtherNodes.TellAwards(connection, transaction, awards);
        var statements = Statements.Of(connection);
        var people = awards.GroupBy(a => a.Person).ToList();
        var standing = Standing(statements, people.ConvertAll(p => p.Key));
        var (told, grown) = (Notices(), new Rows("notice", "person bigint", "number bigint"));
        foreach (var own in people)
        {
            var fresh = own.Where(a => now - a.EarnedAt <= FreshMs).OrderBy(a => a.EarnedAt).ToList();
            if (fresh.Count > MostToasts) fresh.Clear();
            var grouped = own.Count() - fresh.Count;
            var (next, group, count) = standing[own.Key.Value];
            if (grouped > 0)
            {
                // Awards of the past arrive in many batches: what was not looked at yet grows instead of piling up.
                told.Add(own.Key.Value, ++next, now, "awards", (long?)null, grouped + count);
                if (group is { } number) grown.Add(own.Key.Value, number);
            }
            foreach (var award in fresh) told.Add(own.Key.Value, ++next, now, "award", award.Key, 1);
        }
        statements.Insert(told);
        statements.Delete(grown);
        return awards;
    }

    /// <summary>Tells one person of a goal; in a transaction that holds the person.</summary>
    public static void Tell(DbConnection connection, DbTransaction transaction, PersonKey person, string kind, long goal, long now)
    {
        connection.Execute(
            """
            INSERT INTO notice (person, number, at, kind, goal)
            SELECT @person, coalesce(max(number), 0) + 1, @now, @kind, @goal FROM notice WHERE person = @person
            """, new { person = person.Value, kind, goal, now }, transaction);
        OtherNodes.TellNotices(connection, transaction, [person]);
    }

    private static Rows Notices() =>
        new("notice", "person bigint", "number bigint", "at bigint", "kind text", "award bigint", "count bigint");

    /// <summary>Of each person the last number, the group that was not looked at yet, and of how many awards that tells.</summary>
    private static Dictionary<long, (long Last, long? Group, long Count)> Standing(Statements statements, List<PersonKey> people)
    {
        const string Group = """
            FROM notice n WHERE n.person = t.key AND n.kind = 'awards'
              AND n.number > coalesce((SELECT s.number FROM notice_seen s WHERE s.person = t.key), 0) ORDER BY n.number DESC LIMIT 1
            """;
        var found = new Dictionary<long, (long, long?, long)>(people.Count);
        var keys = new Rows("", "key bigint");
        foreach (var person in people) keys.Add(person.Value);
        statements.Look(
            $"t.key, (SELECT max(n.number) FROM notice n WHERE n.person = t.key), (SELECT n.number {Group}), (SELECT n.count {Group})",
            "person", keys,
            row => found[row.Number(0)] = (row.NumberOrNull(1) ?? 0, row.NumberOrNull(2), row.NumberOrNull(3) ?? 0));
        return found;
    }

    /// <summary>Notices after a number, oldest first.</summary>
    public static List<Notice> After(DbConnection connection, long person, long number, int most) =>
        connection.Query<Notice>(
            """
            SELECT number, at, kind, award, count, goal FROM notice
            WHERE person = @person AND number > @number ORDER BY number LIMIT @most
            """,
            new { person, number, most }).ToList();

    public static Notice? Find(DbConnection connection, long person, long number) => connection.QuerySingleOrDefault<Notice?>(
        "SELECT number, at, kind, award, count, goal FROM notice WHERE person = @person AND number = @number", new { person, number });

    public static long Last(DbConnection connection, long person) =>
        connection.ExecuteScalar<long>("SELECT coalesce(max(number), 0) FROM notice WHERE person = @person", new { person });

    /// <summary>Notices of single awards after a number, oldest first; those taken back since are left out.</summary>
    public static List<Notice> AwardsAfter(DbConnection connection, long person, long number) => connection.Query<Notice>(
        """
        SELECT n.number, n.at, n.kind, n.award, n.count, n.goal FROM notice n JOIN award w ON w.key = n.award AND w.revoked_at IS NULL
        JOIN present_achievement here ON here.key = w.achievement
        WHERE n.person = @person AND n.number > @number ORDER BY n.number
        """, new { person, number }).ToList();

    /// <summary>The newest first, those of awards taken back since left out.</summary>
    public static List<Notice> Newest(
        DbConnection connection, long person, int most, long before = long.MaxValue) => connection.Query<Notice>(
        """
        SELECT n.number, n.at, n.kind, n.award, n.count, n.goal FROM notice n LEFT JOIN award w ON w.key = n.award
        WHERE n.person = @person AND n.number < @before AND w.revoked_at IS NULL
          AND (w.key IS NULL OR w.achievement IN (SELECT key FROM present_achievement)) ORDER BY n.number DESC LIMIT @most
        """, new { person, before, most }).ToList();

    /// <summary>The number up to which the person has looked.</summary>
    public static long Seen(DbConnection connection, long person) =>
        connection.ExecuteScalar<long>("SELECT coalesce(max(number), 0) FROM notice_seen WHERE person = @person", new { person });

    /// <summary>How many notices have not been looked at. A group is one: a history that was counted is one piece of news.</summary>
    public static long Unseen(DbConnection connection, long person) => connection.ExecuteScalar<long>(
        """
        SELECT count(*) FROM notice
        WHERE person = @person AND number > coalesce((SELECT number FROM notice_seen WHERE person = @person), 0)
          AND (award IS NULL OR award IN (SELECT w.key FROM award w JOIN present_achievement here ON here.key = w.achievement
            WHERE w.person = @person))
        """, new { person });

    /// <summary>Looked at up to a number; it never goes back, and never beyond what there is.</summary>
    public static void MarkSeen(DbConnection connection, DbTransaction transaction, long person, long number) => connection.Execute(
        """
        INSERT INTO notice_seen (person, number)
        SELECT @person, max(number) FROM notice WHERE person = @person AND number <= @number HAVING max(number) IS NOT NULL
        ON CONFLICT (person) DO UPDATE SET
          number = CASE WHEN excluded.number > notice_seen.number THEN excluded.number ELSE notice_seen.number END
        """, new { person, number }, transaction);
}
