namespace Laurel.App.Features.Activities;

/// <summary>Date and time with offset as RFC 3339 writes them: 2016-02-29T08:53:00.250+02:00, or Z for UTC.</summary>
public static class Rfc3339
{
    /// <summary>Longer than any sensible fraction of a second needs.</summary>
    public const int MaximumLength = 64;

    /// <summary>
    /// UTC milliseconds; digits below a millisecond are cut off, so that an instant stays in its second. Null when it is not
    /// of that form, names no real date, or lies outside the years 1900 to 2199, where dates are slips of the pen.
    /// The leap second :60 is not taken: no zone rules know it.
    /// </summary>
    public static long? Parse(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 20 or > MaximumLength) return null;
        if (text[4] != '-' || text[7] != '-' || (text[10] | 0x20) != 't' || text[13] != ':' || text[16] != ':') return null;
        if (Number(text[..4]) is not { } year || Number(text[5..7]) is not { } month || Number(text[8..10]) is not { } day) return null;
        if (Number(text[11..13]) is not { } hour || Number(text[14..16]) is not { } minute || Number(text[17..19]) is not { } second)
            return null;
        if (year is < 1900 or > 2199 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return null;
        if (hour > 23 || minute > 59 || second > 59) return null;

        var rest = text[19..];
        if (Fraction(ref rest) is not { } millisecond || OffsetMinutes(rest) is not { } offset) return null;
        var days = new DateOnly(year, month, day).DayNumber - UnixEpochDay;
        return ((days * 24L + hour) * 60 + minute - offset) * 60_000 + second * 1000 + millisecond;
    }

    private static readonly int UnixEpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private static int? Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9') return null;
            number = number * 10 + digit - '0';
        }
        return number;
    }

    /// <summary>Milliseconds of the fraction, which is taken off the text; 0 where there is none.</summary>
    private static int? Fraction(ref ReadOnlySpan<byte> text)
    {
        if (text[0] != '.') return 0;
        var length = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (length < 1) return null;
        var milliseconds = 0;
        for (var i = 0; i < 3; i++) milliseconds = milliseconds * 10 + (i < length ? text[1 + i] - '0' : 0);
        text = text[(1 + length)..];
        return milliseconds;
    }

    private static int? OffsetMinutes(ReadOnlySpan<byte> text)
    {
        if (text.Length == 1) return (text[0] | 0x20) == 'z' ? 0 : null;
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':') return null;
        if (Number(text[1..3]) is not { } hours || Number(text[4..6]) is not { } minutes || hours > 23 || minutes > 59) return null;
        return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
    }
}
