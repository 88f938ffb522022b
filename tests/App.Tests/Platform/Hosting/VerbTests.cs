using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Imports;
using Laurel.App.Features.People;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Work;
using Laurel.Storage;

namespace Laurel.App.Tests.Platform.Hosting;

/// <summary>Exit codes of verbs that finish what is due, on a database file of their own.</summary>
public sealed class VerbTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("laurel-verbs-").FullName;

    private string Path => System.IO.Path.Combine(folder, "laurel.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Verbs_that_find_work_which_fails_say_so_with_exit_1()
    {
        (await Apply()).ShouldBe(Verb.Done);
        (await Import()).ShouldBe(Verb.Done);
        using (var database = new SqliteDatabase(Path))
            database.Write((c, t) => WorkQueue.Enqueue(c, t, EvaluatePeriod.Kind, "no period", 0));

        (await Apply()).ShouldBe(Verb.FoundWrong);
        // Not due for a while by now; who starts a verb wants to know today.
        (await Import()).ShouldBe(Verb.FoundWrong);
        (await PersonVerbs.Person().Parse(["add", "jonas", "--database", Path]).InvokeAsync()).ShouldBe(Verb.FoundWrong);

        using (var database = new SqliteDatabase(Path)) database.Write((c, t) => c.Execute("DELETE FROM work", transaction: t));
        (await Apply()).ShouldBe(Verb.Done);
    }

    [Fact]
    public async Task Import_into_a_database_without_a_site_is_bad_usage() => (await Import()).ShouldBe(Verb.BadUsage);

    private Task<int> Apply() => ApplyVerb.Command().Parse(
        [
            Write("setup.yaml", """
                site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
                people: [ { id: greta } ]
                activity-types: [ { id: case } ]
                """),
            "--database", Path,
        ]).InvokeAsync();

    private Task<int> Import() => ImportVerb.Command(TimeProvider.System).Parse(
        [
            Write("cases.csv", "id,who,at\n1,greta,2026-03-01T08:53:00Z\n"),
            "--mapping", Write("mapping.yaml", """
                source: desk
                times: { at: { column: at, format: iso } }
                activities: [ { type: case, id: "{id}", person: who, at: at } ]
                """),
            "--database", Path,
        ]).InvokeAsync();

    private string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
