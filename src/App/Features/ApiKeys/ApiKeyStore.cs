using System.Collections.Concurrent;
using System.Security.Cryptography;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.Storage;

namespace Laurel.App.Features.ApiKeys;

/// <summary>A key as the page lists it; its secret is not known any more.</summary>
public sealed record ApiKey(
    long Key,
    string Id,
    string Name,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt)
{
    public bool HoldsAt(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > now);
}

/// <summary>Makes, finds, lists and revokes keys.</summary>
public sealed class ApiKeyStore(Database database, TimeProvider time)
{
    private const string Columns = "key, id, name, hash, scopes, created_at, created_by, expires_at, last_used_at, revoked_at";

    // A key that was just read need not be read again for each request of a burst.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, (Row Row, DateTimeOffset ReadAt)> recent = new(StringComparer.Ordinal);

    // When keys were used since the last flush: noting a use must not make a request wait for the one writer.
    private readonly ConcurrentDictionary<long, long> used = new();

    /// <summary>The text is given out here, and never again.</summary>
    public ApiKeyText Create(string name, IReadOnlyList<ApiScope> scopes, DateTimeOffset? expires, Actor actor) =>
        CreateOnce(ApiKeyText.NewId(), name, scopes, expires, actor)
            ?? throw new InvalidOperationException("Two keys came to the same id by chance.");

    /// <summary>Null where a key has this id already: the form that asked for it was sent again.</summary>
    public ApiKeyText? CreateOnce(string id, string name, IReadOnlyList<ApiScope> scopes, DateTimeOffset? expires, Actor actor)
    {
        var text = ApiKeyText.New(id);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var scopeNames = string.Join(' ', scopes.Select(s => s.Name));
        var isNew = database.Write((c, t) =>
        {
            var inserted = c.Execute(
                """
                INSERT INTO api_key (id, name, hash, scopes, created_at, created_by, expires_at)
                VALUES (@Id, @name, @hash, @scopeNames, @now, @by, @expires)
                ON CONFLICT (id) DO NOTHING
                """,
                new
                {
                    text.Id, name, hash = text.Hash(), scopeNames, now, by = actor.Name, expires = expires?.ToUnixTimeMilliseconds(),
                },
                t);
            if (inserted == 0) return false;
            Audit.Write(c, t, actor, now, "key.created", name, new Change("scopes", null, scopeNames));
            return true;
        });
        return isNew ? text : null;
    }

    /// <summary>The key that holds now, or null. Notes the use for the next <see cref="Flush"/>.</summary>
    public ApiKey? Authenticate(ApiKeyText text)
    {
        var now = time.GetUtcNow();
        if (Find(text.Id, now) is not { } row || !CryptographicOperations.FixedTimeEquals(row.Hash, text.Hash())
            || Key(row) is var key && !key.HoldsAt(now))
            return null;
        used[row.Key] = now.ToUnixTimeMilliseconds();
        return key;
    }

    private Row? Find(string id, DateTimeOffset now)
    {
        if (recent.TryGetValue(id, out var known) && now >= known.ReadAt && now - known.ReadAt < Fresh) return known.Row;
        using var connection = database.Read();
        var row = connection.QueryFirstOrDefault<Row>($"SELECT {Columns} FROM api_key WHERE id = @id", new { id });
        if (row is not null) recent[id] = (row, now);
        return row;
    }

    /// <summary>Writes down when keys were last used.</summary>
    public void Flush()
    {
        var noted = used.ToArray();
        if (noted.Length == 0) return;
        database.Write((c, t) => c.Execute(
            "UPDATE api_key SET last_used_at = @at WHERE key = @key", noted.Select(n => new { key = n.Key, at = n.Value }), t));
        foreach (var note in noted) used.TryRemove(note);
    }

    private static DateTimeOffset Latest(DateTimeOffset? kept, DateTimeOffset noted) => kept > noted ? kept.Value : noted;

    /// <summary>Uses of the last minute at other nodes are not known here yet.</summary>
    public IReadOnlyList<ApiKey> List()
    {
        using var connection = database.Read();
        return [.. connection.Query<Row>(
            $"SELECT {Columns} FROM api_key ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, created_at DESC, key DESC")
                .Select(Key).Select(k => used.TryGetValue(k.Key, out var at) ? k with { LastUsedAt = Latest(k.LastUsedAt, At(at)) } : k)];
    }

    /// <summary>False where there is no such key, or it is revoked already.</summary>
    public bool Revoke(string id, Actor actor)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var revoked = database.Write((c, t) =>
        {
            var name = c.QueryFirstOrDefault<string>("SELECT name FROM api_key WHERE id = @id AND revoked_at IS NULL", new { id }, t);
            if (name is null) return false;
            c.Execute("UPDATE api_key SET revoked_at = @now WHERE id = @id", new { now, id }, t);
            Audit.Write(c, t, actor, now, "key.revoked", name);
            return true;
        });
        recent.Clear();
        return revoked;
    }

    private static ApiKey Key(Row row) => new(
        row.Key, row.Id, row.Name, row.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries), At(row.CreatedAt), row.CreatedBy,
        row.ExpiresAt is { } expires ? At(expires) : null,
        row.LastUsedAt is { } used ? At(used) : null,
        row.RevokedAt is { } revoked ? At(revoked) : null);

    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private sealed record Row
    {
        public long Key { get; init; }
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public byte[] Hash { get; init; } = [];
        public string Scopes { get; init; } = "";
        public long CreatedAt { get; init; }
        public string CreatedBy { get; init; } = "";
        public long? ExpiresAt { get; init; }
        public long? LastUsedAt { get; init; }
        public long? RevokedAt { get; init; }
    }
}
