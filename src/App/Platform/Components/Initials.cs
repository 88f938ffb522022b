using System.Globalization;
using System.Text;

namespace Laurel.App.Platform.Components;

/// <summary>What stands for a person without a picture: initials on a hue.</summary>
public static class Initials
{
    /// <summary>
    /// The first letters of the first and the last word that have one, by text element: "Šarūnas Petrauskas 🌲" is ŠP.
    /// </summary>
    public static string Of(string name)
    {
        var letters = name.Split(' ').Select(First).OfType<string>().ToList();
        return letters switch
        {
            [] => "?",
            [var only] => only.ToUpper(CultureInfo.CurrentCulture),
            [var first, .., var last] => (first + last).ToUpper(CultureInfo.CurrentCulture),
        };
    }

    // Purple, blue, teal, crimson, orange, magenta, green, indigo: far enough apart to tell two neighbours in a list.
    private static readonly int[] Hues = [300, 245, 185, 12, 50, 335, 150, 275];

    /// <summary>Degrees from 0 to 359, the same on every machine and day (string hash codes are not).</summary>
    public static int Hue(string id)
    {
        var hash = 2166136261u;
        foreach (var letter in id) hash = unchecked((hash ^ letter) * 16777619u);
        return Hues[(int)(hash % (uint)Hues.Length)];
    }

    private static string? First(string word)
    {
        for (var elements = StringInfo.GetTextElementEnumerator(word); elements.MoveNext();)
            if (Rune.IsLetterOrDigit(Rune.GetRuneAt(word, elements.ElementIndex))) return elements.GetTextElement();
        return null;
    }
}
