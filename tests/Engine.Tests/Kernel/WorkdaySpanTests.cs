using Laurel.Engine.Kernel;
using NodaTime;

namespace Laurel.Engine.Tests.Kernel;

public sealed class WorkdaySpanTests
{
    [Theory]
    // ISO week 53 of 2020 goes into January: one week, not two.
    [InlineData("2021-01-01", "2020-12-28", "2021-01-03")]
    [InlineData("2020-12-31", "2020-12-28", "2021-01-03")]
    [InlineData("2021-01-04", "2021-01-04", "2021-01-10")]
    // Monday starts a week and ends none.
    [InlineData("2026-03-30", "2026-03-30", "2026-04-05")]
    [InlineData("2026-03-29", "2026-03-23", "2026-03-29")]
    // Before 1970, where remainders turn negative.
    [InlineData("1969-12-31", "1969-12-29", "1970-01-04")]
    public void Of_week_starts_on_Monday(string day, string first, string last) =>
        WorkdaySpan.Of(TimeRange.Week, Workday.Parse(day)!.Value, IsoDayOfWeek.Monday)
            .ShouldBe(new WorkdaySpan(Workday.Parse(first)!.Value, Workday.Parse(last)!.Value));

    [Fact]
    public void Of_week_starts_on_the_chosen_day() =>
        WorkdaySpan.Of(TimeRange.Week, Workday.Of(2026, 11, 22), IsoDayOfWeek.Sunday)
            .ShouldBe(new WorkdaySpan(Workday.Of(2026, 11, 22), Workday.Of(2026, 11, 28)));

    [Theory]
    [InlineData("2024-02-10", "2024-02-01", "2024-02-29")]
    [InlineData("2026-02-28", "2026-02-01", "2026-02-28")]
    [InlineData("2026-12-31", "2026-12-01", "2026-12-31")]
    public void Of_month_ends_with_its_last_day(string day, string first, string last) =>
        WorkdaySpan.Of(TimeRange.Month, Workday.Parse(day)!.Value, IsoDayOfWeek.Monday)
            .ShouldBe(new WorkdaySpan(Workday.Parse(first)!.Value, Workday.Parse(last)!.Value));

    [Fact]
    public void Every_day_of_a_century_lies_in_its_own_week_and_weeks_follow_each_other()
    {
        var last = default(WorkdaySpan?);
        for (var day = Workday.Of(1950, 1, 1); day < Workday.Of(2050, 1, 1); day = day.Plus(1))
        {
            var week = WorkdaySpan.Of(TimeRange.Week, day, IsoDayOfWeek.Monday);
            week.Contains(day).ShouldBeTrue();
            (week.Last.Number - week.First.Number).ShouldBe(6);
            week.First.Date.DayOfWeek.ShouldBe(IsoDayOfWeek.Monday);
            if (last is { } before && before != week) week.First.ShouldBe(before.Last.Plus(1));
            last = week;
        }
    }
}
