using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.People;

/// <summary>A division as lists show it.</summary>
public sealed record DivisionRow
{
    public long Key { get; init; }
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public long Archived { get; init; }
    /// <summary>Active people who are in it today.</summary>
    public long People { get; init; }

    public bool IsArchived => Archived != 0;
}

/// <summary>Somebody who is in a division, or could be.</summary>
/// <param name="Division">Name of the division of today; null where there is none.</param>
/// <param name="From">First workday in the division that the list is of, where that is still to come.</param>
public sealed record DivisionPerson(string Id, string Name, string? Team, string? Division, Workday? From);

/// <summary>The SQL of divisions and of who is in them: everybody is in one, or in none, from a workday on until the next.</summary>
public static class DivisionStore
{
    /// <summary>SQL: keys of who is in the division with the id @division on the workday @today.</summary>
    public const string Members =
        """
        SELECT m.person FROM person_division m JOIN division v ON v.key = m.division
        WHERE v.id = @division
          AND m.from_day = (SELECT MAX(d.from_day) FROM person_division d WHERE d.person = m.person AND d.from_day <= @today)
        """;

    private const string Select =
        """
        SELECT v.key, v.id, v.name, v.archived,
          (SELECT COUNT(*) FROM person_division m JOIN person p ON p.key = m.person AND p.active = 1
           WHERE m.division = v.key
             AND m.from_day = (SELECT MAX(d.from_day) FROM person_division d WHERE d.person = m.person AND d.from_day <= @today)) AS people
        FROM division v
        """;

    /// <summary>By name, in the reader's language; those that are put away last.</summary>
    public static List<DivisionRow> All(DbConnection connection, Workday today) =>
    [
        .. connection.Query<DivisionRow>(Select, new { today = today.Number }).OrderBy(v => v.Archived)
            .ThenBy(v => v.Name, StringComparer.Create(CultureInfo.CurrentUICulture, ignoreCase: true)),
    ];

    public static DivisionRow? Find(DbConnection connection, string id, DbTransaction? transaction = null, Workday today = default) =>
        connection.QueryFirstOrDefault<DivisionRow>($"{Select} WHERE v.id = @id", new { id, today = today.Number }, transaction);

    /// <summary>Id of the division of each of these people on a workday; who is in none is left out.</summary>
    public static Dictionary<long, string> IdsOf(DbConnection connection, IReadOnlyCollection<long> people, Workday today) =>
        connection.Query<(long Person, string Id)>(
            $"""
            SELECT m.person, v.id FROM person_division m JOIN division v ON v.key = m.division
            WHERE m.from_day = (SELECT MAX(d.from_day) FROM person_division d WHERE d.person = m.person AND d.from_day <= @today)
              AND {Dialect.Of(connection).Among("m.person", "people")}
            """, new { today = today.Number, people = people.ToArray() }).ToDictionary(m => m.Person, m => m.Id);

    /// <summary>Id of the division that somebody is in on a workday; null where there is none.</summary>
    public static string? On(DbConnection connection, DbTransaction? transaction, long person, Workday day) =>
        connection.QueryFirstOrDefault<string?>(
            """
            SELECT v.id FROM person_division m LEFT JOIN division v ON v.key = m.division
            WHERE m.person = @person AND m.from_day <= @day ORDER BY m.from_day DESC LIMIT 1
            """, new { person, day = day.Number }, transaction);

    /// <summary>First workdays of other divisions that are still to come, by their names; null: in none.</summary>
    public static IReadOnlyList<(Workday From, string? Division)> ToCome(DbConnection connection, long person, Workday today) =>
    [
        .. connection.Query<(int From, string? Name)>(
            """
            SELECT m.from_day, v.name FROM person_division m LEFT JOIN division v ON v.key = m.division
            WHERE m.person = @person AND m.from_day > @today ORDER BY m.from_day
            """, new { person, today = today.Number }).Select(m => (new Workday(m.From), m.Name)),
    ];

    /// <summary>
    /// From a workday on somebody is in this division, or in none: what was said for later is taken back. False where that was known.
    /// </summary>
    public static bool Set(DbConnection connection, DbTransaction transaction, long person, long? division, Workday from)
    {
        var spans = connection.Query<(int From, long? Division)>(
            "SELECT from_day, division FROM person_division WHERE person = @person ORDER BY from_day", new { person }, transaction)
            .ToList();
        var before = spans.LastOrDefault(s => s.From < from.Number).Division;
        var later = spans.Where(s => s.From >= from.Number).ToList();
        if (before == division ? later.Count == 0 : later is [var one] && one == (from.Number, division)) return false;
        connection.Execute("DELETE FROM person_division WHERE person = @person AND from_day >= @from", new { person, from = from.Number },
            transaction);
        if (before != division)
            connection.Execute("INSERT INTO person_division (person, from_day, division) VALUES (@person, @from, @division)",
                new { person, from = from.Number, division }, transaction);
        return true;
    }

    /// <summary>Active people who are in the division, or will be; or those who are not. By name, in the reader's language.</summary>
    /// <param name="text">A part of the name, the id or the email; empty for all.</param>
    /// <param name="team">Id of the team of today; empty for all.</param>
    /// <param name="most">So many are read whole; of the others the id is known.</param>
    public static (IReadOnlyList<string> Ids, IReadOnlyList<DivisionPerson> Shown) People(
        DbConnection connection, Everybody everybody, long division, bool areIn, string? text, string? team, Workday today, int most)
    {
        var now = connection.Query<long>(
            """
            SELECT m.person FROM person_division m WHERE m.division = @division
              AND m.from_day = (SELECT MAX(d.from_day) FROM person_division d WHERE d.person = m.person AND d.from_day <= @today)
            """, new { division, today = today.Number }).ToHashSet();
        var next = connection.Query<(long Person, int From)>(
            """
            SELECT m.person, m.from_day FROM person_division m WHERE m.division = @division
              AND m.from_day = (SELECT MIN(d.from_day) FROM person_division d WHERE d.person = m.person AND d.from_day > @today)
            """, new { division, today = today.Number }).ToDictionary(m => m.Person, m => new Workday(m.From));
        var found = everybody.Narrowed(connection, text, team, today.Number)
            .Where(p => p.Active && (now.Contains(p.Key) || next.ContainsKey(p.Key)) == areIn).ToList();
        var teams = everybody.Teams(connection, today.Number).ByPerson;
        List<KnownByName> shown = [.. found.Take(most)];
        var names = connection.Query<(long Person, string Name)>(
            $"""
            SELECT m.person, v.name FROM person_division m JOIN division v ON v.key = m.division
            WHERE m.from_day = (SELECT MAX(d.from_day) FROM person_division d WHERE d.person = m.person AND d.from_day <= @today)
              AND {Dialect.Of(connection).Among("m.person", "people")}
            """, new { today = today.Number, people = shown.Select(p => p.Key).ToArray() }).ToDictionary(m => m.Person, m => m.Name);
        return ([.. found.Select(p => p.Id)],
        [
            .. shown.Select(p => new DivisionPerson(p.Id, p.Name, teams.GetValueOrDefault(p.Key)?.Name, names.GetValueOrDefault(p.Key),
                areIn && !now.Contains(p.Key) ? next[p.Key] : null)),
        ]);
    }
}
