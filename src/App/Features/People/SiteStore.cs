using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.People;

/// <summary>A site as it is kept. The first is the installation's own.</summary>
public sealed record SiteRow
{
    public long Key { get; init; }
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string Zone { get; init; } = "";

    public SiteClock Clock => SiteClock.Find(Zone)!;
}

/// <summary>The SQL of sites. Who changes one holds the rules and says that the floor has changed.</summary>
public static class SiteStore
{
    /// <summary>The installation's own first.</summary>
    public static IReadOnlyList<SiteRow> All(DbConnection connection, DbTransaction? transaction = null) =>
        [.. connection.Query<SiteRow>("SELECT key, id, name, zone FROM site ORDER BY key", transaction: transaction)];

    /// <param name="closedEverywhere">
    /// What had closed at every site before, where there were any: it stays closed, for contests were decided without the new one.
    /// </param>
    public static long Add(
        DbConnection connection, DbTransaction transaction, string id, string name, SiteClock clock, Workday? closedEverywhere, long now)
    {
        var closed = Workday.Max(CloseWorkdays.ClosedAt(clock, now), closedEverywhere ?? Workday.Beginning);
        var key = connection.ExecuteScalar<long>(
            "INSERT INTO site (id, name, zone, closed_through) VALUES (@id, @name, @zone, @closed) RETURNING key",
            new { id, name, zone = clock.Zone.Id, closed = closed.Number }, transaction);
        Backfill.EnqueueStarts(connection, transaction, key, clock, now);
        return key;
    }

    public static void Change(DbConnection connection, DbTransaction transaction, SiteRow site, string name, SiteClock clock, long now)
    {
        connection.Execute("UPDATE site SET name = @name, zone = @zone WHERE key = @Key", new { site.Key, name, zone = clock.Zone.Id },
            transaction);
        if (string.Equals(clock.Zone.Id, site.Zone, StringComparison.Ordinal)) return;
        // Nothing was decided by its days yet, and another one may be the last that is over there.
        var closed = CloseWorkdays.ClosedAt(clock, now);
        if (connection.HasRows(transaction, "activity"))
            closed = Workday.Max(closed, ClosedEverywhere(connection, transaction, now) ?? Workday.Beginning);
        connection.Execute("UPDATE site SET closed_through = @closed WHERE key = @Key", new { site.Key, closed = closed.Number },
            transaction);
        Backfill.EnqueueStarts(connection, transaction, site.Key, clock, now);
    }

    /// <summary>
    /// Workdays that were counted stay as they are: the zone is fixed with the first activity, but at a site where nobody has been.
    /// </summary>
    public static bool IsZoneFixed(DbConnection connection, DbTransaction? transaction, long site) =>
        (connection.HasRows(transaction, "activity") || CatalogueStore.Horizon(connection, transaction) > Workday.Beginning)
        && connection.ExecuteScalar<long>(
            """
            SELECT CASE WHEN @site = (SELECT min(key) FROM site) OR EXISTS (SELECT 1 FROM person_site WHERE site = @site)
              OR EXISTS (SELECT 1 FROM team WHERE site = @site) THEN 1 ELSE 0 END
            """, new { site }, transaction) != 0;

    /// <summary>
    /// The last workday that has closed at every site, also where closing is still to be looked at: what a new site takes over does not
    /// hang on the second in which it came. Null where there is no site.
    /// </summary>
    public static Workday? ClosedEverywhere(DbConnection connection, DbTransaction transaction, long now) =>
        connection.Query<(string Zone, int ClosedThrough)>("SELECT zone, closed_through FROM site", transaction: transaction)
            .Select(s => (Workday?)Workday.Max(new(s.ClosedThrough), CloseWorkdays.ClosedAt(SiteClock.Find(s.Zone)!, now)))
            .Min();
}
