using System.Globalization;
using System.Net;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Achievements;

namespace Laurel.App.Tests.Features.Leaderboards;

/// <summary>Who has earned the most badges, or the rarest, as different readers see it.</summary>
public sealed class BadgeBoardTests
{
    /// <summary>Agent two badges (III, and the hidden one), colleague and other one each, of two tiers.</summary>
    private static async Task<LaurelApp> Open()
    {
        var app = await RecognitionDesk.Open();
        await app.Calls("agent", 9);
        await app.NightWatch("agent");
        await app.Calls("colleague", 5);
        await app.Calls("other", 3);
        return app;
    }

    [Fact]
    public async Task Board_by_number_counts_different_badges_and_equal_numbers_share_a_rank()
    {
        await using var app = await Open();
        await app.Calls("leader", 3);
        await app.NightWatch("leader");
        var page = await Page(app.SignIn("agent"), "/leaderboard/badges");
        Places(page).ShouldBe(["1 Ada Leader 2", "1 Greta Agent 2", "3 Amara Other 1", "3 Jonas Colleague 1"]);
        page.QuerySelectorAll(".table-you .who-name > span:first-child, .podium-team .chip").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Board_by_rarity_counts_how_few_hold_each()
    {
        await using var app = await Open();
        // Of three: level I all, level II two, level III and the hidden one one of three (a fifth or more: 2).
        Places(await Page(app.SignIn("agent"), "/leaderboard/badges?by=rarity"))
            .ShouldBe(["1 Greta Agent 4", "2 Amara Other 1", "2 Jonas Colleague 1"]);
    }

    [Fact]
    public async Task Board_of_a_week_counts_what_was_earned_in_it()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3, daysAgo: 7);
        await app.Calls("other", 3);
        var agent = app.SignIn("agent");
        // Who was best in a week is so when the next one begins.
        Places(await Page(agent, "/leaderboard/badges?period=week")).ShouldBe(["1 Amara Other 1", "1 Greta Agent 1"]);
        Places(await Page(agent, "/leaderboard/badges?period=last-week")).ShouldBe(["1 Greta Agent 1"]);
        Places(await Page(agent, "/leaderboard/badges?period=all")).ShouldBe(["1 Greta Agent 2", "2 Amara Other 1"]);
        (await agent.GetAsync("/leaderboard/badges?period=year")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await agent.GetAsync("/leaderboard/badges?by=luck")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(ColleaguesSee.Nobody, "agent", "1 Greta Agent 2")]
    [InlineData(ColleaguesSee.OwnTeam, "agent", "1 Greta Agent 2, 2 Jonas Colleague 1")]
    [InlineData(ColleaguesSee.Everybody, "agent", "1 Greta Agent 2, 2 Amara Other 1, 2 Jonas Colleague 1")]
    [InlineData(ColleaguesSee.Nobody, "leader", "1 Greta Agent 2, 2 Jonas Colleague 1")]
    [InlineData(ColleaguesSee.Nobody, "admin", "1 Greta Agent 2, 2 Amara Other 1, 2 Jonas Colleague 1")]
    public async Task Board_holds_only_those_whose_badges_the_reader_sees(ColleaguesSee setting, string reader, string places)
    {
        await using var app = await Open();
        app.Database.Write((c, t) => RecognitionSettings.Change(c, t, setting, Actor.CommandLine, 0));
        var browser = app.SignIn(reader);
        string.Join(", ", Places(await Page(browser, "/leaderboard/badges"))).ShouldBe(places);
        var lines = (await browser.GetStringAsync("/leaderboard/badges.csv")).TrimStart('\ufeff').Split("\r\n",
            StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("rank,moved,person,name,team,badges,points,times");
        lines.Length.ShouldBe(places.Split(", ").Length + 1);
    }

    [Fact]
    public async Task Board_is_left_at_once_by_who_opts_out_and_stays_whole_for_the_own_place()
    {
        await using var app = await Open();
        Places(await Page(app.SignIn("other"), "/leaderboard/badges")).Count.ShouldBe(3);
        app.Database.Write((c, t) => c.Execute("UPDATE person SET shares_badges = 0 WHERE id = 'agent'", transaction: t));
        Places(await Page(app.SignIn("other"), "/leaderboard/badges")).ShouldBe(["1 Amara Other 1", "1 Jonas Colleague 1"]);
        Places(await Page(app.SignIn("agent"), "/leaderboard/badges"))[0].ShouldBe("1 Greta Agent 2");
        Places(await Page(app.SignIn("leader"), "/leaderboard/badges")).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Negative_badges_bring_nobody_onto_the_board()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("""
            achievements:
              - { id: breaks, name: Long Breaks, badge: rookie, type: threshold, metric: calls, at-least: 1, history: all, tone: negative,
                  enabled: true }
            """);
        await app.Calls("agent", 1);
        app.Read<long>("SELECT count(*) FROM holding").ShouldBe(1);
        Places(await Page(app.SignIn("agent"), "/leaderboard/badges")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Search_and_the_own_team_are_parts_of_the_board()
    {
        await using var app = await Open();
        var agent = app.SignIn("agent");
        Places(await Page(agent, "/leaderboard/badges?q=jonas")).ShouldContain("2 Jonas Colleague 1");
        Places(await Page(agent, "/leaderboard/badges?scope=team")).ShouldBe(["1 Greta Agent 2", "2 Jonas Colleague 1"]);
        (await Page(agent, "/leaderboard/badges?q=nobody")).QuerySelector(".empty h2")!.TextContent.ShouldBe("Nobody of this name");
    }

    [Fact]
    public async Task Api_gives_the_same_board_with_neighbours()
    {
        await using var app = await Open();
        var key = app.WithKey("achievements:read");
        using var answer = JsonDocument.Parse(await key.GetStringAsync("/api/v1/badge-leaderboard?by=rarity&around=other"));
        answer.RootElement.GetProperty("people").GetInt32().ShouldBe(3);
        answer.RootElement.GetProperty("standings").EnumerateArray()
            .Select(s => string.Create(CultureInfo.InvariantCulture,
                $"{s.GetProperty("rank").GetInt32()} {s.GetProperty("person").GetString()} {s.GetProperty("points").GetInt64()}"))
            .ShouldBe(["1 agent 4", "2 other 1", "2 colleague 1"]);
        answer.RootElement.GetProperty("around").GetArrayLength().ShouldBe(3);
        foreach (var wrong in (string[])["by=luck", "period=year", "limit=0", "offset=-1"])
            (await key.GetAsync($"/api/v1/badge-leaderboard?{wrong}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, wrong);
        (await key.GetAsync("/api/v1/badge-leaderboard?team=none")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static List<string> Places(IHtmlDocument page) =>
    [
        .. page.QuerySelectorAll(".podium-place").Select(p =>
            $"{p.QuerySelector("i")!.TextContent["Rank".Length..].Trim()} {p.QuerySelector(".podium-name")!.TextContent} "
            + p.QuerySelector(".podium-block b")!.TextContent),
        .. page.QuerySelectorAll(".lb-row").Select(r =>
            $"{r.QuerySelector(".lb-rank b")!.TextContent} {r.QuerySelector(".who-name > span")!.TextContent} "
            + r.QuerySelector(".lb-value")!.TextContent),
    ];

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(new Uri(address, UriKind.Relative)));
}
