using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// How many hold a tier, of those whose badges are open to the reader. Counted at most once a minute for each circle of readers: it
/// moves slowly and is shown on every page.
/// </summary>
public sealed class Rarity(TimeProvider time)
{
    private const int Most = 50_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(string Circle, long Achievement), (Dictionary<int, long> ByTier, DateTimeOffset At)> holders =
        new();
    private readonly ConcurrentDictionary<string, (HashSet<long> People, DateTimeOffset At)> people = new(StringComparer.Ordinal);

    /// <summary>How many people hold the tier, or a higher one.</summary>
    public long Holders(DbConnection connection, AchievementBook book, Onlooker looker, Achievement achievement, int tier)
    {
        var now = time.GetUtcNow();
        var (circle, covers, holdsReader) = looker.Circle(book, "p");
        var (key, holdings) = ((circle, achievement.Key.Value), new Holdings(connection, book));
        if (!holders.TryGetValue(key, out var known) || now - known.At >= Fresh)
        {
            if (holders.Count > Most) holders.Clear();
            holders[key] = known = (holdings.ByTier(achievement, covers, looker, now), now);
        }
        var counted = known.ByTier.Where(t => t.Key >= tier).Sum(t => t.Value);
        return holdsReader || holdings.TierOf(achievement, looker.Key, now) < tier ? counted : counted + 1;
    }

    /// <summary>Who could hold it: see <see cref="Earners"/>.</summary>
    public long People(DbConnection connection, AchievementBook book, Onlooker looker, Achievement achievement)
    {
        var now = time.GetUtcNow();
        var (circle, covers, holdsReader) = looker.Circle(book, "p");
        if (!people.TryGetValue(circle, out var known) || now - known.At >= Fresh)
            people[circle] = known = (Earners.Keys(connection, covers, looker.With()), now);
        var today = book.Today(looker.Key, now);
        var counted = book.History(achievement)?.Versions[^1].Audience is null
            ? known.People.Count
            : known.People.Count(p => Earners.IsInAudience(book, achievement, p, today));
        return holdsReader || !Earners.IsInAudience(book, achievement, looker.Key, today) ? counted : counted + 1;
    }

    /// <summary>Percent of those whose badges the reader sees, 0 to 100.</summary>
    public double Share(DbConnection connection, AchievementBook book, Onlooker looker, Achievement achievement, int tier) =>
        People(connection, book, looker, achievement) is var all and > 0
            ? Math.Min(100, 100.0 * Holders(connection, book, looker, achievement, tier) / all) : 0;
}
