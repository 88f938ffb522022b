using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>
/// Puts an achievement one place up or down in the order in which everybody sees them. What is archived has no place to be seen.
/// </summary>
public static class MoveAchievement
{
    /// <summary>False where it stands at that end already, or is not there.</summary>
    public static bool Run(DbConnection connection, DbTransaction transaction, AchievementKey achievement, bool up, Actor actor, long now)
    {
        var all = connection.Query<(long Key, string Name, long Archived, long Position)>(
            "SELECT key, name, archived, position FROM achievement ORDER BY position, key", transaction: transaction).ToList();
        var listed = all.FindAll(a => a.Archived == 0);
        var (from, to) = (listed.FindIndex(a => a.Key == achievement.Value), 0);
        to = from + (up ? -1 : 1);
        if (from < 0 || to < 0 || to >= listed.Count) return false;
        var (one, other) = (all.IndexOf(listed[from]), all.IndexOf(listed[to]));
        (all[one], all[other]) = (all[other], all[one]);
        // Those that a file made at different times may share a number.
        connection.Execute("UPDATE achievement SET position = @i WHERE key = @Key",
            all.Select((a, i) => new { a.Key, i, a.Position }).Where(a => a.Position != a.i), transaction);
        Rulebook.TouchRules(connection, transaction);
        Audit.Write(connection, transaction, actor, now, "achievement.moved", LocalText.Parse(listed[from].Name).In(Language.English),
            new Change("position", Place(from), Place(to)));
        return true;
    }

    private static string Place(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);
}
