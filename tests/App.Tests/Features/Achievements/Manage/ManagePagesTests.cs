using Laurel.App.Features.Achievements.Catalogue;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements.Manage;

/// <summary>The pages of management as leaders and admins use them, over awards that real activities made.</summary>
public sealed class ManagePagesTests
{
    private const string List = "/manage/achievements";

    private const string ByHand = """
        achievements:
          - id: thanks
            name: { en: Team Spirit, lt: Komandos dvasia }
            description: { en: Helped where help was needed., lt: "Padėjo, kur reikėjo." }
            area: engagement
            badge: ace-resolver
            type: manual
        """;

    [Fact]
    public async Task List_says_rule_holders_and_state()
    {
        await using var app = await Open();
        await app.Calls("agent", 3);
        await app.Calls("other", 3);
        var row = Row(await Page(app.SignIn("admin"), List), "Caller");
        row.QuerySelector(".manage-rule")!.TextContent.ShouldBe("“Calls answered” reaches 3, 5 or 9 in one week. Every week anew.");
        row.QuerySelector("[data-label=Area]")!.TextContent.ShouldBe("Service");
        row.QuerySelector("[data-label=Holders]")!.TextContent.ShouldBe("2");
        row.QuerySelector("[data-label='7 days']")!.TextContent.ShouldBe("2");
        row.QuerySelector("[data-label=State]")!.TextContent.Trim().ShouldBe("On");
        // A leader's numbers are of the own teams.
        Row(await Page(app.SignIn("leader"), List), "Caller").QuerySelector("[data-label=Holders]")!.TextContent.ShouldBe("1");
    }

    [Fact]
    public async Task List_says_a_target_that_all_tiers_share_once()
    {
        await using var app = await Open();
        app.Declare("""
            achievements:
              - { id: both, name: Both, type: threshold, range: month,
                  conditions: [ { metric: calls, at-least: [3, 5] }, { metric: talk, at-least: 120 } ] }
            """);
        Row(await Page(app.SignIn("admin"), List), "Both").QuerySelector(".manage-rule")!.TextContent
            .ShouldBe("“Calls answered” reaches 3 or 5 and “Talk time” reaches 2:00\u00A0min in one month. Every month anew.");
    }

    [Fact]
    public async Task List_calls_what_has_no_name_by_its_id_in_words()
    {
        await using var app = await Open();
        app.Declare("achievements: [ { id: quick-and-thorough, type: threshold, metric: calls, at-least: 3 } ]");
        Row(await Page(app.SignIn("admin"), List), "Quick and thorough").ShouldNotBeNull();
    }

    [Fact]
    public async Task States_in_lithuanian_agree_with_what_they_are_said_of()
    {
        await using var app = await Open();
        await app.Calls("agent", 3);
        app.Database.Write((c, t) =>
        {
            c.Execute("UPDATE award SET revoked_at = 1, revoke_reason = 'ne' WHERE person = (SELECT key FROM person WHERE id = 'agent')",
                transaction: t);
            c.Execute("UPDATE achievement SET archived = 1 WHERE id = 'thanks'", transaction: t);
            Rulebook.TouchRules(c, t);
        });
        using var admin = app.SignIn("admin");
        admin.DefaultRequestHeaders.AcceptLanguage.ParseAdd("lt");
        var list = await Page(admin, List + "?state=archived");
        list.QuerySelectorAll(".manage-states .seg-item").Select(s => s.FirstChild!.TextContent.Trim())
            .ShouldBe(["Visi", "Įjungti", "Išjungti", "Pažymėti", "Archyvuoti"]);
        list.QuerySelector("tbody .chip")!.TextContent.Trim().ShouldBe("Archyvuotas");
        var one = await Page(admin, List + "/caller?show=revoked");
        one.QuerySelectorAll(".tabs-item").Select(t => t.ChildNodes.First(n => n.TextContent.Trim() != "").TextContent.Trim())
            .ShouldBe(["Apdovanojimai", "Pažymėti", "Atšaukti"]);
        one.QuerySelectorAll("thead th")[2].TextContent.ShouldBe("Atšaukta");
        app.Database.Write((c, t) => c.Execute("UPDATE award SET revoked_at = NULL, flagged_at = 1", transaction: t));
        (await Page(admin, List + "/caller")).QuerySelector("tbody .chip-close")!.TextContent.Trim().ShouldBe("Pažymėtas");
        using var english = app.SignIn("admin");
        (await Page(english, List)).QuerySelectorAll(".manage-states .seg-item").Select(s => s.FirstChild!.TextContent.Trim())
            .ShouldBe(["All", "On", "Off", "Flagged", "Archived"]);
        (await Page(english, List + "/caller")).QuerySelectorAll(".tabs-item")
            .Select(t => t.ChildNodes.First(n => n.TextContent.Trim() != "").TextContent.Trim())
            .ShouldBe(["Awards", "Flagged", "Revoked"]);
    }

    [Fact]
    public async Task List_says_how_there_come_to_be_more()
    {
        await using var app = await Open();
        (await Page(app.SignIn("admin"), List)).QuerySelector("main .note")!.TextContent.ShouldContain("laurel apply setup.yaml");
        (await Page(app.SignIn("leader"), List)).QuerySelector("main .note")!.TextContent.ShouldContain("ask an administrator");
    }

    [Fact]
    public async Task Counted_lists_kinds_of_activities_with_what_they_carry_and_metrics_with_what_they_count()
    {
        await using var app = await Open();
        var page = await Page(app.SignIn("leader"), "/manage/counted");
        page.QuerySelector(".page-sub")!.TextContent.ShouldBe("2 kinds of activities · 2 metrics");
        var rows = page.QuerySelectorAll(".counted-table tbody tr")
            .Select(row => string.Join(' ', row.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();
        rows.Where(row => !DeclareOwnTypes.Ids.Any(own => row.Contains($" {own} ", StringComparison.Ordinal))).ShouldBe(
        [
            "Call answered call talk talk kind kind", "Night watch kept night-watch – –",
            "Calls answered calls Number of activities: Call answered.", "Talk time talk Sum of “talk” over: Call answered.",
        ]);
        page.QuerySelector("a[href='/leaderboard?metric=talk']").ShouldNotBeNull();
    }

    [Fact]
    public async Task List_in_lithuanian_speaks_lithuanian()
    {
        await using var app = await Open();
        app.Database.Write((c, t) => c.Execute("UPDATE person SET lang = 'lt'", transaction: t));
        var page = await Page(app.SignIn("admin"), List);
        page.QuerySelector("h1")!.TextContent.Trim().ShouldBe("Ženklelių studija");
        Row(page, "Skambintojas").QuerySelector(".manage-rule")!.TextContent
            .ShouldBe("„Atsiliepti skambučiai“ pasiekia 3, 5 arba 9 per savaitę. Kas savaitę iš naujo.");
    }

    [Theory]
    [InlineData("?q=moonlit", "Moonlit Keeper")]
    [InlineData("?area=engagement", "Moonlit Keeper, Team Spirit")]
    [InlineData("?state=off", "Caller")]
    [InlineData("?q=calls&state=on", "Champion of the Week")]
    public async Task List_filters_by_words_area_and_state(string filter, string names)
    {
        await using var app = await Open();
        (await LaurelApp.Post(app.SignIn("admin"), List, "/manage/achievements/caller/disable")).StatusCode.ShouldBe(HttpStatusCode.Found);
        var page = await Page(app.SignIn("admin"), List + filter);
        string.Join(", ", page.QuerySelectorAll(".manage-name").Select(n => n.TextContent)).ShouldBe(names);
    }

    [Fact]
    public async Task List_that_nothing_matches_offers_to_clear_the_filters()
    {
        await using var app = await Open();
        var page = await Page(app.SignIn("admin"), List + "?q=zebra");
        page.QuerySelector(".empty a")!.GetAttribute("href").ShouldBe(List);
    }

    [Fact]
    public async Task List_shows_how_far_history_is_counted()
    {
        await using var app = await Open();
        await Until.IsTrue("what was enabled is counted", () => app.Read<long>("SELECT count(*) FROM work") == 0);
        app.Database.Write((c, t) => c.Execute(
            """
            INSERT INTO work (kind, subject, due, leased_until, done, total)
            SELECT 'backfill', key, 0, @never, 40, 100 FROM achievement WHERE id = 'caller'
            """,
            new { never = long.MaxValue }, t));
        var state = Row(await Page(app.SignIn("admin"), List), "Caller").QuerySelector("[data-label=State]")!;
        state.TextContent.ShouldContain("40%");
        state.QuerySelector("[role=progressbar]")!.GetAttribute("aria-valuenow").ShouldBe("40");
    }

    [Fact]
    public async Task Disable_and_enable_by_form_go_back_to_where_they_were_pressed()
    {
        await using var app = await Open();
        var admin = app.SignIn("admin");
        using var off = await LaurelApp.Post(admin, List + "?area=service", "/manage/achievements/caller/disable");
        off.Headers.Location!.OriginalString.ShouldBe(List + "?area=service");
        var page = await Page(admin, List);
        Row(page, "Caller").QuerySelector("[data-label=State]")!.TextContent.Trim().ShouldBe("Off");
        page.QuerySelector("form[action='/manage/achievements/champion/disable']")!.TextContent
            .ShouldContain("Nothing is awarded for today or later; what was earned up to yesterday stays as it is.");
        await LaurelApp.Post(admin, List, "/manage/achievements/caller/enable");
        app.Read<long>("SELECT count(*) FROM achievement_span WHERE achievement = 1 AND until IS NULL").ShouldBe(1);
        app.Read<string>("SELECT actor_name FROM audit WHERE action = 'achievement.enabled'").ShouldBe("Priya Admin");
    }

    [Fact]
    public async Task Revoke_and_undo_by_a_leader_are_seen_by_the_agent()
    {
        await using var app = await Open();
        await app.Calls("agent", 3);
        var award = app.Read<long>("SELECT key FROM award");
        var (leader, agent) = (app.SignIn("leader"), app.SignIn("agent"));
        using var empty = await LaurelApp.Post(leader, $"/manage/awards/{award}/revoke", "revoke", ("In.Reason", " "));
        empty.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var done = await LaurelApp.Post(leader, $"/manage/awards/{award}/revoke", "revoke", ("In.Reason", "Counted twice"));
        done.Headers.Location!.OriginalString.ShouldEndWith("/manage/achievements/caller?show=revoked");
        (await agent.GetStringAsync("/achievements?show=earned")).ShouldNotContain("Caller I");
        var revoked = await Page(leader, "/manage/achievements/caller?show=revoked");
        revoked.QuerySelector("#awards tbody tr")!.TextContent.ShouldContain("Counted twice");
        await LaurelApp.Post(leader, "/manage/achievements/caller?show=revoked", $"/manage/awards/{award}/restore");
        (await agent.GetStringAsync("/achievements?show=earned")).ShouldContain("Caller I");
        (await Page(leader, "/manage/achievements/caller")).QuerySelectorAll("#awards tbody tr").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Award_by_hand_is_given_told_and_shown_with_its_note()
    {
        await using var app = await Open();
        var leader = app.SignIn("leader");
        using var done = await LaurelApp.Post(leader, "/manage/achievements/thanks/award", "award",
            ("In.People", "agent"), ("In.People", "colleague"), ("In.Note", "Stayed late for a colleague"));
        done.Headers.Location!.OriginalString.ShouldEndWith("/manage/achievements/thanks?given=2");
        app.Read<long>("SELECT count(*) FROM notice WHERE kind = 'award'").ShouldBe(2);
        var page = await Page(leader, "/manage/achievements/thanks?given=2");
        page.QuerySelector(".note-good")!.TextContent.ShouldContain("2 people have it now and have been told.");
        page.QuerySelectorAll("#awards tbody tr").Length.ShouldBe(2);
        (await app.SignIn("agent").GetStringAsync("/achievements/thanks")).ShouldContain("Stayed late for a colleague");
    }

    [Fact]
    public async Task Award_by_hand_without_people_or_note_says_why_and_keeps_what_was_typed()
    {
        await using var app = await Open();
        var leader = app.SignIn("leader");
        using var nobody = await LaurelApp.Post(leader, "/manage/achievements/thanks/award", "award", ("In.Note", "Stayed late"));
        nobody.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await new HtmlParser().ParseDocumentAsync(await nobody.Content.ReadAsStringAsync());
        page.QuerySelector("textarea")!.TextContent.ShouldBe("Stayed late");
        page.QuerySelector(".note-needs")!.TextContent.ShouldContain("Choose at least one person.");
    }

    [Fact]
    public async Task Award_by_hand_among_many_is_searched_and_keeps_who_was_chosen_without_script()
    {
        await using var app = await Open();
        app.Declare("people:\n" + string.Concat(Enumerable.Range(1, 120).Select(i =>
            $"  - {{ id: w{i}, name: {(i == 7 ? "Gintarė Ąžuolė" : $"Worker {i}")}, team: {(i % 2 == 0 ? "care" : "retention")} }}\n")));
        const string Address = "/manage/achievements/thanks/award";
        var admin = app.SignIn("admin");
        var page = await Page(admin, Address);
        page.QuerySelectorAll(".pick-one").Length.ShouldBe(100);
        page.QuerySelector("fieldset")!.TextContent.ShouldContain("The first 100 are shown.");
        var grant = page.QuerySelector("input[name='In.Grant']")!.GetAttribute("value")!;
        // Enter in the field presses the first button of the form.
        page.QuerySelector("main form button[type=submit]")!.GetAttribute("value").ShouldBe("search");

        // By name without accents, and by two words of a name and a team; a note is kept and is not asked for yet.
        var first = await Sent(("In.Search", "azuol"), ("In.Note", "Well done"));
        Shown(first).ShouldBe(["Gintarė Ąžuolė"]);
        first.QuerySelector("textarea")!.TextContent.ShouldBe("Well done");
        first.QuerySelector("input[name='In.Grant']")!.GetAttribute("value").ShouldBe(grant);
        first.QuerySelectorAll(".note-needs").ShouldBeEmpty();
        var second = await Sent(("In.Search", "care 118"), ("In.People", "w7"));
        Shown(second).ShouldBe(["Gintarė Ąžuolė*", "Worker 118"]);
        var nobody = await Sent(("In.Search", "xyz"), ("In.People", "w7"), ("In.People", "w118"));
        Shown(nobody).ShouldBe(["Gintarė Ąžuolė*", "Worker 118*"]);
        nobody.QuerySelector("[data-pick-none]")!.HasAttribute("hidden").ShouldBeFalse();
        app.Read<long>("SELECT count(*) FROM award").ShouldBe(0);

        using var unsaid = await LaurelApp.Post(admin, Address, "award", ("In.People", "w7"), ("In.Search", "118"), ("In.Note", " "));
        unsaid.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        Shown(await new HtmlParser().ParseDocumentAsync(await unsaid.Content.ReadAsStringAsync()))
            .ShouldBe(["Gintarė Ąžuolė*", "Worker 118"]);
        using var done = await LaurelApp.Post(admin, Address, "award",
            ("In.People", "w7"), ("In.People", "w118"), ("In.Search", "xyz"), ("In.Note", "Well done"));
        done.Headers.Location!.OriginalString.ShouldEndWith("?given=2");
        app.Read<long>("SELECT count(*) FROM award").ShouldBe(2);

        // A leader finds nobody of another team, oneself neither, and the administrator is not among whom one awards.
        var leader = app.SignIn("leader");
        (await Page(leader, Address)).QuerySelectorAll(".pick-one").Length.ShouldBe(62);
        (await Page(leader, Address)).QuerySelectorAll("input[name='In.Search']").ShouldBeEmpty();
        (await leader.GetStringAsync(Address)).ShouldNotContain("Worker 118");
        Shown(await Page(admin, Address)).ShouldNotContain("Priya Admin");

        async Task<AngleSharp.Html.Dom.IHtmlDocument> Sent(params (string, string)[] fields)
        {
            using var answer = await LaurelApp.Post(admin, Address, "award", [("In.Grant", grant), ("In.Do", "search"), .. fields]);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            return await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
        }

        List<string> Shown(AngleSharp.Html.Dom.IHtmlDocument document) =>
        [
            .. document.QuerySelectorAll(".pick-one").Select(one => one.QuerySelector(".who-name > span")!.TextContent.Trim()
                + (one.QuerySelector("input")!.HasAttribute("checked") ? "*" : "")),
        ];
    }

    [Fact]
    public async Task Leader_cannot_touch_people_of_another_team()
    {
        await using var app = await Open();
        await app.Calls("other", 3);
        var award = app.Read<long>("SELECT key FROM award");
        var leader = app.SignIn("leader");
        (await leader.GetAsync($"/manage/awards/{award}/revoke")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Page(leader, "/manage/achievements/caller")).QuerySelectorAll("#awards tbody tr").Length.ShouldBe(0);
        (await leader.GetStringAsync("/manage/achievements/thanks/award")).ShouldNotContain("Amara Other");
        using var foreign = await LaurelApp.Post(leader, "/manage/achievements/thanks/award", "award",
            ("In.People", "other"), ("In.Note", "Well done"));
        foreign.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        app.Read<long>("SELECT count(*) FROM award WHERE awarded_by IS NOT NULL OR revoked_at IS NOT NULL").ShouldBe(0);
        // The token of a form that is there, sent to the door of an award that is not the leader's.
        await LaurelApp.Post(app.SignIn("admin"), $"/manage/awards/{award}/revoke", "revoke", ("In.Reason", "By the admin"));
        var token = (await Page(leader, List)).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var restore = await leader.PostAsync($"/manage/awards/{award}/restore",
            new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token)]));
        restore.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        app.Read<long>("SELECT count(*) FROM award WHERE revoked_at IS NOT NULL").ShouldBe(1);
    }

    [Fact]
    public async Task Flagged_awards_have_a_tab_of_their_own()
    {
        await using var app = await Open();
        await app.Calls("agent", 3);
        app.Database.Write((c, t) => c.Execute("UPDATE award SET flagged_at = 1", transaction: t));
        var leader = app.SignIn("leader");
        Row(await Page(leader, List), "Caller").QuerySelector(".chip-close")!.TextContent.Trim().ShouldBe("1 flagged");
        (await Page(leader, "/manage/achievements/caller?show=flagged")).QuerySelectorAll("#awards tbody tr").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Awards_of_one_achievement_are_found_by_name_whatever_the_accents()
    {
        await using var app = await Open();
        app.Database.Write((c, t) => c.Execute("UPDATE person SET name = 'Rūta Žemaitė' WHERE id = 'agent'", transaction: t));
        await app.Calls("agent", 3);
        await app.Calls("colleague", 3);
        var page = await Page(app.SignIn("admin"), "/manage/achievements/caller?q=zemai");
        page.QuerySelectorAll("#awards .who-name").Select(n => n.TextContent.Trim()).ShouldBe(["Rūta Žemaitė"]);
    }

    [Fact]
    public async Task Api_lists_achievements_and_awards_page_by_page()
    {
        await using var app = await Open();
        await app.Calls("agent", 5);
        await app.Calls("other", 3);
        var program = app.WithKey("achievements:read");
        var first = await program.GetFromJsonAsync<JsonElement>("/api/v1/achievements?limit=3");
        first.GetProperty("achievements").EnumerateArray().Select(a => a.GetProperty("id").GetString())
            .ShouldBe(["caller", "night-secret", "champion"]);
        var cursor = first.GetProperty("next").GetString();
        var second = await program.GetFromJsonAsync<JsonElement>($"/api/v1/achievements?limit=3&cursor={cursor}");
        second.GetProperty("achievements")[0].GetProperty("type").GetString().ShouldBe("manual");
        second.TryGetProperty("next", out _).ShouldBeFalse();

        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = await program.GetFromJsonAsync<JsonElement>("/api/v1/awards?limit=1" + (next is null ? "" : $"&cursor={next}"));
            seen.AddRange(page.GetProperty("awards").EnumerateArray()
                .Select(a => $"{a.GetProperty("person").GetString()} {a.GetProperty("achievement").GetString()} "
                    + $"{a.GetProperty("tier").GetInt32()}"));
            next = page.TryGetProperty("next", out var more) ? more.GetString() : null;
        }
        while (next is not null);
        seen.ShouldBe(["agent caller 1", "agent caller 2", "other caller 1"], ignoreOrder: true);
        var own = await program.GetFromJsonAsync<JsonElement>("/api/v1/awards?person=other");
        own.GetProperty("awards").GetArrayLength().ShouldBe(1);
        own.GetProperty("awards")[0].GetProperty("value").GetDecimal().ShouldBe(3);
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=1001")]
    [InlineData("?cursor=soon")]
    [InlineData("?limit=many")]
    public async Task Api_refuses_a_page_that_makes_no_sense(string query)
    {
        await using var app = await Open();
        using var answer = await app.WithKey("achievements:read").GetAsync("/api/v1/awards" + query);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("/api/v1/awards?achievement=calller", "There is no achievement 'calller'.")]
    [InlineData("/api/v1/awards?person=gretta", "There is no person 'gretta'.")]
    [InlineData("/api/v1/awards?person=agent&achievement=caller", null)]
    public async Task Api_says_that_what_it_is_narrowed_to_is_not_there(string address, string? detail)
    {
        await using var app = await Open();
        using var answer = await app.WithKey("achievements:read").GetAsync(address);
        answer.StatusCode.ShouldBe(detail is null ? HttpStatusCode.OK : HttpStatusCode.NotFound);
        if (detail is null) return;
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().ShouldBe("urn:laurel:problem:not-there");
        problem.GetProperty("detail").GetString().ShouldBe(detail);
    }

    [Fact]
    public async Task What_counts_by_an_archived_metric_is_not_enabled_before_that_is_brought_back()
    {
        await using var app = await Open();
        const string Talker = "achievements: [ { id: talker, name: Talker, type: threshold, metric: talk, at-least: 60, history: all, "
            + "enabled: {0} } ]";
        app.Declare(Talker.Replace("{0}", "false", StringComparison.Ordinal));
        app.Database.Write((c, t) =>
        {
            c.Execute("UPDATE metric SET archived = 1 WHERE id = 'talk'", transaction: t);
            Rulebook.TouchRules(c, t);
        });
        var admin = app.SignIn("admin");
        var ask = (await Page(admin, $"{List}/talker")).QuerySelector("#switch-talker")!;
        ask.QuerySelector(".note-needs")!.TextContent.ShouldContain("It counts by “Talk time”, which is archived.");
        ask.QuerySelector(".note-needs a")!.GetAttribute("href").ShouldBe("/manage/metrics/talk");
        ask.QuerySelectorAll("button[type=submit]").ShouldBeEmpty();
        // Pressed all the same, as by who had the page open before.
        using var refused = await LaurelApp.Post(admin, List, $"{List}/talker/enable");
        (await Page(admin, refused.Headers.Location!.OriginalString)).QuerySelectorAll(".note-needs").Select(n => n.TextContent.Trim())
            .ShouldContain(said => said.StartsWith("It was not enabled: it counts by “Talk time”, which is archived.", Ordinal));
        using var program = app.WithKey("setup:write");
        using var setup = await program.PostAsync("/api/v1/setup", new StringContent(
            Talker.Replace("{0}", "true", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/yaml"));
        setup.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await setup.Content.ReadAsStringAsync()).ShouldContain("metric 'talk' is archived: bring it back first");
        app.Read<long>("SELECT count(*) FROM achievement_span s JOIN achievement a ON a.key = s.achievement WHERE a.id = 'talker'")
            .ShouldBe(0);

        using var back = await LaurelApp.Post(admin, "/manage/metrics/talk", "/manage/metrics/talk/bring-back");
        using var on = await LaurelApp.Post(admin, List, $"{List}/talker/enable");
        app.Read<long>("SELECT count(*) FROM achievement_span s JOIN achievement a ON a.key = s.achievement WHERE a.id = 'talker'")
            .ShouldBe(1);
    }

    [Fact]
    public async Task Enabling_says_to_how_many_people_history_brings_it()
    {
        await using var app = await Open();
        await app.Calls("agent", 3);
        await app.Calls("other", 2);
        app.Declare("""
            achievements:
              - { id: two, name: Two, type: threshold, metric: calls, at-least: 2, history: all, enabled: false }
              - { id: ten, name: Ten, type: threshold, metric: calls, at-least: 10, history: all, enabled: false }
              - { id: later, name: Later, type: threshold, metric: calls, at-least: 2, history: enabling, enabled: false }
            """);
        using var admin = app.SignIn("admin");
        (await Page(admin, List)).QuerySelector("#switch-two a")!.TextContent.ShouldBe("How many people would receive it at once");
        (await Said("two", "goes")).ShouldContain("By what is counted so far it goes to 2 people at once: 2 badges.");
        (await Page(admin, List)).QuerySelector("#switch-two")!.TextContent.ShouldContain("it goes to 2 people at once");
        (await Said("ten", "nobody")).ShouldContain("By what is counted so far nobody receives it at once.");
        (await Page(admin, $"{List}/later")).QuerySelector("#switch-later")!.TextContent.ShouldNotContain("at once");
        // The number of who sees the own teams only is of these, and says so.
        ReachOfDoorsTests.Reach(app, Permissions.AchievementsManage, DataReach.Company);
        var leader = app.SignIn("leader");
        await Until.IsTrue("the leader's number is there",
            async () => (await Page(leader, $"{List}/two")).QuerySelector("#switch-two")!.TextContent.Contains("to 1 person", Ordinal));
        (await Page(leader, $"{List}/two")).QuerySelector("#switch-two")!.TextContent.ShouldContain("Those are people of your teams");

        async Task<string> Said(string id, string until)
        {
            await Until.IsTrue("it is worked out",
                async () => (await Page(admin, $"{List}/{id}")).QuerySelector($"#switch-{id}")!.TextContent.Contains(until, Ordinal));
            return (await Page(admin, $"{List}/{id}")).QuerySelector($"#switch-{id}")!.TextContent;
        }
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static async Task<LaurelApp> Open()
    {
        var app = await RecognitionDesk.Open();
        var problems = new YamlProblems("setup.yaml");
        var read = new SetupReader(problems).Read(ByHand);
        problems.InOrder().ShouldBeEmpty();
        ActivatorUtilities.CreateInstance<ApplySetup>(app.Services).Run(read!, problems, Actor.File("setup.yaml"), plan: false);
        problems.InOrder().ShouldBeEmpty();
        return app;
    }

    private static AngleSharp.Dom.IElement Row(IHtmlDocument page, string name) =>
        page.QuerySelectorAll(".manage-table tbody tr").Single(r => r.QuerySelector(".manage-name")!.TextContent == name);

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(address));
}
