using System.Buffers.Text;
using System.Globalization;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.Engine.Activities;

namespace Laurel.App.Features.Activities;

/// <summary>An activity that waits for its person, or for an external identity to be linked; nothing counts it yet.</summary>
/// <param name="Person">Absent where it names a provider and an external id instead.</param>
public sealed record HeldAnswer(
    string Source, string Id, long Version, string Type, DateTimeOffset Time, string? Person, string? Provider, string? External,
    string? Team, string? Project, string? Contact,
    IReadOnlyDictionary<string, decimal> Measures, IReadOnlyDictionary<string, string> Labels, DateTimeOffset ReceivedAt);

/// <param name="Next">What to send as cursor for those after these; absent where there are none.</param>
public sealed record HeldActivitiesAnswer(IReadOnlyList<HeldAnswer> Activities, string? Next);

/// <summary>What of one source waits for one person.</summary>
/// <param name="Since">When the first of them came.</param>
/// <param name="Known">True where the person is there by now, but the declared types refuse these activities.</param>
public sealed record HeldCountAnswer(
    string Person, string Source, long Activities, DateTimeOffset Since, DateTimeOffset Latest, bool Known);

/// <param name="Activities">How many wait in all.</param>
public sealed record HeldPeopleAnswer(IReadOnlyList<HeldCountAnswer> People, long Activities);

/// <param name="Person">The id that the activities carry.</param>
/// <param name="CountFor">Whose they are.</param>
/// <param name="Counted">How many count now.</param>
/// <param name="Waiting">How many wait on, as the declared types refuse them.</param>
public sealed record CountedHeldAnswer(string Person, string CountFor, long Counted, long Waiting);

/// <param name="Person">The id that the activities carry.</param>
/// <param name="Dropped">How many were dropped; they never count.</param>
public sealed record DroppedHeldAnswer(string Person, long Dropped);

/// <summary>/api/v1/activities/held: what waits, and for whom; deciding about what waits for somebody who will never come.</summary>
public static class HeldApi
{
    public static void MapHeldApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/activities/held", List)
            .RequiresPermission(Permissions.ActivitiesView)
            .WithName("listHeldActivities")
            .WithTags("Activities")
            .WithSummary("Activities that wait for their person")
            .WithDescription("They count, in the place of their time, as soon as the person is added. person, source: only of these. "
                + $"cursor: the `next` of the answer before; limit: 1 to {Paging.Most}, usually {Paging.Usual}.")
            .Produces<HeldActivitiesAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        routes.MapGet("/api/v1/activities/held/people", People)
            .RequiresPermission(Permissions.ActivitiesView)
            .WithName("listHeldPeople")
            .WithTags("Activities")
            .WithSummary("People who are waited for")
            .WithDescription("How many activities of which source wait for whom, and since when.");
        routes.MapPost("/api/v1/activities/held/count", Count)
            .RequiresPermission(Permissions.PeopleManage)
            .WithName("countHeldActivities")
            .WithTags("Activities")
            .WithSummary("Count what waits for one id for a person who is known")
            .WithDescription("person: the id that waits; countFor: whose they are. They count in their own time. Sent again they are "
                + "duplicates; what comes later under that id waits again.")
            .Produces<CountedHeldAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPost("/api/v1/activities/held/drop", Drop)
            .RequiresPermission(Permissions.PeopleManage)
            .WithName("dropHeldActivities")
            .WithTags("Activities")
            .WithSummary("Drop what waits for one id")
            .WithDescription("person: the id that waits. They never count, and it cannot be undone. Sent again they are duplicates; a "
                + "higher version is judged anew.")
            .Produces<DroppedHeldAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult Count(SettleHeld settle, CurrentPerson me, string? person, string? countFor)
    {
        if (string.IsNullOrEmpty(person)) return Problems.BadParameter(nameof(person), "the id that waits");
        if (string.IsNullOrEmpty(countFor)) return Problems.BadParameter(nameof(countFor), "the id of a person");
        return settle.CountFor(person, countFor, me.Actor) switch
        {
            null => Problems.NotThere($"There is no person '{countFor}'."),
            { Settled: 0, Waiting: 0 } => NothingWaits(person),
            var settled => TypedResults.Ok(new CountedHeldAnswer(person, countFor, settled.Settled, settled.Waiting)),
        };
    }

    private static IResult Drop(SettleHeld settle, CurrentPerson me, string? person)
    {
        if (string.IsNullOrEmpty(person)) return Problems.BadParameter(nameof(person), "the id that waits");
        return settle.Drop(person, me.Actor) is { Settled: > 0 } dropped
            ? TypedResults.Ok(new DroppedHeldAnswer(person, dropped.Settled))
            : NothingWaits(person);
    }

    private static IResult NothingWaits(string person) =>
        Problems.NotThere($"Nothing waits for '{person}'. GET /api/v1/activities/held/people says for whom something does.");

    private static IResult List(HeldStore held, string? person, string? source, string? cursor, int? limit)
    {
        if (!Paging.IsLimit(limit) || Position(cursor) is not var (after, id)) return Paging.Unclear;
        var most = limit ?? Paging.Usual;
        var rows = held.After(after, id, person, source, most + 1);
        return TypedResults.Ok(new HeldActivitiesAnswer(
            [.. rows.Take(most).Select(r => new HeldAnswer(
                r.Activity.Source, r.Activity.Id.ToString(), r.Activity.Version, r.Activity.Type,
                DateTimeOffset.FromUnixTimeMilliseconds(r.Activity.At),
                Identity(r.Activity) is null ? r.Activity.Person : null, Identity(r.Activity)?.Provider, Identity(r.Activity)?.External,
                r.Activity.Team, ProjectOf(r.Activity.Project), r.Activity.Contact,
                r.Activity.Measures.ToDictionary(m => m.Name, m => m.Amount.ToDecimal(), StringComparer.Ordinal),
                r.Activity.Labels.ToDictionary(l => l.Name, l => l.Text, StringComparer.Ordinal), r.ReceivedAt))],
            rows.Count > most ? $"{rows[most - 1].SourceKey}.{Base64Url.EncodeToString(rows[most - 1].Activity.Id.Bytes)}" : null));
    }

    /// <summary>Its own id, or the one that the other system calls it by.</summary>
    private static string? ProjectOf(string? named) =>
        named is not null && ExternalIdentity.Of(named) is { } identity ? identity.External : named;

    private static ExternalIdentity? Identity(IncomingActivity activity) => ExternalIdentity.Of(activity.Person!);

    private static HeldPeopleAnswer People(HeldStore held)
    {
        var counts = held.Counts();
        return new([.. counts.Select(c => new HeldCountAnswer(c.Person, c.Source, c.Count, c.Since, c.Latest, c.IsKnown))],
            counts.Sum(c => c.Count));
    }

    /// <summary>The identity that a cursor stands for; null where it was never given out.</summary>
    private static (long Source, byte[] Id)? Position(string? cursor)
    {
        if (cursor is null) return (0, []);
        var dot = cursor.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && long.TryParse(cursor.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var source)
            && Base64Url.IsValid(cursor.AsSpan(dot + 1))
            ? (source, Base64Url.DecodeFromChars(cursor.AsSpan(dot + 1)))
            : null;
    }
}
