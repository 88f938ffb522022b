using System.Data.Common;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Localisation;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Features.Achievements.Manage;

/// <param name="Visibility">shown, hidden (until earned) or previous (until the step before it is earned).</param>
public sealed record PathStepAnswer(string Achievement, string Visibility, bool Enabled);

/// <summary>Achievements that are earned in order.</summary>
/// <param name="Name">By language.</param>
/// <param name="Area">The product area that it is listed under: its own, or that of its first step.</param>
/// <param name="Steps">In order.</param>
/// <param name="Archived">Not followed any more: its steps are off, and what was earned stays.</param>
/// <param name="People">How many have earned a step of it.</param>
/// <param name="Through">How many have earned all of them.</param>
/// <param name="Version">
/// Stands for what it says: sent back with a change it keeps that from writing over somebody else's. Absent of one that is only planned.
/// </param>
/// <param name="Plan">With plan=true: what saving would do. All else is the path as it would be then.</param>
public sealed record PathAnswer(
    string Id, IReadOnlyDictionary<string, string> Name, IReadOnlyDictionary<string, string> Description, string Area,
    IReadOnlyList<PathStepAnswer> Steps, bool Archived, int People, int Through, string? Version, PathPlanAnswer? Plan = null);

/// <summary>What comes of a step that was not in the path so far.</summary>
/// <param name="After">The step that it comes after; absent where it comes first.</param>
/// <param name="Before">The step that it comes before; absent where it comes last.</param>
/// <param name="Beyond">People who have earned a later step: they keep what they have, and need not go this one first.</param>
/// <param name="Next">People who have earned the step before it and none after: it is what they earn next.</param>
/// <param name="Receive">Of both those who meet it already and receive it without doing anything.</param>
/// <param name="From">First workday on which it is looked for in this place; absent: as soon as it is switched on.</param>
/// <param name="Enabled">While it is off nobody comes past it.</param>
public sealed record InsertedStepAnswer(
    string Achievement, string? After, string? Before, int Beyond, int Next, int Receive, string? From, bool Enabled);

/// <param name="Changes">What would be added or changed, as POST /api/v1/setup says it.</param>
/// <param name="People">How many have earned a step of the path as it is; of a new one, one of its steps.</param>
/// <param name="Left">Steps that leave the path: who has earned one keeps it.</param>
/// <param name="ReorderedFrom">First workday of the other order of the steps that stay; absent where they keep theirs.</param>
public sealed record PathPlanAnswer(
    IReadOnlyList<SetupChangeAnswer> Changes, int People, IReadOnlyList<InsertedStepAnswer> Inserted, IReadOnlyList<string> Left,
    string? ReorderedFrom);

/// <param name="Next">What to send as cursor for those after these; absent where there are none yet.</param>
public sealed record PathsAnswer(IReadOnlyList<PathAnswer> Paths, string? Next);

/// <summary>/api/v1/paths: achievements that are earned in order.</summary>
public static class PathsApi
{
    public static void MapPathsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/paths", List)
            .RequiresPermission(Permissions.AchievementsViewTeam)
            .WithName("listPaths").WithTags("Achievements")
            .WithSummary("Paths with their steps, and how many people are on them")
            .WithDescription("In the order of their making, archived ones too. "
                + $"cursor: the `next` of the answer before; limit: 1 to {Paging.Most}, usually {Paging.Usual}.")
            .Produces<PathsAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        routes.MapGet("/api/v1/paths/{id}", One)
            .RequiresPermission(Permissions.AchievementsViewTeam)
            .WithName("getPath").WithTags("Achievements")
            .WithSummary("One path")
            .Produces<PathAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPut("/api/v1/paths/{id}", Put)
            .RequiresPermission(Permissions.AchievementsManage, ofCompany: true)
            .WithName("putPath").WithTags("Achievements")
            .WithSummary("Make a path, or change it")
            .WithDescription("step, once for each: ids of achievements, in order; name, nameLt, description, descriptionLt; area; "
                + "archived=true switches all steps off. What is not said stays as it is; an empty text takes one away. version: of the "
                + "answer that the change goes by; where it is not the newest any more, nothing is changed. plan=true: answer the path as "
                + "it would be, with what that does to the people on it, and change nothing.")
            .Produces<PathAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static IResult List(
        Database database, AchievementCatalogue catalogue, EditPath editor, ManagedNumbers numbers, CurrentPerson me, string? cursor,
        int? limit)
    {
        if (!Paging.IsLimit(limit) || Paging.Numbers(cursor, 1) is not [var after]) return Paging.Unclear;
        var most = limit ?? Paging.Usual;
        using var connection = database.Read();
        var book = catalogue.Current(connection);
        var found = book.PathsSeenBy(me).Where(p => p.Key > after).OrderBy(p => p.Key).Take(most + 1).ToList();
        var people = OnEach(connection, numbers, book, me);
        return TypedResults.Ok(new PathsAnswer(
            [.. found.Take(most).Select(p => Answer(connection, editor, p, people.GetValueOrDefault(p.Key)))],
            found.Count > most ? Paging.Cursor(found[most - 1].Key) : null));
    }

    private static IResult One(
        string id, Database database, AchievementCatalogue catalogue, EditPath editor, ManagedNumbers numbers, CurrentPerson me)
    {
        using var connection = database.Read();
        var book = catalogue.Current(connection);
        return book.FindPath(id, me) is { } path
            ? TypedResults.Ok(Answer(connection, editor, path, OnEach(connection, numbers, book, me).GetValueOrDefault(path.Key)))
            : NotThere(id);
    }

    private static Dictionary<long, PathPeople> OnEach(
        DbConnection connection, ManagedNumbers numbers, AchievementBook book, CurrentPerson me) =>
        numbers.Paths(connection, book, me.ScopeOf(Permissions.AchievementsViewTeam));

    private static IResult Put(
        string id, [FromQuery] string[] step, Database database, AchievementCatalogue catalogue, EditPath editor, ManagedNumbers numbers,
        CurrentPerson me, TimeProvider time, string? name, string? nameLt, string? description, string? descriptionLt, string? area,
        bool? archived,
        string? version, bool plan = false)
    {
        PathForm form;
        bool isNew;
        using (var connection = database.Read())
        {
            var book = catalogue.Current(connection);
            isNew = book.Paths.All(p => p.Id != id);
            if (!isNew && book.FindPath(id, me) is null) return NotThere(id);
            form = isNew ? new() { Name = SetupReader.Readable(id) } : editor.Fill(connection, id)!;
        }
        (form.Name, form.NameLt) = (name ?? form.Name, nameLt ?? form.NameLt);
        (form.Description, form.DescriptionLt) = (description ?? form.Description, descriptionLt ?? form.DescriptionLt);
        (form.Area, form.Version) = (area ?? form.Area, version ?? form.Version);
        if (step is not [])
            form.Steps = [.. step.Select(s => form.AllSteps.FirstOrDefault(known => known.Id == s) ?? new StepForm { Id = s })];
        IReadOnlyList<SetupChange> changes = [];
        var saved = editor.Save(form, isNew ? null : id, me, made: id, archived: archived, planned: plan ? found => changes = found : null);
        if (saved.Meanwhile is { } other) return Problems.ChangedMeanwhile(other.Version);
        return saved.Problems is []
            ? plan ? Planned(id, form, archived, changes, database, catalogue, numbers, me, time)
                : One(id, database, catalogue, editor, numbers, me)
            : Problems.PathRefused(string.Join(" ", saved.Problems.Select(p => $"{Parameter(p.Field)}: {p.Text}")));
    }

    private static IResult Planned(
        string id, PathForm form, bool? archived, IReadOnlyList<SetupChange> changes, Database database, AchievementCatalogue catalogue,
        ManagedNumbers numbers, CurrentPerson me, TimeProvider time)
    {
        using var connection = database.Read();
        var book = catalogue.Current(connection);
        var known = book.FindPath(id, me);
        List<Achievement> steps = [.. form.AllSteps.Select(s => book.Find(s.Id!, me)).OfType<Achievement>()];
        var isArchived = archived ?? known?.IsArchived == true;
        var effects = PathEffects.Of(
            connection, book, known, steps, me.ScopeOf(Permissions.AchievementsManage), time.GetUtcNow().ToUnixTimeMilliseconds());
        var people = known is null ? default : OnEach(connection, numbers, book, me).GetValueOrDefault(known.Key);
        return TypedResults.Ok(new PathAnswer(
            id, Said(form.Name, form.NameLt), Said(form.Description, form.DescriptionLt),
            string.IsNullOrWhiteSpace(form.Area) ? steps[0].Area : form.Area,
            [.. steps.Zip(form.AllSteps, (step, typed) => new PathStepAnswer(
                step.Id, typed.Visibility ?? SetupWriter.Word(step.Visibility), step.IsOn && !isArchived))],
            isArchived, people.On, people.Through, form.Version,
            new(SetupApi.Answer(changes), effects.People,
                [.. effects.Inserted.Select(i => new InsertedStepAnswer(i.Step.Id, i.Before?.Id, i.After?.Id, i.Beyond, i.Here, i.Meet,
                    i.From?.ToString(), i.Step.IsOn))],
                [.. effects.Left.Select(s => s.Id)], effects.IsReordered ? effects.From.ToString() : null)));
    }

    private static Dictionary<string, string> Said(string? english, string? lithuanian)
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!string.IsNullOrWhiteSpace(english)) said["en"] = english.Trim();
        if (!string.IsNullOrWhiteSpace(lithuanian)) said["lt"] = lithuanian.Trim();
        return said;
    }

    /// <summary>What the caller knows a field by.</summary>
    private static string Parameter(string field) => field switch
    {
        "Steps" => "step",
        "" => "path",
        _ => char.ToLowerInvariant(field[0]) + field[1..],
    };

    private static IResult NotThere(string id) => Problems.NotThere($"There is no path '{id}'.");

    private static PathAnswer Answer(DbConnection connection, EditPath editor, BadgePath path, PathPeople people) => new(
        path.Id, Texts(path.Name), Texts(path.Description), path.Area,
        [.. path.Steps.Select(s => new PathStepAnswer(s.Id, SetupWriter.Word(s.Visibility), s.IsOn))], path.IsArchived, people.On,
        people.Through, editor.Fill(connection, path.Id)!.Version!);

    private static Dictionary<string, string> Texts(LocalText text) =>
        Language.All.Where(text.Has).ToDictionary(l => l.Code, text.In, StringComparer.Ordinal);
}
