using System.Globalization;
using System.Text;

namespace Laurel.Engine.Importing;

/// <summary>One way to clean a text. Answers null where the text turns out to mean "no value".</summary>
public abstract record Step
{
    public abstract string? Apply(string text, RowScope row);
}

public sealed record CollapseSpaces : Step
{
    public override string Apply(string text, RowScope row)
    {
        if (!text.Contains("  ", StringComparison.Ordinal) && !text.Any(c => c != ' ' && char.IsWhiteSpace(c))) return text;
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}

/// <summary>These texts, compared whole, stand for no value; with a condition only where it holds (0:00:00 with duration 0).</summary>
public sealed record MissingMarkers(IReadOnlySet<string> Texts, Condition? When) : Step
{
    public override string? Apply(string text, RowScope row) =>
        Texts.Contains(text) && (When is null || When.Holds(row)) ? null : text;
}

public sealed record Replace(string Old, string New) : Step
{
    public override string Apply(string text, RowScope row) => text.Replace(Old, New, StringComparison.Ordinal);
}

public sealed record FirstCharacters(int Count) : Step
{
    public override string Apply(string text, RowScope row) => text.Length <= Count ? text : text[..Count];
}

public sealed record LastCharacters(int Count) : Step
{
    public override string Apply(string text, RowScope row) => text.Length <= Count ? text : text[^Count..];
}

public sealed record LowerCase : Step
{
    public override string Apply(string text, RowScope row) => text.ToLowerInvariant();
}

public sealed record UpperCase : Step
{
    public override string Apply(string text, RowScope row) => text.ToUpperInvariant();
}

/// <summary>Exchanges whole texts; <paramref name="Otherwise"/> says what becomes of one that is not in the table.</summary>
public sealed record MapTexts(IReadOnlyDictionary<string, string> Table, Unmapped Otherwise) : Step
{
    public override string? Apply(string text, RowScope row)
    {
        if (Table.TryGetValue(text, out var mapped)) return mapped;
        switch (Otherwise)
        {
            case Unmapped.Keep:
                return text;
            case Unmapped.Missing:
                return null;
            case Unmapped.Reject:
                row.Refuse($"{RowScope.Quote(text)} is not in the table of the mapping");
                return null;
        }
        return null;
    }
}

public enum Unmapped { Keep, Missing, Reject }

public sealed record Prefix(string Text) : Step
{
    public override string Apply(string text, RowScope row) => Text + text;
}

/// <summary>
/// A key made of the text: lower case, accents left off, all but letters and digits one hyphen. Resolved by  8: resolved-by-8.
/// </summary>
public sealed record Slug : Step
{
    public override string Apply(string text, RowScope row) => Of(text);

    public static string Of(string text)
    {
        var slug = new StringBuilder(text.Length);
        var gap = false;
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            if (!char.IsLetterOrDigit(c) && !char.IsSurrogate(c))
            {
                gap = true;
                continue;
            }
            if (gap && slug.Length > 0) slug.Append('-');
            gap = false;
            slug.Append(char.ToLowerInvariant(c));
        }
        return slug.ToString().Normalize(NormalizationForm.FormC);
    }
}
