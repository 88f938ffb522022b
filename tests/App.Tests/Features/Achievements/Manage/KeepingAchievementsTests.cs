using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform;

namespace Laurel.App.Tests.Features.Achievements.Manage;

/// <summary>Achievements that are put away, in order, and carried from one installation to another.</summary>
public sealed class KeepingAchievementsTests
{
    private const string List = "/manage/achievements";

    [Fact]
    public async Task Archived_is_off_listed_only_where_asked_for_and_keeps_what_was_earned()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        var admin = app.SignIn("admin");
        using var put = await LaurelApp.Post(admin, $"{List}/caller", $"{List}/caller/archive");
        put.StatusCode.ShouldBe(HttpStatusCode.Found);
        Names(await Page(admin, List)).ShouldBe(["Moonlit Keeper", "Champion of the Week"]);
        Names(await Page(admin, $"{List}?state=archived")).ShouldBe(["Caller"]);
        app.Read<long>("SELECT count(*) FROM award WHERE revoked_at IS NULL").ShouldBe(1);
        Audit.Read(app.Read<string>("SELECT change FROM audit WHERE action = 'achievement.changed'"))
            .ShouldBe([new("archived", "no", "yes"), new("enabled", "yes", "no")]);
        (await app.SignIn("agent").GetStringAsync("/achievements?show=earned")).ShouldContain("Caller");

        // Nobody switches on what is put away.
        var page = await Page(admin, $"{List}/caller");
        page.QuerySelector($"form[action='{List}/caller/enable']").ShouldBeNull();
        using var back = await LaurelApp.Post(admin, $"{List}/caller", $"{List}/caller/bring-back");
        back.StatusCode.ShouldBe(HttpStatusCode.Found);
        Names(await Page(admin, List)).ShouldBe(["Caller", "Moonlit Keeper", "Champion of the Week"]);
        (await Page(admin, $"{List}/caller")).QuerySelector($"form[action='{List}/caller/enable']").ShouldNotBeNull();
    }

    [Fact]
    public async Task Archived_is_written_into_the_setup_file_and_a_file_that_does_not_say_so_brings_it_back()
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        using var put = await LaurelApp.Post(admin, $"{List}/caller", $"{List}/caller/archive");
        var text = await admin.GetStringAsync($"{List}/caller/setup.yaml");
        text.ShouldContain("archived: true");
        var audited = app.Read<long>("SELECT count(*) FROM audit");
        app.Declare(text);
        app.Read<long>("SELECT count(*) FROM audit").ShouldBe(audited);
        app.Declare(text.Replace("  archived: true\n", "", StringComparison.Ordinal));
        app.Read<long>("SELECT archived FROM achievement WHERE id = 'caller'").ShouldBe(0);
    }

    [Fact]
    public async Task Order_is_changed_one_place_at_a_time_and_the_pressed_button_keeps_the_focus()
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        using var up = await Move(admin, "champion", "up");
        up.Headers.Location!.OriginalString.ShouldBe($"{List}?order=on&moved=champion&to=up");
        var page = await Page(admin, up.Headers.Location!.OriginalString);
        Names(page).ShouldBe(["Caller", "Champion of the Week", "Moonlit Keeper"]);
        page.QuerySelectorAll("button[autofocus]").Select(b => b.TextContent.Trim()).ShouldBe(["Move “Champion of the Week” up"]);
        Audit.Read(app.Read<string>("SELECT change FROM audit WHERE action = 'achievement.moved'"))
            .ShouldBe([new("position", "3", "2")]);

        // At the end nothing moves, and nothing is noted.
        using var still = await Move(admin, "caller", "up");
        still.StatusCode.ShouldBe(HttpStatusCode.Found);
        app.Read<long>("SELECT count(*) FROM audit WHERE action = 'achievement.moved'").ShouldBe(1);
        using var down = await Move(admin, "caller", "down");
        Names(await Page(admin, List)).ShouldBe(["Champion of the Week", "Caller", "Moonlit Keeper"]);
    }

    [Fact]
    public async Task Order_passes_over_what_is_archived()
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        using var put = await LaurelApp.Post(admin, $"{List}/night-secret", $"{List}/night-secret/archive");
        using var up = await Move(admin, "champion", "up");
        Names(await Page(admin, List)).ShouldBe(["Champion of the Week", "Caller"]);
    }

    [Fact]
    public async Task Exported_one_is_brought_in_under_another_id_after_its_plan_was_shown()
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        using var file = await admin.GetAsync($"{List}/caller/setup.yaml");
        file.Content.Headers.ContentDisposition!.FileName.ShouldBe("caller.yaml");
        var text = (await file.Content.ReadAsStringAsync()).Replace("id: caller", "id: caller-two", StringComparison.Ordinal);
        using var twin = await LaurelApp.Post(admin, $"{List}/import", "import", ("In.Text", text), ("In.Do", "apply"));
        (await Parse(twin)).QuerySelector("#import-plan .note-needs")!.TextContent.ShouldContain("'caller' is called 'Caller' already");
        text = text.Replace("Caller", "Caller Two", StringComparison.Ordinal).Replace("Skambintojas", "Kitas", StringComparison.Ordinal);
        using var plan = await LaurelApp.Post(admin, $"{List}/import", "import", ("In.Text", text), ("In.Do", "plan"));
        var page = await Parse(plan);
        page.QuerySelector(".import-changes li")!.TextContent.ShouldContain("caller-two");
        page.QuerySelector("#text")!.TextContent.Trim().ShouldBe(text.Trim());
        app.Read<long>("SELECT count(*) FROM achievement").ShouldBe(3);
        using var applied = await LaurelApp.Post(admin, $"{List}/import", "import", ("In.Text", text), ("In.Do", "apply"));
        applied.StatusCode.ShouldBe(HttpStatusCode.Found);
        app.Read<string>("SELECT actor_name FROM audit WHERE action = 'achievement.added' AND object = 'caller-two'")
            .ShouldBe("Priya Admin");
        using var again = await LaurelApp.Post(admin, $"{List}/import", "import", ("In.Text", text), ("In.Do", "plan"));
        (await Parse(again)).QuerySelector("#import-plan")!.TextContent.ShouldContain("everything is so already");
    }

    [Theory]
    [InlineData("people: [ { id: eve, role: admin } ]", "only 'achievements' and 'paths' can be brought in here, not 'people'")]
    [InlineData("achievements: [ { id: x, type: threshold, metric: cals, at-least: 3 } ]",
        "there is no metric 'cals' (did you mean 'calls'?)")]
    [InlineData("", "the file is empty")]
    [InlineData("achievements: [ { id: x, type: manual, archived: true, enabled: true } ]", "what is archived is off")]
    public async Task What_cannot_be_brought_in_is_told_with_its_line_and_changes_nothing(string text, string says)
    {
        await using var app = await RecognitionDesk.Open();
        using var refused = await LaurelApp.Post(app.SignIn("admin"), $"{List}/import", "import", ("In.Text", text), ("In.Do", "apply"));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problems = (await Parse(refused)).QuerySelector("#import-plan .note-needs")!.TextContent;
        problems.ShouldContain(says);
        problems.ShouldContain("Line ");
        app.Read<long>("SELECT count(*) FROM person WHERE id = 'eve'").ShouldBe(0);
        app.Read<long>("SELECT count(*) FROM achievement").ShouldBe(3);
    }

    private static async Task<HttpResponseMessage> Move(HttpClient browser, string id, string to)
    {
        var page = await Page(browser, $"{List}?order=on");
        var token = page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        return await browser.PostAsync($"{List}/{id}/move", new FormUrlEncodedContent(
            [KeyValuePair.Create("__RequestVerificationToken", token), KeyValuePair.Create("to", to)]));
    }

    private static IEnumerable<string> Names(IHtmlDocument page) => page.QuerySelectorAll(".manage-name").Select(n => n.TextContent);

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(address));

    private static async Task<IHtmlDocument> Parse(HttpResponseMessage answer) =>
        await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
}
