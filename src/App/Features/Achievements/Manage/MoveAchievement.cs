using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>
/// Puts an achievement at another place in the order in which everybody sees them. What is archived has no place to be seen.
/// </summary>
public static class MoveAchievement
{
    /// <summary>One place up or down; false where it stands at that end already, or is not there.</summary>
    public static bool Run(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, bool up, Actor actor, long now) =>
        Put(connection, transaction, achievement, from => from + (up ? -1 : 1), actor, now).Moved;

    /// <summary>At a place, from 1; what is beyond the last one is not done, and <c>Places</c> says how many there are.</summary>
    public static (bool Moved, int Places) To(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, int place, Actor actor, long now) =>
        Put(connection, transaction, achievement, _ => place - 1, actor, now);

    private static (bool Moved, int Places) Put(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, Func<int, int> place, Actor actor, long now)
    {
        var all = connection.Query<(long Key, string Name, long Archived, long Position)>(
            "SELECT key, name, archived, position FROM achievement ORDER BY position, key", transaction: transaction).ToList();
        var listed = all.FindAll(a => a.Archived == 0);
        var from = listed.FindIndex(a => a.Key == achievement.Value);
        var to = place(from);
        if (from < 0 || to < 0 || to >= listed.Count || to == from) return (false, listed.Count);
        all.Remove(listed[from]);
        all.Insert(all.IndexOf(listed[to]) + (to > from ? 1 : 0), listed[from]);
        // Those that a file made at different times may share a number.
        connection.Execute("UPDATE achievement SET position = @i WHERE key = @Key",
            all.Select((a, i) => new { a.Key, i, a.Position }).Where(a => a.Position != a.i), transaction);
        Rulebook.TouchRules(connection, transaction);
        Audit.Write(connection, transaction, actor, now, "achievement.moved", LocalText.Parse(listed[from].Name).In(Language.English),
            new Change("position", Place(from), Place(to)));
        return (true, listed.Count);
    }

    private static string Place(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);
}
