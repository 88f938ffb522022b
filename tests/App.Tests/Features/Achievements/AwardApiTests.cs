using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>Awards and achievements as programs read and change them, with what the pages then say.</summary>
public sealed class AwardApiTests
{
    private const string ByHand = "achievements: [ { id: thanks, name: Thanks, type: manual, coins: [5] } ]";
    private const string Grant = "0199d0a2-7c1e-7d55-9a3f-5b1d5f0c2f11";

    [Fact]
    public async Task A_key_awards_by_hand_once_however_often_it_is_sent()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(ByHand);
        var key = app.WithKey("awards:write");
        const string Giving = $"/api/v1/awards?achievement=thanks&person=agent&person=other&note=Well%20done&grant={Grant}";
        using var made = await key.PostAsync(Giving, null);
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var answer = await made.Content.ReadFromJsonAsync<JsonElement>();
        answer.GetProperty("grant").GetString().ShouldBe(Grant);
        answer.GetProperty("awards").EnumerateArray()
            .Select(a => $"{a.GetProperty("person")} {a.GetProperty("note")} {a.GetProperty("givenByKey")} {a.GetProperty("period")}")
            .ShouldBe([$"agent Well done Test {Grant}", $"other Well done Test {Grant}"], ignoreOrder: true);
        using var again = await key.PostAsync(Giving, null);
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await again.Content.ReadFromJsonAsync<JsonElement>()).ToString().ShouldBe(answer.ToString());
        app.Read<long>("SELECT count(*) FROM award").ShouldBe(2);
        app.Read<long>("SELECT count(*) FROM audit WHERE action = 'award.made' AND via = 'api' AND actor_name = 'Test'").ShouldBe(2);
        app.Read<long>("SELECT count(*) FROM notice").ShouldBe(2);

        // Another giving by the same grant is none; what is wrong gives nothing to anybody.
        await Refused(key, "awards?achievement=thanks&person=agent&note=Other&grant=" + Grant, HttpStatusCode.Conflict, "grant-conflict");
        await Refused(key, "awards?achievement=thanks&person=agent&person=nobody&note=x", HttpStatusCode.NotFound, "not-there");
        await Refused(key, "awards?achievement=thanks&person=agent", HttpStatusCode.UnprocessableEntity, "award-refused");
        await Refused(key, "awards?achievement=caller&person=agent&note=x", HttpStatusCode.UnprocessableEntity, "award-refused");
        await Refused(key, "awards?achievement=none&person=agent&note=x", HttpStatusCode.NotFound, "not-there");
        await Refused(key, "awards?achievement=thanks&note=x", HttpStatusCode.BadRequest, "bad-request");
        await Refused(key, "awards?achievement=thanks&person=agent&note=x&grant=mine", HttpStatusCode.BadRequest, "bad-request");
        app.Read<long>("SELECT count(*) FROM award").ShouldBe(2);

        // Its holder and the leader see who gave it.
        (await app.SignIn("agent").GetStringAsync("/achievements/thanks")).ShouldContain("By Test");
        (await app.SignIn("admin").GetStringAsync("/manage/achievements/thanks")).ShouldContain("Test");
        // It is a fact: switching off and on again leaves it unflagged.
        app.Declare("achievements: [ { id: thanks, name: Thanks, type: manual, coins: [5], enabled: false } ]");
        app.Declare(ByHand);
        app.Read<long>("SELECT count(*) FROM award WHERE flagged_at IS NULL").ShouldBe(2);
    }

    [Fact]
    public async Task One_grant_sent_many_times_at_once_gives_once()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(ByHand);
        var key = app.WithKey("awards:write");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var answer = await key.PostAsync($"/api/v1/awards?achievement=thanks&person=agent&note=Fine&grant={Grant}", null);
            return (answer.StatusCode, Body: await answer.Content.ReadAsStringAsync());
        }));
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(5);
        answers.Select(a => a.Body).Distinct().ShouldHaveSingleItem();
        app.Read<long>("SELECT count(*) FROM award").ShouldBe(1);
        app.Read<long>("SELECT count(*) FROM notice").ShouldBe(1);
        app.Read<long>("SELECT count(*) FROM audit WHERE action = 'award.made'").ShouldBe(1);

        // More people by the same grant: neither they nor anybody else receive it.
        await Refused(key, $"awards?achievement=thanks&person=agent&person=other&note=Fine&grant={Grant}",
            HttpStatusCode.Conflict, "grant-conflict");
        app.Read<long>("SELECT count(*) FROM award").ShouldBe(1);
    }

    [Fact]
    public async Task A_key_revokes_with_a_reason_and_gives_back()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        var id = app.Read<long>("SELECT key FROM award");
        var (key, reader) = (app.WithKey("awards:revoke"), app.WithKey("achievements:read"));
        await Refused(key, $"awards/{id}/revoke", HttpStatusCode.UnprocessableEntity, "award-refused");
        await Refused(key, "awards/4711/revoke?reason=x", HttpStatusCode.NotFound, "not-there");
        await Refused(reader, $"awards/{id}/revoke?reason=x", HttpStatusCode.Forbidden, "not-permitted");
        using var revoked = await key.PostAsync($"/api/v1/awards/{id}/revoke?reason=Counted%20twice", null);
        revoked.StatusCode.ShouldBe(HttpStatusCode.OK);
        var answer = await revoked.Content.ReadFromJsonAsync<JsonElement>();
        $"{answer.GetProperty("revokeReason")} by {answer.GetProperty("revokedByKey")}".ShouldBe("Counted twice by Test");
        using var again = await key.PostAsync($"/api/v1/awards/{id}/revoke?reason=Other", null);
        (await again.Content.ReadFromJsonAsync<JsonElement>()).ToString().ShouldBe(answer.ToString());
        (await app.SignIn("admin").GetStringAsync("/manage/achievements/caller?show=revoked")).ShouldContain("Test: Counted twice");
        (await Ids(reader, "awards?revoked=true")).ShouldBe([id]);
        (await Ids(reader, "awards?revoked=false")).ShouldBeEmpty();

        using var back = await key.PostAsync($"/api/v1/awards/{id}/restore", null);
        back.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await back.Content.ReadAsStringAsync()).ShouldNotContain("revoke");
        using var stays = await key.PostAsync($"/api/v1/awards/{id}/restore", null);
        stays.StatusCode.ShouldBe(HttpStatusCode.OK);
        app.Read<long>("SELECT count(*) FROM audit WHERE action IN ('award.revoked', 'award.restored')").ShouldBe(2);
    }

    [Fact]
    public async Task Flagged_awards_are_found()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 3);
        await app.Calls("colleague", 3);
        var reader = app.WithKey("achievements:read");
        app.Database.Write((c, t) => Dapper.SqlMapper.Execute(
            c, "UPDATE award SET flagged_at = 1 WHERE person = (SELECT key FROM person WHERE id = 'agent')", transaction: t));
        (await Ids(reader, "awards?flagged=true")).Count.ShouldBe(1);
        (await Ids(reader, "awards?flagged=false")).Count.ShouldBe(1);
        (await Ids(reader, "awards")).Count.ShouldBe(2);
        (await reader.GetAsync("/api/v1/awards?flagged=perhaps")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task One_award_is_told_with_what_counted()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 4);
        await app.NightWatch("agent");
        var reader = app.WithKey("achievements:read");
        var id = app.Read<long>("SELECT w.key FROM award w JOIN achievement a ON a.key = w.achievement WHERE a.id = 'caller'");
        var one = await reader.GetFromJsonAsync<JsonElement>($"/api/v1/awards/{id}?limit=2");
        (one.GetProperty("target").GetDecimal(), one.GetProperty("ruleVersion").GetInt32(), one.GetProperty("achievement").GetString())
            .ShouldBe((3, 1, "caller"));
        one.GetProperty("rule").GetProperty("at-least").ToString().ShouldBe("[3,5,9]");
        one.GetProperty("from").GetString().ShouldBe("2026-03-09");
        one.GetProperty("to").GetString().ShouldBe("2026-03-15");
        var evidence = one.GetProperty("evidence").EnumerateArray().ShouldHaveSingleItem();
        string.Join(' ', ((string[])["metric", "comparison", "target", "count", "gone"]).Select(m => evidence.GetProperty(m).ToString()))
            .ShouldBe("calls at-least 3 3 0");
        var activities = evidence.GetProperty("activities").EnumerateArray().ToList();
        activities.Select(a => a.GetProperty("ordinal").GetInt64()).ShouldBe([3, 2]);
        activities[0].GetProperty("decided").GetBoolean().ShouldBeTrue();
        activities[0].GetProperty("type").GetString().ShouldBe("call");
        activities[0].GetProperty("contact").GetString()!.ShouldStartWith("case-");

        // What a rule counts by itself has no metric that anybody could ask for.
        var first = app.Read<long>("SELECT w.key FROM award w JOIN achievement a ON a.key = w.achievement WHERE a.id = 'night-secret'");
        var counted = (await reader.GetFromJsonAsync<JsonElement>($"/api/v1/awards/{first}")).GetProperty("evidence").EnumerateArray()
            .ShouldHaveSingleItem();
        counted.TryGetProperty("metric", out _).ShouldBeFalse();
        counted.GetProperty("activities").GetArrayLength().ShouldBe(1);

        // Revoked, it still tells why it was made.
        await app.WithKey("awards:revoke").PostAsync($"/api/v1/awards/{id}/revoke?reason=Counted%20twice", null);
        one = await reader.GetFromJsonAsync<JsonElement>($"/api/v1/awards/{id}");
        one.GetProperty("revokeReason").GetString().ShouldBe("Counted twice");
        one.GetProperty("evidence").GetArrayLength().ShouldBe(1);
        (await reader.GetAsync("/api/v1/awards/4711")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await reader.GetAsync($"/api/v1/awards/{id}?limit=0")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task One_achievement_is_told_in_the_words_of_the_setup_file()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("""
            achievements:
              - { id: caller, name: Caller, area: service, badge: call-keeper, type: threshold, metric: calls, at-least: [3, 6],
                  range: week, history: all, tone: playful, coins: [1, 2], audience: { teams: [retention], roles: [agent] } }
            """);
        var reader = app.WithKey("achievements:read");
        var one = await reader.GetFromJsonAsync<JsonElement>("/api/v1/achievements/caller");
        one.GetProperty("rule").ToString().ShouldBe(
            """{"type":"threshold","metric":"calls","at-least":[3,6],"sample":1,"range":"week","repeat":"week"}""");
        one.GetProperty("audience").ToString().ShouldBe("""{"teams":["retention"],"roles":["agent"]}""");
        (one.GetProperty("history").GetString(), one.GetProperty("coins").ToString(), one.GetProperty("tone").GetString(),
            one.GetProperty("retention").GetString()).ShouldBe(("all", "[1,2]", "playful", "permanent"));
        (one.GetProperty("test").GetBoolean(), one.GetProperty("enabled").GetBoolean()).ShouldBe((false, true));
        var versions = one.GetProperty("versions").EnumerateArray().ToList();
        versions.Select(v => (v.GetProperty("number").GetInt32(), v.TryGetProperty("from", out var from) ? from.GetString() : null))
            .ShouldBe([(2, "2026-03-13"), (1, null)]);
        versions[1].GetProperty("rule").GetProperty("at-least").ToString().ShouldBe("[3,5,9]");
        versions[1].TryGetProperty("audience", out _).ShouldBeFalse();
        one.GetProperty("spans").GetArrayLength().ShouldBe(1);
        // As the list has it.
        var listed = (await reader.GetFromJsonAsync<JsonElement>("/api/v1/achievements")).GetProperty("achievements").EnumerateArray()
            .Single(a => a.GetProperty("id").GetString() == "caller");
        foreach (var member in listed.EnumerateObject())
            one.GetProperty(member.Name).ToString().ShouldBe(member.Value.ToString(), member.Name);
        (await reader.GetAsync("/api/v1/achievements/none")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Achievements_are_listed_as_everybody_sees_them_and_a_key_changes_the_order()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("""
            achievements:
              - { id: first, type: manual }
              - { id: second, type: manual }
              - { id: third, type: manual }
              - { id: gone, type: manual, archived: true }
            """);
        var key = app.WithKey("achievements:read", "setup:write");
        async Task<List<string>> Listed()
        {
            var (ids, cursor) = (new List<string>(), "");
            do
            {
                var page = await key.GetFromJsonAsync<JsonElement>($"/api/v1/achievements?limit=2{cursor}");
                ids.AddRange(page.GetProperty("achievements").EnumerateArray().Select(a => a.GetProperty("id").GetString()!));
                cursor = page.TryGetProperty("next", out var next) ? $"&cursor={next.GetString()}" : "";
            }
            while (cursor.Length > 0);
            ids.Remove("gone").ShouldBeTrue();
            return ids;
        }
        async Task Move(string id, int to)
        {
            using var answer = await key.PostAsync($"/api/v1/achievements/{id}/move?to={to}", null);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString().ShouldBe(id);
        }
        var before = await Listed();
        before.TakeLast(3).ShouldBe(["first", "second", "third"]);

        await Move("third", 1);
        (await Listed()).ShouldBe([.. before.Where(a => a != "third").Prepend("third")]);
        await Move("third", before.Count - 1);
        (await Listed()).TakeLast(3).ShouldBe(["first", "third", "second"]);
        app.Read<long>("SELECT count(*) FROM audit WHERE action = 'achievement.moved' AND actor_name = 'Test'").ShouldBe(2);
        // It stands there already.
        await Move("third", before.Count - 1);
        app.Read<long>("SELECT count(*) FROM audit WHERE action = 'achievement.moved'").ShouldBe(2);

        foreach (var to in (string[])["0", $"{before.Count + 1}", "last", ""])
            await Refused(key, $"achievements/third/move?to={to}", HttpStatusCode.BadRequest, "bad-request");
        await Refused(key, "achievements/third/move", HttpStatusCode.BadRequest, "bad-request");
        await Refused(key, "achievements/gone/move?to=1", HttpStatusCode.UnprocessableEntity, "achievement-refused");
        await Refused(key, "achievements/none/move?to=1", HttpStatusCode.NotFound, "not-there");
        await Refused(app.WithKey("achievements:read"), "achievements/third/move?to=1", HttpStatusCode.Forbidden, "not-permitted");
    }

    [Fact]
    public async Task What_is_in_test_is_for_keys_that_manage_achievements()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("""
            achievements: [ { id: trial, type: threshold, metric: calls, at-least: 2, test: true, history: all } ]
            paths: [ { id: secret, steps: [trial] } ]
            """);
        await app.Calls("agent", 2);
        var (reader, manager) = (app.WithKey("achievements:read"), app.WithKey("achievements:read", "setup:write"));
        var award = app.Read<long>("SELECT key FROM award");
        foreach (var address in (string[])["achievements/trial", $"awards/{award}", "paths/secret", "awards?achievement=trial",
            "achievements/trial/draws"])
        {
            (await reader.GetAsync($"/api/v1/{address}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, address);
            (await manager.GetAsync($"/api/v1/{address}")).StatusCode.ShouldBe(HttpStatusCode.OK, address);
        }
        async Task<List<long>> Listed(string query) =>
            [.. (await manager.GetFromJsonAsync<JsonElement>($"/api/v1/awards{query}")).GetProperty("awards").EnumerateArray()
                .Select(a => a.GetProperty("id").GetInt64())];
        (await Listed("?achievement=trial")).ShouldBe([award]);
        // Among all of them nothing is told that is not there for people.
        (await Listed("")).ShouldBeEmpty();
        (await manager.GetAsync("/api/v1/awards?achievement=none")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await Refused(app.WithKey("awards:revoke"), $"awards/{award}/revoke?reason=x", HttpStatusCode.NotFound, "not-there");
    }

    [Fact]
    public async Task An_achievement_is_tested_and_taken_live_by_a_key()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("""
            achievements:
              - { id: trial, name: Trial, type: threshold, metric: calls, at-least: 2, history: all, enabled: false }
              - { id: other, name: Other, type: threshold, metric: calls, at-least: 2, history: all, enabled: false }
              - { id: thanks, type: manual, enabled: false }
            """);
        await app.Calls("agent", 2, daysAgo: 3);
        var key = app.WithKey("setup:write");
        using var begun = await key.PostAsync("/api/v1/achievements/trial/test?enable=true", null);
        begun.StatusCode.ShouldBe(HttpStatusCode.OK);
        var answer = await begun.Content.ReadFromJsonAsync<JsonElement>();
        (answer.GetProperty("test").GetBoolean(), answer.GetProperty("enabled").GetBoolean()).ShouldBe((true, true));
        await Until.IsTrue("history is counted", () => app.Read<long>("SELECT count(*) FROM work") == 0);
        app.Read<long>("SELECT count(*) FROM award").ShouldBe(1);
        (await app.SignIn("agent").GetAsync("/achievements/trial")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        // So it is already.
        using (var again = await key.PostAsync("/api/v1/achievements/trial/test", null)) again.StatusCode.ShouldBe(HttpStatusCode.OK);

        await Refused(key, "achievements/caller/test", HttpStatusCode.UnprocessableEntity, "achievement-refused");
        await Refused(key, "achievements/thanks/test", HttpStatusCode.UnprocessableEntity, "achievement-refused");
        await Refused(key, "achievements/none/test", HttpStatusCode.NotFound, "not-there");
        await Refused(key, "achievements/trial/go-live", HttpStatusCode.BadRequest, "bad-request");
        await Refused(key, "achievements/caller/go-live?keep=true", HttpStatusCode.UnprocessableEntity, "achievement-refused");
        await Refused(app.WithKey("achievements:read"), "achievements/trial/go-live?keep=true", HttpStatusCode.Forbidden, "not-permitted");

        using var kept = await key.PostAsync("/api/v1/achievements/trial/go-live?keep=true", null);
        (await kept.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("test").GetBoolean().ShouldBeFalse();
        (await app.SignIn("agent").GetStringAsync("/achievements/trial")).ShouldContain("Trial");
        app.Read<string>("SELECT actor_name FROM audit WHERE action = 'achievement.live'").ShouldBe("Test");

        await key.PostAsync("/api/v1/achievements/other/test?enable=true", null);
        await Until.IsTrue("history is counted", () => app.Read<long>("SELECT count(*) FROM work") == 0);
        app.Read<long>("SELECT count(*) FROM award").ShouldBe(2);
        using var dropped = await key.PostAsync("/api/v1/achievements/other/go-live?keep=false", null);
        dropped.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Until.IsTrue("history is counted", () => app.Read<long>("SELECT count(*) FROM work") == 0);
        app.Read<long>("SELECT count(*) FROM award").ShouldBe(1);
    }

    [Fact]
    public async Task A_backtest_tells_what_the_page_tells_and_makes_nothing()
    {
        await using var app = await RecognitionDesk.Open();
        await app.Calls("agent", 4, daysAgo: 7);
        await app.Calls("other", 3, daysAgo: 14);
        // The best of weeks that are over is decided by the way.
        const string Streamed = "SELECT count(*) FROM award w JOIN achievement a ON a.key = w.achievement WHERE a.id <> 'champion'";
        var (key, before) = (app.WithKey("setup:write"), app.Read<long>(Streamed));
        var one = await key.GetFromJsonAsync<JsonElement>("/api/v1/achievements/caller/backtest?limit=1");
        (one.GetProperty("earners").GetInt32(), one.GetProperty("awards").GetInt32(), one.GetProperty("people").GetArrayLength())
            .ShouldBe((2, 2, 1));
        one.GetProperty("tiers").EnumerateArray().Select(t => t.GetProperty("people").GetInt32()).ShouldBe([2, 0, 0]);
        one.GetProperty("weeks").EnumerateArray().Sum(w => w.GetProperty("awards").GetInt32()).ShouldBe(2);
        one.GetProperty("distribution").GetProperty("targets").EnumerateArray().Select(t => t.GetProperty("target").GetInt32())
            .ShouldBe([3, 5, 9]);

        using var thought = await Sent(key,
            """{ "type": "threshold", "metric": "calls", "at-least": 4, "range": "week", "history": "all" }""");
        thought.StatusCode.ShouldBe(HttpStatusCode.OK);
        var told = await thought.Content.ReadFromJsonAsync<JsonElement>();
        told.GetProperty("people").EnumerateArray().Select(p => p.GetProperty("person").GetString()).ShouldBe(["agent"]);
        using var written = await Sent(key,
            "id: caller\ntype: threshold\nmetric: calls\nat-least: 4\nrange: week\naudience: { teams: [care] }");
        (await written.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("earners").GetInt32().ShouldBe(0);
        app.Read<long>(Streamed).ShouldBe(before);
        app.Read<long>("SELECT count(*) FROM achievement WHERE id LIKE 'backtest%'").ShouldBe(0);

        using var unknown = await Sent(key, """{ "type": "threshold", "metric": "cals", "at-least": 4 }""");
        unknown.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await unknown.Content.ReadAsStringAsync()).ShouldContain("did you mean 'calls'");
        using var unread = await Sent(key, "[ nothing");
        unread.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var byHand = await Sent(key, """{ "type": "manual" }""");
        (await byHand.Content.ReadAsStringAsync()).ShouldContain("achievement-refused");
        (await key.GetAsync("/api/v1/achievements/none/backtest")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await key.GetAsync("/api/v1/achievements/caller/backtest?limit=0")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await app.WithKey("achievements:read").GetAsync("/api/v1/achievements/caller/backtest")).StatusCode
            .ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_audit_log_is_read_page_by_page_with_the_filters_of_the_page()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare(ByHand);
        using (var given = await app.WithKey("awards:write").PostAsync("/api/v1/awards?achievement=thanks&person=agent&note=Fine", null))
            given.StatusCode.ShouldBe(HttpStatusCode.Created);
        var key = app.WithKey("audit:read");
        var newest = (await key.GetFromJsonAsync<JsonElement>("/api/v1/audit?what=award")).GetProperty("entries").EnumerateArray()
            .ShouldHaveSingleItem();
        (newest.GetProperty("action").GetString(), newest.GetProperty("by").GetString(), newest.GetProperty("via").GetString(),
            newest.TryGetProperty("person", out _)).ShouldBe(("award.made", "Test", "api", false));
        newest.GetProperty("changes").EnumerateArray().Select(c => $"{c.GetProperty("field")} {c.GetProperty("after")}")
            .ShouldBe(["state earned", "note Fine"]);
        (await Entries(key, "audit?q=fine")).ShouldBe([newest.GetProperty("id").GetInt64()]);
        (await Entries(key, "audit?who=nobody")).ShouldBeEmpty();

        var (all, walked, cursor) = (await Entries(key, "audit?limit=1000"), new List<long>(), "");
        while (true)
        {
            var page = await key.GetFromJsonAsync<JsonElement>($"/api/v1/audit?limit=3{cursor}");
            walked.AddRange(page.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("id").GetInt64()));
            if (!page.TryGetProperty("next", out var next)) break;
            cursor = $"&cursor={next.GetString()}";
        }
        all.Count.ShouldBeGreaterThan(6);
        walked.ShouldBe(all);
        foreach (var wrong in (string[])["audit?what=nothing", "audit?cursor=x", "audit?limit=0"])
            (await key.GetAsync("/api/v1/" + wrong)).StatusCode.ShouldBe(HttpStatusCode.BadRequest, wrong);
        (await app.WithKey("setup:write").GetAsync("/api/v1/audit")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        static async Task<List<long>> Entries(HttpClient key, string address) =>
            [.. (await key.GetFromJsonAsync<JsonElement>("/api/v1/" + address)).GetProperty("entries").EnumerateArray()
                .Select(e => e.GetProperty("id").GetInt64())];
    }

    [Fact]
    public async Task A_badge_that_has_lapsed_is_not_said_to_have_been_nobodys()
    {
        await using var app = await RecognitionDesk.Open();
        app.Declare("""
            achievements:
              - { id: day, name: Day, type: threshold, metric: calls, at-least: 3, range: day, retention: period, history: all }
              - { id: steps, name: Steps, type: threshold, metric: calls, at-least: [2, 9], range: day, retention: period, history: all }
              - { id: never, name: Never, type: threshold, metric: calls, at-least: 99, range: day, retention: period, history: all }
            """);
        await app.Calls("agent", 3, daysAgo: 3);
        var colleague = app.SignIn("colleague");
        var lapsed = await colleague.GetStringAsync("/achievements/day");
        lapsed.ShouldContain("Nobody at the moment. It has been earned before.");
        lapsed.ShouldContain("Nobody holds it at the moment");
        lapsed.ShouldNotContain("will be the first");
        (await colleague.GetStringAsync("/achievements/steps")).ShouldContain("Nobody holds level I at the moment");
        var never = await colleague.GetStringAsync("/achievements/never");
        never.ShouldContain("Nobody yet. Somebody will be the first.");
        never.ShouldContain("Nobody holds it yet");
    }

    private static Task<HttpResponseMessage> Sent(HttpClient key, string rule) =>
        key.PostAsync("/api/v1/achievements/backtest", new StringContent(rule, System.Text.Encoding.UTF8, "application/json"));

    private static async Task Refused(HttpClient key, string address, HttpStatusCode status, string type)
    {
        using var answer = await key.PostAsync("/api/v1/" + address, null);
        answer.StatusCode.ShouldBe(status, address);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()
            .ShouldBe($"urn:laurel:problem:{type}", address);
    }

    private static async Task<List<long>> Ids(HttpClient reader, string address) =>
        [.. (await reader.GetFromJsonAsync<JsonElement>("/api/v1/" + address)).GetProperty("awards").EnumerateArray()
            .Select(a => a.GetProperty("id").GetInt64())];
}
