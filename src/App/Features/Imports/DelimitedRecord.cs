using System.Text;

namespace Laurel.App.Features.Imports;

/// <summary>
/// Takes one record of CSV apart (RFC 4180), fed line by line. Ours and not a library's, because a quote that is never closed must
/// cost one row and not the rest of the file: whoever feeds it decides when to stop, and goes on at the next line.
/// </summary>
public sealed class DelimitedRecord(char delimiter, bool quotes)
{
    private readonly List<string> fields = [];
    private readonly StringBuilder quoted = new();

    public IReadOnlyList<string> Fields => fields;
    /// <summary>A quoted field goes on in the next line.</summary>
    public bool IsOpen { get; private set; }
    /// <summary>Text follows a closing quote.</summary>
    public bool IsMalformed { get; private set; }

    public void Begin(string line)
    {
        fields.Clear();
        quoted.Clear();
        IsOpen = IsMalformed = false;
        Unquoted(line, 0);
    }

    public void GoOn(string line)
    {
        quoted.Append('\n');
        if (Quoted(line, 0) is { } next) Unquoted(line, next);
    }

    /// <summary>Reads fields from <paramref name="i"/>, which is the start of a field.</summary>
    private void Unquoted(string line, int i)
    {
        while (true)
        {
            if (quotes && i < line.Length && line[i] == '"')
            {
                IsOpen = true;
                if (Quoted(line, i + 1) is not { } next) return;
                i = next;
                continue;
            }
            var end = line.IndexOf(delimiter, i);
            fields.Add(end < 0 ? line[i..] : line[i..end]);
            if (end < 0) return;
            i = end + 1;
        }
    }

    /// <summary>Reads on inside quotes; answers where the next field starts, null when the line is used up.</summary>
    private int? Quoted(string line, int i)
    {
        while (true)
        {
            var end = line.IndexOf('"', i);
            if (end < 0)
            {
                quoted.Append(line, i, line.Length - i);
                return null;
            }
            quoted.Append(line, i, end - i);
            i = end + 1;
            if (i >= line.Length || line[i] != '"') break;
            quoted.Append('"');
            i++;
        }
        IsOpen = false;
        fields.Add(quoted.ToString());
        quoted.Clear();
        if (i == line.Length) return null;
        if (line[i] == delimiter) return i + 1;
        IsMalformed = true;
        return null;
    }
}
