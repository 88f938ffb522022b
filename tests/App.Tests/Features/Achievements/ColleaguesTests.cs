using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Achievements;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>What colleagues see of each other's badges, at every door.</summary>
public sealed class ColleaguesTests
{
    /// <summary>"colleague" is of agent's team and leader's, "other" of another; all three have earned a badge and feature it.</summary>
    private static async Task<LaurelApp> Open(ColleaguesSee setting)
    {
        var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        await app.Calls("colleague", 5);
        await app.Calls("other", 9);
        Change(app, "UPDATE person SET featured = 'caller'");
        app.Database.Write((c, t) => RecognitionSettings.Change(c, t, setting, Actor.CommandLine, 0));
        return app;
    }

    [Theory]
    [InlineData(ColleaguesSee.Nobody, "agent", "")]
    [InlineData(ColleaguesSee.OwnTeam, "agent", "colleague")]
    [InlineData(ColleaguesSee.Everybody, "agent", "colleague other")]
    // The scope of a leader and of an administrator is theirs whatever colleagues see.
    [InlineData(ColleaguesSee.Nobody, "leader", "agent colleague")]
    [InlineData(ColleaguesSee.OwnTeam, "leader", "agent colleague")]
    [InlineData(ColleaguesSee.Everybody, "leader", "agent colleague other")]
    [InlineData(ColleaguesSee.Nobody, "admin", "agent colleague other")]
    public async Task Badges_of_others_show_at_every_door_to_whom_the_setting_lets(ColleaguesSee setting, string reader, string others)
    {
        await using var app = await Open(setting);
        var browser = app.SignIn(reader);
        var seen = others.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        await See(browser, reader, seen);
    }

    [Fact]
    public async Task Badges_of_who_has_opted_out_show_to_the_leader_and_to_nobody_else()
    {
        await using var app = await Open(ColleaguesSee.Everybody);
        using var colleague = app.SignIn("colleague");
        (await LaurelApp.Post(colleague, "/profile", "/profile/sharing", ("shares", "false"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        await See(app.SignIn("agent"), "agent", ["other"]);
        await See(app.SignIn("other"), "other", ["agent"]);
        await See(app.SignIn("leader"), "leader", ["agent", "colleague", "other"]);
        await See(app.SignIn("admin"), "admin", ["agent", "colleague", "other"]);
        // The own page says so, and shows all the same.
        var own = await Page(colleague, "/people/colleague");
        own.QuerySelectorAll(".note").ShouldContain(note => note.TextContent.Contains("you have chosen so", StringComparison.Ordinal));
        own.QuerySelectorAll(".badge-card").Length.ShouldBe(1);
        (await LaurelApp.Post(colleague, "/profile", "/profile/sharing", ("shares", "true"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        await See(app.SignIn("agent"), "agent", ["colleague", "other"]);
    }

    [Theory]
    [InlineData(ColleaguesSee.Everybody, "67% of colleagues have reached level II")]
    [InlineData(ColleaguesSee.OwnTeam, "50% of your team have reached level II")]
    [InlineData(ColleaguesSee.Nobody, null)]
    public async Task Rarity_counts_those_whose_badges_are_seen(ColleaguesSee setting, string? said)
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5);
        await app.Calls("colleague", 3);
        await app.Calls("other", 9);
        app.Database.Write((c, t) => RecognitionSettings.Change(c, t, setting, Actor.CommandLine, 0));
        var chips = (await Page(app.SignIn("agent"), "/achievements/caller")).QuerySelectorAll(".badge-head .chip")
            .Select(c => c.TextContent.Trim()).Where(c => c.Contains("level", StringComparison.Ordinal)).ToList();
        chips.ShouldBe(said is null ? [] : [said]);
    }

    [Fact]
    public async Task Badge_that_somebody_shows_stands_beside_the_name_in_goals_of_the_team_and_on_a_leaders_start_page()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        using var leader = app.SignIn("leader");
        using var proposed = await LaurelApp.Post(leader, "/goals/new?for=team", "goal", ("In.Person", "agent"), ("In.Metric", "calls"),
            ("In.Target", "9"), ("In.Period", "Week"), ("In.From", "2026-03-12"), ("In.Do", "propose"));
        proposed.StatusCode.ShouldBe(HttpStatusCode.Found);
        foreach (var (featured, shown) in ((string, bool)[])[("'caller'", true), ("NULL", false)])
        {
            Change(app, $"UPDATE person SET featured = {featured} WHERE id = 'agent'");
            foreach (var (address, beside) in ((string, string)[])[("/goals/new?for=team", ".pick-one .badge-img"),
                ("/goals/team", "#goals b > .badge-img"), ("/", "#today b > .badge-img")])
                (await Page(leader, address)).QuerySelectorAll(beside).Any().ShouldBe(shown, $"{address} {featured}");
        }
    }

    [Fact]
    public async Task Page_of_a_colleague_tells_when_the_level_that_it_shows_was_earned()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5, daysAgo: 14);
        await app.Calls("agent", 3);
        var card = (await Page(app.SignIn("colleague"), "/people/agent")).QuerySelectorAll(".badge-card")
            .Single(c => c.QuerySelector("b")!.TextContent == "Caller II");
        card.QuerySelector("time")!.GetAttribute("datetime")![..10].ShouldBe("2026-02-26");
    }

    [Fact]
    public async Task Holders_are_listed_by_the_highest_level_and_when_that_was_earned_last()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5, daysAgo: 14);
        await app.Calls("agent", 3);
        await app.Calls("colleague", 5, daysAgo: 7);
        await app.Calls("other", 3);
        // Level II of a week ago is newer than level II of two weeks ago, whatever came of level I since.
        await Holders("Jonas Colleague|Caller II|2026-03-05", "Greta Agent|Caller II|2026-02-26", "Amara Other|Caller I|2026-03-12");

        // What is taken back was never held, and what was below it has its own date.
        Change(app, "UPDATE award SET revoked_at = 1 WHERE tier = 2 AND person = (SELECT key FROM person WHERE id = 'agent')");
        await Holders("Jonas Colleague|Caller II|2026-03-05", "Greta Agent|Caller I|2026-03-12", "Amara Other|Caller I|2026-03-12");
        Change(app, """
            UPDATE award SET revoked_at = 1
            WHERE tier = 1 AND earned_at > 1773000000000 AND person = (SELECT key FROM person WHERE id = 'agent')
            """);
        await Holders("Jonas Colleague|Caller II|2026-03-05", "Amara Other|Caller I|2026-03-12", "Greta Agent|Caller I|2026-02-26");

        async Task Holders(params string[] expected) => (await Page(app.SignIn("other"), "/achievements/caller"))
            .QuerySelectorAll("#holders > li").Select(l => $"{l.QuerySelector(".who-name span")!.TextContent}"
                + $"|{l.QuerySelectorAll("img").Last().GetAttribute("alt")}|{l.QuerySelector("time")!.GetAttribute("datetime")![..10]}")
            .ShouldBe(expected);
    }

    [Fact]
    public async Task Rarity_leaves_out_who_has_opted_out_and_counts_the_reader()
    {
        await using var app = await Open(ColleaguesSee.Everybody);
        await app.Calls("agent", 2);
        Change(app, "UPDATE person SET shares_badges = 0 WHERE id IN ('colleague', 'agent')");
        string Chip(IHtmlDocument page) => page.QuerySelectorAll(".badge-head .chip").Select(c => c.TextContent.Trim())
            .Single(c => c.Contains("level", StringComparison.Ordinal));
        // Agent (II) and other (III), of these two; colleague is counted with nobody.
        Chip(await Page(app.SignIn("agent"), "/achievements/caller")).ShouldBe("Everybody has reached level II");
        (await Page(app.SignIn("agent"), "/achievements/caller")).QuerySelectorAll(".levels b").Select(b => b.TextContent)
            .ShouldBe(["1", "1", "0"]);
    }

    [Fact]
    public async Task Hidden_badge_of_a_colleague_is_a_lock_without_a_name_at_every_door()
    {
        await using var app = await Open(ColleaguesSee.Everybody);
        await app.NightWatch("colleague");
        Change(app, "UPDATE person SET featured = 'night-secret' WHERE id = 'colleague'");
        var agent = app.SignIn("agent");
        foreach (var door in new[]
            { "/", "/people/colleague", "/leaderboard?period=all", "/achievements", "/achievements/caller", "/leaderboard.csv" })
            (await agent.GetStringAsync(door)).ShouldNotContain("night-", Case.Insensitive, door);
        (await Page(agent, "/people/colleague")).QuerySelectorAll(".badge-card b").Select(b => b.TextContent)
            .ShouldBe(["Caller II", "Hidden badge"]);
        // Who has earned it too, and the leader, see which it is.
        await app.NightWatch("agent");
        foreach (var reader in (string[])["agent", "leader"])
        {
            var browser = app.SignIn(reader);
            (await browser.GetStringAsync("/people/colleague")).ShouldContain("Moonlit Keeper");
            (await browser.GetStringAsync("/leaderboard?period=all")).ShouldContain("night-owl");
        }
    }

    [Fact]
    public async Task Celebration_and_moment_of_a_colleague_are_nobody_elses()
    {
        await using var app = await Open(ColleaguesSee.Everybody);
        var award = app.Read<long>("SELECT w.key FROM award w JOIN person p ON p.key = w.person WHERE p.id = 'colleague' AND w.tier = 1");
        foreach (var reader in (string[])["agent", "leader", "admin"])
        {
            var browser = app.SignIn(reader);
            (await browser.GetAsync($"/celebrate/{award}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, reader);
            (await browser.GetAsync($"/moments/{award}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, reader);
        }
        (await app.SignIn("colleague").GetAsync($"/celebrate/{award}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Setting_is_changed_by_an_administrator_and_by_a_setup_file_and_is_in_the_log()
    {
        await using var app = await RecognitionDesk.Open();
        using var admin = app.SignIn("admin");
        (await Page(admin, "/manage/recognition")).QuerySelector("input[checked]")!.GetAttribute("value").ShouldBe("all");
        (await LaurelApp.Post(admin, "/manage/recognition", "colleagues", ("In.Colleagues", "nobody"))).StatusCode
            .ShouldBe(HttpStatusCode.Found);
        (await Page(admin, "/manage/recognition")).QuerySelector("input[checked]")!.GetAttribute("value").ShouldBe("nobody");
        (await LaurelApp.Post(admin, "/manage/recognition", "colleagues", ("In.Colleagues", "some"))).StatusCode
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        app.Declare("colleagues-badges: own-team");
        (await Page(admin, "/manage/recognition")).QuerySelector("input[checked]")!.GetAttribute("value").ShouldBe("own-team");
        app.Read<string>("SELECT change FROM audit WHERE action = 'setting.changed' ORDER BY key DESC LIMIT 1").ShouldContain("own-team");
        app.Read<long>("SELECT count(*) FROM audit WHERE object = 'colleagues-badges'").ShouldBe(2);
        (await app.WithKey("setup:write").GetStringAsync("/api/v1/setup")).ShouldContain("colleagues-badges: own-team");
    }

    /// <summary>Whose badges a reader sees: on pages of people, among holders, and beside names on a leaderboard.</summary>
    private static async Task See(HttpClient browser, string reader, IReadOnlyList<string> others)
    {
        foreach (var person in (string[])["agent", "colleague", "other"])
        {
            var page = await Page(browser, $"/people/{person}");
            var sees = person == reader || others.Contains(person);
            page.QuerySelectorAll(".badge-card").Length.ShouldBe(sees ? 1 : 0, $"{reader} {person}");
            page.QuerySelectorAll(".profile-featured, .hero-stats").Length.ShouldBe(sees ? 2 : 0, $"{reader} {person}");
            page.QuerySelector("main")!.OuterHtml.Contains("call-keeper", StringComparison.Ordinal).ShouldBe(sees, $"{reader} {person}");
        }
        string[] all = reader is "agent" or "colleague" or "other" ? [reader, .. others] : [.. others];
        var names = all.Select(p => Names[p]).Order(StringComparer.Ordinal).ToList();
        var badge = await Page(browser, "/achievements/caller");
        badge.QuerySelectorAll("#holders .who-name > span:first-child").Select(n => n.TextContent).Order(StringComparer.Ordinal).ToList()
            .ShouldBe(others.Count == 0 ? new List<string>() : names, customMessage: reader);
        var board = await Page(browser, "/leaderboard?period=all");
        board.QuerySelectorAll(".podium-place").Where(p => p.QuerySelector(".podium-face .badge-img") is not null)
            .Select(p => p.QuerySelector(".podium-name")!.TextContent).Order(StringComparer.Ordinal).ToList()
            .ShouldBe(names, customMessage: reader);
        // Nobody's own start page tells of badges that are not seen elsewhere.
        var today = await Page(browser, "/");
        today.QuerySelectorAll(".today-board .who").Where(w => w.QuerySelector(".badge-img") is not null)
            .Select(w => w.QuerySelector(".who-name > span")!.TextContent).Except(names, StringComparer.Ordinal).ToList()
            .ShouldBeEmpty(customMessage: reader);
    }

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["agent"] = "Greta Agent", ["colleague"] = "Jonas Colleague", ["other"] = "Amara Other",
    };

    private static void Change(LaurelApp app, string sql) => app.Database.Write((c, t) => c.Execute(sql, transaction: t));

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(new Uri(address, UriKind.Relative)));
}
