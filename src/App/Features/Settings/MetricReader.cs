using System.Globalization;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Engine.Metrics;
using NodaTime;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Settings;

/// <summary>Reads one metric of a setup file. The form of metrics is read by it, too.</summary>
public sealed class MetricReader(YamlProblems problems)
{
    private static readonly (string, Aggregate)[] Aggregates =
        [.. Enum.GetValues<Aggregate>().Select(a => (a.ToString().ToLowerInvariant(), a))];

    public MetricSetup? Read(YamlMap map)
    {
        map.Only("id", "name", "description", "unit", "direction", "types", "aggregate", "measure", "label", "where", "numerator",
            "denominator", "external", "archived");
        var id = SetupReader.Id(map);
        var (description, archived) = (SetupReader.Texts(map, "description", ""), map.Flag("archived", false));
        return (map.Flag("external", false) ? External(map, id) : Counted(map, id)) is { } setup
            ? setup with { Description = description, IsArchived = archived, IsUnnamed = !map.Has("name") }
            : null;
    }

    private MetricSetup? Counted(YamlMap map, string? id)
    {
        var (types, measure, label) = (map.TextsAt("types"), map.Text("measure"), map.Text("label"));
        var aggregate = map.OneOf("aggregate", Aggregates);
        // Of one that is none of these nobody knows what it needs.
        if (aggregate is not null || map.Lacks("aggregate")) Needs(map, aggregate ?? Aggregate.Count, types);
        var filters = map.List("where")
            .Select(node => (At: node, Filter: problems.Map(node, "a filter") is { } filter ? Filter(filter) : null))
            .Where(f => f.Filter is not null).ToList();
        var (texts, unit) = (SetupReader.Texts(map, "name", SetupReader.Readable(id)), map.OneOf("unit", SetupReader.Units) ?? Unit.Number);
        var direction = map.OneOf("direction", ("higher", Direction.Higher), ("lower", Direction.Lower)) ?? Direction.Higher;
        (YamlText, YamlText)? ratio = aggregate == Aggregate.Ratio && map.TextAt("numerator") is { } numerator
            && map.TextAt("denominator") is { } denominator ? (numerator, denominator) : null;
        if (id is null || (aggregate == Aggregate.Ratio ? ratio is null : types.Count == 0)) return null;
        return new(map.Node, texts, new Metric(
                default, id, aggregate ?? Aggregate.Count, unit, direction, [.. types.Select(t => t.Text)], measure,
                [.. filters.Select(f => f.Filter!)], true)
        { Label = label },
            types, map["measure"], [.. filters.Select(f => f.At)], map["label"], ratio);
    }

    /// <summary>Another system sends its values, one per person and day; the aggregate says how days come together.</summary>
    private MetricSetup? External(YamlMap map, string? id)
    {
        foreach (var key in (string[])["types", "measure", "label", "where", "numerator", "denominator"])
            Useless(map, "n external metric", key);
        var aggregate = map.OneOf("aggregate", ("sum", Aggregate.Sum), ("average", Aggregate.Average), ("maximum", Aggregate.Maximum),
            ("minimum", Aggregate.Minimum)) ?? Aggregate.Sum;
        var (texts, unit) = (SetupReader.Texts(map, "name", id ?? ""), map.OneOf("unit", SetupReader.Units) ?? Unit.Number);
        var direction = map.OneOf("direction", ("higher", Direction.Higher), ("lower", Direction.Lower)) ?? Direction.Higher;
        return id is null ? null : new(map.Node, texts, new Metric(
            default, id, aggregate, unit, direction, [ActivityType.OfExternal(id)], ActivityType.ExternalMeasure, [], false)
        { External = true }, [], null, []);
    }

    /// <summary>What an aggregate cannot do without, and what it has no use for.</summary>
    private void Needs(YamlMap map, Aggregate aggregate, IReadOnlyList<YamlText> types)
    {
        var isRatio = aggregate == Aggregate.Ratio;
        if (!isRatio && types.Count == 0 && (map.Lacks("types") || map["types"] is YamlSequenceNode { Children.Count: 0 }))
            problems.Add(map.Node, "'types' is missing: name at least one activity type");
        var what = isRatio ? "ratio" : aggregate == Aggregate.Distinct ? "count of different texts" : "count";
        if (aggregate is Aggregate.Count or Aggregate.Distinct or Aggregate.Ratio) Useless(map, what, "measure");
        else if (map.Lacks("measure")) problems.Add(map.Node, "'measure' is missing: what is to be added up?");
        if (aggregate != Aggregate.Distinct) Useless(map, aggregate.ToString().ToLowerInvariant(), "label");
        else if (map.Lacks("label")) problems.Add(map.Node, "'label' is missing: whose different texts are to be counted?");
        foreach (var part in (string[])["numerator", "denominator"])
            if (!isRatio) Useless(map, aggregate.ToString().ToLowerInvariant(), part);
            else if (map.Lacks(part)) problems.Add(map.Node, $"'{part}' is missing: a ratio is of two metrics");
        if (isRatio)
            foreach (var key in (string[])["types", "where"]) Useless(map, "ratio", key);
    }

    private void Useless(YamlMap map, string what, string key)
    {
        if (map.Has(key)) problems.Add(map[key]!, $"a{(what.StartsWith("n ", StringComparison.Ordinal) ? "" : " ")}{what} has no '{key}'");
    }

    private Filter? Filter(YamlMap map)
    {
        map.Only("label", "is", "is-not", "measure", "at-least", "at-most", "above", "below", "weekday", "hours");
        string[] subjects = ["label", "measure", "weekday", "hours"];
        if (subjects.Count(map.Has) != 1)
        {
            if (subjects.Any(map.Has) || subjects.All(map.Lacks))
                problems.Add(map.Node, "a filter has one of 'label', 'measure', 'weekday' and 'hours'");
            return null;
        }
        if (map.Has("weekday")) return Weekday(map);
        if (map.Has("hours")) return Hours(map);
        if (map.Has("label"))
        {
            if (map.Has("is") != map.Has("is-not"))
                return map.Text("label") is { } label
                    ? new LabelFilter(label, map.Has("is"), map.Texts(map.Has("is") ? "is" : "is-not"))
                    : null;
            if (map.Has("is") || map.Lacks("is") && map.Lacks("is-not"))
                problems.Add(map.Node, "a label filter has either 'is' or 'is-not'");
            return null;
        }
        (string Key, Comparison Comparison)[] kinds =
        [
            ("at-least", Comparison.AtLeast), ("at-most", Comparison.AtMost), ("above", Comparison.Above), ("below", Comparison.Below),
        ];
        var given = kinds.Where(k => map.Has(k.Key)).ToList();
        if (given.Count != 1)
        {
            if (given.Count > 1 || kinds.All(k => map.Lacks(k.Key)))
                problems.Add(map.Node, "a measure filter has one of at-least, at-most, above, below");
            return null;
        }
        return map.Text("measure") is { } measure && SetupReader.AmountOf(map, given[0].Key) is { } bound
            ? new MeasureFilter(measure, given[0].Comparison, bound)
            : null;
    }

    private WeekdayFilter? Weekday(YamlMap map)
    {
        map.Only("weekday");
        var days = new List<IsoDayOfWeek>();
        foreach (var (text, at) in map.TextsAt("weekday"))
            if (Weekdays.TryGetValue(text, out var day)) days.Add(day);
            else problems.Add(at, $"'{text}' is not a day of the week" + Suggestion.Hint(text, Weekdays.Keys));
        return days.Count == 0 ? null : new([.. days.Distinct().Order()]);
    }

    private static readonly Dictionary<string, IsoDayOfWeek> Weekdays = Enum.GetValues<IsoDayOfWeek>().Where(d => d != IsoDayOfWeek.None)
        .ToDictionary(d => d.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    private HourFilter? Hours(YamlMap map)
    {
        map.Only("hours");
        if (map.Text("hours") is not { } text) return null;
        if (text.Split('-') is [var first, var last] && Minute(first) is { } from and < 1440 && Minute(last) is { } until && from != until)
            return new(from, until);
        problems.Add(map["hours"]!, $"'{text}' is no stretch of a day: write one such as 18:00-22:00, or 22:00-06:00 past midnight");
        return null;
    }

    private static int? Minute(string text) => text.Trim() is "24:00" ? 1440
        : TimeOnly.TryParseExact(text.Trim(), ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.Hour * 60 + time.Minute
            : null;
}
