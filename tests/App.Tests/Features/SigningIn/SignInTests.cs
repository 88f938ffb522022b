using System.Net;
using Dapper;
using Laurel.App.Features.SigningIn;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.SigningIn;

public sealed class SignInTests
{
    private const string WrongPassword = "wrong horse battery";

    [Theory]
    [InlineData(null, "/")]
    [InlineData("/profile", "/profile")]
    [InlineData("https://elsewhere.example/", "/")]
    [InlineData("//elsewhere.example", "/")]
    public async Task SignIn_right_password_leads_to_a_page_of_this_site(string? back, string expected)
    {
        await using var app = await LaurelApp.Start();
        var answer = await SignIn(app.Client, "agent", Floor.Password, back is null ? "" : $"?return={Uri.EscapeDataString(back)}");
        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        Path(answer).ShouldBe(expected);
        (await app.Client.GetAsync("/password")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SignIn_cookie_is_out_of_reach_of_script_and_other_sites()
    {
        await using var app = await LaurelApp.Start();
        var answer = await SignIn(app.Client, "agent", Floor.Password);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("laurel=", StringComparison.Ordinal));
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=lax", Case.Insensitive);
    }

    [Fact]
    public async Task SignIn_refusal_reads_as_two_sentences()
    {
        await using var app = await LaurelApp.Start();
        var text = await Text(await SignIn(app.Client, "nobody", WrongPassword));
        text.ShouldContain("wrong.</b> After five wrong tries");
    }

    [Fact]
    public async Task SignIn_unknown_name_wrong_password_and_locked_name_get_the_same_answer()
    {
        await using var app = await LaurelApp.Start();
        var unknown = await Text(await SignIn(app.Client, "nobody", WrongPassword));
        var wrong = await Text(await SignIn(app.Client, "agent", WrongPassword));
        for (var i = 0; i < 4; i++) await SignIn(app.Client, "agent", WrongPassword);
        var locked = await Text(await SignIn(app.Client, "agent", Floor.Password));
        wrong.Replace("agent", "nobody", StringComparison.Ordinal).ShouldBe(unknown);
        locked.Replace("agent", "nobody", StringComparison.Ordinal).ShouldBe(unknown);
    }

    [Fact]
    public async Task SignIn_locked_name_opens_after_a_quarter_of_an_hour()
    {
        await using var app = await LaurelApp.Start();
        for (var i = 0; i < 5; i++) await SignIn(app.Client, "agent", WrongPassword);
        (await SignIn(app.Client, "agent", Floor.Password)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        app.Time.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1));
        (await SignIn(app.Client, "agent", Floor.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task SignIn_right_password_forgets_wrong_tries()
    {
        await using var app = await LaurelApp.Start();
        for (var i = 0; i < 4; i++) await SignIn(app.Client, "agent", WrongPassword);
        (await SignIn(app.NewClient(), "agent", Floor.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
        for (var i = 0; i < 4; i++) await SignIn(app.Client, "agent", WrongPassword);
        (await SignIn(app.NewClient(), "agent", Floor.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task SignIn_name_is_found_in_any_case()
    {
        await using var app = await LaurelApp.Start();
        app.Database.Write((c, t) => c.Execute("UPDATE person SET id = 'Šarūnas' WHERE id = 'colleague'", transaction: t));
        foreach (var name in (string[])["AGENT", "Agent", "šarūnas", "ŠARŪNAS"])
            (await SignIn(app.NewClient(), name, Floor.Password)).StatusCode.ShouldBe(HttpStatusCode.Found, name);
        // Wrong tries are counted for the person, in whatever case.
        foreach (var name in (string[])["AGENT", "agent", "Agent", "aGENT", "agenT"]) await SignIn(app.Client, name, WrongPassword);
        (await SignIn(app.Client, "AgeNT", Floor.Password)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task SignIn_names_that_differ_by_case_alone_are_told_apart()
    {
        await using var app = await LaurelApp.Start();
        app.Database.Write((c, t) => c.Execute("UPDATE person SET id = 'AGENT' WHERE id = 'colleague'", transaction: t));
        (await (await SignedIn(app, "agent")).GetStringAsync("/profile")).ShouldContain("Greta Agent");
        (await (await SignedIn(app, "AGENT")).GetStringAsync("/profile")).ShouldContain("Jonas Colleague");
        for (var i = 0; i < 5; i++)
            (await SignIn(app.Client, "Agent", Floor.Password)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        // Nobody is locked by a name that is nobody's.
        await SignedIn(app, "agent");
        await SignedIn(app, "AGENT");

        static async Task<HttpClient> SignedIn(LaurelApp app, string name)
        {
            var browser = app.NewClient();
            (await SignIn(browser, name, Floor.Password)).StatusCode.ShouldBe(HttpStatusCode.Found, name);
            return browser;
        }
    }

    [Fact]
    public async Task SignIn_after_ten_quick_tries_of_a_name_is_too_many()
    {
        await using var app = await LaurelApp.Start();
        for (var i = 0; i < 10; i++)
            (await SignIn(app.Client, "agent", WrongPassword)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        // A try is given back every six seconds, by the real clock: a slow machine gets one or two more.
        var tries = 0;
        while ((await SignIn(app.Client, "agent", WrongPassword)).StatusCode != HttpStatusCode.TooManyRequests)
            (++tries).ShouldBeLessThan(10);
        using (var over = await SignIn(app.Client, "agent", WrongPassword))
            if (over.StatusCode == HttpStatusCode.TooManyRequests) over.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(1));
        (await SignIn(app.Client, "colleague", Floor.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task SignIn_inactive_person_is_refused()
    {
        await using var app = await LaurelApp.Start();
        app.Database.Write((c, t) => c.Execute("UPDATE person SET active = 0 WHERE id = 'agent'", transaction: t));
        (await SignIn(app.Client, "agent", Floor.Password)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task SignOut_ends_the_session_and_wants_the_form_token()
    {
        await using var app = await LaurelApp.Start();
        var browser = app.SignIn("agent");
        (await browser.PostAsync("/sign-out", new FormUrlEncodedContent([]))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await LaurelApp.Post(browser, "/password", "/sign-out")).StatusCode.ShouldBe(HttpStatusCode.Found);
        Path(await browser.GetAsync("/password")).ShouldBe("/sign-in?return=%2Fpassword");
    }

    [Theory]
    [InlineData("UPDATE person SET active = 0 WHERE id = 'agent'")]
    [InlineData("UPDATE credential SET stamp = 'other' WHERE person = (SELECT key FROM person WHERE id = 'agent')")]
    public async Task Session_of_deactivated_person_or_old_stamp_has_ended(string change)
    {
        await using var app = await LaurelApp.Start();
        var browser = app.SignIn("agent");
        (await browser.GetAsync("/password")).StatusCode.ShouldBe(HttpStatusCode.OK);
        app.Database.Write((c, t) => c.Execute(change, transaction: t));
        Path(await browser.GetAsync("/password")).ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task ChangePassword_ends_other_sessions_and_keeps_this_one()
    {
        await using var app = await LaurelApp.Start();
        var (here, elsewhere) = (app.SignIn("agent"), app.SignIn("agent"));
        var answer = await LaurelApp.Post(here, "/password", "password", ("In.Current", Floor.Password),
            ("In.Next", "a new and better one"));
        Path(answer).ShouldBe("/profile");
        (await here.GetAsync("/password")).StatusCode.ShouldBe(HttpStatusCode.OK);
        Path(await elsewhere.GetAsync("/password")).ShouldStartWith("/sign-in");
        (await SignIn(app.Client, "agent", "a new and better one")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Theory]
    [InlineData("wrong horse battery", "a new and better one")]
    [InlineData(Floor.Password, "short")]
    [InlineData(Floor.Password, Floor.Password)]
    public async Task ChangePassword_wrong_current_or_weak_new_is_refused(string current, string next)
    {
        await using var app = await LaurelApp.Start();
        var answer = await LaurelApp.Post(app.SignIn("agent"), "/password", "password", ("In.Current", current), ("In.Next", next));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Given_password_must_be_changed_before_anything_else()
    {
        await using var app = await LaurelApp.Start();
        app.Database.Write((c, t) => c.Execute("UPDATE credential SET must_change = 1", transaction: t));
        var browser = app.SignIn("admin");
        Path(await browser.GetAsync("/api-keys")).ShouldBe("/password");
        Path(await LaurelApp.Post(browser, "/password", "password", ("In.Current", Floor.Password), ("In.Next", "a new and better one")))
            .ShouldBe("/");
        (await browser.GetAsync("/api-keys")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task DemoSignIn_is_there_in_the_demo_only()
    {
        await using (var app = await LaurelApp.Start())
            (await app.Client.PostAsync("/demo/sign-in", new FormUrlEncodedContent([])))
                .StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed);
        await using var demo = await LaurelApp.Start(s => s.AddSingleton(new DemoMode("agent", "leader", "admin")));
        var answer = await LaurelApp.Post(demo.Client, "/sign-in", "/demo/sign-in", ("as", "leader"));
        Path(answer).ShouldBe("/");
        (await demo.Client.GetAsync("/password")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void OneTime_password_may_be_used_and_is_never_the_same()
    {
        Passwords.Refusal(Passwords.OneTime(), "agent").ShouldBeNull();
        Passwords.OneTime().ShouldNotBe(Passwords.OneTime());
    }

    private static Task<HttpResponseMessage> SignIn(HttpClient browser, string name, string password, string query = "") =>
        LaurelApp.Post(browser, "/sign-in" + query, "sign-in", ("In.Name", name), ("In.Password", password));

    private static string Path(HttpResponseMessage answer) => answer.Headers.Location is { IsAbsoluteUri: true } absolute
        ? absolute.PathAndQuery
        : answer.Headers.Location?.ToString() ?? answer.StatusCode.ToString();

    // Form tokens differ from page to page; that is what they are for.
    private static async Task<string> Text(HttpResponseMessage answer) =>
        string.Join('\n', (await answer.Content.ReadAsStringAsync()).Split('\n')
            .Where(l => !l.Contains("__RequestVerificationToken", StringComparison.Ordinal)));
}
