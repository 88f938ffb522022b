using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.Storage;

namespace Laurel.App.Features.AuditLog;

/// <summary>One entry of the audit log.</summary>
public sealed record AuditEntry(
    long Key, DateTimeOffset At, long? ActorKey, string? ActorId, string ActorName, string Via, string Action, string Thing,
    IReadOnlyList<Change> Changes);

public sealed record AuditPageOf(IReadOnlyList<AuditEntry> Entries, int Matching);

/// <summary>Reads the log, newest first.</summary>
public sealed class AuditStore(Database database)
{
    public const int PageSize = 50;

    private const string Select = """
        SELECT a.key, a.at, a.actor, p.id AS actor_id, a.actor_name, a.via, a.action, a.object, a.change
        FROM audit a LEFT JOIN person p ON p.key = a.actor
        """;

    /// <param name="search">Part of the name of who acted, of what was changed, or of a value.</param>
    /// <param name="area">First part of an action, such as <c>person</c>.</param>
    /// <param name="actor">Name of who acted, exactly.</param>
    public AuditPageOf List(string? search, string? area, string? actor, int page)
    {
        using var connection = database.Read();
        var (condition, parameters) = Where(search, area, actor);
        var skip = (Math.Max(1, page) - 1) * PageSize;
        parameters.AddDynamicParams(new { size = PageSize, skip });
        if (string.IsNullOrWhiteSpace(search))
            return new(Entries(connection.Query<Row>(
                $"{Select} WHERE {condition} ORDER BY a.at DESC, a.key DESC LIMIT @size OFFSET @skip", parameters)),
                connection.ExecuteScalar<int>($"SELECT COUNT(*) FROM audit a WHERE {condition}", parameters));
        // A text is looked for in all entries: once, not first to count and then to show.
        var found = connection.Query<long>(
            $"SELECT a.key FROM audit a WHERE {condition} ORDER BY a.at DESC, a.key DESC", parameters).ToList();
        var keys = found.Skip(skip).Take(PageSize).ToArray();
        return new(Entries(connection.Query<Row>(
            $"{Select} WHERE {Dialect.Of(connection).Among("a.key", "keys")} ORDER BY a.at DESC, a.key DESC", new { keys })), found.Count);
    }

    /// <summary>The same, those before an entry; the newest where none is said.</summary>
    public IReadOnlyList<AuditEntry> Before(string? search, string? area, string? actor, (long At, long Key)? before, int most)
    {
        using var connection = database.Read();
        var (condition, parameters) = Where(search, area, actor);
        parameters.AddDynamicParams(new { most, at = before?.At ?? 0, key = before?.Key ?? 0 });
        return Entries(connection.Query<Row>(
            $"""
            {Select} WHERE {condition} {(before is null ? "" : "AND (a.at < @at OR a.at = @at AND a.key < @key)")}
            ORDER BY a.at DESC, a.key DESC LIMIT @most
            """, parameters));
    }

    private static (string Condition, DynamicParameters Parameters) Where(string? search, string? area, string? actor)
    {
        var where = new List<string> { "1 = 1" };
        if (!string.IsNullOrWhiteSpace(search))
            where.Add(
                """
                (lower(a.actor_name) LIKE @like ESCAPE '\' OR lower(a.object) LIKE @like ESCAPE '\'
                  OR lower(a.change) LIKE @like ESCAPE '\')
                """);
        if (!string.IsNullOrEmpty(area)) where.Add("a.action LIKE @area ESCAPE '\\'");
        if (!string.IsNullOrEmpty(actor)) where.Add("a.actor_name = @actor");
        return (string.Join(" AND ", where),
            new(new { like = $"%{Escaped(search?.Trim().ToLowerInvariant())}%", area = $"{Escaped(area)}.%", actor }));
    }

    public IReadOnlyList<AuditEntry> Newest(DbConnection connection, int most) =>
        Entries(connection.Query<Row>($"{Select} ORDER BY a.at DESC, a.key DESC LIMIT @most", new { most }));

    /// <summary>Names of who has acted, for the filter.</summary>
    public IReadOnlyList<string> Actors()
    {
        using var connection = database.Read();
        return [.. connection.Query<string>("SELECT DISTINCT actor_name FROM audit ORDER BY actor_name LIMIT 200")];
    }

    private static List<AuditEntry> Entries(IEnumerable<Row> rows) =>
        [.. rows.Select(r => new AuditEntry(
            r.Key, DateTimeOffset.FromUnixTimeMilliseconds(r.At), r.Actor, r.ActorId, r.ActorName, r.Via, r.Action, r.Object,
            Audit.Read(r.Change)))];

    private static string Escaped(string? text) => (text ?? "")
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal);

    private sealed record Row
    {
        public long Key { get; init; }
        public long At { get; init; }
        public long? Actor { get; init; }
        public string? ActorId { get; init; }
        public string ActorName { get; init; } = "";
        public string Via { get; init; } = "";
        public string Action { get; init; } = "";
        public string Object { get; init; } = "";
        public string Change { get; init; } = "";
    }
}
