using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Laurel.Storage;

/// <summary>The embedded database: one file, owned by one process at a time.</summary>
public sealed class SqliteDatabase(string path) : Database
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);
    public override Dialect Dialect => Dialect.Sqlite;

    public override string Place => Path;

    // What the clock of files rounds away is no other owner.
    public override bool MayBeHeldSince(long number, DateTimeOffset since) =>
        DatabaseOwner.HeldSince(Path) is { } held && held <= since.AddSeconds(1);

    public override DbConnection Read()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = SqliteOpenMode.ReadWrite,
            DefaultTimeout = 30,
        }.ToString());
        connection.Open();
        return connection;
    }

    // Deferred: an immediate one, the default, would take the writer's place.
    public override DbTransaction Snapshot(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: true);

    protected override DbConnection OpenWriter()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        // Unpooled: a pooled writer would keep the log file alive after the database was closed.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = 30,
        }.ToString());
        connection.Open();
        connection.Execute("""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -65536;
            PRAGMA wal_autocheckpoint = 8000;
            """);
        return connection;
    }

    public override void Dispose()
    {
        base.Dispose();
        using var pooled = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = SqliteOpenMode.ReadWrite,
            DefaultTimeout = 30,
        }.ToString());
        SqliteConnection.ClearPool(pooled);
    }
}
