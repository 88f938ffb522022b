using System.Text.Json;
using Dapper;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Storage;

namespace Laurel.App.Tests.Features.Verifying;

/// <summary><c>laurel verify</c> as whoever types it meets it.</summary>
public sealed class VerifyVerbTests : IDisposable
{
    private readonly LaurelProgram laurel = new();

    public void Dispose() => laurel.Dispose();

    [Fact]
    public async Task Verify_does_what_is_due_and_then_finds_a_healthy_database_equal()
    {
        await Prepare();
        // A closing that has not run: it is due, and done before anything is compared.
        Write("UPDATE site SET closed_through = closed_through - 3; DELETE FROM award");
        var ran = await laurel.Run("verify", "--json");
        ran.Exit.ShouldBe(0, ran.Says);
        var line = JsonDocument.Parse(ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Single()).RootElement;
        line.EnumerateObject().Select(p => p.Name).ShouldBe(["activities", "rollups", "awards", "differences", "seconds"]);
        line.GetProperty("activities").GetInt64().ShouldBe(1);
        line.GetProperty("awards").GetInt64().ShouldBe(1);
        line.GetProperty("differences").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Verify_names_differences_one_a_line_with_exit_1()
    {
        await Prepare();
        Write("DELETE FROM rollup; UPDATE award SET value = 2000");
        var ran = await laurel.Run("verify");
        ran.Exit.ShouldBe(1, ran.Says);
        var lines = ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldStartWith("rollup of cases, greta, ");
        lines[1].ShouldStartWith("award best, greta, ");
        lines[2].ShouldStartWith("1 activity, 1 rollup, 1 award: 2 differences (");
        lines.Length.ShouldBe(3);
    }

    [Fact]
    public async Task Verify_of_no_database_is_bad_usage_and_makes_none()
    {
        var ran = await laurel.Run("verify");
        ran.Exit.ShouldBe(2, ran.Says);
        ran.Err.ShouldStartWith("laurel: there is no database data/laurel.db");
        laurel.Files.ShouldBeEmpty();
    }

    private async Task Prepare()
    {
        laurel.Write("setup.yaml", """
            site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
            people: [ { id: greta } ]
            activity-types: [ { id: case } ]
            metrics: [ { id: cases, types: [case] } ]
            achievements: [ { id: best, type: best-of-period, metric: cases, period: yesterday, history: all } ]
            """);
        laurel.Write("mapping.yaml", """
            source: desk
            times: { at: { column: at, format: iso } }
            activities: [ { type: case, id: "{id}", person: who, at: at } ]
            """);
        // The day before yesterday has closed wherever the clock stands.
        laurel.Write("cases.csv", $"id,who,at\n1,greta,{TimeProvider.System.GetUtcNow().AddDays(-2):yyyy-MM-dd}T10:00:00Z\n");
        foreach (var ran in (Ran[])[await laurel.Run("apply", "setup.yaml"),
            await laurel.Run("import", "cases.csv", "--mapping", "mapping.yaml")])
            ran.Exit.ShouldBe(0, ran.Says);
    }

    private void Write(string sql)
    {
        using var database = new SqliteDatabase(Path.Combine(laurel.Folder, "data", "laurel.db"));
        database.Write((c, t) => c.Execute(sql, transaction: t));
    }
}
