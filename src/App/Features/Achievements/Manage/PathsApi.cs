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
/// <param name="Version">Stands for what it says: sent back with a change it keeps that from writing over somebody else's.</param>
public sealed record PathAnswer(
    string Id, IReadOnlyDictionary<string, string> Name, IReadOnlyDictionary<string, string> Description, string Area,
    IReadOnlyList<PathStepAnswer> Steps, bool Archived, int People, int Through, string Version);

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
            .RequiresPermission(Permissions.AchievementsManage)
            .WithName("putPath").WithTags("Achievements")
            .WithSummary("Make a path, or change it")
            .WithDescription("step, once for each: ids of achievements, in order; name, nameLt, description, descriptionLt; area; "
                + "archived=true switches all steps off. What is not said stays as it is; an empty text takes one away. version: of the "
                + "answer that the change goes by; where it is not the newest any more, nothing is changed.")
            .Produces<PathAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static IResult List(
        Database database, AchievementCatalogue catalogue, EditPath editor, CurrentPerson me, string? cursor, int? limit)
    {
        if (!Paging.IsLimit(limit) || Paging.Numbers(cursor, 1) is not [var after]) return Paging.Unclear;
        var most = limit ?? Paging.Usual;
        using var connection = database.Read();
        var found = catalogue.Current(connection).PathsSeenBy(me).Where(p => p.Key > after).OrderBy(p => p.Key).Take(most + 1).ToList();
        var people = OnEach(connection, me);
        return TypedResults.Ok(new PathsAnswer(
            [.. found.Take(most).Select(p => Answer(connection, editor, p, people.GetValueOrDefault(p.Key)))],
            found.Count > most ? Paging.Cursor(found[most - 1].Key) : null));
    }

    private static IResult One(string id, Database database, AchievementCatalogue catalogue, EditPath editor, CurrentPerson me)
    {
        using var connection = database.Read();
        return catalogue.Current(connection).FindPath(id, me) is { } path
            ? TypedResults.Ok(Answer(connection, editor, path, OnEach(connection, me).GetValueOrDefault(path.Key)))
            : NotThere(id);
    }

    private static Dictionary<long, PathPeople> OnEach(DbConnection connection, CurrentPerson me) =>
        PathEffects.OnEach(connection, me.ScopeOf(Permissions.AchievementsViewTeam));

    private static IResult Put(
        string id, [FromQuery] string[] step, Database database, AchievementCatalogue catalogue, EditPath editor, CurrentPerson me,
        string? name, string? nameLt, string? description, string? descriptionLt, string? area, bool? archived, string? version)
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
        var saved = editor.Save(form, isNew ? null : id, me, made: id, archived: archived);
        if (saved.Meanwhile is { } other) return Problems.ChangedMeanwhile(other.Version);
        return saved.Problems is []
            ? One(id, database, catalogue, editor, me)
            : Problems.PathRefused(string.Join(" ", saved.Problems.Select(p => $"{Parameter(p.Field)}: {p.Text}")));
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
