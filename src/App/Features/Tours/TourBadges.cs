using System.Data.Common;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Tours;

/// <summary>What the stops of a tour bring to one person: the first badges, as that person sees them.</summary>
public sealed class TourBadges(AchievementCatalogue catalogue, Collection collection)
{
    /// <summary>By activity; none for what brings nothing, what is off and what stays a secret.</summary>
    public IReadOnlyDictionary<string, CollectionItem> Of(DbConnection connection, CurrentPerson me, DateTimeOffset now)
    {
        var brought = new Dictionary<string, CollectionItem>(StringComparer.Ordinal);
        if (!me.Sees(Permissions.AchievementsView)) return brought;
        var book = catalogue.Current(connection);
        foreach (var item in collection.Of(
            connection, book, new PersonKey(me.Key), book.Today(me.Key, now), EarnedStore.OfPerson(connection, me.Key)))
            if (item is { IsSecret: false, Achievement.Rule: FirstTime rule } && (item.IsEarned || item.Progress is not null))
                foreach (var activity in rule.Activities)
                    brought.TryAdd(activity, item);
        return brought;
    }
}
