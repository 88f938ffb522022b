using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Leaderboards;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Yaml;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Leaderboards;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Leaderboards;

/// <summary>What people and programs see of boards that were made by real activities. It is Thursday, 12 March 2026.</summary>
public sealed class LeaderboardTests
{
    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        activity-types:
          - { id: call, name: { en: Call answered, lt: Atsilieptas skambutis }, measures: { wait: { unit: seconds, negative: false } } }
          - { id: lost, name: Call lost, person: optional }
        metrics:
          - { id: calls, name: { en: Calls answered, lt: Atsiliepti skambučiai }, types: [call] }
          - { id: wait, name: Mean wait, unit: seconds, direction: lower, types: [call], aggregate: average, measure: wait }
          - { id: quick, name: Quick calls, types: [call], where: [ { measure: wait, at-most: 20 } ] }
          - { id: lost, name: Calls lost, types: [lost] }
        """;

    // The longest that a board rests, however slow the machine was to make it.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    private int taken;

    [Fact]
    public async Task Board_ranks_by_value_and_equal_values_share_a_rank_by_name()
    {
        await using var app = await Open();
        await Calls(app, "agent", 2);
        await Calls(app, "other", 5);
        await Calls(app, "colleague", 2);
        Lines(Look(app)).ShouldBe(["1 other 5", "2 agent 2", "2 colleague 2"]);
        await Calls(app, "leader", 1);
        app.Time.Advance(Rest);
        Lines(Look(app)).ShouldBe(["1 other 5", "2 agent 2", "2 colleague 2", "4 leader 1"]);
    }

    [Fact]
    public async Task Board_of_lower_is_better_begins_with_the_least_and_needs_five()
    {
        await using var app = await Open();
        await Calls(app, "agent", 5, wait: 30);
        await Calls(app, "other", 6, wait: 12);
        await Calls(app, "colleague", 4, wait: 1);
        var board = Look(app, "wait");
        Lines(board).ShouldBe(["1 other 12", "2 agent 30"]);
        board.TooFew.ShouldBe(1);
    }

    [Fact]
    public async Task Movement_compares_with_the_period_before()
    {
        await using var app = await Open();
        await Calls(app, "agent", 1, daysAgo: 7);
        await Calls(app, "other", 2, daysAgo: 7);
        await Calls(app, "agent", 3);
        await Calls(app, "other", 2);
        await Calls(app, "colleague", 1);
        Look(app).Lines.Select(l => (l.Person.Id, l.Moved)).ShouldBe([("agent", 1), ("other", -1), ("colleague", (int?)null)]);
        Lines(Look(app, period: BoardPeriod.LastWeek)).ShouldBe(["1 other 2", "2 agent 1"]);
        Lines(Look(app, period: BoardPeriod.All)).ShouldBe(["1 other 4", "1 agent 4", "3 colleague 1"]);
        Look(app, period: BoardPeriod.All).Before.ShouldBeNull();
        Lines(Look(app, period: BoardPeriod.Yesterday)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Board_after_a_void_or_a_late_activity_is_right_again()
    {
        await using var app = await Open();
        await Calls(app, "agent", 2);
        await Take(app, Call("taken-back", "other", 0, 5));
        Lines(Look(app)).ShouldBe(["1 agent 2", "2 other 1"]);
        await Take(app, Call("taken-back", "other", 0, 5) with { Version = 1, IsVoid = true });
        Lines(Look(app)).ShouldBe(["1 agent 2", "2 other 1"], "it is not made anew at once");
        app.Time.Advance(Rest);
        Lines(Look(app)).ShouldBe(["1 agent 2"]);
        await Calls(app, "colleague", 3, daysAgo: 2);
        app.Time.Advance(Rest);
        Lines(Look(app)).ShouldBe(["1 colleague 3", "2 agent 2"]);
    }

    [Fact]
    public async Task Board_shown_while_it_is_known_to_be_old_tells_open_pages_to_look_again()
    {
        await using var app = await Open();
        await Calls(app, "agent", 1);
        Look(app);
        await Calls(app, "agent", 1);
        using var page = app.Services.GetRequiredService<LiveHub>().Subscribe(1);
        Look(app);
        // A node that begins to hear the others tells a few topics beside it.
        do await page.Wait().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        while (page.Take().Topics.All(topic => topic.Name != "metric:calls"));
    }

    [Fact]
    public async Task Who_is_deactivated_is_not_on_the_board()
    {
        await using var app = await Open();
        await Calls(app, "agent", 2);
        await Calls(app, "other", 3);
        Look(app);
        app.Database.Write((c, t) =>
        {
            c.Execute("UPDATE person SET active = 0 WHERE id = 'other'", transaction: t);
            Rulebook.TouchRules(c, t);
            Rulebook.TouchFloor(c, t);
        });
        app.Time.Advance(Rest);
        Lines(Look(app)).ShouldBe(["1 agent 2"]);
    }

    [Fact]
    public async Task Page_shows_the_podium_the_rest_and_the_own_row()
    {
        await using var app = await Open();
        await Calls(app, "other", 9);
        await Calls(app, "leader", 7);
        await Calls(app, "colleague", 5);
        await Calls(app, "agent", 3);
        var page = await Page(app.SignIn("agent"), "/leaderboard?metric=calls");
        page.QuerySelectorAll(".podium-name").Select(n => n.TextContent).ShouldBe(["Amara Other", "Ada Leader", "Jonas Colleague"]);
        var row = page.QuerySelectorAll(".lb tbody tr").ShouldHaveSingleItem();
        row.ClassList.ShouldContain("table-you");
        row.TextContent.ShouldContain("Greta Agent");
        row.QuerySelector(".lb-rank b")!.TextContent.ShouldBe("4");
        page.QuerySelector("live-region#board")!.GetAttribute("topic").ShouldBe("metric:calls");
        page.QuerySelector(".lb-small")!.TextContent.ShouldContain("Number of activities: Call answered.");
    }

    [Fact]
    public async Task Page_beyond_the_own_row_keeps_it_in_view_with_its_neighbours()
    {
        await using var app = await Open();
        await Crowd(app, 60);
        await Calls(app, "agent", 1);
        var page = await Page(app.SignIn("agent"), "/leaderboard?metric=calls&scope=everyone");
        var rows = page.QuerySelectorAll(".lb tbody tr");
        rows.Length.ShouldBe(25 + 1 + 3);
        rows[^1].ClassList.ShouldContain("table-you");
        rows[^1].QuerySelector(".lb-rank b")!.TextContent.ShouldBe("61");
        page.QuerySelector(".card-foot span")!.TextContent.ShouldBe("4–28 of 61");

        var last = await Page(app.SignIn("agent"), "/leaderboard?metric=calls&page=3");
        last.QuerySelectorAll(".table-you").Length.ShouldBe(1);
        last.QuerySelectorAll(".lb-gap").Length.ShouldBe(0);
        last.QuerySelectorAll(".podium").Length.ShouldBe(0);
    }

    [Fact]
    public async Task Page_search_finds_without_accents_and_keeps_the_rank()
    {
        await using var app = await Open();
        await Crowd(app, 30);
        app.Database.Write((c, t) =>
        {
            c.Execute("UPDATE person SET name = 'Šarūnas Žemaitis' WHERE id = 'crowd-30'", transaction: t);
            Rulebook.TouchRules(c, t);
            Rulebook.TouchFloor(c, t);
        });
        app.Time.Advance(Rest);
        var agent = app.SignIn("agent");
        var page = await Page(agent, "/leaderboard?metric=calls&q=sarunas%20zem");
        page.QuerySelectorAll(".lb tbody tr").ShouldHaveSingleItem().QuerySelector(".lb-rank b")!.TextContent.ShouldBe("30");
        (await Page(agent, "/leaderboard?metric=calls&q=nobody")).QuerySelector(".empty h2")!.TextContent.ShouldBe("Nobody of this name");
    }

    [Fact]
    public async Task Page_of_the_own_team_ranks_its_people_among_themselves()
    {
        await using var app = await Open();
        await Calls(app, "other", 9);
        await Calls(app, "colleague", 5);
        await Calls(app, "agent", 3);
        var page = await Page(app.SignIn("agent"), "/leaderboard?metric=calls&scope=team");
        page.QuerySelectorAll(".lb tbody tr")
            .Select(r => r.QuerySelector(".lb-rank b")!.TextContent + " " + r.QuerySelector(".who-name span")!.TextContent)
            .ShouldBe(["1 Jonas Colleague", "2 Greta Agent"]);
        page.QuerySelectorAll(".podium").Length.ShouldBe(0);
    }

    [Fact]
    public async Task Page_without_data_says_so_and_unknown_ones_are_not_there()
    {
        await using var app = await Open();
        var agent = app.SignIn("agent");
        (await Page(agent, "/leaderboard")).QuerySelector(".empty h2")!.TextContent.ShouldBe("Nobody is on the board yet");
        (await agent.GetAsync("/leaderboard?metric=nonsense")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await agent.GetAsync("/leaderboard?period=fortnight")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await agent.GetAsync("/leaderboard.csv?metric=nonsense")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await agent.GetAsync("/leaderboard?page=99&q=%3Cscript%3E")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Page_lists_the_metrics_that_can_rank_somebody()
    {
        await using var app = await Open();
        var page = await Page(app.SignIn("admin"), "/leaderboard");
        page.QuerySelectorAll("#lb-metrics a").Select(a => a.TextContent).ShouldBe(["Calls answered", "Mean wait", "Quick calls"]);
        page.QuerySelectorAll("main .seg").Length.ShouldBe(1, "who has no team has no choice of one");
    }

    [Theory]
    [InlineData("month", "en", "Course")]
    [InlineData("all", "en", "Course, last 31 days")]
    [InlineData("all", "lt", "Eiga, 31 d.")]
    public async Task Page_says_what_span_the_course_is_of(string period, string language, string head)
    {
        await using var app = await Open();
        foreach (var daysAgo in (int[])[90, 60, 2, 1, 0]) await Calls(app, "agent", 2, daysAgo);
        var agent = app.SignIn("agent");
        agent.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        (await Page(agent, $"/leaderboard?metric=calls&period={period}")).QuerySelectorAll("th.table-wide-only")[0].TextContent.Trim()
            .ShouldBe(head);
    }

    [Fact]
    public async Task Page_in_lithuanian_has_lithuanian_words()
    {
        await using var app = await Open();
        await Calls(app, "agent", 1);
        var agent = app.SignIn("agent");
        agent.DefaultRequestHeaders.AcceptLanguage.ParseAdd("lt");
        var page = await Page(agent, "/leaderboard?metric=quick");
        page.QuerySelector("h1")!.TextContent.Trim().ShouldBe("Lyderių lentelė");
        page.QuerySelector(".lb-small")!.TextContent.ShouldContain("Tik kai wait yra ne daugiau kaip 20");
    }

    [Fact]
    public async Task Export_has_all_rows_and_no_cell_that_a_spreadsheet_would_run()
    {
        await using var app = await Open();
        app.Database.Write((c, t) =>
        {
            c.Execute("UPDATE person SET name = '=HYPERLINK(\"http://x\")' WHERE id = 'other'", transaction: t);
            c.Execute("UPDATE person SET name = '@sum' WHERE id = 'agent'", transaction: t);
            Rulebook.TouchRules(c, t);
            Rulebook.TouchFloor(c, t);
        });
        await Calls(app, "other", 2);
        await Calls(app, "agent", 1);
        var answer = await app.SignIn("agent").GetAsync("/leaderboard.csv?metric=calls&period=week");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        var lines = (await answer.Content.ReadAsStringAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim()).ToList();
        lines.Count.ShouldBe(3);
        lines[0].TrimStart('\uFEFF').ShouldBe("rank,moved,person,name,team,value,counted");
        lines[1].ShouldStartWith("1,,other,");
        lines[1].ShouldContain("'=HYPERLINK(");
        lines[2].ShouldBe("2,,agent,'@sum,Retention,1,1");
    }

    [Fact]
    public async Task Api_answers_the_board_and_refuses_what_it_does_not_know()
    {
        await using var app = await Open();
        await Calls(app, "other", 2);
        await Calls(app, "agent", 1);
        var program = app.WithKey("metrics:read");
        var board = (await program.GetFromJsonAsync<JsonElement>("/api/v1/leaderboards/calls?period=today&limit=1"))!;
        board.GetProperty("people").GetInt32().ShouldBe(2);
        board.GetProperty("from").GetString().ShouldBe("2026-03-12");
        var first = board.GetProperty("standings").EnumerateArray().ShouldHaveSingleItem();
        (first.GetProperty("rank").GetInt32(), first.GetProperty("person").GetString(), first.GetProperty("value").GetDecimal())
            .ShouldBe((1, "other", 2m));
        var team = await program.GetFromJsonAsync<JsonElement>("/api/v1/leaderboards/calls?team=retention");
        team.GetProperty("standings")[0].GetProperty("person").GetString().ShouldBe("agent");

        (await program.GetAsync("/api/v1/leaderboards/nonsense")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var wrong in new[] { "period=fortnight", "limit=0", "limit=1001", "offset=-1" })
            (await program.GetAsync($"/api/v1/leaderboards/calls?{wrong}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, wrong);
        (await app.WithKey("activities:write").GetAsync("/api/v1/leaderboards/calls")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Api_gives_a_persons_place_with_the_neighbours()
    {
        await using var app = await Open();
        await Calls(app, "other", 2);
        await Calls(app, "agent", 1);
        var program = app.WithKey("metrics:read");
        var board = await program.GetFromJsonAsync<JsonElement>("/api/v1/leaderboards/calls?period=today&limit=1&around=agent");
        board.GetProperty("standings").GetArrayLength().ShouldBe(1);
        board.GetProperty("around").EnumerateArray().Select(s => (s.GetProperty("rank").GetInt32(), s.GetProperty("person").GetString()))
            .ShouldBe([(1, "other"), (2, "agent")]);
        var absent = await program.GetFromJsonAsync<JsonElement>("/api/v1/leaderboards/calls?period=today&around=leader");
        absent.GetProperty("around").GetArrayLength().ShouldBe(0);
        (await program.GetFromJsonAsync<JsonElement>("/api/v1/leaderboards/calls")).TryGetProperty("around", out _).ShouldBeFalse();
        (await program.GetAsync("/api/v1/leaderboards/calls?around=nobody")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<LaurelApp> Open()
    {
        var app = await LaurelApp.Start();
        var problems = new YamlProblems("setup.yaml");
        var read = new SetupReader(problems).Read(Setup);
        problems.InOrder().ShouldBeEmpty();
        ActivatorUtilities.CreateInstance<ApplySetup>(app.Services).Run(read!, problems, Actor.File("setup.yaml"), plan: false);
        problems.InOrder().ShouldBeEmpty();
        app.Settle();
        return app;
    }

    private static Leaderboard Look(LaurelApp app, string metric = "calls", BoardPeriod period = BoardPeriod.Week)
    {
        var boards = app.Services.GetRequiredService<Boards>();
        var floor = boards.Floor;
        return boards.Open(floor, floor.Metrics.Single(m => m.Metric.Id == metric), period, Workday.Of(2026, 3, 12));
    }

    private static IEnumerable<string> Lines(Leaderboard board) => board.Lines.Select(l => $"{l.Rank} {l.Person.Id} {l.Value}");

    /// <summary>So many people; the first has the most calls.</summary>
    private async Task Crowd(LaurelApp app, int people)
    {
        await Take(app, [.. Enumerable.Range(1, people).SelectMany(p => Enumerable.Range(0, people + 2 - p).Select(i =>
            Call($"crowd-{p}-{i}", $"crowd-{p}", 0, 5) with { UnknownPerson = UnknownPerson.Create, PersonName = $"Person {p:00}",
                Team = "care" }))]);
    }

    private Task Calls(LaurelApp app, string person, int count, int daysAgo = 0, int wait = 5) =>
        Take(app, [.. Enumerable.Range(0, count).Select(_ => Call($"call-{taken++}", person, daysAgo, wait))]);

    private static IncomingActivity Call(string id, string person, int daysAgo, int wait) => new(
        "desk", ActivityId.Of(id), "call", person, null,
        new DateTimeOffset(2026, 3, 12, 7, 0, 0, TimeSpan.Zero).AddDays(-daysAgo).ToUnixTimeMilliseconds(),
        [new Measure("wait", new Amount(wait * 1000L))], []);

    private static async Task Take(LaurelApp app, params IReadOnlyList<IncomingActivity> activities) =>
        (await app.Services.GetRequiredService<Intake>().Take(activities, CancellationToken.None))
            .ShouldAllBe(r => r.Outcome == ItemOutcome.Accepted);

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(address));
}
