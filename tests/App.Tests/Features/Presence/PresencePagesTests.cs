using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Hosting;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Activities;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Presence;

/// <summary>What is shown of presence while it goes on: on the own start page and through the API. It is 09:30 in Vilnius.</summary>
public sealed class PresencePagesTests
{
    private const string Setup = """
        presence:
          statuses:
            online: { counts: online, name: { en: At work, lt: Darbe } }
            lunch: { counts: pause, name: { en: Lunch, lt: Pietūs } }
            offline: offline
        """;

    [Fact]
    public async Task Answer_counts_what_is_open_up_to_now()
    {
        await using var app = await Open();
        await Say(app, "agent", "06:00 online", "07:00 lunch", "07:20 online");
        (await app.WithKey("metrics:read").GetStringAsync("/api/v1/people/agent/presence")).ShouldBe("""
            {"person":"agent","date":"2026-03-12","status":"online","since":"2026-03-12T07:20:00+00:00","online":4200,"paused":1200,
            "pauses":1,"segments":[
            {"status":"online","counts":"online","from":"2026-03-12T06:00:00+00:00","until":"2026-03-12T07:00:00+00:00","seconds":3600},
            {"status":"lunch","counts":"pause","from":"2026-03-12T07:00:00+00:00","until":"2026-03-12T07:20:00+00:00","seconds":1200},
            {"status":"online","counts":"online","from":"2026-03-12T07:20:00+00:00","seconds":600}]}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Answer_about_another_workday_has_what_was_counted_and_nothing_present()
    {
        await using var app = await Open();
        await Say(app, "agent", "06:00 online");
        app.Time.Advance(TimeSpan.FromDays(1));
        app.Settle();
        var answer = await app.WithKey("metrics:read").GetFromJsonAsync<JsonElement>("/api/v1/people/agent/presence?date=2026-03-12");
        answer.TryGetProperty("status", out _).ShouldBeFalse();
        answer.GetProperty("online").GetDecimal().ShouldBe(16 * 3600);
        // Nobody has said it again for a day: it has ended.
        answer = await app.WithKey("metrics:read").GetFromJsonAsync<JsonElement>("/api/v1/people/agent/presence");
        answer.TryGetProperty("status", out _).ShouldBeFalse();
        answer.GetProperty("online").GetDecimal().ShouldBe(8 * 3600);
    }

    [Fact]
    public async Task Answer_tells_since_when_a_status_holds_over_midnight()
    {
        await using var app = await Open();
        await Say(app, "agent", "07:00 online");
        app.Time.Set(new DateTimeOffset(2026, 3, 13, 0, 0, 0, TimeSpan.Zero));
        app.Settle();
        var answer = await app.WithKey("metrics:read").GetFromJsonAsync<JsonElement>("/api/v1/people/agent/presence");
        answer.GetProperty("since").GetString().ShouldBe("2026-03-12T07:00:00+00:00");
        answer.GetProperty("online").GetDecimal().ShouldBe(2 * 3600);
    }

    [Theory]
    [InlineData("/api/v1/people/nobody/presence", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/people/agent/presence?date=yesterday", HttpStatusCode.BadRequest)]
    public async Task Question_that_cannot_be_answered_is_refused(string path, HttpStatusCode code)
    {
        await using var app = await Open();
        using var answer = await app.WithKey("metrics:read").GetAsync(path);
        answer.StatusCode.ShouldBe(code);
    }

    [Fact]
    public async Task Question_where_no_statuses_are_declared_is_answered_so()
    {
        await using var app = await RecognitionDesk.Open();
        using var answer = await app.WithKey("metrics:read").GetAsync("/api/v1/people/agent/presence");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("No statuses are declared here.");
    }

    [Fact]
    public async Task Start_page_shows_the_own_status_and_the_day_s_time_in_both_languages()
    {
        await using var app = await Open();
        await Say(app, "agent", "06:00 online", "07:00 lunch", "07:20 online");
        Words(await Page(app, "agent", "en")).ShouldBe("At work since 09:20 Online today 1:10 h In pauses 20:00 min Pauses 1");
        Words(await Page(app, "agent", "lt")).ShouldBe(
            "Darbe nuo 09:20 Šiandien prisijungus 1:10 val. Pertraukose 20:00 min. Pertraukos 1");
        await Say(app, "agent", "07:25 lunch");
        Words(await Page(app, "agent", "en")).ShouldStartWith("Lunch since 09:25");
    }

    [Fact]
    public async Task Start_page_of_somebody_who_says_nothing_has_no_presence()
    {
        await using var app = await Open();
        await Say(app, "colleague", "06:00 online");
        (await Page(app, "agent", "en")).QuerySelector(".presence").ShouldBeNull();
    }

    /// <summary>Boards, figures and progress have what goes on in them; it is awarded when it has ended, and counted once.</summary>
    [Fact]
    public async Task Open_time_is_in_boards_figures_and_progress_and_awarded_when_it_ends()
    {
        await using var app = await Open();
        app.Declare(Counted);
        await Say(app, "agent", "06:00 online");
        await Say(app, "colleague", "07:00 lunch");
        (await Board(app)).ShouldBe(["agent 5400"]);
        (await Text(app, "/")).ShouldContain("Time online");
        (await Text(app, "/achievements/on-line")).ShouldContain("1:30 of 1:31 h today · 30 s to go");
        Awards(app).ShouldBe(0);

        app.Time.Advance(TimeSpan.FromMinutes(1));
        (await Board(app)).ShouldBe(["agent 5460"]);
        await Say(app, "agent", "07:31 lunch");
        app.Settle();
        app.Time.Advance(TimeSpan.FromMinutes(29));
        (await Board(app)).ShouldBe(["agent 5460"]);
        Awards(app).ShouldBe(1);
    }

    private const string Counted = """
        metrics:
          - { id: time-online, name: Time online, unit: seconds, types: [presence-segment], aggregate: sum, measure: online }
        achievements:
          - { id: on-line, type: threshold, metric: time-online, at-least: 5430, range: day, history: all }
        """;

    private static async Task<List<string>> Board(LaurelApp app) =>
    [
        .. (await app.WithKey("metrics:read").GetFromJsonAsync<JsonElement>("/api/v1/leaderboards/time-online?period=today"))
            .GetProperty("standings").EnumerateArray()
            .Select(s => $"{s.GetProperty("person").GetString()} {s.GetProperty("value").GetDecimal():0}"),
    ];

    private static async Task<string> Text(LaurelApp app, string path) =>
        string.Join(' ', (await new HtmlParser().ParseDocumentAsync(await app.SignIn("agent").GetStringAsync(path))).Body!.TextContent
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static long Awards(LaurelApp app)
    {
        using var connection = app.Database.Read();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM award");
    }

    [Fact]
    public async Task Types_that_may_be_sent_have_the_change_and_not_the_segment()
    {
        await using var app = await Open();
        var types = (await app.WithKey("activities:write").GetFromJsonAsync<JsonElement>("/api/v1/activities/types"))
            .GetProperty("types").EnumerateArray().Select(t => t.GetProperty("id").GetString()).ToList();
        types.ShouldContain("presence");
        types.ShouldNotContain("presence-segment");
    }

    private static async Task<LaurelApp> Open()
    {
        var app = await RecognitionDesk.Open();
        app.Declare(Setup);
        return app;
    }

    private static async Task Say(LaurelApp app, string person, params string[] changes)
    {
        var taken = await app.Services.GetRequiredService<Intake>().Take([.. changes.Select(c => new IncomingActivity(
            "pbx", ActivityId.Of($"{person}-{c}"), "presence", person, null,
            DateTimeOffset.Parse($"2026-03-12T{c[..5]}Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), [],
            [new("status", c[6..])]))], CancellationToken.None);
        taken.ShouldAllBe(t => t.Outcome == ItemOutcome.Accepted);
    }

    private static async Task<IHtmlDocument> Page(LaurelApp app, string person, string language)
    {
        var browser = app.SignIn(person);
        browser.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        return await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync("/"));
    }

    private static string Words(IHtmlDocument page) => string.Join(' ', page.QuerySelector(".presence")!
        .QuerySelectorAll("b, small, dt, dd").Select(e => e.TextContent.Trim().Replace('\u00a0', ' ')));
}
