using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.Engine.Achievements;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>A draw, planned or made.</summary>
/// <param name="Day">The workday at the organisation's own site.</param>
/// <param name="State">planned, drawn or missed.</param>
/// <param name="Commitment">SHA-256 of the seed, published ahead.</param>
/// <param name="Seed">In hexadecimal digits; absent until it was drawn.</param>
/// <param name="Wins">With <paramref name="Of"/> the chance that somebody wins.</param>
/// <param name="Source">presence or activity: how those who were online were found.</param>
/// <param name="Candidates">Ids of people, in the order of their UTF-8 bytes.</param>
/// <param name="Winner">Absent where nobody has won.</param>
/// <param name="Message">What the seed signs, as text.</param>
public sealed record DrawAnswer(
    string Achievement, string Day, DateTimeOffset At, string State, string Commitment, string? Seed, long? Wins, long? Of, string? Source,
    IReadOnlyList<string>? Candidates, string? Winner, string? Message);

/// <param name="Next">What to send as cursor for those before these; absent where there are none.</param>
public sealed record DrawsAnswer(IReadOnlyList<DrawAnswer> Draws, string? Next);

/// <summary>GET /api/v1/achievements/{id}/draws: all that anybody needs to draw again.</summary>
public static class DrawsApi
{
    public static void MapDrawsApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/achievements/{id}/draws", List)
            .RequiresPermission(Permissions.AchievementsViewTeam)
            .WithName("listDraws")
            .WithTags("Achievements")
            .WithSummary("Draws of a lucky draw")
            .WithDescription("The newest first, the planned one among them. docs/guide/draws.md tells how to draw again. "
                + $"cursor: the `next` of the answer before; limit: 1 to {Paging.Most}, usually {Paging.Usual}.")
            .Produces<DrawsAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static IResult List(
        string id, Database database, AchievementCatalogue catalogue, CurrentPerson me, string? cursor, int? limit)
    {
        if (!Paging.IsLimit(limit) || Paging.Numbers(cursor, 1) is not [var before]) return Paging.Unclear;
        var most = limit ?? Paging.Usual;
        using var connection = database.Read();
        if (AchievementApi.Find(catalogue.Current(connection), id, me) is not { } one) return AchievementApi.NotThere(id);
        var draws = Draws.Of(connection, null, one.Key, most + 1, cursor is null ? int.MaxValue : (int)before);
        return TypedResults.Ok(new DrawsAnswer([.. draws.Take(most).Select(d => new DrawAnswer(
            id, d.Day.ToString(), d.Time, d.State, d.Commitment, d.Seed, d.IsDrawn ? d.Chance.Wins : null, d.IsDrawn ? d.Chance.Of : null,
            d.IsDrawn ? d.Source : null, d.IsDrawn ? d.Candidates : null, d.Winner, d.IsDrawn ? d.Record(id).Message : null))],
            draws.Count > most ? Paging.Cursor(draws[most - 1].Day.Number) : null));
    }
}
