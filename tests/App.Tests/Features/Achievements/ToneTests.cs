using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Platform.Hosting;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>Negative badges: off when made, and seen by their holder and the leader only.</summary>
public sealed class ToneTests
{
    private const string Sluggard = """
        achievements:
          - { id: sluggard, name: Snail of the Day, badge: rookie, type: best-of-period, metric: calls, period: yesterday, best: lowest,
              retention: holder, tone: negative, coins: 5, enabled: true, history: all }
          - { id: chatter, name: Chatterbox, type: threshold, metric: calls, at-least: [2, 4, 6], tone: playful, coins: [1, 2, 3],
              history: all }
        """;

    [Fact]
    public async Task Negative_badge_is_off_when_it_is_made_and_stays_as_it_was_switched()
    {
        await using var core = await CoreFixture.Start(new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero), """
            site: { id: vilnius, zone: Europe/Vilnius }
            activity-types: [ { id: case } ]
            metrics: [ { id: cases, types: [case] } ]
            """);
        const string Setup = "achievements: [ { id: slow, type: threshold, metric: cases, at-least: 1, tone: negative } ]";
        core.Apply(Setup);
        On(core).ShouldBe(0);
        core.Apply(Setup.Replace("tone: negative", "tone: negative, enabled: true", StringComparison.Ordinal));
        On(core).ShouldBe(1);
        core.Apply(Setup).ShouldBeEmpty();
        On(core).ShouldBe(1);

        static long On(CoreFixture core)
        {
            using var c = core.Database.Read();
            return c.ExecuteScalar<long>("SELECT count(*) FROM achievement_span WHERE until IS NULL");
        }
    }

    [Fact]
    public async Task Negative_badge_is_seen_by_its_holder_and_the_leader_and_by_nobody_else()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Sluggard);
        await app.Calls("agent", 1);
        await app.Calls("colleague", 5);
        app.Time.Advance(TimeSpan.FromDays(1));
        app.Settle();
        var (agent, colleague) = (app.SignIn("agent"), app.SignIn("colleague"));

        var page = await Page(agent, "/achievements/sluggard");
        page.QuerySelector("#moving")!.TextContent.ShouldContain("as soon as somebody has less when a period is over");
        page.QuerySelector("#holders").ShouldBeNull();
        page.QuerySelector("form[action='/achievements/sluggard/feature']").ShouldBeNull();
        page.Body!.TextContent.ShouldNotContain("of colleagues hold it");
        (await agent.GetStringAsync("/achievements?show=earned")).ShouldContain("Snail of the Day");
        (await Page(agent, "/achievements?show=next")).QuerySelectorAll(".coll h3").Select(h => h.TextContent)
            .ShouldNotContain("Snail of the Day");
        (await agent.GetStringAsync("/notices")).ShouldContain("Snail of the Day");

        app.Database.Write((c, t) => c.Execute("UPDATE person SET featured = 'sluggard' WHERE id = 'agent'", transaction: t));
        foreach (var address in (string[])["/people/agent", "/leaderboard", "/", "/achievements", "/achievements/caller", "/notices"])
            foreach (var word in (string[])["Snail", "sluggard", "Hidden badge"])
                (await colleague.GetStringAsync(address)).Replace("Hidden badge</h3>", "", StringComparison.Ordinal)
                    .ShouldNotContain(word, Case.Insensitive, address);
        (await colleague.GetAsync("/achievements/sluggard")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var leader = app.SignIn("leader");
        (await leader.GetStringAsync("/people/agent")).ShouldContain("Snail of the Day");
        (await leader.GetStringAsync("/achievements/sluggard?person=agent")).ShouldContain("Snail of the Day");
        (await leader.GetStringAsync("/")).ShouldNotContain("Snail");
    }

    [Fact]
    public async Task Negative_badges_are_opened_to_colleagues_after_a_warning_and_closed_again()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Sluggard);
        await app.Calls("agent", 1);
        app.Time.Advance(TimeSpan.FromDays(1));
        app.Settle();
        var (admin, colleague) = (app.SignIn("admin"), app.SignIn("colleague"));
        (await LaurelApp.Post(admin, "/manage/recognition?negative=shown", "negative")).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await admin.GetStringAsync("/manage/recognition")).ShouldContain("Colleagues see them like all others.");
        (await colleague.GetStringAsync("/people/agent")).ShouldContain("Snail of the Day");
        app.Read<long>("SELECT count(*) FROM audit WHERE action = 'setting.changed' AND object = 'negative-badges'").ShouldBe(1);
        (await app.WithKey("setup:write").GetStringAsync("/api/v1/setup")).ShouldContain("negative-badges: shown");

        app.Declare("negative-badges: private");
        (await colleague.GetStringAsync("/people/agent")).ShouldNotContain("Snail of the Day");
        (await admin.GetStringAsync("/manage/recognition?negative=shown")).ShouldContain("Think twice.");
    }

    [Fact]
    public async Task Coins_are_kept_and_shown_to_nobody()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(Sluggard);
        var admin = app.SignIn("admin");
        (await admin.GetStringAsync("/manage/achievements/chatter/setup.yaml")).ShouldContain("coins:\n  - 1\n  - 2\n  - 3\n");
        var editor = await Page(admin, "/manage/achievements/chatter/edit");
        editor.QuerySelectorAll("#f-Coins input").Select(i => i.GetAttribute("value")).ShouldBe(["1", "2", "3"]);
        await app.Calls("agent", 6);
        var agent = app.SignIn("agent");
        foreach (var address in (string[])["/achievements", "/achievements/chatter", "/"])
            (await agent.GetStringAsync(address)).ShouldNotContain("coin", Case.Insensitive, address);
    }

    [Theory]
    [InlineData("at-least: [1, 2], coins: 5", "'a' has 2 tiers, and coins for 1: one number each")]
    [InlineData("at-least: 1, coins: [1, 2]", "'a' has 1 tiers, and coins for 2: one number each")]
    [InlineData("at-least: 1, coins: -5", "'-5' is not a number of coins: a whole number of up to 100000")]
    [InlineData("at-least: 1, tone: rude", "'tone' must be positive, playful, negative, not 'rude'")]
    public async Task What_cannot_be_is_told(string rule, string problem)
    {
        await using var core = await CoreFixture.Start(new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero), """
            site: { id: vilnius, zone: Europe/Vilnius }
            activity-types: [ { id: case } ]
            metrics: [ { id: cases, types: [case] } ]
            """);
        core.ProblemsOf($"achievements: [ {{ id: a, type: threshold, metric: cases, {rule} }} ]").ShouldHaveSingleItem()
            .ShouldContain(problem);
    }

    private static async Task<IHtmlDocument> Page(HttpClient client, string address) =>
        await new HtmlParser().ParseDocumentAsync(await client.GetStringAsync(address));
}
