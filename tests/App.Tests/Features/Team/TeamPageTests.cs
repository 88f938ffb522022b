using System.Net;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;

namespace Laurel.App.Tests.Features.Team;

/// <summary>What a leader sees of the team's badges, and what nobody else sees.</summary>
public sealed class TeamPageTests
{
    private static async Task<LaurelApp> Open()
    {
        var app = await RecognitionDesk.Open();
        await app.Calls("agent", 4);
        await app.NightWatch("agent");
        await app.Calls("other", 3);
        return app;
    }

    [Fact]
    public async Task Page_lists_the_people_of_the_scope_with_count_newest_and_next()
    {
        await using var app = await Open();
        var page = await Page(app.SignIn("leader"), "/team/achievements");
        Names(page).ShouldBe(["Greta Agent", "Jonas Colleague"]);
        var row = page.QuerySelectorAll("#members tbody tr")[0];
        row.QuerySelectorAll("td")[1].TextContent.Trim().ShouldBe("2");
        row.QuerySelectorAll("td")[2].TextContent.ShouldContain("Moonlit Keeper");
        row.QuerySelectorAll("td")[3].TextContent.ShouldContain("4 of 5 this week · 1 to go");
        page.QuerySelectorAll("#members tbody tr")[1].QuerySelectorAll("td")[2].TextContent.Trim().ShouldBe("No badges yet");
        Names(await Page(app.SignIn("admin"), "/team/achievements")).ShouldBe(["Amara Other", "Greta Agent", "Jonas Colleague"]);
        (await app.SignIn("agent").GetAsync("/team/achievements")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Newest_badge_is_the_level_that_came_last()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5, daysAgo: 14);
        await app.Calls("agent", 3);
        var newest = (await Page(app.SignIn("leader"), "/team/achievements")).QuerySelectorAll("#members tbody tr")[0]
            .QuerySelectorAll("td")[2].QuerySelector(".who-name")!.TextContent.Trim();
        newest.ShouldBe("Caller I");
    }

    [Fact]
    public async Task Filters_search_and_team_narrow_the_list()
    {
        await using var app = await Open();
        var admin = app.SignIn("admin");
        Names(await Page(admin, "/team/achievements?q=greta")).ShouldBe(["Greta Agent"]);
        Names(await Page(admin, "/team/achievements?show=without")).ShouldBe(["Jonas Colleague"]);
        var care = app.Read<long>("SELECT key FROM team WHERE id = 'care'");
        Names(await Page(admin, $"/team/achievements?team={care}")).ShouldBe(["Amara Other"]);
        (await Page(admin, "/team/achievements?q=xyz")).QuerySelector(".empty h2")!.TextContent.ShouldBe("Nobody matches");
    }

    [Fact]
    public async Task Flagged_awards_of_the_scope_are_listed_with_their_way_to_be_revoked()
    {
        await using var app = await Open();
        app.Database.Write((c, t) => c.Execute("UPDATE award SET flagged_at = earned_at", transaction: t));
        var page = await Page(app.SignIn("leader"), "/team/achievements?show=flagged");
        page.QuerySelectorAll("#members tbody tr").Length.ShouldBe(2);
        var key = app.Read<long>(
            "SELECT w.key FROM award w JOIN achievement a ON a.key = w.achievement JOIN person p ON p.key = w.person "
            + "WHERE a.id = 'caller' AND p.id = 'agent'");
        page.QuerySelectorAll("#members a").Select(a => a.GetAttribute("href")).ShouldContain($"/manage/awards/{key}/revoke");
        Names(await Page(app.SignIn("leader"), "/team/achievements?show=flagged-people")).ShouldBe(["Greta Agent"]);
        (await app.SignIn("leader").GetStringAsync("/team/achievements.csv?show=flagged")).ShouldContain("caller,1,agent,Greta Agent");
    }

    [Fact]
    public async Task Drill_down_shows_the_collection_of_one_person_and_what_counted()
    {
        await using var app = await Open();
        var leader = app.SignIn("leader");
        var page = await Page(leader, "/achievements?person=agent");
        page.QuerySelector("h1")!.TextContent.Trim().ShouldBe("Greta Agent");
        page.QuerySelectorAll(".hero-stat").Select(s => s.TextContent).ShouldBe(["Badges2", "Gold tiers0", "Times earned2"]);
        page.QuerySelectorAll(".coll").First().GetAttribute("href")!.ShouldEndWith("?person=agent");
        (await Page(leader, "/achievements/caller?person=agent")).QuerySelectorAll(".timeline-n").Length.ShouldBe(3);
        // Beyond the scope, and for who has none, it does not exist.
        (await leader.GetAsync("/achievements?person=other")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await app.SignIn("agent").GetAsync("/achievements?person=colleague")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Export_holds_the_people_of_the_scope_and_no_formulas()
    {
        await using var app = await Open();
        app.Database.Write((c, t) => c.Execute("UPDATE person SET name = '=1+1' WHERE id = 'colleague'", transaction: t));
        var lines = (await app.SignIn("leader").GetStringAsync("/team/achievements.csv")).TrimStart('\ufeff')
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("person,name,team,badges,times,newest,newest_at,flagged");
        lines.Length.ShouldBe(3);
        lines.ShouldContain(l => l.StartsWith("colleague,'=1+1,Retention,0,0,,,0", StringComparison.Ordinal));
        lines.ShouldContain(l => l.StartsWith("agent,Greta Agent,Retention,2,2,night-secret,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Api_lists_who_has_earned_what_page_by_page()
    {
        await using var app = await Open();
        var key = app.WithKey("achievements:read");
        using var first = JsonDocument.Parse(await key.GetStringAsync("/api/v1/holdings?limit=2"));
        using var rest = JsonDocument.Parse(
            await key.GetStringAsync($"/api/v1/holdings?cursor={first.RootElement.GetProperty("next").GetString()}"));
        first.RootElement.GetProperty("holdings").EnumerateArray().Concat(rest.RootElement.GetProperty("holdings").EnumerateArray())
            .Select(h => $"{h.GetProperty("person").GetString()} {h.GetProperty("achievement").GetString()} "
                + h.GetProperty("tier").GetInt32())
            .ShouldBe(["agent caller 1", "other caller 1", "agent night-secret 0"]);
        rest.RootElement.TryGetProperty("next", out _).ShouldBeFalse();
        (await key.GetAsync("/api/v1/holdings?cursor=x")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static List<string> Names(IHtmlDocument page) =>
        [.. page.QuerySelectorAll("#members td:first-child .who-name > span:first-child").Select(n => n.TextContent)];

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(new Uri(address, UriKind.Relative)));
}
