using System.Text.Json;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Metrics;

/// <summary>A metric as it is defined now.</summary>
/// <param name="Name">By language.</param>
/// <param name="Description">By language; absent where there is none.</param>
/// <param name="Archived">True for what is not offered any more.</param>
/// <param name="Unit">number, seconds, percent, currency or points.</param>
/// <param name="Direction">higher or lower: which is better.</param>
/// <param name="External">True where another system sends its values.</param>
/// <param name="Types">The activity types that it counts; none for a ratio.</param>
/// <param name="Aggregate">count, sum, average, maximum, minimum, distinct or ratio.</param>
/// <param name="Measure">What is added up; absent where activities are counted.</param>
/// <param name="Label">Whose different texts are counted, for the aggregate distinct.</param>
/// <param name="Numerator">Of a ratio, the metric that is divided.</param>
/// <param name="Denominator">Of a ratio, the metric that it is divided by.</param>
/// <param name="Version">Grows with each change of the definition.</param>
/// <param name="Ready">False while the history is still being counted by this version.</param>
public sealed record MetricAnswer(
    string Id, IReadOnlyDictionary<string, string> Name, IReadOnlyDictionary<string, string>? Description, bool? Archived,
    string Unit, string Direction, bool? External, IReadOnlyList<string> Types,
    string Aggregate, string? Measure, string? Label, string? Numerator, string? Denominator, int Version, bool Ready);

public sealed record MetricsAnswer(IReadOnlyList<MetricAnswer> Metrics);

/// <summary>GET /api/v1/metrics: what is measured, and by which id leaderboards name it.</summary>
public static class MetricsApi
{
    public static void MapMetricsApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/metrics", List)
            .RequiresPermission(Permissions.MetricsView)
            .WithName("listMetrics")
            .WithTags("Metrics")
            .WithSummary("The metrics, in their order");

    private static MetricsAnswer List(Database database)
    {
        using var connection = database.Read();
        return new([.. connection.Query<(string Name, string Description, int Archived, string Definition, int Version, int Ready)>(
            """
            SELECT m.name, m.description, m.archived, m.definition, m.version, m.ready FROM metric m
            WHERE m.hidden = 0 AND m.version = (SELECT max(version) FROM metric WHERE id = m.id) ORDER BY m.position, m.key
            """).Select(row => Answer(
                JsonSerializer.Deserialize<Metric>(row.Definition, CatalogueStore.Json)!, row.Name, Said(row.Description),
                row.Archived != 0, row.Version, row.Ready))]);
    }

    /// <summary>Null where nothing is said in any language.</summary>
    private static Dictionary<string, string>? Said(string description) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(description) is { } texts && texts.Values.Any(t => t.Length > 0)
            ? texts
            : null;

    private static MetricAnswer Answer(
        Metric metric, string name, Dictionary<string, string>? description, bool archived, int version, int ready) => new(
        metric.Id, JsonSerializer.Deserialize<Dictionary<string, string>>(name)!, description, archived ? true : null,
        Word(metric.Unit), Word(metric.Direction),
        metric.External ? true : null, metric.External ? [] : metric.Types, Word(metric.Aggregate), metric.External ? null : metric.Measure,
        metric.Label, metric.Ratio?.Numerator.Id, metric.Ratio?.Denominator.Id,
        version, ready != 0);

    /// <summary>As setup.yaml writes it.</summary>
    private static string Word<T>(T word) where T : struct, Enum => word.ToString().ToLowerInvariant();
}
