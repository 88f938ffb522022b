using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.Storage;

namespace Laurel.App.Features.Leaderboards;

/// <summary>The SQL of boards of badges; run when one is counted, never when one is looked at.</summary>
public static class BadgeBoardStore
{
    /// <summary>Who holds what: person, achievement, highest tier and how often.</summary>
    public static void EachHolding(DbConnection connection, Action<long, long, int, long> each)
    {
        using var rows = Statements.Of(connection)[
            "SELECT person, achievement, tier, times FROM holding WHERE achievement IN (SELECT key FROM present_achievement)"]
            .Bind().Read();
        while (rows.Next()) each(rows.Number(0), rows.Number(1), (int)rows.Number(2), rows.Number(3));
    }

    /// <summary>What was earned from an instant until another, in no order: person, achievement, tier and when.</summary>
    public static void EachAward(DbConnection connection, long from, long until, Action<long, long, int, long> each)
    {
        using var rows = Statements.Of(connection)[
            """
            SELECT person, achievement, tier, earned_at FROM award
            WHERE earned_at >= @0 AND earned_at < @1 AND revoked_at IS NULL AND achievement IN (SELECT key FROM present_achievement)
            """]
            .Bind(from, until).Read();
        while (rows.Next()) each(rows.Number(0), rows.Number(1), (int)rows.Number(2), rows.Number(3));
    }

    /// <summary>Who could hold a badge: active agents, and whoever else has earned one.</summary>
    public static long People(DbConnection connection) => connection.ExecuteScalar<long>(
        $"""
        SELECT count(*) FROM person p WHERE p.active = 1
          AND ({Roles.AreAgents("p.role")} OR EXISTS (SELECT 1 FROM holding h WHERE h.person = p.key
            AND h.achievement IN (SELECT key FROM present_achievement)))
        """);
}
