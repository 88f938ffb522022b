using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Notifications;

/// <summary>The inbox as a page and through the API. It is Thursday 2026-03-12, 09:30 in Vilnius.</summary>
public sealed class InboxTests
{
    [Fact]
    public async Task Every_kind_is_in_one_list_with_its_icon_and_leads_to_what_it_is_about()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5, daysAgo: 2);
        await app.Calls("agent", 4);
        var goal = Propose(app);
        var agent = app.SignIn("agent");
        var rows = (await Page(agent, "/notices")).QuerySelectorAll(".notice");
        rows.Select(r => (r.QuerySelector("b")!.TextContent, r.QuerySelector("a")!.GetAttribute("href")!.Split('/')[1])).ShouldBe(
        [
            ("A goal is proposed: “Calls answered”", "goals"), ("Caller III earned", "celebrate"),
            ("1 badge from earlier work", "celebrate"),
        ]);
        rows.Select(r => r.QuerySelector("a svg use")?.GetAttribute("href")?.Split('#')[1] ?? "badge")
            .ShouldBe(["target", "badge", "clock-counter-clockwise"]);
        // The bell counts all of them, the star those of badges.
        Counts(await Page(agent, "/")).ShouldBe(("2", "3"));
        foreach (var row in rows)
            (await agent.GetAsync(row.QuerySelector("a")!.GetAttribute("href"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        Counts(await Page(agent, "/")).ShouldBe((null, null));
        (await Page(agent, $"/goals/{goal}")).QuerySelector("h1").ShouldNotBeNull();
    }

    [Fact]
    public async Task Each_is_read_and_made_unread_by_itself_and_looking_at_the_list_reads_nothing()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5);
        var agent = app.SignIn("agent");
        await agent.GetStringAsync("/notices");
        var page = await Page(agent, "/notices?show=unread");
        page.QuerySelectorAll(".notice-new b").Select(b => b.TextContent).ShouldBe(["Caller II earned", "Caller I earned"]);
        page.QuerySelector(".page-sub")!.TextContent.ShouldBe("2 unread notices");

        using var read = await Press(agent, page, ".notice-new form");
        read.Headers.Location!.OriginalString.ShouldBe("/notices?show=unread#notice-2");
        page = await Page(agent, "/notices?show=unread");
        page.QuerySelectorAll(".notice b").Select(b => b.TextContent).ShouldBe(["Caller I earned"]);
        using var unread = await Press(agent, await Page(agent, "/notices"), "#notice-2 form");
        (await Page(agent, "/notices")).QuerySelectorAll(".notice-new").Length.ShouldBe(2);

        using var all = await Press(agent, await Page(agent, "/notices"), ".page-actions form");
        page = await Page(agent, "/notices?show=unread");
        page.QuerySelector(".empty h2")!.TextContent.ShouldBe("All is read");
        Counts(page).ShouldBe((null, null));
    }

    [Fact]
    public async Task All_up_to_what_was_shown_is_read_and_what_came_since_is_not()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        var agent = app.SignIn("agent");
        var shown = await Page(agent, "/notices");
        await app.Calls("agent", 2);
        using var all = await Press(agent, shown, ".page-actions form");
        (await Page(agent, "/notices")).QuerySelectorAll(".notice-new b").Select(b => b.TextContent).ShouldBe(["Caller II earned"]);
    }

    [Fact]
    public async Task Filters_of_kind_and_of_unread_narrow_the_list_and_say_when_nothing_is_left()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        Propose(app);
        var agent = app.SignIn("agent");
        (await Titles(agent, "/notices?kind=goal")).ShouldBe(["A goal is proposed: “Calls answered”"]);
        (await Titles(agent, "/notices?kind=badge&show=unread")).ShouldBe(["Caller I earned"]);
        var none = await Page(agent, "/notices?kind=goal-review");
        none.QuerySelector(".empty h2")!.TextContent.ShouldBe("Nothing here");
        none.QuerySelectorAll(".notices-filters [aria-current]").Select(a => a.TextContent).ShouldBe(["All", "Goal reviews"]);
        (await Page(app.SignIn("colleague"), "/notices")).QuerySelector(".empty h2")!.TextContent.ShouldBe("Nothing yet");
    }

    [Fact]
    public async Task Long_list_is_told_page_by_page_and_none_is_left_out()
    {
        await using var app = await RecognitionDesk.Open();
        var goal = Propose(app);
        var (person, now) = (Person(app, "agent"), app.Time.GetUtcNow().ToUnixTimeMilliseconds());
        app.Database.Write((c, t) =>
        {
            for (var i = 0; i < 99; i++) NoticeStore.Tell(c, t, person, GoalNotices.Review, goal, now);
        });
        var agent = app.SignIn("agent");
        var (told, address) = (0, "/notices");
        for (var pages = 1; ; pages++)
        {
            var page = await Page(agent, address);
            told += page.QuerySelectorAll(".notice").Length;
            if (page.QuerySelectorAll(".form-foot a").FirstOrDefault(a => a.TextContent == "Earlier") is not { } earlier)
            {
                pages.ShouldBe(3);
                break;
            }
            address = earlier.GetAttribute("href")!;
        }
        told.ShouldBe(100);
    }

    [Fact]
    public async Task What_was_told_of_a_badge_that_is_taken_back_is_neither_shown_nor_counted()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        app.Database.Write((c, t) => Dapper.SqlMapper.Execute(c, "UPDATE award SET revoked_at = 1", transaction: t));
        var page = await Page(app.SignIn("agent"), "/notices");
        page.QuerySelectorAll(".notice").ShouldBeEmpty();
        Counts(page).ShouldBe((null, null));
    }

    [Fact]
    public async Task Nobody_marks_what_somebody_else_was_told()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        await app.Calls("colleague", 3);
        var colleague = app.SignIn("colleague");
        using var own = await Press(colleague, await Page(colleague, "/notices"), ".page-actions form");
        app.Read<long>("SELECT count(*) FROM notice WHERE read_at IS NULL").ShouldBe(1);
        (await Page(app.SignIn("agent"), "/notices")).QuerySelectorAll(".notice-new").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Own_pages_hear_that_something_was_read()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        using var page = app.Services.GetRequiredService<LiveHub>().Subscribe(Person(app, "agent").Value);
        using var others = app.Services.GetRequiredService<LiveHub>().Subscribe(Person(app, "colleague").Value);
        page.Take();
        others.Take();
        var reading = app.Services.GetRequiredService<ReadNotices>();
        reading.Mark(Person(app, "agent").Value, [1], read: true);
        page.Take().Topics.Select(t => t.Name).ShouldContain("my-awards");
        others.Take().Topics.Select(t => t.Name).ShouldNotContain("my-awards");
        // Where nothing changes nobody need look.
        reading.Mark(Person(app, "agent").Value, [1], read: true);
        page.Take().Topics.Select(t => t.Name).ShouldNotContain("my-awards");
    }

    [Fact]
    public async Task Group_that_is_unread_grows_and_one_that_was_read_stays_beside_the_next()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3, daysAgo: 9);
        await app.Calls("agent", 5, daysAgo: 16);
        var agent = app.SignIn("agent");
        (await Titles(agent, "/notices?kind=earlier")).Count.ShouldBe(1);
        app.Services.GetRequiredService<ReadNotices>().ReadThrough(Person(app, "agent").Value, long.MaxValue, NoticeKind.All);
        await app.Calls("agent", 3, daysAgo: 23);
        (await Titles(agent, "/notices?kind=earlier")).Count.ShouldBe(2);
        (await Titles(agent, "/notices?kind=earlier&show=unread")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Several_new_badges_are_celebrated_one_after_another_and_a_replay_is_alone()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5);
        var agent = app.SignIn("agent");
        var first = app.Read<long>("SELECT min(key) FROM award");
        var page = await Page(agent, $"/celebrate/{first}");
        page.QuerySelector(".moment-count")!.TextContent.ShouldBe("1 of 2");
        var next = page.QuerySelector(".moment-actions .btn-gold")!.GetAttribute("href")!;
        page = await Page(agent, next);
        page.QuerySelector(".moment-count")!.TextContent.ShouldBe("2 of 2");
        page.QuerySelector("h1")!.TextContent.ShouldBe("Caller II");
        app.Time.Advance(TimeSpan.FromMinutes(1));
        (await Page(agent, $"/celebrate/{first}")).QuerySelector(".moment-count").ShouldBeNull();
    }

    [Fact]
    public async Task API_lists_an_inbox_page_by_page_and_marks_it()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5);
        Propose(app);
        var key = app.WithKey("notices:read", "notices:write");
        var all = await Json(key, "/api/v1/people/agent/notices?limit=2");
        all.GetProperty("unread").GetInt64().ShouldBe(3);
        all.GetProperty("notices").EnumerateArray().Select(n => $"{n.GetProperty("kind")} {n.GetProperty("what")}")
            .ShouldBe(["goal goal-proposed", "badge award"]);
        var rest = await Json(key, $"/api/v1/people/agent/notices?limit=2&cursor={all.GetProperty("next")}");
        rest.GetProperty("notices").GetArrayLength().ShouldBe(1);
        rest.TryGetProperty("next", out _).ShouldBeFalse();

        (await Marked(key, "number=1&number=999")).ShouldBe(2);
        (await Json(key, "/api/v1/people/agent/notices?unread=true&kind=badge")).GetProperty("notices").GetArrayLength().ShouldBe(1);
        (await Marked(key, "through=3")).ShouldBe(0);
        (await Marked(key, "number=2&read=false")).ShouldBe(1);
        (await Json(key, "/api/v1/people/agent/notices")).GetProperty("notices")[0].TryGetProperty("readAt", out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("number=1&through=2")]
    [InlineData("through=2&read=false")]
    public async Task API_refuses_what_is_unclear_and_says_what_to_send(string query)
    {
        await using var app = await RecognitionDesk.Open();
        var key = app.WithKey("notices:read", "notices:write");
        using var refused = await key.PostAsync($"/api/v1/people/agent/notices/read?{query}", null);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("Send number");
        (await key.GetAsync("/api/v1/people/nobody/notices")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await key.GetAsync("/api/v1/people/agent/notices?kind=mail")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await app.WithKey("people:read").GetAsync("/api/v1/people/agent/notices")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Inbox_in_lithuanian_speaks_it_throughout()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        var agent = app.SignIn("agent");
        agent.DefaultRequestHeaders.AcceptLanguage.ParseAdd("lt");
        var page = await Page(agent, "/notices");
        page.QuerySelector("h1")!.TextContent.Trim().ShouldBe("Pranešimai");
        page.QuerySelector(".page-sub")!.TextContent.ShouldBe("1 neskaitytas pranešimas");
        page.QuerySelector(".notice button")!.GetAttribute("aria-label")!.ShouldStartWith("Pažymėti kaip skaitytą: ");
    }

    private static long Propose(LaurelApp app) => app.Services.GetRequiredService<KeepGoals>().Set(
        new(Person(app, "agent"), "calls", Comparison.AtLeast, new(9_000), GoalPeriod.Week, Workday.Of(2026, 3, 12), null, null, null,
            IsProposal: true),
        DataScope.Company, new(Person(app, "leader").Value, "leader", Via.Web)).Goal;

    private static PersonKey Person(LaurelApp app, string id) => new(app.Read<long>($"SELECT key FROM person WHERE id = '{id}'"));

    private static (string? Star, string? Bell) Counts(IHtmlDocument page) =>
        (page.QuerySelector("#star .top-count")?.TextContent, page.QuerySelector("#bell .top-count")?.TextContent);

    private static async Task<List<string>> Titles(HttpClient browser, string address) =>
        [.. (await Page(browser, address)).QuerySelectorAll(".notice b").Select(b => b.TextContent)];

    /// <summary>Sends a form by its button, as a browser without script does.</summary>
    private static Task<HttpResponseMessage> Press(HttpClient browser, IHtmlDocument page, string form)
    {
        var found = (IHtmlFormElement)page.QuerySelector(form)!;
        var values = found.QuerySelectorAll("input[type=hidden], button[name]")
            .Select(i => KeyValuePair.Create(i.GetAttribute("name")!, i.GetAttribute("value") ?? ""));
        return browser.PostAsync(found.GetAttribute("action"), new FormUrlEncodedContent(values));
    }

    private static async Task<JsonElement> Json(HttpClient key, string address) => await key.GetFromJsonAsync<JsonElement>(address);

    private static async Task<long> Marked(HttpClient key, string query)
    {
        using var answer = await key.PostAsync($"/api/v1/people/agent/notices/read?{query}", null);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("unread").GetInt64();
    }

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(address));
}
