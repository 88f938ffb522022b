using System.Text;
using System.Text.Json.Nodes;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Http;
using Laurel.Engine.Kernel;
using Laurel.Storage;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Laurel.App.Features.Metrics.Manage;

/// <param name="From">First workday.</param>
/// <param name="To">Last workday.</param>
/// <param name="Value">In the metric's unit, rounded to a thousandth; absent without data.</param>
/// <param name="Count">How many activities it is made of.</param>
public sealed record MetricPointAnswer(string From, string To, decimal? Value, long Count);

/// <param name="People">How many people have a value.</param>
public sealed record MetricHistoryAnswer(string Metric, long People, IReadOnlyList<MetricPointAnswer> Points);

/// <summary>Metrics one by one through the API: read, made and changed, put away and back, with their values over history.</summary>
public static class ManageMetricsApi
{
    private const int Largest = 1 << 20;

    public static void MapManageMetricsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/metrics/{id}/history", History)
            .RequiresPermission(Permissions.MetricsView)
            .WithName("getMetricHistory")
            .WithTags("Metrics")
            .WithSummary("A metric's values over history")
            .WithDescription(
                "Of the people in scope together, as the aggregate says. days: 28 (usual), 90 or 365; by: day (usual) or week.")
            .Produces<MetricHistoryAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPut("/api/v1/metrics/{id}", Put)
            .RequiresPermission(Permissions.MetricsManage)
            .WithName("putMetric")
            .WithTags("Metrics")
            .WithSummary("Make or change a metric")
            .WithDescription("The body is a metric as a setup file has it, as JSON. A changed definition is counted anew, and what is "
                + "decided by it goes over to it from the next workday. plan=true: say what would change, and change nothing.")
            .Produces<SetupAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .AddOpenApiOperationTransformer(Describe);
        routes.MapPost("/api/v1/metrics/{id}/archive", Archive)
            .RequiresPermission(Permissions.MetricsManage)
            .WithName("archiveMetric")
            .WithTags("Metrics")
            .WithSummary("Take a metric from the lists")
            .WithDescription("It is counted on. Refused while something that is on counts by it, or a ratio is made of it.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        routes.MapPost("/api/v1/metrics/{id}/bring-back", BringBack)
            .RequiresPermission(Permissions.MetricsManage)
            .WithName("bringMetricBack")
            .WithTags("Metrics")
            .WithSummary("List a metric again")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult History(
        string id, Database database, CatalogueStore catalogue, MetricHistories histories, CurrentPerson me, TimeProvider time,
        int days = 28, string by = "day")
    {
        if (!MetricHistory.Lengths.Contains(days)) return Problems.BadParameter("days", string.Join(", ", MetricHistory.Lengths));
        if (by is not ("day" or "week")) return Problems.BadParameter("by", "day or week");
        using var connection = database.Read();
        var snapshot = catalogue.Current(connection);
        if (snapshot.Rules.Metrics.Where(m => m.Ready && !m.Hidden && m.Metric.Id == id).MaxBy(m => m.Version) is not { } kept)
            return Problems.NotThere($"There is no metric '{id}' that is counted.");
        if (snapshot.Floor.Site is not { } site) return Problems.NotThere("Nothing is counted where there is no site yet.");
        var today = site.Clock.WorkdayOf(time.GetUtcNow().ToUnixTimeMilliseconds());
        var scope = me.ScopeOf(Permissions.MetricsView);
        return histories.Of(connection, snapshot, kept.Metric, scope, today, days, by == "week") is not { } history
            ? Problems.NotThere($"There is no metric '{id}' that is counted.")
            : TypedResults.Ok(new MetricHistoryAnswer(id, history.Values.Count,
                [.. history.Points.Select(p => new MetricPointAnswer(p.Days.First.ToString(), p.Days.Last.ToString(),
                    p.Rollup.Value(kept.Metric.Aggregate)?.Rounded().ToDecimal(), p.Rollup.Count))]));
    }

    private static async Task<IResult> Put(HttpContext http, string id, EditMetric editor, CurrentPerson me, bool plan = false)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        var text = new char[Largest + 1];
        var length = await reader.ReadBlockAsync(text, http.RequestAborted);
        if (length > Largest) return Problems.TooLarge("A metric has at most 1 MB.", taken: 0);
        var (changes, problems) = editor.Put(id, new string(text, 0, length), plan, me);
        return problems.Count > 0 ? Problems.SetupRefused(problems) : TypedResults.Ok(new SetupAnswer(plan, SetupApi.Answer(changes)));
    }

    private static IResult Archive(string id, EditMetric editor, CurrentPerson me) => PutAway(id, true, editor, me);

    private static IResult BringBack(string id, EditMetric editor, CurrentPerson me) => PutAway(id, false, editor, me);

    private static IResult PutAway(string id, bool archived, EditMetric editor, CurrentPerson me) =>
        editor.Archive(id, archived, me.Actor) is not { } problems ? Problems.NotThere($"There is no metric '{id}'.")
            : problems.Count > 0 ? Problems.SetupRefused(problems) : TypedResults.NoContent();

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "A metric, as docs/guide/setup.md describes it; its id is the one of the address.",
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/json"] = new()
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Object },
                    Example = JsonNode.Parse("""
                        { "name": "Quick calls", "types": ["call-answered"], "where": [ { "measure": "wait", "at-most": 20 } ] }
                        """),
                },
            },
        };
        return Task.CompletedTask;
    }
}
