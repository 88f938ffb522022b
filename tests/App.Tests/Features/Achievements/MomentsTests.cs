using System.Globalization;
using Dapper;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>When an award was earned follows the work; when somebody was told of it does not.</summary>
public sealed class MomentsTests
{
    private const string Setup = """
        site: { id: vilnius, zone: Europe/Vilnius }
        people: [ { id: greta } ]
        activity-types: [ { id: case } ]
        metrics: [ { id: cases, types: [case] } ]
        achievements:
          - { id: pair, type: threshold, metric: cases, at-least: 2, history: all }
          - { id: best, type: best-of-period, metric: cases, period: yesterday, history: all }
        """;

    private int taken;

    [Fact]
    public async Task Earned_at_moves_with_late_work_voids_and_work_that_comes_again_and_announced_at_never_does()
    {
        await using var core = await CoreFixture.Start(new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero), Setup);
        var first = Case("09:00");
        await core.Take(first, Case("09:30"));
        Pair(core).ShouldBe("09:30, announced 10:00");

        core.Time.Advance(TimeSpan.FromHours(1));
        await core.Take(Case("08:00"));
        Pair(core).ShouldBe("09:00, announced 10:00");

        core.Time.Advance(TimeSpan.FromHours(1));
        await core.Take(first with { Version = 1, IsVoid = true });
        Pair(core).ShouldBe("09:30, announced 10:00");

        core.Time.Advance(TimeSpan.FromHours(1));
        await core.Take(Void(core, "a2"), Void(core, "a3"));
        Pair(core).ShouldBe("09:30, announced 10:00, flagged");

        core.Time.Advance(TimeSpan.FromHours(1));
        await core.Take(Case("12:00"), Case("12:30"));
        Pair(core).ShouldBe("12:30, announced 10:00");
    }

    [Fact]
    public async Task Contest_that_is_decided_again_keeps_when_its_winner_was_told()
    {
        await using var core = await CoreFixture.Start(new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero), Setup);
        await core.Take(Case("09:00"));
        core.Time.Set(new(2026, 11, 19, 1, 0, 0, TimeSpan.Zero));
        core.Settle();
        var told = Best(core);
        core.Time.Advance(TimeSpan.FromHours(3));
        await core.Take(Case("08:00"));
        core.Settle();
        Best(core).ShouldBe(told with { Value = 2000 });
    }

    [Theory]
    [InlineData("2026-11-17T10:00:01Z", "award")]
    [InlineData("2026-11-17T09:59:59Z", "awards")]
    public async Task Moment_of_more_than_a_day_ago_is_told_in_a_grouped_notice(string earned, string kind)
    {
        await using var core = await CoreFixture.Start(new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero), Setup);
        var at = DateTimeOffset.Parse(earned, CultureInfo.InvariantCulture);
        await core.Take(At(at.AddHours(-1)), At(at));
        using var c = core.Database.Read();
        c.Query<string>("SELECT kind FROM notice").ShouldBe([kind]);
    }

    [Fact]
    public async Task Week_start_is_fixed_after_the_first_award()
    {
        await using var core = await CoreFixture.Start(new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero), Setup);
        core.Apply("week-start: sunday").ShouldHaveSingleItem();
        await core.Take(Case("09:00"), Case("09:30"));
        core.ProblemsOf("week-start: monday").ShouldBe(["1:13: the week's start is fixed after the first award"]);
        core.Apply("week-start: sunday").ShouldBeEmpty();
    }

    private IncomingActivity Case(string time) => At(DateTimeOffset.Parse($"2026-11-18T{time}:00Z", CultureInfo.InvariantCulture));

    private IncomingActivity At(DateTimeOffset at) =>
        new("desk", ActivityId.Of($"a{++taken}"), "case", "greta", null, at.ToUnixTimeMilliseconds(), [], []);

    private static IncomingActivity Void(CoreFixture core, string id) => new("desk", ActivityId.Of(id), "case", "greta", null,
        core.Time.GetUtcNow().ToUnixTimeMilliseconds(), [], [])
    { Version = 1, IsVoid = true };

    private static string Pair(CoreFixture core)
    {
        core.Settle();
        var (earned, announced, flagged) = Row<(long, long, long?)>(core, "earned_at, announced_at, flagged_at", "pair");
        return $"{Time(earned)}, announced {Time(announced)}{(flagged is null ? "" : ", flagged")}";
    }

    private static (long Announced, long Earned, long Value) Best(CoreFixture core) =>
        Row<(long, long, long)>(core, "announced_at, earned_at, value", "best");

    private static T Row<T>(CoreFixture core, string columns, string achievement)
    {
        using var c = core.Database.Read();
        return c.QuerySingle<T>(
            $"SELECT {columns} FROM award WHERE achievement = (SELECT key FROM achievement WHERE id = @achievement)", new { achievement });
    }

    private static string Time(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("HH:mm", CultureInfo.InvariantCulture);
}
