using System.Text;
using Laurel.App.Platform.Yaml;

namespace Laurel.App.Features.Imports;

/// <summary>The rows of a CSV or TSV file whose first line names the columns.</summary>
internal sealed class DelimitedRows : Rows
{
    /// <summary>A quoted field that goes on for longer was most probably never closed.</summary>
    private const int MaximumLines = 500;

    private readonly Lines lines;
    private readonly LinkedList<Line> pending = new();
    private readonly DelimitedRecord record;
    private readonly int columns;
    private readonly int[] places;
    private readonly string?[] standIns;

    /// <param name="inputs">Names of the columns that are wanted.</param>
    /// <param name="given">What stands in for a column that the file lacks; null where nothing does.</param>
    public DelimitedRows(Lines lines, char delimiter, bool quotes, IReadOnlyList<string> inputs, Func<string, string?> given)
    {
        this.lines = lines;
        record = new(delimiter, quotes);
        if (!NextLine(out var first)) throw new FileRefused(1, "the file is empty");
        if (first.Text is null) throw new FileRefused(first.Number, $"the first line, which names the columns, is {first.Problem}");
        record.Begin(first.Text);
        if (record.IsOpen || record.IsMalformed)
            throw new FileRefused(first.Number, "the first line, which names the columns, has a quote that is not closed");
        var header = record.Fields.Select(name => name.Trim()).ToList();
        columns = header.Count;
        standIns = [.. inputs.Select(given)];
        places = [.. inputs.Select((name, i) => Place(header, name, first.Number, standIns[i]))];
    }

    private static int Place(List<string> header, string name, long line, string? standIn)
    {
        var place = header.IndexOf(name);
        if (place < 0 && standIn is null)
            throw new FileRefused(line, $"there is no column '{name}'{Suggestion.Hint(name, header)}; the first line names "
                + Shortened(string.Join(", ", header)));
        if (place >= 0 && header.LastIndexOf(name) != place) throw new FileRefused(line, $"the column '{name}' is there twice");
        return place;
    }

    private static string Shortened(string text) => text.Length <= 400 ? text : text[..400] + " ...";

    public override bool Next(out Row row)
    {
        row = default;
        Line line;
        do
        {
            if (!NextLine(out line)) return false;
        }
        while (line.Text is { } text && string.IsNullOrWhiteSpace(text));
        row = line.Text is null ? new(line.Number, "", null, line.Problem) : Read(line.Number, line.Text);
        return true;
    }

    private Row Read(long number, string first)
    {
        record.Begin(first);
        if (!record.IsOpen) return Judge(number, first);
        var raw = new StringBuilder(first);
        var taken = new List<Line>();
        while (record.IsOpen && taken.Count < MaximumLines && raw.Length < Lines.MaximumLength && NextLine(out var line))
        {
            taken.Add(line);
            if (line.Text is null) break;
            raw.Append('\n').Append(line.Text);
            record.GoOn(line.Text);
        }
        var isWhole = !record.IsOpen && !record.IsMalformed && record.Fields.Count == columns;
        if (isWhole) return Judge(number, raw.ToString());
        // The quote was not meant to hold all this: the first line alone is refused, and reading goes on after it.
        for (var i = taken.Count - 1; i >= 0; i--) pending.AddFirst(taken[i]);
        return new(number, first, null, "a quote is opened and not closed");
    }

    private Row Judge(long number, string raw)
    {
        if (record.IsMalformed) return new(number, raw, null, $"text follows the closing quote of column {record.Fields.Count}");
        if (record.Fields.Count != columns)
            return new(number, raw, null, $"{record.Fields.Count} columns, where the first line has {columns}");
        var inputs = new string?[places.Length];
        for (var i = 0; i < places.Length; i++) inputs[i] = places[i] < 0 ? standIns[i] : record.Fields[places[i]];
        return new(number, raw, inputs, null);
    }

    private bool NextLine(out Line line)
    {
        if (pending.First is not { } waiting) return lines.Next(out line);
        line = waiting.Value;
        pending.RemoveFirst();
        return true;
    }
}
