using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>Puts a path one place up or down in the order in which everybody sees them. What is archived has no place to be seen.</summary>
public static class MovePath
{
    /// <summary>False where it stands at that end already, or is not there.</summary>
    public static bool Run(DbConnection connection, DbTransaction transaction, long path, bool up, Actor actor, long now)
    {
        var all = connection.Query<(long Key, string Name, long Archived, long Position)>(
            "SELECT key, name, archived, position FROM path ORDER BY position, key", transaction: transaction).ToList();
        var listed = all.FindAll(p => p.Archived == 0);
        var from = listed.FindIndex(p => p.Key == path);
        var to = from + (up ? -1 : 1);
        if (from < 0 || to < 0 || to >= listed.Count) return false;
        var (one, other) = (all.IndexOf(listed[from]), all.IndexOf(listed[to]));
        (all[one], all[other]) = (all[other], all[one]);
        // Those that a file made at different times may share a number.
        connection.Execute("UPDATE path SET position = @i WHERE key = @Key",
            all.Select((p, i) => new { p.Key, i, p.Position }).Where(p => p.Position != p.i), transaction);
        Rulebook.TouchRules(connection, transaction);
        Audit.Write(connection, transaction, actor, now, "path.moved", LocalText.Parse(listed[from].Name).In(Language.English),
            new Change("position", Place(from), Place(to)));
        return true;
    }

    private static string Place(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);
}
