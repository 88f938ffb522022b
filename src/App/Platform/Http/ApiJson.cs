using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Laurel.App.Platform.Http;

/// <summary>How answers are written: what is absent is left out, and the description says so.</summary>
internal static class ApiJson
{
    public static IServiceCollection AddApiJson(this IServiceCollection services) => services.ConfigureHttpJsonOptions(options =>
        options.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull);

    /// <summary>A member that may be null is, instead, not always there.</summary>
    public static Task LeaveOutNulls(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        LeaveOutNulls(schema);
        return Task.CompletedTask;
    }

    /// <summary>The same once all are together: two members of one type are put into their shape only then.</summary>
    public static void LeaveOutNulls(OpenApiSchema schema)
    {
        foreach (var (name, member) in schema.Properties?.ToList() ?? [])
        {
            if (member is OpenApiSchema { Type: { } type } plain && type.HasFlag(JsonSchemaType.Null))
            {
                plain.Type = type & ~JsonSchemaType.Null;
                schema.Required?.Remove(name);
            }
            else if (member is OpenApiSchema { OneOf: { Count: 2 } either }
                && either.FirstOrDefault(e => e.Type == JsonSchemaType.Null) is { } none)
            {
                schema.Properties![name] = either.First(e => e != none);
                schema.Required?.Remove(name);
            }
        }
    }
}
