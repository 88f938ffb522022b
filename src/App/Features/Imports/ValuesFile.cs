using System.Globalization;
using Laurel.App.Features.Metrics;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Imports;

/// <summary>A row of a file of values.</summary>
public sealed record ReadValue(string File, long Line, string Raw, string Metric, ExternalValue Value) : ReadItem(File, Line, Raw);

/// <summary>
/// A file of values of external metrics: its first line names the columns person, date and value, and may name metric, count, type and
/// id; others are left alone. Separated by commas, or by semicolons or tabs, where numbers may have a decimal comma.
/// </summary>
/// <param name="metric">The metric of a file without that column.</param>
public sealed class ValuesFile(string path, string? metric)
{
    private static readonly string[] Columns = ["person", "date", "value", "metric", "count", "type", "id"];

    public long Rows { get; private set; }
    /// <summary>Whether it could not be read, or not to its end.</summary>
    public bool Unreadable { get; private set; }

    public IEnumerable<ReadItem> Read()
    {
        var (delimiter, file, rows, refused) = Open();
        using (file)
            while (rows is not null && Advance(rows, ref refused) is { } row)
            {
                Rows++;
                yield return row.Inputs is { } inputs
                    ? Item(row, inputs, delimiter)
                    : new ReadReject(path, row.Line, row.Raw, row.Problem!);
            }
        if (refused is null) yield break;
        Unreadable = true;
        yield return new UnreadableFile(path, refused.Line, refused.Message);
    }

    private (char Delimiter, ImportFile? File, Rows? Rows, FileRefused? Refused) Open()
    {
        ImportFile? file = null;
        try
        {
            var delimiter = ImportFile.DelimiterOf(path);
            file = new(path);
            return (delimiter, file, file.Table(delimiter, Columns, StandIn), null);
        }
        catch (Exception failure) when (ImportReader.Refusal(failure, 1) is not null)
        {
            file?.Dispose();
            return (default, null, null, ImportReader.Refusal(failure, 1));
        }
    }

    private string? StandIn(string column) => column switch
    {
        "metric" => metric,
        "count" or "type" or "id" => "",
        _ => null,
    };

    private static Row? Advance(Rows rows, ref FileRefused? refused)
    {
        try
        {
            return rows.Next(out var row) ? row : null;
        }
        catch (Exception failure) when (ImportReader.Refusal(failure, 0) is not null)
        {
            refused = ImportReader.Refusal(failure, 0);
            return null;
        }
    }

    private ReadItem Item(Row row, string?[] inputs, char delimiter)
    {
        var cells = Array.ConvertAll(inputs, text => text?.Trim() ?? "");
        decimal? value = null;
        if (cells[2].Length > 0)
        {
            var number = delimiter == ',' || cells[2].Contains('.', StringComparison.Ordinal) ? cells[2] : cells[2].Replace(',', '.');
            if (Amount.Parse(number) is not { } amount) return Refused($"value: '{cells[2]}' is no number that can be counted");
            value = amount.ToDecimal();
        }
        long? count = null;
        if (cells[4].Length > 0)
        {
            if (!long.TryParse(cells[4], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return Refused($"count: '{cells[4]}' is no whole number");
            count = number;
        }
        return new ReadValue(path, row.Line, row.Raw, cells[3],
            new(cells[0], cells[1], value, Given(cells[5]), Given(cells[6]), count));

        ReadReject Refused(string why) => new(path, row.Line, row.Raw, why);
    }

    private static string? Given(string cell) => cell.Length > 0 ? cell : null;
}
