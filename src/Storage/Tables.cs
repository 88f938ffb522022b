using System.Data.Common;
using Dapper;

namespace Laurel.Storage;

/// <summary>What is asked of any table.</summary>
public static class Tables
{
    /// <param name="table">A name of ours, never one that came from outside.</param>
    public static bool HasRows(this DbConnection connection, DbTransaction? transaction, string table) => connection.ExecuteScalar<long>(
        $"SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT 1) any_one", transaction: transaction) > 0;
}
