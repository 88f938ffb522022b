using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace Laurel.Storage;

/// <summary>
/// Tells a database that cannot serve just now (gone, starting, full, locked) from a statement that is wrong: the first passes by itself,
/// and the same sent again succeeds.
/// </summary>
public static class Outage
{
    /// <summary>How long whoever was sent away had better wait.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static bool Is(Exception? failure) => failure switch
    {
        null => false,
        PostgresException refused => IsPassing(refused.SqlState),
        // All others are of the connection: none could be made, or it was lost, or no answer came in time.
        NpgsqlException or SocketException => true,
        SqliteException sqlite => sqlite.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_BUSY or raw.SQLITE_LOCKED
            or raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_NOMEM,
        AggregateException many => many.InnerExceptions.All(Is),
        _ => Is(failure.InnerException),
    };

    /// <summary>
    /// Classes of PostgreSQL's codes: 08 connection, 53 resources (disk full, too many connections), 57 operator (shut down, starting,
    /// ended by an administrator), 58 system; and a server that only reads, as one does that has just been a standby.
    /// </summary>
    private static bool IsPassing(string state) =>
        state is PostgresErrorCodes.ReadOnlySqlTransaction || state[..2] is "08" or "53" or "57" or "58";
}
