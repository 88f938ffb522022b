using Dapper;
using Laurel.App.Platform.Access;
using Laurel.Storage;

namespace Laurel.App.Tests.Platform.Access;

/// <summary>Whom each reach covers, on small and on random floors, as one counts it out by hand.</summary>
public sealed class DataScopeTests : IDisposable
{
    private const int Today = 20_524;
    private readonly string folder = Directory.CreateTempSubdirectory("laurel-scope-").FullName;
    private readonly Database database;

    public DataScopeTests()
    {
        database = TestDatabase.New(folder);
        Floor.Lay(database, Today * 86_400_000L);
    }

    public void Dispose()
    {
        TestDatabase.Drop(database);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("agent", "agent")]
    [InlineData("leader", "agent colleague leader")]
    [InlineData("admin", "admin agent colleague leader other")]
    public void Default_scope_of_a_role_covers(string person, string seen) => Seen(Of(person)).ShouldBe(seen);

    [Fact]
    public void Nobody_covers_nobody() => Seen(DataScope.Nobody).ShouldBe("");

    [Fact]
    public void Teams_also_covers_managed_teams()
    {
        Run("INSERT INTO managed_team (person, team) SELECT p.key, t.key FROM person p, team t WHERE p.id = 'leader' AND t.id = 'care'");
        Seen(Of("leader")).ShouldBe("agent colleague leader other");
        Seen(Of("leader", reach: DataReach.OwnTeam)).ShouldBe("agent colleague leader");
    }

    [Fact]
    public void Teams_follows_a_move_from_its_day_on()
    {
        Run($"""
            INSERT INTO person_team (person, from_day, team)
            SELECT p.key, {Today + 1}, t.key FROM person p, team t WHERE p.id = 'agent' AND t.id = 'care'
            """);
        Seen(Of("leader", Today)).ShouldBe("agent colleague leader");
        Seen(Of("leader", Today + 1)).ShouldBe("colleague leader");
    }

    [Fact]
    public void Teams_of_a_leader_without_team_covers_the_leader()
    {
        Run("DELETE FROM person_team WHERE person = (SELECT key FROM person WHERE id = 'leader')");
        Seen(Of("leader")).ShouldBe("leader");
    }

    [Fact]
    public void Both_cover_whom_each_covers()
    {
        var (team, all) = (Of("leader"), DataScope.Company);
        team.And(all).ShouldBe(team);
        all.And(team).ShouldBe(team);
        Seen(team.And(Of("leader", reach: DataReach.Self))).ShouldBe("leader");
        Seen(Of("leader", reach: DataReach.Groups).And(team)).ShouldBe("leader");
        Seen(team.And(DataScope.Nobody)).ShouldBe("");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Each_reach_covers_whom_one_counts_out_by_hand(int seed)
    {
        var random = new Random(seed);
        var floor = RandomFloorOfScopes.Lay(database, random, Today);
        for (var i = 0; i < 60; i++)
        {
            var (person, day, reach) = (floor.People[random.Next(floor.People.Count)], Today + random.Next(-6, 7),
                Reaches.All[random.Next(Reaches.All.Count)]);
            Seen(Of(person, day, reach)).ShouldBe(string.Join(' ', floor.Covered(person, day, reach).Order(StringComparer.Ordinal)),
                $"seed {seed}: {person} on {day} as far as {reach}");
        }
    }

    private DataScope Of(string id, int today = Today, DataReach? reach = null)
    {
        using var c = database.Read();
        var (key, role) = c.QuerySingle<(long, string)>("SELECT key, role FROM person WHERE id = @id", new { id });
        var held = new RoleStore().Current(c).Of(role);
        return DataScope.Of(
            new Account(key, id, id, held, true, "", false, null, null, "Europe/Vilnius", today, null, true),
            reach ?? Grants.Reach(held.Kind, Permissions.PeopleView));
    }

    private string Seen(DataScope scope)
    {
        using var c = database.Read();
        return string.Join(' ', c.Query<string>($"SELECT p.id FROM person p WHERE {scope.Covers("p.key")}", scope.With())
            .Order(StringComparer.Ordinal));
    }

    private void Run(string sql) => database.Write((c, t) => c.Execute(sql, transaction: t));
}
