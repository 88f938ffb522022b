using Dapper;
using Microsoft.Data.Sqlite;

namespace Laurel.Storage;

/// <summary>
/// Looks at what a path names before it is opened, so that whoever named it is told what to do, and nothing foreign is written to.
/// </summary>
public static class SqliteFile
{
    private static ReadOnlySpan<byte> Beginning => "SQLite format 3\0"u8;

    /// <summary>What is wrong with the file as Laurel's database, as a sentence about it; null where it can be changed, or made.</summary>
    public static string? RefusesChange(string path) => Refusal(path, readable: false);

    /// <summary>What is wrong with reading it: it must be there, with the schema of this program.</summary>
    public static string? RefusesReading(string path) =>
        File.Exists(path) || Directory.Exists(path)
            ? Refusal(path, readable: true)
            : $"there is no database {path}; laurel apply SETUP.yaml or laurel serve makes it, or name another with --database";

    private static string? Refusal(string path, bool readable)
    {
        if (Directory.Exists(path)) return $"{path} is a folder; name a file in it with --database";
        if (!File.Exists(path)) return null;
        try
        {
            return BeginsAsOther(path) ? $"{path} is no database; name another file with --database" : Inside(path, readable);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            return $"{path} cannot be read: {Reason(failure)}";
        }
    }

    /// <summary>What went wrong, without the wrapping: "database disk image is malformed".</summary>
    public static string Reason(Exception failure) => failure is SqliteException { SqliteErrorCode: var code }
        ? SQLitePCL.raw.sqlite3_errstr(code).utf8_to_string()
        : failure.Message;

    /// <summary>An empty file becomes a database.</summary>
    private static bool BeginsAsOther(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> start = stackalloc byte[Beginning.Length];
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return read > 0 && !start.SequenceEqual(Beginning);
    }

    private static string? Inside(string path, bool readable)
    {
        // As every reader opens it: one that could not write would leave the log files behind.
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false,
                DefaultTimeout = 30
            }.ToString());
        connection.Open();
        var tables = connection.Query<string>("SELECT name FROM sqlite_master WHERE type = 'table'").ToHashSet(StringComparer.Ordinal);
        if (tables.Count == 0) return readable ? $"{path} is empty; apply a setup file to it first" : null;
        if (!tables.Contains("migration") || !tables.Contains("person"))
            return $"{path} is the database of another program; name another file with --database";
        var (written, known) = (connection.ExecuteScalar<long>("SELECT coalesce(max(number), 0) FROM migration"), Migrations.Newest);
        return written > known ? $"{path} was written by a newer Laurel (migration {written}; this one knows {known}); use that one"
            : readable && written < known
                ? $"{path} was written by an older Laurel; start laurel serve on it once, which brings it up to date"
            : null;
    }
}
