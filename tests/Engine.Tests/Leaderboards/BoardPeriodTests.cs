using FsCheck;
using FsCheck.Fluent;
using Laurel.Engine.Kernel;
using Laurel.Engine.Leaderboards;
using NodaTime;

namespace Laurel.Engine.Tests.Leaderboards;

public sealed class BoardPeriodTests
{
    /// <summary>A Thursday.</summary>
    private static readonly Workday Today = Workday.Of(2026, 3, 12);

    [Theory]
    [InlineData("today", "2026-03-12", "2026-03-12", "2026-03-11", "2026-03-11")]
    [InlineData("yesterday", "2026-03-11", "2026-03-11", "2026-03-10", "2026-03-10")]
    [InlineData("week", "2026-03-09", "2026-03-15", "2026-03-02", "2026-03-08")]
    [InlineData("last-week", "2026-03-02", "2026-03-08", "2026-02-23", "2026-03-01")]
    [InlineData("month", "2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28")]
    [InlineData("last-month", "2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31")]
    public void Days_are_calendar_periods_and_the_one_before(string id, string first, string last, string firstBefore, string lastBefore)
    {
        var period = BoardPeriods.Find(id)!.Value;
        var days = period.Days(Today, IsoDayOfWeek.Monday);
        var before = period.DaysBefore(Today, IsoDayOfWeek.Monday)!.Value;
        (days.First.ToString(), days.Last.ToString(), before.First.ToString(), before.Last.ToString())
            .ShouldBe((first, last, firstBefore, lastBefore));
    }

    [Fact]
    public void Days_of_a_week_begin_with_the_day_of_the_setting() =>
        BoardPeriod.Week.Days(Today, IsoDayOfWeek.Sunday).First.ShouldBe(Workday.Of(2026, 3, 8));

    [Fact]
    public void DaysBefore_all_time_are_none() => BoardPeriod.All.DaysBefore(Today, IsoDayOfWeek.Monday).ShouldBeNull();

    [Fact]
    public void Find_of_an_unknown_word_is_null() => BoardPeriods.Find("fortnight").ShouldBeNull();

    [Fact]
    public void DaysBefore_end_where_the_period_begins() => Prop.ForAll(
        Gen.Choose(0, 40_000).ToArbitrary(), Gen.Choose(1, 7).ToArbitrary(), Gen.Elements(BoardPeriods.All.ToArray()).ToArbitrary(),
        (day, start, period) => period.DaysBefore(new(day), (IsoDayOfWeek)start) is not { } before
            || (before.Last.Plus(1) == period.Days(new(day), (IsoDayOfWeek)start).First && before.First <= before.Last))
                .QuickCheckThrowOnFailure();
}
