using System.Collections.Concurrent;
using System.Data.Common;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.People;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Today;

/// <summary>Somebody of a team and the badge that is nearest.</summary>
public sealed record NearBadge(PersonName Person, CollectionItem Item);

/// <summary>
/// Who of a team is near a next badge, the nearest first. Kept for a quarter of a minute: it reads every open rule of every
/// person, and the page looks again with each badge that anybody earns.
/// </summary>
public sealed class TeamReach(Collection collection, TimeProvider time)
{
    /// <summary>Half of the way is done.</summary>
    private const double Near = 0.5;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<long, (string Of, IReadOnlyList<NearBadge> All, DateTimeOffset At)> known = new();

    public IReadOnlyList<NearBadge> Of(
        DbConnection connection, AchievementBook book, long leader, IReadOnlyList<PersonName> people, Workday today)
    {
        var now = time.GetUtcNow();
        // Other people, other rules or another day: what was found is of no use any more.
        var of = $"{book.Snapshot.Version} {today.Number} {string.Join(' ', people.Select(p => p.Key).Order())}";
        if (known.TryGetValue(leader, out var last) && last.Of == of && now - last.At < Fresh) return last.All;
        var items = collection.OfMany(connection, book, [.. people.Select(p => new PersonKey(p.Key))], today);
        IReadOnlyList<NearBadge> all =
        [
            .. people
                .Select(p => (Person: p, Item: CollectionItem.WithinReach(items[new(p.Key)]).FirstOrDefault(i => i.Nearness >= Near)))
                .Where(p => p.Item is not null)
                .OrderByDescending(p => p.Item!.Nearness).ThenBy(p => p.Person.Name, StringComparer.CurrentCulture)
                .Select(p => new NearBadge(p.Person, p.Item!)),
        ];
        known[leader] = (of, all, now);
        return all;
    }
}
