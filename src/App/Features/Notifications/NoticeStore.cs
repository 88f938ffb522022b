using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Notifications;

/// <summary>What a person is told: one award that was just earned, a group of several or older ones, or news of a goal.</summary>
/// <param name="ReadAt">In Unix milliseconds; null while it is unread.</param>
/// <param name="Quiet">Null where it was told at once; 0 while it waits for the end of quiet hours; else the catch-up that told it.</param>
public sealed record Notice(long Number, long At, string Kind, long? Award, long Count, long? Goal, long? ReadAt, long? Quiet)
{
    public bool IsUnread => ReadAt is null;
}

/// <summary>The SQL of notices, numbered per person in the transaction that makes the awards.</summary>
public static class NoticeStore
{
    /// <summary>A moment older than this goes to the grouped notice, not to a toast.</summary>
    private const long FreshMs = 24 * 3_600_000L;
    /// <summary>More than this many at once are one grouped notice.</summary>
    private const int MostToasts = 3;

    /// <summary>The kind of a notice of one award, and of a group of several or older ones.</summary>
    public const string Single = "award", Group = "awards";

    private const string Columns = "n.number, n.at, n.kind, n.award, n.count, n.goal, n.read_at AS readat, n.quiet";
    /// <summary>A condition on n: of an award that was taken back, or whose achievement is away, nobody is told any more.</summary>
    private const string Visible = """
        (n.award IS NULL OR EXISTS (SELECT 1 FROM award w JOIN present_achievement here ON here.key = w.achievement
          WHERE w.key = n.award AND w.revoked_at IS NULL))
        """;

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
        var quiet = NoticePreferences.QuietUntil(connection, transaction, people.ConvertAll(p => p.Key.Value), now);
        foreach (var (person, end) in quiet) CatchUps.Enqueue(connection, transaction, person, end);
        var (told, grown) = (Notices(), new Rows("notice", "person bigint", "number bigint"));
        foreach (var own in people)
        {
            var fresh = own.Where(a => now - a.EarnedAt <= FreshMs).OrderBy(a => a.EarnedAt).ToList();
            if (fresh.Count > MostToasts) fresh.Clear();
            var grouped = own.Count() - fresh.Count;
            var (next, group, count) = standing[own.Key.Value];
            var waits = quiet.ContainsKey(own.Key.Value) ? 0L : (long?)null;
            if (grouped > 0)
            {
                // Awards of the past arrive in many batches: what was not looked at yet grows instead of piling up.
                told.Add(own.Key.Value, ++next, now, Group, (long?)null, grouped + count, waits);
                if (group is { } number) grown.Add(own.Key.Value, number);
            }
            foreach (var award in fresh) told.Add(own.Key.Value, ++next, now, Single, award.Key, 1, waits);
        }
        statements.Insert(told);
        statements.Delete(grown);
        return awards;
    }

    /// <summary>Tells one person of a goal; in a transaction that holds the person.</summary>
    public static void Tell(DbConnection connection, DbTransaction transaction, PersonKey person, string kind, long goal, long now)
    {
        var isQuiet = NoticePreferences.QuietUntil(connection, transaction, [person.Value], now).TryGetValue(person.Value, out var end);
        if (isQuiet) CatchUps.Enqueue(connection, transaction, person.Value, end);
        connection.Execute(
            $"""
            INSERT INTO notice (person, number, at, kind, goal, quiet)
            SELECT @person, coalesce(max(number), 0) + 1, @now, @kind, @goal, {(isQuiet ? "0" : "NULL")} FROM notice
            WHERE person = @person
            """, new { person = person.Value, kind, goal, now }, transaction);
        OtherNodes.TellNotices(connection, transaction, [person]);
    }

    private static Rows Notices() =>
        new("notice", "person bigint", "number bigint", "at bigint", "kind text", "award bigint", "count bigint",
            "quiet bigint");

    /// <summary>Of each person the last number, the group that was not looked at yet, and of how many awards that tells.</summary>
    private static Dictionary<long, (long Last, long? Group, long Count)> Standing(Statements statements, List<PersonKey> people)
    {
        // Only the newest group: what came after an older one would be counted among it.
        const string Open = """
            FROM notice n WHERE n.person = t.key AND n.kind = 'awards' AND n.read_at IS NULL
              AND n.number = (SELECT max(g.number) FROM notice g WHERE g.person = t.key AND g.kind = 'awards')
            """;
        var found = new Dictionary<long, (long, long?, long)>(people.Count);
        var keys = new Rows("", "key bigint");
        foreach (var person in people) keys.Add(person.Value);
        statements.Look(
            $"t.key, (SELECT max(n.number) FROM notice n WHERE n.person = t.key), (SELECT n.number {Open}), (SELECT n.count {Open})",
            "person", keys,
            row => found[row.Number(0)] = (row.NumberOrNull(1) ?? 0, row.NumberOrNull(2), row.NumberOrNull(3) ?? 0));
        return found;
    }

    /// <summary>Notices after a number, oldest first.</summary>
    public static List<Notice> After(DbConnection connection, long person, long number, int most) =>
        connection.Query<Notice>(
            $"SELECT {Columns} FROM notice n WHERE n.person = @person AND n.number > @number ORDER BY n.number LIMIT @most",
            new { person, number, most }).ToList();

    public static Notice? Find(DbConnection connection, long person, long number) => connection.QuerySingleOrDefault<Notice?>(
        $"SELECT {Columns} FROM notice n WHERE n.person = @person AND n.number = @number", new { person, number });

    public static long Last(DbConnection connection, long person) =>
        connection.ExecuteScalar<long>("SELECT coalesce(max(number), 0) FROM notice WHERE person = @person", new { person });

    /// <summary>Notices of single awards that are unread, or were read since an instant, oldest first.</summary>
    /// <param name="since">In Unix milliseconds.</param>
    public static List<Notice> Celebrated(DbConnection connection, long person, long since) => connection.Query<Notice>(
        $"""
        SELECT {Columns} FROM notice n
        WHERE n.person = @person AND n.kind = 'award' AND (n.read_at IS NULL OR n.read_at >= @since) AND {Visible} ORDER BY n.number
        """, new { person, since }).ToList();

    /// <summary>The newest first.</summary>
    /// <param name="kinds">Only those of some kinds.</param>
    /// <param name="before">Only those with a lesser number.</param>
    /// <param name="catchUp">Only those that came in quiet hours and were told together by this catch-up.</param>
    public static List<Notice> Newest(
        DbConnection connection, long person, int most, IReadOnlyCollection<NoticeKind> kinds, long before = long.MaxValue,
        bool unread = false, long? catchUp = null) =>
        connection.Query<Notice>(
            $"""
            SELECT {Columns} FROM notice n
            WHERE n.person = @person AND n.number < @before AND {OfKinds(connection)} {(unread ? "AND n.read_at IS NULL" : "")}
              {(catchUp is null ? "" : "AND n.quiet = @catchUp")} AND {Visible}
            ORDER BY n.number DESC LIMIT @most
            """, new { person, before, most, catchUp, kinds = Kept(kinds) }).ToList();

    /// <summary>Those that one catch-up told together, oldest first.</summary>
    public static List<Notice> Waited(DbConnection connection, long person, long catchUp, DbTransaction? transaction = null) =>
        connection.Query<Notice>(
            $"SELECT {Columns} FROM notice n WHERE n.person = @person AND n.quiet = @catchUp AND {Visible} ORDER BY n.number",
            new { person, catchUp }, transaction).ToList();

    /// <summary>How many are unread, by the kind under which they are kept. A group is one: a history is one piece of news.</summary>
    public static Dictionary<string, long> Unread(DbConnection connection, long person) => connection.Query<(string Kind, long Count)>(
        $"""
        SELECT n.kind, count(*) FROM notice n WHERE n.person = @person AND n.read_at IS NULL AND {Visible} GROUP BY n.kind
        """, new { person }).ToDictionary(r => r.Kind, r => r.Count, StringComparer.Ordinal);

    /// <summary>How many of some kinds are unread.</summary>
    public static long Unread(DbConnection connection, long person, IReadOnlyCollection<NoticeKind> kinds) =>
        Unread(connection, person).Where(u => kinds.Contains(NoticeKind.Of(u.Key))).Sum(u => u.Value);

    /// <summary>Whether there is one of some kinds at all.</summary>
    public static bool Any(DbConnection connection, long person, IReadOnlyCollection<NoticeKind> kinds) => connection.ExecuteScalar<long>(
        $"""
        SELECT count(*) FROM (SELECT 1 FROM notice n WHERE n.person = @person AND {OfKinds(connection)} AND {Visible} LIMIT 1) one
        """, new { person, kinds = Kept(kinds) }) > 0;

    /// <summary>Marks them as read; says how many were not.</summary>
    public static int Read(DbConnection connection, DbTransaction transaction, long person, IReadOnlyCollection<long> numbers, long now) =>
        numbers.Count == 0 ? 0 : connection.Execute(
            $"""
            UPDATE notice SET read_at = @now
            WHERE person = @person AND read_at IS NULL AND {Dialect.Of(connection).Among("number", "numbers")}
            """, new { person, now, numbers = numbers.ToArray() }, transaction);

    /// <summary>Marks them as unread; says how many were not.</summary>
    public static int Unread(DbConnection connection, DbTransaction transaction, long person, IReadOnlyCollection<long> numbers) =>
        numbers.Count == 0 ? 0 : connection.Execute(
            $"""
            UPDATE notice SET read_at = NULL
            WHERE person = @person AND read_at IS NOT NULL AND {Dialect.Of(connection).Among("number", "numbers")}
            """, new { person, numbers = numbers.ToArray() }, transaction);

    /// <summary>
    /// Marks all of some kinds up to a number as read: what came since has not been looked at. Says how many were not.
    /// </summary>
    public static int ReadThrough(
        DbConnection connection, DbTransaction transaction, long person, long number, IReadOnlyCollection<NoticeKind> kinds, long now) =>
        connection.Execute(
            $"""
            UPDATE notice SET read_at = @now
            WHERE person = @person AND read_at IS NULL AND number <= @number AND {Dialect.Of(connection).Among("kind", "kinds")}
            """, new { person, number, now, kinds = Kept(kinds) }, transaction);

    /// <summary>The numbers of what is unread about a goal.</summary>
    public static List<long> UnreadOfGoal(DbConnection connection, long person, long goal) => connection.Query<long>(
        "SELECT number FROM notice WHERE person = @person AND read_at IS NULL AND goal = @goal", new { person, goal }).ToList();

    private static string OfKinds(DbConnection connection) => Dialect.Of(connection).Among("n.kind", "kinds");

    private static string[] Kept(IEnumerable<NoticeKind> kinds) => [.. kinds.SelectMany(k => k.Kept)];
}
