using Laurel.Storage;
using Npgsql;

namespace Laurel.Crash;

/// <summary>Something that must not happen after a crash, in words.</summary>
internal sealed class Broken(string what) : Exception(what);

/// <summary>Where the database is, and how many processes serve it.</summary>
internal sealed record Place(string Database, int Nodes)
{
    public bool IsShared => Nodes > 1;

    public Database Open() => IsShared ? new PostgresDatabase(Database) : new SqliteDatabase(Database);
}

/// <summary>A database of its own on a PostgreSQL server.</summary>
internal static class Server
{
    public static Place NewDatabase(string address)
    {
        var name = $"crash_{Environment.ProcessId}";
        Administer(address, $"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0");
        return new(new UriBuilder(address) { Path = name }.Uri.ToString(), 2);
    }

    public static void Drop(string address, Place place) =>
        Administer(address, $"DROP DATABASE IF EXISTS {new Uri(place.Database).AbsolutePath[1..]} WITH (FORCE)");

    private static void Administer(string address, string sql)
    {
        var uri = new Uri(address);
        var user = uri.UserInfo.Split(':');
        using var server = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host, Port = uri.Port, Username = user[0], Password = user.ElementAtOrDefault(1),
            Database = uri.AbsolutePath.Trim('/') is { Length: > 0 } own ? own : "postgres", Pooling = false,
        }.ToString());
        server.Open();
        using var command = server.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
