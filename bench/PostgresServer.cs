using System.Diagnostics;
using Dapper;
using Npgsql;

namespace Laurel.Bench;

/// <summary>A PostgreSQL of its own on the loopback, as durable as it is by default, thrown away afterwards (tests/postgres).</summary>
internal sealed class PostgresServer : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("laurel-bench-pg-").FullName;
    private readonly Uri address;
    private int made;

    public PostgresServer() => address = new(Script("start"));

    /// <summary>An empty database on it.</summary>
    public string Create()
    {
        var name = $"bench_{made++}";
        using var connection = new NpgsqlConnection(KeyValues("postgres"));
        connection.Open();
        connection.Execute($"CREATE DATABASE {name}");
        return new UriBuilder(address) { Path = name }.Uri.ToString();
    }

    /// <summary>A connection beside Laurel's.</summary>
    public NpgsqlConnection Open(string database)
    {
        var connection = new NpgsqlConnection(KeyValues(new Uri(database).AbsolutePath[1..]));
        connection.Open();
        return connection;
    }

    public void Dispose() => Script("stop");

    private string KeyValues(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = address.Host, Port = address.Port, Username = address.UserInfo, Database = database, Pooling = false, CommandTimeout = 600,
    }.ToString();

    private string Script(string verb)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "tests", "postgres"))) root = root.Parent;
        var start = new ProcessStartInfo(Path.Combine(root.FullName, "tests", "postgres"), [verb, folder])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        };
        start.Environment["OPTIONS"] = "-c max_wal_size=4GB -c shared_buffers=1GB";
        using var script = Process.Start(start)!;
        // The server inherits this pipe and outlives the script: read the one line, not to the end.
        var line = script.StandardOutput.ReadLine() ?? "";
        script.WaitForExit();
        return script.ExitCode == 0 ? line : throw new InvalidOperationException($"tests/postgres {verb} failed");
    }
}
