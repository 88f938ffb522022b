using System.Globalization;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Csv;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Work;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Features.Recalculation;

/// <param name="Gained">Awards made, and of how many people.</param>
/// <param name="Flagged">Awards that no longer hold.</param>
/// <param name="Unflagged">Awards that hold again.</param>
/// <param name="Moved">Awards of another moment or value.</param>
public sealed record RecalculationCountsAnswer(int Gained, int Flagged, int Unflagged, int Moved, int PeopleGaining, int PeopleFlagged);

/// <param name="Effect">gain, flag, lift (the flag falls away) or move.</param>
/// <param name="Reason">Of a flag: not-reached, surpassed, earlier, audience, off or step.</param>
public sealed record RecalculationLineAnswer(
    string Effect, string Achievement, int Tier, string Person, string Period, DateTimeOffset EarnedAt, decimal Value, string? Reason);

/// <param name="State">planning, planned, running or done.</param>
/// <param name="Planned">What the plan foresaw; absent while it is made.</param>
/// <param name="Made">What was done; absent before.</param>
/// <param name="Lines">Of the plan, and once it is done of what was done; the first thousand.</param>
public sealed record RecalculationAnswer(
    long Id, string State, string From, string? To, string By, IReadOnlyList<string> Achievements, RecalculationCountsAnswer? Planned,
    RecalculationCountsAnswer? Made, IReadOnlyList<RecalculationLineAnswer> Lines);

/// <summary>Recalculations for programs, and what the page keeps as a file.</summary>
public static class RecalculationsApi
{
    private const int MostLines = 1_000;

    /// <summary>It is about everybody: beside the permission, which its doors ask for, one sees the whole organisation.</summary>
    public static bool MayRecalculate(this CurrentPerson me) => me.ScopeOf(Permissions.AchievementsManage) == DataScope.Company;

    public static void MapRecalculations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/manage/recalculations/{key:long}/lines.csv", Csv)
            .RequiresPermission(Permissions.AchievementsManage, ofCompany: true);
        routes.MapPost("/api/v1/recalculations", Plan)
            .RequiresPermission(Permissions.AchievementsManage, ofCompany: true)
            .WithMetadata(new OfAchievementsAttribute())
            .WithName("planRecalculation")
            .WithTags("Set-up")
            .WithSummary("Plan a recalculation of a range")
            .WithDescription("from and to (today if absent): workdays; achievement, person, team, each also several times: ids, of all if "
                + "absent; by: each-day (the conditions of each day) or newest. Changes nothing: who would gain and whose award would be "
                + "flagged is found out in the background and told by getRecalculation. runRecalculation does it; no award is ever "
                + "revoked.")
            .Produces<RecalculationAnswer>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        routes.MapGet("/api/v1/recalculations/{recalculation}", Read)
            .RequiresPermission(Permissions.AchievementsManage, ofCompany: true)
            .WithMetadata(new OfAchievementsAttribute())
            .WithName("getRecalculation")
            .WithTags("Set-up")
            .WithSummary("A recalculation: its plan, and what it has done")
            .Produces<RecalculationAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPost("/api/v1/recalculations/{recalculation}/run", Run)
            .RequiresPermission(Permissions.AchievementsManage, ofCompany: true)
            .WithMetadata(new OfAchievementsAttribute())
            .WithName("runRecalculation")
            .WithTags("Set-up")
            .WithSummary("Do what was planned")
            .WithDescription("Decides again as of now, so that what is made differs from the plan by what came in between only. "
                + "Asking again does nothing more.")
            .Produces<RecalculationAnswer>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult Plan(
        [FromQuery] string[] achievement, [FromQuery] string[] person, [FromQuery] string[] team, Database database,
        AchievementCatalogue catalogue, CurrentPerson me, WorkRunner work, TimeProvider time, string? from = null, string? to = null,
        string? by = null)
    {
        using var connection = database.Read();
        var (book, now) = (catalogue.Current(connection), time.GetUtcNow());
        if (!me.MayRecalculate() || book.Snapshot.Floor.Site is not { } site)
            return Problems.NotThere("There is nothing to recalculate.");
        var (wanted, refusal) = new AskedRange(achievement, from, to, by, person, team)
            .Read(connection, book, site.Clock.WorkdayOf(now.ToUnixTimeMilliseconds()));
        if (wanted is null) return Problems.BadRequest($"{refusal!.Value.Field.ToLowerInvariant()}: {refusal.Value.Text}");
        var key = database.Write((c, t) => Recalculate.Plan(c, t, wanted, me.Actor, now.ToUnixTimeMilliseconds()));
        work.Wake();
        using var after = database.Read();
        return TypedResults.Accepted($"/api/v1/recalculations/{key}", Answer(after, book, RecalculationStore.Find(after, null, key)!));
    }

    private static IResult Read(long recalculation, Database database, AchievementCatalogue catalogue, CurrentPerson me)
    {
        using var connection = database.Read();
        return Find(connection, me, recalculation) is { } known
            ? TypedResults.Ok(Answer(connection, catalogue.Current(connection), known))
            : Problems.NotThere($"There is no recalculation {recalculation}.");
    }

    private static IResult Run(
        long recalculation, Database database, AchievementCatalogue catalogue, CurrentPerson me, WorkRunner work, TimeProvider time)
    {
        using var connection = database.Read();
        if (Find(connection, me, recalculation) is not { } known) return Problems.NotThere($"There is no recalculation {recalculation}.");
        if (known.State == Recalculated.Planning) return Problems.BadRequest("The plan is still being made: read it first.");
        database.Write((c, t) => Recalculate.Confirm(c, t, recalculation, me.Actor, time.GetUtcNow().ToUnixTimeMilliseconds()));
        work.Wake();
        using var after = database.Read();
        return TypedResults.Accepted($"/api/v1/recalculations/{recalculation}",
            Answer(after, catalogue.Current(after), RecalculationStore.Find(after, null, recalculation)!));
    }

    private static IResult Csv(long key, Database database, AchievementCatalogue catalogue, CurrentPerson me)
    {
        using var connection = database.Read();
        if (Find(connection, me, key) is not { } known) return Results.NotFound();
        var table = new StringWriter(CultureInfo.InvariantCulture);
        var made = known.State == Recalculated.Finished;
        RecalculateVerb.Print(catalogue.Current(connection), RecalculationStore.Lines(connection, null, key, made), table);
        return CsvTable.File(table.ToString(), $"recalculation-{key}.csv");
    }

    private static Recalculated? Find(System.Data.Common.DbConnection connection, CurrentPerson me, long key) =>
        me.MayRecalculate() ? RecalculationStore.Find(connection, null, key) : null;

    private static RecalculationAnswer Answer(System.Data.Common.DbConnection connection, AchievementBook book, Recalculated known)
    {
        var done = known.State == Recalculated.Finished;
        return new(known.Key, known.State, known.Wanted.Range.First.ToString(),
            known.Wanted.Range.Last == Workday.End ? null : known.Wanted.Range.Last.ToString(),
            known.Wanted.ByNewest ? AskedRange.Newest : AskedRange.OfEachDay,
            [.. known.Wanted.Achievements.Select(a => book.Of(a.Value).Id)],
            known.State == Recalculated.Planning ? null : Counts(RecalculationStore.Counts(connection, null, known.Key, made: false)),
            done ? Counts(RecalculationStore.Counts(connection, null, known.Key, made: true)) : null,
            known.State == Recalculated.Planning ? [] :
            [
                .. RecalculationStore.Lines(connection, null, known.Key, done, most: MostLines).Select(l => new RecalculationLineAnswer(
                    l.Effect, book.Of(l.Achievement.Value).Id, l.Tier, l.PersonId, Occasion.Printed(l.Occasion),
                    DateTimeOffset.FromUnixTimeMilliseconds(l.EarnedAt), l.Value.ToDecimal(), l.Reason)),
            ]);

        static RecalculationCountsAnswer Counts(RecalculationCounts counts) =>
            new(counts.Gain, counts.Flag, counts.Lift, counts.Move, counts.Gaining, counts.Losing);
    }
}
