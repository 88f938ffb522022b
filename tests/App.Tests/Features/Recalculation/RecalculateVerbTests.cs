using Dapper;
using Laurel.App.Features.Imports;
using Laurel.App.Features.Recalculation;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Hosting;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Storage;

namespace Laurel.App.Tests.Features.Recalculation;

/// <summary><c>laurel recalculate</c> on a database file: nothing changes before somebody has seen the plan and said yes.</summary>
public sealed class RecalculateVerbTests : IDisposable
{
    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta, name: Greta }, { id: jonas, name: Jonas } ]
        activity-types: [ { id: case } ]
        metrics: [ { id: cases, types: [case] } ]
        achievements: [ { id: busy, type: threshold, metric: cases, at-least: 2, range: day, history: all } ]
        """;

    private static readonly string[] Range = ["recalculate", "--from", "2026-03-01", "--to", "2026-03-31", "--only", "busy"];

    private readonly LaurelProgram laurel = new();
    private readonly List<string> questions = [];

    public void Dispose() => laurel.Dispose();

    [Fact]
    public async Task Plan_is_told_and_nothing_is_done_where_nobody_can_be_asked()
    {
        await Prepare();

        var ran = await laurel.Run([.. Range, "--database", "laurel.db"]);

        ran.Exit.ShouldBe(Verb.BadUsage, ran.Says);
        ran.Out.ReplaceLineEndings("\n").ShouldBe("""
            effect,achievement,tier,person,name,period,earned_at,value,reason
            gain,busy,1,greta,Greta,2026-03-02,2026-03-02T08:30:00.000Z,2,

            """.ReplaceLineEndings("\n"));
        ran.Err.ShouldContain("would make 1, would flag 0, flags taken away: 0, moved: 0");
        ran.Err.ShouldContain("laurel: nothing was changed: look at the plan, then say --yes to do it");
        Awards().ShouldBeEmpty();
    }

    [Fact]
    public async Task Yes_does_it_and_tells_what_was_made()
    {
        await Prepare();

        var ran = await laurel.Run([.. Range, "--yes", "--database", "laurel.db"]);

        ran.Exit.ShouldBe(Verb.Done, ran.Says);
        ran.Out.ShouldContain("gain,busy,1,greta,Greta,2026-03-02");
        ran.Out.Split("gain,").Length.ShouldBe(2, "the table is there once");
        ran.Err.ShouldContain("made 1, flagged 0, flags taken away: 0, moved: 0");
        Awards().ShouldBe(["greta 2026-03-02"]);
    }

    [Fact]
    public async Task Plan_asks_nothing_and_changes_nothing()
    {
        await Prepare();

        (await Run(true, "--plan")).ShouldBe(Verb.Done);

        questions.ShouldBeEmpty();
        Awards().ShouldBeEmpty();
    }

    [Fact]
    public async Task Plan_and_yes_together_are_bad_usage()
    {
        await Prepare();

        var ran = await laurel.Run([.. Range, "--plan", "--yes", "--database", "laurel.db"]);

        ran.Exit.ShouldBe(Verb.BadUsage, ran.Says);
        ran.Err.ShouldContain("name --plan or --yes, not both");
        Awards().ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_sits_at_a_terminal_is_asked_and_may_say_no()
    {
        await Prepare();

        (await Run(false)).ShouldBe(Verb.Done);
        Awards().ShouldBeEmpty();
        (await Run(true)).ShouldBe(Verb.Done);
        Awards().ShouldBe(["greta 2026-03-02"]);

        questions.ShouldBe(["Do this? [y/N] ", "Do this? [y/N] "]);
    }

    [Fact]
    public async Task Nobody_is_asked_where_there_is_nothing_to_do()
    {
        await Prepare();
        await Run(true, "--yes");

        (await Run(null)).ShouldBe(Verb.Done);

        questions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Newest_conditions_are_asked_for_also_where_no_award_changes()
    {
        await Prepare();
        await Run(true, "--yes");

        (await Run(true, "--newest")).ShouldBe(Verb.Done);

        questions.ShouldBe(["Do this? The newest conditions then judge these workdays for good. [y/N] "]);
    }

    [Fact]
    public async Task Request_that_cannot_be_is_refused_before_anything_is_asked()
    {
        await Prepare();

        (await Run(true, "--people", "nobody")).ShouldBe(Verb.BadUsage);

        questions.ShouldBeEmpty();
    }

    private Task<int> Run(bool? answer, params string[] more) => RecalculateVerb.Command(TimeProvider.System, question =>
    {
        questions.Add(question);
        return answer;
    }).Parse([.. Range.Skip(1), .. more, "--database", Path]).InvokeAsync();

    private string Path => System.IO.Path.Combine(laurel.Folder, "laurel.db");

    /// <summary>An award of the past is missing, as a defect would have left it.</summary>
    private async Task Prepare()
    {
        (await ApplyVerb.Command().Parse([laurel.Write("setup.yaml", Setup), "--database", Path]).InvokeAsync()).ShouldBe(Verb.Done);
        (await ImportVerb.Command(TimeProvider.System).Parse(
            [
                laurel.Write("cases.csv", "id,who,at\n1,greta,2026-03-02T08:00:00Z\n2,greta,2026-03-02T08:30:00Z\n"
                    + "3,jonas,2026-03-02T08:00:00Z\n"),
                "--mapping", laurel.Write("mapping.yaml", """
                    source: desk
                    times: { at: { column: at, format: iso } }
                    activities: [ { type: case, id: "{id}", person: who, at: at } ]
                    """),
                "--database", Path,
            ]).InvokeAsync()).ShouldBe(Verb.Done);
        using var database = new SqliteDatabase(Path);
        database.Write((c, t) => c.Execute("DELETE FROM award", transaction: t)).ShouldBe(1);
    }

    private List<string> Awards()
    {
        using var database = new SqliteDatabase(Path);
        using var connection = database.Read();
        return connection.Query<string>(
            "SELECT p.id || ' ' || w.occasion FROM award w JOIN person p ON p.key = w.person WHERE flagged_at IS NULL").ToList();
    }
}
