using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.Storage;

namespace Laurel.App.Features.People;

/// <summary>What somebody tells of themselves.</summary>
/// <param name="Bio">Plain text; its lines are kept.</param>
/// <param name="Languages">BCP 47 tags.</param>
/// <param name="Photo">Hash of the photo.</param>
public sealed record PersonProfile(string? Bio, IReadOnlyList<string> Languages, string? Photo)
{
    public static readonly PersonProfile Empty = new(null, [], null);

    public bool IsComplete => Bio is not null && Photo is not null;
    public bool IsEmpty => Bio is null && Photo is null && Languages.Count == 0;
}

/// <summary>A photo as it is sent.</summary>
public sealed record PhotoFile(byte[] Bytes, string MediaType);

/// <summary>The SQL of profiles and photos.</summary>
public static class ProfileStore
{
    public static PersonProfile Of(DbConnection connection, long person, DbTransaction? transaction = null) =>
        Of(connection, [person], transaction).GetValueOrDefault(person, PersonProfile.Empty);

    /// <summary>By key; who tells nothing is left out.</summary>
    public static Dictionary<long, PersonProfile> Of(
        DbConnection connection, IReadOnlyCollection<long> people, DbTransaction? transaction = null) =>
        connection.Query<(long Person, string? Bio, string? Languages, string? Photo)>(
            $"""
            SELECT p.key, r.bio, r.languages, f.hash FROM person p
            LEFT JOIN profile r ON r.person = p.key LEFT JOIN photo f ON f.person = p.key
            WHERE {Dialect.Of(connection).Among("p.key", "people")} AND (r.person IS NOT NULL OR f.person IS NOT NULL)
            """, new { people = people.ToArray() }, transaction)
            .ToDictionary(r => r.Person, r => new PersonProfile(
                r.Bio, (r.Languages ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries), r.Photo));

    /// <summary>The photo of this hash: of who is active, of oneself, and of whom the scope covers; null where there is none.</summary>
    public static PhotoFile? Photo(DbConnection connection, string hash, long own, DataScope scope) =>
        connection.QueryFirstOrDefault<PhotoRow>(
            $"""
            SELECT f.bytes, f.media_type FROM photo f JOIN person p ON p.key = f.person
            WHERE f.hash = @hash AND (p.active = 1 OR p.key = @own OR {scope.Covers("p.key")}) LIMIT 1
            """, scope.With(new { hash, own })) is { } row ? new(row.Bytes, row.MediaType) : null;

    private sealed record PhotoRow
    {
        public byte[] Bytes { get; init; } = [];
        public string MediaType { get; init; } = "";
    }
}
