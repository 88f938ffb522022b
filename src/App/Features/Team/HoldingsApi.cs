using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.Storage;

namespace Laurel.App.Features.Team;

/// <param name="Tier">The highest; 0 for kinds without tiers.</param>
/// <param name="Times">How often it was earned.</param>
public sealed record HoldingAnswer(string Person, string Achievement, int Tier, long Times, DateTimeOffset Newest);

/// <param name="Next">What to send as cursor for those after these; absent where there are none.</param>
public sealed record HoldingsAnswer(IReadOnlyList<HoldingAnswer> Holdings, string? Next);

/// <summary>GET /api/v1/holdings: who has earned what, one line for each person and achievement.</summary>
public static class HoldingsApi
{
    public static void MapHoldingsApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/holdings", Answer)
            .RequiresPermission(Permissions.AchievementsViewTeam)
            .WithName("listHoldings")
            .WithTags("Achievements")
            .WithSummary("Who has earned what")
            .WithDescription("One line for each active person and achievement, by achievement; what is revoked does not count. "
                + "person, achievement: only of these ids. cursor: the `next` of the answer before; limit: 1 to 1000, usually 100.")
            .Produces<HoldingsAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static IResult Answer(Database database, CurrentPerson me, string? cursor, int? limit, string? person, string? achievement)
    {
        if (!Paging.IsLimit(limit) || Paging.Numbers(cursor, 2) is not [var afterAchievement, var afterPerson]) return Paging.Unclear;
        var most = limit ?? Paging.Usual;
        var scope = me.ScopeOf(Permissions.AchievementsViewTeam);
        using var connection = database.Read();
        var rows = connection.Query<(long A, long P, string Person, string Achievement, long Tier, long Times, long Newest)>(
            $"""
            SELECT h.achievement, h.person, p.id, a.id, h.tier, h.times, h.newest
            FROM holding h JOIN achievement a ON a.key = h.achievement JOIN person p ON p.key = h.person AND p.active = 1
            WHERE (h.achievement, h.person) > (@afterAchievement, @afterPerson) AND {scope.Covers("h.person")}
              AND h.achievement IN (SELECT key FROM present_achievement)
              {(person is null ? "" : "AND p.id = @person")} {(achievement is null ? "" : "AND a.id = @achievement")}
            ORDER BY h.achievement, h.person LIMIT @more
            """, scope.With(new { afterAchievement, afterPerson, person, achievement, more = most + 1 })).ToList();
        return TypedResults.Ok(new HoldingsAnswer(
            [.. rows.Take(most).Select(r => new HoldingAnswer(
                r.Person, r.Achievement, (int)r.Tier, r.Times, DateTimeOffset.FromUnixTimeMilliseconds(r.Newest)))],
            rows.Count > most ? Paging.Cursor(rows[most - 1].A, rows[most - 1].P) : null));
    }
}
