using System.Data.Common;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Laurel.Storage;

/// <summary>A database in memory, to try something out on; it is gone when it is disposed.</summary>
public sealed class MemoryDatabase : Database
{
    private static int made;

    private readonly string connect = new SqliteConnectionStringBuilder
    {
        DataSource = "laurel-" + Interlocked.Increment(ref made).ToString(CultureInfo.InvariantCulture),
        Mode = SqliteOpenMode.Memory, Cache = SqliteCacheMode.Shared, Pooling = false,
    }.ToString();
    private readonly DbConnection held;

    // It lives as long as one connection to it does.
    public MemoryDatabase() => held = Open();

    public override Dialect Dialect => Dialect.Sqlite;
    public override string Place => "memory";
    public override DbConnection Read() => Open();
    public override DbTransaction Snapshot(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: true);
    protected override DbConnection OpenWriter() => Open();

    /// <summary>Copies tables of another database, as of one moment; what is not there, because its schema is older, stays empty.</summary>
    /// <param name="tables">With how many rows at most, or all.</param>
    public void Fill(Database from, IReadOnlyList<(string Table, int? Rows)> tables)
    {
        // Asking for a table that is not there may end a transaction: that is asked outside of it.
        using var asked = from.Read();
        using var source = from.Read();
        using var view = from.Snapshot(source);
        Write((connection, transaction) =>
        {
            // A new database has rows of its own, such as settings: the copy has those of its source.
            foreach (var (table, rows) in tables)
            {
                var known = Columns(asked, null, table).Intersect(Columns(connection, transaction, table), StringComparer.Ordinal).ToList();
                if (known.Count > 0) Copy(source, view, connection, transaction, table, string.Join(", ", known), rows);
            }
        });
    }

    private static void Copy(
        DbConnection source, DbTransaction view, DbConnection target, DbTransaction transaction, string table, string columns, int? rows)
    {
        target.Execute($"DELETE FROM {table}", transaction: transaction);
        using var reader = source.ExecuteReader($"SELECT {columns} FROM {table}" + (rows is null ? "" : $" LIMIT {rows}"),
            transaction: view);
        using var insert = target.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText =
            $"INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", Enumerable.Range(0, reader.FieldCount).Select(i => $"@{i}"))})";
        for (var i = 0; i < reader.FieldCount; i++)
        {
            var parameter = insert.CreateParameter();
            parameter.ParameterName = $"@{i}";
            insert.Parameters.Add(parameter);
        }
        while (reader.Read())
        {
            for (var i = 0; i < reader.FieldCount; i++) insert.Parameters[i].Value = reader.GetValue(i);
            insert.ExecuteNonQuery();
        }
    }

    /// <summary>None where there is no such table.</summary>
    private static List<string> Columns(DbConnection connection, DbTransaction? transaction, string table)
    {
        try
        {
            using var reader = connection.ExecuteReader($"SELECT * FROM {table} LIMIT 0", transaction: transaction);
            return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        }
        catch (DbException)
        {
            return [];
        }
    }

    private DbConnection Open()
    {
        var connection = new SqliteConnection(connect);
        connection.Open();
        return connection;
    }

    public override void Dispose()
    {
        base.Dispose();
        held.Dispose();
    }
}
