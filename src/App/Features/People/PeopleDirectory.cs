using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;

namespace Laurel.App.Features.People;

/// <summary>What lists of people look for and sort by.</summary>
/// <param name="Role">Id of the role.</param>
public sealed record KnownByName(long Key, string Id, string Name, string? Email, string Role, bool Active);

/// <summary>The teams of a workday, and who is in which.</summary>
/// <param name="All">In the reader's order.</param>
/// <param name="ByPerson">Whoever is in none is left out.</param>
public sealed record TeamsOfDay(IReadOnlyList<TeamRow> All, FrozenDictionary<long, TeamRow> ByPerson);

/// <summary>
/// Everybody as of one version of the floor, in the order of each language that was asked for. It is never changed: what a page reads
/// of it fits together.
/// </summary>
public sealed class Everybody
{
    private const int MostDays = 16;

    private readonly ConcurrentDictionary<string, Ordered> orders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string, int), TeamsOfDay> teams = new();
    private readonly Lazy<FrozenDictionary<string, KnownByName>> byId;

    /// <param name="before">The last reading, whose sorting is used again for those who are called as they were.</param>
    internal Everybody(long version, IReadOnlyList<KnownByName> people, Everybody? before)
    {
        Version = version;
        byId = new(() => people.ToFrozenDictionary(p => p.Id, StringComparer.Ordinal));
        foreach (var (language, order) in before?.orders ?? []) orders[language] = Ordered.Of(people, order.Language, order);
        this.people = people;
    }

    private readonly IReadOnlyList<KnownByName> people;

    internal long Version { get; }

    /// <summary>By name as the reader's language sorts it, then by id.</summary>
    public IReadOnlyList<KnownByName> ByName
    {
        get
        {
            var language = CultureInfo.CurrentUICulture.CompareInfo;
            return orders.GetOrAdd(language.Name, _ => Ordered.Of(people, language, null)).People;
        }
    }

    public KnownByName? Find(string id) => byId.Value.GetValueOrDefault(id);

    /// <summary>Keys of those of the scope whose name or id has the text in it; null where nothing is looked for.</summary>
    public IReadOnlyList<long>? Matching(DbConnection connection, DataScope scope, string? text)
    {
        if (Sought.Of(text) is not { } sought) return null;
        var covered = Covered(connection, scope);
        return
        [
            .. people.Where(p => covered is null || covered.Contains(p.Key)).Where(p => sought.IsIn(p.Name) || sought.IsIn(p.Id))
                .Select(p => p.Key),
        ];
    }

    /// <summary>Those of a list whose name, id or email has the text in it and who are in a team; without either, all of them.</summary>
    /// <param name="team">Id of the team of that workday.</param>
    public IEnumerable<KnownByName> Narrowed(DbConnection connection, string? text, string? team, int day)
    {
        var found = (IEnumerable<KnownByName>)ByName;
        if (!string.IsNullOrEmpty(team))
        {
            var of = Teams(connection, day).ByPerson;
            found = found.Where(p => of.TryGetValue(p.Key, out var own) && own.Id == team);
        }
        return Sought.Of(text) is { } sought
            ? found.Where(p => sought.IsIn(p.Name) || sought.IsIn(p.Id) || sought.IsIn(p.Email))
            : found;
    }

    /// <summary>The active ones of a scope, to choose from, with their teams of a workday.</summary>
    /// <param name="except">Who chooses.</param>
    public List<Eligible> ToChoose(DbConnection connection, DataScope scope, int day, long except)
    {
        var (covered, teams) = (Covered(connection, scope), Teams(connection, day).ByPerson);
        return
        [
            .. ByName.Where(p => p.Active && p.Key != except && covered?.Contains(p.Key) != false).Select(p =>
            {
                var team = teams.GetValueOrDefault(p.Key)?.Name;
                return new Eligible(p.Id, p.Id, p.Name, team, team, p.Key);
            }),
        ];
    }

    /// <summary>Keys of those whom the scope covers; null for everybody.</summary>
    public static HashSet<long>? Covered(DbConnection connection, DataScope scope) => scope == DataScope.Company
        ? null
        : connection.Query<long>($"SELECT p.key FROM person p WHERE {scope.Covers("p.key")}", scope.With()).ToHashSet();

    /// <summary>The teams of a workday, with how many active people are in each.</summary>
    public TeamsOfDay Teams(DbConnection connection, int day)
    {
        var culture = CultureInfo.CurrentUICulture;
        if (teams.TryGetValue((culture.Name, day), out var known)) return known;
        var own = connection.Query<(long Person, long Team)>(
            """
            SELECT m.person, m.team FROM person_team m
            WHERE m.from_day = (SELECT MAX(d.from_day) FROM person_team d WHERE d.person = m.person AND d.from_day <= @day)
            """, new { day }).ToList();
        var active = people.Where(p => p.Active).Select(p => p.Key).ToHashSet();
        var counts = own.Where(m => active.Contains(m.Person)).CountBy(m => m.Team).ToDictionary();
        var all = connection.Query<TeamRow>("SELECT t.key, t.id, t.name, s.id AS site_id FROM team t JOIN site s ON s.key = t.site")
            .Select(t => t with { People = counts.GetValueOrDefault(t.Key) })
            .OrderBy(t => t.Name, StringComparer.Create(culture, ignoreCase: true)).ToDictionary(t => t.Key);
        // There is a day or two at a time.
        if (teams.Count >= MostDays) teams.Clear();
        return teams[(culture.Name, day)] = new([.. all.Values],
            own.Where(m => all.ContainsKey(m.Team)).ToFrozenDictionary(m => m.Person, m => all[m.Team]));
    }

    /// <summary>People in the order of a language, each with what it sorts the name by.</summary>
    private sealed record Ordered(CompareInfo Language, IReadOnlyList<KnownByName> People, Dictionary<string, byte[]> Weights)
    {
        public static Ordered Of(IReadOnlyList<KnownByName> people, CompareInfo language, Ordered? before)
        {
            var weights = new Dictionary<string, byte[]>(people.Count, StringComparer.Ordinal);
            foreach (var person in people)
                if (!weights.ContainsKey(person.Name))
                    weights[person.Name] = before?.Weights.GetValueOrDefault(person.Name)
                        ?? language.GetSortKey(person.Name, CompareOptions.IgnoreCase).KeyData;
            var sorted = people.Select(p => (Person: p, Weight: weights[p.Name])).ToArray();
            Array.Sort(sorted, (one, other) => one.Weight.AsSpan().SequenceCompareTo(other.Weight) is var order and not 0
                ? order
                : string.CompareOrdinal(one.Person.Id, other.Person.Id));
            return new(language, [.. sorted.Select(p => p.Person)], weights);
        }
    }
}

/// <summary>
/// Keeps everybody's name, id, email and role while the version of the floor stands, so that no page reads and sorts ten thousand
/// people to show twenty-five. A change on any node moves the version in its transaction and so is seen by the next page.
/// </summary>
public sealed class PeopleDirectory
{
    private volatile Everybody? last;

    /// <param name="connection">One for reading: what a transaction has not committed is not kept.</param>
    public Everybody Current(DbConnection connection)
    {
        // The version first: who is added while people are read is read again with the next version.
        var version = Rulebook.FloorVersion(connection);
        var known = last;
        if (known?.Version == version) return known;
        return last = new(version,
            [
                .. connection.Query<(long Key, string Id, string Name, string? Email, string Role, long Active)>(
                    "SELECT key, id, name, email, role, active FROM person ORDER BY key")
                    .Select(p => new KnownByName(p.Key, p.Id, p.Name, p.Email, p.Role, p.Active != 0)),
            ], known);
    }
}
