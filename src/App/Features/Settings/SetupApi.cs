using System.Text;
using System.Text.Json.Nodes;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Yaml;
using Laurel.Storage;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Laurel.App.Features.Settings;

/// <summary>A field that changed; before or after is absent where there was, or is, nothing.</summary>
public sealed record SetupFieldAnswer(string Field, string? Before, string? After);

/// <param name="Change">add or change.</param>
/// <param name="What">site, setting, team, person, activity type, metric ...</param>
public sealed record SetupChangeAnswer(string Change, string What, string Id, IReadOnlyList<SetupFieldAnswer> Fields);

/// <param name="Planned">True where nothing was changed.</param>
public sealed record SetupAnswer(bool Planned, IReadOnlyList<SetupChangeAnswer> Changes);

/// <summary>POST /api/v1/setup: what <c>laurel apply</c> does, on a Laurel that serves. GET gives the file that says what is.</summary>
public static class SetupApi
{
    /// <summary>Bytes of a file.</summary>
    private const int Largest = 16 << 20;
    private const string Yaml = "application/yaml";
    private const string SchemaType = "application/schema+json";
    private static readonly string[] Taken = [Yaml, "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain", "application/json"];

    public static void MapSetupApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/setup", Read)
            .RequiresPermission(Permissions.SettingsManage)
            .WithName("getSetup")
            .WithTags("Set-up")
            .WithSummary("The set-up as a file")
            .WithDescription(
                "Sites, teams, people, activity types, metrics and all else as it is. Sent back as it is, it changes nothing.")
            .Produces<string>(StatusCodes.Status200OK, Yaml);
        // Open to everyone: it describes the product and holds nothing of an installation.
        routes.MapGet("/api/v1/setup/schema", Schema)
            .AllowAnonymous()
            .WithName("getSetupSchema")
            .WithTags("Set-up")
            .WithSummary("The JSON Schema of a setup file")
            .WithDescription("For an editor that completes keys and marks what is wrong; laurel export schema prints the same.")
            .Produces<string>(StatusCodes.Status200OK, SchemaType);
        routes.MapPost("/api/v1/setup", Apply)
            .RequiresPermission(Permissions.SettingsManage)
            .WithMetadata(new LargestRequest())
            .WithName("applySetup")
            .WithTags("Set-up")
            .WithSummary("Apply a setup file")
            .WithDescription("Makes everything agree with the file, in one step or not at all; what it does not name stays as it is. "
                + "plan=true: say what would change, and change nothing.")
            .Produces<SetupAnswer>()
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .AddOpenApiOperationTransformer(Describe);
    }

    private static IResult Read(Database database, TimeProvider time)
    {
        using var connection = database.Read();
        using var view = database.Snapshot(connection);
        return TypedResults.Text(new SetupWriter(connection, view, time.GetUtcNow().ToUnixTimeMilliseconds()).Write(), Yaml, Encoding.UTF8);
    }

    private static IResult Schema() => TypedResults.Text(SetupSchema.Write(), SchemaType, Encoding.UTF8);

    private static async Task<IResult> Apply(HttpContext http, ApplySetup apply, CurrentPerson me, bool plan = false)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || !Taken.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
            || type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return Problems.UnsupportedMedia($"Send the setup file with Content-Type: {Yaml}, in UTF-8.");
        using var reader = new StreamReader(http.Request.Body, new UTF8Encoding(false, throwOnInvalidBytes: true),
            detectEncodingFromByteOrderMarks: false);
        string text;
        try
        {
            text = (await reader.ReadToEndAsync(http.RequestAborted)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return Problems.NotWellFormed("It is not UTF-8.");
        }
        catch (BadHttpRequestException bad)
        {
            return bad.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => Problems.TooLarge($"A setup file has at most {Largest >> 20} MB.", taken: 0),
                StatusCodes.Status408RequestTimeout => Problems.TooSlow(taken: 0),
                _ => Problems.Broken("It ended too early.", taken: 0),
            };
        }
        var problems = new YamlProblems("setup.yaml");
        if (new SetupReader(problems).Read(text) is not { } setup) return Problems.SetupRefused(problems.InOrder());
        var changes = apply.Run(setup, problems, me.Actor, plan);
        if (problems.Any) return Problems.SetupRefused(problems.InOrder());
        return TypedResults.Ok(new SetupAnswer(plan, Answer(changes)));
    }

    public static IReadOnlyList<SetupChangeAnswer> Answer(IReadOnlyList<SetupChange> changes) => [.. changes.Select(c =>
        new SetupChangeAnswer(c.Verb, c.What, c.Id, [.. c.Fields.Select(f => new SetupFieldAnswer(f.Field, f.Before, f.After))]))];

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "A setup file, as docs/guide/setup.md describes it.",
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                [Yaml] = new()
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    Example = JsonValue.Create("people:\n  - { id: avi, name: Avi Example, team: retention }\n"),
                },
            },
        };
        return Task.CompletedTask;
    }

    private sealed class LargestRequest : Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => Largest;
    }
}
