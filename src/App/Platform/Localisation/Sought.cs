using System.Collections.Concurrent;
using System.Globalization;

namespace Laurel.App.Platform.Localisation;

/// <summary>
/// A text that somebody looks for, found in others as a language compares them: whatever the case and the marks of letters. That is
/// what its <see cref="CompareInfo"/> says; where both texts are made of common letters it is known without asking, for asking costs
/// microseconds and lists have ten thousand people.
/// </summary>
public sealed class Sought
{
    private const CompareOptions Loosely = CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace;
    private const int Longest = 200;

    private readonly string text;
    private readonly CompareInfo language;
    private readonly char[] letters;
    /// <summary>Null where the language must be asked each time.</summary>
    private readonly string? plain;

    private Sought(string text, CompareInfo language)
    {
        (this.text, this.language, letters) = (text, language, Letters.Of(language));
        Span<char> room = stackalloc char[Longest];
        plain = Plain(text, room) is var length and >= 0 ? room[..length].ToString() : null;
    }

    /// <summary>Null where nothing is looked for, which everything fits.</summary>
    /// <param name="text">What was typed; blanks around it do not count.</param>
    /// <param name="language">Null for the reader's.</param>
    public static Sought? Of(string? text, CompareInfo? language = null) =>
        string.IsNullOrWhiteSpace(text) ? null : new(text.Trim(), language ?? CultureInfo.CurrentUICulture.CompareInfo);

    public bool IsIn(string? where)
    {
        if (where is null) return false;
        if (plain is not null)
        {
            Span<char> room = stackalloc char[Longest];
            if (Plain(where, room) is var length and >= 0) return room[..length].IndexOf(plain) >= 0;
        }
        return language.IndexOf(where, text, Loosely) >= 0;
    }

    /// <summary>
    /// Writes one letter for all those that the language takes for the same; gives how many, or -1 where one is not common.
    /// </summary>
    private int Plain(string from, Span<char> room)
    {
        if (from.Length > Longest) return -1;
        for (var i = 0; i < from.Length; i++)
        {
            var letter = from[i];
            if (letter >= letters.Length || (room[i] = letters[letter]) == 0) return -1;
        }
        return from.Length;
    }

    /// <summary>Of each common letter the one that stands for it and its like; 0 for all others.</summary>
    private static class Letters
    {
        private const char End = '\u0180';
        private static readonly ConcurrentDictionary<string, char[]> Known = new(StringComparer.Ordinal);

        public static char[] Of(CompareInfo language) => Known.GetOrAdd(language.Name, _ => Read(language));

        private static char[] Read(CompareInfo language)
        {
            var letters = new char[End];
            // Of others it is not known whether two letters side by side are one, as ch is in Czech.
            if (language.Name.Split('-')[0] is not ("en" or "lt" or "")) return letters;
            var first = new Dictionary<string, char>(StringComparer.Ordinal);
            for (var letter = ' '; letter < End; letter++)
            {
                if (!IsCommon(letter)) continue;
                var weight = Convert.ToHexString(language.GetSortKey(letter.ToString(), Loosely).KeyData);
                if (!first.TryGetValue(weight, out var same)) first[weight] = same = letter;
                letters[letter] = same;
            }
            return letters;
        }

        /// <summary>Of ASCII, or such a letter with marks: what stands for two letters, as ß does, is left to the language.</summary>
        private static bool IsCommon(char letter) =>
            letter < '\u007f'
            || (char.IsLetter(letter) && letter.ToString().Normalize(System.Text.NormalizationForm.FormD) is [< '\u007f', _]);
    }
}
