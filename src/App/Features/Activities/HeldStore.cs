using Dapper;
using Laurel.App.Features.People;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Activities;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>How many activities of one source wait for a person.</summary>
/// <param name="IsKnown">The person is there by now, but the declared types refuse these.</param>
public sealed record HeldCount(string Person, string Source, long Count, DateTimeOffset Since, DateTimeOffset Latest, bool IsKnown);

/// <summary>Somebody who is waited for, with the sources that tell of them.</summary>
public sealed record HeldPerson(string Id, IReadOnlyList<HeldCount> Sources)
{
    public long Count => Sources.Sum(s => s.Count);
    public DateTimeOffset Since => Sources.Min(s => s.Since);
    public DateTimeOffset Latest => Sources.Max(s => s.Latest);
    public bool IsKnown => Sources[0].IsKnown;
}

public sealed record FoundHeld(IReadOnlyList<HeldPerson> People, int Matching, int All, long Activities, int Page, int Pages);

/// <summary>Reads what waits for its person.</summary>
public sealed class HeldStore(Database database, PeopleDirectory directory)
{
    public const int PageSize = 25;

    /// <summary>By person and source, in the order of their names.</summary>
    public IReadOnlyList<HeldCount> Counts()
    {
        using var connection = database.Read();
        return [.. connection.Query<Row>(
            """
            SELECT h.person_id, s.id AS source, count(*) AS held, min(h.received_at) AS since, max(h.received_at) AS latest,
              max(p.key) AS person
            FROM held h JOIN source s ON s.key = h.source LEFT JOIN person p ON p.id = h.person_id
            WHERE h.person_id NOT LIKE '%' || @between || '%' GROUP BY h.person_id, s.id
            """, new { between = ExternalIdentity.Separator })
            .Select(r => new HeldCount(r.PersonId, r.Source, r.Held, At(r.Since), At(r.Latest), r.Person is not null))
            .OrderBy(c => c.Person, StringComparer.Ordinal).ThenBy(c => c.Source, StringComparer.Ordinal)];
    }

    /// <summary>Who is waited for, most activities first. The search is as that of the list of people.</summary>
    public FoundHeld Find(string? search, int page)
    {
        var all = Counts().GroupBy(c => c.Person, StringComparer.Ordinal).Select(g => new HeldPerson(g.Key, [.. g])).ToList();
        var sought = Sought.Of(search);
        var matching = all.Where(p => sought is null || sought.IsIn(p.Id) || p.Sources.Any(s => sought.IsIn(s.Source)))
            .OrderByDescending(p => p.Count).ThenBy(p => p.Id, StringComparer.Ordinal).ToList();
        var pages = Math.Max(1, (matching.Count + PageSize - 1) / PageSize);
        page = Math.Clamp(page, 1, pages);
        return new([.. matching.Skip((page - 1) * PageSize).Take(PageSize)], matching.Count, all.Count, all.Sum(p => p.Count), page, pages);
    }

    /// <summary>What waits for one id; null where nothing does.</summary>
    public HeldPerson? Find(string person) =>
        Counts().Where(c => string.Equals(c.Person, person, StringComparison.Ordinal)).ToList() is { Count: > 0 } sources
            ? new(person, sources) : null;

    /// <summary>How many wait for this person.</summary>
    public long CountOf(string person)
    {
        using var connection = database.Read();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM held WHERE person_id = @person", new { person });
    }

    /// <summary>Everybody who is known, by name, with the team of a workday.</summary>
    public IReadOnlyList<KnownPerson> Known(int today)
    {
        using var connection = database.Read();
        var everybody = directory.Current(connection);
        var teams = everybody.Teams(connection, today).ByPerson;
        return [.. everybody.ByName.Select(p => new KnownPerson(p.Id, p.Name, p.Email, teams.GetValueOrDefault(p.Key)?.Name))];
    }

    /// <summary>The next after an identity, in the order of sources and identities, with when they came.</summary>
    public IReadOnlyList<(long SourceKey, IncomingActivity Activity, DateTimeOffset ReceivedAt)> After(
        long source, byte[] id, string? person, string? sourceId, int most)
    {
        using var connection = database.Read();
        return [.. connection.Query<(long SourceKey, string Source, byte[] Id, string Body, long ReceivedAt)>(
            $"""
            SELECT h.source, s.id, h.id, h.body, h.received_at FROM held h JOIN source s ON s.key = h.source
            WHERE (h.source, h.id) > (@source, @id)
              {(person is null ? "" : "AND h.person_id = @person")} {(sourceId is null ? "" : "AND s.id = @sourceId")}
            ORDER BY h.source, h.id LIMIT @most
            """, new { source, id, person, sourceId, most })
            .Select(r => (r.SourceKey, HeldActivity.Read(r.Source, r.Id, r.Body), At(r.ReceivedAt)))];
    }

    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private sealed record Row
    {
        public string PersonId { get; init; } = "";
        public string Source { get; init; } = "";
        public long Held { get; init; }
        public long Since { get; init; }
        public long Latest { get; init; }
        public long? Person { get; init; }
    }
}
