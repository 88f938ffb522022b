using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Laurel.Storage;

/// <summary>
/// Statements over SQLite's own interface: Microsoft.Data.Sqlite's commands cost 20 to 40 % more (docs/decisions/0005). The connection
/// stays that of Microsoft.Data.Sqlite, which opens, pools and keeps its transactions.
/// </summary>
internal sealed class SqliteStatements(SqliteConnection connection) : Statements
{
    protected override Statement Prepare(string sql) => new SqliteStatement(connection.Handle!, sql);

    public override int Insert(Rows rows, string tail = "")
    {
        var statement = this[Sql(rows, tail)];
        var written = 0;
        for (var row = 0; row < rows.Count; row++) written += statement.Bind(rows[row]).Run();
        return written;
    }

    public override void Insert(Rows rows, string tail, Action<Reader> each)
    {
        var statement = this[Sql(rows, tail)];
        for (var row = 0; row < rows.Count; row++)
        {
            using var written = statement.Bind(rows[row]).Read();
            while (written.Next()) each(written);
        }
    }

    public override void Delete(Rows keys)
    {
        var statement = this[$"DELETE FROM {keys.Table} WHERE {Matching(keys, "")}"];
        for (var row = 0; row < keys.Count; row++) statement.Bind(keys[row]).Run();
    }

    public override bool[] InsertNew(Rows rows)
    {
        var statement = this[Sql(rows, "ON CONFLICT DO NOTHING")];
        var fresh = new bool[rows.Count];
        for (var row = 0; row < rows.Count; row++) fresh[row] = statement.Bind(rows[row]).Run() == 1;
        return fresh;
    }

    public override void Look(string columns, string table, Rows keys, Action<Reader> each, string where = "")
    {
        var on = where == "" ? Matching(keys, "t.") : $"{Matching(keys, "t.")} AND {where}";
        var statement = this[$"SELECT {columns} FROM {table} t WHERE {on}"];
        for (var row = 0; row < keys.Count; row++)
        {
            using var found = statement.Bind(keys[row]).Read();
            while (found.Next()) each(found);
        }
    }

    private static string Matching(Rows keys, string prefix) =>
        string.Join(" AND ", keys.Names.Select((name, i) => $"{prefix}{name} = @{i}"));

    private static string Sql(Rows rows, string tail)
    {
        var values = string.Join(", ", Enumerable.Range(0, rows.Width).Select(i => $"@{i}"));
        return $"INSERT INTO {rows.Table} ({string.Join(", ", rows.Names)}) VALUES ({values}) {tail}";
    }
}

internal sealed class SqliteStatement : Statement
{
    private readonly sqlite3 handle;
    private readonly sqlite3_stmt statement;
    /// <summary>SQLite numbers parameters by their first place in the text.</summary>
    private readonly int[] places;

    public SqliteStatement(sqlite3 handle, string sql)
    {
        this.handle = handle;
        Check(raw.sqlite3_prepare_v3(handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement));
        places = [.. Enumerable.Range(0, raw.sqlite3_bind_parameter_count(statement))
            .Select(i => raw.sqlite3_bind_parameter_index(statement, $"@{i}"))];
    }

    public override Statement Bind(params ReadOnlySpan<Value> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            Check(value.IsInteger ? raw.sqlite3_bind_int64(statement, places[i], value.Number)
                : value.Reference is byte[] bytes ? raw.sqlite3_bind_blob(statement, places[i], bytes)
                : value.Reference is string text ? raw.sqlite3_bind_text(statement, places[i], text)
                : raw.sqlite3_bind_null(statement, places[i]));
        }
        return this;
    }

    public override int Run()
    {
        var code = raw.sqlite3_step(statement);
        var again = raw.sqlite3_reset(statement);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW)) Check(again != raw.SQLITE_OK ? again : code);
        return raw.sqlite3_changes(handle);
    }

    public override Reader Read() => new SqliteReader(this);

    public override void Dispose() => statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(code, handle);
    }

    private sealed class SqliteReader(SqliteStatement of) : Reader
    {
        public override bool Next()
        {
            var code = raw.sqlite3_step(of.statement);
            if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE)) of.Check(code);
            return code == raw.SQLITE_ROW;
        }

        public override bool IsNull(int column) => raw.sqlite3_column_type(of.statement, column) == raw.SQLITE_NULL;
        public override long Number(int column) => raw.sqlite3_column_int64(of.statement, column);
        public override string Text(int column) => raw.sqlite3_column_text(of.statement, column).utf8_to_string();
        public override byte[] Bytes(int column) => raw.sqlite3_column_blob(of.statement, column).ToArray();

        /// <summary>Errors were thrown by <see cref="Next"/>; resetting repeats the last one.</summary>
        public override void Dispose() => raw.sqlite3_reset(of.statement);
    }
}
