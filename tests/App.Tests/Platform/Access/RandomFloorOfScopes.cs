using Dapper;
using Laurel.App.Platform.Access;
using Laurel.Storage;

namespace Laurel.App.Tests.Platform.Access;

/// <summary>People who move between teams and groups, written down twice: in the database, and as one would on paper.</summary>
internal sealed class RandomFloorOfScopes
{
    private readonly Dictionary<string, SortedDictionary<int, string>> teams = [];
    private readonly Dictionary<string, List<(string Group, int From, int? Until)>> groups = [];
    private readonly Dictionary<string, HashSet<string>> managed = [];
    private readonly Dictionary<string, SortedDictionary<int, string?>> divisions = [];

    public List<string> People { get; } = [];

    /// <summary>Everybody whom the person sees on a day, by the words of docs/permissions.md.</summary>
    public IEnumerable<string> Covered(string person, int day, DataReach reach) => People.Where(other => other == person || reach switch
    {
        DataReach.Self => false,
        DataReach.Company => true,
        DataReach.OwnTeam => Team(other, day) is { } team && team == Team(person, day),
        DataReach.ManagedTeams => Team(other, day) is { } team && (team == Team(person, day) || managed[person].Contains(team)),
        DataReach.Division => Division(other, day) is { } division && division == Division(person, day),
        DataReach.Groups => Groups(other, day).Intersect(Groups(person, day)).Any(),
    });

    private string? Team(string person, int day)
    {
        string? last = null;
        foreach (var (from, team) in teams[person]) if (from <= day) last = team;
        return last;
    }

    private string? Division(string person, int day)
    {
        string? last = null;
        foreach (var (from, division) in divisions[person]) if (from <= day) last = division;
        return last;
    }

    private IEnumerable<string> Groups(string person, int day) =>
        groups[person].Where(g => g.From <= day && !(g.Until <= day)).Select(g => g.Group);

    /// <summary>Beside the small floor, whose people are taken along.</summary>
    public static RandomFloorOfScopes Lay(Database database, Random random, int today)
    {
        var floor = new RandomFloorOfScopes();
        database.Write((c, t) =>
        {
            string[] allTeams = ["retention", "care", "t1", "t2"], allGroups = ["g1", "g2", "g3"];
            c.Execute("INSERT INTO team (id, name, site) VALUES ('t1', 'One', 1), ('t2', 'Two', 1)", transaction: t);
            foreach (var group in allGroups) c.Execute("INSERT INTO people_group (id, name) VALUES (@group, @group)", new { group }, t);
            c.Execute("INSERT INTO division (id, name) VALUES ('d1', 'd1'), ('d2', 'd2')", transaction: t);
            for (var i = 0; i < 9; i++)
                c.Execute("INSERT INTO person (id, name, created_at) VALUES (@id, @id, 0)", new { id = $"p{i}" }, t);
            c.Execute("DELETE FROM person_team", transaction: t);
            foreach (var (key, id) in c.Query<(long, string)>("SELECT key, id FROM person ORDER BY key", transaction: t).ToList())
            {
                floor.People.Add(id);
                var own = floor.teams[id] = [];
                for (var n = random.Next(4); n > 0; n--) own[today + random.Next(-8, 8)] = allTeams[random.Next(allTeams.Length)];
                foreach (var (from, team) in own)
                    c.Execute("INSERT INTO person_team (person, from_day, team) SELECT @key, @from, key FROM team WHERE id = @team",
                        new { key, from, team }, t);
                var led = floor.managed[id] = [.. allTeams.Where(_ => random.Next(4) == 0)];
                foreach (var team in led)
                    c.Execute("INSERT INTO managed_team (person, team) SELECT @key, key FROM team WHERE id = @team", new { key, team }, t);
                var within = floor.divisions[id] = [];
                for (var n = random.Next(4); n > 0; n--)
                    within[today + random.Next(-8, 8)] = random.Next(3) switch { 0 => null, 1 => "d1", _ => "d2" };
                foreach (var (from, division) in within)
                    c.Execute(
                        """
                        INSERT INTO person_division (person, from_day, division)
                        VALUES (@key, @from, (SELECT key FROM division WHERE id = @division))
                        """, new { key, from, division }, t);
                var spans = floor.groups[id] = [];
                foreach (var group in allGroups)
                {
                    if (random.Next(2) == 0) continue;
                    var from = today + random.Next(-8, 6);
                    spans.Add((group, from, random.Next(2) == 0 ? null : from + random.Next(1, 8)));
                }
                foreach (var (group, from, until) in spans)
                    c.Execute(
                        """
                        INSERT INTO group_member (person, people_group, from_day, until)
                        SELECT @key, key, @from, @until FROM people_group WHERE id = @group
                        """, new { key, group, from, until }, t);
            }
        });
        return floor;
    }
}
