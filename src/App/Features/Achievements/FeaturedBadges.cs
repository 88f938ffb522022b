using System.Data.Common;
using Dapper;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>The badge that somebody shows beside the own name: an achievement, at the highest tier that is held.</summary>
public readonly record struct FeaturedBadge(Achievement Achievement, int Tier);

/// <summary>The SQL of featured badges: person.featured is the id of an achievement.</summary>
public static class FeaturedBadges
{
    /// <summary>
    /// Of these people, by key. A badge that is a surprise to the viewer is left out, for its art would give it away;
    /// so is one that has passed on or lapsed.
    /// </summary>
    public static Dictionary<long, FeaturedBadge> Of(
        DbConnection connection, AchievementBook book, long viewer, IReadOnlyCollection<long> people, DateTimeOffset now)
    {
        var holdings = new Holdings(connection, book);
        return connection.Query<(long Person, long Achievement, long Tier, long At)>(
            $"""
            SELECT p.key, a.key, max(w.tier), max(w.earned_at) FROM person p
            JOIN achievement a ON a.id = p.featured
            JOIN award w ON w.person = p.key AND w.achievement = a.key AND w.revoked_at IS NULL
            WHERE {Dialect.Of(connection).Among("p.key", "people")}
            GROUP BY p.key, a.key
            """, new { people = people.ToArray() })
            .Where(r => !book.IsSecret(book.Of(r.Achievement), k => EarnedStore.Holds(connection, viewer, k))
                && holdings.Holds(
                    book.Of(r.Achievement), r.Person, DateTimeOffset.FromUnixTimeMilliseconds(r.At), book.Today(r.Person, now)))
            .ToDictionary(r => r.Person, r => new FeaturedBadge(book.Of(r.Achievement), (int)r.Tier));
    }

    public static FeaturedBadge? Own(DbConnection connection, AchievementBook book, long person, DateTimeOffset now) =>
        Of(connection, book, person, [person], now).TryGetValue(person, out var own) ? own : null;

    /// <summary>Only a badge that is held can be featured; says whether it was.</summary>
    public static bool Feature(
        DbConnection connection, DbTransaction transaction, long person, AchievementKey achievement) => connection.Execute(
        """
        UPDATE person SET featured = (SELECT id FROM achievement WHERE key = @a)
        WHERE key = @person AND EXISTS (SELECT 1 FROM award WHERE person = @person AND achievement = @a AND revoked_at IS NULL)
        """, new { person, a = achievement.Value }, transaction) > 0;

    public static void Unfeature(DbConnection connection, DbTransaction transaction, long person) =>
        connection.Execute("UPDATE person SET featured = NULL WHERE key = @person", new { person }, transaction);
}
