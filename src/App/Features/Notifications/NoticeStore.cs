using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements;

namespace Laurel.App.Features.Notifications;

/// <summary>What a person is told: one award that was just earned, or a group of several or older ones.</summary>
public sealed record Notice(long Number, long At, string Kind, long? Award, long Count);

/// <summary>The SQL of notices, numbered per person in the transaction that makes the awards.</summary>
public static class NoticeStore
{
    /// <summary>A moment older than this goes to the grouped notice, not to a toast.</summary>
    private const long FreshMs = 24 * 3_600_000L;
    /// <summary>More than this many at once are one grouped notice.</summary>
    private const int MostToasts = 3;

    /// <summary>Tells each person of the new awards.</summary>
    public static void Tell(DbConnection connection, DbTransaction transaction, IReadOnlyList<NewAward> awards, long now)
    {
        foreach (var own in awards.GroupBy(a => a.Person))
        {
            var fresh = own.Where(a => now - a.EarnedAt <= FreshMs).OrderBy(a => a.EarnedAt).ToList();
            if (fresh.Count > MostToasts) fresh.Clear();
            var grouped = own.Count() - fresh.Count;
            var next = connection.ExecuteScalar<long>(
                "SELECT coalesce(max(number), 0) + 1 FROM notice WHERE person = @p", new { p = own.Key.Value }, transaction);
            if (grouped > 0)
            {
                // Awards of the past arrive in many batches: what was not looked at yet grows instead of piling up.
                var unseen = connection.QuerySingleOrDefault<Notice?>(
                    """
                    SELECT number, at, kind, award, count FROM notice WHERE person = @p AND kind = 'awards'
                      AND number > coalesce((SELECT number FROM notice_seen WHERE person = @p), 0) ORDER BY number DESC LIMIT 1
                    """, new { p = own.Key.Value }, transaction);
                Insert(connection, transaction, own.Key.Value, next++, now, "awards", null, grouped + (unseen?.Count ?? 0));
                if (unseen is not null)
                    connection.Execute("DELETE FROM notice WHERE person = @p AND number = @Number",
                        new { p = own.Key.Value, unseen.Number }, transaction);
            }
            foreach (var award in fresh) Insert(connection, transaction, own.Key.Value, next++, now, "award", award.Key, 1);
        }
    }

    /// <summary>Notices after a number, oldest first.</summary>
    public static List<Notice> After(DbConnection connection, long person, long number, int most) =>
        connection.Query<Notice>(
            "SELECT number, at, kind, award, count FROM notice WHERE person = @person AND number > @number ORDER BY number LIMIT @most",
            new { person, number, most }).ToList();

    public static long Last(DbConnection connection, long person) =>
        connection.ExecuteScalar<long>("SELECT coalesce(max(number), 0) FROM notice WHERE person = @person", new { person });

    private static void Insert(
        DbConnection connection, DbTransaction transaction, long person, long number, long at, string kind, long? award, long count) =>
        connection.Execute(
            "INSERT INTO notice (person, number, at, kind, award, count) VALUES (@person, @number, @at, @kind, @award, @count)",
            new { person, number, at, kind, award, count }, transaction);
}
