using System.Globalization;
using System.Text.RegularExpressions;

namespace Laurel.App.Platform.Localisation;

/// <summary>
/// Numbers as people type them into pages: 1,100.5 in English, 1 100,5 in Lithuanian, with any kind of space, and durations as 3:20.
/// What cannot be read in one way only is not read.
/// </summary>
public static partial class TypedNumber
{
    /// <summary>With a decimal point and without groups, as setup files write it; null where it cannot be read.</summary>
    public static string? Read(string typed, Language language)
    {
        var plain = Plain(typed);
        if (IsLithuanian(language))
            return Lithuanian().IsMatch(plain) ? Whole(plain, " ").Replace(',', '.')
                : Unmistakable().IsMatch(plain) && plain.Contains('.', StringComparison.Ordinal) ? plain
                : null;
        return English().IsMatch(plain) ? Whole(Whole(plain, " "), ",")
            : Unmistakable().IsMatch(plain) ? plain.Replace(',', '.')
            : null;
    }

    /// <summary>A duration as minutes and seconds, or hours, minutes and seconds, in seconds; null where it is none.</summary>
    public static string? ReadDuration(string typed)
    {
        if (Duration().Match(Plain(typed)) is not { Success: true } match) return null;
        long Part(string name) => match.Groups[name] is { Success: true } part ? long.Parse(part.Value, CultureInfo.InvariantCulture) : 0;
        return (Part("h") * 3600 + Part("m") * 60 + Part("s")).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The two ways of reading what is neither: in Lithuanian 1.100 may be a thousand or a little more than one.</summary>
    public static (string Large, string Small)? Readings(string typed, Language language)
    {
        var plain = Plain(typed);
        if (!IsLithuanian(language) || !PointAndThree().IsMatch(plain)) return null;
        return (plain.Replace('.', '\u00a0'), plain.Replace('.', ','));
    }

    /// <summary>What a setup file writes as the reader of this language would type it.</summary>
    public static string Show(string number, Language language) => IsLithuanian(language) ? number.Replace('.', ',') : number;

    private static bool IsLithuanian(Language language) => language == Language.Lithuanian;

    /// <summary>Every space is one, and so is every minus.</summary>
    private static string Plain(string typed) => Spaces().Replace(typed.Trim(), " ").Replace('\u2212', '-');

    private static string Whole(string text, string separator) => text.Replace(separator, "", StringComparison.Ordinal);

    [GeneratedRegex(@"[\s\u00a0\u2007\u2009\u202f]", RegexOptions.None, 1000)]
    private static partial Regex Spaces();

    [GeneratedRegex(
        @"^[-+]?([0-9]+|[1-9][0-9]{0,2}(,[0-9]{3})+|[1-9][0-9]{0,2}( [0-9]{3})+)(\.[0-9]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex English();

    [GeneratedRegex(@"^[-+]?([0-9]+|[1-9][0-9]{0,2}( [0-9]{3})+)(,[0-9]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Lithuanian();

    /// <summary>The other language's decimal mark, where it can stand for nothing else.</summary>
    [GeneratedRegex(@"^[-+]?([0-9]+[.,][0-9]{1,2}|0[.,][0-9]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unmistakable();

    [GeneratedRegex(@"^[-+]?[1-9][0-9]{0,2}\.[0-9]{3}$", RegexOptions.None, 1000)]
    private static partial Regex PointAndThree();

    [GeneratedRegex("^((?<h>[0-9]{1,4}):(?=[0-9]{2}:))?(?<m>[0-9]{1,5}):(?<s>[0-5][0-9])$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Duration();
}
