using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.People;
using Laurel.App.Platform.Access;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Team;

/// <summary>Which people of the scope are asked for.</summary>
public enum TeamShown { Everybody, WithoutBadge, Flagged }

/// <summary>What somebody holds, for a line of a list.</summary>
/// <param name="Newest">The achievement that was earned last.</param>
public sealed record TeamMember(PersonName Person, int Badges, long Times, HeldBadge? Newest, long Flagged);

/// <summary>How many there are in a scope.</summary>
public sealed record TeamFigures(long People, long WithBadge, long Flagged);

/// <summary>An award that no longer holds.</summary>
public sealed record FlaggedAward(
    long Key, long Achievement, int Tier, string PersonId, string Person, DateTimeOffset EarnedAt, DateTimeOffset FlaggedAt);

/// <summary>The SQL of a leader's view of the team's achievements, always within the data scope.</summary>
public static class TeamStore
{
    private const string Team = """
        (SELECT tm.team FROM person_team tm WHERE tm.person = p.key AND tm.from_day <= @today ORDER BY tm.from_day DESC LIMIT 1)
        """;

    /// <summary>What is in test is not there for anybody.</summary>
    private const string Present = "IN (SELECT key FROM present_achievement)";

    private const string HasAny = $"EXISTS (SELECT 1 FROM holding h WHERE h.person = p.key AND h.achievement {Present})";

    public static TeamFigures Figures(DbConnection connection, DataScope scope)
    {
        var (people, with) = connection.QuerySingle<(long, long)>(
            $"""
            SELECT count(*), coalesce(sum(CASE WHEN {HasAny} THEN 1 ELSE 0 END), 0)
            FROM person p WHERE p.active = 1 AND {Roles.AreAgents("p.role")} AND {scope.Covers("p.key")}
            """, scope.With());
        return new(people, with, connection.ExecuteScalar<long>(
            $"""
            SELECT count(*) FROM award w JOIN person p ON p.key = w.person AND p.active = 1
            WHERE w.flagged_at IS NOT NULL AND w.revoked_at IS NULL AND +w.achievement {Present} AND {scope.Covers("w.person")}
            """, scope.With()));
    }

    /// <summary>Teams that people of the scope are in today.</summary>
    public static List<(long Key, string Name)> Teams(DbConnection connection, DataScope scope, Workday today) =>
        [.. connection.Query<(long, string)>(
            $"""
            SELECT t.key, t.name FROM team t WHERE t.key IN (
              SELECT m.team FROM person_team m JOIN person p ON p.key = m.person AND p.active = 1
              WHERE m.from_day = (SELECT MAX(d.from_day) FROM person_team d WHERE d.person = m.person AND d.from_day <= @today)
                AND {scope.Covers("p.key")}) ORDER BY t.name, t.key
            """, scope.With(new { today = today.Number }))];

    /// <summary>
    /// Teams of which each active member of today is in the scope, by name: what is told of a team as such is told of these.
    /// </summary>
    public static List<(long Key, string Name)> Whole(DbConnection connection, DataScope scope, Workday today)
    {
        var teams = Teams(connection, scope, today);
        if (scope.IsOfTeams || teams.Count == 0) return teams;
        var inPart = connection.Query<long>(
            $"""
            SELECT DISTINCT m.team FROM person_team m JOIN person p ON p.key = m.person AND p.active = 1
            WHERE m.from_day = (SELECT MAX(d.from_day) FROM person_team d WHERE d.person = m.person AND d.from_day <= @today)
              AND NOT {scope.Covers("p.key")}
            """, scope.With(new { today = today.Number })).ToHashSet();
        return [.. teams.Where(t => !inPart.Contains(t.Key))];
    }

    /// <summary>Active people of the scope, by name: how many fit, and the keys of some of them.</summary>
    /// <param name="text">A part of the name or the id, whatever its case and accents; all where it is empty.</param>
    public static (int All, List<long> Some) People(
        DbConnection connection, Everybody everybody, DataScope scope, TeamShown shown, long? team, string text, Workday today,
        int skip, int most)
    {
        var which = shown switch
        {
            TeamShown.Everybody => "",
            TeamShown.WithoutBadge => $"AND NOT {HasAny}",
            TeamShown.Flagged =>
                $"""
                AND p.key IN (SELECT w.person FROM award w
                  WHERE w.flagged_at IS NOT NULL AND w.revoked_at IS NULL AND +w.achievement {Present})
                """,
        };
        var from = $"""
            FROM person p
            WHERE p.active = 1 AND ({Roles.AreAgents("p.role")} OR {HasAny})
              AND {scope.Covers("p.key")} {which} {(team is null ? "" : $"AND {Team} = @team")}
            """;
        var of = scope.With(new { team, today = today.Number, skip, most });
        // No database knows all accents.
        if (everybody.Matching(connection, scope, text)?.ToHashSet() is { } matching)
        {
            var fitting = connection.Query<long>($"SELECT p.key {from} ORDER BY p.name, p.key", of).Where(matching.Contains).ToList();
            return (fitting.Count, [.. fitting.Skip(skip).Take(most)]);
        }
        return (connection.ExecuteScalar<int>($"SELECT count(*) {from}", of),
            [.. connection.Query<long>($"SELECT p.key {from} ORDER BY p.name, p.key LIMIT @most OFFSET @skip", of)]);
    }

    /// <summary>What people hold, in their order.</summary>
    public static List<TeamMember> Members(DbConnection connection, IReadOnlyCollection<long> people, Workday today)
    {
        if (people.Count == 0) return [];
        var (among, of) = (Dialect.Of(connection).Among("person", "people"), new { people = people.ToArray() });
        var names = PeopleNames.Of(connection, people, today);
        // The tier is that of the award that came last, which need not be the highest one.
        var held = connection.Query<(long Person, long Achievement, long Tier, long Times, long Newest)>(
            $"""
            SELECT h.person, h.achievement,
              (SELECT max(w.tier) FROM award w
               WHERE w.achievement = h.achievement AND w.tier IN (0, 1, 2, 3) AND w.person = h.person AND w.earned_at = h.newest
                 AND w.revoked_at IS NULL), h.times, h.newest
            FROM holding h WHERE {among} AND h.achievement {Present}
            """, of)
            .ToLookup(h => h.Person);
        var flagged = connection.Query<(long Person, long Count)>(
            $"""
            SELECT person, count(*) FROM award
            WHERE {among} AND flagged_at IS NOT NULL AND revoked_at IS NULL AND achievement {Present} GROUP BY person
            """, of)
            .ToDictionary(f => f.Person, f => f.Count);
        return
        [
            .. people.Where(names.ContainsKey).Select(person =>
            {
                var own = held[person].ToList();
                var newest = own.Count == 0 ? default : own.MaxBy(h => (h.Newest, h.Achievement));
                return new TeamMember(names[person], own.Count, own.Sum(h => h.Times),
                    own.Count == 0 ? null : new(newest.Achievement, (int)newest.Tier, newest.Times, At(newest.Newest), At(newest.Newest)),
                    flagged.GetValueOrDefault(person));
            }),
        ];
    }

    /// <summary>Awards of the scope that no longer hold, the newest flag first.</summary>
    public static List<FlaggedAward> Flagged(DbConnection connection, DataScope scope, long? team, Workday today, int skip, int most) =>
        [.. connection.Query<(long Key, long Achievement, long Tier, string Id, string Name, long EarnedAt, long FlaggedAt)>(
            $"""
            SELECT w.key, w.achievement, w.tier, p.id, p.name, w.earned_at, w.flagged_at
            FROM award w JOIN person p ON p.key = w.person AND p.active = 1
            WHERE w.flagged_at IS NOT NULL AND w.revoked_at IS NULL AND +w.achievement {Present} AND {scope.Covers("w.person")}
              {(team is null ? "" : $"AND {Team} = @team")}
            ORDER BY w.flagged_at DESC, w.key DESC LIMIT @most OFFSET @skip
            """, scope.With(new { team, today = today.Number, skip, most }))
            .Select(w => new FlaggedAward(w.Key, w.Achievement, (int)w.Tier, w.Id, w.Name, At(w.EarnedAt), At(w.FlaggedAt)))];

    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
