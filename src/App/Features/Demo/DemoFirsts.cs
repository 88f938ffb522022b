using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Demo;

/// <summary>
/// Firsts in projects count from enabling, so that nobody wins what was over before. The demonstration's past is all of one piece: its
/// badge was there from the beginning.
/// </summary>
public static class DemoFirsts
{
    public static void CountFromTheBeginning(DbConnection connection, DbTransaction transaction)
    {
        const string Those = "SELECT achievement FROM achievement_version WHERE rule LIKE '%\"first-in-project\"%'";
        var beginning = new { from = Workday.Beginning.Number };
        connection.Execute($"UPDATE achievement SET counts_from = @from, from_enabling = 0 WHERE key IN ({Those})", beginning, transaction);
        connection.Execute($"UPDATE achievement_span SET from_day = @from WHERE achievement IN ({Those})", beginning, transaction);
        connection.Execute($"UPDATE achievement_version SET effective = @from WHERE achievement IN ({Those})", beginning, transaction);
        Rulebook.TouchRules(connection, transaction);
    }
}
