using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Access;

namespace Laurel.App.Tests.Features.Achievements.Manage;

/// <summary>Whoever manages achievements changes those that only people within reach can earn, and makes no others.</summary>
public sealed class ManagedReachTests
{
    private const string List = "/manage/achievements", New = $"{List}/new?kind=threshold";

    private const string Setup = """
        teams:
          - { id: retention, name: Retention }
          - { id: care, name: Care }
        groups: [ { id: newcomers, name: Newcomers } ]
        people: [ { id: agent, groups: [newcomers] }, { id: other, groups: [newcomers] } ]
        achievements:
          - { id: ours, name: Ours, type: threshold, metric: calls, at-least: 5, history: all, audience: { teams: [retention] } }
          - { id: theirs, name: Theirs, type: threshold, metric: calls, at-least: 5, history: all, audience: { teams: [care] } }
          - { id: mixed, name: Mixed, type: threshold, metric: calls, at-least: 5, history: all, audience: { groups: [newcomers] } }
          - { id: by-role, name: By Role, type: threshold, metric: calls, at-least: 5, history: all, audience: { roles: [agent] } }
        """;

    [Theory]
    [InlineData(DataReach.Self, "")]
    [InlineData(DataReach.OwnTeam, "ours")]
    [InlineData(DataReach.ManagedTeams, "ours")]
    [InlineData(DataReach.Groups, "")]
    [InlineData(DataReach.Company, "caller ours theirs mixed by-role")]
    public async Task Leader_changes_those_of_people_within_reach(DataReach reach, string own)
    {
        await using var app = await Open();
        ReachOfDoorsTests.Reach(app, Permissions.AchievementsManage, reach);
        var leader = app.SignIn("leader");
        var list = await Page(leader, List);
        foreach (var id in (string[])["caller", "ours", "theirs", "mixed", "by-role"])
        {
            var mine = own.Split(' ').Contains(id);
            (list.QuerySelector($"a[href='{List}/{id}/edit']") is not null).ShouldBe(mine, $"{id} in the list as far as {reach}");
            (await leader.GetAsync($"{List}/{id}/edit")).StatusCode.ShouldBe(mine ? HttpStatusCode.OK : HttpStatusCode.Forbidden, id);
            var page = await Page(leader, $"{List}/{id}");
            (page.QuerySelector($"form[action='{List}/{id}/disable']") is not null).ShouldBe(mine, id);
            using var switched = await leader.PostAsync($"{List}/{id}/disable", await Token(leader, "/"));
            switched.StatusCode.ShouldBe(mine ? HttpStatusCode.Found : HttpStatusCode.NotFound, id);
            app.Read<long>($"""
                SELECT count(*) FROM achievement_span WHERE until IS NOT NULL
                  AND achievement = (SELECT key FROM achievement WHERE id = '{id}')
                """).ShouldBe(mine ? 1 : 0, id);
        }
    }

    [Fact]
    public async Task What_a_leader_makes_is_for_people_of_the_own_teams()
    {
        await using var app = await Open();
        var leader = app.SignIn("leader");
        const string Rule = "In.Name=Team Star&In.Conditions[0].Metric=calls&In.Conditions[0].Target1=3";
        foreach (var audience in (string[])
            ["", "&In.Teams=care", "&In.Teams=retention&In.Teams=care", "&In.Roles=agent", "&In.Groups=newcomers"])
        {
            using var refused = await EditorPageTests.Press(leader, New, "save", Rule + audience);
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, audience);
            (await Parse(refused)).QuerySelector("#problems")!.TextContent
                .ShouldContain("Only people within your reach may be able to earn it");
        }
        using var made = await EditorPageTests.Press(leader, New, "enable", Rule + "&In.Teams=retention");
        made.Headers.Location!.OriginalString.ShouldEndWith("/manage/achievements/team-star?saved=new");
        // Nor is it widened afterwards.
        using var widened = await EditorPageTests.Press(leader, $"{List}/team-star/edit", "save", "In.Teams=care&In.Name=Team Star");
        widened.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        app.Read<long>("SELECT count(*) FROM achievement_version v JOIN achievement a ON a.key = v.achievement WHERE a.id = 'team-star'")
            .ShouldBe(1);
    }

    [Fact]
    public async Task Kinds_that_nobody_can_keep_for_a_team_are_not_offered_to_a_leader()
    {
        await using var app = await Open();
        static IEnumerable<string?> Kinds(IHtmlDocument page) => page.QuerySelectorAll(".kinds a").Select(a => a.GetAttribute("href"));
        Kinds(await Page(app.SignIn("leader"), $"{List}/new")).ShouldNotContain($"{List}/new?kind=manual");
        Kinds(await Page(app.SignIn("leader"), $"{List}/new")).ShouldContain(New);
        Kinds(await Page(app.SignIn("admin"), $"{List}/new")).ShouldContain($"{List}/new?kind=manual");
    }

    [Theory]
    [InlineData("/manage/metrics/new")]
    [InlineData("/manage/metrics/import")]
    [InlineData("/manage/metrics/calls/edit")]
    [InlineData("/manage/paths/new")]
    [InlineData("/manage/achievements/import")]
    [InlineData("/manage/recalculations")]
    public async Task What_is_the_whole_organisations_is_shut_to_a_leader_and_says_what_is_missing(string page)
    {
        await using var app = await Open();
        var leader = app.SignIn("leader");
        leader.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var refused = await leader.GetAsync(page);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Parse(refused)).QuerySelector(".empty-missing")!.TextContent.ShouldContain("Manage achievements of the whole organisation");
        (await app.SignIn("admin").GetAsync(page)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<LaurelApp> Open()
    {
        var app = await RecognitionDesk.Open();
        app.Declare(Setup);
        return app;
    }

    private static async Task<FormUrlEncodedContent> Token(HttpClient browser, string page) => new(
        [KeyValuePair.Create("__RequestVerificationToken",
            (await Page(browser, page)).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!)]);

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(address));

    private static async Task<IHtmlDocument> Parse(HttpResponseMessage answer) =>
        await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
}
