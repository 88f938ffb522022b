using System.Data.Common;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

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
            if (!item.IsSecret && (item.IsEarned || item.Progress is not null) && OfOnce(item.Achievement.Rule) is { } metric)
                foreach (var activity in book.Snapshot.Rules.Metric(metric).Types)
                    brought.TryAdd(activity, item);
        return brought;
    }

    /// <summary>The metric of which one, once, is all that a rule asks; null for rules that ask more.</summary>
    private static MetricKey? OfOnce(Rule rule) =>
        rule.Running() is { Range: TimeRange.All, Conditions: [{ Targets: [var target] } only] } && target <= Amount.One
            ? only.Metric
            : null;
}
