using System.Globalization;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Platform.Localisation;

/// <summary>The form of a noun after a whole number, by the rules of the language.</summary>
public static class Plural
{
    /// <summary>
    /// Lithuanian takes <paramref name="few"/> after 2-9, 22-29 ..., and <paramref name="many"/> after 0, 10-20, 30 ...;
    /// other languages here take <paramref name="few"/> for all but one.
    /// </summary>
    public static string Of(long n, string one, string few, string many, CultureInfo culture)
    {
        var absolute = n < 0 ? (ulong)-(n + 1) + 1 : (ulong)n;
        if (culture.TwoLetterISOLanguageName != "lt") return absolute == 1 ? one : few;
        if (absolute % 100 is >= 11 and <= 19 || absolute % 10 == 0) return many;
        return absolute % 10 == 1 ? one : few;
    }

    /// <summary>
    /// <c>L.Count(3, "{0} badge", "{0} badges")</c>. The Lithuanian entry of the second text holds both of its forms, parted
    /// by a bar: "{0} ženkleliai|{0} ženklelių".
    /// </summary>
    public static string Count(this IStringLocalizer texts, long n, string one, string other)
    {
        var forms = texts[other].Value.Split('|');
        var form = Of(n, texts[one].Value, forms[0], forms[^1], CultureInfo.CurrentUICulture);
        return string.Format(CultureInfo.CurrentCulture, form, n.ToString("N0", CultureInfo.CurrentCulture));
    }
}
