using System.Text.Json;

namespace Laurel.App.Platform.Localisation;

/// <summary>A text that the organisation wrote, by language, as it is stored: {"en": "Ace", "lt": "Asas"}.</summary>
public sealed class LocalText
{
    public static readonly LocalText None = new(new Dictionary<string, string>(StringComparer.Ordinal));

    private readonly IReadOnlyDictionary<string, string> byLanguage;

    private LocalText(IReadOnlyDictionary<string, string> byLanguage) => this.byLanguage = byLanguage;

    public static LocalText Of(IReadOnlyDictionary<string, string> byLanguage) => new(byLanguage);

    public static LocalText Parse(string stored) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(stored) is { } texts ? new(texts) : None;

    /// <summary>In the reader's language; where that is missing in English, and else in any.</summary>
    public override string ToString() => In(Language.Current);

    /// <summary>Whether it is written in this language.</summary>
    public bool Has(Language language) => byLanguage.ContainsKey(language.Code);

    public string In(Language language) =>
        byLanguage.GetValueOrDefault(language.Code) ?? byLanguage.GetValueOrDefault(Language.English.Code)
        ?? byLanguage.Values.FirstOrDefault() ?? "";
}
