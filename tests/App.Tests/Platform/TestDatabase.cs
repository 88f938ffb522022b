using Dapper;
using Laurel.Storage;
using Npgsql;

namespace Laurel.App.Tests.Platform;

/// <summary>
/// A database of its own for one test. Every test runs on SQLite, and again on PostgreSQL where LAUREL_POSTGRES names a
/// server (tests/postgres makes one): the same bodies on both.
/// </summary>
public static class TestDatabase
{
    private static readonly string? Server = Environment.GetEnvironmentVariable("LAUREL_POSTGRES");
    private static readonly Lazy<string> Template = new(() =>
    {
        var name = $"template_{Environment.ProcessId}";
        Administer($"CREATE DATABASE {name}");
        using var database = new PostgresDatabase(Address(name));
        database.Migrate();
        return name;
    });
    private static int made;

    public static bool IsPostgres => !string.IsNullOrEmpty(Server);

    /// <summary>The SQL that names all tables, in order.</summary>
    public static string Tables => IsPostgres
        ? "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name"
        : "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";

    /// <summary>With the schema up to date.</summary>
    /// <param name="folder">Where a file would be.</param>
    public static Database New(string folder)
    {
        if (!IsPostgres)
        {
            var file = new SqliteDatabase(Path.Combine(folder, "laurel.db"));
            file.Migrate();
            return file;
        }
        var name = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref made)}";
        Administer($"CREATE DATABASE {name} TEMPLATE {Template.Value}");
        return new PostgresDatabase(Address(name));
    }

    /// <summary>Another node on the same database.</summary>
    public static Database Another(Database database) => database switch
    {
        PostgresDatabase postgres => new PostgresDatabase(Address(new Uri(postgres.Place).AbsolutePath[1..])),
        _ => throw new ArgumentException("A file has one owner.", nameof(database)),
    };

    /// <summary>Closes it; a server's goes for good, a file's with its folder.</summary>
    public static void Drop(Database database)
    {
        database.Dispose();
        if (database is PostgresDatabase postgres) Administer($"DROP DATABASE {new Uri(postgres.Place).AbsolutePath[1..]} WITH (FORCE)");
    }

    private static string Address(string database) => new UriBuilder(Server!) { Path = database }.Uri.ToString();

    private static void Administer(string sql)
    {
        using var server = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = new Uri(Server!).Host, Port = new Uri(Server!).Port, Username = new Uri(Server!).UserInfo, Database = "postgres",
            Pooling = false,
        }.ToString());
        server.Open();
        server.Execute(sql);
    }
}
