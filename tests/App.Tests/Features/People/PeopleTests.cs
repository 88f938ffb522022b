using System.Net;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.People;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.People;

public sealed class PeopleTests
{
    private static readonly (string, string)[] Rasa = [("In.Name", "Rasa Ąžuolė"), ("In.Id", "rasa"), ("In.Role", "agent"),
        ("In.Team", "care")];

    [Fact]
    public async Task List_shows_an_admin_everybody_and_a_leader_the_own_team()
    {
        await using var app = await LaurelApp.Start();
        (await Names(app.SignIn("admin"), "/people")).ShouldBe(["Ada Leader", "Amara Other", "Greta Agent", "Jonas Colleague",
            "Priya Admin"]);
        (await Names(app.SignIn("leader"), "/people")).ShouldBe(["Ada Leader", "Greta Agent", "Jonas Colleague"]);
    }

    [Theory]
    [InlineData("?q=GRETA", "Greta Agent")]
    [InlineData("?team=care", "Amara Other")]
    [InlineData("?role=leader", "Ada Leader")]
    [InlineData("?state=inactive", "")]
    [InlineData("?q=nobody", "")]
    public async Task List_is_narrowed_by(string query, string expected)
    {
        await using var app = await LaurelApp.Start();
        string.Join(", ", await Names(app.SignIn("admin"), "/people" + query)).ShouldBe(expected);
    }

    [Fact]
    public async Task List_search_finds_letters_with_and_without_marks()
    {
        await using var app = await LaurelApp.Start();
        await LaurelApp.Post(app.SignIn("admin"), "/people/new", "new-person", Rasa);
        (await Names(app.SignIn("admin"), "/people?q=azuol")).ShouldBe(["Rasa Ąžuolė"]);
    }

    [Fact]
    public async Task Add_makes_a_password_that_works_once()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        var added = await LaurelApp.Post(admin, "/people/new", "new-person", [.. Rasa, ("WithPassword", "true")]);
        added.StatusCode.ShouldBe(HttpStatusCode.Found);
        // A cookie carries it to the page after the form; no other person's page has it.
        var page = await new HtmlParser().ParseDocumentAsync(await admin.GetStringAsync(added.Headers.Location));
        var password = page.QuerySelector("#password-once")!.TextContent;
        page.QuerySelector(".key-made .code-inline")!.TextContent.ShouldBe("rasa");
        var again = await new HtmlParser().ParseDocumentAsync(await admin.GetStringAsync(added.Headers.Location));
        again.QuerySelector("#password-once").ShouldBeNull();
        again.QuerySelector(".key-made .note")!.TextContent.ShouldContain("The password was shown already.");
        app.Read<long>("SELECT count(*) FROM person WHERE id = 'rasa'").ShouldBe(1);
        var browser = app.NewClient();
        (await LaurelApp.Post(browser, "/sign-in", "sign-in", ("In.Name", "rasa"), ("In.Password", password)))
            .StatusCode.ShouldBe(HttpStatusCode.Found);
        (await browser.GetAsync("/profile")).Headers.Location!.ToString().ShouldBe("/password");
        Audited(app).ShouldBe("person.added Rasa Ąžuolė");
    }

    [Fact]
    public async Task Add_without_password_cannot_sign_in()
    {
        await using var app = await LaurelApp.Start();
        (await LaurelApp.Post(app.SignIn("admin"), "/people/new", "new-person", Rasa)).StatusCode.ShouldBe(HttpStatusCode.Found);
        app.Services.GetRequiredService<AccountStore>().PasswordHash(Key(app, "rasa")).ShouldBeNull();
    }

    [Theory]
    [InlineData("In.Id", "agent")]
    [InlineData("In.Id", "night/shift")]
    [InlineData("In.Id", "Rasa A")]
    [InlineData("In.Id", "rasa\u0007")]
    [InlineData("In.Id", " ")]
    [InlineData("In.Name", "")]
    [InlineData("In.Email", "nowhere")]
    [InlineData("In.Role", "emperor")]
    [InlineData("In.Team", "nowhere")]
    public async Task Add_of_what_cannot_be_taken_is_refused(string field, string value)
    {
        await using var app = await LaurelApp.Start();
        var answers = Rasa.Where(a => a.Item1 != field).Append((field, value));
        (await LaurelApp.Post(app.SignIn("admin"), "/people/new", "new-person", answers))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var c = app.Database.Read();
        c.ExecuteScalar<long>("SELECT COUNT(*) FROM person").ShouldBe(5);
    }

    [Fact]
    public async Task Change_of_role_ends_sessions_and_is_audited()
    {
        await using var app = await LaurelApp.Start();
        var agent = app.SignIn("agent");
        (await Change(app, "agent", ("In.Role", "leader"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await agent.GetAsync("/profile")).Headers.Location!.ToString().ShouldStartWith("/sign-in");
        (await app.SignIn("agent").GetAsync("/people")).StatusCode.ShouldBe(HttpStatusCode.OK);
        Audited(app).ShouldBe("person.changed Greta Agent");
    }

    [Fact]
    public async Task Change_of_nothing_is_not_audited()
    {
        await using var app = await LaurelApp.Start();
        (await Change(app, "agent")).StatusCode.ShouldBe(HttpStatusCode.Found);
        Audited(app).ShouldBe("");
    }

    [Fact]
    public async Task Change_of_team_starts_on_its_day()
    {
        await using var app = await LaurelApp.Start();
        (await Change(app, "agent", ("In.Team", "care"), ("In.From", "2026-03-14"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await Names(app.SignIn("leader"), "/people")).ShouldContain("Greta Agent");
        app.Time.Advance(TimeSpan.FromDays(2));
        (await Names(app.SignIn("leader"), "/people")).ShouldNotContain("Greta Agent");
    }

    [Fact]
    public async Task Change_of_team_in_the_past_is_refused()
    {
        await using var app = await LaurelApp.Start();
        (await Change(app, "agent", ("In.Team", "care"), ("In.From", "2026-03-11")))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Change_that_takes_the_own_rights_away_is_refused()
    {
        await using var app = await LaurelApp.Start();
        (await Change(app, "admin", ("In.Role", "agent"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Change(app, "admin", ("In.Active", ""))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Leader_sees_the_teams_that_are_led_beside_the_own()
    {
        await using var app = await LaurelApp.Start();
        await Change(app, "leader", ("In.Leads", "care"));
        (await Names(app.SignIn("leader"), "/people")).ShouldContain("Amara Other");
    }

    [Fact]
    public async Task Add_warns_of_a_key_that_differs_by_capitals_alone()
    {
        await using var app = await LaurelApp.Start();
        var answer = await LaurelApp.Post(app.SignIn("admin"), "/people/new", "new-person",
            [.. Rasa.Where(f => f.Item1 != "In.Id"), ("In.Id", "AGENT")]);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Somebody has this key already, in other letters.");
    }

    [Fact]
    public async Task List_of_a_leader_counts_the_own_teams()
    {
        await using var app = await LaurelApp.Start();
        Sub(await app.SignIn("leader").GetStringAsync("/people")).ShouldBe("3 people · 1 team");
        Sub(await app.SignIn("admin").GetStringAsync("/people")).ShouldBe("5 people · 2 teams");
        (await new HtmlParser().ParseDocumentAsync(await app.SignIn("admin").GetStringAsync("/people?q=greta")))
            .QuerySelector(".card-foot span")!.TextContent.ShouldBe("1 of 1");

        static string Sub(string page) => new HtmlParser().ParseDocument(page).QuerySelector(".page-sub")!.TextContent.Trim();
    }

    [Fact]
    public async Task Team_of_a_name_that_is_there_is_told_at_its_field_and_stays_typed()
    {
        await using var app = await LaurelApp.Start();
        var answer = await LaurelApp.Post(app.SignIn("admin"), "/teams", "new-team", ("NewName", "Care"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
        page.QuerySelector("#team-name-error")!.TextContent.ShouldContain("There is a team of this name already.");
        page.QuerySelector("#team-name")!.GetAttribute("value").ShouldBe("Care");
        page.QuerySelectorAll(".team-row .field-error").ShouldBeEmpty();
    }

    [Fact]
    public async Task Reset_replaces_the_password_and_ends_sessions()
    {
        await using var app = await LaurelApp.Start();
        var agent = app.SignIn("agent");
        var admin = app.SignIn("admin");
        var answer = await LaurelApp.Post(admin, $"/people/{Key(app, "agent")}/edit", "reset");
        (await admin.GetStringAsync(answer.Headers.Location)).ShouldContain("password-once");
        (await admin.GetStringAsync(answer.Headers.Location)).ShouldNotContain("password-once");
        (await agent.GetAsync("/profile")).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await LaurelApp.Post(app.Client, "/sign-in", "sign-in", ("In.Name", "agent"), ("In.Password", Floor.Password)))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task List_shows_the_key_beside_the_address()
    {
        await using var app = await LaurelApp.Start();
        await Change(app, "agent", ("In.Email", "greta@example.org"));
        var page = await new HtmlParser().ParseDocumentAsync(await app.SignIn("admin").GetStringAsync("/people?q=greta"));
        page.QuerySelector("td .who-sub")!.TextContent.ShouldBe("agent · greta@example.org");
    }

    [Fact]
    public async Task Lock_after_wrong_passwords_is_shown_and_lifted()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        var page = $"/people/{Key(app, "agent")}/edit";
        (await admin.GetStringAsync(page)).ShouldNotContain("Locked");
        for (var i = 0; i < 5; i++)
            await LaurelApp.Post(app.NewClient(), "/sign-in", "sign-in", ("In.Name", "agent"), ("In.Password", "wrong"));
        (await SignsIn(app)).ShouldBeFalse();
        (await admin.GetStringAsync("/people")).ShouldContain("Locked");
        (await admin.GetStringAsync(page)).ShouldContain("Locked until 09:45.");

        (await LaurelApp.Post(admin, page, "unlock")).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await admin.GetStringAsync(page)).ShouldNotContain("Locked");
        (await SignsIn(app)).ShouldBeTrue();
        Audited(app).ShouldBe("person.unlocked Greta Agent");
        (await admin.GetStringAsync("/audit")).ShouldContain("Unlocked");
    }

    [Fact]
    public async Task Lock_that_has_run_out_is_not_shown()
    {
        await using var app = await LaurelApp.Start();
        for (var i = 0; i < 5; i++)
            await LaurelApp.Post(app.NewClient(), "/sign-in", "sign-in", ("In.Name", "agent"), ("In.Password", "wrong"));
        app.Time.Advance(TimeSpan.FromMinutes(16));
        (await app.SignIn("admin").GetStringAsync("/people")).ShouldNotContain("Locked");
    }

    private static async Task<bool> SignsIn(LaurelApp app) =>
        (await LaurelApp.Post(app.NewClient(), "/sign-in", "sign-in", ("In.Name", "agent"), ("In.Password", Floor.Password)))
            .StatusCode == HttpStatusCode.Found;

    [Fact]
    public async Task Edit_page_of_nobody_is_not_found()
    {
        await using var app = await LaurelApp.Start();
        (await app.SignIn("admin").GetAsync("/people/99/edit")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Team_is_added_and_renamed_with_a_key_of_its_first_name()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        await LaurelApp.Post(admin, "/teams", "new-team", ("NewName", "Klientų aptarnavimas"));
        using (var c = app.Database.Read()) c.ExecuteScalar<string>("SELECT id FROM team WHERE key = 3").ShouldBe("klientu-aptarnavimas");
        await LaurelApp.Post(admin, "/teams", "rename-3", ("Name", "Pagalba"));
        using (var c = app.Database.Read()) c.QuerySingle<(string, string)>("SELECT id, name FROM team WHERE key = 3")
            .ShouldBe(("klientu-aptarnavimas", "Pagalba"));
        (await LaurelApp.Post(admin, "/teams", "new-team", ("NewName", "Care"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Site_zone_changes_until_the_first_activity()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        await LaurelApp.Post(admin, "/sites", "site-vilnius", ("Name", "Riga"), ("Zone", "Europe/Riga"));
        await LaurelApp.Post(admin, "/sites", "week", ("WeekStart", "Sunday"));
        var organisation = app.Services.GetRequiredService<Organisation>();
        organisation.Sites().ShouldBe([new(1, "vilnius", "Riga", "Europe/Riga", IsOwn: true, ZoneIsFixed: false)]);
        organisation.Week().ShouldBe(new(NodaTime.IsoDayOfWeek.Sunday, false));
        (await LaurelApp.Post(admin, "/sites", "site-vilnius", ("Name", "Riga"), ("Zone", "Europe/Nowhere")))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Site_zone_that_changes_tells_anew_which_workdays_are_closed()
    {
        await using var app = await LaurelApp.Start();
        // 09:30 in Vilnius: on the other side of the earth the day before is not over.
        await LaurelApp.Post(app.SignIn("admin"), "/sites", "site-vilnius", ("Name", "LA"), ("Zone", "America/Los_Angeles"));
        using var c = app.Database.Read();
        new Workday(c.ExecuteScalar<int>("SELECT closed_through FROM site")).ToString().ShouldBe("2026-03-10");
    }

    [Fact]
    public async Task Site_is_added_and_a_person_moves_there_from_a_day_to_come()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        await LaurelApp.Post(admin, "/sites", "new-site", ("NewName", "New York"), ("NewZone", "America/New_York"));
        (await LaurelApp.Post(admin, "/sites", "new-site", ("NewName", "new york"), ("NewZone", "America/New_York")))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await Change(app, "agent", ("In.Site", "new-york"), ("In.SiteFrom", "2026-12-01"));
        using (var c = app.Database.Read())
        {
            c.Query<(string, int)>(
                """
                SELECT s.id, ps.from_day FROM person_site ps JOIN site s ON s.key = ps.site JOIN person p ON p.key = ps.person
                WHERE p.id = 'agent' ORDER BY ps.from_day
                """).ShouldBe([("vilnius", Workday.Beginning.Number), ("new-york", Workday.Of(2026, 12, 1).Number)]);
            c.QuerySingle<string>("SELECT change FROM audit WHERE action = 'person.changed'").ShouldContain("New York");
        }
        var page = await admin.GetStringAsync($"/people/{Key(app, "agent")}/edit");
        page.ShouldContain("To come:");
        page.ShouldContain("New York from 1 Dec");
        await Change(app, "agent", ("In.Site", "vilnius"), ("In.SiteFrom", "2026-12-01"));
        (await admin.GetStringAsync($"/people/{Key(app, "agent")}/edit")).ShouldNotContain("To come:");
        (await Change(app, "agent", ("In.Site", "new-york"), ("In.SiteFrom", "2026-03-01")))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Who_moves_today_has_todays_clock_and_work_of_the_site_moved_to()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        await LaurelApp.Post(admin, "/sites", "new-site", ("NewName", "New York"), ("NewZone", "America/New_York"));
        await LaurelApp.Post(admin, "/teams", "new-team", ("NewName", "Night"), ("NewSite", "new-york"));
        await LaurelApp.Post(admin, "/people/new", "new-person", ("In.Name", "Rasa"), ("In.Id", "rasa"), ("In.Role", "agent"),
            ("In.Team", "night"), ("In.Site", ""), ("WithPassword", "true"));
        new AccountStore(app.Database, app.Time).Find("rasa")!.SiteZone.ShouldBe("America/New_York");
        await LaurelApp.Post(admin, "/teams", "rename-3", ("Name", "Night"), ("Site", "vilnius"));
        using var c = app.Database.Read();
        c.Query<string>("SELECT action FROM audit ORDER BY key").ShouldBe(["site.added", "team.added", "person.added", "team.changed"]);
    }

    [Fact]
    public async Task Language_chosen_by_a_person_follows_to_another_browser()
    {
        await using var app = await LaurelApp.Start();
        await LaurelApp.Post(app.SignIn("agent"), "/profile", "/preferences", ("lang", "lt"));
        (await app.SignIn("agent").GetStringAsync("/profile")).ShouldContain("lang=\"lt\"");
    }

    [Fact]
    public async Task Audit_log_shows_the_change_before_and_after()
    {
        await using var app = await LaurelApp.Start();
        await Change(app, "agent", ("In.Name", "Greta Kazlauskaitė"));
        var admin = app.SignIn("admin");
        var page = await new HtmlParser().ParseDocumentAsync(await admin.GetStringAsync("/audit"));
        page.QuerySelector(".diff-old")!.TextContent.ShouldBe("Greta Agent");
        page.QuerySelector(".diff-new")!.TextContent.ShouldBe("Greta Kazlauskaitė");
        (await admin.GetStringAsync("/audit?q=kazlausk")).ShouldContain("diff-new");
        (await admin.GetStringAsync("/audit?what=key")).ShouldNotContain("diff-new");
    }

    private static async Task<HttpResponseMessage> Change(LaurelApp app, string id, params (string Name, string Value)[] fields)
    {
        var admin = app.SignIn("admin");
        var address = $"/people/{Key(app, id)}/edit";
        var page = await new HtmlParser().ParseDocumentAsync(await admin.GetStringAsync(address));
        // As the browser sends it: every field of the form, with what is changed in place of what was there.
        var form = page.QuerySelectorAll("form").First(f => f.QuerySelector("input[name='In.Name']") is not null);
        var sent = form.QuerySelectorAll("input[name^='In.'], select[name^='In.']").OfType<AngleSharp.Html.Dom.IHtmlElement>()
            .Where(e => e is not AngleSharp.Html.Dom.IHtmlInputElement { Type: "radio" or "checkbox", IsChecked: false })
            .Select(e => (Name: e.GetAttribute("name")!, Value: e is AngleSharp.Html.Dom.IHtmlSelectElement s
                ? s.Value ?? "" : ((AngleSharp.Html.Dom.IHtmlInputElement)e).Value))
            .Where(f => fields.All(x => x.Name != f.Name)).Concat(fields.Where(x => x.Value.Length > 0));
        return await LaurelApp.Post(admin, address, "person", sent);
    }

    private static long Key(LaurelApp app, string id) => app.Services.GetRequiredService<AccountStore>().Find(id)!.Key;

    private static async Task<List<string>> Names(HttpClient browser, string address) =>
        [.. (await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(address)))
            .QuerySelectorAll("td .who-name > span:first-child").Select(n => n.TextContent)];

    private static string Audited(LaurelApp app)
    {
        using var c = app.Database.Read();
        return string.Join("; ", c.Query<string>("SELECT action || ' ' || object FROM audit ORDER BY key"));
    }
}
