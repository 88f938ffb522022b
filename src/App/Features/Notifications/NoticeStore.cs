using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.Storage;

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
        if (awards.Count == 0) return;
        var statements = Statements.Of(connection);
        foreach (var own in awards.GroupBy(a => a.Person))
        {
            var fresh = own.Where(a => now - a.EarnedAt <= FreshMs).OrderBy(a => a.EarnedAt).ToList();
            if (fresh.Count > MostToasts) fresh.Clear();
            var grouped = own.Count() - fresh.Count;
            var next = (long)statements["SELECT coalesce(max(number), 0) + 1 FROM notice WHERE person = @0"]
                .Bind(transaction, own.Key.Value).Scalar()!;
            if (grouped > 0)
            {
                // Awards of the past arrive in many batches: what was not looked at yet grows instead of piling up.
                var unseen = connection.QuerySingleOrDefault<Notice?>(
                    """
                    SELECT number, at, kind, award, count FROM notice WHERE person = @p AND kind = 'awards'
                      AND number > coalesce((SELECT number FROM notice_seen WHERE person = @p), 0) ORDER BY number DESC LIMIT 1
                    """, new { p = own.Key.Value }, transaction);
                Insert(statements, transaction, own.Key.Value, next++, now, "awards", null, grouped + (unseen?.Count ?? 0));
                if (unseen is not null)
                    connection.Execute("DELETE FROM notice WHERE person = @p AND number = @Number",
                        new { p = own.Key.Value, unseen.Number }, transaction);
            }
            foreach (var award in fresh) Insert(statements, transaction, own.Key.Value, next++, now, "award", award.Key, 1);
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
        Statements statements, DbTransaction transaction, long person, long number, long at, string kind, long? award, long count) =>
        statements["INSERT INTO notice (person, number, at, kind, award, count) VALUES (@0, @1, @2, @3, @4, @5)"]
            .Bind(transaction, person, number, at, kind, award, count).Run();
}
