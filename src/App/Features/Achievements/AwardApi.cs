using System.Data.Common;
using Dapper;
using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Work;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Features.Achievements;

/// <summary>An activity that counted for an award.</summary>
/// <param name="Ordinal">From 1, in the order in which they happened.</param>
/// <param name="Amount">What it added, in the metric's unit.</param>
/// <param name="Decided">With it the target was reached.</param>
public sealed record CountedAnswer(
    long Ordinal, string Source, string Id, string Type, DateTimeOffset Time, string Workday, string? Contact, decimal Amount,
    bool Decided);

/// <summary>What counted of one metric.</summary>
/// <param name="Metric">Its id; absent where the rule counts activities by itself.</param>
/// <param name="Value">What it had come to when the award was earned, in the metric's unit, rounded to a thousandth.</param>
/// <param name="Comparison">
/// at-least, at-most, above or below; with <paramref name="Target"/> the condition, where the rule has one.
/// </param>
/// <param name="Count">How many activities counted.</param>
/// <param name="Gone">How many of them are not kept any more.</param>
/// <param name="Activities">The newest of them, newest first.</param>
public sealed record EvidenceAnswer(
    string? Metric, decimal Value, string? Comparison, decimal? Target, long Count, long Gone, IReadOnlyList<CountedAnswer> Activities);

/// <summary>One award with all that is known of it.</summary>
public sealed record OneAwardAnswer : AwardAnswer
{
    internal OneAwardAnswer(AwardAnswer award) : base(award) { }

    /// <summary>First workday whose work counted; absent: from the beginning.</summary>
    public string? From { get; init; }

    /// <summary>Last workday whose work counted; absent where all time does.</summary>
    public string? To { get; init; }

    /// <summary>
    /// What was to be reached: of the first condition, the percentage or the length, or the goal's; absent where nothing is.
    /// </summary>
    public decimal? Target { get; init; }

    /// <summary>Number of the version of the rule by which it was earned; absent of what is given by hand.</summary>
    public int? RuleVersion { get; init; }

    /// <summary>That version, in the keys of a setup file.</summary>
    public required IReadOnlyDictionary<string, object> Rule { get; init; }

    /// <summary>Of each metric that the rule reads; none where no activities decided it.</summary>
    public required IReadOnlyList<EvidenceAnswer> Evidence { get; init; }
}

/// <summary>What a giving by hand came to.</summary>
/// <param name="Grant">Sent again with the same, nothing more is given.</param>
/// <param name="Awards">One for each person, in the order of making.</param>
public sealed record GrantAnswer(string Grant, IReadOnlyList<AwardAnswer> Awards);

/// <summary>One award through the API: read with its evidence, given by hand, revoked, given back.</summary>
public static class AwardApi
{
    private const int MostPeople = 100;

    public static void MapAwardApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/awards/{id}", One)
            .RequiresPermission(Permissions.AchievementsViewTeam)
            .WithName("getAward").WithTags("Achievements")
            .WithSummary("One award with its evidence, target, version of the rule, giver and note")
            .WithDescription("Revoked ones, too. limit: so many of the newest activities of each metric, 1 to 1000, usually 100.")
            .Produces<OneAwardAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPost("/api/v1/awards", Give)
            .RequiresPermission(Permissions.AchievementsAward)
            .WithName("giveAwards").WithTags("Achievements")
            .WithSummary("Award by hand, to one person or many")
            .WithDescription($"achievement: the id of one that is given by hand; person, once for each of at most {MostPeople}: their ids; "
                + $"note: shown with the badge, up to {AwardByHand.LongestNote} characters; grant: a UUID of your own, by which the "
                + "same sent again gives nothing more and is answered with 200. All receive it or nobody does.")
            .Produces<GrantAnswer>(StatusCodes.Status201Created)
            .Produces<GrantAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        routes.MapPost("/api/v1/awards/{id}/revoke", Revoke)
            .RequiresPermission(Permissions.AchievementsRevoke)
            .WithName("revokeAward").WithTags("Achievements")
            .WithSummary("Take an award back")
            .WithDescription($"reason: up to {RevokeAward.LongestReason} characters. It is not made again by itself. One that is revoked "
                + "already stays as it is, with the reason that it has.")
            .Produces<AwardAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        routes.MapPost("/api/v1/awards/{id}/restore", Restore)
            .RequiresPermission(Permissions.AchievementsRevoke)
            .WithName("restoreAward").WithTags("Achievements")
            .WithSummary("Give a revoked award back")
            .WithDescription("Its history is counted again: where it does not hold any more it is flagged. One that is not revoked stays "
                + "as it is.")
            .Produces<AwardAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult One(
        long id, Database database, AchievementCatalogue catalogue, CurrentPerson me, TimeProvider time, int? limit)
    {
        if (!Paging.IsLimit(limit)) return Problems.BadParameter(nameof(limit), $"a whole number from 1 to {Paging.Most}");
        using var connection = database.Read();
        using var view = database.Snapshot(connection);
        var book = catalogue.Current(connection);
        if (Known(connection, book, me, Permissions.AchievementsViewTeam, id) is not { } known) return NotThere(id);
        var award = EarnedStore.FindKept(connection, id)!;
        var version = book.VersionOf(award);
        var achievement = book.Of(award.Achievement);
        var rule = version?.Rule ?? achievement.Rule;
        var goals = rule.ReadsGoals() ? GoalStore.Of(connection, null, [new(award.Person)])(new(award.Person)) : [];
        var decided = rule.For(award.Occasion, goals, award.Days);
        var writer = new SetupWriter(connection, view, time.GetUtcNow().ToUnixTimeMilliseconds());
        return TypedResults.Ok(new OneAwardAnswer(known)
        {
            From = Day(award.Days.First), To = Day(award.Days.Last), Target = decided.Asks(award.Tier)?.ToDecimal(),
            RuleVersion = version?.Number, Rule = writer.Entry(rule, achievement.Repeat),
            Evidence =
            [
                .. Evidence.Of(connection, book, award, limit ?? Paging.Usual).Select(e =>
                {
                    var condition = decided.Asks().FirstOrDefault(c => c.Metric == e.Metric.Key);
                    return new EvidenceAnswer(
                        IsHidden(book, e.Metric.Key) ? null : e.Metric.Id, e.Value.Rounded().ToDecimal(),
                        condition is null ? null : SetupWriter.Word(condition.Comparison),
                        condition?.Targets[Math.Clamp(award.Tier, 1, condition.Targets.Count) - 1].ToDecimal(), e.Total, e.Gone,
                        [.. e.Shown.Select(c => new CountedAnswer(
                            c.Ordinal, c.Activity.Source, c.Activity.Id.ToString(), c.Activity.Type, At(c.Activity.At),
                            c.Activity.Day.ToString(), c.Activity.Body.Contact, c.Amount.ToDecimal(), c.Decided))]);
                }),
            ],
        });
    }

    private static string? Day(Workday day) => day == Workday.Beginning || day == Workday.End ? null : day.ToString();

    private static bool IsHidden(AchievementBook book, MetricKey metric) =>
        !book.Snapshot.Rules.Metrics.Any(m => m.Metric.Key == metric && !m.Hidden);

    private static IResult Give(
        [FromQuery] string[] person, Database database, AchievementCatalogue catalogue, CatalogueStore rules, CurrentPerson me,
        LiveHub live, TimeProvider time, string? achievement, string? note, string? grant)
    {
        if (person.Length is 0 or > MostPeople) return Problems.BadParameter(nameof(person), $"said once for each of 1 to {MostPeople}");
        var now = time.GetUtcNow();
        var by = Guid.CreateVersion7(now);
        if (grant is not null && (!Guid.TryParseExact(grant, "D", out by) || by == Guid.Empty))
            return Problems.BadParameter(nameof(grant), "a UUID such as 0199d0a2-7c1e-7d55-9a3f-5b1d5f0c2f11");
        var scope = me.ScopeOf(Permissions.AchievementsAward);
        using var connection = database.Read();
        var book = catalogue.Current(connection);
        if (book.Find(achievement ?? "") is not { IsPresent: true } one)
            return Problems.NotThere($"There is no achievement '{achievement}'.");
        var people = connection.Query<(string Id, long Key)>(
            $"""
            SELECT p.id, p.key FROM person p WHERE {Dialect.Of(connection).Among("p.id", "ids")} AND {scope.Covers("p.key")}
            """, scope.With(new { ids = person })).ToDictionary(p => p.Id, p => p.Key, StringComparer.Ordinal);
        if (person.FirstOrDefault(p => !people.ContainsKey(p)) is { } unknown) return Problems.NotThere($"There is no person '{unknown}'.");
        HandAwarded outcome;
        List<(long Award, string Person, string Note)> given;
        try
        {
            (outcome, given) = database.Write((c, t) =>
            {
                // Sent again it is answered as it was, whatever has become of the badge and the people since.
                var before = AwardByHand.Of(c, t, one.Key, by);
                var made = before.Count > 0 ? new HandAwarded([], null) : AwardByHand.Run(c, t, rules.Current(c, t),
                    new(one.Key, [.. people.Values], note ?? "", by), scope, me.Actor, now.ToUnixTimeMilliseconds());
                var all = before.Count > 0 || made.Refusal is not null ? before : AwardByHand.Of(c, t, one.Key, by);
                // All receive it or nobody does, also where two send different things by one grant at the same time.
                if (made.Refusal is null && (all.Exists(g => g.Note != note?.Trim())
                    || !all.Select(g => g.Person).ToHashSet(StringComparer.Ordinal).SetEquals(people.Keys))) throw new Differs();
                return (made, all);
            });
        }
        catch (Differs)
        {
            return Problems.GrantConflict();
        }
        if (outcome.Refusal is { } refusal) return Problems.AwardRefused(refusal);
        if (outcome.Awards.Count > 0)
        {
            live.Awarded(outcome.Awards);
            live.Changed(ManageFeature.Topic);
        }
        var keys = given.Select(g => g.Award).ToArray();
        using var after = database.Read();
        var answer = new GrantAnswer(by.ToString(), AwardsApi.Read(after, scope,
            $"AND {Dialect.Of(after).Among("w.key", "keys")} ORDER BY w.key", new { keys }).ConvertAll(AwardsApi.Answer));
        return outcome.Awards.Count > 0
            ? TypedResults.Created($"/api/v1/awards?achievement={Uri.EscapeDataString(one.Id)}", answer)
            : TypedResults.Ok(answer);
    }

    private static IResult Revoke(
        long id, Database database, AchievementCatalogue catalogue, CurrentPerson me, LiveHub live, TimeProvider time, string? reason)
    {
        using var connection = database.Read();
        var book = catalogue.Current(connection);
        var scope = me.ScopeOf(Permissions.AchievementsRevoke);
        if (Known(connection, book, me, Permissions.AchievementsRevoke, id) is not { } known) return NotThere(id);
        // What was wanted is so already.
        if (known.RevokedAt is not null) return TypedResults.Ok(known);
        if (database.Write((c, t) =>
            RevokeAward.Run(c, t, id, reason ?? "", scope, me.Actor, time.GetUtcNow().ToUnixTimeMilliseconds())) is { } refusal)
            return Problems.AwardRefused(refusal);
        live.Changed(ManageFeature.Topic);
        live.Changed("awards");
        return Told(id, database, book, me);
    }

    private static IResult Restore(
        long id, Database database, AchievementCatalogue catalogue, CurrentPerson me, LiveHub live, WorkRunner work, TimeProvider time)
    {
        using var connection = database.Read();
        var book = catalogue.Current(connection);
        var scope = me.ScopeOf(Permissions.AchievementsRevoke);
        if (Known(connection, book, me, Permissions.AchievementsRevoke, id) is not { } known) return NotThere(id);
        if (known.RevokedAt is null) return TypedResults.Ok(known);
        // One that is not revoked any more was given back by somebody else: what was wanted is so.
        database.Write((c, t) => RevokeAward.Undo(c, t, id, scope, me.Actor, time.GetUtcNow().ToUnixTimeMilliseconds()));
        work.Wake();
        live.Changed(ManageFeature.Topic);
        live.Changed("awards");
        return Told(id, database, book, me);
    }

    private static IResult Told(long id, Database database, AchievementBook book, CurrentPerson me)
    {
        using var connection = database.Read();
        return TypedResults.Ok(Known(connection, book, me, Permissions.AchievementsRevoke, id));
    }

    /// <summary>Of somebody whom the permission reaches, of an achievement that may be known of.</summary>
    private static AwardAnswer? Known(DbConnection connection, AchievementBook book, CurrentPerson me, string permission, long id) =>
        AwardsApi.Read(connection, me.ScopeOf(permission), "AND w.key = @id", new { id }, present: false) is [var row]
            && book.Find(row.Achievement, me) is { IsAreaOff: false } ? AwardsApi.Answer(row) : null;

    private static IResult NotThere(long id) => Problems.NotThere(FormattableString.Invariant($"There is no award {id}."));

    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    /// <summary>A grant gave something else: undoes what this one would have added to it.</summary>
    private sealed class Differs : Exception;
}
