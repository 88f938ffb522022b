using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using NodaTime;

namespace Laurel.Engine.Tests.Metrics;

public sealed class FilterTests
{
    private static readonly SiteClock Vilnius = SiteClock.Find("Europe/Vilnius")!;

    [Theory]
    [InlineData(1080, 1320, "2026-11-18T15:59:59.999Z", false)]
    [InlineData(1080, 1320, "2026-11-18T16:00:00Z", true)]
    [InlineData(1080, 1320, "2026-11-18T19:59:59.999Z", true)]
    [InlineData(1080, 1320, "2026-11-18T20:00:00Z", false)]
    [InlineData(1080, 1440, "2026-11-18T21:59:59.999Z", true)]
    [InlineData(1080, 1440, "2026-11-18T22:00:00Z", false)]
    public void Hours_are_those_of_the_sites_clock_and_end_before_the_last(int from, int until, string at, bool holds) =>
        Holds(new HourFilter(from, until), at).ShouldBe(holds);

    [Theory]
    [InlineData("2026-11-18T19:59:00Z", false)]
    [InlineData("2026-11-18T20:00:00Z", true)]
    [InlineData("2026-11-19T03:59:00Z", true)]
    [InlineData("2026-11-19T04:00:00Z", false)]
    public void Hours_that_end_before_they_begin_go_on_past_midnight(string at, bool holds) =>
        Holds(new HourFilter(22 * 60, 6 * 60), at).ShouldBe(holds);

    [Theory]
    // Clocks go back at 04:00 on 25 October 2026: 03:30 comes twice, one hour apart.
    [InlineData("2026-10-25T00:30:00Z", true)]
    [InlineData("2026-10-25T01:30:00Z", true)]
    [InlineData("2026-10-25T02:30:00Z", false)]
    // Clocks go on from 03:00 to 04:00 on 29 March 2026: between them there is nothing.
    [InlineData("2026-03-29T00:59:59Z", false)]
    [InlineData("2026-03-29T01:00:00Z", false)]
    public void An_hour_that_comes_twice_counts_twice_and_one_that_is_left_out_not_at_all(string at, bool holds) =>
        Holds(new HourFilter(3 * 60, 4 * 60), at).ShouldBe(holds);

    [Theory]
    [InlineData("2026-11-20T21:59:59Z", false)]
    [InlineData("2026-11-20T22:00:00Z", true)]
    [InlineData("2026-11-22T21:59:59Z", true)]
    [InlineData("2026-11-22T22:00:00Z", false)]
    public void The_weekday_is_that_of_the_workday(string at, bool holds) =>
        Holds(new WeekdayFilter([IsoDayOfWeek.Saturday, IsoDayOfWeek.Sunday]), at).ShouldBe(holds);

    private static bool Holds(Filter filter, string at)
    {
        var instant = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        return filter.Holds(new("case", [], [], instant, Vilnius.WorkdayOf(instant), Vilnius));
    }
}
