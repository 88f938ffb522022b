using System.Data.Common;
using Laurel.Storage;

namespace Laurel.App.Features.Reports;

/// <summary>The SQL of reports; run when they are counted, behind the pages, never when one is looked at.</summary>
public static class ReportStore
{
    /// <summary>Awards from an instant on that are not revoked, in no order: person, achievement and when.</summary>
    public static void EachAward(DbConnection connection, long from, Action<long, long, long> each)
    {
        using var rows = Statements.Of(connection)[
            """
            SELECT person, achievement, earned_at FROM award
            WHERE earned_at >= @0 AND revoked_at IS NULL AND achievement IN (SELECT key FROM present_achievement)
            """].Bind(from).Read();
        while (rows.Next()) each(rows.Number(0), rows.Number(1), rows.Number(2));
    }

    /// <summary>Who holds what: person, achievement and when it was earned last.</summary>
    public static void EachHolding(DbConnection connection, Action<long, long, long> each)
    {
        using var rows = Statements.Of(connection)[
            "SELECT person, achievement, newest FROM holding WHERE achievement IN (SELECT key FROM present_achievement)"].Bind().Read();
        while (rows.Next()) each(rows.Number(0), rows.Number(1), rows.Number(2));
    }

    /// <summary>Who used Laurel on which workday, from one on.</summary>
    public static void EachVisit(DbConnection connection, int from, Action<int, long> each)
    {
        using var rows = Statements.Of(connection)["SELECT day, person FROM visit WHERE day >= @0"].Bind(from).Read();
        while (rows.Next()) each((int)rows.Number(0), rows.Number(1));
    }

    /// <summary>Active people: whether each is an agent.</summary>
    public static void EachPerson(DbConnection connection, Action<long, bool> each)
    {
        using var rows = Statements.Of(connection)["SELECT key, role FROM person WHERE active = 1"].Bind().Read();
        while (rows.Next()) each(rows.Number(0), rows.Text(1) == "agent");
    }
}
