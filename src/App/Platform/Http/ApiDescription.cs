using System.Collections.Concurrent;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Storage;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Laurel.App.Platform.Http;

/// <summary>The descriptions that were made, by whether all product areas are off; JSON in UTF-8.</summary>
public sealed class Descriptions
{
    public ConcurrentDictionary<bool, byte[]> ByAreasOff { get; } = new();
}

/// <summary>The OpenAPI description of everything under /api, made once with achievements and once without, and kept.</summary>
public static class ApiDescription
{
    public const string Address = "/api/v1/openapi.json";

    public static void AddApiDescription(this IServiceCollection services)
    {
        services.AddOpenApi("v1", Describe);
        services.AddSingleton<Descriptions>();
        // Asked at each reading: with all product areas off there is no trace of achievements, in the description neither.
        services.AddOptions<OpenApiOptions>("v1").Configure<Database>((options, database) => options.ShouldInclude = endpoint =>
            endpoint.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true
            && !(AchievementsGate.Leads(endpoint.ActionDescriptor.EndpointMetadata) && AreOff(database)));
    }

    private static bool AreOff(Database database)
    {
        using var connection = database.Read();
        return ProductAreas.AreAllOff(connection);
    }

    private static void Describe(OpenApiOptions options)
    {
        options.AddSchemaTransformer(ApiJson.LeaveOutNulls);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "Laurel", Version = "v1",
                Description = "Activities come in here; what they earn shows on the pages. What is absent is left out of answers. "
                    + "Errors are application/problem+json (RFC 9457), with a detail that says what to do next.",
                License = new() { Name = "MIT" },
            };
            // Relative: the description is right whatever name and proxy it is reached through.
            document.Servers = [new() { Url = "/" }];
            document.Components ??= new();
            foreach (var schema in document.Components.Schemas?.Values.OfType<OpenApiSchema>() ?? []) ApiJson.LeaveOutNulls(schema);
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                ["key"] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http, Scheme = "bearer",
                    Description = "An API key, made on the page API keys and shown once.",
                },
            };
            document.Security = [new() { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
            return Task.CompletedTask;
        });
    }

    /// <summary>Open to everyone: it describes the product and holds nothing of an installation but whether achievements are on.</summary>
    public static void MapApiDescription(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Address, Answer).AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> Answer(
        Database database, Descriptions kept, [FromKeyedServices("v1")] IOpenApiDocumentProvider documents, CancellationToken stop)
    {
        var areOff = AreOff(database);
        if (!kept.ByAreasOff.TryGetValue(areOff, out var text))
        {
            using var written = new MemoryStream();
            await (await documents.GetOpenApiDocumentAsync(stop)).SerializeAsJsonAsync(written, OpenApiSpecVersion.OpenApi3_1, stop);
            text = written.ToArray();
            // Who switches areas while it is made may find half of it with and half of it without.
            if (AreOff(database) == areOff) kept.ByAreasOff[areOff] = text;
        }
        return Results.Bytes(text, "application/json;charset=utf-8");
    }

}
