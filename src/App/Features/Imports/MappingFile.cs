using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Engine.Importing;
using Laurel.Engine.Kernel;
using NodaTime;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Imports;

/// <summary>A mapping, or all that is wrong with its file.</summary>
/// <param name="Names">What of it only a database can refuse.</param>
public sealed record MappingReading(Mapping? Mapping, IReadOnlyList<YamlProblem> Problems, MappingNames Names);

/// <summary>Reads a mapping.yaml; docs/guide/import.md is its grammar.</summary>
public sealed class MappingFile
{
    private readonly YamlProblems problems;
    private readonly Func<string, string?> neighbour;
    private readonly MappingNames named;
    private readonly List<string> inputs = [];
    private readonly Dictionary<string, int> columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> times = new(StringComparer.Ordinal);
    private readonly List<TimeRule> timeRules = [];
    private readonly List<DerivedColumn> derived = [];
    private int derivedCount;

    private MappingFile(YamlProblems problems, Func<string, string?> neighbour, MappingNames named)
    {
        this.named = named;
        this.problems = problems;
        this.neighbour = neighbour;
    }

    public static MappingReading Load(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Read(File.ReadAllText(path), path, name =>
            Path.Combine(folder, name) is var beside && File.Exists(beside) ? File.ReadAllText(beside) : null);
    }

    /// <param name="file">The file's name for messages.</param>
    /// <param name="neighbour">The text of a file that the mapping names; null when there is none.</param>
    public static MappingReading Read(string yaml, string file, Func<string, string?> neighbour)
    {
        var wrong = new YamlProblems(file);
        var names = new MappingNames(file);
        var mapping = wrong.Root(yaml) is { } root ? new MappingFile(wrong, neighbour, names).Read(root) : null;
        return new(wrong.Any ? null : mapping, wrong.InOrder(), names);
    }

    private Mapping Read(YamlMap root)
    {
        root.Only("source", "format", "delimiter", "quotes", "decimal", "zone", "missing", "columns", "last-row-per", "times", "ignore",
            "activities", "names", "provider", "project-provider", "unknown-people");
        var source = root.NeededText("source") ?? "";
        if (source.Length > 200) problems.Add(root["source"]!, "'source' is longer than 200 characters");
        var zone = Zone(root);
        Columns(root);
        Times(root, zone);
        var ignored = root.List("ignore").Select(Ignored).OfType<IgnoreRule>().ToList();
        var format = root.OneOf("format", ("csv", FileFormat.Csv), ("tsv", FileFormat.Tsv), ("ndjson", FileFormat.Ndjson));
        var sign = root.OneOf("decimal", ("point", DecimalSign.Point), ("comma", DecimalSign.Comma)) ?? default;
        if (format is FileFormat.Ndjson && sign is DecimalSign.Comma)
            problems.Add(root["decimal"]!, "JSON writes numbers with a point; 'decimal: comma' is for CSV and TSV");
        var lastRowPer = root.Text("last-row-per") is { } key ? Column(key) : (int?)null;
        return new()
        {
            Source = source,
            Format = format,
            Delimiter = Delimiter(root),
            Quotes = root.Has("quotes") ? root.Flag("quotes", otherwise: true) : null,
            Decimal = sign,
            Zone = zone,
            Missing = root.Texts("missing").ToHashSet(StringComparer.Ordinal),
            LastRowPer = lastRowPer,
            Times = timeRules,
            Ignored = ignored,
            Activities = Activities(root),
            Provider = Provider(root),
            ProjectProvider = ProjectProvider(root),
            UnknownPerson = root.OneOf("unknown-people", ("hold", UnknownPerson.Hold), ("create", UnknownPerson.Create)) ?? default,
            Names = Names(root),
            Columns = derived,
            Inputs = inputs,
        };
    }

    private DateTimeZone? Zone(YamlMap root)
    {
        if (root.Text("zone") is not { } id) return null;
        var zones = DateTimeZoneProviders.Tzdb;
        if (zones.GetZoneOrNull(id) is { } zone) return zone;
        problems.Add(root["zone"]!, $"'{id}' is no time zone{ZoneSuggestion.Hint(id)}");
        // Stands in, so that one wrong word is not reported again at each time.
        return DateTimeZone.Utc;
    }

    private char Delimiter(YamlMap root)
    {
        if (root.Text("delimiter") is not { } text) return ',';
        if (text is [var one] && one is not ('"' or '\r' or '\n')) return one;
        problems.Add(root["delimiter"]!, "'delimiter' must be one character, e.g. \",\" or \";\"");
        return ',';
    }

    /// <summary>The number of a column: one that the mapping defines, otherwise one of the file.</summary>
    private int Column(string name)
    {
        if (columns.TryGetValue(name, out var known)) return known;
        var place = inputs.IndexOf(name);
        if (place < 0)
        {
            place = inputs.Count;
            inputs.Add(name);
        }
        return derivedCount + place;
    }

    private void Columns(YamlMap root)
    {
        if (root.Map("columns") is not { } map) return;
        derivedCount = map.Entries.Count;
        foreach (var (_, name, node) in map.Entries)
        {
            // While it is being defined, its own name still means the file's column.
            var value = Value(node, $"column '{name}'", name);
            derived.Add(new(name, value ?? new Value(new Template([new("", -1)]), [])));
            columns[name] = derived.Count - 1;
        }
    }

    private static readonly string[] ValueKeys =
    [
        "column", "text", "collapse-spaces", "missing", "missing-when", "replace", "first", "last", "lower", "upper", "map", "else",
        "slug", "prefix", "default",
    ];

    /// <param name="itself">The column that is meant where neither column nor text is given.</param>
    private Value? Value(YamlNode node, string what, string? itself = null, params string[] more)
    {
        if (node is not YamlMappingNode)
            return problems.Text(node, what) is { } plain
                && Source(plain, plain.Contains('{', StringComparison.Ordinal), node) is { } source
                ? new(source, [])
                : null;
        if (problems.Map(node, what) is not { } map) return null;
        map.Only([.. ValueKeys, .. more]);
        if (map.Has("column") && map.Has("text")) problems.Add(map["text"]!, "give 'column' or 'text', not both");
        if (!map.Has("column") && !map.Has("text") && itself is null)
        {
            problems.Add(node, $"{what} needs 'column' or 'text'");
            return null;
        }
        var template = map.Has("text")
            ? map.Text("text") is { } text ? Source(text, isTemplate: true, map["text"]!) : null
            : (map.Has("column") ? map.Text("column") : itself) is { } name ? Source(name, isTemplate: false, node) : null;
        var steps = Steps(map);
        return template is null ? null : new(template, steps, map.Text("default"));
    }

    private Template? Source(string text, bool isTemplate, YamlNode at)
    {
        if (!isTemplate) return new([new(null, Column(text))]);
        var template = Template.Parse(text, Column, out var problem);
        if (template is null) problems.Add(at, problem!);
        else if (template.Parts.Count == 0) problems.Add(at, "the text is empty");
        else return template;
        return null;
    }

    private List<Step> Steps(YamlMap map)
    {
        var steps = new List<Step>();
        if (map.Flag("collapse-spaces", otherwise: false)) steps.Add(new CollapseSpaces());
        var when = map["missing-when"] is { } condition ? When(condition) : null;
        if (map.Has("missing")) steps.Add(new MissingMarkers(map.Texts("missing").ToHashSet(StringComparer.Ordinal), when));
        else if (map.Has("missing-when"))
            problems.Add(map["missing-when"]!, "'missing-when' says when the texts of 'missing' count; give those too");
        foreach (var (key, old, node) in map.Map("replace")?.Entries ?? [])
        {
            if (old.Length == 0) problems.Add(key, "the text to replace is empty");
            else if (node is YamlScalarNode { Value: var replacement }) steps.Add(new Replace(old, replacement ?? ""));
            else problems.Add(node, $"the replacement must be a text, not {YamlProblems.Kind(node)}");
        }
        if (Count(map, "first") is { } first) steps.Add(new FirstCharacters(first));
        if (Count(map, "last") is { } last) steps.Add(new LastCharacters(last));
        if (map.Flag("lower", otherwise: false)) steps.Add(new LowerCase());
        if (map.Flag("upper", otherwise: false)) steps.Add(new UpperCase());
        var otherwise = map.OneOf("else", ("keep", Unmapped.Keep), ("missing", Unmapped.Missing), ("reject", Unmapped.Reject));
        if (map.Map("map") is { } table)
        {
            var texts = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (_, name, node) in table.Entries)
                if (problems.Text(node, $"what '{name}' becomes") is { } mapped) texts[name] = mapped;
            steps.Add(new MapTexts(texts, otherwise ?? Unmapped.Keep));
        }
        else if (map.Has("else")) problems.Add(map["else"]!, "'else' says what becomes of texts that 'map' does not have; give that too");
        if (map.Flag("slug", otherwise: false)) steps.Add(new Slug());
        if (map.Text("prefix") is { } prefix) steps.Add(new Prefix(prefix));
        return steps;
    }

    private int? Count(YamlMap map, string key)
    {
        var count = map.Whole(key);
        if (count is null or > 0) return count;
        problems.Add(map[key]!, $"'{key}' must be above zero");
        return null;
    }

    private Condition? When(YamlNode node)
    {
        if (node is YamlSequenceNode) return All(problems.List(node, "'when'"));
        if (problems.Map(node, "a condition") is not { } map) return null;
        foreach (var word in (string[])["all", "any", "not"])
            if (map[word] is { } inner)
            {
                map.Only(word);
                return word switch
                {
                    "all" => All(problems.List(inner, "'all'")),
                    "any" => new AnyOf([.. problems.List(inner, "'any'").Select(When).OfType<Condition>()]),
                    _ => When(inner) is { } condition ? new Not(condition) : null,
                };
            }
        return Tests(map);
    }

    private Condition All(IReadOnlyList<YamlNode> nodes) => new AllOf([.. nodes.Select(When).OfType<Condition>()]);

    /// <summary>All tests of one column that one condition names.</summary>
    private AllOf? Tests(YamlMap map)
    {
        map.Only("column", "is", "is-not", "missing", "present", "at-least", "at-most", "above", "below", "all", "any", "not");
        if (map.NeededText("column") is not { } name) return null;
        var column = Column(name);
        var tests = new List<Condition>();
        if (map.Has("is")) tests.Add(new IsOneOf(column, map.Texts("is").ToHashSet(StringComparer.Ordinal)));
        if (map.Has("is-not")) tests.Add(new Not(new IsOneOf(column, map.Texts("is-not").ToHashSet(StringComparer.Ordinal))));
        if (map.Has("present")) tests.Add(Presence(column, map.Flag("present", otherwise: true)));
        if (map.Has("missing")) tests.Add(Presence(column, !map.Flag("missing", otherwise: true)));
        foreach (var (word, comparison) in Comparisons)
            if (map.Number(word) is { } number)
            {
                if (Amount.Of(number) is { } target) tests.Add(new Compares(column, comparison, target));
                else problems.Add(map[word]!, "larger than a billion");
            }
        if (tests.Count == 0
            && !map.Entries.Exists(entry => Comparisons.Any(c => string.Equals(c.Word, entry.Name, StringComparison.Ordinal))))
            problems.Add(map.Node, "a condition needs a test: is, is-not, missing, present, at-least, at-most, above or below");
        return new(tests);
    }

    private static readonly (string Word, Comparison Comparison)[] Comparisons =
    [
        ("at-least", Comparison.AtLeast), ("at-most", Comparison.AtMost), ("above", Comparison.Above), ("below", Comparison.Below),
    ];

    private static Condition Presence(int column, bool present) => present ? new IsPresent(column) : new Not(new IsPresent(column));

    private void Times(YamlMap root, DateTimeZone? zone)
    {
        foreach (var (key, name, node) in root.Map("times")?.Entries ?? [])
        {
            if (problems.Map(node, $"time '{name}'") is not { } map) continue;
            var rule = MappingTimes.Read(map, name, Column,
                map.Text("not-before") is { } earlier ? Time(earlier, map["not-before"]!) : null);
            // One that is wrong is there all the same: who names it does nothing wrong. The mapping is not used then.
            rule ??= new UnixTimeRule(name, 0, Milliseconds: false);
            if (zone is null && rule is LocalTimeRule or DateAndTimeRule)
                problems.Add(key, $"time '{name}' has no offset: give 'zone' at the top of the mapping, e.g. zone: Europe/Vilnius");
            times[name] = timeRules.Count;
            timeRules.Add(rule);
        }
        if (!root.Has("times")) problems.Add(root.Node, "'times' is missing");
    }

    private int? Time(string name, YamlNode at)
    {
        if (times.TryGetValue(name, out var index)) return index;
        problems.Add(at, $"there is no time '{name}' under 'times'{Suggestion.Hint(name, times.Keys)}");
        return null;
    }

    private IgnoreRule? Ignored(YamlNode node)
    {
        if (problems.Map(node, "an ignore rule") is not { } map) return null;
        map.Only("when", "because");
        var because = map.NeededText("because") ?? "";
        if (!map.Has("when")) problems.Add(node, "'when' is missing");
        return map["when"] is { } when && When(when) is { } condition ? new(condition, because) : null;
    }

    private List<ActivityRule> Activities(YamlMap root)
    {
        var rules = new List<ActivityRule>();
        var identities = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in root.List("activities"))
        {
            if (problems.Map(node, "an activity") is not { } map) continue;
            if (Activity(map) is { } rule) rules.Add(rule);
            if (map["id"] is YamlScalarNode { Value: { } id } && !identities.TryAdd(id, rules.Count))
                problems.Add(map["id"]!, "another activity has the same id: two activities of one row would be taken for one");
        }
        if (!root.Has("activities")) problems.Add(root.Node, "'activities' is missing");
        else if (rules.Count == 0 && !problems.Any) problems.Add(root["activities"]!, "'activities' is empty");
        return rules;
    }

    private string? Provider(YamlMap root)
    {
        if (root.Text("provider") is not { } provider) return null;
        if (!ExternalIdentity.IsProvider(provider))
            problems.Add(root["provider"]!, $"'{provider}' is not a provider: lower-case letters, digits, '.', '_' and '-', at most 100");
        if (root.Text("unknown-people") == "create")
            problems.Add(root["unknown-people"]!, "people are not made from a provider's ids: what names them waits until they are linked");
        return provider;
    }

    private string? ProjectProvider(YamlMap root)
    {
        const string Key = "project-provider";
        if (root.Text(Key) is not { } provider) return null;
        if (!ExternalIdentity.IsProvider(provider))
            problems.Add(root[Key]!, $"'{provider}' is not a provider: lower-case letters, digits, '.', '_' and '-', at most 100");
        return provider;
    }

    private ActivityRule? Activity(YamlMap map)
    {
        map.Only("type", "when", "id", "person", "team", "at", "measures", "labels", "project", "contact");
        var type = map.NeededText("type");
        var id = map.NeededText("id") is { } text ? Source(text, text.Contains('{', StringComparison.Ordinal), map["id"]!) : null;
        if (id is not null && id.Parts.All(part => part.Text is not null))
            problems.Add(map["id"]!, "the id names no column: all rows would be one activity");
        if (!map.Has("person") && !map.Has("team"))
            problems.Add(map.Node, "give 'person', or 'team' for work that has no person");
        if (!map.Has("at")) problems.Add(map.Node, "'at' is missing: the name of a time under 'times'");
        var person = map["person"] is { } who ? Value(who, "'person'", null, "name") : null;
        var name = map["person"] is YamlMappingNode node && problems.Map(node, "'person'")!["name"] is { } called
            ? Value(called, "'name'") : null;
        var at = map["at"] switch
        {
            null => [],
            YamlSequenceNode list => list.Children.Select(child => TimeNamed(child)).OfType<int>().ToList(),
            var one => TimeNamed(one) is { } index ? [index] : new List<int>(),
        };
        var measures = map.Map("measures")?.Entries ?? [];
        var labels = map.Map("labels")?.Entries ?? [];
        if (type is not null)
            named.Add(new(type, map["type"]!), [.. measures.Select(m => new YamlText(m.Name, m.Key))],
                [.. labels.Select(l => new YamlText(l.Name, l.Key))]);
        var rule = new ActivityRule(type ?? "", map["when"] is { } when ? When(when) : null, id ?? new([]), person, name,
            Optional(map, "team"), at,
            [.. measures.Select(entry => Measure(entry.Name, entry.Value)).OfType<MeasureRule>()],
            [.. labels.Select(Label).OfType<LabelRule>()],
            Optional(map, "project"), Optional(map, "contact"));
        return type is null || id is null || at.Count == 0 ? null : rule;
    }

    private int? TimeNamed(YamlNode node) => problems.Text(node, "'at'") is { } name ? Time(name, node) : null;

    private Value? Optional(YamlMap map, string key) => map[key] is { } node ? Value(node, $"'{key}'") : null;

    private LabelRule? Label((YamlScalarNode Key, string Name, YamlNode Value) entry) =>
        Value(entry.Value, $"label '{entry.Name}'") is { } value ? new(entry.Name, value) : null;

    private MeasureRule? Measure(string name, YamlNode node)
    {
        var map = node is YamlMappingNode ? problems.Map(node, $"measure '{name}'") : null;
        if (map is null || (!map.Has("from") && !map.Has("to")))
        {
            var value = Value(node, $"measure '{name}'", null, "times");
            return value is null ? null : new ColumnMeasure(name, value, map?.Number("times") ?? 1m);
        }
        map.Only("from", "to", "unit");
        var from = map.NeededText("from") is { } first ? Time(first, map["from"]!) : null;
        var to = map.NeededText("to") is { } second ? Time(second, map["to"]!) : null;
        var unit = map.OneOf("unit", ("seconds", Duration.FromSeconds(1)), ("minutes", Duration.FromMinutes(1)),
            ("hours", Duration.FromHours(1)), ("days", Duration.FromDays(1)));
        return from is null || to is null ? null : new BetweenMeasure(name, from.Value, to.Value, unit ?? Duration.FromSeconds(1));
    }

    private Dictionary<string, string> Names(YamlMap root)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root.Text("names") is not { } file) return names;
        var at = root["names"]!;
        if (neighbour(file) is not { } text) problems.Add(at, $"there is no file '{file}' beside the mapping");
        else if (NamesTable.Read(text, file, names) is { } wrong) problems.Add(at, wrong);
        return names;
    }
}
