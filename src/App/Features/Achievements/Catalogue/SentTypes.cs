using System.Collections.Frozen;
using System.Data.Common;
using Dapper;
using Laurel.Engine.Activities;
using Laurel.Engine.Goals;

namespace Laurel.App.Features.Achievements.Catalogue;

/// <summary>
/// Which activity types somebody sends. Activities have no index by type, which every one of them would pay for: they are looked through
/// from the newest on, for as long as a page may take, and the next question goes on from there.
/// </summary>
public sealed class SentTypes(TimeProvider time)
{
    private const long Step = 20_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(15);

    /// <summary>Laurel sends them itself, as soon as somebody gives cause.</summary>
    private static readonly FrozenSet<string> OwnTypes =
        FrozenSet.Create(StringComparer.Ordinal, UseTypes.SignedIn, UseTypes.ProfileCompleted, UseTypes.BadgeFeatured, GoalTypes.Reached);

    private readonly Lock gate = new();
    private readonly HashSet<long> found = [];
    /// <summary>What lies between has been looked at: above the first, up to the second.</summary>
    private long? lowest, highest;

    /// <param name="whole">Looks at everything, however long that takes.</param>
    public IReadOnlySet<string> Among(DbConnection connection, IReadOnlyCollection<string> types, bool whole = false)
    {
        var keys = connection.Query<(string Id, long Key)>("SELECT id, key FROM activity_type")
            .Where(t => types.Contains(t.Id, StringComparer.Ordinal)).ToDictionary(t => t.Id, t => t.Key, StringComparer.Ordinal);
        lock (gate)
        {
            Look(connection, [.. keys.Where(t => !OwnTypes.Contains(t.Key)).Select(t => t.Value)], whole);
            return keys.Where(t => OwnTypes.Contains(t.Key) || found.Contains(t.Value)).Select(t => t.Key)
                .ToHashSet(StringComparer.Ordinal);
        }
    }

    private void Look(DbConnection connection, IReadOnlyCollection<long> wanted, bool whole)
    {
        // Asked for both at once, SQLite reads every activity.
        var (least, most) = connection.QuerySingle<(long? Least, long? Most)>(
            "SELECT (SELECT min(key) FROM activity), (SELECT max(key) FROM activity)");
        if (least is not { } first || most is not { } last) return;
        var start = time.GetTimestamp();
        highest ??= last;
        lowest ??= last;
        // What has come since comes first: it is little, and it is where a type begins to be sent.
        while (!Done() && highest < last)
        {
            Take(connection, highest.Value, Math.Min(last, highest.Value + Step));
            highest = Math.Min(last, highest.Value + Step);
        }
        while (!Done() && lowest >= first)
        {
            Take(connection, lowest.Value - Step, lowest.Value);
            lowest -= Step;
        }

        bool Done() => wanted.All(found.Contains) || !whole && time.GetElapsedTime(start) > Patience;
    }

    private void Take(DbConnection connection, long above, long through) => found.UnionWith(connection.Query<long>(
        "SELECT DISTINCT type FROM activity WHERE key > @above AND key <= @through", new { above, through }));
}
