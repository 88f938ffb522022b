using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Leaderboards;

/// <summary>The SQL of leaderboards; run when a board is made, never when one is looked at.</summary>
public static class LeaderboardStore
{
    /// <summary>
    /// Moves on with every activity that is added, whichever node adds it. Taking one back moves nothing: of this node's own
    /// <see cref="ChangedMetrics"/> tells that too.
    /// </summary>
    public static long LastActivity(DbConnection connection) =>
        connection.ExecuteScalar<long?>("SELECT max(key) FROM activity") ?? 0;

    /// <summary>The metrics that have a board, in the organisation's order; of each the newest version that is counted.</summary>
    public static List<BoardMetric> Metrics(DbConnection connection, RuleSet rules) =>
        [.. connection.Query<(long Key, long HasData)>(
            """
            SELECT m.key, EXISTS (SELECT 1 FROM rollup r WHERE r.metric = m.key) FROM metric m
            WHERE m.hidden = 0 AND m.ready = 1 AND m.archived = 0
              AND m.version = (SELECT max(version) FROM metric WHERE id = m.id AND ready = 1)
            ORDER BY m.position, m.key
            """)
            .Select(r => (Kept: rules.Kept(new(r.Key)), r.HasData))
            // Work that needs nobody, such as an abandoned call, ranks nobody.
            .Where(m => m.HasData != 0 || rules.TypesOf(m.Kept.Metric).Any(t => rules.Type(t) is { Type.NeedsPerson: true }))
            .Select(m => new BoardMetric(m.Kept.Metric, LocalText.Parse(m.Kept.Name)))];

    public static BoardPeople People(DbConnection connection)
    {
        var teams = connection.Query<(long Key, string Id, string Name)>("SELECT key, id, name FROM team")
            .ToDictionary(t => t.Key, t => new BoardTeam(t.Key, t.Id, t.Name));
        var dated =
            connection.Query<(long Person, int From, long Team)>("SELECT person, from_day, team FROM person_team ORDER BY person, from_day")
            .ToLookup(r => new PersonKey(r.Person), r => (new Workday(r.From), teams[r.Team]));
        var people = connection.Query<(long Key, string Id, string Name)>("SELECT key, id, name FROM person WHERE active = 1")
            .Select(p => new BoardPerson(new(p.Key), p.Id, p.Name, [.. dated[new(p.Key)]]));
        return new(people.ToDictionary(p => p.Key), [.. teams.Values]);
    }
}
