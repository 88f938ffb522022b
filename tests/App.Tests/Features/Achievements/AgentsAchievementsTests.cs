using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Laurel.App.Tests.Platform;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>The agent's own collection: what comes next and how soon, and finding something in it.</summary>
public sealed class AgentsAchievementsTests
{
    private const string More = """
        achievements:
          - { id: long-way, name: Long Way, description: Forty calls., area: sales, badge: rookie, type: threshold, metric: calls,
              at-least: 40, range: all, history: all }
          - { id: ring-1, name: First Ring, badge: rookie, type: threshold, metric: calls, at-least: 1, history: all, range: all }
        paths:
          - { id: rings, name: Rings, description: Answer calls, steps: [ring-1] }
        """;

    [Fact]
    public async Task Next_badge_is_told_with_what_is_missing_and_the_days_at_the_own_pace()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(More);
        // Ten calls on each of three days of last week, with days off between; today does not count.
        foreach (var ago in (int[])[9, 7, 6]) await app.Calls("agent", 10, daysAgo: ago);
        await app.Calls("agent", 9);
        var agent = app.SignIn("agent");
        var page = await Page(agent, "/achievements");
        page.QuerySelector(".hero-meter")!.TextContent.ShouldContain("Next: Long Way");
        page.QuerySelector(".hero-meter")!.TextContent.ShouldContain("1 to go, about 1 day at your pace");
        page.QuerySelectorAll("#collection .coll h3").First().TextContent.ShouldBe("Long Way");
        (await Page(agent, "/")).QuerySelector(".next")!.TextContent.ShouldContain("1 to go, about 1 day at your pace");
        (await Page(agent, "/achievements/long-way")).DocumentElement.TextContent.ShouldContain("about 1 day at your pace");
        (await Page(app.SignIn("leader"), "/achievements/long-way?person=agent")).DocumentElement.TextContent
            .ShouldContain("about 1 day at this pace");
    }

    [Theory]
    [InlineData("area=sales", "Long Way")]
    [InlineData("path=rings", "First Ring")]
    [InlineData("tier=1", "Caller I")]
    [InlineData("tier=2", "")]
    [InlineData("q=forty", "Long Way")]
    [InlineData("q=moonlit", "")]
    [InlineData("show=earned&area=service", "Caller I, First Ring")]
    [InlineData("show=open", "Long Way, Hidden badge, Champion of the Week")]
    public async Task Collection_is_filtered_by_area_path_level_and_words(string asked, string names)
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(More);
        await app.Calls("agent", 3);
        var page = await Page(app.SignIn("agent"), $"/achievements?{asked}");
        string.Join(", ", page.QuerySelectorAll("#collection .coll h3").Select(h => h.TextContent).Order(StringComparer.Ordinal))
            .ShouldBe(string.Join(", ", names.Split(", ").Order(StringComparer.Ordinal)));
        // The form keeps what was chosen.
        foreach (var part in asked.Split('&').Where(p => p[0] != 's'))
        {
            var (name, value) = (part.Split('=')[0], part.Split('=')[1]);
            if (name == "q") page.QuerySelector("#collection input[name=q]")!.GetAttribute("value").ShouldBe(value);
            else page.QuerySelector($"#collection select[name={name}] option[selected]")!.GetAttribute("value").ShouldBe(value);
        }
    }

    [Fact]
    public async Task Featured_badge_stands_beside_the_own_name_on_every_page()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        var agent = app.SignIn("agent");
        (await Page(agent, "/profile")).QuerySelectorAll(".rail-me .badge-img, #menu-account .badge-img").ShouldBeEmpty();
        await LaurelApp.Post(agent, "/achievements/caller", "/achievements/caller/feature", ("featured", "true"));
        foreach (var address in (string[])["/", "/profile", "/achievements", "/leaderboard", "/notices"])
            (await Page(agent, address)).QuerySelectorAll(".rail-me .badge-img, #menu-account .menu-head .badge-img")
                .Select(b => b.GetAttribute("alt")).ShouldBe(["Caller I", "Caller I"], address);
        (await Page(agent, "/profile")).QuerySelector("#sharing")!.TextContent.ShouldContain("Beside your name: Caller I.");
    }

    [Theory]
    [InlineData("/people", ".who")]
    [InlineData("/projects/alpha", ".who")]
    [InlineData("/manage/achievements/thanks/award", ".pick-one")]
    public async Task Featured_badge_stands_beside_a_name_in_every_list_of_people(string address, string who)
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("achievements: [ { id: thanks, name: Thanks, type: manual } ]");
        await app.InProject("alpha", "agent", 3);
        await app.InProject("alpha", "other", 1);
        await LaurelApp.Post(app.SignIn("agent"), "/achievements/caller", "/achievements/caller/feature", ("featured", "true"));
        (await Page(app.SignIn("admin"), address)).QuerySelectorAll(who).Where(w => w.QuerySelector(".badge-img") is not null)
            .Select(w => w.QuerySelector(".who-name span")!.TextContent).Distinct().ShouldBe(["Greta Agent"]);
    }

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(new Uri(address, UriKind.Relative)));
}
