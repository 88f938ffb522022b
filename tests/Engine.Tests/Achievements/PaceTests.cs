using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Tests.Achievements;

public sealed class PaceTests
{
    private static readonly Workday Today = Workday.Of(2026, 3, 12);
    private static readonly MetricKey Calls = new(1);

    [Theory]
    [InlineData(32, 3)]
    [InlineData(36, 3)]
    [InlineData(37, 4)]
    [InlineData(1, 1)]
    public void DaysFor_divides_by_the_mean_of_days_with_data_and_rounds_up(int toGo, int days) =>
        Pace.DaysFor(Amount.Of(toGo)!.Value, Aggregate.Count, Counts((1, 12), (2, 10), (3, 14)), Today).ShouldBe(days);

    [Fact]
    public void DaysFor_takes_no_notice_of_days_off() =>
        Pace.DaysFor(Amount.Of(32)!.Value, Aggregate.Count, Counts((4, 12), (9, 12), (21, 12)), Today).ShouldBe(3);

    [Fact]
    public void DaysFor_leaves_out_today_and_what_is_long_ago()
    {
        Pace.DaysFor(Amount.Of(32)!.Value, Aggregate.Count, Counts((0, 400), (1, 12), (2, 12), (3, 12), (60, 400)), Today).ShouldBe(3);
        Pace.DaysFor(Amount.Of(32)!.Value, Aggregate.Count, Counts((0, 12), (1, 12), (2, 12)), Today).ShouldBeNull();
    }

    [Fact]
    public void DaysFor_goes_by_the_ten_newest_days() =>
        Pace.DaysFor(Amount.Of(20)!.Value, Aggregate.Count,
            Counts([.. Enumerable.Range(1, 10).Select(d => (d, 10)), (11, 900), (12, 900)]), Today).ShouldBe(2);

    [Fact]
    public void DaysFor_of_a_sum_adds_up_amounts() =>
        Pace.DaysFor(new Amount(600_000), Aggregate.Sum,
            Enumerable.Range(1, 3).Select(d => new DayRollup(Today.Plus(-d), new Rollup(4, 200_000, 1, 1))), Today).ShouldBe(3);

    [Theory]
    [InlineData(Aggregate.Average)]
    [InlineData(Aggregate.Maximum)]
    [InlineData(Aggregate.Minimum)]
    [InlineData(Aggregate.Distinct)]
    [InlineData(Aggregate.Ratio)]
    public void DaysFor_of_what_does_not_add_up_day_by_day_is_null(Aggregate aggregate) =>
        Pace.DaysFor(Amount.Of(5)!.Value, aggregate, Counts((1, 12), (2, 12), (3, 12)), Today).ShouldBeNull();

    [Fact]
    public void DaysFor_of_nothing_that_moves_is_null()
    {
        var still = Enumerable.Range(1, 5).Select(d => new DayRollup(Today.Plus(-d), new Rollup(1, 0, 0, 0)));
        Pace.DaysFor(new Amount(1000), Aggregate.Sum, still, Today).ShouldBeNull();
        Pace.DaysFor(Amount.Zero, Aggregate.Count, Counts((1, 1), (2, 1), (3, 1)), Today).ShouldBeNull();
    }

    [Fact]
    public void DaysFor_a_way_is_null_where_its_period_ends_before()
    {
        var recent = Counts((1, 10), (2, 10), (3, 10));
        TowardTier Way(Workday last, int target) => new(1, new(Today.Plus(-3), last),
            [new(Calls, Aggregate.Count, Comparison.AtLeast, MetricValue.Of(Amount.Zero), Amount.Of(target)!.Value, 0, 1, false)], true);
        Pace.DaysFor(Way(Today.Plus(3), 40), _ => recent, Today).ShouldBe(4);
        Pace.DaysFor(Way(Today.Plus(3), 41), _ => recent, Today).ShouldBeNull();
        Pace.DaysFor(Way(Today.Plus(-3), 1), _ => recent, Today).ShouldBeNull("it is a day's own");
        Pace.DaysFor(Way(Workday.End, 1_000), _ => recent, Today).ShouldBe(100);
    }

    [Fact]
    public void DaysFor_a_way_of_several_conditions_goes_by_the_slowest()
    {
        var talk = new MetricKey(2);
        var way = new TowardTier(1, new(Workday.Beginning, Workday.End),
        [
            new(Calls, Aggregate.Count, Comparison.AtLeast, null, Amount.Of(20)!.Value, 0, 1, false),
            new(talk, Aggregate.Count, Comparison.AtLeast, null, Amount.Of(20)!.Value, 0, 1, false),
        ], true);
        Pace.DaysFor(way, m => m == talk ? Counts((1, 2), (2, 2), (3, 2)) : Counts((1, 10), (2, 10), (3, 10)), Today).ShouldBe(10);
    }

    private static List<DayRollup> Counts(params (int Ago, int Count)[] days) =>
        [.. days.Select(d => new DayRollup(Today.Plus(-d.Ago), new Rollup(d.Count, 0, 0, 0)))];
}
