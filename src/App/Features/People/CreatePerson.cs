using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.People;

/// <summary>Makes a person of whom only an activity tells, in the transaction that takes the activity in.</summary>
public static class CreatePerson
{
    /// <param name="team">From the beginning, where it is known; its site then is the person's.</param>
    /// <param name="by">Whose activity it was.</param>
    public static FloorPerson Run(
        DbConnection connection, DbTransaction transaction, Floor floor, Site home, string id, string? name, string? team,
        Actor by, long now)
    {
        var key = connection.ExecuteScalar<long>(
            "INSERT INTO person (id, name, created_at) VALUES (@id, @name, @now) RETURNING key",
            new { id, name = name ?? id, now }, transaction);
        var (site, role) = (home, connection.ExecuteScalar<string>("SELECT role FROM person WHERE key = @key", new { key }, transaction)!);
        long? joined = null;
        if (team is { Length: > 0 } && floor.Team(team) is { } known)
        {
            (site, joined) = (known.Site, known.Key);
            connection.Execute("INSERT INTO person_team (person, from_day, team) VALUES (@key, @from, @team)",
                new { key, from = Workday.Beginning.Number, team = known.Key }, transaction);
        }
        connection.Execute("INSERT INTO person_site (person, from_day, site) VALUES (@key, @from, @site)",
            new { key, from = Workday.Beginning.Number, site = site.Key }, transaction);
        Audit.Write(connection, transaction, by, now, "person.added", name ?? id, new("key", null, id), new("role", null, Role.Agent.Id()),
            new("team", null, team is { Length: > 0 } && floor.Team(team) is not null ? team : null));
        Rulebook.TouchFloor(connection, transaction);
        return new FloorPerson(new(key), id, [(Workday.Beginning, site)])
        {
            Places = new([(Workday.Beginning, new(joined, [], role))]),
        };
    }
}
