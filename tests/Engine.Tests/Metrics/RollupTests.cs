using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Tests.Metrics;

public sealed class RollupTests
{
    private static readonly RatioPart Cases = new(new(1), "cases", Aggregate.Count), Talk = new(new(2), "talk", Aggregate.Sum);

    [Fact]
    public void Nothing_divided_by_something_is_0() =>
        Rollup.Of(Ratio(Talk, Cases), Rollup.None, Of(1, 1)).Value(Aggregate.Ratio).ShouldBe(new MetricValue(0, 1));

    [Fact]
    public void Something_divided_by_nothing_is_no_value()
    {
        Rollup.Of(Ratio(Talk, Cases), Of(5), Rollup.None).Value(Aggregate.Ratio).ShouldBeNull();
        // Two that take each other away.
        Rollup.Of(Ratio(Cases, Talk), Of(1), Of(5, -5)).Value(Aggregate.Ratio).ShouldBeNull();
    }

    [Fact]
    public void A_ratio_of_several_days_is_of_their_sums_not_the_mean_of_their_ratios()
    {
        var ratio = Ratio(Talk, Cases);
        var week = Rollup.Of(ratio, Of(10), Of(1)).Merge(Rollup.Of(ratio, Of(2, 3), Of(1, 1, 1)));
        week.Count.ShouldBe(4);
        week.Value(Aggregate.Ratio).ShouldBe(new MetricValue(15_000, 4));
    }

    [Fact]
    public void A_ratio_in_percent_is_per_hundred() =>
        Rollup.Of(Ratio(Cases, Cases, Unit.Percent), Of(1), Of(1, 1, 1)).Value(Aggregate.Ratio)!.Value.Rounded()
            .ShouldBe(new Amount(33_333));

    [Fact]
    public void A_ratio_by_less_than_nothing_keeps_its_sign()
    {
        var value = Rollup.Of(Ratio(Cases, Talk), Of(1, 1), Of(-4)).Value(Aggregate.Ratio)!.Value;
        value.ShouldBe(new MetricValue(-500, 1));
        value.CompareTo(Amount.Zero).ShouldBeLessThan(0);
    }

    [Fact]
    public void Ratios_of_the_largest_sums_are_compared_exactly()
    {
        var (sum, ratio) = (new Rollup(1, long.MaxValue, 0, 0), Ratio(Talk, Talk, Unit.Percent));
        var (equal, more) = (Rollup.Of(ratio, sum, sum), Rollup.Of(ratio, sum, sum with { Sum = long.MaxValue - 1 }));
        more.Value(Aggregate.Ratio)!.Value.CompareTo(equal.Value(Aggregate.Ratio)!.Value).ShouldBeGreaterThan(0);
        Rollup.Of(ratio, sum, Of(1) with { Sum = 1 }).Value(Aggregate.Ratio)!.Value.Rounded().ShouldBe(new Amount(long.MaxValue));
    }

    [Fact]
    public void Different_texts_are_counted_once_over_all_days()
    {
        var monday = Rollup.None.Add(Said("chat")).Add(Said("mail")).Add(Said("chat"));
        var tuesday = Rollup.None.Add(Said("chat")).Add(Said("Chat"));
        var both = monday.Merge(tuesday);
        both.Value(Aggregate.Distinct).ShouldBe(new MetricValue(3_000, 1));
        both.ShouldBe(tuesday.Merge(monday));
        both.Count.ShouldBe(5);
        ((Texts)both.Beside!).Counts["chat"].ShouldBe(3);
    }

    [Fact]
    public void A_minimum_is_the_least_of_all_days() =>
        Of(5, 3).Merge(Of(4)).Value(Aggregate.Minimum).ShouldBe(new MetricValue(3_000, 1));

    private static Metric Ratio(RatioPart numerator, RatioPart denominator, Unit unit = Unit.Number) =>
        new(new(9), "ratio", Aggregate.Ratio, unit, Direction.Higher, [], null, [], true) { Ratio = new(numerator, denominator) };

    private static Rollup Of(params int[] amounts) =>
        amounts.Aggregate(Rollup.None, (running, n) => running.Add(new Reading(new Amount(n * 1000L))));

    private static Reading Said(string text) => new(Amount.One, text);
}
