using NodaTime;

namespace Laurel.Engine.Kernel;

/// <summary>A site's zone rules: which workday an instant falls on, and when a workday begins. Instants are UTC milliseconds.</summary>
public sealed class SiteClock(DateTimeZone zone)
{
    private const long DayMs = 86_400_000;

    public DateTimeZone Zone { get; } = zone;

    /// <summary>Null when the zone database has no such name.</summary>
    public static SiteClock? Find(string zoneId) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(zoneId) is { } zone ? new SiteClock(zone) : null;

    public Workday WorkdayOf(long at)
    {
        var offset = Zone.GetUtcOffset(Instant.FromUnixTimeMilliseconds(at)).Milliseconds;
        return new Workday((int)Math.Floor((at + offset) / (double)DayMs));
    }

    /// <summary>What the clock on the wall shows, in whole minutes since midnight.</summary>
    public int MinuteOf(long at)
    {
        var local = at + Zone.GetUtcOffset(Instant.FromUnixTimeMilliseconds(at)).Milliseconds;
        return (int)((local % DayMs + DayMs) % DayMs / 60_000);
    }

    /// <summary>
    /// First instant of the workday; where midnight does not exist, the first one that does. A day that a zone left out whole
    /// (Samoa, 30 December 2011) begins when the next one does and has no length.
    /// </summary>
    public long StartOf(Workday day)
    {
        var midnight = Zone.MapLocal(day.Date.AtMidnight());
        var start = midnight.Count == 0 ? midnight.LateInterval.Start : midnight.First().ToInstant();
        return start.ToUnixTimeMilliseconds();
    }

    /// <summary>
    /// The first instant after this one that lies on another workday. Unlike <see cref="EndOf"/> it is after it everywhere: where clocks
    /// went back just past midnight, the day before comes once more.
    /// </summary>
    public long NextMidnight(long at)
    {
        var day = WorkdayOf(at);
        var interval = Zone.GetZoneInterval(Instant.FromUnixTimeMilliseconds(at));
        while (true)
        {
            var midnight = ((day.Number + 1) * DayMs) - interval.WallOffset.Milliseconds;
            if (!interval.HasEnd || interval.End.ToUnixTimeMilliseconds() > midnight) return midnight;
            var change = interval.End.ToUnixTimeMilliseconds();
            if (WorkdayOf(change) != day) return change;
            interval = Zone.GetZoneInterval(interval.End);
        }
    }

    /// <summary>First instant of the next workday.</summary>
    public long EndOf(Workday day) => StartOf(day.Plus(1));
}
