using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.People;
using Laurel.App.Platform.Access;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Today;

public sealed record LedTeam(long Key, string Id, string Name);

/// <summary>The SQL of a leader's start page, always within the data scope.</summary>
public static class TeamStore
{
    /// <summary>The own team first, then those that are led beside it.</summary>
    public static List<LedTeam> Led(DbConnection connection, long leader, Workday today) =>
        [.. connection.Query<(long Key, string Id, string Name)>(
            """
            SELECT t.key, t.id, t.name FROM team t
            WHERE t.key = (SELECT team FROM person_team WHERE person = @leader AND from_day <= @today ORDER BY from_day DESC LIMIT 1)
            """, new { leader, today = today.Number })
            .Concat(connection.Query<(long, string, string)>(
                "SELECT t.key, t.id, t.name FROM managed_team m JOIN team t ON t.key = m.team WHERE m.person = @leader ORDER BY t.name",
                new { leader }))
            .Select(t => new LedTeam(t.Item1, t.Item2, t.Item3)).DistinctBy(t => t.Key)];

    /// <summary>Active people of the scope, without the leader.</summary>
    public static List<PersonName> People(DbConnection connection, DataScope scope, long leader, Workday today)
    {
        var keys = connection.Query<long>(
            $"SELECT p.key FROM person p WHERE p.active = 1 AND p.key <> @leader AND {scope.Covers("p.key")}", scope.With(new { leader }))
                .ToList();
        return keys.Count == 0 ? [] : [.. PeopleNames.Of(connection, keys, today).Values];
    }
}
