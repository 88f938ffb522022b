using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>
/// A rule that fails: as kept it lacks what its kind needs, as one would that a newer Laurel wrote. What it does not concern goes on, and
/// what it owes comes once it works.
/// </summary>
public sealed class SetAsideTests
{
    /// <summary>Noon in Vilnius, in the week of 16 November.</summary>
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta }, { id: jonas } ]
        activity-types: [ { id: case } ]
        metrics: [ { id: cases, types: [case] } ]
        achievements:
          - { id: five, type: threshold, metric: cases, at-least: 5, history: all }
          - { id: fifth, type: threshold, metric: cases, at-least: 5, range: week, history: all }
          - { id: better, type: improvement, metric: cases, range: week, percent: 10, history: all }
          - { id: first, type: first-time, activities: [case], history: all }
          - { id: most, type: best-of-period, metric: cases, period: week, best: highest, history: all }
        """;

    private int taken;

    [Fact]
    public async Task Live_rule_that_fails_stops_nothing_and_what_it_owes_comes_once_it_works()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await Cases(core, "greta", 3);
        var mend = Break(core, "five", "Conditions", rule => rule["Conditions"]![0]!["Targets"] = null);
        await Cases(core, "greta", 3);
        Held(core).ShouldBe(["fifth greta 2026-11-18 09:59", "first greta 2026-11-18 09:57"]);
        Aside(core).ShouldBe(["five"]);
        // It is not tried with every batch.
        await Cases(core, "jonas", 6);
        mend();
        core.Settle();
        Aside(core).ShouldBeEmpty();
        Held(core).ShouldBe(
        [
            "fifth greta 2026-11-18 09:59", "fifth jonas 2026-11-18 09:58", "first greta 2026-11-18 09:57", "first jonas 2026-11-18 09:54",
            "five greta 2026-11-18 09:59", "five jonas 2026-11-18 09:58",
        ]);
    }

    [Fact]
    public async Task Rule_that_fails_at_the_end_of_a_period_holds_back_no_other_one()
    {
        await using var core = await CoreFixture.Start(Wednesday.AddDays(-7), Setup);
        await Cases(core, "greta", 4);
        core.Time.Set(Wednesday);
        core.Settle();
        await Cases(core, "greta", 6);
        var mend = Break(core, "better", "Percents", rule => rule["Percents"] = null);
        core.Time.Set(Wednesday.AddDays(7));
        core.Settle();
        Aside(core).ShouldBe(["better"]);
        Held(core).ShouldContain("most greta 2026-11-22 22:00");
        // Late work of a closed period is taken, too: it would be decided with it.
        await core.Take(Case("greta", Wednesday.AddHours(1)));
        Held(core).ShouldNotContain(award => award.StartsWith("better", StringComparison.Ordinal));
        mend();
        core.Settle();
        Held(core).ShouldContain("better greta 2026-11-22 22:00");
        Aside(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task Several_that_fail_are_each_set_aside_and_wait_their_hour()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        var mendFive = Break(core, "five", "Conditions", rule => rule["Conditions"]![0]!["Targets"] = null);
        var mendFifth = Break(core, "fifth", "Conditions", rule => rule["Conditions"]![0]!["Targets"] = null);
        await Cases(core, "greta", 6);
        Aside(core).ShouldBe(["five", "fifth"]);
        var version = Version(core);
        core.Settle();
        core.Settle();
        Version(core).ShouldBe(version);
        mendFive();
        mendFifth();
        core.Settle();
        Held(core).Count.ShouldBe(1 + 2);
    }

    [Fact]
    public async Task What_goes_on_failing_is_tried_each_hour_and_at_a_start()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        var mend = Break(core, "five", "Conditions", rule => rule["Conditions"]![0]!["Targets"] = null);
        await Cases(core, "greta", 6);
        var version = Version(core);
        core.Time.Advance(TimeSpan.FromMinutes(59));
        core.Settle();
        Version(core).ShouldBe(version);
        core.Time.Advance(TimeSpan.FromMinutes(1));
        core.Settle();
        Aside(core).ShouldBe(["five"]);
        Version(core).ShouldBeGreaterThan(version);
        mend(touch: false);
        core.Settle();
        Aside(core).ShouldBe(["five"]);
        core.Time.Advance(TimeSpan.FromHours(1));
        core.Settle();
        Aside(core).ShouldBeEmpty();
        Held(core).ShouldContain("five greta 2026-11-18 09:58");
    }

    [Fact]
    public async Task Rule_of_a_kind_that_is_not_known_holds_back_no_other_one()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        var mend = Break(core, "five", "$type", rule => rule["$type"] = "of-tomorrow");
        await Cases(core, "greta", 6);
        core.Settle();
        Aside(core).ShouldBe(["five"]);
        Held(core).ShouldBe(["fifth greta 2026-11-18 09:58", "first greta 2026-11-18 09:54"]);
        mend();
        core.Settle();
        Held(core).ShouldContain("five greta 2026-11-18 09:58");
    }

    [Fact]
    public async Task Administrator_is_told_which_one_and_why_and_tries_it_again()
    {
        await using var app = await RecognitionDesk.Open();
        app.Database.Write((c, t) =>
        {
            Rulebook.TouchRules(c, t);
            c.Execute(
                """
                INSERT INTO set_aside (achievement, active, since, tried, rules, error)
                SELECT key, 1, @now, @now, @version, 'it divides by <nothing>' FROM achievement WHERE id = 'caller'
                """, new { now = app.Time.GetUtcNow().ToUnixTimeMilliseconds(), version = Rulebook.RulesVersion(c, t) }, t);
        });
        await app.Calls("agent", 4);
        app.Read<long>("SELECT count(*) FROM award").ShouldBe(0);
        var admin = app.SignIn("admin");
        var today = await new HtmlParser().ParseDocumentAsync(await admin.GetStringAsync("/"));
        today.QuerySelector(".note .work-failed a")!.GetAttribute("href").ShouldBe("/manage/achievements/caller");
        today.QuerySelector(".note .work-failed")!.TextContent.ShouldContain("Caller: it divides by <nothing>");
        var page = await new HtmlParser().ParseDocumentAsync(await admin.GetStringAsync("/manage/achievements/caller"));
        page.QuerySelector("#set-aside")!.TextContent.ShouldContain("everything else goes on");
        page.QuerySelector(".page-head .chip")!.TextContent.ShouldContain("Set aside");
        // Whose progress cannot be told sees the pages all the same, and earns by other rules.
        var agent = app.SignIn("agent");
        foreach (var door in (string[])["/", "/achievements", "/achievements/caller", "/leaderboard", "/leaderboard/badges"])
            (await agent.GetAsync(door)).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, door);
        using var tried = await LaurelApp.Post(admin, "/manage/achievements/caller", "/manage/achievements/caller/try-again");
        await Until.IsTrue("it was decided anew", async () => (await admin.GetStringAsync("/manage/achievements/caller"))
            is var text && !text.Contains("id=\"set-aside\"", StringComparison.Ordinal)
            && text.Contains("Agent", StringComparison.Ordinal));
        app.Read<long>("SELECT count(*) FROM award w JOIN achievement a ON a.key = w.achievement WHERE a.id = 'caller'").ShouldBe(1);
    }

    private delegate void Mend(bool touch = true);

    private static Mend Break(CoreFixture core, string id, string part, Action<JsonNode> change) =>
        Break(core.Database, id, part, change);

    /// <summary>Says of every version of an achievement something that nobody can read; gives what puts it right.</summary>
    /// <param name="part">What must be there for the change to be one.</param>
    private static Mend Break(Database database, string id, string part, Action<JsonNode> change)
    {
        const string Own = "achievement = (SELECT key FROM achievement WHERE id = @id)";
        var before = database.Write((c, t) => c.ExecuteScalar<string>(
            $"SELECT rule FROM achievement_version WHERE {Own}", new { id }, t))!;
        var broken = JsonNode.Parse(before, new JsonNodeOptions { PropertyNameCaseInsensitive = true })!;
        broken[part].ShouldNotBeNull();
        change(broken);
        Save(broken.ToJsonString(), touch: true);
        return touch => Save(before, touch);

        void Save(string rule, bool touch) => database.Write((c, t) =>
        {
            c.Execute($"UPDATE achievement_version SET rule = @rule WHERE {Own}", new { rule, id }, t);
            if (touch) Rulebook.TouchRules(c, t);
        });
    }

    private IncomingActivity Case(string person, DateTimeOffset at) => new(
        "desk", ActivityId.Of($"n{++taken}"), "case", person, null, at.ToUnixTimeMilliseconds(), [], []);

    /// <summary>So many cases, a minute apart, the last a minute ago.</summary>
    private async Task Cases(CoreFixture core, string person, int count) =>
        await core.Take([.. Enumerable.Range(0, count).Select(i => Case(person, core.Time.GetUtcNow().AddMinutes(i - count)))]);

    private static long Version(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return Rulebook.RulesVersion(connection);
    }

    private static List<string> Aside(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return [.. connection.Query<string>("SELECT id FROM achievement ORDER BY key").Where((_, i) =>
            SetAside.Find(connection, new(i + 1)) is not null)];
    }

    private static List<string> Held(CoreFixture core)
    {
        using var connection = core.Database.Read();
        return [.. connection.Query<(string, string, long)>(
                """
                SELECT a.id, p.id, w.earned_at FROM award w JOIN person p ON p.key = w.person JOIN achievement a ON a.key = w.achievement
                WHERE w.flagged_at IS NULL AND w.revoked_at IS NULL
                """)
            .Select(w => $"{w.Item1} {w.Item2} {DateTimeOffset.FromUnixTimeMilliseconds(w.Item3):yyyy-MM-dd HH:mm}").Order()];
    }
}
