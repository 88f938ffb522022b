using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Yaml;
using Laurel.App.Tests.Platform;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.ExternalIdentities;

/// <summary>The page and the endpoints by which an administrator or a program says who is meant.</summary>
public sealed class IdentitiesPagesTests
{
    [Fact]
    public async Task An_event_that_names_a_provider_waits_until_somebody_links_it_on_the_page()
    {
        await using var app = await Start();
        (await Send(app, "1", """ "provider": "crm", "external": "A/7" """)).ShouldBe("held");
        var admin = app.SignIn("admin");
        var page = await admin.GetStringAsync("/identities");
        page.ShouldContain("A/7");
        page.ShouldContain("1 is not linked");
        (await admin.GetStringAsync("/identities?q=nothing")).ShouldContain("Nobody matches");

        var linked = await LaurelApp.Post(admin, "/identities/link?provider=crm&external=A%2F7", "link", ("In.Target", "person agent"));
        var back = linked.Headers.Location!.ToString();
        back.ShouldContain("/identities?counted=1&to=");
        (await admin.GetStringAsync(back)).ShouldContain("1 activity counts now.");
        (await Send(app, "2", """ "provider": "crm", "external": "A/7" """)).ShouldBe("accepted");

        (await LaurelApp.Post(admin, "/identities?state=linked", "unlink crm A/7")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await admin.GetStringAsync("/identities")).ShouldContain("2 activities wait");
        (await LaurelApp.Post(admin, "/identities", "ignore crm A/7")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await admin.GetStringAsync("/identities")).ShouldContain("Nothing to decide");
        (await admin.GetStringAsync("/identities?state=ignored")).ShouldContain("Ask again");
        var none = await LaurelApp.Post(admin, "/identities/link?provider=crm&external=A%2F7", "link", ("In.Target", "person nobody"));
        none.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await admin.GetAsync("/identities/link?provider=CRM&external=x")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task The_api_lists_links_and_unlinks()
    {
        await using var app = await Start();
        await Send(app, "1", """ "provider": "crm", "external": "7" """);
        var key = app.WithKey("setup:write");
        (await List(key)).ShouldStartWith("""[{"provider":"crm","external":"7","state":"unlinked","waiting":1,"since":""");
        (await Post(key, "link?provider=crm&external=7&person=agent")).ShouldBe(
            """{"provider":"crm","external":"7","state":"linked","counted":1,"waiting":0}""");
        (await List(key)).ShouldBe("""[{"provider":"crm","external":"7","state":"linked","person":"agent","waiting":0}]""");
        (await Post(key, "unlink?provider=crm&external=7")).ShouldContain("\"waiting\":1");
        (await Post(key, "ignore?provider=crm&external=7")).ShouldContain("\"state\":\"ignored\"");
        (await List(key, "?state=unlinked")).ShouldBe("[]");
        using (var unknown = await key.GetAsync("/api/v1/identities?state=unlnked"))
        {
            unknown.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await unknown.Content.ReadAsStringAsync()).ShouldContain("state must be linked, unlinked or ignored.");
        }
        (await key.PostAsync("/api/v1/identities/link?provider=crm&external=7&person=nobody", null)).StatusCode
            .ShouldBe(HttpStatusCode.NotFound);
        (await key.PostAsync("/api/v1/identities/link?provider=crm&external=7&person=agent&team=care", null)).StatusCode
            .ShouldBe(HttpStatusCode.BadRequest);
        (await key.PostAsync("/api/v1/identities/ignore?provider=C&external=7", null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await app.WithKey("activities:read").GetFromJsonAsync<JsonElement>("/api/v1/activities/held")).GetProperty("activities")[0]
            .ToString().ShouldContain("\"provider\":\"crm\",\"external\":\"7\"");
    }

    [Theory]
    [InlineData(""" "provider": "crm" """, "data.external is missing: a provider goes with an external id")]
    [InlineData(""" "external": "7" """, "data.provider is missing: an external id goes with its provider")]
    [InlineData(""" "provider": "crm", "external": "7", "person": "agent" """,
        "data.external stands in place of person and team: give one of them")]
    [InlineData(""" "provider": "C R M", "external": "7" """,
        "data.provider must be lower-case letters, digits, '.', '_' and '-', at most 100")]
    [InlineData(""" "person": "crm\u001f7" """, "data.person must not hold the character U+001F")]
    public async Task An_event_says_whose_it_is_in_one_way(string whose, string reason)
    {
        await using var app = await Start();
        (await Send(app, "1", whose)).ShouldBe($"rejected: {reason}");
    }

    private static async Task<LaurelApp> Start()
    {
        var app = await LaurelApp.Start();
        var problems = new YamlProblems("setup.yaml");
        var setup = new SetupReader(problems).Read(
            "activity-types: [ { id: case } ]\nmetrics: [ { id: cases, types: [case] } ]")!;
        ActivatorUtilities.CreateInstance<ApplySetup>(app.Services).Run(setup, problems, Actor.CommandLine, plan: false);
        return app;
    }

    private static async Task<string> Send(LaurelApp app, string id, string whose)
    {
        var body = new StringContent(
            $$"""[{"specversion":"1.0","id":"{{id}}","source":"desk","type":"case","data":{ {{whose}} },"time":"2026-03-12T07:00:00Z"}]""",
            System.Text.Encoding.UTF8, "application/cloudevents-batch+json");
        var answer = await (await app.WithKey("activities:write").PostAsync("/api/v1/activities", body)).Content
            .ReadFromJsonAsync<JsonElement>();
        var item = answer.GetProperty("results")[0];
        return item.GetProperty("outcome").GetString() is "rejected" ? $"rejected: {item.GetProperty("reason").GetString()}"
            : item.GetProperty("outcome").GetString()!;
    }

    private static async Task<string> List(HttpClient key, string query = "") =>
        (await key.GetFromJsonAsync<JsonElement>($"/api/v1/identities{query}")).GetProperty("identities").ToString();

    private static async Task<string> Post(HttpClient key, string what)
    {
        var response = await key.PostAsync($"/api/v1/identities/{what}", null);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync();
    }
}
