using System.Net;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Reports;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Reports;

/// <summary>What reports tell of real awards. It is Thursday, 12 March 2026; Retention has two agents, Care one.</summary>
public sealed class ReportsTests
{
    private static async Task<LaurelApp> Open()
    {
        var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5, daysAgo: 14);
        await app.Calls("agent", 3);
        await app.Calls("other", 3);
        await app.NightWatch("other");
        return app;
    }

    [Fact]
    public async Task Report_counts_awards_by_week_and_team_and_who_is_reached()
    {
        await using var app = await Open();
        var page = await Page(app.SignIn("admin"), "/reports");
        // Caller I and II and champion of the first week, this week Caller I twice and the hidden one.
        page.QuerySelectorAll(".tile-value").Select(v => v.TextContent).ShouldBe(["6", "67%", "67%", "0"]);
        Rows(page, "#teams").ShouldBe(["Care|1|2|2|100%|100%", "Retention|2|4|2|50%|50%"]);
        Rows(page, "#achievements").ShouldContain(r => r.StartsWith("Caller|Service|4|2|67%|", StringComparison.Ordinal));
        page.QuerySelector("#rarest .list-text b")!.TextContent.ShouldBe("Champion of the Week");
        page.DocumentElement.TextContent.ShouldNotContain("Greta Agent", Case.Sensitive, "but for who is signed in nobody is named");
    }

    [Fact]
    public async Task Report_of_a_leader_holds_the_own_teams_only()
    {
        await using var app = await Open();
        var leader = app.SignIn("leader");
        Rows(await Page(leader, "/reports"), "#teams").ShouldBe(["Retention|2|4|2|50%|50%"]);
        var care = app.Read<long>("SELECT key FROM team WHERE id = 'care'");
        Rows(await Page(leader, $"/reports?team={care}"), "#teams").ShouldBeEmpty();
        (await app.SignIn("agent").GetAsync("/reports")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Area_and_staleness_narrow_what_is_told()
    {
        await using var app = await Open();
        var admin = app.SignIn("admin");
        Rows(await Page(admin, "/reports?area=engagement"), "#achievements").Single().ShouldStartWith("Moonlit Keeper|");
        app.Database.Write((c, t) => c.Execute("UPDATE award SET earned_at = earned_at - @Days", new { Days = 40L * 86_400_000 }, t));
        app.Time.Advance(TimeSpan.FromMinutes(6));
        await CountedAnew(app);
        (await Page(admin, "/reports?stale=30")).QuerySelectorAll("#stale .list-text b").Length.ShouldBe(3);
        (await Page(admin, "/reports?stale=60")).QuerySelectorAll("#stale .list-text b").Length.ShouldBe(0);
    }

    [Fact]
    public async Task Works_councils_view_tells_of_no_group_smaller_than_the_smallest()
    {
        await using var app = await Open();
        var admin = app.SignIn("admin");
        // Three people are fewer than five.
        var page = await Page(admin, "/reports?view=council");
        page.QuerySelector("#teams .empty h2")!.TextContent.ShouldBe("Nothing to tell");
        page.QuerySelectorAll(".tile-value").Select(v => v.TextContent).Take(3).ShouldBe(["0", "–", "–"]);
        Rows(page, "#achievements").ShouldAllBe(r => r.Contains("fewer than 5", StringComparison.Ordinal));
        app.Database.Write((c, t) => RecognitionSettings.Change(c, t, 3, Actor.CommandLine, 0));
        page = await Page(admin, "/reports?view=council");
        // Two teams of one and of two are told of together; who of them has none would be one person.
        Rows(page, "#teams").ShouldBe(["Care, Retention|3|6|2|–|–"]);
        (await admin.GetStringAsync("/reports/teams.csv?view=council")).ShouldContain("Care + Retention,3,6,,");
        // Without names no team is looked at alone.
        var care = app.Read<long>("SELECT key FROM team WHERE id = 'care'");
        Rows(await Page(admin, $"/reports?view=council&team={care}"), "#teams").ShouldBe(["Care, Retention|3|6|2|–|–"]);
    }

    [Fact]
    public async Task People_who_used_laurel_are_counted_by_week_before_and_after_switching_on()
    {
        await using var app = await Open();
        var today = Workday.Of(2026, 3, 12).Number;
        app.Database.Write((c, t) =>
        {
            // One person in five of the seven whole weeks before, two after; the achievement was switched on five weeks ago.
            for (var week = 1; week <= 10; week++)
                for (long person = 1; person <= (week >= 5 ? 1 : 2); person++)
                    c.Execute("INSERT INTO visit (day, person) VALUES (@day, @person)", new { day = today - 7 * week, person }, t);
            c.Execute("UPDATE achievement_span SET from_day = @day WHERE achievement = (SELECT key FROM achievement WHERE id = 'caller')",
                new { day = today - 35 }, t);
            Laurel.App.Platform.Catalogue.Rulebook.TouchRules(c, t);
        });
        var page = await Page(app.SignIn("admin"), "/reports?around=caller");
        page.QuerySelectorAll("#around dd").Select(d => d.TextContent).ShouldBe(["0.7", "2"]);
        page.QuerySelectorAll(".targets-mark").Length.ShouldBe(1);
        // Opening the page was a visit.
        await Until.IsTrue("the visit is noted", () => app.Read<long>($"SELECT count(*) FROM visit WHERE day = {today}") == 1);
    }

    [Theory]
    [InlineData("weeks", "week,awards")]
    [InlineData("visitors", "week,people")]
    [InlineData("teams", "teams,people,awards,with_badge,reached")]
    [InlineData("achievements", "achievement,name,area,awards,holders,last,on")]
    [InlineData("rarest", "achievement,name,area,awards,holders,last,on")]
    [InlineData("stale", "achievement,name,area,awards,holders,last,on")]
    public async Task Each_table_is_a_file(string table, string header)
    {
        await using var app = await Open();
        (await app.SignIn("leader").GetStringAsync($"/reports/{table}.csv")).TrimStart('\ufeff').Split("\r\n")[0].ShouldBe(header);
        (await app.SignIn("leader").GetAsync("/reports/people.csv")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Api_gives_the_same_report_with_and_without_small_groups()
    {
        await using var app = await Open();
        var key = app.WithKey("achievements:read");
        using var plain = JsonDocument.Parse(await key.GetStringAsync("/api/v1/reports/recognition"));
        plain.RootElement.GetProperty("people").GetInt64().ShouldBe(3);
        plain.RootElement.GetProperty("teams").GetArrayLength().ShouldBe(2);
        plain.RootElement.GetProperty("weeks").GetArrayLength().ShouldBe(13);
        using var nameless = JsonDocument.Parse(await key.GetStringAsync("/api/v1/reports/recognition?nameless=true"));
        nameless.RootElement.GetProperty("teams").GetArrayLength().ShouldBe(0);
        nameless.RootElement.TryGetProperty("withBadge", out _).ShouldBeFalse();
        using var care = JsonDocument.Parse(await key.GetStringAsync("/api/v1/reports/recognition?team=care&weeks=53"));
        care.RootElement.GetProperty("people").GetInt64().ShouldBe(1);
        (await key.GetAsync("/api/v1/reports/recognition?team=none")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Smallest_group_is_changed_by_an_administrator_and_by_a_setup_file()
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        (await LaurelApp.Post(admin, "/manage/recognition", "group", ("GroupIn.Size", "8"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await LaurelApp.Post(admin, "/manage/recognition", "group", ("GroupIn.Size", "1"))).StatusCode
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Page(admin, "/manage/recognition")).QuerySelector("#group")!.GetAttribute("value").ShouldBe("8");
        app.Declare("smallest-group: 6");
        (await app.WithKey("setup:write").GetStringAsync("/api/v1/setup")).ShouldContain("smallest-group: 6");
    }

    /// <summary>What is counted behind the pages has been counted.</summary>
    private static Task CountedAnew(LaurelApp app)
    {
        var keeper = app.Services.GetRequiredService<ReportKeeper>();
        var before = Current().MadeAt;
        return Until.IsTrue("counted anew", () => Current().MadeAt != before);

        ReportFacts Current()
        {
            using var connection = app.Database.Read();
            return keeper.Current(app.Services.GetRequiredService<AchievementCatalogue>().Current(connection));
        }
    }

    private static List<string> Rows(IHtmlDocument page, string card) =>
        [.. page.QuerySelectorAll($"{card} tbody tr")
            .Select(r => string.Join('|', r.QuerySelectorAll("td").Select(c => c.TextContent.Trim())))];

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(new Uri(address, UriKind.Relative)));
}
