using CsvHelper;

namespace Laurel.App.Platform.Csv;

/// <summary>Comma-separated lines under a header: decimal points, quotes only where needed.</summary>
public static class CsvTable
{
    public static void Write(TextWriter output, ReadOnlySpan<string> header, IEnumerable<string[]> rows)
    {
        using var csv = CsvWriter.Create(output, leaveOpen: true);
        csv.WriteHeader(header);
        foreach (var row in rows) csv.WriteRecord(row);
        csv.Flush();
    }
}
