using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.Engine.Digests;
using Laurel.Storage;
using NodaTime;

namespace Laurel.App.Features.Digests;

/// <summary>What somebody wants to be mailed.</summary>
/// <param name="Kind">own or team.</param>
/// <param name="Frequency">daily or weekly.</param>
/// <param name="Weekday">monday to sunday; absent for a daily one.</param>
/// <param name="Time">Such as 08:00, by the clock where the person works.</param>
/// <param name="Next">When the next one is due; absent while it is off.</param>
public sealed record DigestAnswer(string Kind, bool On, string Frequency, string? Weekday, string Time, DateTimeOffset? Next);

public sealed record DigestsAnswer(IReadOnlyList<DigestAnswer> Digests);

/// <summary>/api/v1/people/{id}/digests: which mails a person gets.</summary>
public static class DigestsApi
{
    public static void MapDigestsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/people/{id}/digests", List)
            .RequiresPermission(Permissions.NoticesRead)
            .WithMetadata(new OfAchievementsAttribute())
            .WithName("listDigests")
            .WithTags("Notices")
            .WithSummary("Which digests a person is mailed")
            .Produces<DigestsAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPut("/api/v1/people/{id}/digests", Put)
            .RequiresPermission(Permissions.NoticesWrite)
            .WithMetadata(new OfAchievementsAttribute())
            .WithName("putDigest")
            .WithTags("Notices")
            .WithSummary("Switch a digest on or off, and say when it comes")
            .WithDescription("kind: own or team; on: true or false; frequency: daily or weekly (usual); weekday: monday (usual) to sunday; "
                + "time: such as 08:00 (usual), by the clock where the person works. What is not sent stays as it is. "
                + "team is for people whose role views the achievements of others.")
            .Produces<DigestsAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static IResult List(string id, Database database, DueDigests digests)
    {
        using var connection = database.Read();
        return Person(connection, id) is { } person ? TypedResults.Ok(Answer(connection, digests, person)) : NoPerson(id);
    }

    private static IResult Put(
        string id, string? kind, bool? on, string? frequency, string? weekday, string? time, Database database, DueDigests digests,
        AccountStore accounts)
    {
        using var connection = database.Read();
        if (Person(connection, id) is not { } person) return NoPerson(id);
        if (DigestKinds.Find(kind) is not { } wanted) return Problems.BadParameter(nameof(kind), "own or team");
        if (on is null) return Problems.BadParameter(nameof(on), "true or false");
        if (frequency is not (null or "daily" or "weekly")) return Problems.BadParameter(nameof(frequency), "daily or weekly");
        if (weekday is not null && Weekday(weekday) is null) return Problems.BadParameter(nameof(weekday), "monday to sunday");
        if (time is not null && DigestSubscription.Minute(time) is null) return Problems.BadParameter(nameof(time), "such as 08:00");
        var kept = DigestSubscription.Find(connection, null, person, wanted) ?? DigestSubscription.Offered;
        var isDaily = frequency is null ? kept.Schedule.Weekday is null && weekday is null : frequency == "daily";
        var schedule = DigestSchedule.Of(
            isDaily ? null : weekday is null ? kept.Schedule.Weekday ?? IsoDayOfWeek.Monday : Weekday(weekday),
            time is null ? kept.Schedule.Minute : DigestSubscription.Minute(time)!.Value)!;
        if (on is true && People.PeopleNames.Email(connection, person) is null)
            return Problems.DigestRefused($"'{id}' has no email address. Give the person one, then send it again.");
        if (on is true && wanted == DigestKind.Team && accounts.Find(person)?.Role.Holds(Permissions.AchievementsViewTeam) != true)
            return Problems.DigestRefused(
                $"The role of '{id}' does not view the achievements of others: there is no team's digest for it.");
        digests.Save(person, wanted, on.Value, schedule);
        return TypedResults.Ok(Answer(connection, digests, person));
    }

    private static DigestsAnswer Answer(DbConnection connection, DueDigests digests, long person) =>
        new([.. DigestKinds.All.Select(kind =>
        {
            var kept = DigestSubscription.Find(connection, null, person, kind) ?? DigestSubscription.Offered;
            return new DigestAnswer(kind.Id(), kept.IsOn, kept.Schedule.Weekday is null ? "daily" : "weekly",
                kept.Schedule.Weekday?.ToString().ToLowerInvariant(), kept.Time,
                kept.IsOn ? DateTimeOffset.FromUnixTimeMilliseconds(digests.Next(connection, person, kept)) : null);
        })]);

    private static IsoDayOfWeek? Weekday(string word)
    {
        for (var day = IsoDayOfWeek.Monday; day <= IsoDayOfWeek.Sunday; day++)
            if (string.Equals(day.ToString(), word, StringComparison.OrdinalIgnoreCase)) return day;
        return null;
    }

    private static long? Person(DbConnection connection, string id) =>
        connection.QueryFirstOrDefault<long?>("SELECT key FROM person WHERE id = @id", new { id });

    private static IResult NoPerson(string id) => Problems.NotThere($"There is no person '{id}'.");
}
