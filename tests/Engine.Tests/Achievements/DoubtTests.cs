using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Tests.Achievements;

public sealed class DoubtTests
{
    private static readonly MetricKey Calls = new(1), Minutes = new(2), Balance = new(3);
    private static readonly Workday Today = Workday.Of(2026, 3, 4);

    private static Metric Of(MetricKey key) => key == Calls
        ? new(key, "calls", Aggregate.Count, Unit.Number, Direction.Higher, ["call"], null, [], true)
        : new(key, "sum", Aggregate.Sum, Unit.Number, Direction.Higher, ["call"], "of", [], NeverNegative: key == Minutes);

    private static Amount At(decimal value) => Amount.Of(value)!.Value;

    private static Threshold Asks(MetricKey metric, Comparison comparison, params decimal[] targets) =>
        new([new(metric, comparison, [.. targets.Select(At)], 1)], TimeRange.Week);

    private static List<Doubt> Doubts(Rule rule, Workday? from = null) => [.. Doubt.Of(rule, Of, from, Today)];

    [Theory]
    [InlineData(Comparison.AtLeast, 4500, 5000)]
    [InlineData(Comparison.AtMost, 4500, 4000)]
    [InlineData(Comparison.AtLeast, 1, 1000)]
    public void Part_of_what_is_counted_whole_is_the_same_as_a_whole_number(Comparison comparison, long limit, long same) =>
        Doubts(Asks(Calls, comparison, limit / 1000m)).ShouldBe([new Doubt.PartOfOne(Calls, new(limit), new(same))]);

    [Fact]
    public void Each_target_is_looked_at_and_whole_ones_and_sums_are_as_they_should_be()
    {
        Doubts(Asks(Calls, Comparison.AtLeast, 2, 2.5m, 3)).ShouldBe([new Doubt.PartOfOne(Calls, At(2.5m), At(3))]);
        Doubts(Asks(Minutes, Comparison.AtLeast, 2.5m)).ShouldBeEmpty();
    }

    [Fact]
    public void Limit_below_what_a_metric_can_be_tells_nobody_from_nobody()
    {
        Doubts(new BestOfPeriod(Calls, BestPeriod.Week, Best.Highest, At(-5), 1, Ties.All))
            .ShouldBe([new Doubt.BelowNothing(Calls, At(-5))]);
        Doubts(new PersonalRecord(Minutes, TimeRange.Week, Best.Lowest, 1, At(-1), 1))
            .ShouldBe([new Doubt.BelowNothing(Minutes, At(-1))]);
        // What may be owed may be a limit.
        Doubts(new BestOfPeriod(Balance, BestPeriod.Week, Best.Highest, At(-5), 1, Ties.All)).ShouldBeEmpty();
        Doubts(new BestOfPeriod(Calls, BestPeriod.Week, Best.Highest, At(0), 1, Ties.All)).ShouldBeEmpty();
    }

    [Fact]
    public void History_that_begins_later_than_today_is_told()
    {
        var rule = Asks(Calls, Comparison.AtLeast, 2);
        Doubts(rule, Today.Plus(1)).ShouldBe([new Doubt.Ahead(Today.Plus(1))]);
        Doubts(rule, Today).ShouldBeEmpty();
        Doubts(rule, Workday.Beginning).ShouldBeEmpty();
    }
}
