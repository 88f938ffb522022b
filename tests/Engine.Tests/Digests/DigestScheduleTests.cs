using FsCheck;
using FsCheck.Fluent;
using Laurel.Engine.Digests;
using Laurel.Engine.Kernel;
using NodaTime;
using NodaTime.Text;

namespace Laurel.Engine.Tests.Digests;

public sealed class DigestScheduleTests
{
    private const long Minute = 60_000, Hour = 60 * Minute, Day = 24 * Hour;

    private static readonly string[] Zones =
    [
        "Europe/Vilnius", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo", "America/Havana",
        "Pacific/Apia", "Africa/Casablanca",
    ];

    [Theory]
    [InlineData(null, 480, "Europe/Vilnius", "2026-11-18T05:59:59Z", "2026-11-18T06:00:00Z")]
    // What is due now is not due after now.
    [InlineData(null, 480, "Europe/Vilnius", "2026-11-18T06:00:00Z", "2026-11-19T06:00:00Z")]
    [InlineData(IsoDayOfWeek.Monday, 480, "Europe/Vilnius", "2026-11-18T06:00:00Z", "2026-11-23T06:00:00Z")]
    [InlineData(IsoDayOfWeek.Monday, 480, "Europe/Vilnius", "2026-11-23T06:00:00Z", "2026-11-30T06:00:00Z")]
    // Vilnius leaps from 3 to 4 on 29 March: half past three is the leap. It goes back from 4 to 3 on 25 October: the first of the two.
    [InlineData(null, 210, "Europe/Vilnius", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData(null, 210, "Europe/Vilnius", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData(null, 210, "Europe/Vilnius", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData(null, 210, "Europe/Vilnius", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    // The same hour is shown once more: nothing is due again.
    [InlineData(null, 210, "Europe/Vilnius", "2026-10-25T01:15:00Z", "2026-10-26T01:30:00Z")]
    // New York: 2 to 3 on 8 March, 2 back to 1 on 1 November.
    [InlineData(null, 150, "America/New_York", "2026-03-07T12:00:00Z", "2026-03-08T07:00:00Z")]
    [InlineData(null, 90, "America/New_York", "2026-10-31T12:00:00Z", "2026-11-01T05:30:00Z")]
    [InlineData(null, 90, "America/New_York", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z")]
    // Lord Howe moves by half an hour: 2:00 to 2:30 on 4 October, 2:00 back to 1:30 on 5 April.
    [InlineData(null, 135, "Australia/Lord_Howe", "2026-10-03T10:00:00Z", "2026-10-03T15:30:00Z")]
    [InlineData(null, 105, "Australia/Lord_Howe", "2026-04-04T10:00:00Z", "2026-04-04T14:45:00Z")]
    [InlineData(null, 105, "Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z")]
    public void Next_is_by_the_clock_of_the_wall(IsoDayOfWeek? weekday, int minute, string zone, string after, string next)
    {
        var (schedule, clock) = (DigestSchedule.Of(weekday, minute)!, SiteClock.Find(zone)!);
        Text(schedule.Next(clock, At(after))).ShouldBe(next);
        schedule.Last(clock, At(next)).ShouldBe(At(next));
        schedule.Last(clock, At(next) - 1).ShouldBeLessThanOrEqualTo(At(after));
    }

    [Theory]
    [InlineData(null, -1)]
    [InlineData(null, 1_440)]
    [InlineData(IsoDayOfWeek.None, 60)]
    [InlineData((IsoDayOfWeek)8, 60)]
    public void What_is_never_due_is_no_schedule(IsoDayOfWeek? weekday, int minute) => DigestSchedule.Of(weekday, minute).ShouldBeNull();

    /// <summary>Three years in each zone, all changes of clocks among them.</summary>
    [Fact]
    public void Every_day_has_exactly_one_and_every_week_one_on_its_weekday() => Prop.ForAll(Schedules, c =>
    {
        var (weekday, minute, zone) = c;
        var (schedule, clock) = (DigestSchedule.Of(weekday, minute)!, SiteClock.Find(zone)!);
        var (from, until) = (At("2025-01-01T00:00:00Z"), At("2028-01-01T00:00:00Z"));
        var days = new List<Workday>();
        for (var due = schedule.Next(clock, from); due < until; due = schedule.Next(clock, due)) days.Add(clock.WorkdayOf(due));
        var step = weekday is null ? 1 : 7;
        days.Zip(days.Skip(1)).ShouldAllBe(pair => pair.Second.Number - pair.First.Number == step, $"{zone} {weekday} {minute}");
        if (weekday is not null) days.ShouldAllBe(d => d.DayOfWeek == weekday);
        days.Count.ShouldBeInRange((365 * 3 / step) - 1, (365 * 3 / step) + 1);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Next_and_last_meet_wherever_one_looks() => Prop.ForAll(Instants, c =>
    {
        var ((weekday, minute, zone), at) = c;
        var (schedule, clock) = (DigestSchedule.Of(weekday, minute)!, SiteClock.Find(zone)!);
        var (last, next) = (schedule.Last(clock, at), schedule.Next(clock, at));
        last.ShouldBeLessThanOrEqualTo(at);
        next.ShouldBeGreaterThan(at);
        schedule.Next(clock, last).ShouldBe(next);
        schedule.Last(clock, next - 1).ShouldBe(last);
        (next - last).ShouldBeLessThanOrEqualTo((weekday is null ? 2 : 8) * Day);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    private static Gen<(IsoDayOfWeek?, int, string)> Any =>
        from day in Gen.Choose(0, 7)
        from minute in Gen.Choose(0, 1_439)
        from zone in Gen.Elements(Zones)
        select (day == 0 ? (IsoDayOfWeek?)null : (IsoDayOfWeek)day, minute, zone);

    private static Arbitrary<(IsoDayOfWeek?, int, string)> Schedules => Arb.From(Any);

    private static Arbitrary<((IsoDayOfWeek?, int, string), long)> Instants => Arb.From(
        from schedule in Any
        from minute in Gen.Choose(0, 16 * 365 * 24 * 60)
        select (schedule, At("2010-01-01T00:00:00Z") + (minute * Minute)));

    private static long At(string text) => InstantPattern.General.Parse(text).Value.ToUnixTimeMilliseconds();

    private static string Text(long at) => InstantPattern.General.Format(Instant.FromUnixTimeMilliseconds(at));
}
