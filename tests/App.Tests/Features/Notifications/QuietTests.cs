using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Kernel;
using Laurel.Engine.Notifications;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Notifications;

/// <summary>How people want to be told, and quiet hours. It is Thursday 2026-03-12, 09:30 in Vilnius.</summary>
public sealed class QuietTests
{
    private const string Settings = "/notices/settings";

    [Fact]
    public async Task Kind_that_is_switched_off_comes_to_the_inbox_and_its_count_but_not_as_a_toast()
    {
        await using var app = await RecognitionDesk.Open();
        var agent = app.SignIn("agent");
        using var saved = await LaurelApp.Post(agent, Settings, "told", [("In.On", "toast:goal"), .. Times("20:00", "07:00")]);
        saved.StatusCode.ShouldBe(HttpStatusCode.Found);
        var page = await Page(agent, Settings);
        page.QuerySelectorAll("input[name='In.On'][checked]").Select(i => i.GetAttribute("value")).ShouldBe(["toast:goal"]);
        await app.Calls("agent", 3);
        (await Heard(app, after: 0)).ShouldBe([("changed", """{"topic":"my-awards"}""")]);
        (await Page(agent, "/")).QuerySelector("#bell .top-count")!.TextContent.ShouldBe("1");
        // Of others nothing changes.
        await app.Calls("colleague", 3);
        (await Heard(app, after: 0, "colleague")).Single().Kind.ShouldBe("award");
    }

    [Fact]
    public async Task Several_at_once_are_told_as_one_notice_with_a_toast_of_its_own()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 5, daysAgo: 2);
        (await Heard(app, after: 0)).ShouldBe([("notice", """{"number":1,"key":"awards"}""")]);
        var toast = await Toast(app, "/moments/notices/1");
        (toast.GetProperty("title").GetString(), toast.GetProperty("href").GetString(), toast.GetProperty("see").GetString())
            .ShouldBe(("1 badge from earlier work", "/celebrate/together/1", "See the celebration"));
        (await app.SignIn("colleague").GetAsync("/moments/notices/1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        // While achievements are away it says nothing of them.
        app.Declare($"areas: {{ {string.Join(", ", ProductAreas.All.Select(area => $"{area}: off"))} }}");
        (await app.SignIn("agent").GetAsync("/moments/notices/1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_comes_in_quiet_hours_is_told_once_together_when_they_end()
    {
        await using var app = await RecognitionDesk.Open();
        Keep(app, Weekdays.All, "09:00", "10:00");
        await app.Calls("agent", 3);
        await app.Calls("agent", 2);
        (await Heard(app, after: 0)).ShouldAllBe(e => e.Kind == "changed");
        (await Page(app.SignIn("agent"), "/")).QuerySelector("#bell .top-count")!.TextContent.ShouldBe("2");

        app.Time.Set(new(2026, 3, 12, 7, 59, 59, TimeSpan.Zero));
        app.RunDue();
        app.Read<long>("SELECT count(*) FROM catch_up").ShouldBe(0);
        app.Time.Set(new(2026, 3, 12, 8, 0, 0, TimeSpan.Zero));
        app.RunDue();
        (await Heard(app, after: 2)).ShouldBe([("quiet", """{"number":2}""")]);
        var toast = await Toast(app, "/moments/quiet/2");
        toast.GetProperty("title").GetString().ShouldBe("2 notices have waited");
        (await app.SignIn("colleague").GetAsync("/moments/quiet/2")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var waited = await Page(app.SignIn("agent"), toast.GetProperty("href").GetString()!);
        waited.QuerySelectorAll(".notice b").Select(b => b.TextContent).ShouldBe(["Caller II earned", "Caller I earned"]);
        // It was shown, and is told to nobody again; asking once more, as a page does whose network failed, brings the same.
        (await Heard(app, after: 2)).ShouldBeEmpty();
        (await Toast(app, "/moments/quiet/2")).GetProperty("title").GetString().ShouldBe("2 notices have waited");
        // What comes now is told at once.
        await app.Calls("agent", 4);
        (await Heard(app, after: 2)).Single().Kind.ShouldBe("award");
    }

    [Fact]
    public async Task Only_one_that_has_waited_is_told_itself()
    {
        await using var app = await RecognitionDesk.Open();
        Keep(app, Weekdays.All, "09:00", "10:00");
        await app.Calls("agent", 3);
        app.Time.Set(new(2026, 3, 12, 8, 0, 0, TimeSpan.Zero));
        app.RunDue();
        var toast = await Toast(app, "/moments/quiet/1");
        (toast.GetProperty("eyebrow").GetString(), toast.GetProperty("title").GetString(), toast.GetProperty("href").GetString())
            .ShouldBe(("After your quiet hours", "Caller I earned", $"/celebrate/{app.Read<long>("SELECT max(key) FROM award")}"));
        toast.GetProperty("art").GetString()!.ShouldStartWith("/");
    }

    [Fact]
    public async Task Nights_in_which_nobody_looked_are_told_as_one()
    {
        await using var app = await RecognitionDesk.Open();
        Keep(app, Weekdays.All, "09:00", "10:00");
        await app.Calls("agent", 3);
        app.Time.Set(new(2026, 3, 12, 9, 0, 0, TimeSpan.Zero));
        app.RunDue();
        app.Time.Set(new(2026, 3, 13, 7, 30, 0, TimeSpan.Zero));
        await app.Calls("agent", 2);
        app.Time.Set(new(2026, 3, 13, 9, 0, 0, TimeSpan.Zero));
        app.RunDue();
        (await Heard(app, after: 99)).ShouldHaveSingleItem().Kind.ShouldBe("quiet");
        var last = app.Read<long>("SELECT max(number) FROM catch_up");
        (await Toast(app, $"/moments/quiet/{last}")).GetProperty("title").GetString().ShouldBe("2 notices have waited");
    }

    [Fact]
    public async Task What_was_read_meanwhile_is_not_told_again()
    {
        await using var app = await RecognitionDesk.Open();
        Keep(app, Weekdays.All, "09:00", "10:00");
        await app.Calls("agent", 3);
        app.Services.GetRequiredService<ReadNotices>().ReadThrough(Agent(app), long.MaxValue, NoticeKind.All);
        app.Time.Set(new(2026, 3, 12, 9, 0, 0, TimeSpan.Zero));
        app.RunDue();
        app.Read<long>("SELECT count(*) FROM catch_up").ShouldBe(0);
        (await Heard(app, after: 99)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_ends_the_quiet_hours_is_told_at_once()
    {
        await using var app = await RecognitionDesk.Open();
        Keep(app, Weekdays.All, "09:00", "10:00");
        await app.Calls("agent", 3);
        var agent = app.SignIn("agent");
        (await Page(agent, Settings)).QuerySelector(".note")!.TextContent.ShouldContain("It is quiet now, until Thursday 10:00.");
        using var saved = await LaurelApp.Post(agent, Settings, "told", [("In.On", "toast:badge"), .. Times("09:00", "10:00")]);
        saved.StatusCode.ShouldBe(HttpStatusCode.Found);
        app.RunDue();
        (await Heard(app, after: 99)).ShouldHaveSingleItem().Kind.ShouldBe("quiet");
    }

    [Fact]
    public async Task Whoever_moves_to_another_zone_is_told_by_the_clock_there()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("sites: [ { id: tokyo, name: Tokyo, zone: Asia/Tokyo } ]");
        Keep(app, Weekdays.All, "09:00", "10:00");
        await app.Calls("agent", 3);
        // In Tokyo it is 16:30.
        app.Database.Write((c, t) => c.Execute(
            "INSERT INTO person_site (person, from_day, site) SELECT @person, @from, key FROM site WHERE id = 'tokyo'",
            new { person = Agent(app), from = Workday.Beginning.Number }, t));
        await Heard(app, after: 99);
        await Until.IsTrue("it is told", () =>
        {
            app.RunDue();
            return app.Read<long>("SELECT count(*) FROM catch_up") == 1;
        });
        (await Heard(app, after: 99)).ShouldHaveSingleItem().Kind.ShouldBe("quiet");
    }

    [Theory]
    [InlineData("", "20:00", "07:00", "Choose at least one day on which they begin.")]
    [InlineData("1", "soon", "07:00", "Type times such as 20:00 and 07:00.")]
    [InlineData("1 2 4 8 16 32 64", "20:00", "20:00", "All of every day would never end")]
    public async Task Hours_that_cannot_be_are_refused_and_what_was_typed_stays(string days, string from, string until, string why)
    {
        await using var app = await RecognitionDesk.Open();
        var agent = app.SignIn("agent");
        using var refused = await LaurelApp.Post(agent, Settings, "told",
        [
            ("In.Quiet", "true"), .. days.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(d => ("In.Days", d)),
            .. Times(from, until),
        ]);
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await refused.Content.ReadAsStringAsync();
        page.ShouldContain(why);
        page.ShouldContain($"value=\"{from}\"");
        app.Read<long>("SELECT count(*) FROM quiet_hours").ShouldBe(0);
    }

    [Fact]
    public async Task Hours_are_kept_as_they_were_chosen_and_speak_lithuanian()
    {
        await using var app = await RecognitionDesk.Open();
        var agent = app.SignIn("agent");
        agent.DefaultRequestHeaders.AcceptLanguage.ParseAdd("lt");
        (await Page(agent, Settings)).QuerySelectorAll("input[name='In.On'][checked]").Length.ShouldBe(NoticeKind.All.Count);
        using var saved = await LaurelApp.Post(agent, Settings, "told",
            [("In.Quiet", "true"), ("In.Days", "16"), ("In.Days", "32"), .. Times("21:15", "08:45")]);
        var page = await Page(agent, saved.Headers.Location!.OriginalString);
        page.QuerySelector("h1")!.TextContent.Trim().ShouldBe("Kaip man pranešama");
        page.QuerySelectorAll("input[name='In.Days'][checked]").Select(i => i.Closest("label")!.TextContent.Trim())
            .ShouldBe(["Penktadienis", "Šeštadienis"]);
        page.QuerySelectorAll("#from, #until").Select(i => i.GetAttribute("value")).ShouldBe(["21:15", "08:45"]);
        page.QuerySelector("input[name='In.Quiet']")!.HasAttribute("checked").ShouldBeTrue();
    }

    private static void Keep(LaurelApp app, Weekdays days, string from, string until) => app.Services.GetRequiredService<CatchUps>().Save(
        Agent(app), new(new HashSet<(string, string)>(), QuietHours.Of(days, Minute(from), Minute(until)), IsQuietOn: true));

    private static int Minute(string time) =>
        (int)TimeOnly.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToTimeSpan().TotalMinutes;

    private static (string, string)[] Times(string from, string until) => [("In.From", from), ("In.Until", until)];

    private static long Agent(LaurelApp app) => app.Read<long>("SELECT key FROM person WHERE id = 'agent'");

    private static async Task<JsonElement> Toast(LaurelApp app, string address)
    {
        using var answer = await app.SignIn("agent").GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    /// <summary>What the person's pages are told who come back after a number, up to a topic that is said last.</summary>
    private static async Task<List<(string Kind, string Data)>> Heard(LaurelApp app, long after, string person = "agent")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/live");
        request.Headers.Add("Last-Event-ID", after.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using var answer = await app.SignIn(person).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        var heard = new List<(string, string)>();
        await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            if (item.EventType == "ping") app.Services.GetRequiredService<LiveHub>().Changed("the end");
            else if (item.Data.Contains("the end", StringComparison.Ordinal)) break;
            else if (!item.Data.Contains("\"at\":", StringComparison.Ordinal)) heard.Add((item.EventType, item.Data));
        }
        return heard;
    }

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(address));
}
