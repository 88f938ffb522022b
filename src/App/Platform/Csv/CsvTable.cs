using System.Text;
using CsvHelper;

namespace Laurel.App.Platform.Csv;

/// <summary>Comma-separated lines under a header: decimal points, quotes only where needed.</summary>
public static class CsvTable
{
    /// <summary>
    /// A text of somebody's making as a cell: a spreadsheet would run one that begins like a formula, so an apostrophe goes before it.
    /// </summary>
    public static string Text(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? "'" + text : text;

    /// <summary>A table to be kept as a file: with a byte order mark spreadsheets read the names right.</summary>
    public static IResult File(string table, string name) => Results.File(
        [.. new UTF8Encoding(true).GetPreamble(), .. Encoding.UTF8.GetBytes(table)], "text/csv; charset=utf-8", name);

    public static void Write(TextWriter output, ReadOnlySpan<string> header, IEnumerable<string[]> rows)
    {
        using var csv = CsvWriter.Create(output, leaveOpen: true);
        csv.WriteHeader(header);
        foreach (var row in rows) csv.WriteRecord(row);
        csv.Flush();
    }
}
