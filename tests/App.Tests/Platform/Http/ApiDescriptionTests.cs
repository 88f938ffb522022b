using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.App.Tests.Platform;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Platform.Http;

public sealed class ApiDescriptionTests
{
    private const string Setup = """
        activity-types: [ { id: case, measures: { talk: {} } } ]
        metrics: [ { id: cases, types: [case] }, { id: talk, types: [case], aggregate: sum, measure: talk, unit: seconds } ]
        achievements: [ { id: first, type: threshold, metric: cases, at-least: 1, history: all } ]
        """;

    [Fact]
    public async Task Every_door_of_the_API_is_described_with_a_summary()
    {
        await using var app = await LaurelApp.Start();
        var described = (await Document(app)).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject()
                .Select(o => (Door: $"{o.Name.ToUpperInvariant()} {path.Name}", Operation: o.Value))).ToList();
        described.ShouldAllBe(d => d.Operation.GetProperty("summary").GetString()!.Length > 0);
        var doors = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
                .Select(Doors.Name).Except(["GET /api/v1/openapi.json"]);
        described.Select(d => d.Door).ShouldBe(doors, ignoreOrder: true);
    }

    [Fact]
    public async Task With_all_areas_off_nothing_of_achievements_is_described()
    {
        await using var app = await LaurelApp.Start();
        (await Document(app)).ToString().ShouldContain("AwardAnswer");
        var areas = string.Join(", ", ProductAreas.All.Select(a => $"{a}: off"));
        await Sent(app.WithKey("setup:write"), "/api/v1/setup", $"areas: {{ {areas} }}", "application/yaml");

        var document = await Document(app);
        string[] traces = ["award", "achievement", "holding", "badge"];
        document.GetProperty("paths").EnumerateObject().Select(p => p.Name)
            .ShouldAllBe(p => !traces.Any(t => p.Contains(t, StringComparison.OrdinalIgnoreCase)));
        document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(s => s.Name)
            .ShouldAllBe(s => !s.Contains("Award", StringComparison.Ordinal));
        document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ShouldContain("/api/v1/activities");
    }

    [Fact]
    public async Task Description_says_of_no_member_that_it_may_be_null()
    {
        await using var app = await LaurelApp.Start();
        var schemas = (await Document(app)).GetProperty("components").GetProperty("schemas");
        schemas.ToString().ShouldNotContain("\"null\"");
        Required(schemas, "ItemAnswer").ShouldBe(["index", "outcome"]);
        Required(schemas, "AwardsAnswer").ShouldBe(["awards"]);
        Required(schemas, "MetricAnswer").ShouldNotContain("measure");
    }

    /// <summary>What is absent is left out: nothing in any answer is null.</summary>
    [Fact]
    public async Task Answers_leave_out_what_is_absent()
    {
        await using var app = await LaurelApp.Start();
        var problems = new YamlProblems("setup.yaml");
        ActivatorUtilities.CreateInstance<ApplySetup>(app.Services)
            .Run(new SetupReader(problems).Read(Setup)!, problems, Actor.File("setup.yaml"), plan: false);
        var key = app.WithKey("activities:write", "activities:read", "achievements:read", "metrics:read", "people:read", "setup:write");
        var answers = new List<string>
        {
            await Sent(key, "/api/v1/activities",
                """
                [{"specversion":"1.0","id":"1","source":"desk","type":"case","time":"2026-03-12T07:00:00Z","data":{"person":"agent"}},
                {}]
                """,
                "application/cloudevents-batch+json"),
            await Sent(key, "/api/v1/activities", "{}", "application/cloudevents+json"),
            await Sent(key, "/api/v1/setup?plan=true",
                "site: { id: vilnius, name: Elsewhere, zone: Europe/Vilnius }\npeople: [ { id: admin, name: P, team: care, role: admin } ]",
                "application/yaml"),
        };
        foreach (var address in (string[])["achievements", "awards", "activities", "activities/types", "activities/held",
            "activities/held/people", "metrics", "people",
                     "people/admin", "teams", "leaderboards/cases?period=all", "leaderboards/talk"])
            answers.Add(await key.GetStringAsync("/api/v1/" + address));
        answers.ShouldAllBe(a => !a.Contains("null", StringComparison.Ordinal));
        answers[0].ShouldContain("""{"index":0,"id":"1","outcome":"accepted"}""");
        answers.ShouldContain(a => a.Contains("\"awards\":[{", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_are_listed_by_the_id_that_leaderboards_name()
    {
        await using var app = await LaurelApp.Start();
        var problems = new YamlProblems("setup.yaml");
        ActivatorUtilities.CreateInstance<ApplySetup>(app.Services)
            .Run(new SetupReader(problems).Read(Setup)!, problems, Actor.File("setup.yaml"), plan: false);
        (await app.WithKey("metrics:read").GetStringAsync("/api/v1/metrics")).ShouldBe(string.Concat(
            """{"metrics":[{"id":"cases","name":{"en":"Cases"},"unit":"number","direction":"higher","types":["case"]""",
            ""","aggregate":"count","version":1,"ready":true}""",
            """,{"id":"talk","name":{"en":"Talk"},"unit":"seconds","direction":"higher","types":["case"]""",
            ""","aggregate":"sum","measure":"talk","version":1,"ready":true}]}"""));
    }

    private static async Task<string> Sent(HttpClient key, string address, string body, string type)
    {
        using var answer = await key.PostAsync(address, new StringContent(body, Encoding.UTF8, type));
        return await answer.Content.ReadAsStringAsync();
    }

    private static Task<JsonElement> Document(LaurelApp app) => app.Client.GetFromJsonAsync<JsonElement>("/api/v1/openapi.json");

    private static IEnumerable<string> Required(JsonElement schemas, string name) =>
        schemas.GetProperty(name).TryGetProperty("required", out var required) ? required.EnumerateArray().Select(r => r.GetString()!) : [];
}
