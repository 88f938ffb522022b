using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;

namespace Laurel.App.Features.AuditLog;

/// <summary>A field that changed; before or after is absent where there was, or is, nothing.</summary>
public sealed record AuditChangeAnswer(string Field, string? Before, string? After);

/// <summary>Who changed what.</summary>
/// <param name="Person">Id of the person who did it; absent of programs, files and the command line.</param>
/// <param name="By">Name of who or what did it, as it was then.</param>
/// <param name="Via">web, api, cli, file or system.</param>
/// <param name="Action">Area and verb, such as role.changed.</param>
/// <param name="What">What was changed: its name, or its id in a file.</param>
public sealed record AuditEntryAnswer(
    long Id, DateTimeOffset At, string? Person, string By, string Via, string Action, string What,
    IReadOnlyList<AuditChangeAnswer> Changes);

/// <param name="Next">What to send as cursor for those before these; absent where there are none.</param>
public sealed record AuditAnswer(IReadOnlyList<AuditEntryAnswer> Entries, string? Next);

/// <summary>GET /api/v1/audit: the log, page by page.</summary>
public static class AuditApi
{
    public static void MapAuditApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/audit", List)
            .RequiresPermission(Permissions.AuditView)
            .WithName("listAudit").WithTags("Audit log")
            .WithSummary("Who changed what, the newest first")
            .WithDescription("q: part of the name of who acted, of what was changed, or of a value; who: the name of who acted, exactly; "
                + "what: the first part of an action, such as person, role or key. "
                + $"cursor: the `next` of the answer before; limit: 1 to {Paging.Most}, usually {Paging.Usual}.")
            .Produces<AuditAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static IResult List(AuditStore store, string? q, string? who, string? what, string? cursor, int? limit)
    {
        if (!Paging.IsLimit(limit) || Paging.Numbers(cursor, 2) is not [var at, var key]) return Paging.Unclear;
        if (what is not null && AuditWords.Areas.All(a => a.Area != what))
            return Problems.BadParameter(nameof(what), $"one of {string.Join(", ", AuditWords.Areas.Select(a => a.Area))}");
        var most = limit ?? Paging.Usual;
        var found = store.Before(q, what, who, cursor is null ? null : (at, key), most + 1);
        return TypedResults.Ok(new AuditAnswer(
            [.. found.Take(most).Select(e => new AuditEntryAnswer(e.Key, e.At, e.ActorId, e.ActorName, e.Via, e.Action, e.Thing,
                [.. e.Changes.Select(c => new AuditChangeAnswer(c.Field, c.Before, c.After))]))],
            found.Count > most ? Paging.Cursor(found[most - 1].At.ToUnixTimeMilliseconds(), found[most - 1].Key) : null));
    }
}
