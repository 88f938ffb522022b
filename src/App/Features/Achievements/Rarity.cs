using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements;

/// <summary>How many of the colleagues hold a tier. Counted at most once a minute: it moves slowly and is shown on every page.</summary>
public sealed class Rarity(AchievementCatalogue catalogue, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(long Achievement, int Tier), (long Holders, DateTimeOffset At)> holders = new();
    private (long People, DateTimeOffset At) floor = (0, DateTimeOffset.MinValue);

    public long Holders(DbConnection connection, Achievement achievement, int tier)
    {
        var now = time.GetUtcNow();
        var key = (achievement.Key.Value, tier);
        if (holders.TryGetValue(key, out var known) && now - known.At < Fresh) return known.Holders;
        var counted = new Holdings(connection, catalogue.Current(connection)).HolderCount(achievement, tier, now);
        holders[key] = (counted, now);
        return counted;
    }

    /// <summary>Who could hold a badge: active agents, and whoever else has earned one.</summary>
    public long People(DbConnection connection)
    {
        var now = time.GetUtcNow();
        if (now - floor.At >= Fresh)
            floor = (connection.ExecuteScalar<long>(
                """
                SELECT count(*) FROM person p WHERE p.active = 1
                  AND (p.role = 'agent' OR EXISTS (SELECT 1 FROM award w WHERE w.person = p.key AND w.revoked_at IS NULL))
                """), now);
        return floor.People;
    }

    /// <summary>Percent of colleagues, 0 to 100.</summary>
    public double Share(DbConnection connection, Achievement achievement, int tier) =>
        People(connection) is var people and > 0 ? Math.Min(100, 100.0 * Holders(connection, achievement, tier) / people) : 0;
}
