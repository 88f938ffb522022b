using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Metrics.Manage;

/// <summary>One filter of the form, as typed.</summary>
public sealed class FilterForm
{
    /// <summary>label, measure, weekday or hours.</summary>
    public string? Kind { get; set; }
    public string? Label { get; set; }
    /// <summary>is or is-not.</summary>
    public string? Is { get; set; }
    /// <summary>One on each line.</summary>
    public string? Texts { get; set; }
    public string? Measure { get; set; }
    public string? Comparison { get; set; }
    public string? Bound { get; set; }
    public List<string>? Days { get; set; }
    public string? From { get; set; }
    public string? Until { get; set; }

    public IReadOnlyList<string> AllTexts =>
        (Texts ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>
/// What the editor of metrics holds, as typed. It says the same as a metric of a setup file: it is written as one for the reader of files,
/// and filled from one.
/// </summary>
public sealed class MetricForm
{
    public const int MostFilters = 8;
    public const string Counted = "counted", Ratio = "ratio", External = "external";
    public static readonly IReadOnlyList<string> FilterKinds = ["label", "measure", "weekday", "hours"];
    public static readonly IReadOnlyList<string> Comparisons = ["at-least", "at-most", "above", "below"];

    /// <summary>counted, ratio or external.</summary>
    public string? Kind { get; set; }
    /// <summary>The key; made of the name where it is left out.</summary>
    public string? Id { get; set; }
    public string? Name { get; set; }
    public string? NameLt { get; set; }
    public string? Description { get; set; }
    public string? DescriptionLt { get; set; }
    public string? Unit { get; set; }
    public string? Direction { get; set; }
    public string? Aggregate { get; set; }
    public List<string>? Types { get; set; }
    public string? Measure { get; set; }
    public string? Label { get; set; }
    public List<FilterForm>? Filters { get; set; }
    public string? Numerator { get; set; }
    public string? Denominator { get; set; }
    /// <summary>The language whose numbers it holds.</summary>
    public string? Lang { get; set; }
    /// <summary>What was saved when it was filled.</summary>
    public string? Version { get; set; }
    /// <summary>The button that was pressed.</summary>
    public string? Do { get; set; }
    /// <summary>Whether its values are looked at, too.</summary>
    public bool Tested { get; set; }
    /// <summary>Of so many days.</summary>
    public string? Days { get; set; }

    public IReadOnlyList<FilterForm> AllFilters => Filters ?? [];
    public bool HasMeasure => Kind == Counted && Aggregate is "sum" or "average" or "maximum" or "minimum";
    public bool HasLabel => Kind == Counted && Aggregate == "distinct";

    public static MetricForm New(string kind) => new()
    {
        Kind = kind, Unit = kind == Ratio ? "percent" : "number", Direction = "higher",
        Aggregate = kind switch { Ratio => "ratio", External => "sum", _ => "count" },
    };

    /// <summary>What a setup file says of one metric.</summary>
    public static MetricForm Of(YamlMap map)
    {
        var (name, description) = (Texts(map, "name"), Texts(map, "description"));
        var isExternal = map.Flag("external", false);
        var aggregate = map.Text("aggregate") ?? (isExternal ? "sum" : "count");
        return new()
        {
            Kind = isExternal ? External : aggregate == "ratio" ? Ratio : Counted, Id = map.Text("id"), Name = name.English,
            NameLt = name.Lithuanian, Description = description.English, DescriptionLt = description.Lithuanian,
            Unit = map.Text("unit") ?? "number", Direction = map.Text("direction") ?? "higher", Aggregate = aggregate,
            Types = [.. map.Texts("types")], Measure = map.Text("measure"), Label = map.Text("label"),
            Numerator = map.Text("numerator"), Denominator = map.Text("denominator"),
            Filters = [.. map.List("where").Select(node => Filter(map.Problems.Map(node, "a filter")!))],
        };
    }

    private static FilterForm Filter(YamlMap map)
    {
        var comparison = Comparisons.FirstOrDefault(map.Has);
        var hours = map.Text("hours")?.Split('-') ?? [];
        return new()
        {
            Kind = FilterKinds.FirstOrDefault(map.Has), Label = map.Text("label"), Is = map.Has("is-not") ? "is-not" : "is",
            Texts = string.Join('\n', map.Texts(map.Has("is-not") ? "is-not" : "is")), Measure = map.Text("measure"),
            Comparison = comparison ?? Comparisons[0], Bound = comparison is null ? null : map.Text(comparison),
            Days = [.. map.Texts("weekday")], From = hours.FirstOrDefault(), Until = hours.LastOrDefault(),
        };
    }

    private static (string? English, string? Lithuanian) Texts(YamlMap map, string key) => map[key] is YamlMappingNode
        ? (map.Map(key)!.Text("en"), map.Map(key)!.Text("lt"))
        : (map.Text(key), null);

    /// <summary>Numbers as the reader would type them; it was filled with those of a setup file.</summary>
    public MetricForm In(Language language)
    {
        Lang = language.Code;
        foreach (var filter in AllFilters) if (filter.Bound is { } bound) filter.Bound = TypedNumber.Show(bound, language);
        return this;
    }

    /// <summary>A typed number in the reader's way of writing, whatever it was typed like.</summary>
    public string Number(string? typed) =>
        TypedNumber.Read(typed ?? "", Spoken) is { } number ? TypedNumber.Show(number, Language.Current) : typed?.Trim() ?? "";

    private Language Spoken => Language.Find(Lang) ?? Language.Current;

    /// <summary>
    /// What was typed as a metric of a setup file, with the field that each part comes from.
    /// A filter that lacks a part is left out.
    /// </summary>
    /// <param name="types">Its kinds of activities, in the order in which they are kept.</param>
    public WrittenForm Write(string id, bool isArchived, IReadOnlyList<string> types)
    {
        var fields = new Dictionary<YamlNode, TypedField>(ReferenceEqualityComparer.Instance);
        var map = new YamlMappingNode();
        Add("id", "Id", id);
        AddTexts("name", "Name", Name, NameLt);
        AddTexts("description", "Description", Description, DescriptionLt);
        Add("unit", "Unit", Unit);
        Add("direction", "Direction", Direction);
        if (isArchived) Add("archived", "Do", "true");
        if (Kind == External) Add("external", "Kind", "true");
        Add("aggregate", "Aggregate", Kind == Ratio ? "ratio" : Aggregate);
        if (Kind == Counted)
        {
            map.Add("types", Noted(new YamlSequenceNode(types.Select(t => Noted(new YamlScalarNode(t), "Types"))), "Types"));
            if (HasMeasure) Add("measure", "Measure", Measure);
            if (HasLabel) Add("label", "Label", Label);
            var filters = AllFilters.Select((filter, i) => Written(filter, i)).OfType<YamlNode>().ToList();
            if (filters.Count > 0) map.Add("where", Noted(new YamlSequenceNode(filters), "Filters"));
        }
        if (Kind == Ratio)
        {
            Add("numerator", "Numerator", Numerator);
            Add("denominator", "Denominator", Denominator);
        }
        return new(map, fields);

        void Add(string key, string field, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value)) map.Add(key, Noted(new YamlScalarNode(value.Trim()), field));
        }

        void AddTexts(string key, string field, string? english, string? lithuanian)
        {
            var texts = new YamlMappingNode();
            if (!string.IsNullOrWhiteSpace(english)) texts.Add("en", english.Trim());
            if (!string.IsNullOrWhiteSpace(lithuanian)) texts.Add("lt", lithuanian.Trim());
            if (texts.Children.Count > 0) map.Add(key, Noted(texts, field));
        }

        YamlNode? Written(FilterForm filter, int i)
        {
            if (Lack(filter) is not null) return null;
            var (part, field) = (new YamlMappingNode(), $"Filters[{i}].");
            switch (filter.Kind)
            {
                case "label":
                    part.Add("label", Noted(new YamlScalarNode(filter.Label), $"{field}Label"));
                    part.Add(filter.Is == "is-not" ? "is-not" : "is", Noted(
                        new YamlSequenceNode(filter.AllTexts.Select(t => new YamlScalarNode(t))), $"{field}Texts"));
                    return Noted(part, $"{field}Label");
                case "measure":
                    part.Add("measure", Noted(new YamlScalarNode(filter.Measure), $"{field}Measure"));
                    part.Add(Comparisons.Contains(filter.Comparison) ? filter.Comparison! : Comparisons[0],
                        Number(filter.Bound!, $"{field}Bound"));
                    return Noted(part, $"{field}Measure");
                case "weekday":
                    part.Add("weekday", Noted(
                        new YamlSequenceNode(filter.Days!.Select(d => Noted(new YamlScalarNode(d), $"{field}Days"))), $"{field}Days"));
                    return Noted(part, $"{field}Days");
                default:
                    part.Add("hours", Noted(new YamlScalarNode($"{filter.From!.Trim()}-{filter.Until!.Trim()}"), $"{field}From"));
                    return Noted(part, $"{field}From");
            }
        }

        // What cannot be read as a number must not be read as another one by those who read files.
        YamlNode Number(string typed, string field) => Noted(
            new YamlScalarNode(TypedNumber.Read(typed, Spoken) ?? TypedNumber.ReadDuration(typed) ?? $"? {typed.Trim()}"), field,
            typed.Trim());

        YamlNode Noted(YamlNode node, string field, string? typed = null)
        {
            fields[node] = new(field, typed);
            return node;
        }
    }

    /// <summary>The part that a filter cannot do without and has not got; null where it is whole.</summary>
    public static string? Lack(FilterForm filter) => filter.Kind switch
    {
        "label" => string.IsNullOrWhiteSpace(filter.Label) ? "Label" : filter.AllTexts.Count == 0 ? "Texts" : null,
        "measure" => string.IsNullOrWhiteSpace(filter.Measure) ? "Measure" : string.IsNullOrWhiteSpace(filter.Bound) ? "Bound" : null,
        "weekday" => filter.Days is not { Count: > 0 } ? "Days" : null,
        _ => string.IsNullOrWhiteSpace(filter.From) || string.IsNullOrWhiteSpace(filter.Until) ? "From" : null,
    };
}
