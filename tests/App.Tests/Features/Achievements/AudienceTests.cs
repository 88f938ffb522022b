using Dapper;
using Laurel.App.Features.People;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Tests.Features.Achievements;

public sealed class AudienceTests
{
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 14, 0, 0, TimeSpan.Zero);

    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        teams: [ { id: billing, name: Billing }, { id: service, name: Service } ]
        groups: [ { id: nights, name: Night shift } ]
        people:
          - { id: greta, team: billing }
          - { id: jonas, team: service }
        activity-types: [ { id: case } ]
        metrics: [ { id: cases, types: [case] } ]
        achievements:
          - { id: ten, type: threshold, metric: cases, at-least: 2, history: all, audience: { teams: [billing] } }
          - { id: night, type: threshold, metric: cases, at-least: 2, history: all, audience: { groups: [nights] } }
          - { id: best, type: best-of-period, metric: cases, period: yesterday, among: team, history: all }
        """;

    private static IncomingActivity Case(string person, int hour, int day = 18) => new(
        "desk", ActivityId.Of($"{person}-{day}-{hour}"), "case", person, null,
        new DateTimeOffset(2026, 11, day, hour, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), [], []);

    private static List<string> Awards(CoreFixture core)
    {
        using var c = core.Database.Read();
        return [.. c.Query<string>(
            """
            SELECT p.id || ' ' || a.id || ' ' || w.occasion || CASE WHEN w.flagged_at IS NULL THEN '' ELSE ' flagged' END FROM award w
            JOIN person p ON p.key = w.person JOIN achievement a ON a.key = w.achievement ORDER BY p.id, a.id, w.occasion
            """)];
    }

    [Fact]
    public async Task Work_of_somebody_who_is_not_in_the_audience_earns_nothing()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take([Case("greta", 8), Case("greta", 9), Case("jonas", 8), Case("jonas", 9), Case("jonas", 10)]);
        core.Settle();
        Awards(core).ShouldBe(["greta ten once"]);
    }

    [Fact]
    public async Task Who_comes_into_a_team_or_group_earns_what_has_been_done_and_who_was_never_in_it_is_flagged()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take([Case("greta", 8), Case("greta", 9), Case("jonas", 8), Case("jonas", 9)]);
        core.Apply("people: [ { id: jonas, team: billing, groups: [nights] } ]");
        core.Settle();
        Awards(core).ShouldBe(["greta ten once", "jonas night once", "jonas ten once"]);
        core.Apply("people: [ { id: greta, team: service, from: 2026-11-02 } ]");
        core.Settle();
        Awards(core).ShouldBe(["greta ten once flagged", "jonas night once", "jonas ten once"]);
    }

    [Fact]
    public async Task Who_joins_a_group_earns_what_has_been_done_and_leaving_takes_nothing_away()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        var groups = new KeepGroups(core.Database, core.Time);
        var admin = new Actor(null, "Ada", Via.Web);
        await core.Take([Case("greta", 8), Case("greta", 9), Case("jonas", 8), Case("jonas", 9)]);
        core.Settle();
        Awards(core).ShouldBe(["greta ten once"]);
        var today = Workday.Parse("2026-11-18")!.Value;
        groups.Belong("nights", ["greta"], isIn: true, today, admin).Refusal.ShouldBeNull();
        groups.Belong("nights", ["jonas"], isIn: true, today.Plus(2), admin).Refusal.ShouldBeNull();
        core.Settle();
        // Of who joins on a later day nothing counts before.
        Awards(core).ShouldBe(["greta night once", "greta ten once"]);
        core.Time.Advance(TimeSpan.FromHours(34));
        core.Settle();
        Awards(core).ShouldContain("jonas night once");
        using (var c = core.Database.Read())
            DateTimeOffset.FromUnixTimeMilliseconds(c.ExecuteScalar<long>(
                "SELECT w.earned_at FROM award w JOIN person p ON p.key = w.person WHERE p.id = 'jonas' AND w.occasion = 'once'"))
                .ShouldBe(new DateTimeOffset(2026, 11, 19, 22, 0, 0, TimeSpan.Zero));

        groups.Belong("nights", ["greta", "jonas"], isIn: false, today.Plus(3), admin).Refusal.ShouldBeNull();
        core.Time.Advance(TimeSpan.FromDays(2));
        core.Settle();
        Awards(core).Where(a => a.Contains("night", StringComparison.Ordinal)).ShouldBe(["greta night once", "jonas night once"]);
        // Put away, it goes on being what the achievement asks for, and who is out of it earns nothing more by it.
        groups.Change("nights", null, archived: true, admin).Refusal.ShouldBeNull();
        core.Settle();
        Awards(core).ShouldNotContain(a => a.Contains("flagged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_move_that_is_still_to_come_earns_on_its_day()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take([Case("jonas", 8), Case("jonas", 9)]);
        core.Apply("people: [ { id: jonas, team: billing, from: 2026-11-20 } ]");
        core.Settle();
        Awards(core).ShouldBeEmpty();
        core.Time.Advance(TimeSpan.FromHours(34));
        core.Settle();
        Awards(core).ShouldContain("jonas ten once");
        using var c = core.Database.Read();
        DateTimeOffset.FromUnixTimeMilliseconds(c.ExecuteScalar<long>("SELECT earned_at FROM award WHERE occasion = 'once'"))
            .ShouldBe(new DateTimeOffset(2026, 11, 19, 22, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Each_team_has_a_best_of_its_own()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take([Case("greta", 8), Case("jonas", 8), Case("jonas", 9)]);
        core.Time.Advance(TimeSpan.FromHours(12));
        core.Settle();
        Awards(core).Where(a => a.Contains(" best ")).ShouldBe(["greta best 2026-11-18", "jonas best 2026-11-18"]);
    }

    [Fact]
    public async Task Another_audience_holds_from_the_next_workday()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take([Case("jonas", 8), Case("jonas", 9)]);
        core.Apply("achievements: [ { id: ten, type: threshold, metric: cases, at-least: 2, history: all } ]")
            .Select(c => c.ToString()).ShouldBe(["change achievement ten: audience teams billing -> everybody; from 2026-11-19"]);
        core.Settle();
        Awards(core).ShouldBeEmpty();
        core.Time.Advance(TimeSpan.FromHours(12));
        core.Settle();
        Awards(core).ShouldContain("jonas ten once");
    }

    [Fact]
    public async Task What_a_file_says_wrongly_of_an_audience_is_told()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        core.ProblemsOf("""
            achievements:
              - { id: a, type: threshold, metric: cases, at-least: 2, audience: { teams: [biling], groups: [days], roles: [boss] } }
              - { id: b, type: manual, audience: { roles: [agent] } }
              - { id: c, type: threshold, metric: cases, at-least: 2, audience: {} }
            """).ShouldBe([
            "2:79: there is no team 'biling' (did you mean 'billing'?)", "2:97: there is no group 'days'",
            "2:112: there is no role 'boss': there are agent, leader, admin",
            "3:38: a badge of this kind can be earned by everybody: leave 'audience' out",
            "4:69: 'audience' names nobody: name teams, groups or roles, or leave it out for everybody",
        ]);
    }
}
