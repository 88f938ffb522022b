using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Digests;
using Laurel.App.Features.Mail;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Work;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Digests;

/// <summary>Digests from the form to the mail server, through real HTTP and a real conversation with a server.</summary>
public sealed class DigestsTests
{
    // 08:00 in Vilnius on the Monday after the Thursday on which these tests begin.
    private static readonly DateTimeOffset Monday = new(2026, 3, 16, 6, 0, 0, TimeSpan.Zero);
    private const string Https = "https://laurel.example.com";

    [Fact]
    public async Task Own_digest_comes_once_when_it_is_due_with_what_was_earned_and_how_to_end_it()
    {
        await using var desk = new SmtpDesk();
        await using var app = await Open(desk);
        app.Declare("""
            achievements:
              - { id: steady, name: Steady, area: service, badge: siesta, type: threshold, metric: calls, at-least: 10, range: all,
                  history: all }
            """);
        await app.Calls("agent", 5);
        await app.NightWatch("agent");
        await Subscribe(app, "agent");
        var page = await app.SignIn("agent").GetStringAsync("/digests");
        page.ShouldContain("Monday 16 March, 08:00");
        Run(app, Monday.AddSeconds(-1));
        desk.Mails.ShouldBeEmpty();
        Run(app, Monday);
        Run(app, Monday.AddHours(1));
        var mail = desk.Mails.ShouldHaveSingleItem();
        mail.To.ShouldContain("agent@example.com");
        // Two levels of Caller, the secret that is one no more, and the best of the week that ended at midnight.
        mail.Subject.ShouldBe("4 new badges last week");
        mail.Text.ShouldContain("Caller II");
        mail.Text.ShouldContain("Moonlit Keeper");
        mail.Text.ShouldContain("Steady: 5 of 10");
        var html = await new HtmlParser().ParseDocumentAsync(mail.Html);
        html.QuerySelector("h1")!.TextContent.ShouldBe("Well done, Greta");
        html.QuerySelectorAll("script, link, style, img, svg").ShouldBeEmpty();
        html.Body!.TextContent.ShouldContain("Moonlit Keeper");
        html.Body.TextContent.ShouldContain("Konstitucijos pr. 20, Vilnius");
        html.QuerySelectorAll("a").ShouldAllBe(a => a.GetAttribute("href")!.StartsWith(Https, StringComparison.Ordinal));
        mail.Header("Message-ID").ShouldBe(
            $"<digest.own.{app.Read<long>("SELECT key FROM person WHERE id = 'agent'")}.{Monday.ToUnixTimeMilliseconds()}@example.com>");
        mail.Header("List-Unsubscribe-Post").ShouldBe("List-Unsubscribe=One-Click");
        mail.Header("List-Unsubscribe").ShouldStartWith($"<{Https}/unsubscribe/");
        State(app).ShouldBe("sent");
    }

    [Fact]
    public async Task Digest_is_in_the_language_of_the_person_and_letters_of_it_arrive_whole()
    {
        await using var desk = new SmtpDesk();
        await using var app = await Open(desk);
        app.Database.Write((c, t) => c.Execute(
            "UPDATE person SET lang = 'lt', name = 'Šarūnė <b> Ąžuolė' WHERE id = 'agent'", transaction: t));
        await app.Calls("agent", 3);
        await Subscribe(app, "agent");
        Run(app, Monday);
        var mail = desk.Mails.ShouldHaveSingleItem();
        mail.Subject.ShouldBe("1 naujas ženklelis per savaitę");
        mail.Text.ShouldContain("Šaunu, Šarūnė");
        mail.Text.ShouldContain("Skambintojas I");
        mail.Html.ShouldContain("lang=\"lt\"");
        (await new HtmlParser().ParseDocumentAsync(mail.Html)).QuerySelector("h1")!.TextContent.ShouldBe("Šaunu, Šarūnė");
    }

    [Fact]
    public async Task Nothing_earned_is_no_mail()
    {
        await using var desk = new SmtpDesk();
        await using var app = await Open(desk);
        await Subscribe(app, "agent");
        Run(app, Monday);
        desk.Mails.ShouldBeEmpty();
        State(app).ShouldBe("nothing");
    }

    [Fact]
    public async Task Team_digest_tells_a_leader_of_the_own_people_and_of_nobody_else()
    {
        await using var desk = new SmtpDesk();
        await using var app = await Open(desk);
        app.Declare("""
            achievements:
              - { id: scolded, name: Scolded, area: service, badge: siesta, type: threshold, metric: calls, at-least: 1, range: all,
                  tone: negative, history: all }
              - { id: tried, name: Tried Out, area: service, badge: siesta, type: threshold, metric: calls, at-least: 1, range: all,
                  test: true, history: all }
            """);
        await app.Calls("agent", 5);
        await app.Calls("other", 5);
        await Subscribe(app, "leader", "team");
        Run(app, Monday);
        var mail = desk.Mails.ShouldHaveSingleItem();
        mail.Subject.ShouldBe("Retention: 2 new badges last week");
        mail.Text.ShouldContain("Greta Agent: 2 badges");
        mail.Text.ShouldContain("First badge ever: Greta Agent");
        mail.Text.ShouldContain("/team/achievements");
        foreach (var secret in (string[])["Amara", "Scolded", "Tried Out"])
        {
            mail.Text.ShouldNotContain(secret);
            mail.Html.ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task Who_loses_the_right_or_leaves_gets_no_more_of_it_and_an_agent_cannot_have_a_teams()
    {
        await using var desk = new SmtpDesk();
        await using var app = await Open(desk);
        await app.Calls("agent", 5);
        (await app.SignIn("agent").GetStringAsync("/digests")).ShouldNotContain("My team");
        (await app.SignIn("agent").GetAsync("/digests/team")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await app.SignIn("agent").GetAsync("/digests/team/mail")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await Subscribe(app, "leader", "team");
        await Subscribe(app, "agent");
        app.Database.Write((c, t) =>
        {
            c.Execute("UPDATE person SET role = 'agent' WHERE id = 'leader'", transaction: t);
            c.Execute("UPDATE person SET active = 0 WHERE id = 'agent'", transaction: t);
        });
        Run(app, Monday);
        desk.Mails.ShouldBeEmpty();
        app.Read<long>("SELECT count(*) FROM digest WHERE state = 'off'").ShouldBe(2);
    }

    [Fact]
    public async Task With_all_areas_off_no_digest_is_sent_and_its_pages_are_not_there()
    {
        await using var desk = new SmtpDesk();
        await using var app = await Open(desk);
        await app.Calls("agent", 5);
        await Subscribe(app, "agent");
        using (await LaurelApp.Post(app.SignIn("admin"), "/manage/areas", "areas")) { }
        Run(app, Monday);
        desk.Mails.ShouldBeEmpty();
        foreach (var address in (string[])["/digests", "/digests/own", "/digests/own/mail"])
            (await app.SignIn("agent").GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound, address);
        (await app.WithKey("notices:read").GetAsync("/api/v1/people/agent/digests")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await app.SignIn("admin").GetAsync("/manage/mail")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_the_server_puts_off_is_sent_again_as_the_same_mail_and_what_it_refuses_is_not()
    {
        await using var desk = new SmtpDesk();
        await using var app = await Open(desk);
        await app.Calls("agent", 3);
        await app.Calls("colleague", 3);
        await Subscribe(app, "agent");
        desk.Answers.Enqueue("451 try again later");
        Run(app, Monday);
        desk.Mails.ShouldBeEmpty();
        State(app).ShouldBe("waiting");
        app.Read<string>("SELECT error FROM digest").ShouldContain("451", Case.Insensitive, "the server's words are kept");
        Run(app, Monday.AddSeconds(59));
        desk.Mails.ShouldBeEmpty();
        Run(app, Monday.AddSeconds(60));
        desk.Mails.ShouldHaveSingleItem().Header("Message-ID").ShouldContain($".{Monday.ToUnixTimeMilliseconds()}@");
        State(app).ShouldBe("sent");
        await Subscribe(app, "colleague", every: "day");
        await app.Calls("colleague", 3);
        desk.Answers.Enqueue("554 we know you");
        Run(app, Monday.AddDays(1));
        app.Read<string>("SELECT state FROM digest WHERE kind = 'own' ORDER BY due DESC LIMIT 1").ShouldBe("failed");
        Run(app, Monday.AddDays(1).AddHours(5));
        desk.Mails.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Server_that_never_answers_well_is_given_up()
    {
        await using var desk = new SmtpDesk();
        await using var app = await Open(desk);
        await app.Calls("agent", 3);
        await Subscribe(app, "agent");
        for (var i = 0; i < 20; i++) desk.Answers.Enqueue("421 not today");
        for (var minutes = 0; minutes < 6 * 60; minutes += 5) Run(app, Monday.AddMinutes(minutes));
        State(app).ShouldBe("failed");
        desk.Answers.Count.ShouldBe(14);
    }

    [Fact]
    public async Task Server_that_hangs_up_after_the_mail_is_not_mailed_twice()
    {
        await using var desk = new SmtpDesk();
        await using var app = await Open(desk);
        await app.Calls("agent", 3);
        await Subscribe(app, "agent");
        desk.Answers.Enqueue("");
        Run(app, Monday);
        Run(app, Monday.AddHours(2));
        desk.Mails.ShouldHaveSingleItem();
        State(app).ShouldBe("sending");
    }

    [Fact]
    public async Task Death_between_claim_and_answer_mails_nobody_twice()
    {
        await using var desk = new SmtpDesk();
        await using var first = await Open(desk);
        await first.Calls("agent", 3);
        await Subscribe(first, "agent");
        Run(first, Monday, send: false);
        var agent = first.Read<long>("SELECT key FROM person WHERE id = 'agent'");
        // The process dies here: what it has committed is all that is left of it.
        first.Services.GetRequiredService<SendDigests>()
            .Claim(new(agent, DigestKind.Own, Monday.ToUnixTimeMilliseconds(), 0)).ShouldBeTrue();
        await using var second = await LaurelApp.StartOn(first.Database, withFloor: false, time: first.Time);
        Run(second, Monday.AddMinutes(1));
        Run(second, Monday.AddHours(3));
        desk.Mails.ShouldBeEmpty();
        // The next one comes as ever.
        await second.Calls("agent", 5);
        Run(second, Monday.AddDays(7));
        desk.Mails.ShouldHaveSingleItem();
    }

    [PostgresFact]
    [Trait("database", "postgres")]
    public async Task Two_nodes_at_once_send_each_digest_once()
    {
        await using var desk = new SmtpDesk();
        await using var first = await Open(desk);
        string[] people = ["agent", "colleague", "other"];
        foreach (var person in people)
        {
            await first.Calls(person, 3);
            await Subscribe(first, person);
        }
        using var another = TestDatabase.Another(first.Database);
        await using var second = await LaurelApp.StartOn(another, withFloor: false, time: first.Time);
        first.Time.Set(Monday);
        await Task.WhenAll(((LaurelApp[])[first, second, first, second]).Select(node => Task.Run(() =>
        {
            node.Services.GetRequiredService<WorkRunner>().RunDue().Failed.ShouldBeEmpty();
            node.Services.GetRequiredService<SendDigests>().RunDue();
        })));
        first.Rest();
        foreach (var node in (LaurelApp[])[first, second]) node.Services.GetRequiredService<SendDigests>().RunDue();
        desk.Mails.Select(m => m.To).Order().ShouldBe(people.Select(p => $"RCPT TO:<{p}@example.com>").Order(), Case.Insensitive);
    }

    [Fact]
    public async Task After_a_long_pause_only_what_is_not_too_late_is_sent()
    {
        await using var desk = new SmtpDesk();
        await using var app = await Open(desk);
        await Subscribe(app, "agent", every: "day");
        await app.Calls("agent", 3);
        // Days later, nine hours after the newest was due.
        Run(app, Monday.AddHours(9));
        desk.Mails.ShouldBeEmpty();
        app.Read<string>("SELECT state FROM digest").ShouldBe("late");
        await app.Calls("agent", 9);
        Run(app, Monday.AddDays(1).AddHours(5));
        desk.Mails.ShouldHaveSingleItem().Subject.ShouldContain("since yesterday");
    }

    [Fact]
    public async Task Who_moves_to_another_zone_gets_it_by_the_clock_there()
    {
        await using var desk = new SmtpDesk();
        await using var app = await Open(desk);
        app.Declare("""
            sites: [ { id: new-york, name: New York, zone: America/New_York }, { id: tokyo, name: Tokyo, zone: Asia/Tokyo } ]
            """);
        await app.Calls("agent", 3);
        await Subscribe(app, "agent");
        app.Declare("people: [ { id: agent, name: Greta Agent, site: tokyo } ]");
        // 08:00 in Tokyo on that Monday is midnight and seven hours earlier than in Vilnius.
        var tokyo = new DateTimeOffset(2026, 3, 16, 8, 0, 0, TimeSpan.FromHours(9));
        Run(app, tokyo.AddMinutes(-1));
        desk.Mails.ShouldBeEmpty();
        Run(app, tokyo);
        desk.Mails.ShouldHaveSingleItem();
        Run(app, Monday);
        desk.Mails.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task One_click_ends_it_without_signing_in_and_a_forged_link_does_nothing()
    {
        await using var desk = new SmtpDesk();
        await using var app = await Open(desk);
        await app.Calls("agent", 3);
        await Subscribe(app, "agent");
        Run(app, Monday);
        var link = desk.Mails.ShouldHaveSingleItem().Header("List-Unsubscribe").Trim('<', '>')[Https.Length..];
        using var stranger = app.NewClient();
        (await stranger.GetStringAsync(link)).ShouldContain("Unsubscribe");
        app.Read<long>("SELECT is_on FROM digest_subscription").ShouldBe(1, "looking changes nothing: mail scanners look, too");
        var forged = link[..^6] + "AAAAAA";
        (await stranger.GetAsync(forged)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.PostAsync(forged, OneClick())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        app.Read<long>("SELECT is_on FROM digest_subscription").ShouldBe(1);
        (await stranger.PostAsync(link, OneClick())).StatusCode.ShouldBe(HttpStatusCode.OK);
        app.Read<long>("SELECT is_on FROM digest_subscription").ShouldBe(0);
        await app.Calls("agent", 9);
        Run(app, Monday.AddDays(7));
        desk.Mails.Count.ShouldBe(1);
        // The page with its one button.
        await Subscribe(app, "agent");
        using var done = await LaurelApp.Post(stranger, link, link);
        done.StatusCode.ShouldBe(HttpStatusCode.Found);
        (await stranger.GetStringAsync(done.Headers.Location!.ToString())).ShouldContain("You are unsubscribed");
        app.Read<long>("SELECT is_on FROM digest_subscription").ShouldBe(0);

        static FormUrlEncodedContent OneClick() => new([new("List-Unsubscribe", "One-Click")]);
    }

    [Fact]
    public async Task Panel_says_what_is_missing_and_preview_shows_the_mail_under_a_policy_of_its_own()
    {
        await using var app = await RecognitionDesk.Open();
        var agent = app.SignIn("agent");
        (await agent.GetStringAsync("/achievements")).ShouldContain("href=\"/digests\"");
        (await app.SignIn("leader").GetStringAsync("/team/achievements")).ShouldContain("href=\"/digests\"");
        using (var refused = await LaurelApp.Post(agent, "/digests", "own", ("Own.On", "true"), ("Own.Every", "week"), ("Own.Weekday", "1"),
            ("Own.Time", "08:00")))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await refused.Content.ReadAsStringAsync()).ShouldContain("Without an email address nothing can be sent.");
        }
        (await agent.GetStringAsync("/digests/own")).ShouldContain("No mail would come");
        (await agent.GetAsync("/digests/own/mail")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await app.Calls("agent", 3);
        (await agent.GetStringAsync("/digests/own")).ShouldContain("<iframe");
        using var mail = await agent.GetAsync("/digests/own/mail");
        mail.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        (await mail.Content.ReadAsStringAsync()).ShouldContain("Caller I");
        Address(app);
        using (var wrong = await LaurelApp.Post(agent, "/digests", "own", ("Own.On", "true"), ("Own.Time", "25:00")))
            (await wrong.Content.ReadAsStringAsync()).ShouldContain("Type a time such as 08:00.");
    }

    [Fact]
    public async Task Program_reads_and_sets_what_somebody_is_mailed()
    {
        await using var app = await RecognitionDesk.Open();
        const string address = "/api/v1/people/agent/digests";
        var (reader, writer) = (app.WithKey("notices:read"), app.WithKey("notices:write"));
        (await reader.PutAsync($"{address}?kind=own&on=true", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await writer.PutAsync($"{address}?kind=own&on=true", null)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        Address(app);
        (await writer.PutAsync($"{address}?kind=team&on=true", null)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await writer.PutAsync($"{address}?kind=own&on=true&time=8", null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await writer.PutAsync($"{address}?kind=own&on=true&frequency=weekly&weekday=friday&time=17:30", null))
            .StatusCode.ShouldBe(HttpStatusCode.OK);
        (await writer.PutAsync("/api/v1/people/nobody/digests?kind=own&on=true", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var own = (await reader.GetFromJsonAsync<JsonElement>(address)).GetProperty("digests")[0];
        own.GetProperty("on").GetBoolean().ShouldBeTrue();
        own.GetProperty("weekday").GetString().ShouldBe("friday");
        own.GetProperty("time").GetString().ShouldBe("17:30");
        own.GetProperty("next").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2026, 3, 13, 15, 30, 0, TimeSpan.Zero));
        (await writer.PutAsync($"{address}?kind=own&on=false&frequency=daily", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        own = (await reader.GetFromJsonAsync<JsonElement>(address)).GetProperty("digests")[0];
        own.GetProperty("frequency").GetString().ShouldBe("daily");
        own.TryGetProperty("next", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_a_server_mails_lie_in_the_folder()
    {
        var folder = Directory.CreateTempSubdirectory("laurel-mails-").FullName;
        await using var app = await LaurelApp.Start(s => s.AddSingleton(new MailFolder(Path.Combine(folder, "mails"))));
        using (var answer = await LaurelApp.Post(app.SignIn("admin"), "/manage/mail", "test", ("TestIn.To", "me@example.com")))
        {
            var said = await answer.Content.ReadAsStringAsync();
            said.ShouldContain("The mail lies in the folder.");
            said.ShouldContain(Path.Combine(folder, "mails"));
        }
        var file = Directory.GetFiles(Path.Combine(folder, "mails")).ShouldHaveSingleItem();
        Path.GetExtension(file).ShouldBe(".eml");
        new ReceivedMail("", await File.ReadAllTextAsync(file)).Text.ShouldContain("This is a test mail from Laurel.");
        Directory.Delete(folder, recursive: true);
    }

    internal static async Task<LaurelApp> Open(SmtpDesk desk)
    {
        var app = await RecognitionDesk.Open();
        Address(app);
        app.Database.Write((c, t) => new MailSettings(
            "127.0.0.1", desk.Port, false, null, null, "Laurel at Northwind", "laurel@example.com", Https, "Konstitucijos pr. 20, Vilnius")
            .Save(c, t, Actor.CommandLine, 0));
        return app;
    }

    private static void Address(LaurelApp app) => app.Database.Write((c, t) =>
        c.Execute("UPDATE person SET email = id || '@example.com'", transaction: t));

    private static async Task Subscribe(LaurelApp app, string person, string kind = "own", string every = "week")
    {
        var prefix = kind == "own" ? "Own" : "Team";
        using var answer = await LaurelApp.Post(app.SignIn(person), "/digests", kind, ($"{prefix}.On", "true"), ($"{prefix}.Every", every),
            ($"{prefix}.Weekday", "1"), ($"{prefix}.Time", "08:00"));
        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    /// <summary>Everything that is due at an instant is done.</summary>
    private static void Run(LaurelApp app, DateTimeOffset at, bool send = true)
    {
        app.Time.Set(at);
        app.Settle();
        if (send) app.Services.GetRequiredService<SendDigests>().RunDue();
    }

    private static string State(LaurelApp app) => app.Read<string>("SELECT state FROM digest");
}
