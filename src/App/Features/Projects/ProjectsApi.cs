using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Http;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Projects;

/// <param name="CreatedAt">When it was made; of one that an activity made, when that was done.</param>
/// <param name="Active">Whether work still goes on.</param>
/// <param name="Identities">What other systems call it.</param>
public sealed record ProjectAnswer(
    string Id, string Name, DateTimeOffset CreatedAt, bool Active, IReadOnlyList<ProjectIdentityAnswer> Identities);

public sealed record ProjectIdentityAnswer(string Provider, string External);

/// <param name="Next">What to send as cursor for those after these; absent where there are none yet.</param>
public sealed record ProjectsAnswer(IReadOnlyList<ProjectAnswer> Projects, string? Next);

/// <param name="Value">In the metric's unit, rounded to a thousandth.</param>
/// <param name="Count">How many activities it is made of.</param>
public sealed record ProjectValueAnswer(string Metric, decimal Value, long Count);

/// <param name="From">First workday.</param>
/// <param name="To">Last workday.</param>
public sealed record ProjectValuesAnswer(string Project, string From, string To, IReadOnlyList<ProjectValueAnswer> Values);

/// <summary>/api/v1/projects: what work belongs to.</summary>
public static class ProjectsApi
{
    private const int MostDays = 366, UsualDays = 30;

    public static void MapProjectsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/projects", List)
            .RequiresPermission(Permissions.ProjectsView)
            .WithName("listProjects")
            .WithTags("Projects")
            .WithSummary("Projects")
            .WithDescription("In the order of their making. "
                + $"cursor: the `next` of the answer before; limit: 1 to {Paging.Most}, usually {Paging.Usual}.")
            .Produces<ProjectsAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        routes.MapGet("/api/v1/projects/{id}", One)
            .RequiresPermission(Permissions.ProjectsView)
            .WithName("getProject")
            .WithTags("Projects")
            .WithSummary("One project")
            .Produces<ProjectAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/api/v1/projects/{id}/values", Values)
            .RequiresPermission(Permissions.ProjectsView)
            .WithName("getProjectValues")
            .WithTags("Projects")
            .WithSummary("What the metrics come to over a project's activities")
            .WithDescription($"from, to: first and last workday, at most {MostDays} of them; usually the last {UsualDays}. Metrics without "
                + "any activity are left out, and so are values that another system sends for a day: they belong to no project.")
            .Produces<ProjectValuesAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPut("/api/v1/projects/{id}", Put)
            .RequiresPermission(Permissions.ProjectsManage)
            .WithName("putProject")
            .WithTags("Projects")
            .WithSummary("Make a project, or change it")
            .WithDescription("name: of a new one usually the id; active: of a new one usually true. What is not said stays as it is.")
            .Produces<ProjectAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        Decide(routes.MapPost("/api/v1/projects/{id}/link", (string id, SaveProject save, ProjectStore store, Database database,
            CurrentPerson me, string? provider, string? external) => Settle(id, id, save, store, database, me, provider, external)),
            "link", "Say what another system calls a project",
            "provider, external: the id there. What came by it, or comes, belongs to this project.");
        Decide(routes.MapPost("/api/v1/projects/{id}/unlink", (string id, SaveProject save, ProjectStore store, Database database,
            CurrentPerson me, string? provider, string? external) => Settle(id, null, save, store, database, me, provider, external)),
            "unlink", "Take an id of another system from a project",
            "What came by it, or comes, belongs to no project until it is linked again.");
    }

    private static void Decide(RouteHandlerBuilder door, string verb, string summary, string description) =>
        door.RequiresPermission(Permissions.ProjectsManage)
            .WithName($"{verb}Project")
            .WithTags("Projects")
            .WithSummary(summary)
            .WithDescription(description)
            .Produces<ProjectAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static IResult List(Database database, string? cursor, int? limit)
    {
        if (!Paging.IsLimit(limit) || Paging.Numbers(cursor, 1) is not [var after]) return Paging.Unclear;
        var most = limit ?? Paging.Usual;
        using var connection = database.Read();
        var rows = ProjectStore.After(connection, after, most + 1);
        return TypedResults.Ok(new ProjectsAnswer([.. rows.Take(most).Select(p => Answer(connection, p))],
            rows.Count > most ? Paging.Cursor(rows[most - 1].Key) : null));
    }

    private static IResult One(string id, Database database)
    {
        using var connection = database.Read();
        return ProjectStore.Find(connection, null, id) is { } project ? TypedResults.Ok(Answer(connection, project)) : NotThere(id);
    }

    private static IResult Values(
        string id, Database database, CatalogueStore catalogue, CurrentPerson me, TimeProvider time, string? from, string? to)
    {
        using var connection = database.Read();
        if (ProjectStore.Find(connection, null, id) is not { } project) return NotThere(id);
        var snapshot = catalogue.Current(connection);
        var today = snapshot.Floor.LatestDay(time.GetUtcNow().ToUnixTimeMilliseconds());
        var (first, last) = (from is null ? null : Workday.Parse(from), to is null ? null : Workday.Parse(to));
        var end = last ?? Workday.Max(today, first ?? today);
        var days = new WorkdaySpan(first ?? end.Plus(1 - UsualDays), end);
        if ((from is not null && first is null) || (to is not null && last is null) || days.First > days.Last
            || days.Last.Number - days.First.Number >= MostDays)
            return Problems.BadRequest($"from and to are workdays such as 2026-01-31, from not after to, and at most {MostDays} of them.");
        return TypedResults.Ok(new ProjectValuesAnswer(project.Id, days.First.ToString(), days.Last.ToString(),
            [.. ProjectStore.Values(connection, snapshot, me.ScopeOf(Permissions.ProjectsView), project.Key, days)
                .Select(v => new ProjectValueAnswer(v.Metric.Id, v.Value.Rounded().ToDecimal(), v.Count))]));
    }

    private static IResult Put(string id, SaveProject save, Database database, CurrentPerson me, string? name, bool? active)
    {
        ProjectAnswer? known;
        using (var connection = database.Read())
            known = ProjectStore.Find(connection, null, id) is { } project ? Answer(connection, project) : null;
        var saved = known is null ? save.Add(id, name ?? id, me.Actor) : null;
        // Of one that is made inactive, or that somebody else has made meanwhile.
        if (known is not null || active == false)
            saved = saved is { Problems.Count: > 0 } ? saved
                : save.Change(id, name ?? known?.Name ?? id, active ?? known?.Active ?? true, me.Actor);
        return saved is { Problems: [var wrong, ..] }
            ? Problems.BadRequest($"{wrong.Field.ToLowerInvariant()}: {wrong.Text}")
            : One(id, database);
    }

    private static IResult Settle(
        string id, string? target, SaveProject save, ProjectStore store, Database database, CurrentPerson me, string? provider,
        string? external)
    {
        if (provider is null || !ExternalIdentity.IsProvider(provider))
            return Problems.BadParameter(nameof(provider), "lower-case letters, digits, '.', '_' and '-', at most 100");
        if (string.IsNullOrEmpty(external) || external.Length > 200 || ExternalIdentity.IsOne(external))
            return Problems.BadParameter(nameof(external), "an id of the provider's, at most 200 characters");
        if (store.Find(id) is null) return NotThere(id);
        save.Link(new(provider, external), target, me.Actor);
        return One(id, database);
    }

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult NotThere(string id) =>
        Problems.NotThere($"There is no project '{id}'.");

    private static ProjectAnswer Answer(System.Data.Common.DbConnection connection, Project project) => new(
        project.Id, project.Name, project.Created, project.Active,
        [.. ProjectStore.Identities(connection, project.Key).Select(i => new ProjectIdentityAnswer(i.Provider, i.External))]);
}
