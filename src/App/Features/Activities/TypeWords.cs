using System.Text.Json;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;

namespace Laurel.App.Features.Activities;

/// <summary>What an organisation calls a label and its texts, each by language.</summary>
public sealed record LabelWords(
    IReadOnlyDictionary<string, string>? Name, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Values);

/// <summary>
/// What an organisation calls the measures and labels of an activity type, as a setup file says it. What has no name is called by its
/// key: time-to-resolve is "time to resolve".
/// </summary>
public sealed record TypeWords(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? Measures, IReadOnlyDictionary<string, LabelWords>? Labels)
{
    public static readonly TypeWords None = new(null, null);

    public static TypeWords Read(string stored) => JsonSerializer.Deserialize<TypeWords>(stored, CatalogueStore.Json)!;

    /// <summary>Empty parts are left out.</summary>
    public string Write() => JsonSerializer.Serialize(
        new TypeWords(Measures is { Count: > 0 } ? Measures : null, Labels is { Count: > 0 } ? Labels : null), Compact);

    public string Measure(string key) => Said(Measures?.GetValueOrDefault(key)) ?? Plain(key);
    public string Label(string key) => Said(Labels?.GetValueOrDefault(key)?.Name) ?? Plain(key);
    public string Text(string label, string text) => Said(Labels?.GetValueOrDefault(label)?.Values.GetValueOrDefault(text)) ?? text;

    private static readonly JsonSerializerOptions Compact =
        new(CatalogueStore.Json) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private static string? Said(IReadOnlyDictionary<string, string>? texts) => texts is null ? null : LocalText.Of(texts).ToString();
    private static string Plain(string key) => key.Replace('-', ' ').Replace('_', ' ');
}
