using System.Data.Common;
using Dapper;
using Laurel.Storage;

namespace Laurel.App.Platform.Catalogue;

/// <summary>
/// Who may read and who may change what activities are judged by. Everybody who takes activities in shares it; whoever changes
/// a rule, a metric or where people work holds it alone, so that nothing falls between the old and the new.
/// </summary>
public static class Rulebook
{
    private const long Number = 1;

    public static void Share(DbConnection connection, DbTransaction transaction) =>
        Dialect.Of(connection).Lock(connection, transaction, Number, shared: true);

    /// <summary>First thing in a transaction that will change something; waits for those who share it.</summary>
    public static void Hold(DbConnection connection, DbTransaction transaction) =>
        Dialect.Of(connection).Lock(connection, transaction, Number, shared: false);

    // The version moves under the lock of its row only: who makes a person while taking activities in shares the book with others.
    /// <summary>A rule, a metric, an activity type or the week's start has changed.</summary>
    public static void TouchRules(DbConnection connection, DbTransaction transaction) => Move(connection, transaction, "rules");

    /// <summary>A person, a team or a site has changed.</summary>
    public static void TouchFloor(DbConnection connection, DbTransaction transaction) => Move(connection, transaction, "floor");

    /// <summary>Moves on with each change of a person, a team or a site, whichever node makes it.</summary>
    public static long FloorVersion(DbConnection connection) =>
        connection.ExecuteScalar<long>("SELECT CAST(value AS BIGINT) FROM setting WHERE name = 'version-of-floor'");

    /// <summary>Moves on with each change of a rule, a metric or an activity type, whichever node makes it; 0 before the first.</summary>
    public static long RulesVersion(DbConnection connection, DbTransaction? transaction = null) =>
        connection.ExecuteScalar<long?>(
            "SELECT CAST(value AS BIGINT) FROM setting WHERE name = 'version-of-rules'", transaction: transaction) ?? 0;

    private static void Move(DbConnection connection, DbTransaction transaction, string what) => connection.Execute(
        """
        INSERT INTO setting (name, value) VALUES (@name, '1')
        ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)
        """, new { name = $"version-of-{what}" }, transaction);
}
