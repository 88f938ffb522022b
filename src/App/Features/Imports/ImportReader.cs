using Laurel.Engine.Activities;
using Laurel.Engine.Importing;

namespace Laurel.App.Features.Imports;

/// <summary>What was read at one place of a file.</summary>
/// <param name="Line">Counted from 1; where the row begins.</param>
/// <param name="Raw">The row as it stands in the file.</param>
public abstract record ReadItem(string File, long Line, string Raw);

public sealed record ReadActivity(string File, long Line, string Raw, IncomingActivity Activity) : ReadItem(File, Line, Raw);

/// <summary>A row, or one activity of it, that cannot be taken.</summary>
public sealed record ReadReject(string File, long Line, string Raw, string Reason) : ReadItem(File, Line, Raw);

/// <summary>From this line on nothing of the file can be read.</summary>
public sealed record UnreadableFile(string File, long Line, string Reason) : ReadItem(File, Line, "");

/// <summary>What has been read so far.</summary>
public sealed class ReadCounts(int ignoreRules)
{
    private readonly long[] ignored = new long[ignoreRules];

    /// <summary>Lines of data, also those that could not be read.</summary>
    public long Rows { get; internal set; }
    /// <summary>Rows that were no rows: broken JSON, wrong number of columns, not UTF-8.</summary>
    public long Broken { get; internal set; }
    /// <summary>Rows that a later one with the same key replaces.</summary>
    public long Replaced { get; internal set; }
    /// <summary>Rows that no activity of the mapping fits.</summary>
    public long Unmatched { get; internal set; }
    /// <summary>Rows per ignore rule of the mapping.</summary>
    public IReadOnlyList<long> Ignored => ignored;
    /// <summary>Activities whose local time never was, because clocks went forward.</summary>
    public long Gaps { get; internal set; }
    /// <summary>Activities whose local time was twice, because clocks went back.</summary>
    public long Overlaps { get; internal set; }
    /// <summary>Files that could not be read, or not to their end.</summary>
    public int UnreadableFiles { get; internal set; }

    internal void Ignore(int rule) => ignored[rule]++;
}

/// <summary>
/// Reads files by a mapping, row by row, in order. Where the mapping takes only the last row of each key, files are read twice and
/// one entry is kept per key, not per row; keys are looked at over all files together.
/// </summary>
/// <param name="shiftDays">Moves all times by whole local days, as the demonstration does.</param>
public sealed class ImportReader(Mapping mapping, IReadOnlyList<string> files, int shiftDays = 0)
{
    private readonly RowReader reader = new(mapping, shiftDays);
    // JSON writes numbers with a point, whatever other files of the mapping do.
    private readonly RowReader jsonReader = new(mapping with { Decimal = DecimalSign.Point }, shiftDays);
    private ImportFile? current;
    private long done;

    public ReadCounts Counts { get; } = new(mapping.Ignored.Count);
    public long TotalBytes { get; } = files.Sum(SizeOf) * (mapping.LastRowPer is null ? 1 : 2);
    /// <summary>How much of <see cref="TotalBytes"/> has been read.</summary>
    public long BytesRead => done + (current?.Position ?? 0);

    /// <param name="cancel">Ends the first pass, in which nothing is returned yet, and with it the reading.</param>
    public IEnumerable<ReadItem> Read(CancellationToken cancel = default)
    {
        var last = mapping.LastRowPer is null ? null : LastRows(cancel);
        if (last is not null && cancel.IsCancellationRequested) yield break;
        for (var file = 0; file < files.Count; file++)
            foreach (var item in ReadFile(file, last))
                yield return item;
    }

    private IEnumerable<ReadItem> ReadFile(int file, Dictionary<string, (int File, long Line)>? last)
    {
        var path = files[file];
        var rowReader = ImportFile.FormatOf(mapping, path) is FileFormat.Ndjson ? jsonReader : reader;
        foreach (var (row, refused) in RowsOf(path))
        {
            if (refused is not null)
            {
                Counts.UnreadableFiles++;
                yield return new UnreadableFile(path, refused.Line, refused.Message);
                continue;
            }
            Counts.Rows++;
            if (row.Inputs is not { } inputs)
            {
                Counts.Broken++;
                yield return new ReadReject(path, row.Line, row.Raw, row.Problem!);
                continue;
            }
            if (last is not null && reader.Key(inputs) is { } key && last[key] != (file, row.Line))
            {
                Counts.Replaced++;
                continue;
            }
            var reading = rowReader.Read(inputs);
            if (reading.IgnoredBy is { } rule) Counts.Ignore(rule);
            else if (reading.Items.Count == 0) Counts.Unmatched++;
            foreach (var item in reading.Items) yield return Item(path, row, item);
        }
    }

    private ReadItem Item(string path, Row row, RowItem item)
    {
        if (item.Activity is not { } activity) return new ReadReject(path, row.Line, row.Raw, item.Reason!);
        if (item.Clock is ClockChange.Gap) Counts.Gaps++;
        if (item.Clock is ClockChange.Overlap) Counts.Overlaps++;
        return new ReadActivity(path, row.Line, row.Raw, activity);
    }

    private Dictionary<string, (int File, long Line)> LastRows(CancellationToken cancel)
    {
        var last = new Dictionary<string, (int File, long Line)>(StringComparer.Ordinal);
        for (var file = 0; file < files.Count; file++)
            foreach (var (row, _) in RowsOf(files[file]))
            {
                if (cancel.IsCancellationRequested) return last;
                if (row.Inputs is { } inputs && reader.Key(inputs) is { } key) last[key] = (file, row.Line);
            }
        return last;
    }

    private IEnumerable<(Row Row, FileRefused? Refused)> RowsOf(string path)
    {
        var (rows, broken) = Open(path);
        var line = 0L;
        while (rows is not null && Advance(rows, line, out var row, out broken))
        {
            line = row.Line;
            yield return (row, null);
        }
        if (broken is not null) yield return (default, broken);
        current?.Dispose();
        current = null;
        done += SizeOf(path);
    }

    private (Rows? Rows, FileRefused? Broken) Open(string path)
    {
        try
        {
            current = new(path);
            return (current.Rows(mapping, path), null);
        }
        catch (Exception broken) when (Refusal(broken, 1) is not null)
        {
            return (null, Refusal(broken, 1));
        }
    }

    private static bool Advance(Rows rows, long line, out Row row, out FileRefused? broken)
    {
        (row, broken) = (default, null);
        try
        {
            return rows.Next(out row);
        }
        catch (Exception failed) when (Refusal(failed, line + 1) is not null)
        {
            broken = Refusal(failed, line + 1);
            return false;
        }
    }

    /// <summary>What outside troubles mean for the user; null for a defect, which is not caught.</summary>
    internal static FileRefused? Refusal(Exception exception, long line) => exception switch
    {
        FileRefused refused => refused,
        InvalidDataException or EndOfStreamException => new(line, "the gzip data is damaged or cut off here"),
        FileNotFoundException or DirectoryNotFoundException => new(0, "there is no such file"),
        IOException or UnauthorizedAccessException => new(line, exception.Message),
        _ => null,
    };

    private static long SizeOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
