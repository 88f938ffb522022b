using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>Product areas that are switched off: nothing is given and nothing shows, and nothing is lost.</summary>
public sealed class AreasTests
{
    [Fact]
    public async Task An_area_that_is_off_gives_and_shows_nothing_and_brings_back_what_was_earned()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3, daysAgo: 1);
        var (agent, admin) = (app.SignIn("agent"), app.SignIn("admin"));
        (await agent.GetStringAsync("/achievements")).ShouldContain("Caller I");
        (await admin.GetStringAsync("/reports")).ShouldContain("Caller");
        (await Page(agent, "/leaderboard/badges")).QuerySelectorAll("tbody tr").ShouldNotBeEmpty();
        await Save(admin, [.. ProductAreas.All.Where(a => a != "service")]);
        await Settle(app);
        // What is counted once for many readers tells of it no more, however short a time ago it was counted.
        var report = await Page(admin, "/reports");
        report.Body!.TextContent.ShouldNotContain("Caller");
        report.QuerySelectorAll(".tile-value").Select(v => v.TextContent).First().ShouldBe("0");
        (await Page(agent, "/leaderboard/badges")).QuerySelectorAll("tbody tr").ShouldBeEmpty();
        foreach (var address in (string[])["/", "/achievements", "/people/agent", "/notices", "/leaderboard/badges"])
            (await agent.GetStringAsync(address)).ShouldNotContain("Caller", Case.Sensitive, address);
        (await agent.GetAsync("/achievements/caller")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await app.WithKey("achievements:read").GetStringAsync("/api/v1/awards")).ShouldNotContain("caller");
        (await admin.GetStringAsync("/audit")).ShouldContain("Product areas");
        await app.Calls("agent", 6);
        await Settle(app);
        app.Read<long>("SELECT count(*) FROM award").ShouldBe(1);
        // Whoever manages sees what waits, and that it stays enabled.
        var managed = await Page(admin, "/manage/achievements/caller");
        managed.QuerySelector(".page-head")?.TextContent.ShouldContain("Its area is off");
        (await admin.GetStringAsync("/manage/achievements/caller/setup.yaml")).ShouldContain("enabled: true");

        await Save(admin, [.. ProductAreas.All]);
        await Settle(app);
        var again = await agent.GetStringAsync("/achievements");
        again.ShouldContain("Caller III");
        app.Read<long>("SELECT count(*) FROM award WHERE flagged_at IS NOT NULL").ShouldBe(0);
    }

    [Fact]
    public async Task All_areas_off_leave_no_trace_of_achievements()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5);
        app.Declare("achievements: [ { id: thanks, name: Thanks, type: manual } ]");
        var (agent, leader, admin) = (app.SignIn("agent"), app.SignIn("leader"), app.SignIn("admin"));
        await LaurelApp.Post(agent, "/achievements/caller", "/achievements/caller/feature", ("featured", "true"));
        var award = app.Read<long>("SELECT min(key) FROM award");
        await Save(admin, []);
        await Settle(app);
        foreach (var (reader, name) in ((HttpClient, string)[])[(agent, "agent"), (leader, "leader"), (admin, "admin")])
        {
            foreach (var address in (string[])["/achievements", "/achievements/caller", $"/celebrate/{award}",
                "/team/achievements", "/team/achievements.csv", "/manage/achievements", "/manage/achievements/caller",
                "/manage/achievements/new", "/manage/achievements/catalogue", "/manage/recognition", "/leaderboard/badges",
                "/leaderboard/badges.csv", "/reports", "/reports/weeks.csv", $"/moments/{award}", "/moments/notices/1"])
                (await reader.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound, $"{name} {address}");
            foreach (var address in (string[])["/", "/profile", "/leaderboard", "/people/agent", "/goals", "/notices", "/notices/settings"])
                foreach (var trace in (string[])["/achievements", "/reports", "/leaderboard/badges", "badge", "Badge", "/art/",
                    // An administrator's Today tells the latest lines of the audit log, which stay.
                    name == "admin" ? "Badge studio" : "chievement"])
                    (await Page(reader, address)).Body!.InnerHtml.ShouldNotContain(trace, Case.Sensitive, $"{name} {address}");
        }
        (await Page(admin, "/manage/areas")).QuerySelectorAll("input[name='In.On']:checked").ShouldBeEmpty();
        var key = app.WithKey("achievements:read", "metrics:read", "setup:write");
        foreach (var address in (string[])["achievements", "awards", "holdings", "achievements/clover/draws", "leaderboards/badges",
            "reports/recognition", "catalogue"])
            (await key.GetAsync($"/api/v1/{address}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, address);
        (await key.GetAsync("/api/v1/metrics")).StatusCode.ShouldBe(HttpStatusCode.OK);
        // Who is not signed in is asked to, as ever.
        (await app.Client.GetAsync("/achievements")).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        await Save(admin, [.. ProductAreas.All]);
        await Settle(app);
        (await agent.GetStringAsync("/achievements")).ShouldContain("Caller II");
    }

    [Fact]
    public async Task With_all_areas_off_the_inbox_tells_of_goals_alone_and_nothing_of_badges_is_read_or_chosen_meanwhile()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5);
        var (agent, leader, admin) = (app.SignIn("agent"), app.SignIn("leader"), app.SignIn("admin"));
        using (var off = await LaurelApp.Post(agent, "/notices/settings", "told", ("In.On", "toast:badge"), ("In.From", "20:00"),
            ("In.Until", "07:00")))
            off.StatusCode.ShouldBe(HttpStatusCode.Found);
        await Save(admin, []);
        await Settle(app);
        (await Page(agent, "/notices")).QuerySelectorAll(".notice").ShouldBeEmpty();

        using (var proposed = await LaurelApp.Post(leader, "/goals/new?for=team", "goal", ("In.Person", "agent"), ("In.Metric", "calls"),
            ("In.Target", "9"), ("In.Period", "Week"), ("In.From", "2026-03-12"), ("In.Do", "propose")))
            proposed.StatusCode.ShouldBe(HttpStatusCode.Found);
        (await Page(agent, "/")).QuerySelector("#bell .top-count")!.TextContent.ShouldBe("1");
        var inbox = await Page(agent, "/notices");
        inbox.QuerySelectorAll(".notice").ShouldHaveSingleItem().TextContent.ShouldContain("A goal is proposed");
        (await Page(agent, "/notices?kind=badge")).QuerySelectorAll(".notice").ShouldHaveSingleItem();
        await LaurelApp.Post(agent, "/notices", "/notices/read", ("through", "999"), ("return", "/notices"));
        using (var none = await LaurelApp.Post(agent, "/notices/settings", "told", ("In.From", "20:00"), ("In.Until", "07:00")))
            none.StatusCode.ShouldBe(HttpStatusCode.Found);
        (await Page(agent, "/")).QuerySelector("#bell .top-count").ShouldBeNull();

        await Save(admin, [.. ProductAreas.All]);
        await Settle(app);
        (await Page(agent, "/notices?show=unread")).QuerySelectorAll(".notice").ShouldNotBeEmpty();
        (await Page(agent, "/notices/settings")).QuerySelectorAll("input[name='In.On']:checked").Select(i => i.GetAttribute("value"))
            .ShouldBe(["toast:badge"]);
    }

    /// <summary>Pages that say what product areas are, and what was done, tell of achievements by nature.</summary>
    private static readonly string[] Telling = ["/manage/areas", "/audit"];

    [Fact]
    public async Task With_all_areas_off_no_page_of_any_role_speaks_of_achievements_and_no_link_leads_nowhere()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("groups: [ { id: nights, name: Night shift } ]\ndivisions: [ { id: north, name: North } ]");
        await app.Calls("agent", 5);
        var admin = app.SignIn("admin");
        await Save(admin, []);
        await Settle(app);
        foreach (var name in (string[])["agent", "leader", "admin"])
        {
            var reader = app.SignIn(name);
            // From Today on, wherever a link leads.
            var (seen, open) = (new HashSet<string>(StringComparer.Ordinal), new Queue<string>(["/", "/manage/counted"]));
            while (open.TryDequeue(out var address))
            {
                if (!seen.Add(address)) continue;
                using var answer = await reader.GetAsync(address);
                if (address == "/manage/counted" && answer.StatusCode == HttpStatusCode.Forbidden) continue;
                if (answer.StatusCode == HttpStatusCode.Found) continue;
                answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{name} {address}");
                if (answer.Content.Headers.ContentType?.MediaType != "text/html") continue;
                var page = await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
                if (!Telling.Contains(address))
                    Said(page).ShouldBeEmpty($"{name} {address}");
                foreach (var link in page.QuerySelectorAll("a[href]").Select(a => a.GetAttribute("href")!.Split('#')[0]))
                    // One of each kind of page, not each day and order of it.
                    if (link is ['/', not '/', ..] or "/" && !link.Contains('?', StringComparison.Ordinal)) open.Enqueue(link);
            }
            seen.Count.ShouldBeGreaterThan(name == "admin" ? 20 : 4, string.Join(' ', seen));
        }
        var description = await app.Client.GetStringAsync("/api/v1/openapi.json");
        foreach (var word in Words) description.ShouldNotContain(word, Case.Insensitive);
    }

    private static readonly string[] Words = ["achievement", "badge", "award", "celebrat"];

    /// <summary>What a page says of achievements: in its text, and in what scripts and screen readers are given.</summary>
    private static IEnumerable<string> Said(IHtmlDocument page)
    {
        // Names that programs use are none of it, and the latest lines of the audit log on Today stay.
        foreach (var code in page.QuerySelectorAll("code, script, .code-inline").ToList()) code.Remove();
        foreach (var log in page.QuerySelectorAll("a[href='/audit']").Select(a => a.Closest(".card")).ToList()) log?.Remove();
        return page.All.SelectMany(e => e.Attributes
                .Where(a => a.Name is "aria-label" or "title" or "placeholder" or "alt"
                    || a.Name.StartsWith("data-", StringComparison.Ordinal))
                .Select(a => a.Value))
            .Concat(page.Body!.TextContent.Split('\n'))
            .Where(text => Words.Any(w => text.Contains(w, StringComparison.OrdinalIgnoreCase))).Select(t => t.Trim());
    }

    [Fact]
    public async Task A_file_switches_areas_and_what_it_enables_there_waits()
    {
        await using var core = await CoreFixture.Start(new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero), """
            site: { id: vilnius, zone: Europe/Vilnius }
            activity-types: [ { id: case } ]
            metrics: [ { id: cases, types: [case] } ]
            achievements: [ { id: first, area: sales, type: threshold, metric: cases, at-least: 1 } ]
            """);
        core.Apply("areas: { sales: off, quality: on }").ShouldHaveSingleItem().ToString()
            .ShouldBe("change setting areas: sales on -> off");
        core.Apply("areas: { sales: off }").ShouldBeEmpty();
        core.ProblemsOf("areas: { sails: off }").ShouldHaveSingleItem().ShouldContain("did you mean 'sales'");
        core.ProblemsOf("areas: { sales: maybe }").ShouldHaveSingleItem().ShouldContain("must be on, off");
        core.Apply("achievements: [ { id: second, area: sales, type: threshold, metric: cases, at-least: 2 } ]");
        Spans(core).ShouldBe(["first until 2026-11-18"]);
        // Said again it is what it is; another area takes it out, and its own brings it back.
        core.Apply("achievements: [ { id: second, area: sales, type: threshold, metric: cases, at-least: 2 } ]").ShouldBeEmpty();
        core.Apply("achievements: [ { id: second, area: quality, type: threshold, metric: cases, at-least: 2 } ]");
        Spans(core).ShouldBe(["first until 2026-11-18", "second open"]);
        core.Apply("achievements: [ { id: first, area: sales, type: threshold, metric: cases, at-least: 1, enabled: false } ]")
            .ShouldHaveSingleItem().ToString().ShouldContain("enabled yes -> no");
        core.Apply("areas: { sales: on }");
        Spans(core).ShouldBe(["first until 2026-11-18", "second open"]);
    }

    private static List<string> Spans(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return [.. Dapper.SqlMapper.Query<(string Id, int? Until)>(connection,
            "SELECT a.id, s.until FROM achievement_span s JOIN achievement a ON a.key = s.achievement ORDER BY a.key, s.from_day")
            .Select(s => $"{s.Id} {(s.Until is { } day ? $"until {new Laurel.Engine.Kernel.Workday(day)}" : "open")}")];
    }

    private static async Task Save(HttpClient admin, IReadOnlyList<string> on) =>
        (await LaurelApp.Post(admin, "/manage/areas", "areas", on.Select(a => ("In.On", a)))).StatusCode.ShouldBe(HttpStatusCode.Found);

    /// <summary>The server may be at it by itself.</summary>
    private static Task Settle(LaurelApp app) =>
        Until.IsTrue("what is due is done", () => app.Read<long>("SELECT count(*) FROM work") == 0);

    private static async Task<IHtmlDocument> Page(HttpClient client, string address) =>
        await new HtmlParser().ParseDocumentAsync(await client.GetStringAsync(address));
}
