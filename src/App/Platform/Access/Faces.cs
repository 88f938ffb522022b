using System.Collections.Frozen;
using System.Data.Common;
using Dapper;
using Laurel.Storage;

namespace Laurel.App.Platform.Access;

/// <summary>Everybody's photo by key of the person, kept while no photo changes: no page asks for each of those whom it names.</summary>
public sealed class FaceDirectory
{
    private const string Changed = "version-of-photos";

    /// <summary>A column of a query: changes with each photo; null while there never was one.</summary>
    public const string Version = $"(SELECT value FROM setting WHERE name = '{Changed}')";

    private volatile Known? last;

    /// <summary>Says that photos have changed, in the transaction that changes them.</summary>
    public static void Touch(DbConnection connection, DbTransaction transaction) => connection.Execute(
        "INSERT INTO setting (name, value) VALUES (@Changed, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        new { Changed, value = Passwords.NewStamp() }, transaction);

    /// <param name="version">As the request's first query read it.</param>
    internal FrozenDictionary<string, string> At(string version, Database database)
    {
        var known = last;
        if (known?.Version == version) return known.Hashes;
        using var connection = database.Read();
        // What is read now may be newer than the version; then the next request reads again.
        var hashes = connection.Query<(string Id, string Hash)>("SELECT p.id, f.hash FROM photo f JOIN person p ON p.key = f.person")
            .ToFrozenDictionary(f => f.Id, f => f.Hash, StringComparer.Ordinal);
        last = new(version, hashes);
        return hashes;
    }

    private sealed record Known(string Version, FrozenDictionary<string, string> Hashes);
}

/// <summary>Where the photos of people are, as far as whoever asks sees them.</summary>
public sealed class Faces(CurrentPerson me, FaceDirectory directory, Database database)
{
    private FrozenDictionary<string, string>? seen;

    public static string Href(string hash) => $"/photos/{hash}";

    /// <param name="id">Key by which the organisation knows the person.</param>
    /// <returns>Null where there is no photo, or none for the reader: initials stand there then.</returns>
    public string? Of(string? id)
    {
        if (id is null || !me.IsSignedIn || me.PhotosVersion is not { } version || !me.May(Permissions.RecognitionView)) return null;
        seen ??= directory.At(version, database);
        return seen.TryGetValue(id, out var hash) ? Href(hash) : null;
    }
}
