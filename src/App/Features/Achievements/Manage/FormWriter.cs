using Laurel.App.Platform.Localisation;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>Writes what was typed as keys of a setup file, and keeps the field that each part comes from.</summary>
/// <param name="spoken">The language whose numbers were typed.</param>
/// <param name="isSeconds">Of which metric the values are times, that may be typed as 3:20.</param>
public sealed class FormWriter(Language spoken, Func<string?, bool> isSeconds)
{
    private readonly Dictionary<YamlNode, TypedField> fields = new(ReferenceEqualityComparer.Instance);
    private readonly YamlMappingNode map = new();

    public WrittenForm Written => new(map, fields);

    /// <summary>Nothing where nothing was typed; so are texts and numbers.</summary>
    public void Add(string key, string field, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value)) map.Add(key, Noted(new YamlScalarNode(value.Trim()), field));
    }

    public void AddTexts(string key, string field, string? english, string? lithuanian)
    {
        var texts = new YamlMappingNode();
        if (!string.IsNullOrWhiteSpace(english)) texts.Add("en", english.Trim());
        if (!string.IsNullOrWhiteSpace(lithuanian)) texts.Add("lt", lithuanian.Trim());
        if (texts.Children.Count > 0) map.Add(key, Noted(texts, field));
    }

    /// <param name="metric">Whose value it is; null for what is a number in any case.</param>
    public void AddNumber(string key, string field, string? typed, string? metric = null)
    {
        if (!string.IsNullOrWhiteSpace(typed)) map.Add(key, Number(typed, field, metric is not null && isSeconds(metric)));
    }

    /// <summary>Those that were typed, be it none.</summary>
    public void AddNumbers(string key, string field, IEnumerable<string?> typed) => map.Add(key, Numbers(field, typed));

    public void AddList(string key, string field, IEnumerable<string>? chosen) =>
        map.Add(key, Noted(new YamlSequenceNode((chosen ?? []).Select(one => Noted(new YamlScalarNode(one), field))), field));

    public void AddAudience(AchievementForm form)
    {
        var audience = new YamlMappingNode();
        foreach (var (key, field, chosen) in ((string, string, List<string>?)[])
            [("teams", "Teams", form.Teams), ("groups", "Groups", form.Groups), ("roles", "Roles", form.Roles)])
            if (chosen is { Count: > 0 })
                audience.Add(key, new YamlSequenceNode(chosen.Select(id => Noted(new YamlScalarNode(id), field))));
        if (audience.Children.Count > 0) map.Add("audience", Noted(audience, "Teams"));
    }

    /// <param name="targets">How many a condition may have.</param>
    public void AddConditions(AchievementForm form, int targets) =>
        map.Add("conditions", Noted(new YamlSequenceNode(form.AllConditions.Select((c, i) => Condition(c, i, targets))), "Conditions"));

    private YamlNode Condition(ConditionForm condition, int i, int targets)
    {
        var part = new YamlMappingNode();
        if (!string.IsNullOrWhiteSpace(condition.Metric))
            part.Add("metric", Noted(new YamlScalarNode(condition.Metric), $"Conditions[{i}].Metric"));
        part.Add(condition.Comparison == "at-most" ? "at-most" : "at-least",
            Numbers($"Conditions[{i}].Target", condition.Targets.Take(targets), isSeconds(condition.Metric)));
        if (!string.IsNullOrWhiteSpace(condition.Sample)) part.Add("sample", Number(condition.Sample, $"Conditions[{i}].Sample"));
        // What is missing of it is told where it begins.
        return Noted(part, $"Conditions[{i}].Metric");
    }

    // An empty field before one that is filled in is not skipped: the second level must not become the first one.
    private YamlNode Numbers(string field, IEnumerable<string?> typed, bool isTime = false)
    {
        var filled = typed.Select(t => t ?? "").Reverse().SkipWhile(string.IsNullOrWhiteSpace).Reverse();
        return Noted(new YamlSequenceNode(filled.Select(t => Number(t, field, isTime))), field);
    }

    // What cannot be read as a number must not be read as another one by those who read files.
    private YamlNode Number(string typed, string field, bool isTime = false) => Noted(
        new YamlScalarNode(TypedNumber.Read(typed, spoken) ?? (isTime ? TypedNumber.ReadDuration(typed) : null) ?? $"? {typed.Trim()}"),
        field, typed.Trim());

    private YamlNode Noted(YamlNode node, string field, string? typed = null)
    {
        fields[node] = new(field, typed);
        return node;
    }
}
