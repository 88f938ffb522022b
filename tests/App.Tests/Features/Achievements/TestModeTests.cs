using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Platform.Hosting;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>Achievements that are tried out: decided, and seen by those who manage them only.</summary>
public sealed class TestModeTests
{
    private const string Trial = """
        achievements:
          - { id: trial, name: Trial Badge, badge: summit, type: threshold, metric: calls, at-least: [2, 4], test: true, history: all }
        """;

    [Fact]
    public async Task Badge_in_test_is_decided_and_shown_to_nobody_else()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Trial);
        await app.Calls("agent", 2);
        Awards(app).ShouldBe(1);
        app.Read<long>("SELECT count(*) FROM notice").ShouldBe(0);
        var (agent, leader, admin) = (app.SignIn("agent"), app.SignIn("leader"), app.SignIn("admin"));
        foreach (var address in (string[])["/", "/achievements", "/achievements?show=earned", "/people/agent", "/notices", "/leaderboard",
            "/leaderboard/badges"])
            foreach (var reader in (HttpClient[])[agent, leader])
                foreach (var word in (string[])["Trial", "trial"])
                    (await reader.GetStringAsync(address)).ShouldNotContain(word, Case.Sensitive, address);
        foreach (var address in (string[])["/team/achievements", "/reports", "/reports?around=trial", "/manage/achievements"])
            (await leader.GetStringAsync(address)).ShouldNotContain("Trial Badge", Case.Sensitive, address);
        foreach (var address in (string[])["trial", "trial/edit", "trial/setup.yaml"])
            (await leader.GetAsync($"/manage/achievements/{address}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, address);
        var token = (await Page(leader, "/manage/achievements")).QuerySelector("input[name=__RequestVerificationToken]")!
            .GetAttribute("value")!;
        // What is the whole organisation's is refused whatever the id, and of the rest none is there.
        foreach (var (post, status) in ((string, HttpStatusCode)[])[
            ("go-live", HttpStatusCode.Forbidden), ("move", HttpStatusCode.Forbidden),
            ("disable", HttpStatusCode.NotFound), ("archive", HttpStatusCode.NotFound)])
            (await leader.PostAsync($"/manage/achievements/trial/{post}",
                new FormUrlEncodedContent([new("__RequestVerificationToken", token)]))).StatusCode.ShouldBe(status, post);
        (await agent.GetAsync("/achievements/trial")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await agent.GetAsync($"/celebrate/{app.Read<long>("SELECT key FROM award")}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var key = app.WithKey("achievements:read");
        (await key.GetStringAsync("/api/v1/awards")).ShouldNotContain("trial");
        using (var unknown = await key.GetAsync("/api/v1/awards?achievement=trial")) unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await key.GetStringAsync("/api/v1/achievements")).ShouldNotContain("trial");
        (await Page(agent, "/achievements")).QuerySelector(".empty h2")!.TextContent.ShouldBe("No badges yet");

        var managed = await Page(admin, "/manage/achievements/trial");
        managed.QuerySelector("#test-mode")!.TextContent.ShouldContain("1 award becomes real");
        managed.QuerySelector("#awards")!.TextContent.ShouldContain("Greta Agent");
        (await admin.GetStringAsync("/manage/achievements/trial/setup.yaml")).ShouldContain("test: true");
    }

    [Fact]
    public async Task Going_live_with_what_was_computed_tells_who_has_it()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Trial);
        await app.Calls("agent", 2, daysAgo: 3);
        (await LaurelApp.Post(app.SignIn("admin"), "/manage/achievements/trial", "/manage/achievements/trial/go-live", ("keep", "true")))
            .StatusCode.ShouldBe(HttpStatusCode.Found);
        var agent = app.SignIn("agent");
        (await agent.GetStringAsync("/achievements")).ShouldContain("Trial Badge I");
        (await agent.GetStringAsync("/notices")).ShouldContain("1 badge from earlier work");
        app.Read<string>("SELECT action FROM audit ORDER BY key DESC LIMIT 1").ShouldBe("achievement.live");
        await app.Calls("agent", 2);
        (await agent.GetStringAsync("/achievements")).ShouldContain("Trial Badge II");
    }

    [Fact]
    public async Task Going_live_from_today_drops_what_was_computed()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Trial);
        await app.Calls("agent", 3, daysAgo: 3);
        await app.Calls("colleague", 2);
        Awards(app).ShouldBe(2);
        await LaurelApp.Post(app.SignIn("admin"), "/manage/achievements/trial", "/manage/achievements/trial/go-live", ("keep", "false"));
        await Until.IsTrue("history is counted", () => app.Read<long>("SELECT count(*) FROM work") == 0);
        // Today counts as a whole workday; what was before does not.
        app.Read<string>("SELECT p.id FROM award w JOIN person p ON p.key = w.person JOIN achievement a ON a.key = w.achievement "
            + "WHERE a.id = 'trial'").ShouldBe("colleague");
        await app.Calls("agent", 1);
        Awards(app).ShouldBe(1);
        await app.Calls("agent", 1);
        Awards(app).ShouldBe(2);
        (await app.SignIn("agent").GetStringAsync("/notices")).ShouldContain("Trial Badge I");
    }

    [Fact]
    public async Task What_was_on_already_and_what_is_given_by_hand_is_not_tested()
    {
        await using var core = await CoreFixture.Start(new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero), """
            site: { id: vilnius, zone: Europe/Vilnius }
            activity-types: [ { id: case } ]
            metrics: [ { id: cases, types: [case] } ]
            achievements:
              - { id: on, type: threshold, metric: cases, at-least: 1 }
              - { id: tried, type: threshold, metric: cases, at-least: 2, test: true }
            """);
        core.ProblemsOf("achievements: [ { id: on, type: threshold, metric: cases, at-least: 1, test: true } ]").ShouldHaveSingleItem()
            .ShouldContain("'on' has been on already, and what it gave is known");
        core.ProblemsOf("achievements: [ { id: by-hand, type: manual, test: true } ]").ShouldHaveSingleItem()
            .ShouldContain("'by-hand' cannot be tested: it is given by hand");
        core.ProblemsOf("achievements: [ { id: both, type: collection, of: [on, tried] } ]").ShouldHaveSingleItem()
            .ShouldContain("'both' is decided by 'tried', which is in test");
        core.Apply("achievements: [ { id: both, type: collection, of: [on, tried], test: true } ]");
        // Said again without the word it stays what it is; live is live for good.
        core.Apply("achievements: [ { id: tried, type: threshold, metric: cases, at-least: 2 } ]").ShouldBeEmpty();
        core.Apply("achievements: [ { id: tried, type: threshold, metric: cases, at-least: 2, test: false } ]").ShouldHaveSingleItem()
            .ToString().ShouldBe("change achievement tried: test yes -> no");
        core.ProblemsOf("achievements: [ { id: tried, type: threshold, metric: cases, at-least: 2, test: true } ]").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Draws_and_firsts_in_projects_of_a_test_are_secret_and_go_with_what_is_dropped()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("""
            achievements:
              - { id: trial, name: Trial Badge, type: first-in-project, activities: [call], test: true }
              - { id: clover, name: Trial Clover, type: lucky-draw, time: '23:59', one-in: 1, test: true }
            """);
        await app.InProject("spring", "agent", 1);
        Awards(app).ShouldBe(1);
        app.Read<long>("SELECT count(*) FROM notice").ShouldBe(0);
        var (admin, key) = (app.SignIn("admin"), app.WithKey("achievements:read"));
        (await key.GetAsync("/api/v1/achievements/clover/draws")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await app.SignIn("agent").GetAsync("/achievements/clover")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var id in (string[])["trial", "clover"])
            await LaurelApp.Post(admin, $"/manage/achievements/{id}", $"/manage/achievements/{id}/go-live", ("keep", "false"));
        await Until.IsTrue("history is counted", () => app.Read<long>("SELECT count(*) FROM work WHERE kind <> 'draw'") == 0);
        app.Read<long>("SELECT count(*) FROM draw WHERE state = 'planned'").ShouldBe(1);
        (await key.GetAsync("/api/v1/achievements/clover/draws")).StatusCode.ShouldBe(HttpStatusCode.OK);
        // The project was made today, so that it is won anew, and this time who has won it is told.
        Awards(app).ShouldBe(1);
        (await app.SignIn("agent").GetStringAsync("/notices")).ShouldContain("Trial Badge");
    }

    private static long Awards(LaurelApp app) => app.Read<long>(
        "SELECT count(*) FROM award w JOIN achievement a ON a.key = w.achievement WHERE a.id = 'trial' AND w.flagged_at IS NULL");

    private static async Task<IHtmlDocument> Page(HttpClient client, string address) =>
        await new HtmlParser().ParseDocumentAsync(await client.GetStringAsync(address));
}
