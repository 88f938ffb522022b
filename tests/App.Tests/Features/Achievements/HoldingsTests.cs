using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Platform.Hosting;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>Badges that pass from winner to winner, and badges that lapse with their period.</summary>
public sealed class HoldingsTests
{
    private const string Moving = """
        achievements:
          - { id: top, name: Top of the Day, badge: eagle-eye, type: best-of-period, metric: calls, period: yesterday, retention: holder,
              history: all }
          - { id: daily, name: Five a Day, badge: summit, type: threshold, metric: calls, at-least: 2, range: day, retention: period,
              history: all }
          - { id: cup, name: The Cup, badge: champion, type: manual, retention: holder }
        """;

    [Fact]
    public async Task Badge_of_the_best_passes_on_to_the_next_winner()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Moving);
        await app.Calls("agent", 3);
        await app.Calls("colleague", 1);
        NextDay(app);
        var agent = app.SignIn("agent");
        var page = await Page(agent, "/achievements/top");
        Holders(page).ShouldBe(["Greta Agent"]);
        page.QuerySelector("#moving")!.TextContent.ShouldContain("nobody had it before");

        // A day that nobody works passes nothing on.
        NextDay(app);
        Holders(await Page(agent, "/achievements/top")).ShouldBe(["Greta Agent"]);

        await app.Calls("colleague", 4);
        NextDay(app);
        await app.Calls("colleague", 2);
        await app.Calls("agent", 1);
        page = await Page(agent, "/achievements/top");
        Holders(page).ShouldBe(["Jonas Colleague"]);
        page.QuerySelectorAll("#passings .list-text").Select(p => p.TextContent.Trim()).ShouldBe(["You → Jonas Colleague", "to You"]);
        page.QuerySelector("#moving")!.TextContent.ShouldContain("1 behind the lead");
        page.QuerySelector(".badge-head")!.TextContent.ShouldContain("No longer held");
        var own = await Page(app.SignIn("colleague"), "/achievements/top");
        own.QuerySelector("#moving")!.TextContent.ShouldContain("before: Greta Agent");
        own.QuerySelector("#moving")!.TextContent.ShouldContain("1 ahead of the next");

        // What was earned stays earned.
        Tile(await Page(agent, "/achievements?show=earned"), "Top of the Day").ShouldContain("No longer held");
        Card(await Page(app.SignIn("other"), "/people/agent"), "Top of the Day").ShouldContain("No longer held");
        Card(await Page(app.SignIn("other"), "/people/colleague"), "Top of the Day").ShouldNotContain("No longer held");
        app.Read<long>("SELECT count(*) FROM award w JOIN achievement a ON a.key = w.achievement WHERE a.id = 'top'").ShouldBe(2);
    }

    [Fact]
    public async Task Badge_that_passed_on_is_not_beside_the_name_any_more()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Moving);
        await app.Calls("agent", 3);
        NextDay(app);
        app.Database.Write((c, t) => c.Execute("UPDATE person SET featured = 'top' WHERE id = 'agent'", transaction: t));
        (await Page(app.SignIn("colleague"), "/people/agent")).QuerySelector(".profile-featured")!.TextContent
            .ShouldContain("Top of the Day");
        await app.Calls("colleague", 1);
        NextDay(app);
        (await Page(app.SignIn("colleague"), "/people/agent")).QuerySelector(".profile-featured").ShouldBeNull();
        (await app.SignIn("agent").GetStringAsync("/")).ShouldContain("Top of the Day");
    }

    [Fact]
    public async Task Badge_that_is_revoked_or_flagged_goes_back_to_who_had_it()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Moving);
        await app.Calls("agent", 3);
        NextDay(app);
        await app.Calls("colleague", 1);
        NextDay(app);
        var agent = app.SignIn("agent");
        Holders(await Page(agent, "/achievements/top")).ShouldBe(["Jonas Colleague"]);
        app.Database.Write((c, t) => c.Execute(
            "UPDATE award SET flagged_at = 1 WHERE person = (SELECT key FROM person WHERE id = 'colleague')", transaction: t));
        Holders(await Page(agent, "/achievements/top")).ShouldBe(["Greta Agent"]);
    }

    [Fact]
    public async Task Badge_of_a_period_is_past_when_that_is_over()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Moving);
        await app.Calls("agent", 2);
        var agent = app.SignIn("agent");
        Tile(await Page(agent, "/achievements?show=earned"), "Five a Day").ShouldNotContain("No longer held");
        Holders(await Page(agent, "/achievements/daily")).ShouldBe(["Greta Agent"]);
        NextDay(app);
        Tile(await Page(agent, "/achievements?show=earned"), "Five a Day").ShouldContain("No longer held");
        var page = await Page(agent, "/achievements/daily");
        Holders(page).ShouldBeEmpty();
        page.Body!.TextContent.ShouldContain("until the day is over");
        await app.Calls("agent", 2);
        Holders(await Page(agent, "/achievements/daily")).ShouldBe(["Greta Agent"]);
    }

    [Fact]
    public async Task Rarity_counts_who_holds_it_now()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Moving);
        await app.Calls("agent", 3);
        await app.Calls("colleague", 3);
        NextDay(app);
        await app.Calls("colleague", 1);
        NextDay(app);
        // One of five, though two have earned it.
        (await app.SignIn("agent").GetStringAsync("/achievements/top")).ShouldContain("% of colleagues hold it");
        (await Page(app.SignIn("agent"), "/achievements/top")).QuerySelectorAll("#holders li").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Retention_is_said_in_files_and_in_the_editor_and_checked()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Moving);
        var admin = app.SignIn("admin");
        (await admin.GetStringAsync("/manage/achievements/top/setup.yaml")).ShouldContain("retention: holder");
        (await admin.GetStringAsync("/manage/achievements/champion/setup.yaml")).ShouldNotContain("retention");
        (await Page(admin, "/manage/achievements/top/edit")).QuerySelector("input[name='In.Retention'][value=holder]")!
            .HasAttribute("checked").ShouldBeTrue();
        (await Page(admin, "/manage/achievements/daily/edit")).QuerySelectorAll("input[name='In.Retention']")
            .Select(i => i.GetAttribute("value")).ShouldBe(["permanent", "period"]);
        (await Page(admin, "/manage/achievements/night-secret/edit")).QuerySelector("input[name='In.Retention']").ShouldBeNull();
        (await app.WithKey("achievements:read").GetStringAsync("/api/v1/achievements")).ShouldContain("\"retention\":\"holder\"");
    }

    [Theory]
    [InlineData("type: threshold, metric: cases, at-least: 1, retention: period", "'retention: period' needs a badge that repeats by day")]
    [InlineData("type: manual, retention: period", "'retention: period' needs a badge that repeats by day")]
    [InlineData("type: threshold, metric: cases, at-least: 1, range: day, retention: holder", "'a' cannot have retention: holder")]
    [InlineData("type: manual, retention: lasting", "'retention' must be permanent, holder, period, not 'lasting'")]
    public async Task Retention_that_cannot_be_is_told(string rule, string problem)
    {
        await using var core = await CoreFixture.Start(new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero), """
            site: { id: vilnius, zone: Europe/Vilnius }
            activity-types: [ { id: case } ]
            metrics: [ { id: cases, types: [case] } ]
            """);
        core.ProblemsOf($"achievements: [ {{ id: a, {rule} }} ]").ShouldHaveSingleItem().ShouldContain(problem);
    }

    private static void NextDay(LaurelApp app)
    {
        app.Time.Advance(TimeSpan.FromDays(1));
        app.Settle();
    }

    private static string Tile(IHtmlDocument page, string name) =>
        page.QuerySelectorAll(".coll").Single(c => c.QuerySelector("h3")!.TextContent == name).TextContent;

    private static string Card(IHtmlDocument page, string name) =>
        page.QuerySelectorAll(".badge-card").Single(c => c.QuerySelector("b")!.TextContent == name).TextContent;

    private static IEnumerable<string> Holders(IParentNode page) =>
        page.QuerySelectorAll("#holders .who-name > span:first-child").Select(n => n.TextContent);

    private static async Task<IHtmlDocument> Page(HttpClient client, string address) =>
        await new HtmlParser().ParseDocumentAsync(await client.GetStringAsync(address));
}
