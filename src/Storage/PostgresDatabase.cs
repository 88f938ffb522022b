using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Laurel.Storage;

/// <summary>PostgreSQL: for more than one machine, or where a database server is kept anyway. Any number of nodes share it.</summary>
public sealed class PostgresDatabase : Database
{
    private readonly NpgsqlDataSource source;
    private readonly string node = "laurel-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    /// <param name="address">A URI (postgres://user:password@host:port/database) or key=value pairs as Npgsql reads them.</param>
    public PostgresDatabase(string address)
    {
        var settings = Settings(address);
        settings.ApplicationName = node;
        // What is written again and again is prepared by itself on each connection.
        settings.MaxAutoPrepare = 200;
        settings.AutoPrepareMinUsages = 2;
        // A server whose machine is gone says nothing: a listener that asks notices.
        if (settings.KeepAlive == 0) settings.KeepAlive = 15;
        source = NpgsqlDataSource.Create(settings);
    }

    public override Dialect Dialect => Dialect.Postgres;

    /// <summary>The node's number, as statements read it from the name of their connection.</summary>
    private int Number => int.Parse(node.AsSpan(node.Length - 7), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Where it is, without the password.</summary>
    public override string Place
    {
        get
        {
            var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString);
            return $"postgres://{settings.Host}:{settings.Port}/{settings.Database}";
        }
    }

    /// <summary>Whether a text names a PostgreSQL database rather than a file.</summary>
    public static bool IsAddress(string text) =>
        text.StartsWith("postgres://", StringComparison.Ordinal) || text.StartsWith("postgresql://", StringComparison.Ordinal)
        || text.Contains("Host=", StringComparison.OrdinalIgnoreCase);

    public override DbConnection Read() => source.OpenConnection();

    public override DbTransaction Snapshot(DbConnection connection) => connection.BeginTransaction(IsolationLevel.RepeatableRead);

    protected override DbConnection OpenWriter() => source.OpenConnection();

    // A deadlock or a lost race is the database's to name: the same again, later, succeeds.
    protected override bool IsTransient(DbException failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <summary>Nodes that start together migrate one after the other.</summary>
    public override int Migrate()
    {
        using var connection = source.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT pg_advisory_lock(0)";
        command.ExecuteNonQuery();
        try
        {
            return base.Migrate();
        }
        finally
        {
            command.CommandText = "SELECT pg_advisory_unlock(0)";
            command.ExecuteNonQuery();
        }
    }

    public override IDisposable? TryHold(long number, bool shared)
    {
        var connection = source.OpenConnection();
        var suffix = shared ? "_shared" : "";
        using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock{suffix}({number})", connection);
        if (command.ExecuteScalar() is true) return new Held(connection, $"SELECT pg_advisory_unlock{suffix}({number})");
        connection.Dispose();
        return null;
    }

    /// <summary>By whom and since when is not told: somebody does.</summary>
    public override bool MayBeHeldSince(long number, DateTimeOffset since)
    {
        using var connection = source.OpenConnection();
        using var command = new NpgsqlCommand(
            $"""
            SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = {number}
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """, connection);
        return command.ExecuteScalar() is true;
    }

    private sealed class Held(NpgsqlConnection connection, string release) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                using var command = new NpgsqlCommand(release, connection);
                command.ExecuteNonQuery();
            }
            catch (DbException)
            {
                // With the connection the lock went.
            }
            connection.Dispose();
        }
    }

    /// <summary>Hears what other nodes tell, until it is cancelled or the connection breaks.</summary>
    /// <param name="listening">Once it does: whatever was told before was missed.</param>
    public async Task Listen(Action listening, Action<string> heard, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        connection.Notification += (_, told) =>
        {
            var space = told.Payload.IndexOf(' ', StringComparison.Ordinal);
            if (!told.Payload.AsSpan(0, space).SequenceEqual(node)) heard(told.Payload[(space + 1)..]);
        };
        // The lock ends with the connection: others see at once when this node has gone (Dialect.IsGone).
        var seen = $"SELECT pg_advisory_lock({PostgresDialect.Nodes}, {Number}); LISTEN laurel";
        await using (var command = new NpgsqlCommand(seen, connection)) await command.ExecuteNonQueryAsync(cancel);
        listening();
        while (!cancel.IsCancellationRequested) await connection.WaitAsync(cancel);
    }

    public override void Dispose()
    {
        base.Dispose();
        source.Dispose();
    }

    private static NpgsqlConnectionStringBuilder Settings(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
            return new NpgsqlConnectionStringBuilder(address);
        var settings = new NpgsqlConnectionStringBuilder { Host = uri.Host, Port = uri.Port > 0 ? uri.Port : 5432 };
        if (uri.AbsolutePath.Length > 1) settings.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0) settings.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) settings.Password = Uri.UnescapeDataString(user[1]);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var n, var v] ? (n, Uri.UnescapeDataString(v)) : (pair, "true");
            settings[string.Equals(name, "sslmode", StringComparison.Ordinal) ? "SSL Mode" : name] = value;
        }
        return settings;
    }
}
