using Laurel.Engine.Achievements;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Tests.Achievements;

public sealed class PersonalGoalTests
{
    private static readonly PersonalGoal Any = new([], null, GoalSetBy.Anybody);

    private static GoalTerms Terms(
        int from, long target, Comparison comparison = Comparison.AtLeast, int number = 1, bool byLeader = false, long? at = null,
        long? agreed = null) => new(number, Desk.Monday.Plus(from), Desk.Cases, comparison, new(target * 1000), 1, byLeader,
            at ?? Desk.At(from, 0), agreed);

    private static Goal Goal(GoalPeriod period, int from, int? until, params GoalTerms[] terms) => new(
        7, new(1), period, Desk.Monday.Plus(from), until is { } last ? Desk.Monday.Plus(last) : null, null, terms);

    /// <summary>Occasion, moment and value, as days and hours of the first Monday.</summary>
    private static List<string> Earns(Desk desk, Rule? rule = null, int? closed = null, RuleHistory? history = null)
    {
        var decided = history ?? Desk.Rule(rule ?? Any);
        return [.. decided.Current.Decision(decided, desk.Metric)!.Decide(desk.History(closed), new(Workday.Beginning, Workday.End))
            .Select(e => $"{e.Occasion} at {(e.EarnedAt - Desk.At(0, 0)) / 3_600_000}: {e.Value}")];
    }

    [Fact]
    public void Goal_is_reached_in_each_of_its_periods_with_the_activity_that_meets_it() =>
        Earns(Desk.With([Goal(GoalPeriod.Day, 0, null, Terms(0, 10))], 10, 9, 12))
            .ShouldBe(["7:2026-03-02 at 9: 10", "7:2026-03-04 at 57: 12"]);

    [Fact]
    public void Goal_of_a_week_that_has_begun_counts_from_its_first_day() =>
        Earns(Desk.With([Goal(GoalPeriod.Week, 2, null, Terms(2, 10))], 50, 50, 4, 4, 4)).ShouldBe(["7:2026-03-04 at 105: 12"]);

    [Fact]
    public void Goal_is_not_reached_before_it_was_set() =>
        Earns(Desk.With([Goal(GoalPeriod.Day, 0, null, Terms(0, 10, at: Desk.At(0, 15)))], 10)).ShouldBe(["7:2026-03-02 at 15: 10"]);

    [Fact]
    public void Goal_with_another_target_asks_for_it_from_the_next_period_on() =>
        Earns(Desk.With([Goal(GoalPeriod.Day, 0, null, Terms(0, 10), Terms(1, 5, number: 2, at: Desk.At(0, 12)))], 6, 6))
            .ShouldBe(["7:2026-03-03 at 33: 6"]);

    [Fact]
    public void Goal_until_a_date_counts_all_its_days_together() =>
        Earns(Desk.With([Goal(GoalPeriod.Once, 0, 3, Terms(0, 10))], 4, null, 4, 4)).ShouldBe(["7:2026-03-02 at 81: 12"]);

    [Fact]
    public void Goal_at_most_is_decided_when_its_period_has_closed()
    {
        var desk = Desk.With([Goal(GoalPeriod.Once, 0, 2, Terms(0, 10, Comparison.AtMost))], 4, null, 4);
        Earns(desk, closed: 2).ShouldBeEmpty();
        Earns(desk, closed: 3).ShouldBe(["7:2026-03-02 at 72: 8"]);
        Earns(Desk.With([Goal(GoalPeriod.Once, 0, 2, Terms(0, 10, Comparison.AtMost)) with { Closed = Desk.Monday.Plus(1) }], 4, null, 4))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Goal_without_data_earns_nothing() =>
        Earns(Desk.With([Goal(GoalPeriod.Day, 0, null, Terms(0, 10, Comparison.AtMost))], null, 3)).ShouldBe(["7:2026-03-03 at 48: 3"]);

    [Fact]
    public void Goal_that_is_closed_counts_to_the_end_of_that_day() =>
        Earns(Desk.With([Goal(GoalPeriod.Day, 0, null, Terms(0, 1)) with { Closed = Desk.Monday.Plus(1) }], 1, 1, 1)).Count.ShouldBe(2);

    [Fact]
    public void Rule_that_asks_for_agreement_earns_with_it_while_the_period_runs()
    {
        var agreement = Any with { SetBy = GoalSetBy.Agreement };
        Earns(Desk.With([Goal(GoalPeriod.Week, 0, null, Terms(0, 4))], 4), agreement).ShouldBeEmpty();
        Earns(Desk.With([Goal(GoalPeriod.Week, 0, null, Terms(0, 4, agreed: Desk.At(2, 12)))], 4, null, 3), agreement)
            .ShouldBe(["7:2026-03-02 at 60: 7"]);
        Earns(Desk.With([Goal(GoalPeriod.Day, 0, null, Terms(0, 4, agreed: Desk.At(2, 12)))], 4, null, 4), agreement)
            .ShouldBe(["7:2026-03-04 at 60: 4"]);
    }

    [Fact]
    public void Rule_takes_the_metrics_the_period_and_the_side_that_it_names()
    {
        var desk = Desk.With([Goal(GoalPeriod.Day, 0, null, Terms(0, 4, byLeader: true))], 4);
        Earns(desk, Any with { Of = ["cases"] }).Count.ShouldBe(1);
        Earns(desk, Any with { Of = ["calls"] }).ShouldBeEmpty();
        Earns(desk, Any with { Period = GoalPeriod.Week }).ShouldBeEmpty();
        Earns(desk, Any with { SetBy = GoalSetBy.Person }).ShouldBeEmpty();
        Earns(desk, Any with { SetBy = GoalSetBy.Leader }).Count.ShouldBe(1);
    }

    [Fact]
    public void Rule_that_is_switched_on_while_a_reached_period_runs_earns_at_that_start()
    {
        var goals = new[] { Goal(GoalPeriod.Week, 0, null, Terms(0, 4)) };
        var on = Desk.Rule(Any) with { CountsFrom = Desk.Monday.Plus(2), Spans = [new(Desk.Monday.Plus(2), null)] };
        Earns(Desk.With(goals, 4, 1, 1), history: on).ShouldBe(["7:2026-03-02 at 48: 5"]);
        Earns(Desk.With(goals, 4), history: on with { CountsFrom = Desk.Monday.Plus(7), Spans = [new(Desk.Monday.Plus(7), null)] })
            .ShouldBeEmpty();
    }

    [Fact]
    public void Periods_tell_reached_missed_and_no_data_newest_first()
    {
        var desk = Desk.With([], 10, null, 3, 10);
        Periods(desk, Goal(GoalPeriod.Day, 0, null, Terms(0, 10)), 4)
            .ShouldBe([GoalState.Running, GoalState.Reached, GoalState.Missed, GoalState.NoData, GoalState.Reached]);
        Periods(desk, Goal(GoalPeriod.Week, 1, null, Terms(1, 10)) with { Closed = Desk.Monday.Plus(2) }, 9).ShouldBe([GoalState.GivenUp]);
        Periods(desk, Goal(GoalPeriod.Week, 5, null, Terms(5, 10)), 4).ShouldBe([GoalState.Ahead]);
        // What the whole period decides is not reached before it is over.
        Periods(desk, Goal(GoalPeriod.Week, 0, null, Terms(0, 50, Comparison.AtMost)), 4).ShouldBe([GoalState.Running]);
    }

    private static IEnumerable<GoalState> Periods(Desk desk, Goal goal, int today) => GoalPeriods.Of(goal, Desk.Monday.Plus(today),
        desk.Metric, desk.History().Days, NodaTime.IsoDayOfWeek.Monday, 15).Select(p => p.State);
}
