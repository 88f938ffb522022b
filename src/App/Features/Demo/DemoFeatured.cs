using System.Data.Common;
using Dapper;

namespace Laurel.App.Features.Demo;

/// <summary>Badges beside names: two of three people of the demonstration show the one of theirs that fewest others hold.</summary>
public static class DemoFeatured
{
    public static void Choose(DbConnection connection, DbTransaction transaction)
    {
        var held = connection.Query<(long Person, string Achievement, long Tier)>(
            """
            SELECT w.person, a.id, max(w.tier) FROM award w JOIN achievement a ON a.key = w.achievement
            WHERE w.revoked_at IS NULL AND a.visibility = 'shown' AND a.tone <> 'negative' GROUP BY w.person, a.id ORDER BY w.person, a.id
            """, transaction: transaction).ToList();
        var holders = held.GroupBy(h => (h.Achievement, h.Tier)).ToDictionary(g => g.Key, g => g.Count());
        foreach (var (own, index) in held.GroupBy(h => h.Person).Select((own, index) => (own, index)))
        {
            if (index % 3 == 2) continue;
            var rarest = own.MinBy(h => holders[(h.Achievement, h.Tier)]).Achievement;
            connection.Execute("UPDATE person SET featured = @rarest WHERE key = @person", new { rarest, person = own.Key }, transaction);
        }
    }
}
