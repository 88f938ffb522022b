using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Laurel.App.Platform.Yaml;

/// <summary>
/// What is wrong, as a sentence and the words that stand in it: <c>problems.Add(node, $"'{text}' is not a number")</c> keeps both, so that
/// a page can say the sentence in the reader's language.
/// </summary>
[InterpolatedStringHandler]
public sealed class ProblemText(int literalLength, int formattedCount)
{
    private readonly StringBuilder sentence = new(literalLength + 3 * formattedCount);
    private readonly List<string> words = new(formattedCount);

    /// <summary>With {0}, {1} ... where words stand.</summary>
    public string Sentence => sentence.ToString();
    public IReadOnlyList<string> Words => words;

    public static implicit operator ProblemText(string text)
    {
        var whole = new ProblemText(text.Length, 0);
        whole.AppendLiteral(text);
        return whole;
    }

    public void AppendLiteral(string text) => sentence.Append(
        text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    public void AppendFormatted<T>(T word)
    {
        sentence.Append(CultureInfo.InvariantCulture, $"{{{words.Count}}}");
        words.Add(Convert.ToString(word, CultureInfo.InvariantCulture) ?? "");
    }

    public override string ToString() => string.Format(CultureInfo.InvariantCulture, Sentence, [.. words]);
}
