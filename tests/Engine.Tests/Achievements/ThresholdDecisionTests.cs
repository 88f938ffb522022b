using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using NodaTime;

namespace Laurel.Engine.Tests.Achievements;

public sealed class ThresholdDecisionTests
{
    private static readonly MetricKey Calls = new(1);

    /// <summary>1 January 2027 is a Friday: its week begins on 28 December, and is one of December's.</summary>
    [Fact]
    public void Widen_of_weeks_that_repeat_monthly_is_the_month_in_which_they_begin()
    {
        var decision = Weeks(Repeat.Month);
        var newYear = Workday.Of(2027, 1, 1);
        decision.Widen(new(newYear, newYear)).ShouldBe(new(Workday.Of(2026, 12, 1), Workday.Of(2026, 12, 31)));
        decision.Decides(new(newYear, newYear), new(Workday.Of(2026, 12, 28), Workday.Of(2027, 1, 3))).ShouldBeTrue();
        decision.Decides(new(newYear, newYear), new(Workday.Of(2027, 1, 4), Workday.Of(2027, 1, 10))).ShouldBeFalse();
        decision.Decides(new(newYear.Plus(10), newYear.Plus(10)), new(Workday.Of(2026, 12, 28), Workday.Of(2027, 1, 3))).ShouldBeFalse();
    }

    [Fact]
    public void Widen_of_what_is_earned_once_is_all_time() =>
        Weeks(Repeat.Once).Widen(new(Workday.Of(2027, 1, 1), Workday.Of(2027, 1, 1)))
            .ShouldBe(new(Workday.Beginning, Workday.End));

    private static ThresholdDecision Weeks(Repeat repeat) => new(
        new RuleHistory(new(1), Workday.Beginning,
            [new(1, Workday.Beginning, new Threshold([new(Calls, Comparison.AtLeast, [Amount.One], 1)], TimeRange.Week))],
            [new(Workday.Beginning, null)], repeat, IsoDayOfWeek.Monday),
        _ => throw new InvalidOperationException("no metric is read"));

    [Fact]
    public void Judge_of_work_before_somebody_came_into_the_audience_decides_anew_though_the_target_was_met()
    {
        var rule = new Threshold([new(Desk.Work, Comparison.AtLeast, [Amount.One], 1)], TimeRange.All);
        var history = Desk.Rule(rule) with { Versions = [new(1, Workday.Beginning, rule, Audience: new([7], [], []))] };
        var places = new Places([(Workday.Beginning, new(null, [], "")), (Desk.Monday.Plus(2), new(7, [], ""))]);
        var all = new WorkdaySpan(Workday.Beginning, Workday.End);
        var growth = new Growth(Desk.Work, all, all, Rollup.None.Add(new(Amount.One)), Desk.At(0, 9),
            [new(new(Desk.At(1, 9), "desk", ActivityId.Of("late")), new(Amount.One))], Desk.Monday.Plus(1), Desk.Monday.Plus(1));
        new ThresholdDecision(history, Desk.Of().Metric)
            .Judge(growth, _ => default, Desk.Monday.Plus(3), places).Recompute.ShouldBeTrue();
    }
}
