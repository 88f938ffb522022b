using Dapper;
using Laurel.App.Features.Goals;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Goals;

/// <summary>A goal that is reached is an activity of Laurel's own: once for each period, and taken back where it holds no more.</summary>
public sealed class TellReachedTests
{
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 14, 0, 0, TimeSpan.Zero);
    private static readonly Workday Today = Workday.Parse("2026-11-18")!.Value;

    // Nothing here is earned by goals: what they feed counts the activity alone.
    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta }, { id: jonas } ]
        activity-types: [ { id: case, measures: { stars: { unit: number, negative: false } } } ]
        metrics:
          - { id: cases, types: [case] }
          - { id: stars, types: [case], aggregate: average, measure: stars }
          - { id: reached, types: [goal-reached] }
        achievements:
          - { id: getter, type: threshold, metric: reached, at-least: 1, range: all, history: all }
          - { id: again, type: threshold, metric: reached, at-least: 2, range: all, history: all }
        paths: [ { id: goals, name: Goals, steps: [getter, again] } ]
        """;

    [Fact]
    public async Task Goal_that_is_reached_is_told_once_for_each_period_at_the_moment_that_reached_it()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        Set(core, "greta", 2);
        await core.Take([Case("greta", 15)]);
        core.Settle();
        Told(core).ShouldBeEmpty();
        await core.Take([Case("greta", 16), Case("jonas", 16)]);
        core.Settle();
        Told(core).ShouldBe(["greta 1:2026-11-18 2026-11-18 16:00"]);
        Awards(core).ShouldBe(["greta getter"]);
        // More of the same, the same once more, and starting again tell nothing more.
        await core.Take([Case("greta", 17), Case("greta", 16)]);
        core.Settle();
        await core.Restart();
        TellReached(core, "greta");
        core.Settle();
        Told(core).ShouldBe(["greta 1:2026-11-18 2026-11-18 16:00"]);

        // The next week is another period.
        core.Time.Advance(TimeSpan.FromDays(6));
        await core.Take([Case("greta", 8, 23), Case("greta", 9, 23)]);
        core.Settle();
        Told(core).ShouldBe(["greta 1:2026-11-18 2026-11-18 16:00", "greta 1:2026-11-23 2026-11-23 09:00"]);
        Awards(core).ShouldBe(["greta again", "greta getter"]);
    }

    [Fact]
    public async Task What_is_reached_no_more_is_taken_back_and_what_is_again_is_told_again()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        Set(core, "greta", 2);
        await core.Take([Case("greta", 15), Case("greta", 16)]);
        core.Settle();
        await core.Take([Case("greta", 16) with { IsVoid = true, Version = 1 }]);
        core.Settle();
        Told(core).ShouldBeEmpty();
        Awards(core).ShouldBe(["greta getter flagged"]);
        await core.Take([Case("greta", 18)]);
        core.Settle();
        Told(core).ShouldBe(["greta 1:2026-11-18 2026-11-18 18:00"]);
        Awards(core).ShouldBe(["greta getter"]);
        // Earlier work that comes late moves the moment.
        await core.Take([Case("greta", 17)]);
        core.Settle();
        Told(core).ShouldBe(["greta 1:2026-11-18 2026-11-18 17:00"]);
        Read(core, "SELECT version || '' FROM goal_reached").ShouldBe(["3"]);
    }

    [Fact]
    public async Task What_the_whole_period_decides_is_told_when_that_is_over_and_again_when_late_work_decides_otherwise()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        Set(core, "greta", 4, "stars");
        await core.Take([.. Enumerable.Range(14, 5).Select(hour => Case("greta", hour, stars: 5))]);
        core.Settle();
        Told(core).ShouldBeEmpty();
        core.Time.Advance(TimeSpan.FromDays(6));
        core.Settle();
        Told(core).ShouldBe(["greta 1:2026-11-18 2026-11-22 22:00"]);
        await core.Take([.. Enumerable.Range(14, 5).Select(hour => Case("greta", hour, 19, stars: 1))]);
        core.Settle();
        Told(core).ShouldBeEmpty();
    }

    [Fact]
    public async Task Goal_to_reach_goals_tells_nothing_and_no_source_speaks_for_laurel()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        Set(core, "greta", 1);
        Set(core, "greta", 1, "reached");
        await core.Take([Case("greta", 15)]);
        core.Settle();
        Told(core).ShouldBe(["greta 1:2026-11-18 2026-11-18 15:00"]);
        (await core.Take([Case("greta", 15) with { Source = "laurel:goals", Type = "goal-reached", Measures = [] }]))[0].Reason
            .ShouldBe("source 'laurel:goals' is Laurel's own");
    }

    [Fact]
    public async Task Goal_that_is_met_when_it_is_set_is_told_then_and_one_that_is_closed_keeps_what_was_told()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        await core.Take([Case("greta", 8), Case("greta", 9)]);
        var goal = Set(core, "greta", 2);
        core.Settle();
        Told(core).ShouldBe(["greta 1:2026-11-18 2026-11-18 14:00"]);
        core.Services.GetRequiredService<KeepGoals>().Close(goal, null, DataScope.Company, Actor(core, "greta")).Refusal.ShouldBeNull();
        core.Settle();
        Told(core).ShouldBe(["greta 1:2026-11-18 2026-11-18 14:00"]);
    }

    [Fact]
    public async Task Badge_for_goals_comes_at_once_also_where_nothing_else_counts_by_the_metric()
    {
        await using var core = await CoreFixture.Start(Wednesday, Setup);
        core.Apply("achievements: [ { id: own, type: personal-goal, history: all } ]");
        Set(core, "greta", 2);
        core.Settle();
        await core.Take([Case("greta", 15)]);
        await core.Take([Case("greta", 16)]);
        Awards(core).ShouldBe(["greta own"]);
    }

    private static IncomingActivity Case(string person, int hour, int day = 18, int stars = 5) => new(
        "desk", ActivityId.Of($"{person}-{day}-{hour}"), "case", person, null,
        new DateTimeOffset(2026, 11, day, hour, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), [new("stars", Amount.Of(stars)!.Value)], []);

    private static long Set(CoreFixture core, string person, int target, string metric = "cases") =>
        core.Services.GetRequiredService<KeepGoals>().Set(new(Key(core, person), metric, Comparison.AtLeast, Amount.Of(target)!.Value,
            GoalPeriod.Week, Today, null, null, null, IsProposal: false), DataScope.Company, Actor(core, person)).Goal;

    private static Actor Actor(CoreFixture core, string person) => new(Key(core, person).Value, person, Via.Web);

    private static PersonKey Key(CoreFixture core, string person)
    {
        using var c = core.Database.Read();
        return new(c.ExecuteScalar<long>("SELECT key FROM person WHERE id = @person", new { person }));
    }

    private static void TellReached(CoreFixture core, string person) => core.Database.Write((c, t) =>
        Laurel.App.Features.Goals.TellReached.Enqueue(c, t, Key(core, person), core.Time.GetUtcNow().ToUnixTimeMilliseconds()));

    /// <summary>Activities that say so, as they count: whose, of which goal and period, and when in UTC.</summary>
    private static List<string> Told(CoreFixture core)
    {
        using var c = core.Database.Read();
        return [.. c.Query<(string Person, long Goal, int First, long At)>(
            """
            SELECT p.id, r.goal, r.first_day, a.at FROM activity a JOIN person p ON p.key = a.person
            JOIN activity_type y ON y.key = a.type LEFT JOIN goal g ON g.person = p.key
            LEFT JOIN goal_reached r ON r.goal = g.key AND r.at = a.at
            WHERE y.id = 'goal-reached' AND r.goal IS NOT NULL ORDER BY a.at, r.goal
            """).Select(r => FormattableString.Invariant(
                $"{r.Person} {r.Goal}:{new Workday(r.First)} {DateTimeOffset.FromUnixTimeMilliseconds(r.At):yyyy-MM-dd HH:mm}"))];
    }

    private static List<string> Awards(CoreFixture core) => Read(core,
        """
        SELECT p.id || ' ' || a.id || CASE WHEN w.flagged_at IS NULL THEN '' ELSE ' flagged' END FROM award w
        JOIN person p ON p.key = w.person JOIN achievement a ON a.key = w.achievement ORDER BY p.id, a.id
        """);

    private static List<string> Read(CoreFixture core, string sql)
    {
        using var c = core.Database.Read();
        return [.. c.Query<string>(sql)];
    }
}
