using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.Storage;

namespace Laurel.App.Features.Imports;

/// <summary>A file as a run found it.</summary>
/// <param name="Sha256">Its fingerprint, as sha256sum prints it.</param>
public sealed record FileRead(string Name, long Bytes, string Sha256)
{
    public static FileRead Of(string path)
    {
        using var file = File.OpenRead(path);
        return new(Path.GetFileName(path), file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }
}

/// <summary>A run that found no row in any file has read nothing.</summary>
public enum ImportState { Running, BrokenOff, Ended, Unread, HalfUndone, Undone }

/// <summary>A run of <c>laurel import</c> as it is kept.</summary>
/// <param name="Rows">Rows of the files; the answers count activities.</param>
/// <param name="Voided">Taken back of those that counted.</param>
/// <param name="Dropped">Taken back of those that waited for their person.</param>
public sealed record RecordedImport(
    long Number, string Source, FileRead Mapping, IReadOnlyList<FileRead> Files, string By, DateTimeOffset BegunAt, DateTimeOffset? EndedAt,
    long AfterActivity, long Rows, long Accepted, long Duplicate, long Held, long Rejected, DateTimeOffset? UndoBegunAt,
    DateTimeOffset? UndoneAt, long Voided, long Dropped)
{
    /// <summary>What it was the first to say.</summary>
    public long Brought => Accepted + Held;

    /// <summary>Of what it brought, what an undo does not touch: something else has been said about it.</summary>
    public long Kept => Brought - Voided - Dropped;

    /// <summary>It has not ended, and nobody is there any more who could end it.</summary>
    public bool IsBrokenOff { get; init; }

    public ImportState State => UndoneAt is not null ? ImportState.Undone : UndoBegunAt is not null ? ImportState.HalfUndone
        : EndedAt is null ? IsBrokenOff ? ImportState.BrokenOff : ImportState.Running : Rows == 0 ? ImportState.Unread : ImportState.Ended;

    public string FileNames => string.Join(", ", Files.Select(f => f.Name));
}

/// <summary>The record of what was imported.</summary>
public sealed class ImportStore(Database database, TimeProvider time)
{
    /// <summary>Shared by runs, held alone by who takes one back: so that neither meets the other half done.</summary>
    private const long Lock = 2;

    /// <summary>Null while one is being taken back by somebody else.</summary>
    public IDisposable? WhileRunning() => database.TryHold(Lock, shared: true);

    /// <summary>Null while any runs, or is being taken back by somebody else.</summary>
    public IDisposable? WhileUndoing() => database.TryHold(Lock, shared: false);

    /// <summary>Notes that a run begins; its number.</summary>
    public long Begin(string source, FileRead mapping, IReadOnlyList<FileRead> files, string by) => database.Write((c, t) =>
    {
        var number = c.ExecuteScalar<long>(
            """
            INSERT INTO import (source, mapping, mapping_sha256, files, begun_by, begun_at, after_activity)
            VALUES (@source, @Name, @Sha256, @told, @by, @now, coalesce((SELECT max(key) FROM activity), 0)) RETURNING key
            """, new { source, mapping.Name, mapping.Sha256, told = JsonSerializer.Serialize(files), by, now = Now }, t);
        Audit.Write(c, t, Actor.CommandLine, Now, "import.begun",
            $"{number.ToString(CultureInfo.InvariantCulture)}: {string.Join(", ", files.Select(f => f.Name))}",
            new("sources", null, source), new("begun-by", null, by));
        return number;
    });

    /// <summary>Notes that it ended, at the end of its files or before.</summary>
    /// <param name="rejected">Also rows that never became activities.</param>
    public void End(long number, long rows, long rejected) => database.Write((c, t) =>
    {
        c.Execute("UPDATE import SET ended_at = @now, read_rows = @rows, rejected = @rejected WHERE key = @number",
            new { number, rows, rejected, now = Now }, t);
        if (c.QueryFirstOrDefault<Row>("SELECT * FROM import WHERE key = @number", new { number }, t)?.Read() is { } ended)
            Audit.Write(c, t, Actor.CommandLine, Now, "import.ended", $"{number.ToString(CultureInfo.InvariantCulture)}: {ended.FileNames}",
                new("accepted", null, Said(ended.Accepted)), new("duplicate", null, Said(ended.Duplicate)),
                new("held", null, Said(ended.Held)), new("rejected", null, Said(ended.Rejected)));
    });

    private static string Said(long count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>All of them, or a page, the newest first.</summary>
    public IReadOnlyList<RecordedImport> List(int most = int.MaxValue, int skip = 0)
    {
        using var connection = database.Read();
        return [.. connection.Query<Row>("SELECT * FROM import ORDER BY key DESC LIMIT @most OFFSET @skip", new { most, skip })
            .Select(r => r.Read())
            .Select(i => i.EndedAt is null ? i with { IsBrokenOff = !database.MayBeHeldSince(Lock, i.BegunAt) } : i)];
    }

    public int Count()
    {
        using var connection = database.Read();
        return connection.ExecuteScalar<int>("SELECT count(*) FROM import");
    }

    public RecordedImport? Find(long number)
    {
        using var connection = database.Read();
        return connection.QueryFirstOrDefault<Row>("SELECT * FROM import WHERE key = @number", new { number })?.Read();
    }

    /// <summary>One whose undoing broke off; null where there is none.</summary>
    public long? HalfUndone()
    {
        using var connection = database.Read();
        return connection.ExecuteScalar<long?>("SELECT min(key) FROM import WHERE undo_begun_at IS NOT NULL AND undone_at IS NULL");
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record Row
    {
        public long Key { get; init; }
        public string Source { get; init; } = "";
        public string Mapping { get; init; } = "";
        public string MappingSha256 { get; init; } = "";
        public string Files { get; init; } = "";
        public string BegunBy { get; init; } = "";
        public long BegunAt { get; init; }
        public long? EndedAt { get; init; }
        public long AfterActivity { get; init; }
        public long ReadRows { get; init; }
        public long Accepted { get; init; }
        public long Duplicate { get; init; }
        public long Held { get; init; }
        public long Rejected { get; init; }
        public long? UndoBegunAt { get; init; }
        public long? UndoneAt { get; init; }
        public long Voided { get; init; }
        public long Dropped { get; init; }

        public RecordedImport Read() => new(Key, Source, new(Mapping, 0, MappingSha256), JsonSerializer.Deserialize<List<FileRead>>(Files)!,
            BegunBy, At(BegunAt), EndedAt is { } ended ? At(ended) : null, AfterActivity, ReadRows, Accepted, Duplicate, Held, Rejected,
            UndoBegunAt is { } begun ? At(begun) : null, UndoneAt is { } undone ? At(undone) : null, Voided, Dropped);

        private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
    }
}
