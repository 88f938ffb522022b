using Npgsql;
using NpgsqlTypes;

namespace Laurel.Storage;

/// <summary>Prepared commands of PostgreSQL; many rows go as typed arrays in one round trip.</summary>
internal sealed class PostgresStatements(NpgsqlConnection connection) : Statements
{
    protected override Statement Prepare(string sql) => new PostgresStatement(connection, sql);

    public override int Insert(Rows rows, string tail = "")
    {
        if (rows.Count == 0) return 0;
        using var command = Insertion(rows, tail);
        return command.ExecuteNonQuery();
    }

    public override void Insert(Rows rows, string tail, Action<Reader> each)
    {
        if (rows.Count == 0) return;
        using var command = Insertion(rows, tail);
        using var reader = new PostgresReader(command.ExecuteReader());
        while (reader.Next()) each(reader);
    }

    public override void Delete(Rows keys)
    {
        if (keys.Count == 0) return;
        using var command = Command(keys, $"DELETE FROM {keys.Table} t USING {Given(keys)} WHERE {Matching(keys)}");
        command.ExecuteNonQuery();
    }

    public override bool[] InsertNew(Rows rows)
    {
        var fresh = new bool[rows.Count];
        if (rows.Count == 0) return fresh;
        var names = rows.Names.ToList();
        using var command = Insertion(rows, $"ON CONFLICT DO NOTHING RETURNING {names[0]}, {names[1]}");
        using var reader = command.ExecuteReader();
        var written = new HashSet<Identity>();
        while (reader.Read()) written.Add(new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
        for (var row = 0; row < fresh.Length; row++)
            fresh[row] = written.Contains(new(rows[row][0].Number, (byte[])rows[row][1].Reference!));
        return fresh;
    }

    public override void Look(string columns, string table, Rows keys, Action<Reader> each, string where = "")
    {
        if (keys.Count == 0) return;
        var on = where == "" ? Matching(keys) : $"{Matching(keys)} AND {where}";
        using var command = Command(keys, $"SELECT {columns} FROM {Given(keys)} JOIN {table} t ON {on}");
        using var reader = new PostgresReader(command.ExecuteReader());
        while (reader.Next()) each(reader);
    }

    private static string Matching(Rows keys) => string.Join(" AND ", keys.Names.Select(n => $"t.{n} = given.{n}"));

    private NpgsqlCommand Insertion(Rows rows, string tail) =>
        Command(rows, $"INSERT INTO {rows.Table} ({string.Join(", ", rows.Names)}) SELECT * FROM {Given(rows)} {tail}");

    private static string Given(Rows rows) =>
        $"unnest({string.Join(", ", rows.Types.Select((type, i) => $"@{i}::{type}[]"))}) AS given({string.Join(", ", rows.Names)})";

    private NpgsqlCommand Command(Rows rows, string sql)
    {
        var types = rows.Types.ToList();
        var command = new NpgsqlCommand(sql, connection);
        for (var column = 0; column < types.Count; column++) command.Parameters.Add(Array(rows, column, types[column]));
        return command;
    }

    private static NpgsqlParameter Array(Rows rows, int column, string type)
    {
        object values;
        NpgsqlDbType element;
        switch (type)
        {
            case "bigint":
                var numbers = new long?[rows.Count];
                for (var row = 0; row < numbers.Length; row++)
                    numbers[row] = rows[row][column] is { IsInteger: true } known ? known.Number : null;
                (values, element) = (numbers, NpgsqlDbType.Bigint);
                break;
            case "bytea":
                var bytes = new byte[]?[rows.Count];
                for (var row = 0; row < bytes.Length; row++) bytes[row] = (byte[]?)rows[row][column].Reference;
                (values, element) = (bytes, NpgsqlDbType.Bytea);
                break;
            case "text":
                var texts = new string?[rows.Count];
                for (var row = 0; row < texts.Length; row++) texts[row] = (string?)rows[row][column].Reference;
                (values, element) = (texts, NpgsqlDbType.Text);
                break;
            default: throw new ArgumentException($"No array of {type}.", nameof(type));
        }
        return new NpgsqlParameter($"@{column}", NpgsqlDbType.Array | element) { Value = values };
    }

    private readonly struct Identity(long source, byte[] id) : IEquatable<Identity>
    {
        private readonly long source = source;
        private readonly byte[] id = id;
        public bool Equals(Identity other) => source == other.source && id.AsSpan().SequenceEqual(other.id);
        public override bool Equals(object? obj) => obj is Identity other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(source);
            hash.AddBytes(id);
            return hash.ToHashCode();
        }
    }
}

internal sealed class PostgresStatement : Statement
{
    private readonly NpgsqlCommand command;
    private readonly int parameters;

    public PostgresStatement(NpgsqlConnection connection, string sql)
    {
        command = new NpgsqlCommand(sql, connection);
        for (; sql.Contains($"@{parameters}", StringComparison.Ordinal); parameters++)
            command.Parameters.Add(new NpgsqlParameter { ParameterName = $"@{parameters}" });
    }

    public override Statement Bind(params ReadOnlySpan<Value> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.Parameters[i];
            var value = values[i];
            // What is null has no type of its own: it keeps the one that it had.
            if (value.IsInteger) parameter.NpgsqlDbType = NpgsqlDbType.Bigint;
            else if (value.Reference is string) parameter.NpgsqlDbType = NpgsqlDbType.Text;
            else if (value.Reference is byte[]) parameter.NpgsqlDbType = NpgsqlDbType.Bytea;
            parameter.Value = value.Boxed ?? DBNull.Value;
        }
        return this;
    }

    public override int Run() => command.ExecuteNonQuery();
    public override Reader Read() => new PostgresReader(command.ExecuteReader());
    public override void Dispose() => command.Dispose();

}

internal sealed class PostgresReader(NpgsqlDataReader reader) : Reader
{
    public override bool Next() => reader.Read();
    public override bool IsNull(int column) => reader.IsDBNull(column);
    public override long Number(int column) => reader.GetInt64(column);
    public override string Text(int column) => reader.GetString(column);
    public override byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);
    public override void Dispose() => reader.Dispose();
}
