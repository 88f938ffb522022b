using AngleSharp.Html.Parser;
using Laurel.App.Tests.Platform;

namespace Laurel.App.Tests.Features.Achievements.Manage;

/// <summary>The backtest of rules whose awards are recorded facts.</summary>
public sealed class TestRecordedTests
{
    [Fact]
    public async Task Backtest_of_first_in_project_says_who_would_have_been_first_in_which()
    {
        await using var app = await RecognitionDesk.Open();
        await app.InProject("alpha", "agent", 2);
        await app.InProject("beta", "other", 1);
        app.Declare("achievements: [ { id: trail, name: Trail, type: first-in-project, activities: [call] } ]");
        var page = await new HtmlParser().ParseDocumentAsync(
            await app.SignIn("admin").GetStringAsync("/manage/achievements/trail?test=on"));
        page.QuerySelectorAll(".test-firsts li").Length.ShouldBe(2);
        page.QuerySelector(".test-firsts")!.TextContent.ShouldContain("alpha");
        page.QuerySelectorAll(".test-people tbody tr").Length.ShouldBe(2);
    }

    [Fact]
    public async Task Backtest_of_a_draw_says_what_its_chance_comes_to_and_with_which_seed_it_is_drawn()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 2, daysAgo: 1);
        await app.Calls("agent", 2, daysAgo: 2);
        app.Declare("achievements: [ { id: clover, name: Clover, type: lucky-draw, time: '23:59', one-in: 1 } ]");
        var page = await new HtmlParser().ParseDocumentAsync(
            await app.SignIn("admin").GetStringAsync("/manage/achievements/clover?test=on"));
        var said = page.QuerySelector("#backtest")?.TextContent ?? page.QuerySelector("main")!.TextContent;
        said.ShouldContain("By the chance 2 of 2 draws would be won");
        said.ShouldContain("laurel backtest");
    }
}
