using System.Data.Common;
using Dapper;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.People;

/// <summary>The SQL of where somebody is: at which site and in which team, each from a workday on until the next.</summary>
public static class DatedFacts
{
    /// <summary>Somebody of whom nothing else is said is at the installation's own site.</summary>
    public static long SiteOn(DbConnection connection, DbTransaction transaction, long person, Workday day) =>
        On(Sites(connection, transaction, person), day);

    /// <summary>Who comes new has been there from the beginning.</summary>
    public static void BeginAt(DbConnection connection, DbTransaction transaction, long person, long site) => connection.Execute(
        "INSERT INTO person_site (person, from_day, site) VALUES (@person, @from, @site)",
        new { person, from = Workday.Beginning.Number, site }, transaction);

    /// <summary>
    /// From a workday on somebody is at a site, until a later move that is said already. False where that was known.
    /// </summary>
    public static bool MoveTo(DbConnection connection, DbTransaction transaction, long person, long site, Workday from)
    {
        var sites = Sites(connection, transaction, person);
        if (On(sites, from) == site) return false;
        sites[from.Number] = site;
        connection.Execute("DELETE FROM person_site WHERE person = @person", new { person }, transaction);
        long? before = null;
        foreach (var (day, kept) in sites)
        {
            // Who is there already does not move.
            if (kept == before) continue;
            connection.Execute("INSERT INTO person_site (person, from_day, site) VALUES (@person, @day, @kept)", new { person, day, kept },
                transaction);
            before = kept;
        }
        return true;
    }

    /// <summary>Null where somebody was in no team on that day.</summary>
    public static long? TeamOn(DbConnection connection, DbTransaction transaction, long person, Workday day) =>
        connection.ExecuteScalar<long?>(
            "SELECT team FROM person_team WHERE person = @person AND from_day <= @day ORDER BY from_day DESC LIMIT 1",
            new { person, day = day.Number }, transaction);

    /// <summary>
    /// From a workday on somebody is in a team; who was in none so far has always been in it. False where that was known.
    /// </summary>
    public static bool Join(DbConnection connection, DbTransaction transaction, long person, long team, Workday from)
    {
        var before = TeamOn(connection, transaction, person, from);
        if (before == team) return false;
        connection.Execute(
            """
            INSERT INTO person_team (person, from_day, team) VALUES (@person, @day, @team)
            ON CONFLICT (person, from_day) DO UPDATE SET team = excluded.team
            """, new { person, day = (before is null ? Workday.Beginning : from).Number, team }, transaction);
        return true;
    }

    private static SortedDictionary<int, long> Sites(DbConnection connection, DbTransaction transaction, long person)
    {
        var rows = new SortedDictionary<int, long>(connection.Query<(int From, long Site)>(
            "SELECT from_day, site FROM person_site WHERE person = @person", new { person }, transaction)
            .ToDictionary(r => r.From, r => r.Site));
        if (rows.Count == 0)
            rows[Workday.Beginning.Number] = connection.ExecuteScalar<long>("SELECT min(key) FROM site", transaction: transaction);
        return rows;
    }

    private static long On(SortedDictionary<int, long> sites, Workday day) =>
        sites.Where(s => s.Key <= day.Number).Select(s => (long?)s.Value).LastOrDefault() ?? sites.Values.First();
}
