using System.Data.Common;
using Dapper;
using Laurel.Storage;

namespace Laurel.App.Platform.Work;

/// <summary>Something due: its kind names the job, its subject what it is about.</summary>
public sealed record WorkItem(long Key, string Kind, string Subject, long Attempts);

/// <summary>
/// What is due and not done, on disk. Asking twice for the same subject is asking once; asking while it runs makes it run
/// again, so that no change falls between.
/// </summary>
public static class WorkQueue
{
    /// <summary>How long a claim holds when its process dies and nobody can see it.</summary>
    private const long LeaseMs = 120_000;

    public static void Enqueue(DbConnection connection, DbTransaction transaction, string kind, string subject, long due) =>
        connection.Execute(
            """
            INSERT INTO work (kind, subject, due) VALUES (@kind, @subject, @due)
            ON CONFLICT (kind, subject) DO UPDATE SET again = 1,
              due = CASE WHEN excluded.due < work.due THEN excluded.due ELSE work.due END
            """, new { kind, subject, due }, transaction);

    /// <summary>Claims items of one kind that are due, up to what <paramref name="most"/> says of it; the oldest kind first.</summary>
    public static IReadOnlyList<WorkItem> Claim(DbConnection connection, DbTransaction transaction, long now, Func<string, int> most)
    {
        var dialect = Dialect.Of(connection);
        var free = $"due <= @now AND (leased_until <= @now OR {dialect.IsGone("node")})";
        var kind = connection.QueryFirstOrDefault<string?>(
            $"SELECT kind FROM work WHERE {free} ORDER BY due, key LIMIT 1", new { now }, transaction);
        if (kind is null) return [];
        var items = connection.Query<WorkItem>(
            $"""
            SELECT key, kind, subject, attempts FROM work
            WHERE {free} AND kind = @kind ORDER BY due, key LIMIT @most{dialect.SkipLocked}
            """, new { now, kind, most = most(kind) }, transaction).ToList();
        connection.Execute(
            $"UPDATE work SET leased_until = @until, again = 0, attempts = attempts + 1{dialect.Claimed} WHERE key = @Key",
            items.Select(i => new { until = now + LeaseMs, i.Key }), transaction);
        return items;
    }

    /// <summary>Done, unless it was asked for again meanwhile: then it stays due.</summary>
    public static void Complete(DbConnection connection, DbTransaction transaction, IEnumerable<WorkItem> items)
    {
        var keys = items.Select(i => new { i.Key }).ToList();
        connection.Execute("DELETE FROM work WHERE key = @Key AND again = 0", keys, transaction);
        connection.Execute("UPDATE work SET leased_until = 0, attempts = 0, error = NULL WHERE key = @Key", keys, transaction);
    }

    /// <summary>
    /// Gives back what was claimed and not done: nothing was wrong with it. What somebody else has claimed since stays theirs.
    /// </summary>
    public static void GiveBack(DbConnection connection, DbTransaction transaction, IEnumerable<WorkItem> items) =>
        connection.Execute(
            "UPDATE work SET leased_until = 0, attempts = attempts - 1 WHERE key = @Key AND leased_until > 0 AND attempts = @Attempts + 1",
            items.Select(i => new { i.Key, i.Attempts }), transaction);

    /// <summary>Not yet: nothing is wrong with it, and it is due again then.</summary>
    public static void PutOff(DbConnection connection, DbTransaction transaction, IEnumerable<WorkItem> items, long due) =>
        connection.Execute("UPDATE work SET leased_until = 0, attempts = 0, due = @due WHERE key = @Key",
            items.Select(i => new { due, i.Key }), transaction);

    /// <summary>Gives it back with what went wrong; tried again after a while that doubles up to a quarter of an hour.</summary>
    public static void Fail(DbConnection connection, DbTransaction transaction, WorkItem item, string error, long now)
    {
        var wait = Math.Min(900_000L, 1000L << (int)Math.Min(10, item.Attempts));
        connection.Execute(
            "UPDATE work SET leased_until = 0, due = @due, error = @error WHERE key = @Key", new { due = now + wait, error, item.Key },
            transaction);
    }

    public static void Progress(DbConnection connection, DbTransaction transaction, WorkItem item, long done, long total, long now) =>
        connection.Execute(
            "UPDATE work SET done = @done, total = @total, leased_until = @until WHERE key = @Key",
            new { done, total, until = now + LeaseMs, item.Key }, transaction);
}
