using Dapper;
using Laurel.App.Platform.Access;
using Laurel.Storage;

namespace Laurel.App.Tests.Platform.Access;

public sealed class DataScopeTests : IDisposable
{
    private const int Today = 20_524;
    private readonly string folder = Directory.CreateTempSubdirectory("laurel-scope-").FullName;
    private readonly SqliteDatabase database;

    public DataScopeTests()
    {
        database = new SqliteDatabase(Path.Combine(folder, "laurel.db"));
        database.Migrate();
        Floor.Lay(database, Today * 86_400_000L);
    }

    public void Dispose()
    {
        database.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("agent", "agent")]
    [InlineData("leader", "agent colleague leader")]
    [InlineData("admin", "admin agent colleague leader other")]
    public void Scope_of_a_role_covers(string person, string seen) => Seen(Of(person)).ShouldBe(seen);

    [Fact]
    public void Nobody_covers_nobody() => Seen(DataScope.Nobody).ShouldBe("");

    [Fact]
    public void Teams_also_covers_managed_teams()
    {
        Run("INSERT INTO managed_team (person, team) SELECT p.key, t.key FROM person p, team t WHERE p.id = 'leader' AND t.id = 'care'");
        Seen(Of("leader")).ShouldBe("agent colleague leader other");
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

    private DataScope Of(string id, int today = Today)
    {
        using var c = database.Read();
        var (key, role) = c.QuerySingle<(long, string)>("SELECT key, role FROM person WHERE id = @id", new { id });
        return DataScope.Of(new Account(
            key, id, id, Roles.Find(role)!.Value, true, "", false, null, null, "Europe/Vilnius", today, null, true));
    }

    private string Seen(DataScope scope)
    {
        using var c = database.Read();
        return string.Join(' ', c.Query<string>($"SELECT p.id FROM person p WHERE {scope.Covers("p.key")} ORDER BY p.id", scope.With()));
    }

    private void Run(string sql) => database.Write((c, t) => c.Execute(sql, transaction: t));
}
