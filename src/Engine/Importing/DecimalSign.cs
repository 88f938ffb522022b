using Laurel.Engine.Kernel;

namespace Laurel.Engine.Importing;

/// <summary>What parts whole numbers from fractions in a file: 12.5 or 12,5.</summary>
public enum DecimalSign { Point, Comma }

/// <summary>Numbers as files write them.</summary>
internal static class FileNumber
{
    /// <summary>Null when it is no number, or above <see cref="Amount.Limit"/>.</summary>
    public static Amount? Read(string text, DecimalSign sign) => sign switch
    {
        DecimalSign.Point => Amount.Parse(text),
        DecimalSign.Comma => WithPoint(text) is { } plain ? Amount.Parse(plain) : null,
    };

    /// <summary>What to do about a number that could not be read, where the sign explains it; nothing otherwise.</summary>
    public static string Hint(string text, DecimalSign sign) => sign switch
    {
        DecimalSign.Point when text.Contains(',', StringComparison.Ordinal) && WithPoint(text) is not null =>
            "; where the comma begins the decimals, write 'decimal: comma' at the top of the mapping",
        DecimalSign.Comma when Amount.Parse(text) is not null =>
            "; the mapping says 'decimal: comma', and this has a point",
        _ => "",
    };

    /// <summary>
    /// 1.234,5 as 1234.5. Whole numbers may be grouped by threes, with points or spaces throughout; anything else is no number, rather than
    /// guessed at. Null for that.
    /// </summary>
    private static string? WithPoint(string text)
    {
        var body = text.AsSpan(text is ['+' or '-', ..] ? 1 : 0);
        var comma = body.IndexOf(',');
        var whole = comma < 0 ? body : body[..comma];
        var decimals = comma < 0 ? default : body[(comma + 1)..];
        if (comma >= 0 && (decimals.IsEmpty || decimals.ContainsAnyExceptInRange('0', '9'))) return null;
        var parting = whole.IndexOfAnyExceptInRange('0', '9');
        if (parting >= 0)
        {
            var sign = whole[parting];
            if (sign is not ('.' or ' ' or '\u00A0' or '\u202F') || parting is 0 or > 3) return null;
            for (var at = parting; at < whole.Length; at += 4)
                if (whole[at] != sign || at + 4 > whole.Length || whole.Slice(at + 1, 3).ContainsAnyExceptInRange('0', '9')) return null;
        }
        else if (whole.IsEmpty && decimals.IsEmpty) return null;
        return string.Concat(text is ['-', ..] ? "-" : "", string.Concat(whole.ToString().Where(char.IsAsciiDigit)),
            decimals.IsEmpty ? "" : $".{decimals}");
    }
}
