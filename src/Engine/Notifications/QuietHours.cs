using Laurel.Engine.Kernel;
using NodaTime;

namespace Laurel.Engine.Notifications;

[Flags]
public enum Weekdays
{
    None = 0,
    Monday = 1,
    Tuesday = 2,
    Wednesday = 4,
    Thursday = 8,
    Friday = 16,
    Saturday = 32,
    Sunday = 64,
    All = 127,
}

/// <summary>
/// When somebody wants to be left in peace: from a time on the clock of each chosen day until another, past midnight where that is not
/// later. Where clocks go back in between or at an edge the quiet is the longer one; a time that they leap over is the moment of the leap.
/// Spans that touch or overlap are one quiet.
/// </summary>
public sealed record QuietHours
{
    public const int MinutesOfDay = 1_440;

    private QuietHours(Weekdays days, int from, int until) => (Days, From, Until) = (days, from, until);

    /// <summary>Those on which it begins.</summary>
    public Weekdays Days { get; }

    /// <summary>Minutes since midnight by the clock, 0 to 1439. Inclusive.</summary>
    public int From { get; }

    /// <summary>The same, on the day after where it is not later than <see cref="From"/>. Exclusive.</summary>
    public int Until { get; }

    /// <summary>Null where it would never begin (no day), never end (the whole of every day), or a minute is no minute of a day.</summary>
    public static QuietHours? Of(Weekdays days, int from, int until) =>
        (int)days is <= 0 or > (int)Weekdays.All || from is < 0 or >= MinutesOfDay || until is < 0 or >= MinutesOfDay
            || (days == Weekdays.All && from == until)
            ? null : new(days, from, until);

    /// <summary>When the quiet in which an instant lies ends; null where it lies in none.</summary>
    /// <param name="at">UTC milliseconds.</param>
    /// <returns>The first instant, in UTC milliseconds, that is not quiet any more: after <paramref name="at"/>.</returns>
    public long? EndOf(SiteClock clock, long at)
    {
        var end = at;
        while (Span(clock, end) is { } until) end = until;
        return end == at ? null : end;
    }

    /// <summary>The latest end of the spans in which an instant lies.</summary>
    private long? Span(SiteClock clock, long at)
    {
        // A day around it: where clocks go back past midnight, tomorrow's span has begun when today's time is shown once more.
        var today = clock.WorkdayOf(at);
        long? latest = null;
        for (var day = today.Plus(-2); day <= today.Plus(1); day = day.Plus(1))
        {
            if (!Has(day.Date.DayOfWeek)) continue;
            var begins = day.Date.AtMidnight().PlusMinutes(From);
            var ends = (Until > From ? day : day.Plus(1)).Date.AtMidnight().PlusMinutes(Until);
            var end = Last(clock.Zone, ends);
            if (First(clock.Zone, begins) <= at && at < end && (latest is null || end > latest)) latest = end;
        }
        return latest;
    }

    private bool Has(IsoDayOfWeek day) => Days.HasFlag((Weekdays)(1 << ((int)day - 1)));

    private static long First(DateTimeZone zone, LocalDateTime time)
    {
        var found = zone.MapLocal(time);
        return (found.Count == 0 ? found.LateInterval.Start : found.First().ToInstant()).ToUnixTimeMilliseconds();
    }

    private static long Last(DateTimeZone zone, LocalDateTime time)
    {
        var found = zone.MapLocal(time);
        return (found.Count == 0 ? found.LateInterval.Start : found.Last().ToInstant()).ToUnixTimeMilliseconds();
    }
}
