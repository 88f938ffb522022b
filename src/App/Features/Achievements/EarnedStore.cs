using System.Data.Common;
using Dapper;
using Laurel.App.Features.People;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>An award as its holder sees it. A flagged one is still held; a revoked one is not.</summary>
/// <param name="Days">The workdays whose work counted.</param>
/// <param name="By">Who granted it by hand: a person, or the API key of a program.</param>
public sealed record EarnedAward(
    long Key, long Achievement, int Tier, long Person, string Occasion, WorkdaySpan Days, DateTimeOffset EarnedAt,
    DateTimeOffset AnnouncedAt, Amount Value, string? By, string? Note)
{
    /// <summary>Name of the project in which somebody was the first.</summary>
    public string? Project { get; init; }

    /// <summary>What counts by now would not earn it any more; it stays until somebody revokes it.</summary>
    public bool IsFlagged { get; init; }
}

/// <summary>Somebody who holds an achievement: how often, the highest tier, and when that was earned last.</summary>
public sealed record Holder(long Person, string Id, string Name, string? Team, int Tier, long Times, DateTimeOffset Since);

/// <summary>All that somebody holds of one achievement.</summary>
/// <param name="Tier">The highest one.</param>
/// <param name="Newest">When one of any tier was earned last.</param>
/// <param name="TierNewest">When the highest one was.</param>
public sealed record HeldBadge(long Achievement, int Tier, long Times, DateTimeOffset Newest, DateTimeOffset TierNewest);

/// <summary>The SQL of looking at awards that are held.</summary>
public static class EarnedStore
{
    private const string Any = """
        SELECT w.key, w.achievement, w.tier, w.person, w.occasion, w.first, w.last, w.earned_at, w.announced_at, w.value,
          coalesce(g.name, w.awarded_via) AS giver, w.note, w.flagged_at,
          (SELECT j.name FROM first_in_project f JOIN project j ON j.key = f.project
           WHERE f.achievement = w.achievement AND j.id = w.occasion) AS project
        FROM award w LEFT JOIN person g ON g.key = w.awarded_by
        """;

    private const string Select = $"{Any} JOIN present_achievement here ON here.key = w.achievement";

    /// <summary>Newest first.</summary>
    public static List<EarnedAward> OfPerson(DbConnection connection, long person) => Awards(connection.Query<Row>(
        $"{Select} WHERE w.person = @person AND w.revoked_at IS NULL ORDER BY w.earned_at DESC, w.tier DESC, w.key DESC", new { person }));

    public static List<EarnedAward> Newest(DbConnection connection, long person, int most) => Awards(connection.Query<Row>(
        $"{Select} WHERE w.person = @person AND w.revoked_at IS NULL ORDER BY w.earned_at DESC, w.tier DESC, w.key DESC LIMIT @most",
        new { person, most }));

    /// <summary>The newest of several people.</summary>
    public static List<EarnedAward> NewestOf(DbConnection connection, IReadOnlyCollection<long> people, int most) =>
        Awards(connection.Query<Row>(
        $"""
        {Select} WHERE {Dialect.Of(connection).Among("w.person", "people")} AND w.revoked_at IS NULL
        ORDER BY w.earned_at DESC, w.tier DESC, w.key DESC LIMIT @most
        """, new { people = people.ToArray(), most }));

    public static long CountSince(DbConnection connection, IReadOnlyCollection<long> people, long since) => connection.ExecuteScalar<long>(
        $"""
        SELECT count(*) FROM award w JOIN present_achievement here ON here.key = w.achievement
        WHERE w.earned_at >= @since AND {Dialect.Of(connection).Among("w.person", "people")} AND w.revoked_at IS NULL
        """, new { people = people.ToArray(), since });

    /// <summary>Newest first.</summary>
    public static List<EarnedAward> OfPerson(
        DbConnection connection, long person, AchievementKey achievement) => Awards(connection.Query<Row>(
        $"""
        {Select} WHERE w.person = @person AND w.achievement = @a AND w.revoked_at IS NULL
        ORDER BY w.earned_at DESC, w.tier DESC, w.key DESC
        """, new { person, a = achievement.Value }));

    public static EarnedAward? Find(DbConnection connection, long key) => Awards(connection.Query<Row>(
        $"{Select} WHERE w.key = @key AND w.revoked_at IS NULL", new { key })).SingleOrDefault();

    /// <summary>Any that is kept: revoked, in test, or of an area that is off.</summary>
    public static EarnedAward? FindKept(DbConnection connection, long key) => Awards(connection.Query<Row>(
        $"{Any} WHERE w.key = @key", new { key })).SingleOrDefault();

    /// <summary>Whether the person has ever earned it and still holds it.</summary>
    public static bool Holds(DbConnection connection, long person, AchievementKey achievement) => connection.ExecuteScalar<long>(
        """
        SELECT count(*) FROM holding h JOIN present_achievement here ON here.key = h.achievement
        WHERE h.achievement = @a AND h.person = @person
        """, new { a = achievement.Value, person }) > 0;

    // The last so many awards that were announced up to an instant and not one by one.
    private const string Together = """
        SELECT t.key, t.achievement FROM award t JOIN present_achievement there ON there.key = t.achievement
        WHERE t.person = @person AND t.announced_at <= @until AND t.revoked_at IS NULL
          AND t.key NOT IN (SELECT award FROM notice WHERE person = @person AND award IS NOT NULL)
        ORDER BY t.announced_at DESC, t.key DESC LIMIT @count
        """;

    /// <summary>What a grouped notice is about, the highest tiers first.</summary>
    public static List<EarnedAward> Grouped(DbConnection connection, long person, DateTimeOffset until, long count, int most) =>
        Awards(connection.Query<Row>(
            $"{Select} JOIN ({Together}) told ON told.key = w.key ORDER BY w.tier DESC, w.earned_at DESC LIMIT @most",
            new { person, until = until.ToUnixTimeMilliseconds(), count, most }));

    /// <summary>How many badges a grouped notice is about, and how many times they were earned.</summary>
    public static (long Badges, long Times) GroupedSize(DbConnection connection, long person, DateTimeOffset until, long count) =>
        connection.QuerySingle<(long, long)>(
            $"SELECT count(DISTINCT told.achievement), count(*) FROM ({Together}) told",
            new { person, until = until.ToUnixTimeMilliseconds(), count });

    /// <summary>What a person holds, the newest first.</summary>
    public static List<HeldBadge> HoldingsOf(DbConnection connection, long person) =>
        [.. connection.Query<(long Achievement, long Tier, long Times, long Newest, long TierNewest)>(
            """
            SELECT h.achievement, h.tier, h.times, h.newest, h.tier_newest
            FROM holding h JOIN present_achievement here ON here.key = h.achievement
            WHERE h.person = @person ORDER BY h.newest DESC, h.achievement
            """, new { person })
            .Select(h => new HeldBadge(h.Achievement, (int)h.Tier, h.Times, At(h.Newest), At(h.TierNewest)))];

    /// <summary>Active people who hold it, the highest tier and then the newest first.</summary>
    /// <param name="covers">A condition on p, the person, whose parameters the reader knows.</param>
    public static List<Holder> Holders(
        DbConnection connection, AchievementKey achievement, string covers, Onlooker looker, Workday today, int most) =>
        [.. connection.Query<HolderRow>(
            $"""
            SELECT h.key AS person, h.id, h.name, h.tier, h.times, h.since,
              (SELECT t.name FROM person_team pt JOIN team t ON t.key = pt.team WHERE pt.person = h.key AND pt.from_day <= @today
               ORDER BY pt.from_day DESC LIMIT 1) AS team
            FROM (SELECT p.key, p.id, p.name, w.tier, w.times, w.tier_newest AS since
                  FROM holding w JOIN person p ON p.key = w.person AND p.active = 1
                  WHERE w.achievement = @a AND {covers} ORDER BY w.tier DESC, w.tier_newest DESC, p.key LIMIT @most) h
            ORDER BY h.tier DESC, h.since DESC, h.key
            """, looker.With(new { a = achievement.Value, today = today.Number, most }))
            .Select(r => new Holder(r.Person, r.Id, r.Name, r.Team, (int)r.Tier, r.Times, At(r.Since)))];

    /// <summary>Those of some people of whom the reader may know.</summary>
    public static List<PersonName> Seen(
        DbConnection connection, string covers, Onlooker looker, IReadOnlyCollection<long> people, Workday today)
    {
        if (people.Count == 0) return [];
        var seen = connection.Query<long>(
            $"SELECT p.key FROM person p WHERE {Dialect.Of(connection).Among("p.key", "people")} AND {covers}",
            looker.With(new { people = people.ToArray() })).ToList();
        return seen.Count == 0 ? [] : [.. PeopleNames.Of(connection, seen, today).Values];
    }

    /// <summary>How many active people hold it, by their highest tier.</summary>
    public static Dictionary<int, long> ByTier(DbConnection connection, AchievementKey achievement, string covers, Onlooker looker) =>
        connection.Query<(long Tier, long People)>(
            $"""
            SELECT w.tier, count(*) FROM holding w JOIN person p ON p.key = w.person AND p.active = 1
            WHERE w.achievement = @a AND {covers} GROUP BY w.tier
            """, looker.With(new { a = achievement.Value })).ToDictionary(r => (int)r.Tier, r => r.People);

    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private static List<EarnedAward> Awards(IEnumerable<Row> rows) =>
        [.. rows.Select(r => new EarnedAward(
            r.Key, r.Achievement, (int)r.Tier, r.Person, r.Occasion, new(new((int)r.First), new((int)r.Last)), At(r.EarnedAt),
            At(r.AnnouncedAt), new(r.Value), r.Giver, r.Note)
        {
            Project = r.Project, IsFlagged = r.FlaggedAt is not null,
        })];

    private sealed record Row
    {
        public long Key { get; init; }
        public long Achievement { get; init; }
        public long Tier { get; init; }
        public long Person { get; init; }
        public string Occasion { get; init; } = "";
        public long First { get; init; }
        public long Last { get; init; }
        public long EarnedAt { get; init; }
        public long AnnouncedAt { get; init; }
        public long Value { get; init; }
        public string? Giver { get; init; }
        public string? Note { get; init; }
        public string? Project { get; init; }
        public long? FlaggedAt { get; init; }
    }

    private sealed record HolderRow
    {
        public long Person { get; init; }
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string? Team { get; init; }
        public long Tier { get; init; }
        public long Times { get; init; }
        public long Since { get; init; }
    }
}
