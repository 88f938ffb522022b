using System.Text.Json.Nodes;
using Laurel.App.Platform.Http;
using Laurel.Engine.Activities;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Laurel.App.Features.Activities;

/// <summary>How the OpenAPI description shows the door for activities.</summary>
internal static class ActivitiesDescription
{
    private static readonly JsonNode One = JsonNode.Parse("""
        {
          "specversion": "1.0", "id": "call-2026-0001", "source": "desk", "type": "call-answered", "time": "2026-03-02T09:30:00+02:00",
          "data": { "person": "avi", "measures": { "talk": 168, "wait": 12.5 }, "labels": { "kind": "PS" } }
        }
        """)!;
    private static readonly JsonNode Correction = JsonNode.Parse("""
        {
          "specversion": "1.0", "id": "delivery-7781", "source": "desk", "type": "call-answered", "time": "2026-03-02T09:30:00+02:00",
          "subject": "call-2026-0001", "version": 2,
          "data": { "person": "avi", "measures": { "talk": 171, "wait": 12.5 }, "labels": { "kind": "PS" } }
        }
        """)!;
    private static readonly JsonNode Answer = JsonNode.Parse("""
        {
          "results": [
            { "index": 0, "id": "call-2026-0001", "outcome": "accepted" },
            { "index": 1, "id": "call-2026-0002", "outcome": "rejected", "reason": "data.measures.talk must be a number" }
          ],
          "accepted": 1, "duplicate": 0, "held": 0, "rejected": 1
        }
        """)!;

    private static readonly JsonNode TooMany = JsonNode.Parse("""
        {
          "type": "urn:laurel:problem:too-large", "title": "The body is too large", "status": 413,
          "detail": "A body has at most 10,000 items. The first 10,000 items were judged, each with its answer in `results` ...",
          "taken": 10000, "results": [ { "index": 0, "outcome": "rejected", "reason": "it is no JSON", "line": 1 } ],
          "accepted": 9999, "duplicate": 0, "held": 0, "rejected": 1
        }
        """)!;
    private const string OfLines = "Of lines those before that were judged: taken is how many, and results and the counts are as in 200.";

    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "At most 16 MB unpacked and 10,000 items, UTF-8, plain or gzip. "
                + "With ce- headers the body is the data of one event.",
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/cloudevents+json"] = new()
                {
                    Schema = Event(),
                    Examples = new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal)
                    {
                        ["activity"] = new OpenApiExample { Summary = "An activity", Value = One },
                        ["correction"] = new OpenApiExample { Summary = "A later version of it", Value = Correction },
                    },
                },
                ["application/cloudevents-batch+json"] = new() { Schema = Events(), Example = new JsonArray(One.DeepClone()) },
                ["application/json"] = new() { Schema = new OpenApiSchema { OneOf = [Event(), Events()] }, Example = One },
                ["application/x-ndjson"] = new()
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "One event a line." },
                    Example = One.ToJsonString() + "\n",
                },
            },
        };
        if (operation.Responses?["200"].Content is { } content) content["application/json"].Example = Answer;
        foreach (var (status, what) in new[]
        {
            ("400", "Not well-formed; of an array nothing was taken. " + OfLines), ("408", "It came too slowly. " + OfLines),
            ("413", "Too large, or too many items; of an array nothing was taken. " + OfLines), ("415", "Another kind of body."),
            ("422", "The single activity was rejected; the reason names the member."),
            ("503", "Too much is waiting: try again after Retry-After seconds. " + OfLines),
        })
            operation.Responses?.TryAdd(status, new OpenApiResponse
            {
                Description = what,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    [Problems.ContentType] = status == "413" ? new() { Example = TooMany } : new(),
                },
            });
        return Task.CompletedTask;
    }

    private static OpenApiSchema Events() =>
        new() { Type = JsonSchemaType.Array, Items = Event(), MaxItems = ActivitiesApi.MostItems };

    private static OpenApiSchema Event() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "A CloudEvent 1.0. Further attributes are extensions and pass by.",
        Required = new HashSet<string>(["specversion", "id", "source", "type", "time"], StringComparer.Ordinal),
        Properties = Members(
            ("specversion", new() { Type = JsonSchemaType.String, Enum = [JsonValue.Create("1.0")] }),
            ("id", Text("Unique inside its source, 1 to 200 bytes; sent again it is a duplicate.", 200)),
            ("source", Text("Who tells it.", CloudEventReader.MaximumKey)),
            ("type", Text("A declared activity type.", CloudEventReader.MaximumKey)),
            ("time", new()
            {
                Type = JsonSchemaType.String, Format = "date-time", Description = "When the work happened, with offset or Z.",
            }),
            ("subject", Text("With version: the identity that has versions; the id then names only this delivery.", 200)),
            ("version", new() { Type = JsonSchemaType.Integer, Minimum = "1", Description = "The highest version of a subject counts." }),
            ("void", new() { Type = JsonSchemaType.Boolean, Description = "This version takes the subject back." }),
            ("data", new()
            {
                Type = JsonSchemaType.Object,
                AdditionalPropertiesAllowed = false,
                Properties = Members(
                    ("person", Text("Who did it.", CloudEventReader.MaximumKey)),
                    ("provider", Text("In place of person: another system, such as crm.", ExternalIdentity.MaximumProvider)),
                    ("external", Text("That system's own id of who did it, or of a team.", CloudEventReader.MaximumKey)),
                    ("team", Text("The team or queue of work that no person did.", CloudEventReader.MaximumKey)),
                    ("project", Text("The project that it belongs to; one that is not there is made.", CloudEventReader.MaximumKey)),
                    ("projectProvider", Text("Another system: project is that one's id.", ExternalIdentity.MaximumProvider)),
                    ("contact", Text("Whom it was for.", CloudEventReader.MaximumKey)),
                    ("measures", new()
                    {
                        Type = JsonSchemaType.Object, MaxProperties = CloudEventReader.MaximumMeasures,
                        Description = "Declared numbers; rounded half to even to a thousandth.",
                        AdditionalProperties = new OpenApiSchema
                        {
                            Type = JsonSchemaType.Number, Minimum = "-1000000000", Maximum = "1000000000",
                        },
                    }),
                    ("labels", new()
                    {
                        Type = JsonSchemaType.Object, MaxProperties = CloudEventReader.MaximumLabels, Description = "Declared texts.",
                        AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = CloudEventReader.MaximumText },
                    })),
            })),
    };

    private static OpenApiSchema Text(string description, int longest) =>
        new() { Type = JsonSchemaType.String, Description = description, MinLength = 1, MaxLength = longest };

    private static Dictionary<string, IOpenApiSchema> Members(params (string Name, OpenApiSchema Schema)[] members) =>
        members.ToDictionary(member => member.Name, IOpenApiSchema (member) => member.Schema, StringComparer.Ordinal);
}
