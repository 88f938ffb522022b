using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.Engine.Leaderboards;
using Laurel.Storage;

namespace Laurel.App.Features.Leaderboards;

/// <param name="Badges">Different ones that were earned in the period.</param>
/// <param name="Times">How often badges were earned.</param>
/// <param name="Points">1, 2, 5, 10 or 20 for each badge, by how few hold it.</param>
/// <param name="Moved">Ranks won since the period before, negative for lost ones; null for who was not on it.</param>
public sealed record BadgeStandingAnswer(
    int Rank, string Person, string Name, string? Team, int Badges, long Times, long Points, int? Moved);

/// <param name="By">count or rarity.</param>
/// <param name="From">First workday; null for all time.</param>
/// <param name="People">How many are ranked, on this page or not.</param>
/// <param name="Around">The person who was asked for and their neighbours, two on either side; null where nobody was asked for.</param>
public sealed record BadgeBoardAnswer(
    string By, string Period, string? From, string? To, string? Team, DateTimeOffset UpdatedAt, int People,
    IReadOnlyList<BadgeStandingAnswer> Standings, IReadOnlyList<BadgeStandingAnswer>? Around);

/// <summary>GET /api/v1/badge-leaderboard: who has earned the most badges, or the rarest.</summary>
public static class BadgeBoardApi
{
    private const int Around = 5;

    public static void MapBadgeBoardApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/badge-leaderboard", Answer)
            .RequiresPermission(Permissions.AchievementsViewTeam)
            .WithName("getBadgeLeaderboard")
            .WithTags("Leaderboards")
            .WithSummary("Who has earned the most badges, or the rarest")
            .WithDescription(
                "Best first. by: count (usual) or rarity. period: as for a metric's leaderboard, usually all. Equal values share a rank: "
                + "1, 2, 2, 4. `around` names a person whose place and neighbours are given as well. Keys see everybody.")
            .Produces<BadgeBoardAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static IResult Answer(
        string? by, string? period, string? team, int? limit, int? offset, string? around, Boards boards, BadgeBoards badges,
        Database database, AchievementCatalogue catalogue, Onlooker looker, TimeProvider time)
    {
        if (BadgeBoardQuery.Order(by) is not { } order)
            return Problems.BadParameter("by", $"{BadgeBoardQuery.ByCount} or {BadgeBoardQuery.ByRarity}");
        if (BadgeBoardQuery.Period(period) is not { } known)
            return Problems.BadParameter("period", string.Join(", ", BoardPeriods.All.Select(p => p.Id())));
        if (!Paging.IsLimit(limit)) return Problems.BadParameter("limit", $"a whole number from 1 to {Paging.Most}");
        if (offset is < 0) return Problems.BadParameter("offset", "0 or more");
        var floor = boards.Floor;
        var among = team is null ? null : floor.People.Teams.FirstOrDefault(t => string.Equals(t.Id, team, StringComparison.Ordinal));
        if (team is not null && among is null) return Problems.NotThere("There is no team of this id.");
        var person = around is null ? null : floor.Snapshot.Floor.Person(around);
        if (around is not null && person is null) return Problems.NotThere("There is no person of this id to look around.");

        using var connection = database.Read();
        var board = badges.Open(
            connection, catalogue.Current(connection), looker, order, known, Boards.Today(floor.Snapshot, time.GetUtcNow()), among);
        var all = known == BoardPeriod.All;
        return Results.Ok(new BadgeBoardAnswer(
            order.Id(), known.Id(), all ? null : board.Days.First.ToString(), all ? null : board.Days.Last.ToString(), among?.Id,
            board.Tally.MadeAt, board.Ranking.Places.Count,
            [.. board.Ranking.Places.Skip(offset ?? 0).Take(limit ?? Paging.Usual).Select(Answered)],
            person is null ? null
                : board.Ranking.Find(person.Key) is null ? []
                : [.. board.Ranking.Around(person.Key, Around).Select(Answered)]));

        BadgeStandingAnswer Answered(Standing standing)
        {
            var line = board.Line(standing);
            return new(line.Rank, line.Person.Id, line.Person.Name, line.Team?.Id, line.Earned.Badges, line.Earned.Times,
                line.Earned.Points, line.Moved);
        }
    }
}
