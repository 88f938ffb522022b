using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Recalculation;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Recalculation;

public sealed class RecalculationTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);
    private static readonly Actor Ada = new(null, "Ada", Via.Web);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        teams: [ { id: blue, name: Blue } ]
        people: [ { id: greta, team: blue }, { id: jonas } ]
        activity-types: [ { id: case }, { id: chat } ]
        metrics: [ { id: cases, types: [case] }, { id: chats, types: [chat] } ]
        achievements:
          - { id: busy, type: threshold, metric: cases, at-least: 3, range: day, history: all }
          - { id: best, type: best-of-period, metric: cases, period: yesterday, minimum: MINIMUM, history: all }
          - { id: both, type: collection, of: [busy, best], history: all }
          - { id: kudos, type: manual }
        """;

    [Fact]
    public async Task Plan_tells_who_would_gain_and_changes_nothing()
    {
        await using var core = await Lowered();
        var awards = Awards(core);

        var (_, plan) = Plan(core, "busy", AskedRange.Newest);

        plan.ShouldBe(["gain both greta all", "gain both jonas all", "gain busy greta 2026-11-10", "gain busy jonas 2026-11-12"]);
        Awards(core).ShouldBe(awards);
    }

    [Fact]
    public async Task Run_makes_what_was_planned_and_judges_the_range_by_the_newest_conditions_from_then_on()
    {
        await using var core = await Lowered();
        var (key, plan) = Plan(core, "busy", AskedRange.Newest);

        Confirm(core, key);

        Lines(core, key, made: true).ShouldBe(plan);
        Awards(core).ShouldBe([
            "best greta 2026-11-10", "best jonas 2026-11-12", "both greta once", "both jonas once", "busy greta 2026-11-10",
            "busy jonas 2026-11-12",
        ]);
        await core.Take(Case("jonas", 11, 4), Case("jonas", 11, 5));
        core.Settle();
        Awards(core).ShouldContain("busy jonas 2026-11-11");
    }

    [Fact]
    public async Task Run_flags_what_the_newest_conditions_do_not_reach_and_revokes_nothing()
    {
        await using var core = await Start("2");
        await core.Take(Case("greta", 10, 1), Case("greta", 10, 2), Case("greta", 10, 3));
        core.Settle();
        core.Apply(Setup.Replace("at-least: 3", "at-least: 4").Replace("MINIMUM", "2"));
        var (key, plan) = Plan(core, "busy", AskedRange.Newest);

        Confirm(core, key);

        plan.ShouldBe(["flag both greta all step", "flag busy greta 2026-11-10 not-reached"]);
        using var connection = core.Database.Read();
        connection.Query<string>(
            """
            SELECT a.id FROM award w JOIN achievement a ON a.key = w.achievement
            WHERE flagged_at IS NOT NULL AND revoked_at IS NULL ORDER BY a.id
            """).ShouldBe(["both", "busy"]);
        connection.ExecuteScalar<long>("SELECT count(*) FROM award WHERE revoked_at IS NOT NULL").ShouldBe(0);
    }

    [Fact]
    public async Task Plan_of_a_contest_tells_what_follows_from_it()
    {
        await using var core = await Start("5");
        await core.Take(Case("greta", 10, 1), Case("greta", 10, 2), Case("greta", 10, 3));
        core.Settle();
        core.Apply(Setup.Replace("MINIMUM", "2"));

        var (key, plan) = Plan(core, "best", AskedRange.Newest);
        Confirm(core, key);

        plan.ShouldBe(["gain best greta 2026-11-10", "gain both greta all"]);
        Lines(core, key, made: true).ShouldBe(plan);
    }

    [Fact]
    public async Task What_follows_from_an_award_that_nobody_earned_is_not_made_before_that_is_flagged()
    {
        await using var core = await CoreFixture.Start(Now,
            Setup.Replace("MINIMUM", "9").Replace("  - { id: both",
                "  - { id: whole, type: collection, of: [both, busy], history: all }\n  - { id: both"));
        await core.Take(Case("greta", 10, 1), Case("greta", 10, 2), Case("greta", 10, 3));
        core.Settle();
        core.Database.Write((c, t) => c.Execute(
            """
            INSERT INTO award (achievement, tier, person, occasion, first, last, earned_at, announced_at, value)
            SELECT a.key, 0, w.person, 'once', w.first, w.last, w.earned_at, w.announced_at, w.value FROM award w, achievement a
            WHERE a.id = 'both'
            """, transaction: t)).ShouldBe(1);

        var (key, plan) = Plan(core, ["whole", "both"], AskedRange.OfEachDay);
        Confirm(core, key);

        plan.ShouldBe(["flag both greta all step"]);
        Read(core, c => c.ExecuteScalar<long>("SELECT count(*) FROM award")).ShouldBe(2);
    }

    [Fact]
    public async Task Run_differs_from_its_plan_by_what_came_in_between()
    {
        await using var core = await Lowered();
        var (key, _) = Plan(core, "busy", AskedRange.Newest);
        await core.Take(Case("jonas", 9, 1), Case("jonas", 9, 2));
        core.Settle();

        Confirm(core, key);

        Lines(core, key, made: true).ShouldContain("gain busy jonas 2026-11-09");
    }

    [Fact]
    public async Task Range_that_ends_leaves_later_days_to_their_own_conditions()
    {
        await using var core = await Lowered();
        var (key, plan) = Plan(core, "busy", AskedRange.Newest, to: "2026-11-11");

        Confirm(core, key);

        plan.ShouldBe(["gain both greta all", "gain busy greta 2026-11-10"]);
        var rule = Read(core, c => core.Services.GetRequiredService<CatalogueStore>().Current(c)).Rules.Rules[0];
        Amount Target(int day) => ((Threshold)rule.InForce(Workday.Of(2026, 11, day)).Rule).Conditions[0].Targets[0];
        Target(11).ShouldNotBe(Target(12));
        Target(19).ShouldBe(Target(11));
    }

    [Fact]
    public async Task Membership_that_was_mended_in_the_past_is_decided_by_the_conditions_of_each_day()
    {
        await using var core = await Start("9");
        core.Apply(Setup.Replace("history: all }", "history: all, audience: { teams: [blue] } }").Replace("MINIMUM", "9")
            .Replace("id: busy", "id: blues").Replace("of: [busy", "of: [blues"));
        await core.Take(Case("jonas", 10, 1), Case("jonas", 10, 2), Case("jonas", 10, 3));
        core.Settle();
        core.Database.Write((c, t) =>
        {
            c.Execute(
                """
                INSERT INTO person_team (person, from_day, team)
                SELECT p.key, @day, t.key FROM person p, team t WHERE p.id = 'jonas' AND t.id = 'blue'
                """, new { day = Workday.Of(2026, 11, 1).Number }, t);
            Rulebook.TouchFloor(c, t);
        });

        Plan(core, "blues", AskedRange.OfEachDay, people: ["greta"]).Lines.ShouldBeEmpty();
        Plan(core, "blues", AskedRange.OfEachDay, from: "2026-11-11").Lines.ShouldBeEmpty();
        var (key, plan) = Plan(core, "blues", AskedRange.OfEachDay, people: ["jonas"]);
        Confirm(core, key);

        plan.ShouldBe(["gain blues jonas 2026-11-10"]);
        Awards(core).ShouldContain("blues jonas 2026-11-10");
    }

    [Fact]
    public async Task Run_is_kept_in_the_log_with_its_range_and_counts_by_whom()
    {
        await using var core = await Lowered();
        var (key, _) = Plan(core, "busy", AskedRange.Newest);
        Confirm(core, key);

        Read(core, c => c.Query<(string, string, string, string)>(
            "SELECT actor_name, action, object, change FROM audit WHERE action LIKE 'recalculation%' ORDER BY key").ToList())
            .ShouldSatisfyAllConditions(
                log => log.Select(e => (e.Item1, e.Item2, e.Item3)).ShouldBe(
                    [("Ada", "recalculation.run", "Busy"), ("Ada", "recalculation.done", "Busy")]),
                log => log[1].Item4.ShouldContain("2026-11-01"),
                log => log[1].Item4.ShouldContain("\"gained\",\"before\":null,\"after\":\"4\""));
    }

    [Fact]
    public async Task Confirm_of_what_was_run_already_does_nothing()
    {
        await using var core = await Lowered();
        var (key, _) = Plan(core, "busy", AskedRange.Newest);
        Confirm(core, key);

        core.Database.Write((c, t) => Recalculate.Confirm(c, t, key, Ada, Now.ToUnixTimeMilliseconds())).ShouldBeFalse();
    }

    [Theory]
    [InlineData("bussy", "2026-11-01", null, null, null, "there is no achievement 'bussy' (did you mean 'busy'?)")]
    [InlineData("kudos", "2026-11-01", null, null, null,
        "'kudos' is not decided by what was counted: awards by hand and draws are recorded facts")]
    [InlineData("busy", "1 November", null, null, null, "a workday is expected, such as 2026-03-01")]
    [InlineData("busy", "2026-11-05", "2026-11-01", null, null, "the range ends before it begins")]
    [InlineData("busy", "2026-12-01", "2026-12-02", null, null, "the range lies in the future")]
    [InlineData("busy", "2026-11-01", null, "oldest", null, "expected each-day or newest, not 'oldest'")]
    [InlineData("busy", "2026-11-01", null, "newest", "greta",
        "one set of conditions judges everybody: the newest ones cannot be for some people only")]
    [InlineData("busy", "2026-11-01", null, null, "nobody", "there is no person 'nobody'")]
    public async Task Request_that_cannot_be_is_refused(
        string achievement, string from, string? to, string? by, string? person, string why)
    {
        await using var core = await Start("2");
        Ask(core, new([achievement], from, to, by, person is null ? [] : [person], [])).Refusal!.Value.Text.ShouldBe(why);
    }

    /// <summary>Two are enough from tomorrow on; in these days it took three.</summary>
    private static async Task<CoreFixture> Lowered()
    {
        var core = await Start("2");
        await core.Take(Case("greta", 10, 1), Case("greta", 10, 2), Case("jonas", 12, 1), Case("jonas", 12, 2), Case("jonas", 11, 1));
        core.Settle();
        core.Apply(Setup.Replace("at-least: 3", "at-least: 2").Replace("MINIMUM", "2"));
        core.Settle();
        return core;
    }

    private static async Task<CoreFixture> Start(string minimum) => await CoreFixture.Start(Now, Setup.Replace("MINIMUM", minimum));

    private static (Wanted? Wanted, AskedRange.Refusal? Refusal) Ask(CoreFixture core, AskedRange asked) => Read(core, c => asked.Read(
        c, ActivatorUtilities.CreateInstance<AchievementCatalogue>(core.Services).Current(c), Workday.Of(2026, 11, 18)));

    private static (long Key, List<string> Lines) Plan(
        CoreFixture core, string achievement, string by, string from = "2026-11-01", string? to = null, string[]? people = null) =>
        Plan(core, [achievement], by, from, to, people);

    private static (long Key, List<string> Lines) Plan(
        CoreFixture core, string[] achievements, string by, string from = "2026-11-01", string? to = null, string[]? people = null)
    {
        var (wanted, refusal) = Ask(core, new([.. achievements], from, to, by, people ?? [], []));
        refusal.ShouldBeNull();
        var key = core.Database.Write((c, t) => Recalculate.Plan(c, t, wanted!, Ada, Now.ToUnixTimeMilliseconds()));
        core.Settle();
        return (key, Lines(core, key, made: false));
    }

    private static void Confirm(CoreFixture core, long key)
    {
        core.Database.Write((c, t) => Recalculate.Confirm(c, t, key, Ada, Now.ToUnixTimeMilliseconds())).ShouldBeTrue();
        core.Settle();
    }

    private static List<string> Lines(CoreFixture core, long key, bool made) => Read(core, c =>
    {
        var ids = c.Query<(long Key, string Id)>("SELECT key, id FROM achievement").ToDictionary(a => a.Key, a => a.Id);
        return RecalculationStore.Lines(c, null, key, made)
            .Select(l => $"{l.Effect} {ids[l.Achievement.Value]} {l.PersonId} {Occasion.Printed(l.Occasion)} {l.Reason}".TrimEnd())
            .Order(StringComparer.Ordinal).ToList();
    });

    private static List<string> Awards(CoreFixture core) => Read(core, c => c.Query<string>(
        """
        SELECT a.id || ' ' || p.id || ' ' || w.occasion FROM award w JOIN achievement a ON a.key = w.achievement
        JOIN person p ON p.key = w.person WHERE flagged_at IS NULL
        """).Order(StringComparer.Ordinal).ToList());

    private static T Read<T>(CoreFixture core, Func<System.Data.Common.DbConnection, T> read)
    {
        using var connection = core.Database.Read();
        return read(connection);
    }

    private static IncomingActivity Case(string person, int day, int n) => new(
        "desk", ActivityId.Of($"{person} {day} {n}"), "case", person, null,
        new DateTimeOffset(2026, 11, day, 9, n, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), [], []);
}
