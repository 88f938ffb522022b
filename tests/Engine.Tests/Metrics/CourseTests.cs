using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using NodaTime;

namespace Laurel.Engine.Tests.Metrics;

public sealed class CourseTests
{
    private static Workday Day(int day) => Workday.Of(2026, 3, day);

    private static DayRollup On(int day, int amount) => new(Day(day), Rollup.Of(new Reading(new Amount(amount * 1000))));

    [Fact]
    public void Of_weeks_are_cut_at_the_ends_of_the_window_and_leave_no_gap()
    {
        // 2026-03-02 is a Monday.
        var points = Course.Of(new(Day(4), Day(17)), true, IsoDayOfWeek.Monday, [On(3, 100), On(4, 1), On(8, 2), On(17, 4), On(18, 100)]);
        points.Select(p => (p.Days.First, p.Days.Last, p.Rollup.Count, (long)p.Rollup.Sum / 1000)).ShouldBe(
            [(Day(4), Day(8), 2, 3), (Day(9), Day(15), 0, 0), (Day(16), Day(17), 1, 4)]);
        points[1].Rollup.Value(Aggregate.Sum).ShouldBeNull();
    }

    [Fact]
    public void Of_days_adds_up_what_is_of_one_day()
    {
        var points = Course.Of(new(Day(1), Day(3)), false, IsoDayOfWeek.Sunday, [On(2, 1), On(2, 5)]);
        points.Select(p => p.Rollup.Value(Aggregate.Average)?.Rounded().ToDecimal()).ShouldBe([null, 3m, null]);
    }

    [Fact]
    public void Spread_is_of_values_that_somebody_has()
    {
        static MetricValue Value(int n) => MetricValue.Of(new Amount(n * 1000));
        Spread.Of([]).ShouldBeNull();
        Spread.Of([Value(7)]).ShouldBe(new Spread(Value(7), Value(7), Value(7), Value(7), Value(7)));
        Spread.Of(Enumerable.Range(1, 20).Reverse().Select(Value)).ShouldBe(
            new Spread(Value(1), Value(2), Value(10), Value(18), Value(20)));
        Spread.Of(Enumerable.Range(1, 11).Select(Value)).ShouldBe(new Spread(Value(1), Value(2), Value(6), Value(10), Value(11)));
    }
}
