using System.Globalization;
using NodaTime;
using NodaTime.Text;
using NodaTime.TimeZones;

namespace Laurel.Engine.Importing;

/// <summary>What the clocks did at a local time: usual, it never was (gap), or it was twice (overlap).</summary>
public enum ClockChange { None, Gap, Overlap }

/// <summary>A time of a row; <see cref="At"/> (UTC milliseconds) is null when it is missing or could not be read.</summary>
public sealed record TimeReading(long? At, LocalDateTime? Local, ClockChange Clock)
{
    public static readonly TimeReading Missing = new(null, null, ClockChange.None);
}

/// <summary>How to read one time of a row.</summary>
/// <param name="NotBefore">
/// Index of an earlier time rule: a time more than twelve hours before that one lies past midnight, on the next day.
/// Twelve hours, because clocks of two machines may differ by seconds and that is no new day.
/// </param>
public abstract record TimeRule(string Name, int? NotBefore)
{
    private static readonly Period PastMidnight = Period.FromHours(12);

    public TimeReading Read(RowScope row, DateTimeZone? zone, int shiftDays)
    {
        if (ReadInstant(row) is { } instant) return OfInstant(instant, zone ?? DateTimeZone.Utc, shiftDays);
        // The mapping's reader insists on a zone for every rule whose times have no offset.
        if (zone is null || ReadLocal(row) is not { } local) return TimeReading.Missing;
        local = local.PlusDays(shiftDays);
        if (NotBefore is { } earlier && row.TimeAt(earlier).Local is { } floor && local + PastMidnight < floor) local = local.PlusDays(1);
        var mapped = zone.MapLocal(local);
        var clock = mapped.Count switch { 0 => ClockChange.Gap, 1 => ClockChange.None, _ => ClockChange.Overlap };
        var at = zone.ResolveLocal(local, Resolver).ToInstant().ToUnixTimeMilliseconds();
        return new(at, local, clock);
    }

    /// <summary>In a gap forward by its length, in an overlap the earlier.</summary>
    private static readonly ZoneLocalMappingResolver Resolver =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnForwardShifted);

    /// <summary>A shift moves whole local days, so that nine o'clock stays nine o'clock over a change of clocks.</summary>
    private static TimeReading OfInstant(Instant instant, DateTimeZone zone, int shiftDays)
    {
        var local = instant.InZone(zone).LocalDateTime;
        if (shiftDays == 0) return new(instant.ToUnixTimeMilliseconds(), local, ClockChange.None);
        local = local.PlusDays(shiftDays);
        return new(zone.ResolveLocal(local, Resolver).ToInstant().ToUnixTimeMilliseconds(), local, ClockChange.None);
    }

    protected abstract LocalDateTime? ReadLocal(RowScope row);

    protected virtual Instant? ReadInstant(RowScope row) => null;

    protected static T? Parse<T>(RowScope row, int column, IPattern<T> pattern, string format) where T : struct
    {
        if (row[column] is not { } text) return null;
        var result = pattern.Parse(text);
        if (result.Success) return result.Value;
        row.Refuse($"{row.NameOf(column)}: {RowScope.Quote(text)} is no time of the form {format}");
        return null;
    }
}

/// <summary>Date and time in one column, local to the mapping's zone.</summary>
public sealed record LocalTimeRule(string Name, int? NotBefore, int Column, LocalDateTimePattern Pattern) : TimeRule(Name, NotBefore)
{
    protected override LocalDateTime? ReadLocal(RowScope row) => Parse(row, Column, Pattern, Pattern.PatternText);
}

/// <summary>Date and time of day in two columns; without a time column the day's first moment.</summary>
public sealed record DateAndTimeRule(
    string Name, int? NotBefore, int DateColumn, LocalDatePattern DatePattern, int? TimeColumn, LocalTimePattern? TimePattern)
    : TimeRule(Name, NotBefore)
{
    protected override LocalDateTime? ReadLocal(RowScope row)
    {
        if (Parse(row, DateColumn, DatePattern, DatePattern.PatternText) is not { } date) return null;
        if (TimeColumn is not { } column || TimePattern is null) return date + LocalTime.Midnight;
        return Parse(row, column, TimePattern, TimePattern.PatternText) is { } time ? date + time : null;
    }
}

/// <summary>An instant with its offset, e.g. 2026-03-01T08:53:00+02:00.</summary>
public sealed record OffsetTimeRule(string Name, int Column, OffsetDateTimePattern Pattern) : TimeRule(Name, null)
{
    protected override LocalDateTime? ReadLocal(RowScope row) => null;

    protected override Instant? ReadInstant(RowScope row) => Parse(row, Column, Pattern, Pattern.PatternText)?.ToInstant();
}

/// <summary>Seconds or milliseconds since 1970-01-01 UTC.</summary>
public sealed record UnixTimeRule(string Name, int Column, bool Milliseconds) : TimeRule(Name, null)
{
    // Years 1 to 9999, what the time library can hold.
    private const decimal First = -62_135_596_800_000m, Last = 253_402_300_799_999m;

    protected override LocalDateTime? ReadLocal(RowScope row) => null;

    protected override Instant? ReadInstant(RowScope row)
    {
        if (row[Column] is not { } text) return null;
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) <= Last)
        {
            var ms = Milliseconds ? number : number * 1000m;
            if (ms >= First && ms <= Last) return Instant.FromUnixTimeMilliseconds((long)Math.Floor(ms));
        }
        row.Refuse($"{row.NameOf(Column)}: {RowScope.Quote(text)} is no count of {(Milliseconds ? "milliseconds" : "seconds")} since 1970");
        return null;
    }
}
