using System.Net;
using Dapper;
using Laurel.App.Features.Projects;
using Laurel.App.Features.Verifying;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Projects;

/// <summary>Projects: named by activities, made on pages, by files and programs, and called otherwise by other systems.</summary>
public sealed class ProjectsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Ada = new(null, "Ada", Via.Web);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta }, { id: jonas } ]
        projects: [ { id: spring, name: Spring sale } ]
        identities: [ { provider: crm, external: S-1, project: spring } ]
        activity-types: [ { id: call } ]
        metrics: [ { id: calls, types: [call] } ]
        """;

    [Fact]
    public async Task The_first_activity_that_names_a_project_makes_it_at_its_own_moment()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        (await core.Take(Call("a", "greta", 3, "autumn"), Call("b", "jonas", 5, "autumn"), Call("c", "greta", 1, "spring"),
            Call("d", "greta", 1, null))).ShouldAllBe(r => r.Outcome == ItemOutcome.Accepted);
        await core.Take(Call("e", "jonas", 9, "autumn"));
        Kept(core).ShouldBe(["autumn 2026-11-20T07:00:00.0000000Z 3", "spring 2026-11-20T12:00:00.0000000Z 1"]);
    }

    [Fact]
    public async Task A_correction_moves_an_activity_to_another_project_and_a_void_takes_it_away()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Call("a", "greta", 3, "spring") with { Version = 1 }, Call("b", "greta", 2, "spring") with { Version = 1 });
        await core.Take(Call("a", "greta", 3, "autumn") with { Version = 2 },
            Call("b", "greta", 2, "spring") with { Version = 2, IsVoid = true });
        Kept(core).ShouldBe(["autumn 2026-11-20T09:00:00.0000000Z 1", "spring 2026-11-20T12:00:00.0000000Z 0"]);
    }

    [Fact]
    public async Task What_another_system_calls_a_project_belongs_to_it_and_goes_with_the_link()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        await core.Take(Call("a", "greta", 3, Crm("S-1")), Call("b", "greta", 2, Crm("S-2")), Call("c", "jonas", 2, Crm("S-2")));
        Counts(core).ShouldBe(["crm-S-2 2", "spring 1"]);

        var save = ActivatorUtilities.CreateInstance<SaveProject>(core.Services);
        save.Link(new("crm", "S-2"), "spring", Ada).ShouldBeTrue();
        await core.Take(Call("d", "jonas", 1, Crm("S-2")));
        Counts(core).ShouldBe(["crm-S-2 0", "spring 4"]);
        save.Link(new("crm", "S-2"), null, Ada).ShouldBeTrue();
        (await core.Take(Call("e", "jonas", 1, Crm("S-2")))).ShouldBe([ItemResult.Accepted]);
        Counts(core).ShouldBe(["crm-S-2 0", "spring 1"]);
        save.Link(new("crm", "S-2"), "nowhere", Ada).ShouldBeFalse();
        save.Link(new("crm", "S-2"), "crm-S-2", Ada).ShouldBeTrue();
        Counts(core).ShouldBe(["crm-S-2 4", "spring 1"]);
        ActivatorUtilities.CreateInstance<Verification>(core.Services).Run(d => throw new InvalidOperationException(d.ToString()), default)!
            .Differences.ShouldBe(0);
    }

    [Fact]
    public async Task A_setup_file_says_projects_and_says_them_again()
    {
        await using var core = await CoreFixture.Start(Now, Setup);
        core.Apply(Setup).ShouldBeEmpty();
        core.Apply("projects: [ { id: spring, name: Sale, active: false } ]").Select(c => c.ToString())
            .ShouldBe(["change project spring: name Spring sale -> Sale; active yes -> no"]);
        core.ProblemsOf("identities: [ { provider: crm, external: S-9, project: spirng } ]").ShouldHaveSingleItem()
            .ShouldContain("there is no project 'spirng'");
    }

    [Fact]
    public async Task Pages_list_find_make_and_change_projects()
    {
        await using var app = await RecognitionDesk.Open();
        var admin = app.SignIn("admin");
        (await admin.GetStringAsync("/projects")).ShouldContain("No projects yet");
        var made = await LaurelApp.Post(admin, "/projects", "new-project", ("In.Name", "Žiemos akcija"));
        made.Headers.Location!.AbsolutePath.ShouldBe("/projects/ziemos-akcija");
        (await LaurelApp.Post(admin, "/projects", "new-project", ("In.Name", "x"), ("In.Id", "ziemos-akcija"))).StatusCode
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        await app.InProject("ziemos-akcija", "agent", 2);
        (await admin.GetStringAsync("/projects?q=ziemos")).ShouldContain("iemos akcija</a>");
        (await admin.GetStringAsync("/projects?q=nothing")).ShouldContain("No project matches");
        var page = await admin.GetStringAsync("/projects/ziemos-akcija");
        page.ShouldContain("Calls answered");
        page.ShouldContain("Call answered");
        (await LaurelApp.Post(admin, "/projects/ziemos-akcija", "link", ("Identity.Provider", "crm"), ("Identity.External", "7")))
            .StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await LaurelApp.Post(admin, "/projects/ziemos-akcija", "project", ("In.Name", "Winter"))).StatusCode
            .ShouldBe(HttpStatusCode.Redirect);
        page = await admin.GetStringAsync("/projects/ziemos-akcija");
        page.ShouldContain("Not active");
        page.ShouldContain("<b class=\"strong\">7</b>");
        (await LaurelApp.Post(admin, "/projects/ziemos-akcija", "unlink crm 7")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await admin.GetStringAsync("/audit")).ShouldContain("Changed a project");
        (await admin.GetAsync("/projects/none")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_leader_sees_a_project_and_is_not_asked_to_change_it()
    {
        await using var app = await RecognitionDesk.Open();
        await app.InProject("spring", "agent", 2);
        await app.InProject("spring", "admin", 3);
        var leader = app.SignIn("leader");
        var page = await leader.GetStringAsync("/projects/spring");
        page.ShouldNotContain("In other systems");
        var all = await app.SignIn("admin").GetStringAsync("/projects/spring");
        all.ShouldContain("In other systems");
        page.ShouldNotContain("Edit");
    }

    [Fact]
    public async Task The_api_lists_makes_changes_links_and_counts()
    {
        await using var app = await RecognitionDesk.Open();
        var (write, read) = (app.WithKey("setup:write"), app.WithKey("activities:read"));
        (await write.PutAsync("/api/v1/projects/spring?name=Spring%20sale", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await write.PutAsync("/api/v1/projects/spring?active=false", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await write.PutAsync("/api/v1/projects/spring?name=%20", null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await write.PostAsync("/api/v1/projects/spring/link?provider=crm&external=7", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await write.PostAsync("/api/v1/projects/none/link?provider=crm&external=7", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await read.GetStringAsync("/api/v1/projects")).ShouldContain(
            "\"name\":\"Spring sale\"");
        await app.InProject("spring", "agent", 2);
        (await read.GetStringAsync("/api/v1/projects/spring")).ShouldEndWith(
            "\"active\":false,\"identities\":[{\"provider\":\"crm\",\"external\":\"7\"}]}");
        (await read.GetStringAsync("/api/v1/projects/spring/values")).ShouldContain(
            """[{"metric":"calls","value":2,"count":2},{"metric":"talk","value":400,"count":2}]""");
        (await read.GetStringAsync("/api/v1/activities?project=spring")).ShouldContain("\"project\":\"spring\"");
        (await read.GetStringAsync("/api/v1/activities?project=autumn")).ShouldStartWith("{\"activities\":[]");
        (await read.PutAsync("/api/v1/projects/x", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static string Crm(string id) => new ExternalIdentity("crm", id).Awaited;

    private static IncomingActivity Call(string id, string person, int hoursAgo, string? project) => new(
        "phones", ActivityId.Of(id), "call", person, null, Now.AddHours(-hoursAgo).ToUnixTimeMilliseconds(), [], [])
    { Project = project };

    private static List<string> Kept(CoreFixture core)
    {
        using var c = core.Database.Read();
        return [.. c.Query<(string Id, long At, long Count)>(
            "SELECT p.id, p.created_at, (SELECT count(*) FROM activity a WHERE a.project = p.key) FROM project p ORDER BY p.id")
            .Select(p => $"{p.Id} {DateTimeOffset.FromUnixTimeMilliseconds(p.At).UtcDateTime:O} {p.Count}")];
    }

    private static List<string> Counts(CoreFixture core) => [.. Kept(core).Select(k => k.Split(' ')).Select(k => $"{k[0]} {k[2]}")];
}
