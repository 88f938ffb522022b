using FsCheck;
using FsCheck.Fluent;
using Laurel.Engine.Kernel;
using Laurel.Engine.Notifications;
using NodaTime;
using NodaTime.Text;

namespace Laurel.Engine.Tests.Notifications;

public sealed class QuietHoursTests
{
    private const long Minute = 60_000, Hour = 60 * Minute, Day = 24 * Hour;

    private static readonly string[] Zones =
    [
        "Europe/Vilnius", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo", "America/Havana",
        "Pacific/Apia", "Africa/Casablanca",
    ];

    private static readonly QuietHours Nights = QuietHours.Of(Weekdays.All, 22 * 60, 7 * 60)!;
    private static readonly QuietHours Weeknights = QuietHours.Of(Weekdays.All & ~(Weekdays.Friday | Weekdays.Saturday), 22 * 60, 7 * 60)!;

    [Theory]
    [InlineData("2026-11-18T19:59:59Z", null)]
    [InlineData("2026-11-18T20:00:00Z", "2026-11-19T05:00:00Z")]
    [InlineData("2026-11-19T04:59:59Z", "2026-11-19T05:00:00Z")]
    [InlineData("2026-11-19T05:00:00Z", null)]
    // Clocks in Vilnius leap from 3 to 4 on 29 March and go back from 4 to 3 on 25 October: these nights are 8 and 10 hours long.
    [InlineData("2026-03-28T20:00:00Z", "2026-03-29T04:00:00Z")]
    [InlineData("2026-10-24T19:00:00Z", "2026-10-25T05:00:00Z")]
    public void Night_is_quiet_past_midnight_by_the_clock_of_the_wall(string at, string? end) =>
        End(Nights, "Europe/Vilnius", at).ShouldBe(end);

    [Theory]
    // Thursday night ends on Friday; Friday's does not begin, nor Saturday's.
    [InlineData("2026-11-20T04:00:00Z", "2026-11-20T05:00:00Z")]
    [InlineData("2026-11-20T21:00:00Z", null)]
    [InlineData("2026-11-22T04:00:00Z", null)]
    [InlineData("2026-11-22T21:00:00Z", "2026-11-23T05:00:00Z")]
    public void Days_are_those_on_which_it_begins(string at, string? end) => End(Weeknights, "Europe/Vilnius", at).ShouldBe(end);

    [Fact]
    public void Whole_days_that_follow_each_other_are_one_quiet() =>
        End(QuietHours.Of(Weekdays.Saturday | Weekdays.Sunday, 0, 0)!, "Europe/Vilnius", "2026-11-21T10:00:00Z")
            .ShouldBe("2026-11-22T22:00:00Z");

    [Theory]
    // The half hour after 3 comes twice on 25 October and not at all on 29 March.
    [InlineData(200, 220, "2026-10-25T00:20:00Z", "2026-10-25T01:40:00Z")]
    [InlineData(200, 220, "2026-10-25T01:10:00Z", "2026-10-25T01:40:00Z")]
    [InlineData(200, 220, "2026-03-29T01:10:00Z", null)]
    [InlineData(120, 200, "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z")]
    [InlineData(200, 300, "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z")]
    public void Time_that_comes_twice_is_quiet_until_the_later_one_and_one_that_is_left_out_is_the_leap(
        int from, int until, string at, string? end) =>
        End(QuietHours.Of(Weekdays.All, from, until)!, "Europe/Vilnius", at).ShouldBe(end);

    [Fact]
    public void Who_moves_to_another_zone_is_left_in_peace_by_the_clock_there()
    {
        // 06:30 in Vilnius, 23:30 of the day before in New York.
        const string at = "2026-11-19T04:30:00Z";
        End(Nights, "Europe/Vilnius", at).ShouldBe("2026-11-19T05:00:00Z");
        End(Nights, "America/New_York", at).ShouldBe("2026-11-19T12:00:00Z");
        End(Nights, "Asia/Tokyo", at).ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 60, 120)]
    [InlineData(128, 60, 120)]
    [InlineData(-1, 60, 120)]
    [InlineData(127, 60, 60)]
    [InlineData(1, -1, 60)]
    [InlineData(1, 60, 1440)]
    public void Quiet_that_never_begins_or_never_ends_is_none(int days, int from, int until) =>
        QuietHours.Of((Weekdays)days, from, until).ShouldBeNull();

    /// <summary>Through years with changes of clocks in many zones: by the clock on the wall, and never cut short.</summary>
    [Fact]
    public void Random_hours_are_quiet_when_the_clock_on_the_wall_says_so() => Prop.ForAll(Cases, c =>
    {
        var (quiet, clock, at) = c;
        var end = quiet.EndOf(clock, at);
        var isSaid = Says(quiet, clock, at);
        if (isSaid) end.ShouldNotBeNull($"{quiet} in {clock.Zone.Id} at {Text(at)}");
        // Without a change of clocks around it the two are the same.
        if (end is not null && !isSaid) Changes(clock, at - (2 * Day), end.Value).ShouldBeTrue($"{quiet} in {clock.Zone.Id} at {Text(at)}");
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Fact]
    public void Random_quiet_ends_after_it_began_and_is_one_until_then() => Prop.ForAll(Cases, c =>
    {
        var (quiet, clock, at) = c;
        if (quiet.EndOf(clock, at) is not { } end) return;
        end.ShouldBeGreaterThan(at);
        (end - at).ShouldBeLessThan(9 * Day);
        quiet.EndOf(clock, end).ShouldBeNull();
        foreach (var within in (long[])[at + 1, at + ((end - at) / 2), end - 1])
            if (within < end) quiet.EndOf(clock, within).ShouldBe(end);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    private static Arbitrary<(QuietHours Quiet, SiteClock Clock, long At)> Cases => Arb.From(
        from days in Gen.Choose(1, 127)
        from begin in Gen.Choose(0, 1_439)
        from until in Gen.Choose(0, 1_439)
        from zone in Gen.Elements(Zones)
        from near in Gen.Choose(0, 1)
        from hour in Gen.Choose(0, (int)(16 * 365 * Day / Hour))
        from minute in Gen.Choose(-3 * 24 * 60, 3 * 24 * 60)
        from change in Gen.Choose(0, 30)
        let quiet = QuietHours.Of((Weekdays)days, begin, until)
        where quiet is not null
        let clock = SiteClock.Find(zone)!
        select (quiet, clock, (near == 0 ? Start + (hour * Hour) : ChangeOf(clock, change)) + (minute * Minute)));

    private static readonly long Start = Instant.FromUtc(2010, 1, 1, 0, 0).ToUnixTimeMilliseconds();

    /// <summary>A change of clocks after 2010, or its start where there are not so many.</summary>
    private static long ChangeOf(SiteClock clock, int number)
    {
        var changes = clock.Zone.GetZoneIntervals(Instant.FromUnixTimeMilliseconds(Start), Instant.FromUtc(2027, 1, 1, 0, 0))
            .Skip(1).Select(i => i.Start.ToUnixTimeMilliseconds()).ToList();
        return changes.Count == 0 ? Start : changes[number % changes.Count];
    }

    /// <summary>What a person with a clock on the wall would say.</summary>
    private static bool Says(QuietHours quiet, SiteClock clock, long at)
    {
        var local = Instant.FromUnixTimeMilliseconds(at).InZone(clock.Zone).LocalDateTime;
        return Begun(local.Date, 0) || Begun(local.Date.PlusDays(-1), 1);

        bool Begun(LocalDate day, int daysAgo)
        {
            if (((int)quiet.Days & (1 << ((int)day.DayOfWeek - 1))) == 0) return false;
            var time = (daysAgo * 1_440) + (local.Hour * 60) + local.Minute;
            return quiet.From <= time && time < quiet.Until + (quiet.Until > quiet.From ? 0 : 1_440);
        }
    }

    private static bool Changes(SiteClock clock, long from, long until) =>
        clock.Zone.GetZoneIntervals(Instant.FromUnixTimeMilliseconds(from), Instant.FromUnixTimeMilliseconds(until + (2 * Day)))
            .Skip(1).Any();

    private static string? End(QuietHours quiet, string zone, string at) =>
        quiet.EndOf(SiteClock.Find(zone)!, InstantPattern.General.Parse(at).Value.ToUnixTimeMilliseconds()) is { } end ? Text(end) : null;

    private static string Text(long at) => InstantPattern.General.Format(Instant.FromUnixTimeMilliseconds(at));
}
