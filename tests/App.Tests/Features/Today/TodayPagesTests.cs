using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Platform.Components;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Components;
using Laurel.Engine.Activities;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Today;

/// <summary>The start page as a leader and as an administrator.</summary>
public sealed class TodayPagesTests
{
    [Fact]
    public async Task Leader_sees_the_numbers_badges_and_ways_of_the_own_team_and_of_nobody_else()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 4);
        await app.Calls("colleague", 2);
        await app.Calls("other", 8);
        var page = await Page(app, "leader");
        page.QuerySelector(".page-sub")!.TextContent.ShouldEndWith("· Retention");
        page.QuerySelector(".hero h2")!.TextContent.ShouldBe("Caller I");
        page.QuerySelector(".hero")!.TextContent.ShouldContain("Greta Agent");
        page.QuerySelectorAll(".tile-value").Select(t => t.TextContent).ShouldBe(["6", "20:00min"]);
        page.QuerySelector(".next h2")!.TextContent.ShouldBe("Greta Agent");
        page.QuerySelector(".next")!.TextContent.ShouldContain("4 of 5 this week");
        page.QuerySelectorAll(".today-board li > b").Select(b => b.TextContent).ShouldBe(["4", "2"]);
        page.QuerySelector("#today")!.TextContent.ShouldContain("Jonas Colleague");
        page.Body!.TextContent.ShouldNotContain("Amara Other");
    }

    [Fact]
    public async Task Leader_of_a_team_without_badges_is_told_what_comes()
    {
        await using var app = await RecognitionDesk.Open();
        var page = await Page(app, "leader");
        page.QuerySelector(".hero h2")!.TextContent.ShouldBe("Your team's first badge is waiting");
        page.QuerySelector(".note")!.TextContent.ShouldContain("Its numbers show here with the first activity.");
    }

    [Theory]
    [InlineData("DELETE FROM person_team WHERE person = (SELECT key FROM person WHERE id = 'leader')", "You lead no team yet")]
    [InlineData("UPDATE person SET active = 0 WHERE role = 'agent'", "Nobody is in your team yet")]
    public async Task Leader_without_people_is_told_what_to_do(string change, string title)
    {
        await using var app = await RecognitionDesk.Open();
        app.Database.Write((c, t) => c.Execute(change, transaction: t));
        (await Page(app, "leader")).QuerySelector(".empty h2")!.TextContent.ShouldBe(title);
    }

    [Fact]
    public async Task Administrator_sees_what_comes_in_what_waits_and_what_changed()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 2);
        await app.Services.GetRequiredService<Intake>().Take([new IncomingActivity(
            "desk", ActivityId.Of("held"), "call", "nobody", null, app.Time.GetUtcNow().ToUnixTimeMilliseconds(), [], [])],
            CancellationToken.None);
        var page = await Page(app, "admin");
        page.QuerySelectorAll(".tile-value").Select(t => t.TextContent).ShouldBe(["2", "09:30", "1", "0"]);
        page.QuerySelector(".ring")!.GetAttribute("aria-label").ShouldBe("3 of 3 achievements are on");
        page.QuerySelectorAll(".bars > li").Length.ShouldBe(14);
        page.QuerySelector(".bars-last .bars-n")!.TextContent.ShouldBe("2");
        page.QuerySelectorAll(".list-text").Select(t => t.TextContent)
            .ShouldContain(t => t.Contains("Added an achievement", StringComparison.Ordinal));
        page.QuerySelector(".steps").ShouldBeNull();
        page.QuerySelector(".hero").ShouldBeNull();
    }

    [Fact]
    public async Task Administrator_sees_the_newest_work_and_that_old_work_came_after_it()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 1);
        await app.Calls("agent", 1, 30);
        var tile = (await Page(app, "admin")).QuerySelectorAll(".tile")
            .Single(t => t.TextContent.Contains("Latest work", StringComparison.Ordinal));
        tile.QuerySelector(".tile-value")!.TextContent.ShouldBe("09:30");
        tile.QuerySelector(".tile-foot")!.TextContent.ShouldContain("last to arrive: work of");
    }

    [Theory]
    [InlineData("agent", "my-awards")]
    [InlineData("leader", "awards next-badges")]
    [InlineData("admin", "awards achievements backfill")]
    public async Task Page_follows_all_that_its_figures_count(string person, string beside)
    {
        await using var app = await RecognitionDesk.Open();
        var region = (await Page(app, person)).QuerySelector("live-region#today")!;
        region.GetAttribute("topic").ShouldBe($"{beside} metric:calls metric:talk");
        // Thousands of an agent's pages are open at once.
        region.GetAttribute("pace").ShouldBe(person == "agent" ? "10000" : null);
    }

    [Fact]
    public async Task First_step_leads_to_a_setup_file_that_works_as_it_is()
    {
        await using var app = await LaurelApp.Start();
        var page = await new HtmlParser().ParseDocumentAsync(await app.SignIn("admin").GetStringAsync("/manage/counted"));
        app.Declare(page.QuerySelector("#sample")!.TextContent);
        app.Read<long>("SELECT count(*) FROM achievement WHERE id = 'caller'").ShouldBe(1);
        (await app.SignIn("admin").GetStringAsync("/manage/counted")).ShouldNotContain("id=\"sample\"");
    }

    [Fact]
    public async Task Administrator_sees_what_came_in_and_not_what_laurel_makes_of_it()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("presence: { statuses: { online: online, offline: offline } }");
        var noon = app.Time.GetUtcNow().AddDays(-2);
        string[] statuses = ["online", "offline", "online", "offline", "online", "offline"];
        await app.Services.GetRequiredService<Intake>().Take([.. statuses.Select((status, i) => new IncomingActivity(
            "pbx", ActivityId.Of($"s{i}"), "presence", "agent", null, noon.AddMinutes(i).ToUnixTimeMilliseconds(), [],
            [new("status", status)]))], CancellationToken.None);
        app.Read<long>("SELECT count(*) FROM activity").ShouldBe(9);
        (await Page(app, "admin")).QuerySelectorAll(".bars-n").Select(n => n.TextContent).ShouldContain("6");
    }

    [Theory]
    [InlineData("en", "2,175")]
    [InlineData("lt", "2\u00a0175")]
    public async Task Figures_of_the_bars_are_written_as_those_of_the_tiles(string language, string expected) =>
        (await Rendered.Html<DayBars>(
            new { Days = (IReadOnlyList<(DateOnly, long)>)[(new(2026, 3, 11), 812), (new(2026, 3, 12), 2175)], Label = "Days" }, language))
            .QuerySelectorAll(".bars-n").Select(n => n.TextContent).ShouldBe(["812", expected]);

    [Fact]
    public async Task Administrator_is_told_why_background_work_failed()
    {
        await using var app = await RecognitionDesk.Open();
        var later = app.Time.GetUtcNow().AddMinutes(5).ToUnixTimeMilliseconds();
        IHtmlDocument page = null!;
        // A host that starts tries once more what had failed, and may come to that only now.
        await Until.IsTrue("it is told", async () =>
        {
            app.Database.Write((c, t) => c.Execute(
                """
                INSERT INTO work (kind, subject, due, attempts, error) VALUES ('backfill', 'of-none', @later, 2, 'the disk is full')
                ON CONFLICT (kind, subject) DO UPDATE SET due = excluded.due, attempts = excluded.attempts, error = excluded.error
                """, new { later }, t));
            page = await Page(app, "admin");
            return page.QuerySelector(".note-needs") is { } note
                && note.TextContent.Contains("Counting history: the disk is full", StringComparison.Ordinal);
        });
        page.QuerySelectorAll(".tile-foot .chip-needs").Single().TextContent.Trim().ShouldBe("1 failed");
    }

    [Fact]
    public async Task Administrator_of_a_new_installation_is_led_through_the_first_steps()
    {
        await using var app = await LaurelApp.Start();
        var page = await Page(app, "admin");
        page.QuerySelectorAll(".step").Select(s => s.ClassList.Contains("step-done")).ShouldBe([false, true, false, false]);
        page.QuerySelectorAll(".step a").Select(a => a.GetAttribute("href"))
            .ShouldBe(["/manage/achievements/catalogue", "/api-keys/new", "/manage/achievements"]);
    }

    private static async Task<IHtmlDocument> Page(LaurelApp app, string person) =>
        await new HtmlParser().ParseDocumentAsync(await app.SignIn(person).GetStringAsync("/"));
}
