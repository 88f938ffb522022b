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
        using var command = Command(rows, tail);
        return command.ExecuteNonQuery();
    }

    public override bool[] InsertNew(Rows rows)
    {
        var fresh = new bool[rows.Count];
        if (rows.Count == 0) return fresh;
        var names = rows.Names.ToList();
        using var command = Command(rows, $"ON CONFLICT DO NOTHING RETURNING {names[0]}, {names[1]}");
        using var reader = command.ExecuteReader();
        var written = new HashSet<Identity>();
        while (reader.Read()) written.Add(new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
        for (var row = 0; row < fresh.Length; row++)
            fresh[row] = written.Contains(new(rows[row][0].Number, (byte[])rows[row][1].Reference!));
        return fresh;
    }

    private NpgsqlCommand Command(Rows rows, string tail)
    {
        var names = string.Join(", ", rows.Names);
        var types = rows.Types.ToList();
        var arrays = string.Join(", ", types.Select((type, i) => $"@{i}::{type}[]"));
        var command = new NpgsqlCommand($"INSERT INTO {rows.Table} ({names}) SELECT * FROM unnest({arrays}) AS given({names}) {tail}", connection);
        for (var column = 0; column < types.Count; column++) command.Parameters.Add(Array(rows, column, types[column]));
        command.Prepare();
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
                for (var row = 0; row < numbers.Length; row++) numbers[row] = rows[row][column] is { IsInteger: true } known ? known.Number : null;
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
        for (; sql.Contains($"@{parameters}", StringComparison.Ordinal); parameters++) command.Parameters.Add(new NpgsqlParameter { ParameterName = $"@{parameters}" });
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

    private sealed class PostgresReader(NpgsqlDataReader reader) : Reader
    {
        public override bool Next() => reader.Read();
        public override bool IsNull(int column) => reader.IsDBNull(column);
        public override long Number(int column) => reader.GetInt64(column);
        public override string Text(int column) => reader.GetString(column);
        public override byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);
        public override void Dispose() => reader.Dispose();
    }
}
