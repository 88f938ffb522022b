using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements.Manage;

public enum AwardsShown { Held, Flagged, Revoked }

/// <summary>How often an achievement is held by the people in a scope.</summary>
/// <param name="Week">Awards earned in the last seven days.</param>
public sealed record HoldingCounts(long Holders, long Awards, long Week, long Flagged, long Revoked)
{
    public static readonly HoldingCounts None = new(0, 0, 0, 0, 0);

    public long Of(AwardsShown which) => which switch
    {
        AwardsShown.Held => Awards,
        AwardsShown.Flagged => Flagged,
        AwardsShown.Revoked => Revoked,
    };
}

/// <summary>
/// History that is being counted for an achievement: percent, null before it began; whether it failed and is tried again.
/// </summary>
public sealed record HistoryWork(int? Percent, bool HasFailed)
{
    /// <summary>Whether nothing is decided by its rule, which failed.</summary>
    public bool IsSetAside { get; init; }
}

/// <summary>An award as those see it who may revoke it.</summary>
public sealed record ManagedAward(
    long Key, int Tier, string PersonId, string Person, string? Team, WorkdaySpan Days, DateTimeOffset EarnedAt, Amount Value,
    string? By, string? Note, bool IsFlagged, DateTimeOffset? RevokedAt, string? RevokedBy, string? Reason);

/// <summary>The SQL of managing achievements, always within a data scope.</summary>
public static class ManagedStore
{
    private const long WeekMs = 7 * 86_400_000L;
    private const int FewPeople = 100;

    // By an expression, or SQLite would go through all awards in the order of achievements in place of the index that has the few.
    // Each from what is kept for it: nobody goes through all awards to say how many there are.
    /// <param name="only">Of this achievement; of all where it is null.</param>
    public static Dictionary<long, HoldingCounts> Counts(DbConnection connection, DataScope scope, DateTimeOffset now, long? only)
    {
        var with = scope.With(new { since = now.ToUnixTimeMilliseconds() - WeekMs, only });
        Dictionary<long, long> Of(string which) => connection.Query<(long Achievement, long Count)>(
            $"""
            SELECT +w.achievement, count(*) FROM award w
            WHERE {which} AND w.person NOT IN (SELECT key FROM person WHERE active = 0)
              {(only is null ? "" : "AND +w.achievement = @only")} AND {scope.Covers("w.person")} GROUP BY +w.achievement
            """, with).ToDictionary(c => c.Achievement, c => c.Count);
        var holding = connection.Query<(long Achievement, long Holders, long Awards)>(
            $"""
            SELECT h.achievement, count(*), CAST(sum(h.times) AS BIGINT) FROM holding h
            WHERE h.person NOT IN (SELECT key FROM person WHERE active = 0) {(only is null ? "" : "AND h.achievement = @only")}
              AND {scope.Covers("h.person")} GROUP BY h.achievement
            """, with).ToDictionary(h => h.Achievement);
        var week = Of("w.revoked_at IS NULL AND w.earned_at > @since");
        var flagged = Of("w.revoked_at IS NULL AND w.flagged_at IS NOT NULL");
        var revoked = Of("w.revoked_at IS NOT NULL");
        return holding.Keys.Union(revoked.Keys).ToDictionary(a => a, a => new HoldingCounts(
            holding.GetValueOrDefault(a).Holders, holding.GetValueOrDefault(a).Awards, week.GetValueOrDefault(a),
            flagged.GetValueOrDefault(a), revoked.GetValueOrDefault(a)));
    }

    /// <summary>What is due or under way, by achievement: its own history, or that of a metric that it reads.</summary>
    public static Dictionary<long, HistoryWork> Histories(DbConnection connection, AchievementBook book, DateTimeOffset now)
    {
        var due = connection.Query<(string Kind, string Subject, long Done, long Total, string? Error)>(
            "SELECT kind, subject, done, total, error FROM work WHERE kind IN (@backfill, @metric) AND due <= @now",
            new { backfill = Backfill.Kind, metric = BuildMetric.Kind, now = now.ToUnixTimeMilliseconds() })
            .GroupBy(w =>
                (w.Kind, w.Kind == Backfill.Kind ? Backfill.Of(w.Subject).Value : long.Parse(w.Subject, CultureInfo.InvariantCulture)))
            .ToDictionary(same => same.Key, same =>
            {
                var (done, total) = (same.Sum(w => w.Done), same.Sum(w => w.Total));
                return new HistoryWork(total > 0 ? (int)Math.Min(99, 100 * done / total) : null, same.Any(w => w.Error is not null));
            });
        var found = new Dictionary<long, HistoryWork>();
        foreach (var achievement in book.All)
            if (achievement.Rule.Metrics.Select(m => due.GetValueOrDefault((BuildMetric.Kind, m.Value))).FirstOrDefault(w => w is not null)
                is { } metric) found[achievement.Key.Value] = metric;
            else if (due.GetValueOrDefault((Backfill.Kind, achievement.Key.Value)) is { } own) found[achievement.Key.Value] = own;
        foreach (var failed in SetAside.All(connection)) found[failed.Achievement.Value] = new(null, true) { IsSetAside = true };
        return found;
    }

    /// <summary>Newest first.</summary>
    public static List<RuleVersion> Versions(DbConnection connection, AchievementKey achievement) =>
        [.. connection.Query<(int Number, int Effective, string Rule, string? Audience)>(
            "SELECT number, effective, rule, audience FROM achievement_version WHERE achievement = @Value ORDER BY number DESC",
            new { achievement.Value })
            .Select(v => new RuleVersion(v.Number, new(v.Effective), JsonSerializer.Deserialize<Rule>(v.Rule, CatalogueStore.Json)!,
                Audience: v.Audience is { } some ? JsonSerializer.Deserialize<Audience>(some, CatalogueStore.Json) : null))];

    /// <summary>Newest first; of revoked ones the newest revocation.</summary>
    /// <param name="people">Only these; all where it is null.</param>
    /// <param name="areMany">Those who have many are gone through from the newest on; the others are sorted.</param>
    // All tiers are named, so that the awards of a few people are looked up and not all of the achievement's gone through.
    public static List<ManagedAward> Awards(
        DbConnection connection, DataScope scope, AchievementKey achievement, AwardsShown which, IReadOnlyList<long>? people,
        Workday today, int skip, int most, bool areMany = false) =>
        Read(connection, scope, today,
            $"""
            {(areMany ? "+" : "")}w.achievement = @a AND p.active = 1 AND {Which(which)}
              {Among(connection, people, areMany && people?.Count > FewPeople)}
            {(people is not null && !areMany && which == AwardsShown.Held ? "AND w.tier IN (0, 1, 2, 3)" : "")}
            ORDER BY {(which == AwardsShown.Revoked ? "w.revoked_at" : "w.earned_at")} DESC, w.tier DESC, w.key DESC
            LIMIT @most OFFSET @skip
            """, new { a = achievement.Value, people, most, skip, today = today.Number });

    /// <summary>How many there are; those that are held as they are kept for each person.</summary>
    public static long AwardCount(
        DbConnection connection, DataScope scope, AchievementKey achievement, AwardsShown which, IReadOnlyList<long>? people) =>
        connection.ExecuteScalar<long>(which == AwardsShown.Held
            ? $"""
            SELECT coalesce(CAST(sum(w.times) AS BIGINT), 0) FROM holding w JOIN person p ON p.key = w.person
            WHERE w.achievement = @a AND p.active = 1{Among(connection, people)} AND {scope.Covers("w.person")}
            """
            : $"""
            SELECT count(*) FROM award w JOIN person p ON p.key = w.person
            WHERE w.achievement = @a AND p.active = 1 AND {Which(which)}{Among(connection, people)} AND {scope.Covers("w.person")}
            """, scope.With(new { a = achievement.Value, people }));

    public static (long Achievement, ManagedAward Award)? Find(DbConnection connection, DataScope scope, long award, Workday today) =>
        Read(connection, scope, today, "w.key = @award", new { award, today = today.Number }) is [var one]
            ? (connection.ExecuteScalar<long>("SELECT achievement FROM award WHERE key = @award", new { award }), one) : null;

    /// <summary>Active people in the scope, by name.</summary>
    public static List<(long Key, string Id, string Name, string? Team)> People(DbConnection connection, DataScope scope, Workday today) =>
        [.. connection.Query<(long, string, string, string?)>(
            $"""
            SELECT p.key, p.id, p.name,
              (SELECT t.name FROM person_team pt JOIN team t ON t.key = pt.team WHERE pt.person = p.key AND pt.from_day <= @today
               ORDER BY pt.from_day DESC LIMIT 1) AS team
            FROM person p WHERE p.active = 1 AND {scope.Covers("p.key")} ORDER BY p.name, p.key
            """, scope.With(new { today = today.Number }))];

    private static string Which(AwardsShown which) => which switch
    {
        AwardsShown.Held => "w.revoked_at IS NULL",
        AwardsShown.Flagged => "w.revoked_at IS NULL AND w.flagged_at IS NOT NULL",
        AwardsShown.Revoked => "w.revoked_at IS NOT NULL",
    };

    /// <param name="areMet">They are met among the newest of all; each one's awards need not be looked up.</param>
    private static string Among(DbConnection connection, IReadOnlyList<long>? people, bool areMet = false) =>
        people is null ? "" : $" AND {Dialect.Of(connection).Among(areMet ? "+w.person" : "w.person", "people")}";

    private static List<ManagedAward> Read(DbConnection connection, DataScope scope, Workday today, string where, object parameters) =>
        [.. connection.Query<AwardRow>(
            $"""
            SELECT w.key, w.tier, p.id AS person_id, p.name AS person, w.first, w.last, w.earned_at, w.value,
              coalesce(g.name, w.awarded_via) AS giver, w.note,
              w.flagged_at, w.revoked_at, coalesce(r.name, w.revoked_via) AS revoker, w.revoke_reason AS reason,
              (SELECT t.name FROM person_team pt JOIN team t ON t.key = pt.team WHERE pt.person = p.key AND pt.from_day <= @today
               ORDER BY pt.from_day DESC LIMIT 1) AS team
            FROM award w JOIN person p ON p.key = w.person
            LEFT JOIN person g ON g.key = w.awarded_by LEFT JOIN person r ON r.key = w.revoked_by
            WHERE {scope.Covers("w.person")} AND {where}
            """, scope.With(parameters))
            .Select(r => new ManagedAward(
                r.Key, (int)r.Tier, r.PersonId, r.Person, r.Team, new(new((int)r.First), new((int)r.Last)), At(r.EarnedAt), new(r.Value),
                r.Giver, r.Note, r.FlaggedAt is not null, r.RevokedAt is { } at ? At(at) : null, r.Revoker, r.Reason))];

    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private sealed record AwardRow
    {
        public long Key { get; init; }
        public long Tier { get; init; }
        public string PersonId { get; init; } = "";
        public string Person { get; init; } = "";
        public string? Team { get; init; }
        public long First { get; init; }
        public long Last { get; init; }
        public long EarnedAt { get; init; }
        public long Value { get; init; }
        public string? Giver { get; init; }
        public string? Note { get; init; }
        public long? FlaggedAt { get; init; }
        public long? RevokedAt { get; init; }
        public string? Revoker { get; init; }
        public string? Reason { get; init; }
    }
}
