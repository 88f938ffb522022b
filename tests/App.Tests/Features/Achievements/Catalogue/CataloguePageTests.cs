using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Achievements.Catalogue;
using Laurel.App.Tests.Platform;

namespace Laurel.App.Tests.Features.Achievements.Catalogue;

/// <summary>The catalogue on its page and through the API.</summary>
public sealed class CataloguePageTests
{
    private const string Address = "/manage/achievements/catalogue";
    private const string Api = "/api/v1/catalogue";

    [Fact]
    public async Task Page_shows_every_badge_of_every_set_and_what_it_counts()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        foreach (var set in ShippedSets.All)
        {
            var page = await Page(admin, $"{Address}?set={set.Id}");
            page.QuerySelectorAll("main .coll").Length.ShouldBe(set.Achievements.Count);
            page.QuerySelectorAll("main .coll img").Length.ShouldBe(set.Achievements.Count);
            page.QuerySelectorAll("input[name='In.Pick']").Length
                // Of the paths those steps that Laurel itself tells of.
                .ShouldBe(set.NeedsSent ? 6 : set.Achievements.Count);
        }
        var paths = (await Page(admin, $"{Address}?set=paths")).QuerySelector("main")!.TextContent;
        paths.ShouldContain("nobody sends “Quality review completed”");
        (await Page(admin, $"{Address}?set=daily")).QuerySelector("#siesta")!.TextContent.ShouldContain("Off, and private");
        (await Page(admin, $"{Address}?set=daily")).QuerySelector("#express")!.TextContent.ShouldContain("It rewards short times alone.");
    }

    [Fact]
    public async Task Plan_changes_nothing_and_installing_does_what_it_said()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        (string, string)[] picked = [("In.Pick", "tagger"), ("In.Pick", "cleaner")];
        using var plan = await LaurelApp.Post(admin, $"{Address}?set=daily", "install", [.. picked, ("In.Do", "plan")]);
        var planned = await new HtmlParser().ParseDocumentAsync(await plan.Content.ReadAsStringAsync());
        planned.QuerySelector("#plan")!.TextContent.ShouldContain("Tagger, Cleaner");
        planned.QuerySelectorAll("input[name='In.Pick']").OfType<IHtmlInputElement>().Count(i => i.IsChecked).ShouldBe(2);
        Installed(app).ShouldBeEmpty();

        using var install = await LaurelApp.Post(admin, $"{Address}?set=daily", "install", [.. picked, ("In.Do", "install")]);
        install.StatusCode.ShouldBe(HttpStatusCode.OK);
        Installed(app).ShouldBe(["tagger", "cleaner"], ignoreOrder: true);
        (await Page(admin, $"{Address}?set=daily")).QuerySelector("#tagger a.chip-good")!.TextContent.Trim().ShouldBe("Installed");
        using var c = app.Database.Read();
        c.ExecuteScalar<long>("SELECT count(*) FROM audit WHERE action = 'achievement.added'").ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_ticked_is_said_so()
    {
        await using var app = await LaurelApp.Start();
        using var none = await LaurelApp.Post(app.SignIn("admin"), $"{Address}?set=daily", "install", ("In.Do", "install"));
        none.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await none.Content.ReadAsStringAsync()).ShouldContain("Tick at least one badge.");
    }

    [Fact]
    public async Task Api_lists_the_sets_and_installs_what_is_not_there()
    {
        await using var app = await LaurelApp.Start();
        var key = app.WithKey("setup:write");
        var sets = await key.GetFromJsonAsync<JsonElement>(Api);
        sets.EnumerateArray().Select(s => s.GetProperty("id").GetString()).ShouldBe(["starter", "daily", "paths", "sales"]);

        using var plan = await key.PostAsync($"{Api}/sales?plan=true", null);
        (await plan.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("planned").GetBoolean().ShouldBeTrue();
        Installed(app).ShouldBeEmpty();
        using var some = await key.PostAsync($"{Api}/sales?achievement=closer", null);
        (await some.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("changes").EnumerateArray()
            .Select(c => c.GetProperty("id").GetString()).ShouldBe(["sale-closed", "sales-closed", "closer"]);
        using var paths = await key.PostAsync($"{Api}/paths", null);
        var answer = await paths.Content.ReadFromJsonAsync<JsonElement>();
        answer.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("id").GetString())
            .ShouldBe(["sign-ins", .. Own, "personal"], ignoreOrder: true);
        answer.GetProperty("waits").GetProperty("first-look")[0].GetString().ShouldBe("review-completed");
        Installed(app).ShouldBe(["closer", .. Own]);
    }

    [Theory]
    [InlineData("startre", null, HttpStatusCode.NotFound, "did you mean 'starter'?")]
    [InlineData("starter", "suport-master", HttpStatusCode.BadRequest, "did you mean 'support-master'?")]
    public async Task Api_says_what_is_not_in_the_catalogue(string set, string? achievement, HttpStatusCode status, string why)
    {
        await using var app = await LaurelApp.Start();
        using var answer = await app.WithKey("setup:write").PostAsync(
            $"{Api}/{set}" + (achievement is null ? "" : $"?achievement={achievement}"), null);
        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!.ShouldContain(why);
    }

    /// <summary>Steps that Laurel itself tells of.</summary>
    private static readonly string[] Own =
        ["nice-to-meet-you", "welcome-back", "worn-with-pride", "time-to-cheer", "familiar-face", "part-of-the-furniture"];

    private static List<string> Installed(LaurelApp app)
    {
        using var c = app.Database.Read();
        var ids = ShippedSets.All.SelectMany(s => s.Achievements).Select(a => a.Id).ToHashSet(StringComparer.Ordinal);
        return [.. c.Query<string>("SELECT id FROM achievement ORDER BY position, key").Where(ids.Contains)];
    }

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(address));
}
