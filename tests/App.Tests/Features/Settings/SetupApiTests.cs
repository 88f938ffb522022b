using Laurel.App.Features.Achievements.Catalogue;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using Laurel.App.Tests.Platform;

namespace Laurel.App.Tests.Features.Settings;

public sealed class SetupApiTests
{
    private const string Address = "/api/v1/setup";
    private const string Setup = """
        teams: [ { id: sales, name: Sales } ]
        people: [ { id: rasa, name: Rasa Example, team: sales, email: Rasa@example.org } ]
        activity-types: [ { id: deal, measures: { worth: { negative: false } } } ]
        metrics: [ { id: deals, types: [deal] } ]
        achievements: [ { id: closer, type: threshold, metric: deals, at-least: [1, 5], history: all } ]
        """;

    [Fact]
    public async Task Plan_says_what_would_change_and_changes_nothing()
    {
        await using var app = await LaurelApp.Start();
        var answer = await Post(app.WithKey("setup:write"), Setup, "?plan=true");
        answer.GetProperty("planned").GetBoolean().ShouldBeTrue();
        Words(answer)
            .ShouldBe(["add team sales", "add person rasa", "add activity type deal", "add metric deals", "add achievement closer"]);
        Count(app, "achievement").ShouldBe(0);
    }

    [Fact]
    public async Task Apply_changes_everything_at_once_and_says_who_did_it()
    {
        await using var app = await LaurelApp.Start();
        var key = app.WithKey("setup:write");
        Words(await Post(key, Setup)).Count.ShouldBe(5);
        Words(await Post(key, Setup)).ShouldBeEmpty();
        using var c = app.Database.Read();
        c.Query<(string, string, string)>("SELECT via, actor_name, action FROM audit ORDER BY key").ToList()
            .ShouldContain(("api", "Test", "achievement.added"));
    }

    [Fact]
    public async Task Apply_is_followed_by_the_work_that_it_asks_for()
    {
        await using var app = await LaurelApp.Start();
        var key = app.WithKey("setup:write", "activities:write");
        await Post(key, "activity-types: [ { id: deal } ]");
        await key.PostAsync("/api/v1/activities", new StringContent(
            """{"specversion":"1.0","id":"1","source":"desk","type":"deal","time":"2026-03-12T07:00:00Z","data":{"person":"agent"}}""",
            Encoding.UTF8, "application/cloudevents+json"));
        await Post(key, Setup.Replace("measures: { worth: { negative: false } }", "labels: [kind]", StringComparison.Ordinal));
        await Until.IsTrue("what was set up is awarded", () => Count(app, "award") > 0);
        Count(app, "award").ShouldBe(1);
    }

    [Fact]
    public async Task Apply_of_a_file_with_problems_is_refused_with_all_of_them()
    {
        await using var app = await LaurelApp.Start();
        using var answer = await app.WithKey("setup:write")
            .PostAsync(Address, Yaml(Setup.Replace("team: sales", "team: sale", StringComparison.Ordinal) + "\nsiets: []"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().ShouldBe("urn:laurel:problem:setup-refused");
        problem.GetProperty("problems").EnumerateArray()
            .Select(p => (p.GetProperty("line").GetInt32(), p.GetProperty("message").GetString()))
            .ShouldBe([(2, "there is no team 'sale' (did you mean 'sales'?)"), (6, "unknown key 'siets' (did you mean 'sites'?)")],
                ignoreOrder: true);
        Count(app, "activity_type").ShouldBe(DeclareOwnTypes.Ids.Count);
    }

    [Theory]
    [InlineData("application/xml", "teams: []", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/yaml", "teams: [", HttpStatusCode.UnprocessableEntity)]
    [InlineData("application/yaml", "", HttpStatusCode.UnprocessableEntity)]
    [InlineData("application/json", """{ "teams": [ { "id": "sales" } ] }""", HttpStatusCode.OK)]
    [InlineData("text/yaml", "teams: [ { id: sales } ]", HttpStatusCode.OK)]
    public async Task Apply_of_a_body_answers(string type, string body, HttpStatusCode expected)
    {
        await using var app = await LaurelApp.Start();
        using var answer = await app.WithKey("setup:write").PostAsync(Address, new StringContent(body, Encoding.UTF8, type));
        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Apply_of_bytes_that_are_no_text_is_not_well_formed()
    {
        await using var app = await LaurelApp.Start();
        using var body = new ByteArrayContent([0xff, 0xfe, 0x00, 0x41]) { Headers = { ContentType = new("application/yaml") } };
        using var answer = await app.WithKey("setup:write").PostAsync(Address, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Apply_of_a_body_over_the_limit_is_413()
    {
        await using var app = await LaurelApp.Start();
        using var body = Yaml(new string('#', (16 << 20) + 1));
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = body };
        request.Headers.ExpectContinue = true;
        using var answer = await app.WithKey("setup:write").SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("urn:laurel:problem:too-large");
    }

    [Fact]
    public async Task Get_gives_a_file_that_changes_nothing_when_it_is_sent_back()
    {
        await using var app = await LaurelApp.Start();
        var key = app.WithKey("setup:write");
        await Post(key, Setup);
        using var answer = await key.GetAsync(Address);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/yaml");
        var file = await answer.Content.ReadAsStringAsync();
        file.ShouldContain("rasa@example.org");
        Words(await Post(key, file)).ShouldBeEmpty();
    }

    private static async Task<JsonElement> Post(HttpClient key, string setup, string query = "")
    {
        using var answer = await key.PostAsync(Address + query, Yaml(setup));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static StringContent Yaml(string setup) => new(setup, Encoding.UTF8, "application/yaml");

    private static List<string> Words(JsonElement answer) => [.. answer.GetProperty("changes").EnumerateArray()
        .Select(c => $"{c.GetProperty("change").GetString()} {c.GetProperty("what").GetString()} {c.GetProperty("id").GetString()}")];

    private static long Count(LaurelApp app, string table)
    {
        using var c = app.Database.Read();
        return c.ExecuteScalar<long>($"SELECT count(*) FROM {table}");
    }
}
