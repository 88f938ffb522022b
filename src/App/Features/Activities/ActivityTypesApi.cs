using System.Text.Json;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Engine.Presence;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>A declared measure: what its number means, and whether it may be negative.</summary>
public sealed record DeclaredMeasureAnswer(string Name, string Unit, bool Negative);

/// <summary>A declared type: what its activities may carry, and whether they need a person.</summary>
/// <param name="Name">By language.</param>
public sealed record ActivityTypeAnswer(
    string Id, IReadOnlyDictionary<string, string> Name, bool NeedsPerson, IReadOnlyList<DeclaredMeasureAnswer> Measures,
    IReadOnlyList<string> Labels);

public sealed record ActivityTypesAnswer(IReadOnlyList<ActivityTypeAnswer> Types);

/// <summary>GET /api/v1/activities/types: what a sender may send here.</summary>
public static class ActivityTypesApi
{
    public static void MapActivityTypesApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/activities/types", List)
            .RequiresPermission(Permissions.ActivitiesWrite)
            .WithName("listActivityTypes")
            .WithTags("Activities")
            .WithSummary("The declared activity types")
            .WithDescription("What activities of each type may carry. Others are rejected.");

    private static ActivityTypesAnswer List(Database database)
    {
        using var connection = database.Read();
        return new([.. connection.Query<(string Name, string Definition)>(
            "SELECT name, definition FROM activity_type WHERE id NOT LIKE 'external:%' AND id <> @Segment ORDER BY id",
            new { PresenceTypes.Segment })
            .Select(row => Answer(row.Name, JsonSerializer.Deserialize<ActivityType>(row.Definition, CatalogueStore.Json)!))]);
    }

    private static ActivityTypeAnswer Answer(string name, ActivityType type) => new(
        type.Id, JsonSerializer.Deserialize<Dictionary<string, string>>(name)!, type.NeedsPerson,
        [.. type.Measures.Select(measure => new DeclaredMeasureAnswer(measure.Name, measure.Unit, measure.MayBeNegative))], type.Labels);
}
