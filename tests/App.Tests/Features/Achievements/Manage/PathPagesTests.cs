using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Access;
using Laurel.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements.Manage;

/// <summary>Paths that are made, changed and managed by forms, as a browser without script does.</summary>
public sealed class PathPagesTests
{
    private const string List = "/manage/paths";

    private const string Steps = """
        achievements:
          - { id: one, name: { en: Step One, lt: Pirmas }, type: threshold, metric: calls, at-least: 1, history: all, visibility: hidden }
          - { id: two, name: { en: Step Two, lt: Antras }, type: threshold, metric: calls, at-least: 2, history: all, visibility: hidden }
          - { id: three, name: { en: Step Three, lt: Trečias }, type: threshold, metric: calls, at-least: 3, history: all }
          - { id: five, name: { en: Step Five, lt: Penktas }, type: threshold, metric: calls, at-least: 5, history: all }
          - { id: watch, name: { en: First Watch, lt: Pirmas budėjimas }, type: first-time, activities: [night-watch], history: all }
        """;

    private const string Way = "\npaths:\n"
        + "  - { id: way, name: { en: The Way, lt: Kelias }, description: Answer calls, steps: [one, two, three] }\n";

    private const string Earned = "SELECT count(*) FROM award WHERE revoked_at IS NULL AND flagged_at IS NULL";

    private static async Task<LaurelApp> Open(bool withPath = true)
    {
        var app = await RecognitionDesk.Open();
        app.Declare(Steps + (withPath ? Way : ""));
        return app;
    }

    [Fact]
    public async Task Path_is_made_of_three_steps_in_the_order_that_buttons_give_them()
    {
        await using var app = await Open(withPath: false);
        var admin = app.SignIn("admin");
        var empty = await Page(admin, List);
        empty.QuerySelector(".empty h2")!.TextContent.ShouldBe("No paths yet");
        empty.QuerySelectorAll(".empty a").Select(a => a.GetAttribute("href"))
            .ShouldBe([$"{List}/new", "/manage/achievements/catalogue?set=paths"]);
        // Levels and a moving badge are no steps.
        (await Page(admin, $"{List}/new")).QuerySelectorAll("select[name='In.Add'] option").Select(o => o.GetAttribute("value"))
            .ShouldBe(["", "night-secret", "one", "two", "three", "five", "watch"]);

        var page = await Parse(await Press(admin, $"{List}/new", "add", ("In.Name", "Calls"), ("In.Add", "two")));
        foreach (var (verb, add) in ((string, string)[])[("add", "three"), ("add", "one"), ("up-2", ""), ("up-1", "")])
            page = await Parse(await Press(admin, page, $"{List}/new", verb, ("In.Add", add)));
        StepsOf(page).ShouldBe(["one: hidden", "two: hidden", "three: shown"]);
        page.QuerySelectorAll("button[autofocus]").Select(b => b.Id).ShouldBe(["up-one"]);
        page.QuerySelector("#up-one")!.GetAttribute("aria-disabled").ShouldBe("true");
        using var made = await Press(admin, page, $"{List}/new", "save", ("In.Steps[1].Visibility", "previous"),
            ("In.Steps[2].Visibility", "hidden"));
        made.Headers.Location!.OriginalString.ShouldEndWith($"{List}/calls?saved=new");
        var table = await Page(admin, List);
        table.QuerySelectorAll("tbody td").Select(td => td.TextContent.Trim()).Skip(1).Take(4)
            .ShouldBe(["Service", "3", "–", "On"]);
        Exported(app, "calls").ShouldContain("steps:\n  - one\n  - two\n  - three\n");
        app.Read<string>("SELECT visibility FROM achievement WHERE id = 'two'").ShouldBe("previous");
        app.Read<string>("SELECT actor_name || ' ' || via FROM audit WHERE action = 'path.added'").ShouldBe("Priya Admin web");

        // Saved again as it is, it says nothing new.
        var audited = app.Read<long>("SELECT count(*) FROM audit");
        using var again = await Press(admin, $"{List}/calls", "save");
        again.StatusCode.ShouldBe(HttpStatusCode.Found);
        app.Read<long>("SELECT count(*) FROM audit").ShouldBe(audited);
        await app.Calls("agent", 2);
        (await app.SignIn("agent").GetStringAsync("/achievements")).ShouldContain("2 earned");
    }

    [Fact]
    public async Task Inserted_step_is_told_of_before_it_is_saved_with_how_many_people_it_meets_and_when()
    {
        await using var app = await Open();
        await app.Calls("agent", 5);
        await AtRest(app);
        var admin = app.SignIn("admin");
        app.Declare("achievements: [ { id: four, name: Step Four, type: threshold, metric: calls, at-least: 4, history: all, "
            + "enabled: false } ]");
        var page = await Parse(await Press(admin, $"{List}/way", "add", ("In.Add", "four")));
        page = await Parse(await Press(admin, page, $"{List}/way", "up-3"));
        var said = page.QuerySelector("#effects")!.TextContent;
        said.ShouldContain("“Step Four” comes after “Step Two” and before “Step Three”.");
        said.ShouldContain("1 person has come further and keeps all badges.");
        said.ShouldContain("1 of them meets it already and receives it as soon as it is switched on.");
        said.ShouldContain("It is off: nobody comes past it until it is switched on.");
        using var saved = await Press(admin, page, $"{List}/way", "save");
        saved.StatusCode.ShouldBe(HttpStatusCode.Found);
        app.Read<long>(Earned).ShouldBe(6);
        using var on = await Click(admin, $"{List}/way", "enable");
        await AtRest(app);
        app.Read<long>(Earned).ShouldBe(7);

        // One that is on is looked for in its place from the next workday on.
        page = await Parse(await Press(admin, $"{List}/way", "add", ("In.Add", "watch")));
        page = await Parse(await Press(admin, page, $"{List}/way", "up-4"));
        said = page.QuerySelector("#effects")!.TextContent;
        said.ShouldContain("None of them meets it yet: they receive it when they reach it. It stands in this place from ");
        app.Read<long>("SELECT count(*) FROM path_step").ShouldBe(4);
    }

    [Fact]
    public async Task Two_tabs_do_not_write_over_each_other_unseen()
    {
        await using var app = await Open();
        var admin = app.SignIn("admin");
        var mine = await Page(admin, $"{List}/way");
        ReachOfDoorsTests.Reach(app, Permissions.AchievementsManage, DataReach.Company);
        using var theirs = await Press(app.SignIn("leader"), $"{List}/way", "down-0", ("In.Do", "save"), ("In.Name", "Their Way"));
        theirs.StatusCode.ShouldBe(HttpStatusCode.Found);
        using var refused = await Press(admin, mine, $"{List}/way", "save", ("In.Name", "My Way"));
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var page = await Parse(refused);
        page.QuerySelectorAll("#problems tbody tr").Select(r => string.Join(" | ", r.Children.Select(c => c.TextContent)))
            .ShouldBe(["Name in English | Their Way | My Way"]);
        page.QuerySelector("#problems")!.TextContent.ShouldContain("It was changed meanwhile by");
        var over = page.QuerySelector("#problems button[name='In.Do']")!.GetAttribute("value")!;
        using var all = await Press(admin, page, $"{List}/way", over);
        all.StatusCode.ShouldBe(HttpStatusCode.Found);
        Exported(app, "way").ShouldContain("en: My Way");
    }

    [Theory]
    [InlineData("In.Name=", "Type a name.")]
    [InlineData("In.Steps[0].Id=caller", "“Caller” cannot be a step: a step is earned once, has one level and a moment of its own.")]
    [InlineData("In.Steps[0].Id=gone", "One of these is not there any more.")]
    [InlineData("In.Name=Other", "There is a path of this name already.")]
    [InlineData("In.Steps[0].Id=five", "“Step Five” stands in another path already.")]
    public async Task What_cannot_be_is_told_in_the_words_of_the_form(string field, string says)
    {
        await using var app = await Open();
        app.Declare("paths: [ { id: other, name: Other, steps: [five] } ]");
        var (name, value) = (field.Split('=')[0], field.Split('=')[1]);
        using var refused = await Press(app.SignIn("admin"), $"{List}/way", "save", (name, value));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Parse(refused)).QuerySelector("#problems")!.TextContent.ShouldContain(says);
        Exported(app, "way").ShouldContain("steps:\n  - one\n  - two\n  - three\n");
    }

    [Fact]
    public async Task Step_that_leaves_the_path_has_none_before_it_any_more()
    {
        await using var app = await Open();
        var admin = app.SignIn("admin");
        using var clad = await Press(admin, $"{List}/way", "save", ("In.Steps[2].Visibility", "previous"));
        clad.StatusCode.ShouldBe(HttpStatusCode.Found);
        var page = await Parse(await Press(admin, $"{List}/way", "remove-2"));
        page.QuerySelector("#effects")!.TextContent.ShouldContain("“Step Three” leaves the path.");
        using var saved = await Press(admin, page, $"{List}/way", "save");
        saved.StatusCode.ShouldBe(HttpStatusCode.Found);
        app.Read<string>("SELECT visibility FROM achievement WHERE id = 'three'").ShouldBe("hidden");
    }

    [Fact]
    public async Task Archived_path_is_followed_by_nobody_and_keeps_what_was_earned()
    {
        await using var app = await Open();
        await app.Calls("agent", 1, daysAgo: 1);
        await AtRest(app);
        var admin = app.SignIn("admin");
        using var put = await Click(admin, $"{List}/way", "archive");
        put.StatusCode.ShouldBe(HttpStatusCode.Found);
        await app.Calls("agent", 3);
        await AtRest(app);
        var agent = await app.SignIn("agent").GetStringAsync("/achievements");
        agent.ShouldNotContain("The Way");
        agent.ShouldContain("Step One");
        agent.ShouldNotContain("Step Three");
        app.Read<long>("SELECT count(*) FROM award w JOIN achievement a ON a.key = w.achievement WHERE a.id IN ('one', 'two', 'three') "
            + "AND w.revoked_at IS NULL AND w.flagged_at IS NULL").ShouldBe(1);
        Names(await Page(admin, List)).ShouldBeEmpty();
        Names(await Page(admin, $"{List}?state=archived")).ShouldBe(["The Way"]);

        // No step of it is switched on by another door.
        var step = await Page(admin, "/manage/achievements/one");
        step.QuerySelector("form[action='/manage/achievements/one/enable']").ShouldBeNull();
        ProblemsOf(app, "achievements: [ { id: one, type: threshold, metric: calls, at-least: 1, history: all } ]").ShouldBe(
            ["1:17: 'one' is a step of the path 'way', which is archived: write enabled: false for it"]);

        using var back = await Click(admin, $"{List}/way", "bring-back");
        back.StatusCode.ShouldBe(HttpStatusCode.Found);
        using var on = await Click(admin, $"{List}/way", "enable");
        on.StatusCode.ShouldBe(HttpStatusCode.Found);
        await AtRest(app);
        (await app.SignIn("agent").GetStringAsync("/achievements")).ShouldContain("Step Three");
    }

    [Fact]
    public async Task Copy_has_copies_of_all_steps_which_are_off()
    {
        await using var app = await Open();
        var admin = app.SignIn("admin");
        using var made = await Click(admin, $"{List}/way", "copy");
        made.Headers.Location!.OriginalString.ShouldBe($"{List}/way-copy?saved=copy");
        var page = await Page(admin, made.Headers.Location!.OriginalString);
        StepsOf(page).ShouldBe(["one-copy: hidden", "two-copy: hidden", "three-copy: shown"]);
        page.QuerySelectorAll("input[name^='In.Name']").Select(i => i.GetAttribute("value"))
            .ShouldBe(["Copy of The Way", "Kelias – kopija"]);
        app.Read<long>("SELECT count(*) FROM achievement_span s JOIN achievement a ON a.key = s.achievement WHERE a.id = 'one-copy'")
            .ShouldBe(0);
        using var again = await Click(admin, $"{List}/way", "copy");
        again.Headers.Location!.OriginalString.ShouldBe($"{List}/way-copy-2?saved=copy");
    }

    [Fact]
    public async Task Order_among_paths_is_changed_one_place_at_a_time()
    {
        await using var app = await Open();
        app.Declare("paths: [ { id: other, name: Other, steps: [five] } ]");
        var admin = app.SignIn("admin");
        using var up = await Click(admin, $"{List}?order=on", "move", ("to", "up"), "other");
        up.Headers.Location!.OriginalString.ShouldBe($"{List}?order=on&moved=other&to=up");
        var page = await Page(admin, up.Headers.Location!.OriginalString);
        Names(page).ShouldBe(["Other", "The Way"]);
        page.QuerySelectorAll("button[autofocus]").Select(b => b.TextContent.Trim()).ShouldBe(["Move “Other” up"]);
        Audit.Read(app.Read<string>("SELECT change FROM audit WHERE action = 'path.moved'")).ShouldBe([new("position", "2", "1")]);
    }

    [Fact]
    public async Task Exported_path_is_brought_in_with_its_steps_after_its_plan_was_shown()
    {
        await using var app = await Open();
        var admin = app.SignIn("admin");
        using var file = await admin.GetAsync($"{List}/way/setup.yaml");
        file.Content.Headers.ContentDisposition!.FileName.ShouldBe("way.yaml");
        var text = await file.Content.ReadAsStringAsync();
        using var plan = await Import(admin, text, "plan");
        (await Parse(plan)).QuerySelector("#import-plan")!.TextContent.ShouldContain("everything is so already");
        text = text.Replace("  - three\n", "  - three\n  - five\n", StringComparison.Ordinal);
        using var changed = await Import(admin, text, "plan");
        (await Parse(changed)).QuerySelector(".import-changes")!.TextContent.ShouldContain("one, two, three, five");
        Exported(app, "way").ShouldNotContain("- five");
        using var applied = await Import(admin, text, "apply");
        applied.StatusCode.ShouldBe(HttpStatusCode.Found);
        Exported(app, "way").ShouldContain("- five");
        using var twin = await Import(admin, "paths: [ { id: twin, name: The Way, steps: [watch] } ]", "apply");
        (await Parse(twin)).QuerySelector("#import-plan .note-needs")!.TextContent.ShouldContain("'way' is called 'The Way' already");
    }

    [Fact]
    public async Task Api_lists_makes_and_changes_paths_and_keeps_what_others_changed()
    {
        await using var app = await Open();
        await app.Calls("agent", 2);
        using var reader = app.WithKey("achievements:read");
        var listed = (await reader.GetFromJsonAsync<JsonElement>("/api/v1/paths")).GetProperty("paths")[0];
        listed.GetProperty("steps").EnumerateArray().Select(s => $"{s.GetProperty("achievement")} {s.GetProperty("visibility")}")
            .ShouldBe(["one hidden", "two hidden", "three shown"]);
        (listed.GetProperty("people").GetInt32(), listed.GetProperty("through").GetInt32()).ShouldBe((1, 0));
        var version = listed.GetProperty("version").GetString();
        using var program = app.WithKey("setup:write");
        using var made = await program.PutAsync("/api/v1/paths/evening?nameLt=Vakaras&step=watch&step=five&area=quality", null);
        made.StatusCode.ShouldBe(HttpStatusCode.OK);
        var one = await reader.GetFromJsonAsync<JsonElement>("/api/v1/paths/evening");
        one.GetProperty("name").ToString().ShouldBe("""{"en":"Evening","lt":"Vakaras"}""");
        one.GetProperty("area").GetString().ShouldBe("quality");
        using var changed = await program.PutAsync($"/api/v1/paths/way?name=Other+Way&version={version}", null);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var stale = await program.PutAsync($"/api/v1/paths/way?name=Third+Way&version={version}", null);
        stale.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await stale.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()!.ShouldEndWith("changed-meanwhile");
        using var refused = await program.PutAsync("/api/v1/paths/way?step=caller", null);
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!
            .ShouldStartWith("step: “Caller” cannot be a step");
        using var archived = await program.PutAsync("/api/v1/paths/way?archived=true", null);
        var put = await archived.Content.ReadFromJsonAsync<JsonElement>();
        put.GetProperty("archived").GetBoolean().ShouldBeTrue();
        put.GetProperty("name").GetProperty("en").GetString().ShouldBe("Other Way");
        put.GetProperty("steps").EnumerateArray().ShouldAllBe(s => !s.GetProperty("enabled").GetBoolean());
        using var gone = await reader.GetAsync("/api/v1/paths/nowhere");
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Api_says_what_an_inserted_step_would_do_and_does_nothing()
    {
        await using var app = await Open();
        await app.Calls("agent", 5);
        await AtRest(app);
        app.Declare("achievements: [ { id: four, name: Step Four, type: threshold, metric: calls, at-least: 4, history: all, "
            + "enabled: false } ]");
        using var program = app.WithKey("setup:write");
        var before = app.Read<long>("SELECT count(*) FROM audit");
        using var planned = await program.PutAsync("/api/v1/paths/way?plan=true&step=one&step=two&step=four&step=three", null);
        planned.StatusCode.ShouldBe(HttpStatusCode.OK);
        var told = await planned.Content.ReadFromJsonAsync<JsonElement>();
        told.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("achievement").GetString())
            .ShouldBe(["one", "two", "four", "three"]);
        var plan = told.GetProperty("plan");
        plan.GetProperty("people").GetInt32().ShouldBe(1);
        var inserted = plan.GetProperty("inserted").EnumerateArray().ShouldHaveSingleItem();
        inserted.ToString().ShouldBe("""
            {"achievement":"four","after":"two","before":"three","beyond":1,"next":0,"receive":1,"enabled":false}
            """);
        plan.GetProperty("changes")[0].GetProperty("what").GetString().ShouldBe("path");
        (app.Read<long>("SELECT count(*) FROM audit"), app.Read<long>("SELECT count(*) FROM path_step")).ShouldBe((before, 3));

        // One that is on is looked for in its place from the next workday on; and one that leaves is told.
        using var on = await program.PutAsync("/api/v1/paths/way?plan=true&step=one&step=five&step=three", null);
        plan = (await on.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("plan");
        plan.GetProperty("inserted")[0].GetProperty("from").GetString().ShouldNotBeNullOrEmpty();
        plan.GetProperty("left").EnumerateArray().Select(l => l.GetString()).ShouldBe(["two"]);
        using var refused = await program.PutAsync("/api/v1/paths/way?plan=true&step=caller", null);
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var stale = await program.PutAsync("/api/v1/paths/way?plan=true&name=Other&version=old", null);
        stale.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var fresh = await program.PutAsync("/api/v1/paths/night?plan=true&step=watch", null);
        (await fresh.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("name").GetProperty("en").GetString().ShouldBe("Night");
        app.Read<long>("SELECT count(*) FROM path").ShouldBe(1);
        app.Read<long>("SELECT count(*) FROM audit").ShouldBe(before);
    }

    [Fact]
    public async Task Steps_that_count_by_an_archived_metric_are_not_switched_on()
    {
        await using var app = await Open(withPath: false);
        app.Declare("""
            achievements:
              - { id: talker, name: Talker, type: threshold, metric: talk, at-least: 60, history: all, enabled: false }
              - { id: more, name: More, type: threshold, metric: talk, at-least: 120, history: all, enabled: false }
            paths: [ { id: talking, name: Talking, steps: [talker, more] } ]
            """);
        app.Database.Write((c, t) =>
        {
            c.Execute("UPDATE metric SET archived = 1 WHERE id = 'talk'", transaction: t);
            Rulebook.TouchRules(c, t);
        });
        var admin = app.SignIn("admin");
        using var refused = await Click(admin, $"{List}/talking", "enable", id: "talking");
        (await Page(admin, refused.Headers.Location!.OriginalString)).QuerySelector(".note-needs")!.TextContent
            .ShouldContain("No step was enabled: they count by “Talk time”, which is archived.");
        app.Read<long>("SELECT count(*) FROM achievement_span s JOIN achievement a ON a.key = s.achievement WHERE a.id = 'talker'")
            .ShouldBe(0);
    }

    [Fact]
    public async Task Step_that_cannot_be_is_told_also_where_the_file_has_neither_paths_nor_achievements()
    {
        await using var app = await Open();
        app.Services.GetRequiredService<Database>().Write((c, t) => c.Execute("UPDATE path SET archived = 1", transaction: t));
        ProblemsOf(app, "teams: [ { id: night, name: Night } ]").ShouldContain(
            "1:1: 'one' is a step of the path 'way', which is archived: write enabled: false for it");
    }

    /// <summary>The running application does by itself what is due.</summary>
    private static Task AtRest(LaurelApp app) =>
        Until.IsTrue("what is due is done", () => app.Read<long>(
            FormattableString.Invariant($"SELECT count(*) FROM work WHERE due <= {app.Time.GetUtcNow().ToUnixTimeMilliseconds()}")) == 0);

    private static List<string> ProblemsOf(LaurelApp app, string setup)
    {
        var problems = new YamlProblems("setup.yaml");
        var read = new SetupReader(problems).Read(setup);
        ActivatorUtilities.CreateInstance<ApplySetup>(app.Services).Run(read!, problems, Actor.File("setup.yaml"), plan: false);
        return [.. problems.InOrder().Select(p => $"{p.Line}:{p.Column}: {p.Message}")];
    }

    private static string Exported(LaurelApp app, string path) =>
        app.SignIn("admin").GetStringAsync($"{List}/{path}/setup.yaml").GetAwaiter().GetResult();

    private static Task<HttpResponseMessage> Import(HttpClient browser, string text, string what) =>
        LaurelApp.Post(browser, "/manage/achievements/import", "import", ("In.Text", text), ("In.Do", what));

    private static IEnumerable<string> StepsOf(IHtmlDocument page) => page.QuerySelectorAll("#f-Steps li").Select(li =>
        $"{li.QuerySelector("input[type=hidden]")!.GetAttribute("value")}: "
        + (li.QuerySelector("option[selected]") ?? li.QuerySelector("option"))!.GetAttribute("value"));

    private static IEnumerable<string> Names(IHtmlDocument page) => page.QuerySelectorAll(".manage-name").Select(n => n.TextContent);

    private static async Task<HttpResponseMessage> Press(
        HttpClient browser, string address, string button, params (string Name, string Value)[] over) =>
        await Press(browser, await Page(browser, address), address, button, over);

    /// <summary>Sends the form as it stands on the page, with some fields filled otherwise.</summary>
    private static Task<HttpResponseMessage> Press(
        HttpClient browser, IHtmlDocument page, string address, string button, params (string Name, string Value)[] over)
    {
        var form = page.QuerySelector("form.editor")!;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in form.QuerySelectorAll("input[name]"))
            fields[one.GetAttribute("name")!] = one.GetAttribute("value") ?? "";
        foreach (var one in form.QuerySelectorAll("select[name]"))
            fields[one.GetAttribute("name")!] =
                (one.QuerySelector("option[selected]") ?? one.QuerySelector("option"))?.GetAttribute("value") ?? "";
        fields["In.Do"] = button;
        foreach (var (name, value) in over) fields[name] = value;
        return browser.PostAsync(address, new FormUrlEncodedContent(fields));
    }

    private static async Task<HttpResponseMessage> Click(
        HttpClient browser, string address, string verb, (string Name, string Value) field = default, string id = "way")
    {
        var token = (await Page(browser, address)).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        return await browser.PostAsync($"{List}/{id}/{verb}", new FormUrlEncodedContent(
            [KeyValuePair.Create("__RequestVerificationToken", token), KeyValuePair.Create(field.Name ?? "x", field.Value ?? "")]));
    }

    private static async Task<IHtmlDocument> Page(HttpClient browser, string address) =>
        await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync(address));

    private static async Task<IHtmlDocument> Parse(HttpResponseMessage answer) =>
        await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
}
