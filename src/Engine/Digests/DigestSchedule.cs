using Laurel.Engine.Kernel;
using NodaTime;

namespace Laurel.Engine.Digests;

/// <summary>
/// When a digest is due: at a time on the clock of the wall, every day or on one weekday. A time that clocks show twice is the first of
/// the two, one that they leap over is the moment of the leap: each day has exactly one.
/// </summary>
public sealed record DigestSchedule
{
    public const int MinutesOfDay = 1_440;

    private DigestSchedule(IsoDayOfWeek? weekday, int minute) => (Weekday, Minute) = (weekday, minute);

    /// <summary>Null: every day.</summary>
    public IsoDayOfWeek? Weekday { get; }

    /// <summary>Minutes since midnight by the clock, 0 to 1439.</summary>
    public int Minute { get; }

    /// <summary>Null where the minute is none of a day, or the weekday none of a week.</summary>
    public static DigestSchedule? Of(IsoDayOfWeek? weekday, int minute) =>
        minute is < 0 or >= MinutesOfDay || weekday is < IsoDayOfWeek.Monday or > IsoDayOfWeek.Sunday ? null : new(weekday, minute);

    /// <summary>The first due time after an instant.</summary>
    /// <param name="after">UTC milliseconds.</param>
    /// <returns>UTC milliseconds, greater than <paramref name="after"/>.</returns>
    public long Next(SiteClock clock, long after)
    {
        // Two days before: where clocks went back over midnight the date is a day behind what was due already.
        for (var day = clock.WorkdayOf(after).Plus(-2); ; day = day.Plus(1))
            if (IsOn(day) && Due(clock, day) is var due && due > after) return due;
    }

    /// <summary>The last due time up to an instant.</summary>
    /// <param name="at">UTC milliseconds.</param>
    /// <returns>UTC milliseconds, not greater than <paramref name="at"/>.</returns>
    public long Last(SiteClock clock, long at)
    {
        for (var day = clock.WorkdayOf(at).Plus(2); ; day = day.Plus(-1))
            if (IsOn(day) && Due(clock, day) is var due && due <= at) return due;
    }

    private bool IsOn(Workday day) => Weekday is null || day.DayOfWeek == Weekday;

    private long Due(SiteClock clock, Workday day)
    {
        var found = clock.Zone.MapLocal(day.Date.AtMidnight().PlusMinutes(Minute));
        return (found.Count == 0 ? found.LateInterval.Start : found.First().ToInstant()).ToUnixTimeMilliseconds();
    }
}
