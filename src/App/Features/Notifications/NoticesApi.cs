using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Features.Notifications;

/// <summary>What a person was told.</summary>
/// <param name="Number">Of the person's notices, ascending.</param>
/// <param name="Kind">badge, earlier, goal or goal-review.</param>
/// <param name="What">What happened: award, awards, goal-set, goal-proposed ...</param>
/// <param name="Count">Of how many awards a group tells; 1 for all others.</param>
/// <param name="Href">The page that it leads to.</param>
public sealed record NoticeAnswer(
    long Number, DateTimeOffset At, string Kind, string What, long? Award, long? Goal, long Count, string Href, DateTimeOffset? ReadAt);

/// <param name="Unread">How many are unread in all.</param>
/// <param name="Next">What to send as cursor for those before these; absent where there are none.</param>
public sealed record NoticesAnswer(IReadOnlyList<NoticeAnswer> Notices, long Unread, string? Next);

public sealed record UnreadAnswer(long Unread);

/// <summary>/api/v1/people/{id}/notices: a person's inbox, for programs that show it elsewhere.</summary>
public static class NoticesApi
{
    private const int MostNumbers = 100;

    public static void MapNoticesApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/people/{id}/notices", List)
            .RequiresPermission(Permissions.NoticesRead)
            .WithMetadata(new OfAchievementsAttribute())
            .WithName("listNotices")
            .WithTags("Notices")
            .WithSummary("A person's inbox, the newest first")
            .WithDescription("kind: badge, earlier, goal or goal-review; unread: true for unread ones only. "
                + "cursor: the `next` of the answer before; limit: 1 to 1000, usually 100.")
            .Produces<NoticesAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPost("/api/v1/people/{id}/notices/read", Mark)
            .RequiresPermission(Permissions.NoticesWrite)
            .WithMetadata(new OfAchievementsAttribute())
            .WithName("readNotices")
            .WithTags("Notices")
            .WithSummary("Mark notices as read or unread")
            .WithDescription($"number: said once for each of at most {MostNumbers}; or through: all up to this number. "
                + "read: false makes them unread again, by their numbers only.")
            .Produces<UnreadAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult List(string id, Database database, string? kind, bool? unread, string? cursor, int? limit)
    {
        if (!Paging.IsLimit(limit) || Paging.Numbers(cursor, 1) is not [var before]) return Paging.Unclear;
        var wanted = NoticeKind.Find(kind);
        if (kind is not null && wanted is null)
            return Problems.BadParameter(nameof(kind), string.Join(", ", NoticeKind.All.Select(k => k.Id)));
        var most = limit ?? Paging.Usual;
        using var connection = database.Read();
        if (Person(connection, id) is not { } person) return NoPerson(id);
        var notices = NoticeStore.Newest(
            connection, person, most + 1, wanted is null ? NoticeKind.All : [wanted], before == 0 ? long.MaxValue : before, unread is true);
        return TypedResults.Ok(new NoticesAnswer(
            [.. notices.Take(most).Select(n => new NoticeAnswer(
                n.Number, At(n.At), NoticeKind.Of(n.Kind).Id, n.Kind, n.Award, n.Goal, n.Count, Href(n),
                n.ReadAt is { } at ? At(at) : null))],
            Unread(connection, person), notices.Count > most ? Paging.Cursor(notices[most - 1].Number) : null));
    }

    private static IResult Mark(
        string id, [FromQuery] long[] number, long? through, bool? read, Database database, ReadNotices notices)
    {
        if (number.Length > 0 == through is not null || (through is not null && read is false) || number.Length > MostNumbers)
            return Problems.BadRequest(
                $"Send number, once for each of at most {MostNumbers}, or through; only by their numbers can notices be marked as unread.");
        using var connection = database.Read();
        if (Person(connection, id) is not { } person) return NoPerson(id);
        if (through is { } last) notices.ReadThrough(person, last, NoticeKind.All);
        else notices.Mark(person, number, read ?? true);
        return TypedResults.Ok(new UnreadAnswer(Unread(connection, person)));
    }

    private static long? Person(System.Data.Common.DbConnection connection, string id) =>
        connection.QueryFirstOrDefault<long?>("SELECT key FROM person WHERE id = @id", new { id });

    private static IResult NoPerson(string id) => Problems.NotThere($"There is no person '{id}'.");

    private static long Unread(System.Data.Common.DbConnection connection, long person) =>
        NoticeStore.Unread(connection, person).Values.Sum();

    private static string Href(Notice notice) => notice switch
    {
        { Goal: { } goal } => $"/goals/{goal}",
        { Award: { } award } => $"/celebrate/{award}",
        _ => $"/celebrate/together/{notice.Number}",
    };

    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
