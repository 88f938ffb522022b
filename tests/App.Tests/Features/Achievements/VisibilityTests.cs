using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>Steps that stay a surprise until the one before them is earned.</summary>
public sealed class VisibilityTests
{
    private const string Rings = """
        achievements:
          - { id: ring-1, name: First Ring, badge: rookie, type: threshold, metric: calls, at-least: 2, history: all, visibility: previous }
          - { id: ring-2, name: Ringing Pair, badge: night-owl, type: threshold, metric: calls, at-least: 4, history: all,
              visibility: previous }
          - { id: ring-3, name: Ringing Crowd, badge: quick-draw, type: threshold, metric: calls, at-least: 900, history: all,
              visibility: previous }
          - { id: all-rings, name: All Rings, type: collection, of: [ring-1, ring-2, ring-3], history: all }
        paths:
          - { id: rings, name: Rings, description: Answer calls, steps: [ring-1, ring-2, ring-3] }
        """;

    private static readonly string[] Pages =
        ["/", "/achievements", "/achievements?show=next", "/people/agent", "/people/colleague", "/notices", "/achievements/ring-1",
            "/achievements/all-rings"];

    [Fact]
    public async Task Step_is_shown_once_the_one_before_it_is_earned()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Rings);
        var agent = app.SignIn("agent");
        Steps(await Page(agent, "/achievements")).ShouldBe(["First Ring", "Hidden"]);
        foreach (var address in Pages)
            foreach (var word in (string[])["Ringing", "ring-2", "ring-3", "quick-draw"])
                (await agent.GetStringAsync(address)).ShouldNotContain(word, Case.Insensitive, address);
        (await agent.GetAsync("/achievements/ring-2")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await agent.GetStringAsync("/achievements/all-rings")).ShouldContain("First Ring, 2 hidden badges");

        await app.Calls("agent", 3);
        Steps(await Page(agent, "/achievements")).ShouldBe(["First Ring", "Ringing Pair", "Hidden"]);
        (await agent.GetStringAsync("/achievements/ring-2")).ShouldContain("1 to go");
        (await agent.GetStringAsync("/achievements?show=next")).ShouldContain("Ringing Pair");
        foreach (var address in Pages)
            foreach (var word in (string[])["Ringing Crowd", "ring-3", "quick-draw"])
                (await agent.GetStringAsync(address)).ShouldNotContain(word, Case.Insensitive, address);
    }

    [Fact]
    public async Task Colleague_who_is_not_as_far_sees_a_lock_without_a_name()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Rings);
        await app.Calls("agent", 4);
        app.Database.Write((c, t) => c.Execute("UPDATE person SET featured = 'ring-2' WHERE id = 'agent'", transaction: t));
        var colleague = app.SignIn("colleague");
        (await Page(colleague, "/people/agent")).QuerySelectorAll(".badge-card b").Select(b => b.TextContent)
            .ShouldBe(["Caller I", "First Ring", "Hidden badge"], ignoreOrder: true);
        foreach (var address in (string[])["/people/agent", "/leaderboard", "/"])
            (await colleague.GetStringAsync(address)).ShouldNotContain("Ringing Pair", Case.Insensitive, address);
        // Who has come that far may know it.
        await app.Calls("colleague", 2);
        (await colleague.GetStringAsync("/people/agent")).ShouldContain("Ringing Pair");
        (await app.SignIn("leader").GetStringAsync("/people/agent")).ShouldContain("Ringing Pair");
    }

    [Fact]
    public async Task What_stands_on_no_path_has_nothing_before_it()
    {
        await using var core = await CoreFixture.Start(new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero), """
            site: { id: vilnius, zone: Europe/Vilnius }
            activity-types: [ { id: case } ]
            metrics: [ { id: cases, types: [case] } ]
            achievements:
              - { id: one, type: threshold, metric: cases, at-least: 1 }
              - { id: two, type: threshold, metric: cases, at-least: 2, visibility: previous }
            paths: [ { id: way, steps: [one, two] } ]
            """);
        core.ProblemsOf("achievements: [ { id: alone, type: manual, visibility: previous } ]").ShouldBe([
            "1:17: 'alone' is hidden until the previous one is earned, and is no step of a path, so that there is none: "
            + "write visibility: hidden, or put it into a path"]);
        core.ProblemsOf("paths: [ { id: way, steps: [one] } ]").ShouldHaveSingleItem().ShouldContain("'two' is hidden");
        core.ProblemsOf("achievements: [ { id: one, type: threshold, metric: cases, at-least: 1, visibility: perhaps } ]").ShouldBe(
            ["1:85: 'visibility' must be shown, hidden, previous, not 'perhaps'"]);
    }

    [Fact]
    public async Task Editor_offers_it_to_a_step_and_the_file_says_it()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Rings);
        var admin = app.SignIn("admin");
        (await Page(admin, "/manage/achievements/ring-2/edit")).QuerySelector("input[value=previous]")!
            .HasAttribute("checked").ShouldBeTrue();
        (await Page(admin, "/manage/achievements/caller/edit")).QuerySelector("input[value=previous]").ShouldBeNull();
        (await admin.GetStringAsync("/manage/achievements/ring-2/setup.yaml")).ShouldContain("visibility: previous");
        (await admin.GetStringAsync("/manage/achievements/ring-2")).ShouldContain("Hidden until the one before it is earned");
    }

    private static IEnumerable<string> Steps(IHtmlDocument page) =>
        page.QuerySelectorAll(".path-step").Select(s => s.TextContent.Replace("Up next", "", StringComparison.Ordinal).Trim());

    private static async Task<IHtmlDocument> Page(HttpClient client, string address) =>
        await new HtmlParser().ParseDocumentAsync(await client.GetStringAsync(address));
}
