using System.Text;

namespace Laurel.Engine.Importing;

/// <summary>Text with columns in it, e.g. <c>{month}/{vru+line}/{call_id}</c>. A brace of its own is written twice.</summary>
public sealed record Template(IReadOnlyList<Template.Part> Parts)
{
    /// <summary>Either fixed text or a column.</summary>
    public readonly record struct Part(string? Text, int Column);

    /// <summary>
    /// Reads a template; <paramref name="column"/> answers the place of a named column. Null with a message when it is malformed.
    /// </summary>
    public static Template? Parse(string text, Func<string, int> column, out string? problem)
    {
        var parts = new List<Part>();
        var literal = new StringBuilder();
        problem = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i]) literal.Append(text[i++]);
            else if (text[i] == '}') return Malformed("a closing brace without an opening one; write }} for a brace", out problem);
            else if (text[i] != '{') literal.Append(text[i]);
            else
            {
                var end = text.IndexOf('}', i);
                if (end < 0) return Malformed("a brace is opened and not closed; write {{ for a brace", out problem);
                if (literal.Length > 0) parts.Add(new(literal.ToString(), -1));
                literal.Clear();
                parts.Add(new(null, column(text[(i + 1)..end])));
                i = end;
            }
        }
        if (literal.Length > 0) parts.Add(new(literal.ToString(), -1));
        return new(parts);
    }

    /// <summary>Null when one of its columns is missing.</summary>
    public string? Of(RowScope row)
    {
        if (Parts.Count == 1) return Parts[0].Text ?? row[Parts[0].Column];
        var text = new StringBuilder();
        foreach (var part in Parts)
        {
            var piece = part.Text ?? row[part.Column];
            if (piece is null) return null;
            text.Append(piece);
        }
        return text.ToString();
    }

    /// <summary>The first of its columns that is missing in this row, for the message.</summary>
    public string? FirstMissing(RowScope row)
    {
        foreach (var part in Parts)
            if (part.Text is null && row[part.Column] is null) return row.NameOf(part.Column);
        return null;
    }

    private static Template? Malformed(string message, out string? problem)
    {
        problem = message;
        return null;
    }
}
