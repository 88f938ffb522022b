using System.Data.Common;
using Dapper;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>Somebody who holds a badge now, by what is not flagged: the highest tier, and when that was earned last.</summary>
/// <param name="From">Who had a moving badge before.</param>
public sealed record HeldNow(long Person, int Tier, long Times, DateTimeOffset Since, IReadOnlyList<PersonKey> From);

/// <summary>
/// Who holds what now. An award is for good; a badge that passes on or lapses is held for a time, which follows from the awards.
/// </summary>
/// <param name="moved">Who holds each moving badge, where that is known already.</param>
public sealed class Holdings(DbConnection connection, AchievementBook book, Func<Dictionary<long, HashSet<long>>>? moved = null)
{
    private readonly Dictionary<AchievementKey, MovingBadge> badges = [];
    private Dictionary<long, HashSet<long>>? moving;

    /// <summary>Whether somebody who has earned it holds it still.</summary>
    /// <param name="newest">When last.</param>
    /// <param name="today">The person's workday.</param>
    public bool Holds(Achievement achievement, long person, DateTimeOffset newest, Workday today) => achievement.Tenure switch
    {
        Tenure.Permanent => true,
        Tenure.Holder => (moving ??= moved?.Invoke() ?? Moving()).TryGetValue(achievement.Key.Value, out var holders)
            && holders.Contains(person),
        Tenure.Period => today <= LastDay(achievement, person, newest),
    };

    private Workday LastDay(Achievement achievement, long person, DateTimeOffset earned) =>
        Lapse.LastDay(achievement.Repeat, book.Today(person, earned), book.Snapshot.Rules.WeekStart);

    /// <summary>The winners of the last occasion of each moving badge.</summary>
    public Dictionary<long, HashSet<long>> Moving()
    {
        var all = book.All.Where(a => a.Tenure == Tenure.Holder).ToList();
        return Last(Succession.ByPeriod, "last").Concat(Last(Succession.ByMoment, "earned_at"))
            .GroupBy(w => w.Achievement).ToDictionary(g => g.Key, g => g.Select(w => w.Person).ToHashSet());

        IEnumerable<(long Achievement, long Person)> Last(Succession succession, string by)
        {
            var own = all.Where(a => a.Rule.Succession() == succession).Select(a => a.Key.Value).ToArray();
            return own.Length == 0 ? [] : connection.Query<(long, long)>(
                $"""
                SELECT w.achievement, w.person FROM award w
                JOIN (SELECT achievement, max({by}) AS newest FROM award
                      WHERE {Dialect.Of(connection).Among("achievement", "own")} AND revoked_at IS NULL AND flagged_at IS NULL
                      GROUP BY achievement) turn
                  ON turn.achievement = w.achievement AND turn.newest = w.{by}
                WHERE w.revoked_at IS NULL AND w.flagged_at IS NULL
                """, new { own });
        }
    }

    /// <summary>The passings of a moving badge, and who has it.</summary>
    public MovingBadge Badge(Achievement achievement) =>
        badges.TryGetValue(achievement.Key, out var known) ? known : badges[achievement.Key] = Read(achievement);

    private MovingBadge Read(Achievement achievement) => new(
        connection.Query<(long Person, string Occasion, int Last, long At)>(
            """
            SELECT person, occasion, last, earned_at FROM award
            WHERE achievement = @Value AND revoked_at IS NULL AND flagged_at IS NULL
            """, new { achievement.Key.Value }).Select(w => new Won(new(w.Person), w.Occasion, new(w.Last), w.At)),
        achievement.Rule.Succession() ?? Succession.ByMoment);

    /// <summary>Who holds a badge that passes on or lapses.</summary>
    public List<HeldNow> Current(Achievement achievement, DateTimeOffset now)
    {
        if (achievement.Tenure == Tenure.Holder)
            return [.. Badge(achievement).Holders.Select(h => new HeldNow(
                h.Person.Value, 0, 1, DateTimeOffset.FromUnixTimeMilliseconds(h.Since), h.From))];
        // No period is longer than a month; of its zones each has its own.
        var from = now.AddDays(-33).ToUnixTimeMilliseconds();
        return [.. connection.Query<(long Person, int Tier, long At)>(
            """
            SELECT person, tier, earned_at FROM award
            WHERE achievement = @Value AND earned_at >= @from AND revoked_at IS NULL AND flagged_at IS NULL
            """, new { achievement.Key.Value, from })
            .Select(w => (w.Person, w.Tier, At: DateTimeOffset.FromUnixTimeMilliseconds(w.At)))
            .Where(w => book.Today(w.Person, now) <= LastDay(achievement, w.Person, w.At))
            .GroupBy(w => w.Person)
            .Select(g => (Person: g.Key, Times: g.Count(), Highest: g.MaxBy(w => (w.Tier, w.At))))
            .Select(h => new HeldNow(h.Person, h.Highest.Tier, h.Times, h.Highest.At, []))];
    }

    /// <summary>Active people who hold it, the highest tier and then the newest first.</summary>
    /// <param name="covers">A condition on p, the person, whose parameters the reader knows.</param>
    public List<Holder> Holders(Achievement achievement, string covers, Onlooker looker, Workday today, DateTimeOffset now, int most)
    {
        if (achievement.Tenure == Tenure.Permanent) return EarnedStore.Holders(connection, achievement.Key, covers, looker, today, most);
        var current = Current(achievement, now).ToDictionary(h => h.Person);
        return [.. EarnedStore.Seen(connection, covers, looker, current.Keys, today).Where(p => p.Active)
            .Select(p => (Person: p, Held: current[p.Key]))
            .OrderByDescending(h => h.Held.Tier).ThenByDescending(h => h.Held.Since)
            .ThenBy(h => h.Person.Name, StringComparer.CurrentCulture).Take(most)
            .Select(h => new Holder(h.Person.Key, h.Person.Id, h.Person.Name, h.Person.Team, h.Held.Tier, h.Held.Times, h.Held.Since))];
    }

    /// <summary>Whether any active person has ever earned the tier or a higher one, whoever holds it now.</summary>
    /// <param name="covers">A condition on p, the person, whose parameters the reader knows.</param>
    public static bool WasEarned(DbConnection connection, Achievement achievement, string covers, Onlooker looker, int tier = 0) =>
        connection.ExecuteScalar<long>(
            $"""
            SELECT count(*) FROM holding w JOIN person p ON p.key = w.person AND p.active = 1
            WHERE w.achievement = @a AND w.tier >= @tier AND {covers}
            """, looker.With(new { a = achievement.Key.Value, tier })) > 0;

    /// <summary>How many active people hold it, by their highest tier.</summary>
    public Dictionary<int, long> ByTier(Achievement achievement, string covers, Onlooker looker, DateTimeOffset now)
    {
        if (achievement.Tenure == Tenure.Permanent) return EarnedStore.ByTier(connection, achievement.Key, covers, looker);
        var current = Current(achievement, now).ToDictionary(h => h.Person);
        return EarnedStore.Seen(connection, covers, looker, current.Keys, default).Where(p => p.Active).CountBy(p => current[p.Key].Tier)
            .ToDictionary(t => t.Key, t => (long)t.Value);
    }

    /// <summary>The highest tier that a person holds; -1 for none.</summary>
    public int TierOf(Achievement achievement, long person, DateTimeOffset now) => achievement.Tenure == Tenure.Permanent
        ? connection.ExecuteScalar<int?>(
            "SELECT tier FROM holding WHERE achievement = @Value AND person = @person", new { achievement.Key.Value, person }) ?? -1
        : Current(achievement, now).Find(h => h.Person == person)?.Tier ?? -1;
}
