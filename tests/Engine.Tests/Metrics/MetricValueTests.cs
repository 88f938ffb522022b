using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Tests.Metrics;

public sealed class MetricValueTests
{
    [Fact]
    public void An_average_is_compared_exactly_not_as_it_is_shown()
    {
        // 2.9995 is shown as 3 and is still below 3.
        var average = new MetricValue(5_999, 2);
        average.Rounded().ShouldBe(new Amount(3_000));
        average.CompareTo(new Amount(3_000)).ShouldBeLessThan(0);
    }

    [Theory]
    [InlineData(5, 2, 2)]
    [InlineData(7, 2, 4)]
    [InlineData(-5, 2, -2)]
    [InlineData(-7, 2, -4)]
    [InlineData(1, 3, 0)]
    [InlineData(2, 3, 1)]
    public void Rounded_goes_half_to_even(long numerator, long denominator, long rounded) =>
        new MetricValue(numerator, denominator).Rounded().ShouldBe(new Amount(rounded));

    [Fact]
    public void Equal_ratios_are_equal() => new MetricValue(4, 6).ShouldBe(new MetricValue(2, 3));

    [Fact]
    public void Without_data_there_is_no_value() => Rollup.None.Value(Aggregate.Count).ShouldBeNull();

    [Fact]
    public void Sums_over_many_people_do_not_overflow()
    {
        var most = new Rollup(1, long.MaxValue, 0, 0);
        most.Merge(most).Value(Aggregate.Sum)!.Value.CompareTo(most.Value(Aggregate.Sum)!.Value).ShouldBeGreaterThan(0);
    }
}
