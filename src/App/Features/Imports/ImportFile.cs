using System.IO.Compression;
using Laurel.Engine.Importing;

namespace Laurel.App.Features.Imports;

/// <summary>One file to import, plain or gzip: told apart by its first bytes, whatever it is called.</summary>
internal sealed class ImportFile : IDisposable
{
    // A cut-off gzip is told by a run-time option that Directory.Build.props sets.
    private readonly FileStream file;
    private readonly Stream text;

    public ImportFile(string path)
    {
        file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
        Span<byte> signature = stackalloc byte[2];
        var isGzip = file.ReadAtLeast(signature, 2, throwOnEndOfStream: false) == 2 && signature is [0x1F, 0x8B];
        file.Position = 0;
        text = isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Bytes of the file as it lies on disk that have been read.</summary>
    public long Position => file.Position;

    public Rows Rows(Mapping mapping, string path)
    {
        var lines = new Lines(text);
        var given = mapping.Inputs.Contains(Mapping.FileColumn, StringComparer.Ordinal) ? BareName(path) : null;
        return FormatOf(mapping, path) switch
        {
            FileFormat.Ndjson => new NdjsonRows(lines, mapping.Inputs, Given),
            FileFormat.Tsv => new DelimitedRows(lines, '\t', mapping.Quotes ?? false, mapping.Inputs, Given),
            FileFormat.Csv => new DelimitedRows(lines, mapping.Delimiter, mapping.Quotes ?? true, mapping.Inputs, Given),
        };

        string? Given(string name) => string.Equals(name, Mapping.FileColumn, StringComparison.Ordinal) ? given : null;
    }

    /// <summary>The rows of a file whose first line names its columns, read as CSV is by whatever separates them.</summary>
    public Rows Table(char delimiter, IReadOnlyList<string> columns, Func<string, string?> given) =>
        new DelimitedRows(new(text), delimiter, quotes: true, columns, given);

    /// <summary>What separates the names of the columns in the first line: a tab, or a semicolon where there is no comma.</summary>
    public static char DelimiterOf(string path)
    {
        using var opened = new ImportFile(path);
        if (!new Lines(opened.text).Next(out var first) || first.Text is not { } names) return ',';
        return names.Contains('\t', StringComparison.Ordinal) ? '\t'
            : names.Contains(';', StringComparison.Ordinal) && !names.Contains(',', StringComparison.Ordinal) ? ';' : ',';
    }

    /// <summary>january.txt.gz: january</summary>
    public static string BareName(string path)
    {
        var name = Path.GetFileName(path);
        var dot = name.IndexOf('.', 1);
        return dot < 0 ? name : name[..dot];
    }

    public static FileFormat FormatOf(Mapping mapping, string path) => mapping.Format ?? FormatOf(path);

    public static FileFormat FormatOf(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".TSV" or ".TAB" => FileFormat.Tsv,
            ".NDJSON" or ".JSONL" => FileFormat.Ndjson,
            _ => FileFormat.Csv,
        };
    }

    public void Dispose()
    {
        text.Dispose();
        file.Dispose();
    }
}
