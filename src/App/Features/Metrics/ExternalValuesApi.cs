using System.Text.Json;
using System.Text.Json.Nodes;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.Engine.Activities;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Laurel.App.Features.Metrics;

/// <param name="Values">
/// Each: person, date (2026-01-31) and value; a value of null deletes. Also count, of an average; type and id, of what is cumulative.
/// </param>
public sealed record ExternalValuesBody(IReadOnlyList<ExternalValue> Values);

/// <summary>PUT /api/v1/metrics/{id}/values: what another system measured.</summary>
public static class ExternalValuesApi
{
    public const int Most = 1_000;
    private const int Largest = 1 << 20;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict)
    { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static void MapExternalValuesApi(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/v1/metrics/{id}/values", Put)
            .RequiresPermission(Permissions.ActivitiesWrite)
            .WithName("putExternalValues")
            .WithTags("Metrics")
            .WithSummary("Send values of an external metric")
            .WithDescription($"At most {Most:N0}. A total is one per person and date: the last one sent stands, null deletes, the same "
                + "again is a duplicate. With type cumulative and an id of its own a value adds to its day, once. Each gets an answer of "
                + "its own; accepted means on disk.")
            .Produces<DeliveryAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .AddOpenApiOperationTransformer(Describe);

    // Said here and not to the router, which would answer to a wrong kind of body before it asks who sends it.
    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "values: each with person, date (2026-01-31) and value; a value of null deletes. Of an average also count, how "
                + "many it is of. What adds to the day in place of being its total has type cumulative and an id.",
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/json"] = new()
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Object },
                    Example = JsonNode.Parse("""{ "values": [ { "person": "avi", "date": "2026-03-01", "value": 92.5, "count": 12 } ] }"""),
                },
            },
        };
        return Task.CompletedTask;
    }

    private static async Task<IResult> Put(HttpContext http, string id, ExternalValues values, BodyMemory memory)
    {
        try
        {
            using var body = RequestBody.Of(http.Request, Largest, memory);
            if (body is null) return Problems.UnsupportedMedia("Send the body as it is or with Content-Encoding: gzip.");
            var text = await body.Whole(http.RequestAborted);
            if (JsonSerializer.Deserialize<ExternalValuesBody>(text.Span, Strict) is not { } sent)
                return Problems.NotWellFormed("It should be an object with values.");
            if (sent.Values.Any(v => v is null)) return Problems.NotWellFormed("A value should be an object, not null.");
            if (sent.Values.Count > Most) return Problems.TooLarge($"A body has at most {Most:N0} values.", taken: 0);
            if (await values.Set(id, sent.Values, http.RequestAborted) is not { } results)
                return Problems.NotThere($"There is no external metric '{id}'.");
            int Of(ItemOutcome outcome) => results.Count(r => r.Outcome == outcome);
            return TypedResults.Ok(new DeliveryAnswer(
                [.. results.Select((r, i) => new ItemAnswer(i,
                    sent.Values[i].Id ?? $"{sent.Values[i].Person}/{sent.Values[i].Date}", r.Outcome.ToString().ToLowerInvariant(),
                    r.Reason))],
                Of(ItemOutcome.Accepted), Of(ItemOutcome.Duplicate), Of(ItemOutcome.Held), Of(ItemOutcome.Rejected)));
        }
        catch (JsonException broken)
        {
            return Problems.NotWellFormed($"It is not what is expected from line {broken.LineNumber + 1} on, at {broken.Path}.");
        }
        catch (InvalidDataException)
        {
            return Problems.Broken("What it holds is not gzip.", taken: 0);
        }
        catch (IntakeFull full)
        {
            return Problems.Busy(http, full.RetryAfter, taken: 0);
        }
        catch (IntakeUnavailable)
        {
            return Problems.Unavailable(http, taken: 0);
        }
        catch (BadHttpRequestException bad)
        {
            return bad.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => Problems.TooLarge("A body has at most 1 MB, unpacked.", taken: 0),
                StatusCodes.Status408RequestTimeout => Problems.TooSlow(taken: 0),
                _ => Problems.Broken("It ended too early.", taken: 0),
            };
        }
    }
}
