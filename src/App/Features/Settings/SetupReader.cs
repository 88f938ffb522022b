using Laurel.App.Features.Badges;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using NodaTime;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Settings;

/// <summary>Reads setup.yaml. Everything that is wrong is told at once, with line and column.</summary>
public sealed class SetupReader(YamlProblems problems)
{
    private static readonly string[] Languages = ["en", "lt"];
    private static readonly (string, Unit)[] Units =
    [
        ("number", Unit.Number), ("seconds", Unit.Seconds), ("percent", Unit.Percent), ("currency", Unit.Currency), ("points", Unit.Points),
    ];

    /// <summary>Null when the file is not readable as YAML at all.</summary>
    public Setup? Read(string text)
    {
        if (problems.Root(text) is not { } root) return null;
        root.Only("site", "week-start", "teams", "people", "activity-types", "metrics", "achievements");
        var types = Read(root, "activity-types", Type, t => t.Type.Id);
        var metrics = Read(root, "metrics", map => Metric(map, types), m => m.Metric.Id);
        return new Setup(
            root.Map("site") is { } site ? Site(site) : null,
            root.OneOf("week-start", [.. Enum.GetValues<IsoDayOfWeek>().Where(d => d != IsoDayOfWeek.None)
                .Select(d => (d.ToString().ToLowerInvariant(), d))]),
            Read(root, "teams", Team, t => t.Id),
            Read(root, "people", Person, p => p.Id),
            types,
            metrics,
            Read(root, "achievements", map => new AchievementReader(problems, metrics).Read(map), a => a.Id));
    }

    private List<T> Read<T>(YamlMap root, string key, Func<YamlMap, T?> read, Func<T, string> id) where T : class
    {
        var items = new List<T>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in root.List(key))
        {
            if (problems.Map(node, $"an entry of '{key}'") is not { } map || read(map) is not { } item) continue;
            if (seen.Add(id(item))) items.Add(item);
            else problems.Add(node, $"'{id(item)}' stands twice in '{key}'");
        }
        return items;
    }

    private SiteSetup? Site(YamlMap map)
    {
        map.Only("id", "name", "zone");
        if (Id(map) is not { } id || map.NeededText("zone") is not { } zone) return null;
        if (SiteClock.Find(zone) is null)
        {
            problems.Add(map["zone"]!, $"'{zone}' is not a time zone; write one such as Europe/Vilnius"
                + Suggestion.Hint(zone, DateTimeZoneProviders.Tzdb.Ids));
            return null;
        }
        return new(map.Node, id, map.Text("name") ?? id, zone);
    }

    private TeamSetup? Team(YamlMap map)
    {
        map.Only("id", "name");
        return Id(map) is { } id ? new(map.Node, id, map.Text("name") ?? id) : null;
    }

    private PersonSetup? Person(YamlMap map)
    {
        map.Only("id", "name", "team", "role", "email", "invented");
        if (Id(map) is not { } id) return null;
        var role = map.OneOf("role", ("agent", 0), ("leader", 1), ("admin", 2)) switch { 1 => "leader", 2 => "admin", _ => "agent" };
        return new(map.Node, id, map.Text("name") ?? id, map.Text("team"), role, map.Text("email"), map.Flag("invented", false));
    }

    private TypeSetup? Type(YamlMap map)
    {
        map.Only("id", "name", "person", "measures", "labels");
        if (Id(map) is not { } id) return null;
        var measures = new List<DeclaredMeasure>();
        foreach (var (_, name, node) in map.Map("measures")?.Entries ?? [])
        {
            if (problems.Map(node, $"measure '{name}'") is not { } measure) continue;
            measure.Only("unit", "negative");
            var unit = measure.OneOf("unit", Units) ?? Unit.Number;
            measures.Add(new(name, unit.ToString().ToLowerInvariant(), measure.Flag("negative", true)));
        }
        var needsPerson = map.OneOf("person", ("required", 1), ("optional", 0)) != 0;
        return new(map.Node, Texts(map, "name", id), new ActivityType(id, needsPerson, measures, map.Texts("labels")));
    }

    private MetricSetup? Metric(YamlMap map, List<TypeSetup> declared)
    {
        map.Only("id", "name", "unit", "direction", "types", "aggregate", "measure", "where");
        if (Id(map) is not { } id) return null;
        var types = map.Texts("types");
        if (types.Count == 0) problems.Add(map.Node, "'types' is missing: name at least one activity type");
        var aggregate = map.OneOf("aggregate", ("count", Aggregate.Count), ("sum", Aggregate.Sum), ("average", Aggregate.Average),
            ("maximum", Aggregate.Maximum)) ?? Aggregate.Count;
        var measure = map.Text("measure");
        if (aggregate == Aggregate.Count && measure is not null) problems.Add(map["measure"]!, "a count has no 'measure'");
        if (aggregate != Aggregate.Count && measure is null) problems.Add(map.Node, "'measure' is missing: what is to be added up?");
        var neverNegative = true;
        foreach (var type in types)
        {
            // A type may have been declared by an earlier file; then the database answers for it.
            if (declared.Find(d => string.Equals(d.Type.Id, type, StringComparison.Ordinal)) is not { } known) continue;
            if (measure is null) continue;
            if (known.Type.Measure(measure) is { } found) neverNegative &= !found.MayBeNegative;
            else problems.Add(map["measure"]!, $"type '{type}' declares no measure '{measure}'"
                + Suggestion.Hint(measure, known.Type.Measures.Select(m => m.Name)));
        }
        var where = map.List("where").Select(node => problems.Map(node, "a filter")).OfType<YamlMap>().Select(Filter).OfType<Filter>().ToList();
        return new(map.Node, Texts(map, "name", id), new Metric(
            default, id, aggregate, map.OneOf("unit", Units) ?? Unit.Number,
            map.OneOf("direction", ("higher", Direction.Higher), ("lower", Direction.Lower)) ?? Direction.Higher,
            types, measure, where, neverNegative));
    }

    private Filter? Filter(YamlMap map)
    {
        map.Only("label", "is", "is-not", "measure", "at-least", "at-most", "above", "below");
        if (map.Text("label") is { } label)
        {
            if (map.Has("is") == map.Has("is-not"))
            {
                problems.Add(map.Node, "a label filter has either 'is' or 'is-not'");
                return null;
            }
            return new LabelFilter(label, map.Has("is"), map.Texts(map.Has("is") ? "is" : "is-not"));
        }
        if (map.NeededText("measure") is not { } measure) return null;
        (string Key, Comparison Comparison)[] kinds =
        [
            ("at-least", Comparison.AtLeast), ("at-most", Comparison.AtMost), ("above", Comparison.Above), ("below", Comparison.Below),
        ];
        var given = kinds.Where(k => map.Has(k.Key)).ToList();
        if (given.Count != 1)
        {
            problems.Add(map.Node, "a measure filter has one of at-least, at-most, above, below");
            return null;
        }
        return AmountOf(map, given[0].Key) is { } bound ? new MeasureFilter(measure, given[0].Comparison, bound) : null;
    }

    private Amount? AmountOf(YamlMap map, string key)
    {
        if (map.Number(key) is not { } number) return null;
        if (Amount.Of(number) is { } amount) return amount;
        problems.Add(map[key]!, $"'{key}' is above one thousand million");
        return null;
    }

    /// <summary>1 to 100 characters: lower-case letters, digits, and . _ - between them.</summary>
    private string? Id(YamlMap map)
    {
        if (map.NeededText("id") is not { } id) return null;
        if (IsId(id)) return id;
        problems.Add(map["id"]!, $"'{id}' is not an id: lower-case letters, digits, '.', '_' and '-', at most 100");
        return null;
    }

    internal static bool IsId(string id) =>
        id.Length is > 0 and <= 100 && id.All(c => char.IsLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');

    internal static Texts Texts(YamlMap map, string key, string otherwise)
    {
        if (map[key] is not YamlMappingNode) return Settings.Texts.Of(map.Text(key) ?? otherwise);
        var texts = map.Map(key)!.Only(Languages);
        var byLanguage = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, language, _) in texts.Entries)
            if (texts.Text(language) is { } text) byLanguage[language] = text;
        if (byLanguage.TryAdd("en", otherwise)) map.Problems.Add(map[key]!, "the English text (en) is missing");
        return new(byLanguage);
    }
}
