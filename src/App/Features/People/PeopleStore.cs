using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.People;

/// <summary>A person as the list shows them.</summary>
public sealed record ListedPerson
{
    public long Key { get; init; }
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string? Email { get; init; }
    public string RoleId { get; init; } = "agent";
    public long Active { get; init; }
    public long Invented { get; init; }
    public long? TeamKey { get; init; }
    public string? TeamId { get; init; }
    public string? TeamName { get; init; }
    public long HasPassword { get; init; }
    public long? LastSeen { get; init; }
    /// <summary>Wrong passwords keep the person out until then; null where none do.</summary>
    public long? LockedUntil { get; init; }

}

public sealed record TeamRow
{
    public long Key { get; init; }
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string SiteId { get; init; } = "";
    /// <summary>Active people who are in it today.</summary>
    public long People { get; init; }
}

/// <summary>Where somebody is.</summary>
/// <param name="Site">Id of the site of this moment.</param>
/// <param name="ToCome">First workdays of other sites and teams, by name.</param>
public sealed record Whereabouts(string Site, IReadOnlyList<(Workday From, string Place)> ToCome);

/// <summary>What the list is narrowed to; null for everything.</summary>
public sealed record PeopleFilter(string? Search, string? TeamId, string? RoleId, bool? Active, string? GroupId = null,
    string? DivisionId = null);

public sealed record FoundPeople(IReadOnlyList<ListedPerson> People, int Matching, int All, int Page, int Pages);

/// <summary>Reads people and teams.</summary>
public sealed class PeopleStore(
    Database database, PeopleDirectory directory, CatalogueStore catalogue, RoleStore roles, TimeProvider time)
{
    public const int PageSize = 25;

    private const string Select =
        """
        SELECT p.key, p.id, p.name, p.email, p.role AS role_id, p.active, p.invented, t.key AS team_key, t.id AS team_id,
          t.name AS team_name,
          CASE WHEN c.password IS NULL THEN 0 ELSE 1 END AS has_password, c.last_seen, f.locked_until
        FROM person p
        LEFT JOIN credential c ON c.person = p.key
        LEFT JOIN sign_in_failure f ON f.name = p.id AND f.locked_until > @now
        LEFT JOIN person_team m ON m.person = p.key
          AND m.from_day = (SELECT MAX(d.from_day) FROM person_team d WHERE d.person = p.key AND d.from_day <= @today)
        LEFT JOIN team t ON t.key = m.team
        """;

    /// <summary>
    /// Matching and sorting follow the reader's language, which no database's LIKE does for Lithuanian; only who is shown is read.
    /// </summary>
    public FoundPeople List(DataScope scope, int today, PeopleFilter filter, int page)
    {
        using var connection = database.Read();
        var everybody = directory.Current(connection);
        var covered = Everybody.Covered(connection, scope);
        var members = filter.GroupId is not { } group ? null
            : connection.Query<long>(GroupStore.Members, new { group, today }).ToHashSet();
        var within = filter.DivisionId is not { } division ? null
            : connection.Query<long>(DivisionStore.Members, new { division, today }).ToHashSet();
        var matching = everybody.Narrowed(connection, filter.Search, filter.TeamId, today)
            .Where(p => covered is null || covered.Contains(p.Key))
            .Where(p => members is null || members.Contains(p.Key))
            .Where(p => within is null || within.Contains(p.Key))
            .Where(p => filter.RoleId is null || string.Equals(p.Role, filter.RoleId, StringComparison.Ordinal))
            .Where(p => filter.Active is null || p.Active == filter.Active)
            .Select(p => p.Key).ToList();
        var pages = Math.Max(1, (matching.Count + PageSize - 1) / PageSize);
        page = Math.Clamp(page, 1, pages);
        var keys = matching.Skip((page - 1) * PageSize).Take(PageSize).ToArray();
        var shown = connection.Query<ListedPerson>($"{Select} WHERE {Dialect.Of(connection).Among("p.key", "keys")}",
            new { keys, today, now = Now }).ToDictionary(p => p.Key);
        return new([.. keys.Where(shown.ContainsKey).Select(key => shown[key])],
            matching.Count, covered?.Count ?? everybody.ByName.Count, page, pages);
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public ListedPerson? Find(long key, int today)
    {
        using var connection = database.Read();
        return connection.QueryFirstOrDefault<ListedPerson>($"{Select} WHERE p.key = @key", new { key, today, now = Now });
    }

    /// <summary>How many teams have active people whom the scope covers.</summary>
    public int TeamsIn(DataScope scope, int today)
    {
        using var connection = database.Read();
        return connection.ExecuteScalar<int>(
            $"""
            SELECT COUNT(DISTINCT m.team) FROM person_team m JOIN person p ON p.key = m.person AND p.active = 1
            WHERE m.from_day = (SELECT MAX(d.from_day) FROM person_team d WHERE d.person = m.person AND d.from_day <= @today)
              AND {scope.Covers("m.person")}
            """, scope.With(new { today }));
    }

    /// <summary>By name, in the reader's language.</summary>
    public IReadOnlyList<TeamRow> Teams(int today)
    {
        using var connection = database.Read();
        return directory.Current(connection).Teams(connection, today).All;
    }

    public RoleBook Roles()
    {
        using var connection = database.Read();
        return roles.Current(connection);
    }

    /// <summary>Divisions that are offered, and the one that somebody is in though it is put away.</summary>
    public IReadOnlyList<DivisionRow> Divisions(int today, string? own = null)
    {
        using var connection = database.Read();
        return [.. DivisionStore.All(connection, new(today)).Where(v => !v.IsArchived || v.Id == own)];
    }

    public string? DivisionOf(long person, int today)
    {
        using var connection = database.Read();
        return DivisionStore.On(connection, null, person, new(today));
    }

    /// <summary>Divisions that are said for later, by their first workdays; null: in none.</summary>
    public IReadOnlyList<(Workday From, string? Division)> DivisionsToCome(long person, int today)
    {
        using var connection = database.Read();
        return DivisionStore.ToCome(connection, person, new(today));
    }

    /// <summary>Roles that somebody may give to others, and the one that a person has.</summary>
    public IReadOnlyList<HeldRole> RolesFor(HeldRole by, string? before) =>
        [.. Roles().All.Where(r => r.Id == before || (!r.IsArchived && !by.Lacks(r).Any()))];

    /// <summary>The installation's own first.</summary>
    public IReadOnlyList<SiteRow> Sites()
    {
        using var connection = database.Read();
        return SiteStore.All(connection);
    }

    /// <summary>Where somebody is now, and the moves that are said for later.</summary>
    public Whereabouts? Where(long person)
    {
        using var connection = database.Read();
        if (catalogue.Current(connection).Floor.Person(new PersonKey(person)) is not { } known) return null;
        var (today, here) = known.WorkdayOf(Now);
        return new(here.Id, [.. connection.Query<(int From, string Place)>(
            """
            SELECT ps.from_day, s.name FROM person_site ps JOIN site s ON s.key = ps.site WHERE ps.person = @person AND ps.from_day > @today
            UNION ALL
            SELECT m.from_day, t.name FROM person_team m JOIN team t ON t.key = m.team WHERE m.person = @person AND m.from_day > @today
            ORDER BY 1, 2
            """, new { person, today = today.Number }).Select(m => (new Workday(m.From), m.Place))]);
    }

    /// <summary>Groups that are offered, and those that somebody is in though they are put away.</summary>
    public IReadOnlyList<GroupRow> Groups(int today, IReadOnlyCollection<string>? own = null)
    {
        using var connection = database.Read();
        return [.. GroupStore.All(connection, new(today)).Where(g => !g.IsArchived || (own?.Contains(g.Id) ?? false))];
    }

    /// <summary>Ids of the groups that somebody is in on a workday.</summary>
    public IReadOnlyList<string> GroupsOf(long person, int today)
    {
        using var connection = database.Read();
        return Belonging.GroupsOn(connection, null, person, new(today));
    }

    /// <summary>Ids of the teams that a leader sees beside the own one.</summary>
    public IReadOnlyList<string> Leads(long person)
    {
        using var connection = database.Read();
        return [.. connection.Query<string>(
            "SELECT t.id FROM managed_team m JOIN team t ON t.key = m.team WHERE m.person = @person ORDER BY t.id", new { person })];
    }
}
