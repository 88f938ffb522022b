using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Imports;

/// <summary>
/// Achievements whose history begins with the day of enabling, after the work that was just brought in: it earns none of them, and somebody
/// who imports the past wants to know.
/// </summary>
public static class UncountedHistory
{
    /// <param name="earliest">Of the activity types that were brought in, when the first of each happened.</param>
    public static int Count(DbConnection connection, CatalogueStore catalogue, IReadOnlyDictionary<string, long> earliest)
    {
        var snapshot = catalogue.Current(connection);
        if (snapshot.Floor.Site is not { } site) return 0;
        var fromEnabling = connection.Query<long>("SELECT key FROM achievement WHERE from_enabling = 1").ToHashSet();
        return snapshot.Rules.Rules.Count(rule => fromEnabling.Contains(rule.Achievement.Value) && Enabling.IsOn(rule.Spans)
            && rule.Current.Metrics.SelectMany(m => snapshot.Rules.TypesOf(snapshot.Rules.Metric(m))).Distinct()
                .Any(type => earliest.TryGetValue(type, out var at) && site.Clock.WorkdayOf(at) < rule.CountsFrom));
    }

    /// <summary>What to say about them.</summary>
    public static string Line(int achievements) =>
        $"Earlier work does not count for {achievements} enabled {(achievements == 1 ? "achievement" : "achievements")}: history begins "
        + "with the day of enabling. Write 'history: all' in the setup file and apply it, and that work counts, too.";
}
