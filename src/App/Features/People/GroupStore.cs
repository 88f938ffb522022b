using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.People;

/// <summary>A group as lists show it.</summary>
public sealed record GroupRow
{
    public long Key { get; init; }
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public long Archived { get; init; }
    /// <summary>Active people who are in it today.</summary>
    public long People { get; init; }

    public bool IsArchived => Archived != 0;
}

/// <summary>Somebody who is in a group, or could be.</summary>
/// <param name="From">First workday in it, where that is still to come.</param>
/// <param name="Until">First workday on which the person is not in it any more, where that is known.</param>
public sealed record GroupPerson(string Id, string Name, string? Email, string? Team, string? TeamId, Workday? From, Workday? Until);

/// <summary>The SQL of groups and of who is in them.</summary>
public static class GroupStore
{
    private const string Select =
        """
        SELECT g.key, g.id, g.name, g.archived,
          (SELECT COUNT(*) FROM group_member m JOIN person p ON p.key = m.person AND p.active = 1
           WHERE m.people_group = g.key AND m.from_day <= @today AND (m.until IS NULL OR m.until > @today)) AS people
        FROM people_group g
        """;

    /// <summary>By name, in the reader's language; those that are put away last.</summary>
    public static List<GroupRow> All(DbConnection connection, Workday today) =>
    [
        .. connection.Query<GroupRow>(Select, new { today = today.Number }).OrderBy(g => g.Archived)
            .ThenBy(g => g.Name, StringComparer.Create(CultureInfo.CurrentUICulture, ignoreCase: true)),
    ];

    public static GroupRow? Find(DbConnection connection, string id, DbTransaction? transaction = null, Workday today = default) =>
        connection.QueryFirstOrDefault<GroupRow>($"{Select} WHERE g.id = @id", new { id, today = today.Number }, transaction);

    /// <summary>SQL: keys of who is in the group with the id @group on the workday @today.</summary>
    public const string Members =
        """
        SELECT m.person FROM group_member m JOIN people_group g ON g.key = m.people_group
        WHERE g.id = @group AND m.from_day <= @today AND (m.until IS NULL OR m.until > @today)
        """;

    /// <summary>Ids of the groups of each of these people on a workday, in order.</summary>
    public static ILookup<long, string> IdsOf(DbConnection connection, IReadOnlyCollection<long> people, Workday today) =>
        connection.Query<(long Person, string Id)>(
            $"""
            SELECT m.person, g.id FROM group_member m JOIN people_group g ON g.key = m.people_group
            WHERE m.from_day <= @today AND (m.until IS NULL OR m.until > @today) AND {Dialect.Of(connection).Among("m.person", "people")}
            ORDER BY g.id
            """, new { today = today.Number, people = people.ToArray() }).ToLookup(m => m.Person, m => m.Id);

    /// <summary>Names of the groups that somebody is in today; null where there is none.</summary>
    public static string? NamesOf(DbConnection connection, long person, Workday today) => string.Join(", ", connection.Query<string>(
        """
        SELECT g.name FROM group_member m JOIN people_group g ON g.key = m.people_group AND g.archived = 0
        WHERE m.person = @person AND m.from_day <= @today AND (m.until IS NULL OR m.until > @today) ORDER BY g.name
        """, new { person, today = today.Number })) is { Length: > 0 } names ? names : null;

    /// <summary>Active people of the scope who are in the group, or will be; or those who are not.</summary>
    public static List<GroupPerson> People(DbConnection connection, DataScope scope, long group, bool areIn, Workday today) =>
    [
        .. connection.Query<(string Id, string Name, string? Email, string? Team, string? TeamId, int? From, int? Until)>(
            $"""
            SELECT p.id, p.name, p.email, t.name, t.id, m.from_day, m.until FROM person p
            LEFT JOIN person_team pt ON pt.person = p.key
              AND pt.from_day = (SELECT MAX(d.from_day) FROM person_team d WHERE d.person = p.key AND d.from_day <= @today)
            LEFT JOIN team t ON t.key = pt.team
            LEFT JOIN group_member m ON m.person = p.key AND m.people_group = @group
              AND m.from_day = (SELECT MAX(g.from_day) FROM group_member g WHERE g.person = p.key AND g.people_group = @group)
            WHERE p.active = 1 AND {scope.Covers("p.key")}
            """, scope.With(new { group, today = today.Number }))
            .Where(p => areIn == (p.From is not null && !(p.Until <= today.Number)))
            .Select(p => new GroupPerson(p.Id, p.Name, p.Email, p.Team, p.TeamId,
                areIn && p.From > today.Number ? new Workday(p.From.Value) : null,
                areIn && p.Until is { } until ? new Workday(until) : null))
            .OrderBy(p => p.Name, StringComparer.Create(CultureInfo.CurrentUICulture, ignoreCase: true))
            .ThenBy(p => p.Id, StringComparer.Ordinal),
    ];
}
