using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Projects;

/// <summary>The project that activities name, and the identity of another system that they name it by.</summary>
public readonly record struct NamedProject(long? Project, long? Identity);

/// <summary>
/// Which projects activities name. One that is not there is made by the first activity that names it, with the moment of that activity as
/// the moment of its making.
/// </summary>
public sealed class NameProjects
{
    private readonly Dictionary<string, NamedProject> known = new(StringComparer.Ordinal);
    private long floor = -1;

    /// <summary>Drops what is remembered of the database.</summary>
    public void Forget() => known.Clear();

    /// <summary>Finds or makes them, in the order of their names, so that two nodes never wait for each other.</summary>
    /// <param name="named">What activities say, with the moment of each.</param>
    public Func<string, NamedProject> Find(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, IEnumerable<(string Named, long At)> named)
    {
        // Whoever links identities otherwise says that the floor has changed.
        if (floor != snapshot.FloorVersion) known.Clear();
        floor = snapshot.FloorVersion;
        var unknown = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (text, at) in named)
            if (!known.ContainsKey(text)) unknown[text] = unknown.TryGetValue(text, out var first) ? Math.Min(first, at) : at;
        foreach (var (text, at) in unknown)
            known[text] = ExternalIdentity.Of(text) is { } identity
                ? OfIdentity(connection, transaction, snapshot, identity, at)
                : new(Of(connection, transaction, text) ?? Make(connection, transaction, snapshot, text, text, at), null);
        return text => known[text];
    }

    private static NamedProject OfIdentity(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, ExternalIdentity identity, long at)
    {
        if (Stored() is { } stored) return stored;
        // The row before the project: whoever comes second waits for it, and makes none.
        var row = connection.ExecuteScalar<long?>(
            """
            INSERT INTO project_identity (provider, external) VALUES (@Provider, @External) ON CONFLICT DO NOTHING RETURNING key
            """, identity, transaction);
        if (row is not { } key) return Stored()!.Value;
        var project = Make(connection, transaction, snapshot, FreeId(connection, transaction, $"{identity.Provider}-{identity.External}"),
            identity.External, at);
        connection.Execute("UPDATE project_identity SET project = @project WHERE key = @key", new { project, key }, transaction);
        return new(project, key);

        NamedProject? Stored() => connection.QueryFirstOrDefault<(long Key, long? Project)?>(
            "SELECT key, project FROM project_identity WHERE provider = @Provider AND external = @External", identity, transaction)
            is var (at, project) ? new(project, at) : null;
    }

    private static long? Of(DbConnection connection, DbTransaction transaction, string id) =>
        connection.ExecuteScalar<long?>("SELECT key FROM project WHERE id = @id", new { id }, transaction);

    /// <summary>An id that no project has: with a number where it is taken.</summary>
    public static string FreeId(DbConnection connection, DbTransaction transaction, string wanted)
    {
        for (var n = 1; ; n++)
        {
            var id = n == 1 ? wanted : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{wanted}-{n}");
            if (Of(connection, transaction, id) is null) return id;
        }
    }

    /// <summary>Its key; of one that somebody else has made meanwhile that one's.</summary>
    public static long Make(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, string id, string name, long at, bool active = true) =>
        connection.ExecuteScalar<long?>(
            """
            INSERT INTO project (id, name, created_at, day, active) VALUES (@id, @name, @at, @day, @active)
            ON CONFLICT DO NOTHING RETURNING key
            """,
            new { id, name, at, day = DayOf(snapshot, at).Number, active = active ? 1 : 0 }, transaction)
        ?? Of(connection, transaction, id)!.Value;

    /// <summary>Projects are nobody's alone: their days are those of the installation's own site.</summary>
    public static Workday DayOf(Snapshot snapshot, long at) => snapshot.Floor.Site?.Clock.WorkdayOf(at) ?? Workday.Beginning;
}
