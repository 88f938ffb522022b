using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Http;
using Laurel.Engine.Kernel;
using Laurel.Engine.Presence;
using Laurel.Storage;

namespace Laurel.App.Features.Presence;

/// <param name="Counts">online, pause or offline.</param>
/// <param name="Until">Absent while it goes on.</param>
public sealed record SegmentAnswer(string Status, string Counts, DateTimeOffset From, DateTimeOffset? Until, decimal Seconds);

/// <summary>One person's presence on one workday, up to now.</summary>
/// <param name="Status">The present one; absent on another day than today, and where none is in force.</param>
/// <param name="Since">When that began.</param>
/// <param name="Online">Seconds of time online, with what is open.</param>
/// <param name="Paused">Seconds in pauses, likewise.</param>
/// <param name="Pauses">How many began on this workday.</param>
public sealed record PresenceAnswer(
    string Person, string Date, string? Status, DateTimeOffset? Since, decimal Online, decimal Paused, int Pauses,
    IReadOnlyList<SegmentAnswer> Segments);

/// <summary>GET /api/v1/people/{id}/presence.</summary>
public static class PresenceApi
{
    public static void MapPresenceApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/people/{id}/presence", One)
            .RequiresPermission(Permissions.MetricsView)
            .WithName("getPresence")
            .WithTags("People")
            .WithSummary("One person's presence on a workday, as of now")
            .WithDescription("date: a workday of the person's, such as 2026-01-31; without it, today where the person is. What is open "
                + "counts up to now; metrics count it once it ends, or at midnight.")
            .Produces<PresenceAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static IResult One(string id, string? date, Database database, CatalogueStore catalogue, CurrentPerson me, TimeProvider time)
    {
        var day = date is null ? null : Workday.Parse(date);
        if (date is not null && day is null) return Problems.BadParameter("date", "a date such as 2026-01-31");
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        using var connection = database.Read();
        var snapshot = catalogue.Current(connection);
        var scope = me.ScopeOf(Permissions.MetricsView);
        if (connection.QueryFirstOrDefault<long?>($"SELECT p.key FROM person p WHERE p.id = @id AND {scope.Covers("p.key")}",
            scope.With(new { id })) is not { } key) return Problems.NotThere("Nobody has this key.");
        if (snapshot.Rules.Presence is not { } rules || PresenceOfDay.Read(connection, snapshot, new(key), day, now) is not { } found)
            return Problems.NotThere("No statuses are declared here.");
        return TypedResults.Ok(new PresenceAnswer(id, found.Day.ToString(), found.Present?.Status,
            found.Since is { } since ? At(since) : null, Seconds(found.Sum.Online), Seconds(found.Sum.Paused), found.Sum.Pauses,
            [.. found.Segments.Select(s => new SegmentAnswer(s.Status, Counts(rules, s.Status), At(s.From),
                s.Until > now ? null : At(s.Until), Seconds(Math.Min(s.Until, now) - s.From)))]));
    }

    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
    private static decimal Seconds(long ms) => DayPresence.Seconds(ms).ToDecimal();

    private static string Counts(PresenceRules rules, string status) =>
        (rules.Statuses.GetValueOrDefault(status)?.Kind ?? StatusKind.Offline).ToString().ToLowerInvariant();
}
