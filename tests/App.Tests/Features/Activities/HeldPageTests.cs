using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Yaml;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Activities;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Activities;

/// <summary>What waits for its person, as an administrator sees it.</summary>
public sealed class HeldPageTests
{
    [Fact]
    public async Task Page_where_nothing_waits_says_so()
    {
        await using var app = await LaurelApp.Start();
        (await Page(app, "/held")).QuerySelector(".empty h2")!.TextContent.ShouldBe("Nothing waits");
    }

    [Fact]
    public async Task Page_lists_who_is_waited_for_with_sources_and_counts_most_first()
    {
        await using var app = await Start();
        await Take(app, "otis", "phone", 1);
        await Take(app, "zita", "desk", 2);
        await Take(app, "zita", "phone", 3);
        var page = await Page(app, "/held");
        Rows(page).ShouldBe(["zita: desk 2, phone 3 = 5", "otis: phone 1 = 1"]);
        page.QuerySelector(".page-head p")!.TextContent.ShouldContain("6 activities");
        page.QuerySelectorAll("a[href^='/people/new']").Select(a => a.GetAttribute("href"))
            .ShouldBe(["/people/new?id=zita", "/people/new?id=otis"]);
    }

    [Theory]
    [InlineData("ZIT", "zita")]
    [InlineData("phone", "otis")]
    [InlineData("nobody", "")]
    public async Task Page_is_searched_by_key_and_source(string search, string expected)
    {
        await using var app = await Start();
        await Take(app, "otis", "phone", 1);
        await Take(app, "zita", "desk", 1);
        string.Join(", ", Rows(await Page(app, "/held?q=" + search)).Select(r => r.Split(':')[0])).ShouldBe(expected);
    }

    [Fact]
    public async Task Person_made_from_the_page_is_counted_at_once()
    {
        await using var app = await Start();
        await Take(app, "zita", "desk", 2);
        var admin = app.SignIn("admin");
        var form = await Page(app, "/people/new?id=zita");
        form.QuerySelector("#id")!.GetAttribute("value").ShouldBe("zita");
        form.QuerySelector(".note")!.TextContent.ShouldContain("2 activities");
        var answer = await LaurelApp.Post(admin, "/people/new?id=zita", "new-person", ("In.Name", "Zita Example"), ("In.Id", "zita"),
            ("In.Role", "agent"), ("In.Team", "care"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        answer.Headers.Location!.ToString().ShouldEndWith("/held");
        Rows(await Page(app, "/held")).ShouldBeEmpty();
        Count(app, "SELECT count(*) FROM activity a JOIN person p ON p.key = a.person WHERE p.id = 'zita'").ShouldBe(2);
    }

    /// <summary>What somebody is called by activities is their key, whatever it looks like: no other would release them.</summary>
    [Fact]
    public async Task Key_that_activities_wait_for_is_taken_as_it_is()
    {
        await using var app = await Start();
        await Take(app, "Zita K / 7", "desk", 1);
        var answer = await LaurelApp.Post(app.SignIn("admin"), "/people/new?id=Zita%20K%20%2F%207", "new-person",
            ("In.Name", "Zita"), ("In.Id", "Zita K / 7"), ("In.Role", "agent"), ("In.Team", ""));
        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        Count(app, "SELECT count(*) FROM activity WHERE source NOT IN (SELECT key FROM source WHERE id = 'laurel:use')").ShouldBe(1);
        // Read back from the set-up, it is the same key.
        using var c = app.Database.Read();
        using var view = app.Database.Snapshot(c);
        var problems = new YamlProblems("setup.yaml");
        new SetupReader(problems).Read(new SetupWriter(c, view, app.Time.GetUtcNow().ToUnixTimeMilliseconds()).Write())!
            .People.ShouldContain(p => p.Id == "Zita K / 7");
        problems.Any.ShouldBeFalse();
    }

    [Fact]
    public async Task Person_who_is_there_and_refused_is_not_offered_again()
    {
        await using var app = await Start();
        await Take(app, "zita", "desk", 1);
        Apply(app, "activity-types: [ { id: case, person: required, labels: [kind] } ]");
        app.Database.Write((c, t) => c.Execute("DELETE FROM activity_type", transaction: t));
        Apply(app, "activity-types: [ { id: chat } ]\npeople: [ { id: zita } ]");
        var page = await Page(app, "/held");
        page.QuerySelectorAll("a[href^='/people/new']").ShouldBeEmpty();
        page.QuerySelector("td.held-key")!.TextContent.ShouldContain("Refused by its type");
    }

    [Fact]
    public async Task Page_suggests_who_was_probably_meant()
    {
        await using var app = await Start();
        await Take(app, "colleage", "desk", 2);
        await Take(app, "zita", "desk", 1);
        var page = await Page(app, "/held");
        page.QuerySelectorAll(".held-likely a").Select(a => a.GetAttribute("href")).ShouldBe(["/held/count?id=colleage&person=colleague"]);
        var choice = await Page(app, "/held/count?id=colleage&person=colleague");
        choice.QuerySelectorAll("input[type=radio]").Length.ShouldBe(5);
        choice.QuerySelectorAll("input[type=radio][checked]").ShouldHaveSingleItem().GetAttribute("value").ShouldBe("colleague");
    }

    [Fact]
    public async Task Work_that_is_counted_for_somebody_counts_once_and_is_logged()
    {
        await using var app = await Start();
        await Take(app, "colleage", "desk", 2);
        await Take(app, "colleage", "phone", 1);
        var answer = await LaurelApp.Post(app.SignIn("admin"), "/held/count?id=colleage", "count", ("In.Person", "colleague"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        answer.Headers.Location!.ToString().ShouldEndWith("/held?counted=3&person=colleague");
        Count(app, "SELECT count(*) FROM activity a JOIN person p ON p.key = a.person WHERE p.id = 'colleague'").ShouldBe(3);
        Rows(await Page(app, "/held")).ShouldBeEmpty();
        var told = await Page(app, "/held?counted=3&person=colleague");
        told.QuerySelector(".note")!.TextContent.ShouldContain("Jonas Colleague: 3 activities");

        (await Take(app, "colleage", "desk", 2)).Select(r => r.Outcome).ShouldAllBe(o => o == ItemOutcome.Duplicate);
        Count(app, "SELECT count(*) FROM activity WHERE source NOT IN (SELECT key FROM source WHERE id = 'laurel:use')").ShouldBe(3);
        var row = (await Page(app, "/audit")).QuerySelectorAll(".audit-row")[0].TextContent;
        foreach (var part in (string[])["colleage", "Jonas Colleague (colleague)", "3", "desk, phone", "Priya Admin"])
            row.ShouldContain(part);

        // A correction says anew whose it is.
        await app.Services.GetRequiredService<Intake>().Take(
            [new IncomingActivity("desk", ActivityId.Of("colleage 0"), "case", "agent", null, Now(app), [], []) { Version = 1 }],
            CancellationToken.None);
        Count(app, "SELECT count(*) FROM activity a JOIN person p ON p.key = a.person WHERE p.id = 'colleague'").ShouldBe(2);
        Count(app, "SELECT count(*) FROM activity a JOIN person p ON p.key = a.person WHERE p.id = 'agent'").ShouldBe(1);
    }

    [Fact]
    public async Task Work_that_is_counted_for_nobody_who_is_known_waits_on()
    {
        await using var app = await Start();
        await Take(app, "zita", "desk", 2);
        (await LaurelApp.Post(app.SignIn("admin"), "/held/count?id=zita", "count", ("In.Person", "otis")))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        Rows(await Page(app, "/held")).ShouldBe(["zita: desk 2 = 2"]);
    }

    [Fact]
    public async Task Work_that_was_dropped_never_counts_unless_a_higher_version_comes()
    {
        await using var app = await Start();
        await Take(app, "zita", "desk", 2);
        (await Page(app, "/held/drop?id=zita")).QuerySelector(".btn-danger")!.TextContent.ShouldContain("Drop 2 activities");
        var answer = await LaurelApp.Post(app.SignIn("admin"), "/held/drop?id=zita", "drop");
        answer.Headers.Location!.ToString().ShouldEndWith("/held?dropped=2");
        Rows(await Page(app, "/held")).ShouldBeEmpty();
        (await app.SignIn("admin").GetAsync("/held/drop?id=zita")).Headers.Location!.ToString().ShouldEndWith("/held");
        var row = (await Page(app, "/audit")).QuerySelectorAll(".audit-row")[0].TextContent;
        foreach (var part in (string[])["zita", "Dropped held activities", "2", "desk", "Priya Admin"]) row.ShouldContain(part);

        Apply(app, "people: [ { id: zita } ]");
        (await Take(app, "zita", "desk", 2)).Select(r => r.Outcome).ShouldAllBe(o => o == ItemOutcome.Duplicate);
        Count(app, "SELECT count(*) FROM activity WHERE source NOT IN (SELECT key FROM source WHERE id = 'laurel:use')").ShouldBe(0);
        await app.Services.GetRequiredService<Intake>().Take(
            [new IncomingActivity("desk", ActivityId.Of("zita 1"), "case", "zita", null, Now(app), [], []) { Version = 1 }],
            CancellationToken.None);
        Count(app, "SELECT count(*) FROM activity WHERE source NOT IN (SELECT key FROM source WHERE id = 'laurel:use')").ShouldBe(1);
    }

    private static long Now(LaurelApp app) => app.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private static async Task<LaurelApp> Start()
    {
        var app = await LaurelApp.Start();
        Apply(app, "activity-types: [ { id: case } ]");
        return app;
    }

    private static void Apply(LaurelApp app, string setup)
    {
        var problems = new YamlProblems("setup.yaml");
        app.Services.GetRequiredService<ApplySetup>()
            .Run(new SetupReader(problems).Read(setup)!, problems, Actor.File("setup.yaml"), plan: false);
        problems.InOrder().ShouldBeEmpty();
    }

    private static Task<IReadOnlyList<ItemResult>> Take(LaurelApp app, string person, string source, int count) =>
        app.Services.GetRequiredService<Intake>().Take(
            [.. Enumerable.Range(0, count).Select(i => new IncomingActivity(
                source, ActivityId.Of($"{person} {i}"), "case", person, null, Now(app), [], []))], CancellationToken.None);

    private static async Task<IDocument> Page(LaurelApp app, string address) =>
        await new HtmlParser().ParseDocumentAsync(await app.SignIn("admin").GetStringAsync(address));

    /// <summary>"zita: desk 2, phone 3 = 5".</summary>
    private static List<string> Rows(IDocument page) => [.. page.QuerySelectorAll("tbody tr").Select(row =>
        $"{row.QuerySelector("td b")!.TextContent}: "
        + string.Join(", ", row.QuerySelectorAll("[data-source]")
            .Select(s => $"{s.GetAttribute("data-source")} {s.GetAttribute("data-count")}"))
        + $" = {row.QuerySelector("td.n")!.TextContent.Trim()}")];

    private static long Count(LaurelApp app, string sql)
    {
        using var c = app.Database.Read();
        return c.ExecuteScalar<long>(sql);
    }
}
