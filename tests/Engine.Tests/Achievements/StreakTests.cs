using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Tests.Achievements;

public sealed class StreakTests
{
    private static Streak Of(Comparison comparison, long target, params int[] lengths) =>
        new([new(Desk.Cases, comparison, [new Amount(target * 1000)], 1)], TimeRange.Day, lengths, Desk.Work);

    private static Streak AtLeast(long target, params int[] lengths) => Of(Comparison.AtLeast, target, lengths);

    [Fact]
    public void Streak_earns_each_tier_when_it_is_so_long() =>
        Desk.Of(2, 2, 3, 1).Earns(Desk.Rule(AtLeast(2, 2, 3))).ShouldBe(["1 on 1: 2", "2 on 2: 3"]);

    /// <summary>Such a rule is refused now; one that was stored before decides as one of 1.</summary>
    [Fact]
    public void Streak_of_nothing_in_a_row_does_not_keep_work_out() =>
        Desk.Of(2, 0, 2).Earns(Desk.Rule(AtLeast(2, 0))).ShouldBe(["1 on 0: 1"]);

    [Fact]
    public void Day_off_breaks_nothing() => Desk.Of(2, null, null, 2).Earns(Desk.Rule(AtLeast(2, 2))).ShouldBe(["1 on 3: 2"]);

    [Fact]
    public void Day_of_work_that_misses_the_target_breaks_it() => Desk.Of(2, 0, 2).Earns(Desk.Rule(AtLeast(2, 2))).ShouldBeEmpty();

    [Fact]
    public void Streak_that_repeats_is_earned_with_every_new_row() =>
        Desk.Of(2, 2, 2, 0, 2, 2).Earns(Desk.Rule(AtLeast(2, 2), Repeat.EveryTime)).ShouldBe(["1 on 1: 2", "1 on 5: 2"]);

    [Fact]
    public void Streak_of_live_conditions_needs_no_closing_and_its_moment_is_an_activity()
    {
        var earned = Decide(AtLeast(2, 2), Desk.Of(2, 2).History(closed: 0)).ShouldHaveSingleItem();
        earned.EarnedAt.ShouldBe(Desk.Of(2, 2).History().StartOf(Desk.Monday.Plus(1)) + (9 * 60 * 60_000));
    }

    [Fact]
    public void Streak_of_other_conditions_is_decided_when_its_last_day_has_closed()
    {
        Decide(Of(Comparison.AtMost, 2, 2), Desk.Of(2, 2).History(closed: 1)).ShouldBeEmpty();
        Decide(Of(Comparison.AtMost, 2, 2), Desk.Of(2, 2).History(closed: 2)).ShouldHaveSingleItem()
            .EarnedAt.ShouldBe(Desk.Of(2, 2).History().StartOf(Desk.Monday.Plus(2)));
    }

    [Fact]
    public void Who_is_in_a_row_that_is_long_enough_when_the_rule_begins_earns_at_that_start()
    {
        var rule = Desk.Rule(AtLeast(2, 2)) with { Spans = [new(Desk.Monday.Plus(3), null)] };
        var desk = Desk.Of(2, 2, 2);
        desk.Earns(rule).ShouldBe(["1 on 2: 3"]);
        rule.Current.Decision(rule, desk.Metric)!.Decide(desk.History(), new(Workday.Beginning, Workday.End))[0].EarnedAt
            .ShouldBe(desk.History().StartOf(Desk.Monday.Plus(3)));
        // One that had broken by then is none.
        Desk.Of(2, 2, 0).Earns(rule).ShouldBeEmpty();
    }

    [Fact]
    public void Shorter_length_of_a_later_version_is_met_by_the_row_as_it_stands()
    {
        var rule = Desk.Rule(AtLeast(2, 5), null, new RuleVersion(2, Desk.Monday.Plus(3), AtLeast(2, 3)));
        Desk.Of(2, 2, 2).Earns(rule).ShouldBe(["1 on 2: 3"]);
    }

    [Fact]
    public void Toward_is_how_many_are_in_a_row_today()
    {
        Toward(2, 2, 0, 2, 1).ShouldBe((1, 3, false));
        Toward(2, 2, 0, 2, 2).ShouldBe((2, 3, true));
        Toward(2, 2, 0, null).ShouldBe((0, 3, false));
        Toward(2, 2, null).ShouldBe((2, 3, false));
    }

    private static (int Length, int Target, bool IsMet) Toward(params long?[] days)
    {
        var rule = Desk.Rule(AtLeast(2, 3));
        var desk = Desk.Of(days);
        var today = Desk.Monday.Plus(days.Length - 1);
        var toward = (InARow)rule.Current.Decision(rule, desk.Metric)!.Toward(desk.History(), today, (_, _) => 0)!;
        return (toward.Length, toward.Target, toward.IsMet);
    }

    private static IReadOnlyList<Earned> Decide(Streak streak, PersonHistory history) =>
        streak.Decision(Desk.Rule(streak), Desk.Of().Metric).Decide(history, new(Workday.Beginning, Workday.End));
}
