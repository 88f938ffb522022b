using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.Engine.Tests.Achievements;

public sealed class ImprovementTests
{
    private static Improvement Days(Best best, params long[] percents) =>
        new(Desk.Cases, TimeRange.Day, best, [.. percents.Select(p => new Amount(p * 1000))], 1);

    [Fact]
    public void Improvement_is_over_the_day_just_before_and_earns_every_tier_that_it_reaches() =>
        Desk.Of(10, 11, 22, 22).Earns(Desk.Rule(Days(Best.Highest, 10, 100))).ShouldBe(["1 on 1: 11", "1 on 2: 22", "2 on 2: 22"]);

    [Fact]
    public void Improvement_needs_data_in_both() => Desk.Of(1, null, 20, 0, 5).Earns(Desk.Rule(Days(Best.Highest, 10))).ShouldBeEmpty();

    [Fact]
    public void Improvement_downward_is_a_fall_by_the_percentage() =>
        Desk.Of(10, 9, 9, 4).Earns(Desk.Rule(Days(Best.Lowest, 10, 50))).ShouldBe(["1 on 1: 9", "1 on 3: 4", "2 on 3: 4"]);

    [Fact]
    public void Improvement_that_counts_weekly_is_the_first_of_the_week() =>
        Desk.Of(1, 2, 4, 8).Earns(Desk.Rule(Days(Best.Highest, 100), Repeat.Week)).ShouldBe(["1 on 1: 2"]);

    [Fact]
    public void Widen_holds_the_period_after_as_well()
    {
        var decision = Days(Best.Highest, 10).Decision(Desk.Rule(Days(Best.Highest, 10)), Desk.Of().Metric);
        var day = Desk.Monday.Plus(3);
        decision.Widen(new(day, day)).ShouldBe(new(day, day.Plus(1)));
        decision.Reads(new(day, day)).ShouldBe(new(day.Plus(-1), day.Plus(1)));
    }

    [Fact]
    public void Toward_tells_what_the_next_tier_needs()
    {
        var rule = Desk.Rule(Days(Best.Highest, 10, 50));
        var decision = rule.Current.Decision(rule, Desk.Of().Metric)!;
        var toward = (OverTheLast)decision.Toward(Desk.Of(10, 12).History(), Desk.Monday.Plus(1), (_, _) => 0)!;
        (toward.Tier, toward.Needed?.ToString(), toward.Now?.ToString(), toward.Met).ShouldBe((2, "15", "12", false));
        ((OverTheLast)decision.Toward(Desk.Of(null, 12).History(), Desk.Monday.Plus(1), (_, _) => 0)!).Needed.ShouldBeNull();
    }
}
