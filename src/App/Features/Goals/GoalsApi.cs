using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Http;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Goals;

/// <param name="State">ahead, running, reached, missed, no-data or given-up.</param>
/// <param name="Value">Absent without data.</param>
public sealed record GoalPeriodAnswer(string From, string Until, decimal Target, decimal? Value, string State);

/// <param name="Kind">set, proposed, accepted, commented, changed, reviewed or closed.</param>
/// <param name="By">The id of who said it; absent for a program.</param>
public sealed record GoalEntryAnswer(int Number, DateTimeOffset At, string Kind, string? By, decimal? Target, string? Words);

/// <summary>A goal, its newest periods and what was said about it.</summary>
/// <param name="Comparison">at-least or at-most.</param>
/// <param name="Period">day, week, month or once.</param>
/// <param name="Agreed">Whether both sides have said yes to what it asks for.</param>
/// <param name="Waiting">The number of what waits for an answer; absent where nothing does.</param>
/// <param name="Periods">Newest first, up to fifteen; none of a proposal.</param>
public sealed record GoalAnswer(
    long Id, string Person, string Metric, string Comparison, string Period, string From, string? Until, string? Closed, int? ReviewWeeks,
    bool Agreed, int? Waiting, IReadOnlyList<GoalPeriodAnswer> Periods, IReadOnlyList<GoalEntryAnswer> Entries);

/// <param name="Next">What to send as cursor for those after these; absent where there are none yet.</param>
public sealed record GoalsAnswer(IReadOnlyList<GoalAnswer> Goals, string? Next);

/// <summary>/api/v1/goals: personal goals of people, and what is agreed on.</summary>
public static class GoalsApi
{
    private const int Periods = 15;

    public static void MapGoalsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/goals", List)
            .RequiresPermission(Permissions.GoalsViewTeam)
            .WithName("listGoals").WithTags("Goals")
            .WithSummary("Personal goals with their progress")
            .WithDescription("In the order of their making. person: only of this id. cursor: the `next` of the answer before; "
                + "limit: 1 to 1000, usually 100.")
            .Produces<GoalsAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        routes.MapPost("/api/v1/goals", Set)
            .RequiresPermission(Permissions.GoalsManage)
            .WithName("setGoal").WithTags("Goals")
            .WithSummary("Set or propose a goal for somebody")
            .WithDescription("person, metric: their ids; target: a number; comparison: at-least (usual) or at-most; period: day, "
                + "week, month or once (needs until); from, until: workdays such as 2026-01-31, from usually today; "
                + "reviewWeeks: 1 to 26; words; "
                + "proposal: true where it begins only when the person has agreed.")
            .Produces<GoalAnswer>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        routes.MapPost("/api/v1/goals/{id}/entries", Act)
            .RequiresPermission(Permissions.GoalsManage)
            .WithName("sayOfGoal").WithTags("Goals")
            .WithSummary("Change, propose, accept, comment, review or close, from the leader's side")
            .WithDescription("kind: change, propose (both with target), accept (with entry, the number of what is agreed to), comment, "
                + "review or close; words where wanted.")
            .Produces<GoalAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static IResult List(
        Database database, CatalogueStore catalogue, CurrentPerson me, TimeProvider time, string? cursor, int? limit, string? person)
    {
        if (!Paging.IsLimit(limit) || Paging.Numbers(cursor, 1) is not [var after]) return Paging.Unclear;
        var most = limit ?? Paging.Usual;
        using var connection = database.Read();
        var snapshot = catalogue.Current(connection);
        var found = GoalStore.Page(connection, me.ScopeOf(Permissions.GoalsViewTeam), person, after, most + 1);
        return TypedResults.Ok(new GoalsAnswer([.. found.Take(most).Select(g => Answer(connection, snapshot, g, time.GetUtcNow()))],
            found.Count > most ? Paging.Cursor(found[most - 1].Key) : null));
    }

    private static IResult Set(
        Database database, CatalogueStore catalogue, KeepGoals goals, CurrentPerson me, TimeProvider time, string? person, string? metric,
        string? target, string? period, string? comparison, string? from, string? until, int? reviewWeeks, string? words, bool? proposal)
    {
        if (!Enum.TryParse<GoalPeriod>(period, ignoreCase: true, out var every) || !Enum.IsDefined(every))
            return Problems.BadParameter(nameof(period), "day, week, month or once");
        if (comparison is not (null or "at-least" or "at-most")) return Problems.BadParameter(nameof(comparison), "at-least or at-most");
        if (Amount.Parse(target ?? "") is not { } wanted) return Problems.BadParameter(nameof(target), "a number");
        if (from is not null && Workday.Parse(from) is null) return Problems.BadParameter(nameof(from), "a date such as 2026-01-31");
        if (until is not null && Workday.Parse(until) is null) return Problems.BadParameter(nameof(until), "a date such as 2026-01-31");
        PersonKey whose;
        Workday first;
        using (var connection = database.Read())
        {
            if (connection.QueryFirstOrDefault<long?>($"SELECT p.key FROM person p WHERE p.id = @person AND {Scope(me).Covers("p.key")}",
                Scope(me).With(new { person })) is not { } key) return Problems.NotThere("Nobody has this key.");
            whose = new(key);
            first = from is null ? GoalView.Today(catalogue.Current(connection), whose, time.GetUtcNow()) : Workday.Parse(from)!.Value;
        }
        return Told(goals.Set(new(whose, metric ?? "", comparison == "at-most" ? Comparison.AtMost : Comparison.AtLeast, wanted, every,
            first, until is null ? null : Workday.Parse(until), reviewWeeks, words, proposal ?? false), Scope(me), me.Actor), database,
            catalogue, time, isNew: true);
    }

    private static IResult Act(
        long id, Database database, CatalogueStore catalogue, KeepGoals goals, CurrentPerson me, TimeProvider time, string? kind,
        string? target, int? entry, string? words)
    {
        using (var connection = database.Read())
            if (GoalStore.Find(connection, id) is not { } kept || !People.PeopleNames.InScope(connection, Scope(me), kept.Person.Value))
                return Problems.NotThere("There is no such goal.");
        if (kind is "change" or "propose" && Amount.Parse(target ?? "") is null) return Problems.BadParameter(nameof(target), "a number");
        var wanted = Amount.Parse(target ?? "") ?? Amount.Zero;
        return kind switch
        {
            "change" => Say(goals.Change(id, wanted, words, false, Scope(me), me.Actor)),
            "propose" => Say(goals.Change(id, wanted, words, true, Scope(me), me.Actor)),
            "accept" => Say(goals.Accept(id, entry ?? 0, words, Scope(me), me.Actor)),
            "comment" => Say(goals.Comment(id, words, false, Scope(me), me.Actor)),
            "review" => Say(goals.Comment(id, words, true, Scope(me), me.Actor)),
            "close" => Say(goals.Close(id, words, Scope(me), me.Actor)),
            _ => Problems.BadParameter(nameof(kind), "change, propose, accept, comment, review or close"),
        };

        IResult Say(GoalOutcome outcome) => Told(outcome, database, catalogue, time, isNew: false);
    }

    private static IResult Told(GoalOutcome outcome, Database database, CatalogueStore catalogue, TimeProvider time, bool isNew)
    {
        if (outcome.Refusal is { } refusal) return Problems.GoalRefused(refusal);
        using var connection = database.Read();
        var answer = Answer(connection, catalogue.Current(connection), GoalStore.Find(connection, outcome.Goal)!, time.GetUtcNow());
        return isNew ? TypedResults.Created($"/api/v1/goals/{outcome.Goal}", answer) : TypedResults.Ok(answer);
    }

    private static GoalAnswer Answer(System.Data.Common.DbConnection connection, Snapshot snapshot, KeptGoal goal, DateTimeOffset now)
    {
        var view = GoalView.Of(connection, snapshot, goal, GoalView.Today(snapshot, goal.Person, now), Periods);
        return new(goal.Key, snapshot.Floor.Person(goal.Person)!.Id, snapshot.Rules.Metric(goal.Metric).Id,
            Settings.SetupWriter.Word(goal.Comparison), Settings.SetupWriter.Word(goal.Period),
            goal.From.ToString(), goal.Until?.ToString(), goal.Closed?.ToString(), goal.ReviewWeeks,
            view.Agreement.IsAgreed, view.Agreement.Open?.Number,
            [.. view.Periods.Select(p => new GoalPeriodAnswer(p.Span.First.ToString(), p.Span.Last.ToString(), p.Terms.Target.ToDecimal(),
                p.Value?.Rounded().ToDecimal(), Settings.SetupWriter.Word(p.State)))],
            [.. view.Entries.Select(e => new GoalEntryAnswer(e.Number, DateTimeOffset.FromUnixTimeMilliseconds(e.At), e.Kind, e.AuthorId,
                e.Target?.ToDecimal(), e.Words))]);
    }

    /// <summary>Whose goals may be set and answered.</summary>
    private static DataScope Scope(CurrentPerson me) => me.ScopeOf(Permissions.GoalsManage);
}
