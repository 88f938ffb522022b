using System.Globalization;

namespace Laurel.App.Platform.Http;

/// <summary>Answers page by page: a cursor is given out as <c>next</c> and has no meaning of its own; a limit says how many.</summary>
public static class Paging
{
    public const int Usual = 100, Most = 1000;

    public static bool IsLimit(int? limit) => limit is null or (>= 1 and <= Most);

    public static IResult Unclear =>
        Problems.BadRequest($"cursor is the `next` of an earlier answer, limit a whole number from 1 to {Most}.");

    public static string Cursor(params IReadOnlyList<long> numbers) =>
        string.Join('.', numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The numbers of a cursor, zeros where there is none; null where it was never given out.</summary>
    public static long[]? Numbers(string? cursor, int count)
    {
        if (cursor is null) return new long[count];
        var parts = cursor.Split('.');
        var numbers = new long[count];
        if (parts.Length != count) return null;
        for (var i = 0; i < count; i++)
            if (!long.TryParse(parts[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i])) return null;
        return numbers;
    }
}
