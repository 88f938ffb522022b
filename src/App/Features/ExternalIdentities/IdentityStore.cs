using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Activities;
using Laurel.Storage;

namespace Laurel.App.Features.ExternalIdentities;

/// <summary>An external identity as it is listed.</summary>
/// <param name="State">linked, unlinked or ignored.</param>
/// <param name="Person">Id of the person that it is linked to, and the name.</param>
/// <param name="Waiting">Activities that wait for it.</param>
/// <param name="Since">When the first of them came.</param>
public sealed record ListedIdentity(
    ExternalIdentity Identity, string State, string? Person, string? PersonName, string? Team, string? TeamName, long Waiting,
    DateTimeOffset? Since);

/// <summary>A page of those in one state.</summary>
/// <param name="States">How many there are in each state, whatever is looked for.</param>
/// <param name="Waiting">Activities that wait for the unlinked ones.</param>
public sealed record FoundIdentities(
    IReadOnlyList<ListedIdentity> Shown, int Matching, IReadOnlyDictionary<string, int> States, long Waiting, int Page, int Pages);

/// <summary>The SQL of external identities.</summary>
public sealed class IdentityStore(Database database)
{
    public const int PageSize = 25;

    /// <summary>Those that something waits for first, most activities first; then the others by provider and id.</summary>
    public IReadOnlyList<ListedIdentity> All()
    {
        using var connection = database.Read();
        var waiting = connection.Query<(string Awaited, long Count, long Since)>(
            """
            SELECT person_id, count(*), min(received_at) FROM held WHERE person_id LIKE '%' || @between || '%' GROUP BY person_id
            """, new { between = ExternalIdentity.Separator }).ToDictionary(h => h.Awaited, StringComparer.Ordinal);
        var known = connection.Query<Row>(
            """
            SELECT i.provider, i.external, i.state, p.id AS person, p.name AS person_name, t.id AS team, t.name AS team_name
            FROM external_identity i LEFT JOIN person p ON p.key = i.person LEFT JOIN team t ON t.key = i.team
            """).ToDictionary(r => new ExternalIdentity(r.Provider, r.External));
        return [.. known.Keys.Union(waiting.Keys.Select(a => ExternalIdentity.Of(a)!.Value)).Select(identity =>
            {
                var row = known.GetValueOrDefault(identity);
                var held = waiting.TryGetValue(identity.Awaited, out var found) ? found : default;
                return new ListedIdentity(identity, row?.State ?? "unlinked", row?.Person, row?.PersonName, row?.Team, row?.TeamName,
                    held.Count, held.Count > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(held.Since) : null);
            })
            .Where(i => i.State != "unlinked" || i.Waiting > 0)
            .OrderBy(i => i.State switch { "unlinked" => 0, "linked" => 1, _ => 2 }).ThenByDescending(i => i.Waiting)
            .ThenBy(i => i.Identity.Provider, StringComparer.Ordinal).ThenBy(i => i.Identity.External, StringComparer.Ordinal)];
    }

    public FoundIdentities Find(string state, string? search, int page)
    {
        var all = All();
        var sought = Sought.Of(search);
        var matching = all.Where(i => i.State == state).Where(i => sought is null
            || new[] { i.Identity.External, i.Identity.Provider, i.PersonName, i.TeamName }.Any(sought.IsIn)).ToList();
        var pages = Math.Max(1, (matching.Count + PageSize - 1) / PageSize);
        page = Math.Clamp(page, 1, pages);
        return new([.. matching.Skip((page - 1) * PageSize).Take(PageSize)], matching.Count,
            all.GroupBy(i => i.State).ToDictionary(g => g.Key, g => g.Count()), all.Where(i => i.State == "unlinked").Sum(i => i.Waiting),
            page, pages);
    }

    /// <summary>One that is decided about or waited for; otherwise null.</summary>
    public ListedIdentity? Find(ExternalIdentity identity) => All().FirstOrDefault(i => i.Identity == identity);

    /// <summary>What is kept of it; null where it was never decided about.</summary>
    public static IdentityTarget? Target(DbConnection connection, DbTransaction transaction, ExternalIdentity identity) =>
        connection.QueryFirstOrDefault<(string State, string? Person, string? Team)?>(
            """
            SELECT i.state, p.id, t.id FROM external_identity i LEFT JOIN person p ON p.key = i.person LEFT JOIN team t ON t.key = i.team
            WHERE i.provider = @Provider AND i.external = @External
            """, new { identity.Provider, identity.External }, transaction) is { } row
            ? new(row.State, row.Person, row.Team)
            : null;

    /// <summary>Its key; null where there is no such person or team.</summary>
    public static long? Save(DbConnection connection, DbTransaction transaction, ExternalIdentity identity, IdentityTarget target)
    {
        var person = Key(connection, transaction, "person", target.Person);
        var team = Key(connection, transaction, "team", target.Team);
        if ((target.Person is not null && person is null) || (target.Team is not null && team is null)) return null;
        return connection.ExecuteScalar<long>(
            """
            INSERT INTO external_identity (provider, external, state, person, team) VALUES (@Provider, @External, @State, @person, @team)
            ON CONFLICT (provider, external) DO UPDATE SET state = excluded.state, person = excluded.person, team = excluded.team
            RETURNING key
            """, new { identity.Provider, identity.External, target.State, person, team }, transaction);
    }

    /// <summary>How much came by it and counts, and how much waits.</summary>
    public static SettledIdentity Settled(DbConnection connection, DbTransaction transaction, ExternalIdentity identity) => new(
        connection.ExecuteScalar<long>(
            """
            SELECT count(*) FROM activity_of_identity o JOIN activity a ON a.key = o.activity
            WHERE o.identity = (SELECT key FROM external_identity WHERE provider = @Provider AND external = @External)
            """, new { identity.Provider, identity.External }, transaction),
        connection.ExecuteScalar<long>(
            "SELECT count(*) FROM held WHERE person_id = @Awaited", new { identity.Awaited }, transaction));

    private static long? Key(DbConnection connection, DbTransaction transaction, string table, string? id) => id is null
        ? null
        : connection.ExecuteScalar<long?>($"SELECT key FROM {table} WHERE id = @id", new { id }, transaction);

    private sealed record Row
    {
        public string Provider { get; init; } = "";
        public string External { get; init; } = "";
        public string State { get; init; } = "";
        public string? Person { get; init; }
        public string? PersonName { get; init; }
        public string? Team { get; init; }
        public string? TeamName { get; init; }
    }
}
