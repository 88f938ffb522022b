using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Http;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;
using System.Text.Json;

namespace Laurel.App.Features.Achievements;

/// <summary>An achievement and its rule as it is now.</summary>
/// <param name="Name">By language.</param>
/// <param name="Type">As setup files write it: threshold, best-of-period ...</param>
/// <param name="Tiers">Number of tiers; 0 for kinds without.</param>
/// <param name="Repeat">once, day, week, month or every-time.</param>
/// <param name="Hidden">Whether it is a surprise to agents, always or for a time.</param>
/// <param name="Retention">permanent, holder (until the next winner) or period (until its day, week or month is over).</param>
/// <param name="Tone">positive, playful or negative.</param>
/// <param name="Visibility">shown, hidden (until earned) or previous (until the step before it is earned).</param>
public record AchievementAnswer(
    string Id, IReadOnlyDictionary<string, string> Name, IReadOnlyDictionary<string, string> Description, string Area, string Badge,
    string Type, int Tiers, string Repeat, bool Hidden, string Visibility, string Retention, string Tone, bool Enabled);

/// <param name="Next">What to send as cursor for those after these; absent where there are none yet.</param>
public sealed record AchievementsAnswer(IReadOnlyList<AchievementAnswer> Achievements, string? Next);

/// <summary>One award. One that is flagged does not hold any more and stays until it is revoked.</summary>
/// <param name="Tier">1 to 3; 0 for kinds without tiers.</param>
/// <param name="Period">First local date of its period, or all; the key of the project; for one given by hand the id of the giving.</param>
/// <param name="Note">Of one given by hand.</param>
/// <param name="GivenBy">Id of the person who gave it by hand.</param>
/// <param name="GivenByKey">Name of the API key that did.</param>
/// <param name="RevokedBy">Id of the person who took it back.</param>
/// <param name="RevokedByKey">Name of the API key that did.</param>
public record AwardAnswer(
    long Id, string Achievement, int Tier, string Person, string Period, DateTimeOffset EarnedAt, DateTimeOffset AnnouncedAt, decimal Value,
    string? Note, string? GivenBy, string? GivenByKey, bool Flagged, DateTimeOffset? RevokedAt, string? RevokeReason, string? RevokedBy,
    string? RevokedByKey);

/// <param name="Next">What to send as cursor for those after these; absent where there are none yet.</param>
public sealed record AwardsAnswer(IReadOnlyList<AwardAnswer> Awards, string? Next);

/// <summary>GET /api/v1/achievements and /api/v1/awards, page by page.</summary>
public static class AwardsApi
{
    /// <summary>So many of one achievement are many.</summary>
    private const int Many = 5_000;

    public static void MapAwardsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/achievements", Achievements)
            .RequiresPermission(Permissions.AchievementsViewTeam)
            .WithName("listAchievements")
            .WithTags("Achievements")
            .WithSummary("Achievements with their rules' kinds")
            .WithDescription("In the order in which everybody sees them. cursor: the `next` of the answer before; limit: 1 to 1000, "
                + "usually 100. One that is moved meanwhile may be told twice, or not.")
            .Produces<AchievementsAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        routes.MapGet("/api/v1/awards", Awards)
            .RequiresPermission(Permissions.AchievementsViewTeam)
            .WithName("listAwards")
            .WithTags("Achievements")
            .WithSummary("Awards, oldest making first")
            .WithDescription("In the order in which they were made, revoked ones too. person, achievement: only of these ids. "
                + "flagged, revoked: true for those alone, false for all others. "
                + "cursor: the `next` of the answer before; limit: 1 to 1000, usually 100.")
            .Produces<AwardsAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult Achievements(Database database, string? cursor, int? limit)
    {
        if (!Paging.IsLimit(limit) || Paging.Numbers(cursor, 2) is not [var place, var after]) return Paging.Unclear;
        var most = limit ?? Paging.Usual;
        using var connection = database.Read();
        var rows = connection.Query<AchievementRow>(
            """
            SELECT a.key, a.position, a.id, a.name, a.description, a.area, a.badge, a.type, a.repeat, a.visibility, a.retention, a.tone,
              v.rule,
              CASE WHEN EXISTS (SELECT 1 FROM achievement_span s WHERE s.achievement = a.key AND s.until IS NULL)
                THEN 1 ELSE 0 END AS enabled
            FROM achievement a JOIN achievement_version v ON v.achievement = a.key
            WHERE v.number = (SELECT max(number) FROM achievement_version WHERE achievement = a.key)
              AND (a.position, a.key) > (@place, @after)
              AND a.key IN (SELECT key FROM present_achievement)
            ORDER BY a.position, a.key LIMIT @more
            """, new { place, after, more = most + 1 }).ToList();
        return TypedResults.Ok(new AchievementsAnswer(
            [.. rows.Take(most).Select(r => new AchievementAnswer(
                r.Id, Texts(r.Name), Texts(r.Description), r.Area, r.Badge, r.Type,
                JsonSerializer.Deserialize<Rule>(r.Rule, CatalogueStore.Json)!.Levels(),
                Word(Enum.Parse<Repeat>(r.Repeat)), r.Visibility != "shown", r.Visibility, r.Retention, r.Tone, r.Enabled != 0))],
            rows.Count > most ? Paging.Cursor(rows[most - 1].Position, rows[most - 1].Key) : null));
    }

    private static IResult Awards(
        Database database, AchievementCatalogue catalogue, CurrentPerson me, string? cursor, int? limit, string? person,
        string? achievement, bool? flagged, bool? revoked)
    {
        if (!Paging.IsLimit(limit) || Paging.Numbers(cursor, 1) is not [var after]) return Paging.Unclear;
        var most = limit ?? Paging.Usual;
        using var connection = database.Read();
        // One that is in test is asked for by name, by whoever may manage it.
        var of = achievement is null ? null : AchievementApi.Find(catalogue.Current(connection), achievement, me)?.Key.Value;
        if (achievement is not null && of is null) return AchievementApi.NotThere(achievement);
        if (person is not null && !HasPerson(connection, me, person)) return Problems.NotThere($"There is no person '{person}'.");
        var rows = Read(connection, Scope(me),
            $"""
            AND w.key > @after
              {(person is null ? "" : "AND p.id = @person")} {(of is { } one ? $"AND {Walk(connection, one)}w.achievement = @of" : "")}
              {Is(flagged, "flagged_at")} {Is(revoked, "revoked_at")}
            ORDER BY w.key LIMIT @more
            """, new { after, person, of, more = most + 1 }, present: of is null);
        return TypedResults.Ok(new AwardsAnswer(
            [.. rows.Take(most).Select(Answer)], rows.Count > most ? Paging.Cursor(rows[most - 1].Key) : null));

        static string Is(bool? wanted, string column) => wanted switch
        {
            null => "",
            // The few of them are found by the indexes that hold nothing else.
            true => $"""
                AND w.key IN (SELECT key FROM award WHERE {column} IS NOT NULL AND revoked_at IS NULL
                  UNION ALL SELECT key FROM award WHERE {column} IS NOT NULL AND revoked_at IS NOT NULL)
                """,
            false => $"AND w.{column} IS NULL",
        };
    }

    /// <summary>
    /// "+" for an achievement that many have: its awards are met soon enough in the order of all of them, and to sort them takes longer.
    /// </summary>
    private static string Walk(DbConnection connection, long achievement) => connection.ExecuteScalar<long>(
        "SELECT count(*) FROM (SELECT 1 FROM award WHERE achievement = @achievement LIMIT @Many) counted",
        new { achievement, Many }) == Many ? "+" : "";

    /// <param name="which">Further conditions, and the order, over w (the award), a (its achievement) and p (its person).</param>
    /// <param name="present">Only of achievements that are there for people.</param>
    internal static List<AwardRow> Read(
        DbConnection connection, DataScope scope, string which, object parameters, bool present = true) =>
        [.. connection.Query<AwardRow>(
            $"""
            SELECT w.key, a.id AS achievement, w.tier, p.id AS person, w.occasion, w.earned_at, w.announced_at, w.value, w.note,
              w.flagged_at, w.revoked_at, w.revoke_reason, g.id AS given_by, w.awarded_via AS given_by_key,
              r.id AS revoked_by, w.revoked_via AS revoked_by_key
            FROM award w JOIN achievement a ON a.key = w.achievement JOIN person p ON p.key = w.person
            LEFT JOIN person g ON g.key = w.awarded_by LEFT JOIN person r ON r.key = w.revoked_by
            WHERE {scope.Covers("w.person")} {(present ? "AND +w.achievement IN (SELECT key FROM present_achievement)" : "")} {which}
            """, scope.With(parameters))];

    internal static AwardAnswer Answer(AwardRow r) => new(
        r.Key, r.Achievement, (int)r.Tier, r.Person, Occasion.Printed(r.Occasion), At(r.EarnedAt), At(r.AnnouncedAt),
        new Amount(r.Value).ToDecimal(), r.Note, r.GivenBy, r.GivenByKey, r.FlaggedAt is not null, r.RevokedAt is { } at ? At(at) : null,
        r.RevokeReason, r.RevokedBy, r.RevokedByKey);

    private static bool HasPerson(DbConnection connection, CurrentPerson me, string id) => connection.ExecuteScalar<long>(
        $"SELECT count(*) FROM person p WHERE p.id = @id AND {Scope(me).Covers("p.key")}", Scope(me).With(new { id })) > 0;

    private static DataScope Scope(CurrentPerson me) => me.ScopeOf(Permissions.AchievementsViewTeam);

    private static string Word(Repeat repeat) => repeat switch
    {
        Repeat.Once => "once",
        Repeat.Day => "day",
        Repeat.Week => "week",
        Repeat.Month => "month",
        Repeat.EveryTime => "every-time",
    };

    private static Dictionary<string, string> Texts(string stored) => JsonSerializer.Deserialize<Dictionary<string, string>>(stored)!;
    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private sealed record AchievementRow
    {
        public long Key { get; init; }
        public long Position { get; init; }
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string Description { get; init; } = "";
        public string Area { get; init; } = "";
        public string Badge { get; init; } = "";
        public string Type { get; init; } = "";
        public string Repeat { get; init; } = "";
        public string Visibility { get; init; } = "";
        public string Retention { get; init; } = "";
        public string Tone { get; init; } = "";
        public string Rule { get; init; } = "";
        public long Enabled { get; init; }
    }

    internal sealed record AwardRow
    {
        public long Key { get; init; }
        public string Achievement { get; init; } = "";
        public long Tier { get; init; }
        public string Person { get; init; } = "";
        public string Occasion { get; init; } = "";
        public long EarnedAt { get; init; }
        public long AnnouncedAt { get; init; }
        public long Value { get; init; }
        public string? Note { get; init; }
        public long? FlaggedAt { get; init; }
        public long? RevokedAt { get; init; }
        public string? RevokeReason { get; init; }
        public string? GivenBy { get; init; }
        public string? GivenByKey { get; init; }
        public string? RevokedBy { get; init; }
        public string? RevokedByKey { get; init; }
    }
}
