using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Laurel.App.Tests.Platform;

namespace Laurel.App.Tests.Features.People;

public sealed class PeopleApiTests
{
    [Fact]
    public async Task List_gives_people_as_of_today_page_by_page()
    {
        await using var app = await LaurelApp.Start();
        app.Database.Write((c, t) =>
            c.Execute("UPDATE person SET email = 'g@example.org', invented = 1 WHERE id = 'agent'", transaction: t));
        var key = app.WithKey("people:read");
        var page = await key.GetFromJsonAsync<JsonElement>("/api/v1/people?limit=3");
        var people = page.GetProperty("people").EnumerateArray().Concat(
            (await key.GetFromJsonAsync<JsonElement>($"/api/v1/people?cursor={page.GetProperty("next").GetString()}"))
                .GetProperty("people").EnumerateArray()).ToList();
        people.Select(Id).ShouldBe(["admin", "leader", "agent", "colleague", "other"], ignoreOrder: true);
        people.Single(p => Id(p) == "agent").ToString().ShouldBe(
            "{\"id\":\"agent\",\"name\":\"Greta Agent\",\"email\":\"g@example.org\",\"role\":\"agent\",\"team\":\"retention\""
            + ""","groups":[],"site":"vilnius","active":true,"invented":true,"languages":[]}""");
        people.Single(p => Id(p) == "admin").ToString()
            .ShouldBe("""{"id":"admin","name":"Priya Admin","role":"admin","groups":[],"site":"vilnius","active":true"""
                + ""","invented":false,"languages":[]}""");
    }

    [Fact]
    public async Task List_is_narrowed_to_a_team()
    {
        await using var app = await LaurelApp.Start();
        (await app.WithKey("people:read").GetFromJsonAsync<JsonElement>("/api/v1/people?team=care"))
            .GetProperty("people").EnumerateArray().Select(Id).ShouldBe(["other"]);
        using var unknown = await app.WithKey("people:read").GetAsync("/api/v1/people?team=caare");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await unknown.Content.ReadAsStringAsync()).ShouldContain("There is no team 'caare'.");
    }

    [Fact]
    public async Task One_is_found_by_key_or_not_there()
    {
        await using var app = await LaurelApp.Start();
        var key = app.WithKey("people:read");
        (await key.GetFromJsonAsync<JsonElement>("/api/v1/people/leader")).GetProperty("role").GetString().ShouldBe("leader");
        using var answer = await key.GetAsync("/api/v1/people/nobody");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().ShouldBe("urn:laurel:problem:not-there");
    }

    [Fact]
    public async Task Teams_are_listed_with_how_many_are_in_them()
    {
        await using var app = await LaurelApp.Start();
        (await app.WithKey("people:read").GetFromJsonAsync<JsonElement>("/api/v1/teams")).ToString().ShouldBe(
            """{"teams":[{"id":"care","name":"Care","site":"vilnius","people":1},"""
            + """{"id":"retention","name":"Retention","site":"vilnius","people":3}]}""");
    }

    private static string Id(JsonElement person) => person.GetProperty("id").GetString()!;
}
