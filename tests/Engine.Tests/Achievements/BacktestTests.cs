using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using NodaTime;

namespace Laurel.Engine.Tests.Achievements;

public sealed class BacktestTests
{
    private static readonly Workday Monday = Desk.Monday;

    private static Threshold Cases(TimeRange range, params long[] targets) =>
        new([new(Desk.Cases, Comparison.AtLeast, [.. targets.Select(t => new Amount(t * 1000))], 1)], range);

    private static IReadOnlyList<DayRollup> Days(Desk desk, MetricKey metric) => desk.History().Days(metric);

    private static RuleHistory AsIfOn(Rule rule, Workday? from) =>
        Backtest.AsIfOn(rule, rule.DefaultRepeat, null, from ?? Workday.Beginning, IsoDayOfWeek.Monday, Workday.Beginning);

    private static List<string> Earns(Rule rule, Desk desk, Workday? from = null, int closed = 60) =>
        [.. Backtest.Awards(AsIfOn(rule, from),
            desk.Metric, metric => Days(desk, metric), Places.Nowhere, Monday.Plus(closed - 1), Monday.Plus(closed))
            .Select(a => $"{a.Tier} on {a.Day.Number - Monday.Number}: {a.Value}")];

    private static List<string> Values(Rule rule, Desk desk, int days, Workday? from = null, int closed = 60) =>
        [.. rule.Measured(new(AsIfOn(rule, from), desk.Metric, metric => Days(desk, metric), new(Monday, Monday.Plus(days - 1)),
            Monday.Plus(closed - 1), Monday.Plus(closed)))
            .Select(v => v.ToString())];

    [Fact]
    public void Awards_are_of_the_day_on_which_the_target_is_reached() =>
        Earns(Cases(TimeRange.Week, 3, 5), Desk.Of(1, 1, 2, 1, null, null, null, 3)).ShouldBe(["1 on 2: 4", "2 on 3: 5", "1 on 7: 3"]);

    [Fact]
    public void Awards_of_what_is_decided_at_the_end_are_of_the_last_day_of_the_period()
    {
        var few = new Threshold([new(Desk.Cases, Comparison.AtMost, [new Amount(4000)], 1)], TimeRange.Week);
        Earns(few, Desk.Of(1, 1, 2)).ShouldBe(["1 on 6: 4"]);
        Earns(few, Desk.Of(1, 1, 2), closed: 5).ShouldBeEmpty();
    }

    [Fact]
    public void Awards_over_all_time_count_from_the_first_day_of_history()
    {
        Earns(Cases(TimeRange.All, 5), Desk.Of(3, 1, 2)).ShouldBe(["1 on 2: 6"]);
        Earns(Cases(TimeRange.All, 5), Desk.Of(3, 1, 2), from: Monday.Plus(1)).ShouldBeEmpty();
    }

    [Fact]
    public void Awards_are_those_that_are_made()
    {
        var desk = Desk.Of(2, 2, 3, 0, 2, 4, null, 2, 2, 9, 1);
        Rule[] rules =
        [
            Cases(TimeRange.Day, 2, 3, 4), Cases(TimeRange.Week, 5, 9), Cases(TimeRange.All, 6, 12),
            new PersonalRecord(Desk.Cases, TimeRange.Day, Best.Highest, 1, null, 1),
            new Improvement(Desk.Cases, TimeRange.Day, Best.Highest, [new(20_000), new(100_000)], 1),
            new Streak([new(Desk.Cases, Comparison.AtLeast, [new Amount(2000)], 1)], TimeRange.Day, [2, 3], Desk.Work),
        ];
        foreach (var rule in rules)
            Earns(rule, desk, closed: 11).Select(e => e[0]).Order()
                .ShouldBe(desk.Earns(Desk.Rule(rule), closed: 11).Select(e => e[0]).Order(), rule.Type);
    }

    [Fact]
    public void Values_of_a_range_are_of_its_whole_periods() =>
        Values(Cases(TimeRange.Week, 3), Desk.Of(1, 1, 2, 1, null, null, null, 3), days: 10).ShouldBe(["5"]);

    [Fact]
    public void Values_of_all_time_are_what_is_counted_by_now() =>
        Values(Cases(TimeRange.All, 3), Desk.Of(1, 1, 2), days: 7).ShouldBe(["4"]);

    [Fact]
    public void Values_of_an_improvement_are_changes_in_percent()
    {
        var better = new Improvement(Desk.Cases, TimeRange.Day, Best.Highest, [new(5000)], 1);
        Values(better, Desk.Of(2, 3, 3, null, 6), days: 5).ShouldBe(["50", "0"]);
        Values(better with { Best = Best.Lowest }, Desk.Of(4, 3), days: 5).ShouldBe(["25"]);
    }

    [Fact]
    public void Value_of_a_streak_is_the_longest_row() => Values(
        new Streak([new(Desk.Cases, Comparison.AtLeast, [new Amount(2000)], 1)], TimeRange.Day, [2], Desk.Work),
        Desk.Of(2, 2, 0, 2, 2, null, 2), days: 7).ShouldBe(["3"]);

    [Fact]
    public void RewardsHaste_when_short_times_alone_are_asked_for()
    {
        var time = new Metric(new(1), "handle-time", Aggregate.Average, Unit.Seconds, Direction.Lower, ["call"], "seconds", [], true);
        var rating = time with { Key = new(2), Id = "rating", Unit = Unit.Points };
        var count = time with { Key = new(3), Id = "calls", Unit = Unit.Number, Aggregate = Aggregate.Count };
        Metric Of(MetricKey key) => key.Value == 1 ? time : key.Value == 2 ? rating : count;
        Condition At(long key, Comparison comparison) => new(new(key), comparison, [new Amount(300_000)], 1);
        bool Hasty(params Condition[] conditions) => new Threshold(conditions, TimeRange.Week).RewardsHaste(Of);

        Hasty(At(1, Comparison.AtMost)).ShouldBeTrue();
        Hasty(At(1, Comparison.AtMost), At(3, Comparison.AtLeast)).ShouldBeTrue();
        Hasty(At(1, Comparison.AtMost), At(2, Comparison.AtLeast)).ShouldBeFalse();
        Hasty(At(1, Comparison.AtLeast)).ShouldBeFalse();
        new BestOfPeriod(new(1), BestPeriod.Week, Best.Lowest, null, 5, Ties.All).RewardsHaste(Of).ShouldBeTrue();
        new BestOfPeriod(new(1), BestPeriod.Week, Best.Highest, null, 5, Ties.All).RewardsHaste(Of).ShouldBeFalse();
    }
}
