using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Recalculation;
using Laurel.App.Platform.Hosting;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;

namespace Laurel.App.Tests.Features.Recalculation;

/// <summary>Recalculating through the pages and the API.</summary>
public sealed class RecalculationPagesTests
{
    private const string Pages = "/manage/recalculations", Api = "/api/v1/recalculations";

    [Fact]
    public async Task Page_shows_the_plan_first_and_runs_it_when_confirmed()
    {
        await using var app = await Lowered();
        var admin = app.SignIn("admin");
        using var asked = await LaurelApp.Post(admin, Pages, "recalculate", ("In.From", Day(app)), ("In.To", Day(app)), ("In.By", "newest"),
            ("In.Achievements", "lively"));
        asked.StatusCode.ShouldBe(HttpStatusCode.Found);
        var plan = asked.Headers.Location!.ToString();
        await Until.IsTrue("planned", async () => (await Page(admin, plan)).QuerySelector("main form button") is not null);

        var planned = await Page(admin, plan);
        planned.QuerySelector("tbody tr")!.TextContent.ShouldContain("Lively");
        planned.QuerySelector("main form button")!.TextContent.Trim().ShouldBe("Recalculate: 1 person gains");
        Lively(app).ShouldBe(0);
        using var run = await LaurelApp.Post(admin, plan, "run");
        run.StatusCode.ShouldBe(HttpStatusCode.Found);
        await Until.IsTrue("done", async () =>
            (await Page(admin, plan)).QuerySelector("main")!.TextContent.Contains("Done as planned.", StringComparison.Ordinal));

        Lively(app).ShouldBe(1);
        (await admin.GetStringAsync($"{plan}/lines.csv")).ShouldContain("gain,lively,1,agent,");
        (await Page(admin, Pages)).QuerySelector("[data-label=State]")!.TextContent.ShouldBe("Recalculated");
    }

    [Fact]
    public async Task Page_says_what_cannot_be()
    {
        await using var app = await RecognitionDesk.Open();
        using var answer = await LaurelApp.Post(
            app.SignIn("admin"), Pages, "recalculate", ("In.From", "2020-01-02"), ("In.To", "2020-01-01"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("The last day is not before the first.");
    }

    [Fact]
    public async Task Leaders_who_see_a_part_only_are_not_let_in()
    {
        await using var app = await RecognitionDesk.Open();
        using var answer = await app.SignIn("leader").GetAsync(Pages);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Api_plans_tells_and_runs()
    {
        await using var app = await Lowered();
        var key = app.WithKey("setup:write");
        using var refused = await key.PostAsync($"{Api}?from={Day(app)}&by=newest&person=agent", null);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var asked = await key.PostAsync($"{Api}?from={Day(app)}&by=newest&achievement=lively", null);
        asked.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var address = asked.Headers.Location!.ToString();
        await Until.IsTrue("planned", async () => await State(key, address) == "planned");

        var plan = await key.GetFromJsonAsync<JsonElement>(address);
        plan.GetProperty("planned").GetProperty("gained").GetInt32().ShouldBe(1);
        plan.GetProperty("lines")[0].GetProperty("person").GetString().ShouldBe("agent");
        using var run = await key.PostAsync($"{address}/run", null);
        run.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Until.IsTrue("done", async () => await State(key, address) == "done");

        (await key.GetFromJsonAsync<JsonElement>(address)).GetProperty("made").GetProperty("gained").GetInt32().ShouldBe(1);
        Lively(app).ShouldBe(1);
        using var none = await key.GetAsync($"{Api}/4711");
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<string?> State(HttpClient key, string address) =>
        (await key.GetFromJsonAsync<JsonElement>(address)).GetProperty("state").GetString();

    /// <summary>Two calls of a day are enough from tomorrow on; today it takes three.</summary>
    private static async Task<LaurelApp> Lowered()
    {
        var app = await RecognitionDesk.Open();
        app.Declare(Rule(3));
        await app.Calls("agent", 2);
        app.Declare(Rule(2));
        return app;
    }

    private static string Rule(int atLeast) =>
        $"achievements: [ {{ id: lively, name: Lively, type: threshold, metric: calls, at-least: {atLeast}, range: day, history: all }} ]";

    private static string Day(LaurelApp app) => $"{app.Time.GetUtcNow():yyyy-MM-dd}";

    private static long Lively(LaurelApp app)
    {
        using var c = app.Database.Read();
        return c.ExecuteScalar<long>(
            "SELECT count(*) FROM award w JOIN achievement a ON a.key = w.achievement WHERE a.id = 'lively' AND w.flagged_at IS NULL");
    }

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(address));
}
