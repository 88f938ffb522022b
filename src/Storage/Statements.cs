using System.Data.Common;

namespace Laurel.Storage;

/// <summary>
/// Prepared commands of one connection, for the hot path; anything else uses Dapper. Parameters are bound by position and
/// written @0, @1 ... in the text.
/// </summary>
public sealed class Statements(DbConnection connection) : IDisposable
{
    private readonly Dictionary<string, Statement> prepared = new(StringComparer.Ordinal);

    public DbConnection Connection { get; } = connection;

    public Statement this[string sql] => prepared.TryGetValue(sql, out var known) ? known : prepared[sql] = new Statement(Connection, sql);

    public void Dispose()
    {
        foreach (var statement in prepared.Values) statement.Dispose();
        prepared.Clear();
    }
}

public sealed class Statement : IDisposable
{
    private readonly DbCommand command;

    internal Statement(DbConnection connection, string sql)
    {
        command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; sql.Contains($"@{i}", StringComparison.Ordinal); i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@{i}";
            command.Parameters.Add(parameter);
        }
    }

    public Statement Bind(DbTransaction transaction, params ReadOnlySpan<object?> values)
    {
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return this;
    }

    /// <summary>How many rows it changed.</summary>
    public int Run() => command.ExecuteNonQuery();
    public DbDataReader Read() => command.ExecuteReader();

    public void Dispose() => command.Dispose();
}
