using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Http;
using Laurel.Engine.Kernel;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Features.People;

/// <param name="People">Active people who are in it today.</param>
/// <param name="Archived">Not offered any more; who is in it stays.</param>
public sealed record DivisionAnswer(string Id, string Name, long People, bool Archived);

public sealed record DivisionsAnswer(IReadOnlyList<DivisionAnswer> Divisions);

/// <summary>/api/v1/divisions: boundaries of access; somebody is in one, or in none.</summary>
public static class DivisionsApi
{
    private const int MostPeople = 100;

    public static void MapDivisionsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/divisions", List)
            .RequiresPermission(Permissions.PeopleView)
            .WithName("listDivisions")
            .WithTags("People")
            .WithSummary("The divisions, by id");
        routes.MapPut("/api/v1/divisions/{id}", Put)
            .RequiresPermission(Permissions.PeopleManage)
            .WithName("putDivision")
            .WithTags("People")
            .WithSummary("Make a division, or change it")
            .WithDescription("name: of a new one usually the id; archived: not offered any more. What is not said stays as it is.")
            .Produces<DivisionAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        Decide(routes.MapPost("/api/v1/divisions/{id}/join", (
            string id, [FromQuery] string[] person, string? from, KeepDivisions divisions, Database database, CatalogueStore catalogue,
            CurrentPerson me, TimeProvider time) => Belong(id, person, true, from, divisions, database, catalogue, me, time)),
            "join", "Put people into a division");
        Decide(routes.MapPost("/api/v1/divisions/{id}/leave", (
            string id, [FromQuery] string[] person, string? from, KeepDivisions divisions, Database database, CatalogueStore catalogue,
            CurrentPerson me, TimeProvider time) => Belong(id, person, false, from, divisions, database, catalogue, me, time)),
            "leave", "Take people out of a division");
    }

    private static void Decide(RouteHandlerBuilder door, string verb, string summary) => door
        .RequiresPermission(Permissions.PeopleManage)
        .WithName($"{verb}Division")
        .WithTags("People")
        .WithSummary(summary)
        .WithDescription($"person: a key, said once for each of at most {MostPeople}; from: first workday on which it counts, today or "
            + "later, usually today. Who is so already stays as they are.")
        .Produces<DivisionAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static DivisionsAnswer List(Database database, CatalogueStore catalogue, TimeProvider time)
    {
        using var connection = database.Read();
        return new([.. DivisionStore.All(connection, Today(catalogue.Current(connection), time)).OrderBy(g => g.Id, StringComparer.Ordinal)
            .Select(Answer)]);
    }

    private static IResult Put(
        string id, string? name, bool? archived, KeepDivisions divisions, Database database, CatalogueStore catalogue, CurrentPerson me,
        TimeProvider time)
    {
        if (!IsId(id)) return Problems.BadRequest("The id of a division is made of small letters, digits, '.', '_' and '-', at most 100.");
        KeptDivision? kept = null;
        using (var connection = database.Read())
            if (DivisionStore.Find(connection, id) is null) kept = divisions.Add(name ?? id, me.Actor, id);
        if (kept is null || (kept.Refusal is null && archived is not null)) kept = divisions.Change(id, name, archived, me.Actor);
        return Say(id, kept, database, catalogue, time);
    }

    private static IResult Belong(
        string id, string[] person, bool isIn, string? from, KeepDivisions divisions, Database database, CatalogueStore catalogue,
        CurrentPerson me, TimeProvider time)
    {
        Workday today;
        using (var connection = database.Read())
        {
            if (DivisionStore.Find(connection, id) is null) return Problems.NotThere($"There is no division '{id}'.");
            today = Today(catalogue.Current(connection), time);
        }
        if (person.Length > MostPeople) return Problems.BadRequest($"At most {MostPeople} people at once.");
        var first = from is null ? today : Workday.Parse(from);
        if (first is null || first < today) return Problems.BadRequest("from is a workday such as 2026-01-31, today or later.");
        return Say(id, divisions.Belong(id, person, isIn, first.Value, me.Actor), database, catalogue, time);
    }

    private static IResult Say(string id, KeptDivision kept, Database database, CatalogueStore catalogue, TimeProvider time)
    {
        if (kept.Refusal is { } refusal) return Problems.BadRequest(refusal);
        using var connection = database.Read();
        return TypedResults.Ok(Answer(DivisionStore.Find(connection, id, today: Today(catalogue.Current(connection), time))!));
    }

    private static bool IsId(string id) =>
        id.Length is > 0 and <= 100 && id.All(l => char.IsAsciiLetterLower(l) || char.IsAsciiDigit(l) || l is '.' or '_' or '-');

    private static DivisionAnswer Answer(DivisionRow division) => new(division.Id, division.Name, division.People, division.IsArchived);

    /// <summary>Of the first site, as everywhere in the API.</summary>
    private static Workday Today(Snapshot snapshot, TimeProvider time) =>
        snapshot.Floor.Site?.Clock.WorkdayOf(time.GetUtcNow().ToUnixTimeMilliseconds()) ?? Workday.Beginning;
}
