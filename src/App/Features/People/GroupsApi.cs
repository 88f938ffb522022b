using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Http;
using Laurel.Engine.Kernel;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Features.People;

/// <param name="People">Active people who are in it today.</param>
/// <param name="Archived">Not offered any more; who is in it stays.</param>
public sealed record GroupAnswer(string Id, string Name, long People, bool Archived);

public sealed record GroupsAnswer(IReadOnlyList<GroupAnswer> Groups);

/// <summary>/api/v1/groups: people who belong together beside their teams.</summary>
public static class GroupsApi
{
    private const int MostPeople = 100;

    public static void MapGroupsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/groups", List)
            .RequiresPermission(Permissions.PeopleView)
            .WithName("listGroups")
            .WithTags("People")
            .WithSummary("The groups, by id");
        routes.MapPut("/api/v1/groups/{id}", Put)
            .RequiresPermission(Permissions.PeopleManage)
            .WithName("putGroup")
            .WithTags("People")
            .WithSummary("Make a group, or change it")
            .WithDescription("name: of a new one usually the id; archived: not offered any more. What is not said stays as it is.")
            .Produces<GroupAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        Decide(routes.MapPost("/api/v1/groups/{id}/join", (
            string id, [FromQuery] string[] person, string? from, KeepGroups groups, Database database, CatalogueStore catalogue,
            CurrentPerson me, TimeProvider time) => Belong(id, person, true, from, groups, database, catalogue, me, time)),
            "join", "Put people into a group");
        Decide(routes.MapPost("/api/v1/groups/{id}/leave", (
            string id, [FromQuery] string[] person, string? from, KeepGroups groups, Database database, CatalogueStore catalogue,
            CurrentPerson me, TimeProvider time) => Belong(id, person, false, from, groups, database, catalogue, me, time)),
            "leave", "Take people out of a group");
    }

    private static void Decide(RouteHandlerBuilder door, string verb, string summary) => door
        .RequiresPermission(Permissions.PeopleManage)
        .WithName($"{verb}Group")
        .WithTags("People")
        .WithSummary(summary)
        .WithDescription($"person: a key, said once for each of at most {MostPeople}; from: first workday on which it counts, today or "
            + "later, usually today. Who is so already stays as they are.")
        .Produces<GroupAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static GroupsAnswer List(Database database, CatalogueStore catalogue, TimeProvider time)
    {
        using var connection = database.Read();
        return new([.. GroupStore.All(connection, Today(catalogue.Current(connection), time)).OrderBy(g => g.Id, StringComparer.Ordinal)
            .Select(Answer)]);
    }

    private static IResult Put(
        string id, string? name, bool? archived, KeepGroups groups, Database database, CatalogueStore catalogue, CurrentPerson me,
        TimeProvider time)
    {
        if (!IsId(id)) return Problems.BadRequest("The id of a group is made of small letters, digits, '.', '_' and '-', at most 100.");
        KeptGroup? kept = null;
        using (var connection = database.Read())
            if (GroupStore.Find(connection, id) is null) kept = groups.Add(name ?? id, me.Actor, id);
        if (kept is null || (kept.Refusal is null && archived is not null)) kept = groups.Change(id, name, archived, me.Actor);
        return Say(id, kept, database, catalogue, time);
    }

    private static IResult Belong(
        string id, string[] person, bool isIn, string? from, KeepGroups groups, Database database, CatalogueStore catalogue,
        CurrentPerson me, TimeProvider time)
    {
        Workday today;
        using (var connection = database.Read())
        {
            if (GroupStore.Find(connection, id) is null) return Problems.NotThere($"There is no group '{id}'.");
            today = Today(catalogue.Current(connection), time);
        }
        if (person.Length > MostPeople) return Problems.BadRequest($"At most {MostPeople} people at once.");
        var first = from is null ? today : Workday.Parse(from);
        if (first is null || first < today) return Problems.BadRequest("from is a workday such as 2026-01-31, today or later.");
        return Say(id, groups.Belong(id, person, isIn, first.Value, me.Actor), database, catalogue, time);
    }

    private static IResult Say(string id, KeptGroup kept, Database database, CatalogueStore catalogue, TimeProvider time)
    {
        if (kept.Refusal is { } refusal) return Problems.BadRequest(refusal);
        using var connection = database.Read();
        return TypedResults.Ok(Answer(GroupStore.Find(connection, id, today: Today(catalogue.Current(connection), time))!));
    }

    private static bool IsId(string id) =>
        id.Length is > 0 and <= 100 && id.All(l => char.IsAsciiLetterLower(l) || char.IsAsciiDigit(l) || l is '.' or '_' or '-');

    private static GroupAnswer Answer(GroupRow group) => new(group.Id, group.Name, group.People, group.IsArchived);

    /// <summary>Of the first site, as everywhere in the API.</summary>
    private static Workday Today(Snapshot snapshot, TimeProvider time) =>
        snapshot.Floor.Site?.Clock.WorkdayOf(time.GetUtcNow().ToUnixTimeMilliseconds()) ?? Workday.Beginning;
}
