using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Laurel.Storage;

/// <summary>What the two databases say differently. Everything else is one SQL text for both.</summary>
public abstract record Dialect
{
    public static readonly Dialect Sqlite = new SqliteDialect();
    public static readonly Dialect Postgres = new PostgresDialect();

    public static Dialect Of(DbConnection connection) => connection is SqliteConnection ? Sqlite : Postgres;

    /// <summary>As it ends the name of a migration that only this database needs.</summary>
    public abstract string Name { get; }

    /// <summary>What a SELECT ends with that keeps its rows for this transaction.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>The same, leaving out rows that somebody else keeps.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>
    /// A condition that what the node in a column claimed is free: it can be seen to have gone. A node is seen by a lock that its
    /// connection for hearing others holds (<see cref="PostgresDatabase.Listen"/>).
    /// </summary>
    public abstract string IsGone(string column);

    /// <summary>What a claim sets beside its time: the node that asks, where it can be seen.</summary>
    public abstract string Claimed { get; }

    /// <summary>Tells other nodes something when the transaction has been committed; up to 7,000 bytes.</summary>
    public abstract void Tell(DbConnection connection, DbTransaction? transaction, string news);

    /// <summary>A condition that the column is one of an array, the parameter.</summary>
    public abstract string Among(string column, string parameter);

    /// <summary>Whether other processes write to the same database, so that what a process remembers of it may be stale.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Fills in the words that migrations write in braces.</summary>
    public abstract string Schema(string sql);

    /// <summary>
    /// Keys for new activities, ascending. Taken after the rules are locked, so that every activity with a lesser key has been
    /// committed when somebody holds the rules alone.
    /// </summary>
    public abstract IReadOnlyList<long> ActivityKeys(DbConnection connection, DbTransaction transaction, int count);

    /// <summary>Waits for a lock by number that the transaction then holds, alone or with others who share it.</summary>
    public abstract void Lock(DbConnection connection, DbTransaction transaction, long number, bool shared);

    /// <summary>Keeps rows for this transaction, in the order of their keys.</summary>
    public abstract void LockRows(DbConnection connection, DbTransaction transaction, string table, IReadOnlyCollection<long> keys);
}

/// <summary>The embedded database. Its one writer needs no locks.</summary>
public sealed record SqliteDialect : Dialect
{
    public override string Name => "sqlite";
    public override string ForUpdate => "";
    public override string SkipLocked => "";
    public override bool IsShared => false;
    // It has no other node.
    public override string IsGone(string column) => "FALSE";
    public override string Claimed => "";
    public override string Among(string column, string parameter) => $"{column} IN @{parameter}";
    public override void Tell(DbConnection connection, DbTransaction? transaction, string news) { }

    public override string Schema(string sql) => sql
        .Replace("{key}", "INTEGER PRIMARY KEY", StringComparison.Ordinal)
        .Replace("{blob}", "BLOB", StringComparison.Ordinal)
        .Replace("{clustered}", "WITHOUT ROWID", StringComparison.Ordinal);

    // Kept as a number of its own: the newest activity may be taken back, and its key must not come again.
    public override IReadOnlyList<long> ActivityKeys(DbConnection connection, DbTransaction transaction, int count)
    {
        var statements = Statements.Of(connection);
        var next = statements["SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'next-activity'"].Bind().Number()
            ?? (statements["SELECT max(key) FROM activity"].Bind().Number() ?? 0) + 1;
        statements["INSERT INTO setting (name, value) VALUES ('next-activity', @0) ON CONFLICT (name) DO UPDATE SET value = excluded.value"]
            .Bind((next + count).ToString(CultureInfo.InvariantCulture)).Run();
        var keys = new long[count];
        for (var i = 0; i < count; i++) keys[i] = next + i;
        return keys;
    }

    public override void Lock(DbConnection connection, DbTransaction transaction, long number, bool shared) { }
    public override void LockRows(DbConnection connection, DbTransaction transaction, string table, IReadOnlyCollection<long> keys) { }
}

/// <summary>The database for more than one machine.</summary>
public sealed partial record PostgresDialect : Dialect
{
    public override string Name => "postgres";
    public override string ForUpdate => " FOR UPDATE";
    public override string SkipLocked => " FOR UPDATE SKIP LOCKED";
    public override bool IsShared => true;

    /// <summary>The first half of the locks by which nodes are seen; the second is the node's number.</summary>
    internal const int Nodes = 1_818_326_898;
    private const string Seen = "FROM pg_locks WHERE locktype = 'advisory' AND classid = 1818326898 AND objsubid = 2 AND granted "
        + "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objid::bigint =";
    private const string Own = "('x' || right(current_setting('application_name'), 7))::bit(28)::int::bigint";

    public override string IsGone(string column) => $"({column} <> 0 AND NOT EXISTS (SELECT 1 {Seen} {column}))";
    public override string Claimed => $", node = CASE WHEN EXISTS (SELECT 1 {Seen} {Own}) THEN {Own} ELSE 0 END";

    public override string Among(string column, string parameter) => $"{column} = ANY(@{parameter})";

    // The name of the node goes before: it need not be told what it says itself.
    public override void Tell(DbConnection connection, DbTransaction? transaction, string news) => connection.Execute(
        "SELECT pg_notify('laurel', current_setting('application_name') || ' ' || @news)", new { news }, transaction);

    // Whole numbers are 64 bits wide and texts are ordered by their bytes as in SQLite, so that both are read alike.
    public override string Schema(string sql) => Text().Replace(Integer().Replace(sql
        .Replace("{key}", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY", StringComparison.Ordinal)
        .Replace("{blob}", "BYTEA", StringComparison.Ordinal)
        .Replace("{clustered}", "", StringComparison.Ordinal), "BIGINT"), "TEXT COLLATE \"C\"");

    public override IReadOnlyList<long> ActivityKeys(DbConnection connection, DbTransaction transaction, int count)
    {
        var keys = new List<long>(count);
        using var rows = Statements.Of(connection)["SELECT nextval('activity_key_seq') FROM generate_series(1, @0)"].Bind(count).Read();
        while (rows.Next()) keys.Add(rows.Number(0));
        return keys;
    }

    public override void Lock(DbConnection connection, DbTransaction transaction, long number, bool shared) =>
        connection.Execute($"SELECT pg_advisory_xact_lock{(shared ? "_shared" : "")}(@number)", new { number }, transaction);

    public override void LockRows(DbConnection connection, DbTransaction transaction, string table, IReadOnlyCollection<long> keys)
    {
        if (keys.Count == 0) return;
        connection.Execute(
            $"SELECT key FROM {table} WHERE key = ANY(@keys) ORDER BY key FOR NO KEY UPDATE",
            new { keys = keys.Distinct().Order().ToArray() }, transaction);
    }

    [GeneratedRegex(@"\bINTEGER\b", RegexOptions.None, 1000)]
    private static partial Regex Integer();

    [GeneratedRegex(@"\bTEXT\b", RegexOptions.None, 1000)]
    private static partial Regex Text();
}
