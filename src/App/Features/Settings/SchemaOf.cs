using System.Text.Json.Nodes;

namespace Laurel.App.Features.Settings;

/// <summary>Parts that the schema of a setup file is made of, each time anew: a node has one place in a tree.</summary>
public static class SchemaOf
{
    public static JsonObject Map(params (string Key, JsonObject Value)[] entries) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject([.. entries.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)e.Value))]),
        ["additionalProperties"] = false,
    };

    public static JsonObject Needs(this JsonObject map, params string[] keys)
    {
        map["required"] = new JsonArray([.. keys.Select(k => (JsonNode)k)]);
        return map;
    }

    /// <summary>Any keys, each with such a value.</summary>
    public static JsonObject Any(JsonObject value) => new() { ["type"] = "object", ["additionalProperties"] = value };

    public static JsonObject List(JsonObject item) => new() { ["type"] = "array", ["items"] = item };
    public static JsonObject Either(params JsonObject[] some) => new() { ["anyOf"] = new JsonArray([.. some]) };
    public static JsonObject OneOrMore(string? description = null) => OneOrMore(Text(), description);
    public static JsonObject OneOrMore(JsonObject item, string? description = null) =>
        Either(item, List(item.Copy())).Described(description);
    public static JsonObject Targets() => OneOrMore(Number(), "One to three, one per tier, each harder than the one before.");
    public static JsonObject OneOf(params string[] words) => new() { ["enum"] = new JsonArray([.. words.Select(w => (JsonNode)w)]) };
    public static JsonObject Number() => new() { ["type"] = "number" };
    public static JsonObject Nothing() => new() { ["type"] = "null" };
    public static JsonObject Flag(string? description = null) => new JsonObject { ["type"] = "boolean" }.Described(description);

    /// <summary>YAML reads 2026 as a number and 2026-01-31 as a date; Laurel takes each as the text that it is.</summary>
    public static JsonObject Text(string? description = null) =>
        new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") }.Described(description);

    public static JsonObject Date() => Text("A date such as 2026-01-31.");

    public static JsonObject Whole(int least, int? most = null)
    {
        var whole = new JsonObject { ["type"] = "integer", ["minimum"] = least };
        if (most is { } bound) whole["maximum"] = bound;
        return whole;
    }

    public static JsonObject Described(this JsonObject schema, string? description)
    {
        if (description is not null) schema["description"] = description;
        return schema;
    }

    /// <summary>A node has one place in a tree.</summary>
    public static JsonObject Copy(this JsonObject schema) => schema.DeepClone().AsObject();
}
