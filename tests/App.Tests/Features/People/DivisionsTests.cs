using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;

namespace Laurel.App.Tests.Features.People;

/// <summary>Divisions: who is in which, from a day on, and that a reach ends with them.</summary>
public sealed class DivisionsTests
{
    [Fact]
    public async Task Division_is_made_filled_from_a_day_on_emptied_and_put_away()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        var made = await LaurelApp.Post(admin, "/divisions", "new-division", ("Name", "Šiaurė"));
        made.Headers.Location!.ToString().ShouldEndWith("/divisions/siaure?show=others");
        const string Page = "/divisions/siaure";
        (await LaurelApp.Post(admin, "/divisions", "new-division", ("Name", "Šiaurė"))).StatusCode
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        await LaurelApp.Post(admin, "/divisions", "new-division", ("Name", "South"));
        await LaurelApp.Post(admin, $"{Page}?show=others", "belong", ("People", "agent"), ("People", "colleague"));
        await LaurelApp.Post(admin, "/divisions/south?show=others", "belong", ("People", "agent"), ("From", "2026-03-14"));
        (await Listed(admin, Page)).ShouldBe(["Greta Agent Retention", "Jonas Colleague Retention"]);
        (await Listed(admin, "/divisions/south")).ShouldBe(["Greta Agent Retention · from 14 Mar"]);
        (await Listed(admin, "/divisions/south?show=others")).ShouldContain("Jonas Colleague Retention · now in Šiaurė");
        (await LaurelApp.Post(admin, Page, "belong", ("People", "agent"), ("From", "2026-03-11"))).StatusCode
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await LaurelApp.Post(admin, Page, "belong")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        app.Time.Advance(TimeSpan.FromDays(3));
        // One is in one division: who came into the other has left this one.
        (await Listed(admin, Page)).ShouldBe(["Jonas Colleague Retention"]);
        (await Listed(admin, "/divisions/south")).ShouldBe(["Greta Agent Retention"]);
        WebUtility.HtmlDecode(await admin.GetStringAsync("/people?division=south")).ShouldContain("Greta Agent");
        (await admin.GetStringAsync("/people?division=south")).ShouldNotContain("Jonas Colleague");
        await LaurelApp.Post(admin, "/divisions/south", "belong", ("People", "agent"));
        (await Listed(admin, "/divisions/south")).ShouldBeEmpty();
        await LaurelApp.Post(admin, "/divisions/south", "rename", ("Name", "The South"));
        await LaurelApp.Post(admin, "/divisions/south", "archive");
        (await LaurelApp.Post(admin, "/divisions/south?show=others", "belong", ("People", "other"))).StatusCode
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await admin.GetStringAsync("/people/new")).ShouldNotContain("The South");
        app.Database.Read().Query<string>("SELECT action FROM audit WHERE action LIKE 'division%' ORDER BY key").ShouldBe(
            ["division.added", "division.added", "division.joined", "division.joined", "division.left", "division.changed",
                "division.changed"]);
        (await admin.GetStringAsync("/audit?area=division")).ShouldContain("Put people into a division");
        (await admin.GetAsync("/divisions/nowhere")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Form_of_a_person_says_the_division_from_a_day_on()
    {
        await using var app = await LaurelApp.Start();
        app.Declare("divisions: [ { id: north, name: North }, { id: south, name: South } ]");
        var admin = app.SignIn("admin");
        (string, string)[] greta = [("In.Name", "Greta Agent"), ("In.Role", "agent"), ("In.Team", "retention"), ("In.Active", "true")];
        var page = $"/people/{app.Read<long>("SELECT key FROM person WHERE id = 'agent'")}/edit";
        (await LaurelApp.Post(admin, page, "person", [.. greta, ("In.Division", "north")])).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await LaurelApp.Post(admin, page, "person", [.. greta, ("In.Division", "south"), ("In.DivisionFrom", "2026-03-14")]))
            .StatusCode.ShouldBe(HttpStatusCode.Found);
        (await LaurelApp.Post(admin, page, "person", [.. greta, ("In.Division", "nowhere")])).StatusCode
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await LaurelApp.Post(admin, page, "person", [.. greta, ("In.Division", "south"), ("In.DivisionFrom", "2026-03-11")]))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await admin.GetStringAsync(page)).ShouldContain("South from 14 Mar");
        using var key = app.WithKey("people:read");
        (await Of("agent")).ShouldBe("north");
        app.Time.Advance(TimeSpan.FromDays(3));
        (await Of("agent")).ShouldBe("south");
        (await LaurelApp.Post(admin, page, "person", [.. greta, ("In.Division", "")])).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await Of("agent")).ShouldBeNull();
        await LaurelApp.Post(admin, "/people/new", "new-person",
            [("In.Name", "Rasa"), ("In.Id", "rasa"), ("In.Role", "agent"), ("In.Division", "south")]);
        (await Of("rasa")).ShouldBe("south");

        async Task<string?> Of(string person) => (await key.GetFromJsonAsync<JsonElement>($"/api/v1/people/{person}"))
            .TryGetProperty("division", out var division) ? division.GetString() : null;
    }

    [Fact]
    public async Task Programs_and_files_say_divisions()
    {
        await using var app = await LaurelApp.Start();
        var (write, read) = (app.WithKey("setup:write"), app.WithKey("people:read"));
        (await write.PutAsync("/api/v1/divisions/north?name=North", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await write.PutAsync("/api/v1/divisions/North", null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await (await write.PostAsync("/api/v1/divisions/north/join?person=agent&person=other", null)).Content.ReadAsStringAsync())
            .ShouldBe("""{"id":"north","name":"North","people":2,"archived":false}""");
        (await write.PostAsync("/api/v1/divisions/north/join?person=nobody", null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await write.PostAsync("/api/v1/divisions/north/leave?person=agent", null);
        (await read.GetFromJsonAsync<JsonElement>("/api/v1/people?division=north")).GetProperty("people").EnumerateArray()
            .Select(p => p.GetProperty("id").GetString()).ShouldBe(["other"]);
        (await read.GetAsync("/api/v1/people?division=nowhere")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        app.Declare("""
            divisions: [ { id: south, name: South, archived: true } ]
            people: [ { id: colleague, name: Jonas Colleague, team: retention, division: south } ]
            roles: [ { id: leader, grants: { people.view: division } } ]
            """);
        var written = Written(app);
        written.ShouldContain("division: south");
        written.ShouldContain("people.view: division");
        var before = app.Read<long>("SELECT count(*) FROM audit");
        app.Declare(written);
        app.Read<long>("SELECT count(*) FROM audit").ShouldBe(before);
        app.Declare("people: [ { id: colleague, name: Jonas Colleague, team: retention, division: '' } ]");
        Written(app).ShouldNotContain("division: south");
    }

    [Fact]
    public async Task Nobody_says_their_own_division_who_does_not_manage_roles()
    {
        await using var app = await LaurelApp.Start();
        app.Declare("""
            divisions: [ { id: north, name: North } ]
            roles: [ { id: leader, grants: { people.manage: yes, people.view: division } } ]
            """);
        var leader = app.SignIn("leader");
        (await LaurelApp.Post(leader, "/divisions/north?show=others", "belong", ("People", "leader"))).StatusCode
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await LaurelApp.Post(leader, "/divisions/north?show=others", "belong", ("People", "agent"))).StatusCode
            .ShouldBe(HttpStatusCode.Found);
        (await leader.GetStringAsync("/people")).ShouldNotContain("Greta Agent");
        (await LaurelApp.Post(app.SignIn("admin"), "/divisions/north?show=others", "belong", ("People", "leader"))).StatusCode
            .ShouldBe(HttpStatusCode.Found);
        (await leader.GetStringAsync("/people")).ShouldContain("Greta Agent");
        (await leader.GetStringAsync("/people")).ShouldNotContain("Jonas Colleague");
        Grants.Holds(Role.Leader, Permissions.PeopleManage).ShouldBeFalse();
    }

    private static string Written(LaurelApp app)
    {
        using var view = app.Database.Read();
        using var transaction = view.BeginTransaction();
        return new SetupWriter(view, transaction, app.Time.GetUtcNow().ToUnixTimeMilliseconds()).Write();
    }

    private static async Task<List<string>> Listed(HttpClient browser, string page) =>
        [.. (await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(page))).QuerySelectorAll(".pick-one .who")
            .Select(w => string.Join(' ', new[] { ".who-name", ".who-sub" }.Select(part => w.QuerySelector(part)?.TextContent.Trim())
                .OfType<string>()))];
}
