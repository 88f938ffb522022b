using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.Engine.Leaderboards;

namespace Laurel.App.Features.Leaderboards;

/// <param name="Value">Rounded to a thousandth; ranks follow the exact one.</param>
/// <param name="Counted">How many activities it is made of.</param>
/// <param name="Moved">Ranks won since the period before, negative for lost ones; null for who was not on it.</param>
public sealed record StandingAnswer(int Rank, string Person, string Name, string? Team, decimal Value, long Counted, int? Moved);

/// <param name="From">First workday; null for all time.</param>
/// <param name="People">How many are ranked, on this page or not.</param>
/// <param name="Around">The person who was asked for and their neighbours, two on either side; null where nobody was asked for.</param>
public sealed record LeaderboardAnswer(
    string Metric, string Name, string Unit, string Direction, string Period, string? From, string? To, string? Team, int MinimumSample,
    DateTimeOffset UpdatedAt, int People, IReadOnlyList<StandingAnswer> Standings,
    IReadOnlyList<StandingAnswer>? Around);

/// <summary>GET /api/v1/leaderboards/{metric}: everybody's place, best first.</summary>
public static class LeaderboardsApi
{
    private const int Most = 1000, Usual = 100, Around = 5;

    public static void MapLeaderboardsApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/leaderboards/{metric}", Answer)
            .RequiresPermission(Permissions.LeaderboardsView)
            .WithName("getLeaderboard")
            .WithTags("Leaderboards")
            .WithSummary("A metric's leaderboard")
            .WithDescription(
                "Everybody with data, best first. Equal values share a rank: 1, 2, 2, 4. `around` names a person "
                + "whose place and neighbours are given as well. The periods are those of the first site's today.")
            .Produces<LeaderboardAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static IResult Answer(
        string metric, string? period, string? team, int? limit, int? offset, string? around, Boards boards, TimeProvider time)
    {
        var floor = boards.Floor;
        if (floor.Metrics.FirstOrDefault(m => string.Equals(m.Metric.Id, metric, StringComparison.Ordinal)) is not { } found)
            return Problems.NotThere("No metric of this id has a leaderboard.");
        var asked = period is null ? BoardPeriod.Week : BoardPeriods.Find(period);
        if (asked is not { } known) return Problems.BadParameter("period", string.Join(", ", BoardPeriods.All.Select(p => p.Id())));
        if (limit is < 1 or > Most) return Problems.BadParameter("limit", $"a whole number from 1 to {Most}");
        if (offset is < 0) return Problems.BadParameter("offset", "0 or more");
        var among = team is null ? null : floor.People.Teams.FirstOrDefault(t => string.Equals(t.Id, team, StringComparison.Ordinal));
        if (team is not null && among is null) return Problems.NotThere("There is no team of this id.");

        var person = around is null ? null : floor.Snapshot.Floor.Person(around);
        if (around is not null && person is null) return Problems.NotThere("There is no person of this id to look around.");

        var board = boards.Open(floor, found, known, Boards.Today(floor.Snapshot, time.GetUtcNow()), among);
        var all = known == BoardPeriod.All;
        return Results.Ok(new LeaderboardAnswer(
            found.Metric.Id, found.Name.ToString(), Word(found.Metric.Unit), Word(found.Metric.Direction), known.Id(),
            all ? null : board.Days.First.ToString(), all ? null : board.Days.Last.ToString(), among?.Id, board.MinimumSample,
            board.Board.MadeAt, board.Ranking.Places.Count,
            [.. board.Ranking.Places.Skip(offset ?? 0).Take(limit ?? Usual).Select(Answered)],
            person is null ? null
                : board.Ranking.Find(person.Key) is null ? []
                : [.. board.Ranking.Around(person.Key, Around).Select(Answered)]));

        StandingAnswer Answered(Standing standing)
        {
            var line = board.Line(standing);
            return new(
                line.Rank, line.Person.Id, line.Person.Name, line.Team?.Id, line.Value.Rounded().ToDecimal(), line.Count, line.Moved);
        }
    }

    /// <summary>As setup.yaml writes it.</summary>
    private static string Word<T>(T word) where T : struct, Enum => word.ToString().ToLowerInvariant();
}
