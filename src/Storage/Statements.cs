using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Laurel.Storage;

/// <summary>
/// Prepared commands of one connection, for the hot path; anything else uses Dapper. Parameters are bound by position and
/// written @0, @1 ... in the text. They run in the connection's open transaction.
/// </summary>
public abstract class Statements : IDisposable
{
    private static readonly ConditionalWeakTable<DbConnection, Statements> Kept = [];
    private readonly Dictionary<string, Statement> prepared = new(StringComparer.Ordinal);

    /// <summary>Those of a connection; they are let go with it.</summary>
    public static Statements Of(DbConnection connection) => Kept.GetValue(connection, Begin);

    private static Statements Begin(DbConnection connection)
    {
        Statements statements = connection switch
        {
            SqliteConnection sqlite => new SqliteStatements(sqlite),
            NpgsqlConnection postgres => new PostgresStatements(postgres),
            _ => throw new ArgumentException($"No statements for {connection.GetType().Name}.", nameof(connection)),
        };
        // A connection of a pool comes back under another name; what was prepared on it goes with this one.
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState == ConnectionState.Closed && Kept.Remove(connection)) statements.Dispose();
        };
        return statements;
    }

    public Statement this[string sql] => prepared.TryGetValue(sql, out var known) ? known : prepared[sql] = Prepare(sql);

    protected abstract Statement Prepare(string sql);

    /// <summary>
    /// Writes many rows of one table; <paramref name="tail"/> says what happens to those that are there already (ON CONFLICT ...).
    /// Says how many rows were written or changed.
    /// </summary>
    public abstract int Insert(Rows rows, string tail = "");

    /// <summary>Writes the rows whose key, the first two columns (an integer and bytes), is new; says of each whether it was.</summary>
    public abstract bool[] InsertNew(Rows rows);

    /// <summary>The same, reading what <paramref name="tail"/> gives back of each row that was written (... RETURNING ...).</summary>
    public abstract void Insert(Rows rows, string tail, Action<Reader> each);

    /// <summary>Removes the rows of a table that have these keys, the columns of <paramref name="keys"/>.</summary>
    public abstract void Delete(Rows keys);

    /// <summary>
    /// Finds rows of a table by many keys at once, the columns of <paramref name="keys"/>. In <paramref name="columns"/>, and in
    /// <paramref name="where"/>, which says what else must hold, the table is t.
    /// </summary>
    public abstract void Look(string columns, string table, Rows keys, Action<Reader> each, string where = "");

    public virtual void Dispose()
    {
        foreach (var statement in prepared.Values) statement.Dispose();
        prepared.Clear();
        GC.SuppressFinalize(this);
    }
}

/// <summary>One prepared command. Bind, then run or read to the end, before it is bound again.</summary>
public abstract class Statement : IDisposable
{
    public abstract Statement Bind(params ReadOnlySpan<Value> values);

    /// <summary>How many rows it changed.</summary>
    public abstract int Run();

    /// <summary>The rows that it gives; dispose them before the statement is used again.</summary>
    public abstract Reader Read();

    /// <summary>The first column of the first row; null without a row, or where it is null.</summary>
    public long? Number()
    {
        using var rows = Read();
        return rows.Next() ? rows.NumberOrNull(0) : null;
    }

    public abstract void Dispose();
}

/// <summary>Rows as they come, by position of the column.</summary>
public abstract class Reader : IDisposable
{
    public abstract bool Next();
    public abstract bool IsNull(int column);
    public abstract long Number(int column);
    public abstract string Text(int column);
    public abstract byte[] Bytes(int column);
    public abstract void Dispose();

    public long? NumberOrNull(int column) => IsNull(column) ? null : Number(column);
}

/// <summary>
/// Rows to be written by one statement. On SQLite they run one by one through a prepared statement, on PostgreSQL as typed arrays in one
/// round trip.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="columns">Its columns in the order of the values, each with its type: bigint, text or bytea.</param>
public sealed class Rows(string table, params string[] columns)
{
    private readonly List<Value> values = [];

    public string Table { get; } = table;
    public int Width { get; } = columns.Length;
    public int Count => values.Count / Width;

    internal IEnumerable<string> Names => columns.Select(c => c[..c.IndexOf(' ', StringComparison.Ordinal)]);
    internal IEnumerable<string> Types => columns.Select(c => c[(c.IndexOf(' ', StringComparison.Ordinal) + 1)..]);

    /// <summary>Makes room at once for so many rows more.</summary>
    public void Expect(int rows) => values.EnsureCapacity(values.Count + (rows * Width));

    public void Add(params ReadOnlySpan<Value> row)
    {
        if (row.Length != Width) throw new ArgumentException($"{Table} has {Width} columns here, the row {row.Length}.", nameof(row));
        values.AddRange(row);
    }

    internal ReadOnlySpan<Value> this[int row] =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values).Slice(row * Width, Width);
}
