using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.People;

/// <summary>A person as a line on a page.</summary>
public sealed record PersonName(long Key, string Id, string Name, string? Team, bool Active, bool Invented = false);

/// <summary>The SQL of who people are, with the team of a workday.</summary>
public static class PeopleNames
{
    private const string Select = """
        SELECT p.key, p.id, p.name, p.active, p.invented,
          (SELECT t.name FROM person_team pt JOIN team t ON t.key = pt.team WHERE pt.person = p.key AND pt.from_day <= @today
           ORDER BY pt.from_day DESC LIMIT 1) AS team
        FROM person p
        """;

    public static Dictionary<long, PersonName> Of(DbConnection connection, IReadOnlyCollection<long> people, Workday today) =>
        Names(connection.Query<Row>($"{Select} WHERE {Dialect.Of(connection).Among("p.key", "people")}",
            new { people = people.ToArray(), today = today.Number })).ToDictionary(p => p.Key);

    public static PersonName? Find(DbConnection connection, string id, Workday today) =>
        Names(connection.Query<Row>($"{Select} WHERE p.id = @id", new { id, today = today.Number })).SingleOrDefault();

    /// <summary>Null where the person has no address.</summary>
    public static string? Email(DbConnection connection, long person) =>
        connection.ExecuteScalar<string?>("SELECT email FROM person WHERE key = @person", new { person });

    /// <summary>Whether somebody's data may be seen with this scope.</summary>
    public static bool InScope(DbConnection connection, DataScope scope, long person) => connection.ExecuteScalar<long>(
        $"SELECT count(*) FROM person p WHERE p.key = @person AND {scope.Covers("p.key")}", scope.With(new { person })) > 0;

    private static IEnumerable<PersonName> Names(IEnumerable<Row> rows) =>
        rows.Select(r => new PersonName(r.Key, r.Id, r.Name, r.Team, r.Active != 0, r.Invented != 0));

    private sealed record Row
    {
        public long Key { get; init; }
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public long Active { get; init; }
        public long Invented { get; init; }
        public string? Team { get; init; }
    }
}
