using Laurel.Engine.Kernel;
using NodaTime;

namespace Laurel.Engine.Tests.Kernel;

public sealed class SiteClockTests
{
    private static readonly SiteClock Vilnius = SiteClock.Find("Europe/Vilnius")!;

    [Theory]
    [InlineData("2026-03-28", 24)]
    [InlineData("2026-03-29", 23)]
    [InlineData("2026-10-25", 25)]
    public void A_workday_has_as_many_hours_as_its_clocks_show(string day, int hours)
    {
        var workday = Workday.Parse(day)!.Value;
        (Vilnius.EndOf(workday) - Vilnius.StartOf(workday)).ShouldBe(hours * 3_600_000L);
    }

    [Fact]
    public void StartOf_where_midnight_does_not_exist_is_the_first_instant_that_does()
    {
        // Clocks in São Paulo went from 00:00 to 01:00 on 4 November 2018.
        var clock = SiteClock.Find("America/Sao_Paulo")!;
        var start = clock.StartOf(Workday.Of(2018, 11, 4));
        start.ShouldBe(Instant.FromUtc(2018, 11, 4, 3, 0).ToUnixTimeMilliseconds());
        clock.WorkdayOf(start - 1).ShouldBe(Workday.Of(2018, 11, 3));
    }

    [Theory]
    [InlineData("Europe/Vilnius")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("Pacific/Apia")]
    [InlineData("Asia/Kathmandu")]
    public void WorkdayOf_holds_from_start_to_end(string zone)
    {
        var clock = SiteClock.Find(zone)!;
        for (var day = Workday.Of(2011, 1, 1); day < Workday.Of(2019, 1, 1); day = day.Plus(1))
        {
            // Samoa left out 30 December 2011: that day has no instant.
            if (clock.StartOf(day) == clock.EndOf(day)) continue;
            clock.WorkdayOf(clock.StartOf(day)).ShouldBe(day);
            clock.WorkdayOf(clock.EndOf(day) - 1).ShouldBe(day);
        }
    }

    [Theory]
    [InlineData("Europe/Vilnius")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("America/Havana")]
    [InlineData("Pacific/Apia")]
    [InlineData("Asia/Kathmandu")]
    // Until 2011 clocks there went back a minute past midnight: a new day began twice.
    [InlineData("America/St_Johns")]
    public void NextMidnight_is_the_first_instant_of_another_workday(string zone)
    {
        var clock = SiteClock.Find(zone)!;
        var end = clock.StartOf(Workday.Of(2013, 1, 1));
        for (var at = clock.StartOf(Workday.Of(2010, 1, 1)); at < end;)
        {
            var (day, next) = (clock.WorkdayOf(at), clock.NextMidnight(at));
            next.ShouldBeGreaterThan(at);
            clock.NextMidnight(next - 1).ShouldBe(next);
            clock.WorkdayOf(next).ShouldNotBe(day);
            for (var within = at; within < next; within += 59_999) clock.WorkdayOf(within).ShouldBe(day);
            at = next;
        }
    }

    [Fact]
    public void WorkdayOf_before_1970_rounds_down() =>
        SiteClock.Find("Etc/UTC")!.WorkdayOf(-1).ShouldBe(Workday.Of(1969, 12, 31));

    [Fact]
    public void Find_of_an_unknown_zone_is_null() => SiteClock.Find("Europe/Kaunas").ShouldBeNull();
}
