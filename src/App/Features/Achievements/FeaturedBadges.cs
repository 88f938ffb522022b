using System.Data.Common;
using Dapper;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>The badge that somebody shows beside the own name: an achievement, at the highest tier that is held.</summary>
public readonly record struct FeaturedBadge(Achievement Achievement, int Tier);

/// <summary>The SQL of featured badges: person.featured is the id of an achievement.</summary>
public static class FeaturedBadges
{
    /// <summary>
    /// Of these people, by key, as far as the reader sees their badges: the art of a surprise would give it away. One that has passed on
    /// or lapsed is left out.
    /// </summary>
    public static Dictionary<long, FeaturedBadge> Of(
        DbConnection connection, AchievementBook book, Onlooker looker, IReadOnlyCollection<long> people, DateTimeOffset now)
    {
        var chosen = Chosen(connection, book, people, now);
        if (chosen.Count == 0) return chosen;
        var regards = looker.Regards(connection, chosen.Keys);
        return chosen.Where(c => looker.Sight(connection, book, regards[c.Key], c.Value.Achievement) == BadgeSight.Named).ToDictionary();
    }

    /// <summary>One's own: seen by oneself whatever it is.</summary>
    public static FeaturedBadge? Own(DbConnection connection, AchievementBook book, long person, DateTimeOffset now) =>
        Chosen(connection, book, [person], now).TryGetValue(person, out var own) ? own : null;

    private static Dictionary<long, FeaturedBadge> Chosen(
        DbConnection connection, AchievementBook book, IReadOnlyCollection<long> people, DateTimeOffset now)
    {
        var holdings = new Holdings(connection, book);
        return connection.Query<(long Person, long Achievement, long Tier, long At)>(
            $"""
            SELECT p.key, a.key, w.tier, w.newest FROM person p
            JOIN achievement a ON a.id = p.featured
            JOIN present_achievement here ON here.key = a.key
            JOIN holding w ON w.person = p.key AND w.achievement = a.key
            WHERE {Dialect.Of(connection).Among("p.key", "people")}
            """, new { people = people.ToArray() })
            .Where(r => holdings.Holds(
                book.Of(r.Achievement), r.Person, DateTimeOffset.FromUnixTimeMilliseconds(r.At), book.Today(r.Person, now)))
            .ToDictionary(r => r.Person, r => new FeaturedBadge(book.Of(r.Achievement), (int)r.Tier));
    }

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
