using System.Data.Common;
using System.Globalization;
using Dapper;
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
public sealed record GroupPerson(string Id, string Name, string? Team, Workday? From, Workday? Until);

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

    /// <summary>Active people who are in the group, or will be; or those who are not. By name, in the reader's language.</summary>
    /// <param name="text">A part of the name, the id or the email; empty for all.</param>
    /// <param name="team">Id of the team of today; empty for all.</param>
    /// <param name="most">So many are read whole; of the others the id is known.</param>
    public static (IReadOnlyList<string> Ids, IReadOnlyList<GroupPerson> Shown) People(
        DbConnection connection, Everybody everybody, long group, bool areIn, string? text, string? team, Workday today, int most)
    {
        var spans = connection.Query<(long Person, int From, int? Until)>(
            """
            SELECT m.person, m.from_day, m.until FROM group_member m WHERE m.people_group = @group
              AND m.from_day = (SELECT MAX(g.from_day) FROM group_member g WHERE g.person = m.person AND g.people_group = @group)
            """, new { group }).Where(m => !(m.Until <= today.Number)).ToDictionary(m => m.Person);
        var found = everybody.Narrowed(connection, text, team, today.Number)
            .Where(p => p.Active && spans.ContainsKey(p.Key) == areIn).ToList();
        var teams = everybody.Teams(connection, today.Number).ByPerson;
        return ([.. found.Select(p => p.Id)],
        [
            .. found.Take(most).Select(p =>
            {
                var span = areIn ? spans[p.Key] : default;
                return new GroupPerson(p.Id, p.Name, teams.GetValueOrDefault(p.Key)?.Name,
                    span.From > today.Number ? new Workday(span.From) : null, span.Until is { } until ? new Workday(until) : null);
            }),
        ]);
    }
}
