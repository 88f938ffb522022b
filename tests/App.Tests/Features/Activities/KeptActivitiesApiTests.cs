using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Yaml;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Activities;

/// <summary>Reading back what came in: what counts, and what waits for its person.</summary>
public sealed class KeptActivitiesApiTests
{
    // Thursday 2026-03-12, 07:30 in UTC.
    private static readonly DateTimeOffset Now = FakeTime.Thursday().GetUtcNow();

    [Fact]
    public async Task List_gives_what_counts_by_workday_page_by_page()
    {
        await using var app = await Start();
        await Take(app, Case("3", "agent", Now), Case("1", "agent", Now.AddDays(-1)), Case("2", "colleague", Now.AddDays(-1).AddHours(-5)),
            Case("old", "agent", Now.AddDays(-40)));
        var key = app.WithKey("activities:read");
        var first = await Get(key, "/api/v1/activities?limit=2");
        Ids(first).ShouldBe(["1", "2"]);
        Ids(await Get(key, $"/api/v1/activities?limit=2&cursor={first.GetProperty("next").GetString()}")).ShouldBe(["3"]);
        Ids(await Get(key, "/api/v1/activities?person=agent")).ShouldBe(["1", "3"]);
        Ids(await Get(key, "/api/v1/activities?from=2026-01-01&to=2026-03-01")).ShouldBe(["old"]);
        Ids(await Get(key, "/api/v1/activities?to=2026-03-11")).ShouldBe(["1", "2"]);
        Ids(await Get(key, "/api/v1/activities?type=other")).ShouldBeEmpty();
        Ids(await Get(key, "/api/v1/activities?person=nobody")).ShouldBeEmpty();
        Ids(await Get(key, "/api/v1/activities?source=elsewhere")).ShouldBeEmpty();
    }

    [Fact]
    public async Task List_of_an_identity_gives_the_version_in_force()
    {
        await using var app = await Start();
        await Take(app, Case("a/1", "agent", Now.AddDays(-400)));
        await Take(app,
            Case("a/1", "agent", Now.AddDays(-400)) with
            {
                Version = 2,
                Measures = [new("talk", new Amount(12_500))],
                Labels = [new("kind", "PS")],
                Contact = "c1"
            });
        var key = app.WithKey("activities:read");
        var found = (await Get(key, "/api/v1/activities?source=desk&id=a%2F1"))
            .GetProperty("activities").EnumerateArray().ShouldHaveSingleItem();
        found.ToString().ShouldBe(
            """{"source":"desk","id":"a/1","version":2"""
            + ",\"type\":\"case\",\"time\":\"2025-02-05T07:30:00+00:00\",\"workday\":\"2025-02-05\",\"person\":\"agent\",\"contact\":\"c1\""
            + ""","measures":{"talk":12.5},"labels":{"kind":"PS"}}""");
        await Take(app, Case("a/1", "agent", Now) with { Version = 3, IsVoid = true });
        Ids(await Get(key, "/api/v1/activities?source=desk&id=a%2F1")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=1001")]
    [InlineData("?cursor=x")]
    [InlineData("?cursor=1")]
    [InlineData("?id=1")]
    [InlineData("?from=yesterday")]
    [InlineData("?from=2026-03-02&to=2026-03-01")]
    [InlineData("?from=2024-01-01&to=2026-03-01")]
    [InlineData("/held?cursor=x")]
    [InlineData("/held?cursor=1.$")]
    [InlineData("/held?limit=0")]
    public async Task Question_that_cannot_be_understood_is_a_bad_request(string query)
    {
        await using var app = await Start();
        (await app.WithKey("activities:read").GetAsync("/api/v1/activities" + query)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Held_ones_are_listed_with_whom_they_wait_for_until_the_person_is_there()
    {
        await using var app = await Start();
        await Take(app, Case("1", "zita", Now), Case("2", "zita", Now), Case("1", "otis", Now) with { Source = "phone" });
        app.Time.Advance(TimeSpan.FromHours(1));
        await Take(app, Case("3", "zita", Now) with { Source = "phone" });
        var key = app.WithKey("activities:read", "setup:write");

        (await Get(key, "/api/v1/activities/held/people")).ToString().ShouldBe(string.Concat(
            """{"people":[{"person":"otis","source":"phone","activities":1""",
            ""","since":"2026-03-12T07:30:00+00:00","latest":"2026-03-12T07:30:00+00:00","known":false}""",
            """,{"person":"zita","source":"desk","activities":2""",
            ""","since":"2026-03-12T07:30:00+00:00","latest":"2026-03-12T07:30:00+00:00","known":false}""",
            """,{"person":"zita","source":"phone","activities":1""",
            ""","since":"2026-03-12T08:30:00+00:00","latest":"2026-03-12T08:30:00+00:00","known":false}],"activities":4}"""));
        Ids(await Get(key, "/api/v1/activities/held?person=zita&source=desk")).ShouldBe(["1", "2"]);
        var ids = new List<string>();
        var next = "";
        do
        {
            var page = await Get(key, $"/api/v1/activities/held?limit=1{next}");
            ids.AddRange(Ids(page));
            next = page.TryGetProperty("next", out var cursor) ? $"&cursor={cursor.GetString()}" : null;
        } while (next is not null);
        ids.Count.ShouldBe(4);

        await key.PostAsync("/api/v1/setup", new StringContent("people: [ { id: zita } ]", null, "application/yaml"));
        Ids(await Get(key, "/api/v1/activities/held")).ShouldBe(["1"]);
        Ids(await Get(key, "/api/v1/activities?person=zita")).ShouldBe(["1", "2", "3"], ignoreOrder: true);
    }

    [Fact]
    public async Task Held_ones_that_types_refuse_by_now_are_of_a_known_person_and_count_once_a_file_declares_what_they_carry()
    {
        await using var app = await Start();
        await Take(app, Case("1", "zita", Now) with { Measures = [new("talk", new Amount(1000))] });
        Apply(app, "activity-types: [ { id: case, labels: [kind] } ]");
        Apply(app, "people: [ { id: zita } ]");
        var key = app.WithKey("activities:read");
        (await Get(key, "/api/v1/activities/held/people")).GetProperty("people")[0].GetProperty("known").GetBoolean().ShouldBeTrue();
        Apply(app, "activity-types: [ { id: case, measures: { talk: {} }, labels: [kind] } ]");
        Ids(await Get(key, "/api/v1/activities/held")).ShouldBeEmpty();
        Ids(await Get(key, "/api/v1/activities")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Held_ones_are_counted_for_somebody_or_dropped()
    {
        await using var app = await Start();
        await Take(app, Case("1", "zita", Now), Case("2", "zita", Now), Case("3", "otis", Now),
            Case("4", "zita", Now) with { Labels = [new("kind", "PS")] });
        Apply(app, "activity-types: [ { id: case, measures: { talk: {} }, labels: [] } ]");
        var key = app.WithKey("activities:read", "setup:write");

        await Refused("count?person=zita", HttpStatusCode.BadRequest);
        await Refused("count?person=zita&countFor=nobody", HttpStatusCode.NotFound);
        await Refused("count?person=nobody&countFor=agent", HttpStatusCode.NotFound);
        await Refused("drop", HttpStatusCode.BadRequest);
        await Refused("drop?person=nobody", HttpStatusCode.NotFound);

        (await Post("count?person=zita&countFor=agent")).ShouldBe("""{"person":"zita","countFor":"agent","counted":2,"waiting":1}""");
        Ids(await Get(key, "/api/v1/activities?person=agent")).ShouldBe(["1", "2"], ignoreOrder: true);
        (await Post("drop?person=otis")).ShouldBe("""{"person":"otis","dropped":1}""");
        Ids(await Get(key, "/api/v1/activities/held")).ShouldBe(["4"]);

        async Task<string> Post(string what) =>
            await (await key.PostAsync($"/api/v1/activities/held/{what}", null)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        async Task Refused(string what, HttpStatusCode status) =>
            (await key.PostAsync($"/api/v1/activities/held/{what}", null)).StatusCode.ShouldBe(status);
    }

    private static async Task<LaurelApp> Start()
    {
        var app = await LaurelApp.Start();
        Apply(app, "activity-types: [ { id: case, measures: { talk: {} }, labels: [kind] } ]");
        return app;
    }

    private static void Apply(LaurelApp app, string setup)
    {
        var problems = new YamlProblems("setup.yaml");
        ActivatorUtilities.CreateInstance<ApplySetup>(app.Services)
            .Run(new SetupReader(problems).Read(setup)!, problems, Actor.File("setup.yaml"), plan: false);
        problems.InOrder().ShouldBeEmpty();
    }

    private static IncomingActivity Case(string id, string person, DateTimeOffset at) =>
        new("desk", ActivityId.Of(id), "case", person, null, at.ToUnixTimeMilliseconds(), [], []);

    private static Task Take(LaurelApp app, params IReadOnlyList<IncomingActivity> activities) =>
        app.Services.GetRequiredService<Intake>().Take(activities, CancellationToken.None);

    private static Task<JsonElement> Get(HttpClient key, string address) => key.GetFromJsonAsync<JsonElement>(address);
    private static List<string> Ids(JsonElement page) =>
        [.. page.GetProperty("activities").EnumerateArray().Select(a => a.GetProperty("id").GetString()!)];
}
