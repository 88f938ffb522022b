using System.Data.Common;
using System.Runtime.CompilerServices;

namespace Laurel.Storage;

/// <summary>
/// Prepared commands of one connection, for the hot path; anything else uses Dapper. Parameters are bound by position and
/// written @0, @1 ... in the text.
/// </summary>
public sealed class Statements(DbConnection connection) : IDisposable
{
    private static readonly ConditionalWeakTable<DbConnection, Statements> Kept = [];
    private readonly Dictionary<string, Statement> prepared = new(StringComparer.Ordinal);

    public DbConnection Connection { get; } = connection;

    /// <summary>Those of a connection that is kept for long, such as the one for writing.</summary>
    public static Statements Of(DbConnection connection) => Kept.GetValue(connection, c => new Statements(c));

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

    /// <summary>The first column of the first row; null without a row.</summary>
    public object? Scalar() => command.ExecuteScalar() is { } value && value is not DBNull ? value : null;

    /// <summary>How many rows it changed.</summary>
    public int Run() => command.ExecuteNonQuery();
    public DbDataReader Read() => command.ExecuteReader();

    public void Dispose() => command.Dispose();
}
