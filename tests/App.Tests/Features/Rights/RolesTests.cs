using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Settings;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;

namespace Laurel.App.Tests.Features.Rights;

/// <summary>What roles may and how far: who says it, by page, file and program, and who may not.</summary>
public sealed class RolesTests
{
    [Fact]
    public async Task Role_is_made_from_another_and_its_grants_are_told_before_they_are_saved()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        var made = await LaurelApp.Post(admin, "/roles", "new-role",
            ("Name", "Quality reviewer"), ("NameLt", "Kokybės vertintojas"), ("CopyOf", "leader"));
        made.Headers.Location!.ToString().ShouldEndWith("/roles/quality-reviewer");
        const string Page = "/roles/quality-reviewer";
        (await LaurelApp.Post(admin, "/roles", "new-role", ("Name", "quality Reviewer"), ("CopyOf", "agent")))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        Give(app, "leader", "quality-reviewer");

        (string, string)[] fields =
        [
            ("Name", "Quality reviewer"), ("NameLt", "Kokybės vertintojas"), ("grant-people.view", "company"),
            ("grant-achievements.manage", "no"), ("grant-audit.view", "yes"),
        ];
        var looked = await Text(await LaurelApp.Post(admin, Page, "role", [.. fields, ("Do", "look")]), "#changes li");
        looked.ShouldBe(["Manage achievements: not any more.", "See the list of people: of Everybody in place of Managed teams.",
            "See the audit log: from now on."]);
        var reviewer = app.SignIn("leader");
        (await reviewer.GetAsync("/audit")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await LaurelApp.Post(admin, Page, "role", [.. fields, ("Do", "save")])).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await reviewer.GetAsync("/audit")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await reviewer.GetAsync("/manage/achievements/new")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await reviewer.GetStringAsync("/people")).ShouldContain("Amara Other");
        // Nothing that was not said has changed.
        (await reviewer.GetStringAsync("/team/achievements")).ShouldNotContain("Amara Other");

        var log = await admin.GetStringAsync("/audit?area=role");
        log.ShouldContain("Made a role");
        log.ShouldContain("See the list of people");
        log.ShouldContain("Everybody");
        using var lithuanian = app.SignIn("admin");
        lithuanian.DefaultRequestHeaders.Add("Accept-Language", "lt");
        WebUtility.HtmlDecode(await lithuanian.GetStringAsync("/audit?area=role")).ShouldContain("Pakeitė rolę");
        WebUtility.HtmlDecode(await lithuanian.GetStringAsync("/roles")).ShouldContain("Kokybės vertintojas");

        // As it was made from, again; then it is put away, and not offered to anybody new.
        (await LaurelApp.Post(admin, Page, "role", ("Do", "reset"), ("Name", "x"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await LaurelApp.Post(admin, Page, "archive");
        (await admin.GetStringAsync("/people/new")).ShouldNotContain("quality-reviewer");
        (await admin.GetStringAsync($"/people/{Key(app, "leader")}/edit")).ShouldContain("quality-reviewer");
        (await reviewer.GetAsync("/audit")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_who_change_a_role_at_once_do_not_write_over_each_other()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        var page = await new HtmlParser().ParseDocumentAsync(await admin.GetStringAsync("/roles/leader"));
        var version = page.QuerySelector("input[name=Version]")!.GetAttribute("value")!;
        (await LaurelApp.Post(admin, "/roles/leader", "role", ("Do", "save"), ("grant-reports.view", "no")))
            .StatusCode.ShouldBe(HttpStatusCode.Found);
        var late = await LaurelApp.Post(admin, "/roles/leader", "role", ("Version", version), ("Do", "save"), ("grant-goals.manage", "no"));
        late.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await late.Content.ReadAsStringAsync()).ShouldContain("changed meanwhile by Priya Admin");
        app.Read<string>("SELECT permission FROM role_grant").ShouldBe("reports.view");
    }

    [Fact]
    public async Task Nobody_hands_out_more_than_they_hold()
    {
        await using var app = await LaurelApp.Start();
        app.Declare("""
            roles:
              - { id: people-desk, name: People desk, base: leader, grants: { people.manage: yes, people.view: company } }
              - { id: role-desk, name: Role desk, base: leader, grants: { people.manage: yes, roles.manage: yes } }
            """);
        Give(app, "leader", "people-desk");
        var desk = app.SignIn("leader");
        (await desk.GetAsync("/roles")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var offered = await desk.GetStringAsync("/people/new");
        offered.ShouldContain("value=\"people-desk\"");
        offered.ShouldNotContain("value=\"admin\"");
        offered.ShouldNotContain("value=\"role-desk\"");
        // Neither to a new person, nor to somebody who is there, nor by way of the administrator's password, address or absence.
        (await LaurelApp.Post(desk, "/people/new", "new-person", ("In.Name", "R"), ("In.Id", "r"), ("In.Role", "admin")))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Change(desk, app, "agent", "Greta Agent", "role-desk")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Change(desk, app, "agent", "Greta Agent", "people-desk")).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await Change(desk, app, "admin", "Priya Admin", "agent")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Change(desk, app, "admin", "Priya Admin", "admin", ("In.Email", "desk@example.org"))).StatusCode
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await desk.GetStringAsync($"/people/{Key(app, "admin")}/edit")).ShouldNotContain("Make a new password");
        var before = app.Read<string>("SELECT password FROM credential WHERE person = (SELECT key FROM person WHERE id = 'admin')");
        var forged = await LaurelApp.Post(desk, $"/people/{Key(app, "agent")}/edit", "reset");
        forged.StatusCode.ShouldBe(HttpStatusCode.Found);
        using var form = new HttpRequestMessage(HttpMethod.Post, $"/people/{Key(app, "admin")}/edit");
        form.Content = new FormUrlEncodedContent(await Forged(desk, $"/people/{Key(app, "agent")}/edit", "reset"));
        (await desk.SendAsync(form)).IsSuccessStatusCode.ShouldBeFalse();
        app.Read<string>("SELECT password FROM credential WHERE person = (SELECT key FROM person WHERE id = 'admin')").ShouldBe(before);
        // Nor do they say whom they see themselves.
        (await Change(desk, app, "leader", "Ada Leader", "people-desk", ("In.Leads", "care"))).StatusCode
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Change(desk, app, "leader", "Ada Leader", "people-desk", ("In.Team", "care"))).StatusCode
            .ShouldBe(HttpStatusCode.UnprocessableEntity);

        // Who manages roles gives what they hold, as far as they hold it.
        Give(app, "leader", "role-desk");
        (await Save(desk, "agent", ("grant-people.view", "own-team"))).ShouldBe(HttpStatusCode.Found);
        (await Save(desk, "agent", ("grant-people.view", "company"))).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Save(desk, "agent", ("grant-people.view", "groups"))).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Save(desk, "agent", ("grant-audit.view", "yes"))).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Save(desk, "role-desk", ("grant-audit.view", "yes"))).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await LaurelApp.Post(desk, "/roles", "new-role", ("Name", "Mine"), ("CopyOf", "admin"))).StatusCode
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Save(app.SignIn("admin"), "agent", ("grant-activities.write", "yes"))).ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Somebody_is_always_left_who_can_mend_roles()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        (await Save(admin, "admin", ("grant-roles.manage", "no"))).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Save(admin, "admin", ("grant-people.manage", "no"))).ShouldBe(HttpStatusCode.UnprocessableEntity);
        // What administrators take from themselves they can give back.
        (await Save(admin, "admin", ("grant-audit.view", "no"))).ShouldBe(HttpStatusCode.Found);
        (await admin.GetAsync("/audit")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Save(admin, "admin", ("grant-audit.view", "yes"))).ShouldBe(HttpStatusCode.Found);
        (await Change(admin, app, "admin", "Priya Admin", "agent")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // The only one left manages roles by a role of their own.
        app.Declare("roles: [ { id: keeper, name: Keeper, base: admin } ]");
        Give(app, "admin", "keeper");
        (await Save(admin, "keeper", ("grant-roles.manage", "no"))).ShouldBe(HttpStatusCode.UnprocessableEntity);
        Give(app, "leader", "admin");
        (await Change(app.SignIn("leader"), app, "admin", "Priya Admin", "agent")).StatusCode.ShouldBe(HttpStatusCode.Found);
        using var key = app.WithKey("setup:write");
        var file = new StringContent("""people: [ { id: leader, name: Ada Leader, team: retention, role: leader } ]""");
        file.Headers.ContentType = new("application/yaml");
        (await (await key.PostAsync("/api/v1/setup", file)).Content.ReadAsStringAsync()).ShouldContain("nobody would be left");
    }

    [Fact]
    public async Task Setup_file_says_roles_and_says_them_again()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("""
            roles:
              - id: reviewer
                name: { en: Reviewer, lt: Vertintojas }
                base: leader
                grants: { achievements.manage: no, people.view: company, audit.view: yes, goals.manage: yes }
              - { id: leader, grants: { reports.view: groups } }
            people: [ { id: other, name: Amara Other, role: reviewer } ]
            achievements:
              - { id: thanks, name: Thanks, area: service, badge: rookie, type: first-time, activities: [call],
                  audience: { roles: [reviewer] } }
            """);
        var written = Written(app);
        written.ShouldContain("reports.view: groups");
        written.ShouldContain("lt: Vertintojas");
        written.ShouldContain("role: reviewer");
        var before = app.Read<long>("SELECT count(*) FROM audit");
        app.Declare(written);
        app.Read<long>("SELECT count(*) FROM audit").ShouldBe(before);
        Written(app).ShouldBe(written);
        // As far as the kind usually, where a yes says so: nothing that is kept.
        app.Read<long>("SELECT count(*) FROM role_grant WHERE permission = 'goals.manage'").ShouldBe(0);
        app.Declare("roles: [ { id: leader, grants: {} } ]");
        Written(app).ShouldNotContain("reports.view");
        (await app.SignIn("admin").GetStringAsync("/manage/achievements/thanks")).ShouldContain("Reviewer");

        Problems("roles: [ { id: admin, grants: { roles.manage: no } } ]").ShouldContain("somebody must be able to mend roles");
        Problems("roles: [ { id: agent, name: Clerk } ]").ShouldContain("Laurel's own role");
        Problems("roles: [ { id: x, grants: { people.veiw: company } } ]").ShouldContain("people.view");
        Problems("roles: [ { id: x, grants: { people.view: everybody } } ]").ShouldContain("everybody");
        Problems("roles: [ { id: x, grants: { activities.write: yes } } ]").ShouldContain("API keys");
        Problems("people: [ { id: agent, name: Greta Agent, role: revewer } ]").ShouldContain("reviewer");

        string Problems(string yaml)
        {
            using var key = app.WithKey("setup:write");
            var file = new StringContent(yaml);
            file.Headers.ContentType = new("application/yaml");
            return key.PostAsync("/api/v1/setup", file).Result.Content.ReadAsStringAsync().Result;
        }
    }

    [Fact]
    public async Task Programs_read_and_change_roles()
    {
        await using var app = await LaurelApp.Start();
        using var key = app.WithKey("setup:write");
        var made = await key.PutAsync(
            "/api/v1/roles/reviewer?copyOf=leader&name=Reviewer&nameLt=Vertintojas&grant=people.view:company&grant=audit.view:yes", null);
        var role = JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement;
        role.GetProperty("base").GetString().ShouldBe("leader");
        role.GetProperty("grants").GetProperty("people.view").GetString().ShouldBe("company");
        role.GetProperty("grants").GetProperty("audit.view").GetString().ShouldBe("yes");
        var version = role.GetProperty("version").GetString()!;
        (await key.PutAsync("/api/v1/roles/reviewer?grant=audit.view:no", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await key.PutAsync($"/api/v1/roles/reviewer?grant=goals.manage:no&version={version}", null)).StatusCode
            .ShouldBe(HttpStatusCode.Conflict);
        (await key.PutAsync("/api/v1/roles/reviewer?grant=goals.manage:all", null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await key.PutAsync("/api/v1/roles/agent?archived=true", null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await key.PutAsync("/api/v1/roles/Reviewer", null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await key.GetAsync("/api/v1/roles/nobody")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await key.GetFromJsonAsync<JsonElement>("/api/v1/roles")).GetProperty("roles").EnumerateArray()
            .Select(r => r.GetProperty("id").GetString()).ShouldBe(["agent", "leader", "admin", "reviewer"]);
    }

    private static string Written(LaurelApp app)
    {
        using var view = app.Database.Read();
        using var transaction = view.BeginTransaction();
        return new SetupWriter(view, transaction, app.Time.GetUtcNow().ToUnixTimeMilliseconds()).Write();
    }

    private static void Give(LaurelApp app, string person, string role) => app.Database.Write((c, t) =>
        c.Execute("UPDATE person SET role = @role WHERE id = @person", new { person, role }, t));

    private static long Key(LaurelApp app, string person) => app.Read<long>($"SELECT key FROM person WHERE id = '{person}'");

    private static async Task<HttpStatusCode> Save(HttpClient browser, string role, params (string, string)[] grants) =>
        (await LaurelApp.Post(browser, $"/roles/{role}", "role", [.. grants, ("Do", "save")])).StatusCode;

    private static Task<HttpResponseMessage> Change(
        HttpClient browser, LaurelApp app, string person, string name, string role, params (string Name, string Value)[] more)
    {
        var team = person == "admin" ? "" : "retention";
        (string Name, string Value)[] usual = [("In.Name", name), ("In.Role", role), ("In.Team", team), ("In.Active", "true")];
        return LaurelApp.Post(browser, $"/people/{Key(app, person)}/edit", "person",
            [.. usual.Where(u => more.All(m => m.Name != u.Name)), .. more]);
    }

    /// <summary>The hidden fields of a form that is not on the page it is sent to.</summary>
    private static async Task<IEnumerable<KeyValuePair<string, string>>> Forged(HttpClient browser, string page, string form)
    {
        var document = await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(page));
        var found = document.QuerySelectorAll("form").First(f => f.QuerySelector("input[name=_handler]")?.GetAttribute("value") == form);
        return found.QuerySelectorAll("input[type=hidden][name]")
            .Select(i => KeyValuePair.Create(i.GetAttribute("name")!, i.GetAttribute("value") ?? ""));
    }

    private static async Task<List<string>> Text(HttpResponseMessage answer, string selector) =>
        [.. (await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync())).QuerySelectorAll(selector)
            .Select(e => e.TextContent.Trim())];
}
