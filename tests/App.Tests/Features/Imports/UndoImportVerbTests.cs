using System.Text.Json;
using Dapper;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Storage;

namespace Laurel.App.Tests.Features.Imports;

/// <summary>laurel import, list and undo as whoever types them meets them, on either database.</summary>
public sealed class UndoImportVerbTests : IDisposable
{
    private readonly LaurelProgram laurel = new();
    private readonly Database database;
    private readonly string place;

    public UndoImportVerbTests()
    {
        database = TestDatabase.New(laurel.Folder);
        place = TestDatabase.IsPostgres
            ? new UriBuilder(Environment.GetEnvironmentVariable("LAUREL_POSTGRES")!) { Path = new Uri(database.Place).AbsolutePath }
                .Uri.ToString()
            : Path.Combine(laurel.Folder, "laurel.db");
    }

    public void Dispose()
    {
        TestDatabase.Drop(database);
        laurel.Dispose();
    }

    [Fact]
    public async Task An_import_that_was_killed_is_told_to_be_broken_off_and_one_that_runs_to_be_running()
    {
        await SetUp();
        (await Import(laurel.Write("calls.csv", "id,who,at\n1,greta,2026-03-01T08:53:00Z\n"))).Exit.ShouldBe(0);
        using (var c = database.Read()) c.ExecuteScalar<long>("SELECT count(*) FROM import").ShouldBe(1);
        database.Write((c, t) => c.Execute("UPDATE import SET ended_at = NULL", transaction: t));
        (await Listed()).ShouldBe("broken off");
        // As long as the same process has the database it may still be at it.
        using (Holding())
        {
            database.Write((c, t) => c.Execute("UPDATE import SET begun_at = @now",
                new { now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() }, t));
            (await Listed()).ShouldBe("running");
        }
        (await Listed()).ShouldBe("broken off");

        IDisposable Holding() => TestDatabase.IsPostgres ? database.TryHold(2, shared: true)! : DatabaseOwner.Take(place)!;

        async Task<string> Listed() => (await Laurel("import", "list")).Out.TrimEnd().Split('\n')[1].Split('\t')[1];
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_not_made()
    {
        var file = laurel.Write("calls.csv", "id,who,at\n1,greta,2026-03-01T08:53:00Z\n");
        var wrong = Path.Combine(laurel.Folder, "larel.db");
        foreach (var verb in (string[][])
            [
                ["import", file, "--mapping", laurel.Write("mapping.yaml", Reading.Yaml())],
                ["values", "import", laurel.Write("v.csv", "person,date,value\n"), "--metric", "m"], ["import", "undo", "1"],
            ])
        {
            var refused = await laurel.Run([.. verb, "--database", wrong]);
            refused.Exit.ShouldBe(2, refused.Says);
            refused.Err.ShouldStartWith(
                $"laurel: there is no database {wrong}; name the right one by --database or LAUREL_DATABASE, or make it by laurel apply");
            File.Exists(wrong).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_wrong_file_is_listed_taken_back_and_imported_again()
    {
        await SetUp();
        var file = laurel.Write("calls.csv", "id,who,at\n1,greta,2026-03-01T08:53:00Z\n2,greta,2026-03-01T09:53:00Z\n"
            + "3,greta,2026-03-02T08:53:00Z\n4,nobody,2026-03-02T08:53:00Z\nx\n");
        var first = await Import(file);
        first.Exit.ShouldBe(0, first.Says);
        first.Out.ShouldContain("This was import 1; laurel import undo 1 takes it back.");
        (await Laurel("awards")).Out.ShouldContain("three,1,greta");

        var listed = await Laurel("import", "list");
        var lines = listed.Out.TrimEnd().Split('\n');
        lines[0].Split('\t').ShouldBe(["number", "state", "begun", "by", "source", "accepted", "held", "files"], listed.Says);
        lines[1].Split('\t').ShouldBe(
            ["1", "ended", lines[1].Split('\t')[2], Environment.UserName, "desk", "3", "1", "calls.csv"], listed.Says);
        lines.Length.ShouldBe(2);
        var record = JsonDocument.Parse((await Laurel("import", "list", "--json")).Out).RootElement[0];
        record.GetProperty("files")[0].GetProperty("sha256").GetString()!.Length.ShouldBe(64);
        (record.GetProperty("read").GetInt32(), record.GetProperty("rejected").GetInt32()).ShouldBe((5, 1));

        for (var number = 1; number <= 2; number++)
        {
            var undone = await Laurel("import", "undo", $"{number}", "--json");
            undone.Exit.ShouldBe(0, undone.Says);
            var report = JsonDocument.Parse(undone.Out).RootElement;
            (report.GetProperty("voided").GetInt32(), report.GetProperty("dropped").GetInt32(), report.GetProperty("kept").GetInt32(),
                report.GetProperty("interrupted").GetBoolean()).ShouldBe((3, 1, 0, false), undone.Says);
            (await Laurel("awards")).Out.ShouldNotContain("greta");
            (await Laurel("awards", "--flagged")).Out.ShouldContain("three,1,greta");
            var again = await Import(file, "--json");
            var counts = JsonDocument.Parse(again.Out).RootElement;
            (counts.GetProperty("import").GetInt32(), counts.GetProperty("accepted").GetInt32(), counts.GetProperty("held").GetInt32())
                .ShouldBe((number + 1, 3, 1), again.Says);
            (await Laurel("awards")).Out.ShouldContain("three,1,greta");
            (await Laurel("awards", "--flagged")).Out.ShouldNotContain("greta");
        }
        // Taken back is taken back: asked for again it says the same and changes nothing.
        (await Laurel("import", "undo", "1")).Out.ShouldContain("voided                  3");
        (await Laurel("awards")).Out.ShouldContain("three,1,greta");
        var verified = await Laurel("verify");
        verified.Exit.ShouldBe(0, verified.Says);
    }

    [Fact]
    public async Task What_is_half_taken_back_must_be_ended_before_anything_is_imported()
    {
        await SetUp();
        var file = laurel.Write("calls.csv", "id,who,at\n1,greta,2026-03-01T08:53:00Z\n");
        (await Import(file)).Exit.ShouldBe(0);
        database.Write((c, t) => c.Execute("UPDATE import SET undo_begun_at = 1", transaction: t));
        var refused = await Import(file);
        (refused.Exit, refused.Err).ShouldBe(
            (2, "laurel: import 1 is taken back in part; laurel import undo 1 takes back the rest, then import\n"));
        (await Laurel("import", "list")).Out.ShouldContain("1\thalf undone\t");
        (await Laurel("import", "undo", "1")).Exit.ShouldBe(0);
        (await Import(file)).Out.ShouldContain("accepted                1");
    }

    [Fact]
    public async Task What_cannot_be_undone_is_said_with_its_exit_code()
    {
        await SetUp();
        var none = await Laurel("import", "undo", "7");
        (none.Exit, none.Err).ShouldBe((1, "laurel: there is no import 7; laurel import list prints all\n"));
        (await Laurel("import", "undo", "seven")).Exit.ShouldBe(2);
        (await Laurel("import", "undo")).Exit.ShouldBe(2);
        (await Laurel("import", "list")).ShouldBe(new Ran(0, "number\tstate\tbegun\tby\tsource\taccepted\theld\tfiles\n", ""));
        if (TestDatabase.IsPostgres)
        {
            using var running = database.TryHold(2, shared: true);
            var busy = await Laurel("import", "undo", "1");
            (busy.Exit, busy.Err).ShouldBe(
                (2, "laurel: an import is running, or being taken back, on this database; wait for its end\n"));
        }
        else
        {
            using var serving = DatabaseOwner.Take(place);
            var busy = await Laurel("import", "undo", "1");
            busy.Exit.ShouldBe(2);
            busy.Err.ShouldContain("belongs to a Laurel that is running; stop it first");
        }
    }

    private async Task SetUp() => (await Laurel("apply", laurel.Write("setup.yaml", """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta } ]
        activity-types: [ { id: done } ]
        metrics: [ { id: cases, types: [done] } ]
        achievements: [ { id: three, type: threshold, metric: cases, at-least: 3, history: all } ]
        """))).Exit.ShouldBe(0);

    private Task<Ran> Import(string file, params string[] more) => Laurel([
        "import", file, "--mapping", laurel.Write("mapping.yaml", Reading.Yaml().Replace("source: test", "source: desk",
            StringComparison.Ordinal)), .. more]);

    private Task<Ran> Laurel(params string[] arguments) => laurel.Run([.. arguments, "--database", place]);
}
