using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Settings;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Laurel.Storage;

namespace Laurel.App.Tests.Features.People;

public sealed class GroupsTests
{
    [Fact]
    public async Task Group_is_made_filled_from_a_day_on_emptied_and_put_away()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        var made = await LaurelApp.Post(admin, "/groups", "new-group", ("Name", "Naktinė pamaina"));
        made.Headers.Location!.ToString().ShouldEndWith("/groups/naktine-pamaina?show=others");
        const string Page = "/groups/naktine-pamaina";
        (await LaurelApp.Post(admin, "/groups", "new-group", ("Name", "Naktinė pamaina")))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // One from today on, all of a team from Saturday on; one of another team is not in the list that is narrowed.
        await LaurelApp.Post(admin, $"{Page}?show=others", "belong", ("People", "agent"));
        await LaurelApp.Post(admin, $"{Page}?show=others&team=retention", "belong", ("All", "true"), ("People", "other"),
            ("From", "2026-03-14"));
        (await Listed(admin, Page)).ShouldBe(
            ["Ada Leader Retention · from 14 Mar", "Greta Agent Retention",
                "Jonas Colleague Retention · from 14 Mar"]);
        (await Listed(admin, $"{Page}?show=others")).ShouldBe(["Amara Other Care", "Priya Admin"]);
        Text(await admin.GetStringAsync("/groups"), ".team-row .small").ShouldBe("naktine-pamaina · 1 person");
        Text(await admin.GetStringAsync("/people?group=naktine-pamaina"), "td .who-name").ShouldStartWith("Greta Agent");

        // Never before today, and nobody is chosen by accident.
        (await LaurelApp.Post(admin, Page, "belong", ("People", "agent"), ("From", "2026-03-11")))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await LaurelApp.Post(admin, Page, "belong")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        app.Time.Advance(TimeSpan.FromDays(3));
        Text(await admin.GetStringAsync("/groups"), ".team-row .small").ShouldBe("naktine-pamaina · 3 people");
        await LaurelApp.Post(admin, Page, "belong", ("People", "agent"), ("From", "2026-03-20"));
        (await Listed(admin, Page))[1].ShouldBe("Greta Agent Retention · until 19 Mar");

        await LaurelApp.Post(admin, Page, "rename", ("Name", "Nights"));
        await LaurelApp.Post(admin, Page, "archive");
        // Nobody comes into it any more.
        (await LaurelApp.Post(admin, $"{Page}?show=others", "belong", ("People", "other")))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await admin.GetStringAsync("/people/new")).ShouldNotContain("In.Groups");
        Audited(app).ShouldBe([
            "group.added Naktinė pamaina", "group.joined Naktinė pamaina", "group.joined Naktinė pamaina", "group.left Naktinė pamaina",
            "group.changed Nights", "group.changed Nights"]);
        var log = await admin.GetStringAsync("/audit");
        log.ShouldContain("Put people into a group");
        log.ShouldContain("Ada Leader, Jonas Colleague");
        (await admin.GetAsync("/groups/nowhere")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Form_of_a_person_says_all_groups_from_a_day_on()
    {
        await using var app = await LaurelApp.Start();
        app.Database.Write((c, t) =>
            c.Execute("INSERT INTO people_group (id, name) VALUES ('nights', 'Night shift'), ('new', 'Newcomers')", transaction: t));
        var admin = app.SignIn("admin");
        (string, string)[] greta = [("In.Name", "Greta Agent"), ("In.Role", "agent"), ("In.Team", "retention"), ("In.Active", "true")];
        var page = $"/people/{app.Read<long>("SELECT key FROM person WHERE id = 'agent'")}/edit";
        (await LaurelApp.Post(admin, page, "person", [.. greta, ("In.Groups", ""), ("In.Groups", "nights"), ("In.Groups", "new")]))
            .StatusCode.ShouldBe(HttpStatusCode.Found);
        (await LaurelApp.Post(admin, page, "person", [.. greta, ("In.Groups", ""), ("In.Groups", "new"), ("In.GroupsFrom", "2026-03-14")]))
            .StatusCode.ShouldBe(HttpStatusCode.Found);
        (await LaurelApp.Post(admin, page, "person", [.. greta, ("In.Groups", "nowhere")]))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await LaurelApp.Post(admin, "/people/new", "new-person",
            [("In.Name", "Rasa"), ("In.Id", "rasa"), ("In.Role", "agent"), ("In.Groups", "new")]);

        // Who may see the achievements sees the groups as well; colleagues do not.
        Text(await app.SignIn("agent").GetStringAsync("/people/agent"), ".profile-text p")
            .ShouldBe("Retention · Newcomers, Night shift · This is you");
        Text(await app.SignIn("leader").GetStringAsync("/people/agent"), ".profile-text p").ShouldContain("Night shift");
        Text(await app.SignIn("colleague").GetStringAsync("/people/agent"), ".profile-text p").ShouldBe("Retention");
        app.Time.Advance(TimeSpan.FromDays(3));
        Text(await app.SignIn("agent").GetStringAsync("/people/agent"), ".profile-text p").ShouldBe("Retention · Newcomers · This is you");
        app.Read<string>("SELECT id FROM person WHERE key = (SELECT person FROM group_member WHERE from_day < 0 OR from_day = "
            + "(SELECT min(from_day) FROM person_team))").ShouldBe("rasa");
        Audited(app).ShouldBe(["person.changed Greta Agent", "person.changed Greta Agent", "person.added Rasa"]);
    }

    [Fact]
    public async Task Programs_make_groups_and_say_who_is_in_them()
    {
        await using var app = await LaurelApp.Start();
        var (write, read) = (app.WithKey("setup:write"), app.WithKey("people:read"));
        (await write.PutAsync("/api/v1/groups/nights?name=Night%20shift", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await write.PutAsync("/api/v1/groups/Nights", null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await (await write.PostAsync("/api/v1/groups/nights/join?person=agent&person=other", null)).Content.ReadAsStringAsync())
            .ShouldBe("""{"id":"nights","name":"Night shift","people":2,"archived":false}""");
        (await write.PostAsync("/api/v1/groups/nights/join?person=nobody", null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await write.PostAsync("/api/v1/groups/nights/join?person=admin&from=2026-03-11", null)).StatusCode
            .ShouldBe(HttpStatusCode.BadRequest);
        (await write.PostAsync("/api/v1/groups/days/join?person=admin", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await People("group=nights")).ShouldBe(["agent", "other"]);
        (await read.GetFromJsonAsync<JsonElement>("/api/v1/people/agent")).GetProperty("groups").ToString().ShouldBe("""["nights"]""");
        await write.PostAsync("/api/v1/groups/nights/leave?person=agent", null);
        (await People("group=nights")).ShouldBe(["other"]);
        (await write.PutAsync("/api/v1/groups/nights?archived=true", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await read.GetStringAsync("/api/v1/groups")).ShouldBe(
            """{"groups":[{"id":"nights","name":"Night shift","people":1,"archived":true}]}""");
        using var view = app.Database.Read();
        using var transaction = view.BeginTransaction();
        new SetupWriter(view, transaction, app.Time.GetUtcNow().ToUnixTimeMilliseconds()).Write()
            .ShouldContain("archived: true");

        async Task<List<string>> People(string query) =>
            [.. (await read.GetFromJsonAsync<JsonElement>($"/api/v1/people?{query}")).GetProperty("people").EnumerateArray()
                .Select(p => p.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];
    }

    private static async Task<List<string>> Listed(HttpClient browser, string page) =>
        [.. (await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(page))).QuerySelectorAll(".pick-one .who")
            .Select(w => string.Join(' ', new[] { ".who-name", ".who-sub" }.Select(part => w.QuerySelector(part)?.TextContent.Trim())
                .OfType<string>()))];

    private static string Text(string html, string selector) =>
        string.Join(' ', new HtmlParser().ParseDocument(html).QuerySelector(selector)!.TextContent.Split(
            (char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static List<string> Audited(LaurelApp app)
    {
        using var c = app.Database.Read();
        return [.. c.Query<string>("SELECT action || ' ' || object FROM audit ORDER BY key")];
    }
}
