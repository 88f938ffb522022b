using System.Globalization;
using NodaTime;
using YamlDotNet.Serialization;

namespace Laurel.App.Tests.Oracle;

/// <summary>One line of a metric's <c>where</c>.</summary>
internal sealed record OracleFilter(string? Label, string? Measure, IReadOnlyList<string> Is, decimal? AtLeast, decimal? AtMost)
{
    public bool Holds(Deed deed) => Label is not null
        ? deed.Labels.TryGetValue(Label, out var label) && Is.Contains(label)
        : deed.Measures.TryGetValue(Measure!, out var amount) && !(amount < AtLeast) && !(amount > AtMost);
}

internal sealed record OracleMetric(
    string Id, IReadOnlyList<string> Types, string Aggregate, string? Measure, IReadOnlyList<OracleFilter> Where)
{
    /// <summary>True for what can only grow, so that a target once met stays met. No measure of the two sets is ever negative.</summary>
    public bool OnlyGrows => Aggregate is "count" or "sum" or "maximum";

    public IEnumerable<Deed> Of(IEnumerable<Deed> deeds) =>
        deeds.Where(deed => Types.Contains(deed.Type) && Where.All(filter => filter.Holds(deed)));

    /// <summary>The exact value over deeds that are its own, of which there is at least one.</summary>
    public Ratio Value(IReadOnlyCollection<Deed> deeds) => Aggregate switch
    {
        "count" => new(deeds.Count, 1),
        "sum" => new(deeds.Sum(deed => deed.Measures[Measure!]), 1),
        "maximum" => new(deeds.Max(deed => deed.Measures[Measure!]), 1),
        "average" => new(deeds.Sum(deed => deed.Measures[Measure!]), deeds.Count),
        _ => throw new InvalidDataException($"The oracle knows no aggregate {Aggregate}."),
    };
}

/// <summary>A value that is compared without being divided.</summary>
internal readonly record struct Ratio(decimal Over, decimal Under) : IComparable<Ratio>
{
    public int CompareTo(Ratio other) => (Over * other.Under).CompareTo(other.Over * Under);

    public bool AtLeast(decimal target) => Over >= target * Under;

    public override string ToString() =>
        Math.Round(Over / Under, 3, MidpointRounding.ToEven).ToString("0.###", CultureInfo.InvariantCulture);
}

internal sealed record OracleCondition(OracleMetric Metric, IReadOnlyList<decimal> Targets, int Sample);

/// <summary>What is asked for, in the words of the file; the kind says which of the rest is there.</summary>
internal sealed record OracleAchievement(
    string Id, string Kind, IReadOnlyList<OracleCondition> Conditions, string Range, OracleMetric? Metric, string? Best, decimal? Minimum,
    int Sample, string Ties, IReadOnlyList<string> Activities)
{
    /// <summary>How many periods with data a record needs before it.</summary>
    public int After { get; init; }

    /// <summary>Of an improvement, per tier.</summary>
    public IReadOnlyList<decimal> Percent { get; init; } = [];

    /// <summary>Of a row, per tier.</summary>
    public IReadOnlyList<int> Lengths { get; init; } = [];

    /// <summary>Ids of the achievements of a collection.</summary>
    public IReadOnlyList<string> Of { get; init; } = [];
}

/// <summary>The set-up as plain lists. What the oracle does not know is refused, so that nothing new goes unproven.</summary>
internal sealed record OracleSetup(
    DateTimeZone Zone, IsoDayOfWeek WeekStart, IReadOnlyList<OracleMetric> Metrics, IReadOnlyList<OracleAchievement> Achievements)
{
    private static readonly string[] Described = ["id", "name", "description", "area", "badge", "visibility", "type", "history"];

    public static OracleSetup Read(string file)
    {
        var root = (Dictionary<object, object>)new DeserializerBuilder().Build().Deserialize<object>(File.ReadAllText(file))!;
        var metrics = Maps(root["metrics"]).Select(Metric).ToList();
        return new OracleSetup(
            DateTimeZoneProviders.Tzdb[Text(((Dictionary<object, object>)root["site"])["zone"])],
            Enum.Parse<IsoDayOfWeek>(Text(root["week-start"]), ignoreCase: true),
            metrics,
            [.. Maps(root["achievements"]).Select(map => Achievement(map, metrics))]);
    }

    private static OracleMetric Metric(Dictionary<object, object> map)
    {
        Knows(map, "id", "name", "unit", "direction", "types", "aggregate", "measure", "where");
        return new OracleMetric(
            Text(map["id"]),
            Texts(map["types"]),
            Text(map["aggregate"]),
            map.TryGetValue("measure", out var measure) ? Text(measure) : null,
            map.TryGetValue("where", out var where) ? [.. Maps(where).Select(Filter)] : []);
    }

    private static OracleFilter Filter(Dictionary<object, object> map)
    {
        if (map.TryGetValue("label", out var label))
        {
            Knows(map, "label", "is");
            return new OracleFilter(Text(label), null, Texts(map["is"]), null, null);
        }
        Knows(map, "measure", "at-least", "at-most");
        return new OracleFilter(null, Text(map["measure"]), [], Number(map, "at-least"), Number(map, "at-most"));
    }

    private static OracleAchievement Achievement(Dictionary<object, object> map, List<OracleMetric> metrics)
    {
        var kind = Text(map["type"]);
        if (kind != "manual" && Text(map["history"]) != "all") throw new InvalidDataException("The oracle knows only history: all.");
        OracleMetric Named(object id) => metrics.Single(metric => metric.Id == Text(id));
        OracleCondition Condition(Dictionary<object, object> asks) =>
            new(Named(asks["metric"]), [.. Texts(asks["at-least"]).Select(Decimal)], Sample(asks, Named(asks["metric"])));

        var achievement = new OracleAchievement(Text(map["id"]), kind, [], "all", null, null, null, 1, "all", []);
        switch (kind)
        {
            case "threshold" when map.TryGetValue("conditions", out var conditions):
                Knows(map, [.. Described, "conditions", "range"]);
                foreach (var condition in Maps(conditions)) Knows(condition, "metric", "at-least", "sample");
                return achievement with { Conditions = [.. Maps(conditions).Select(Condition)], Range = Text(map["range"]) };
            case "threshold":
                Knows(map, [.. Described, "metric", "at-least", "sample", "range"]);
                return achievement with { Conditions = [Condition(map)], Range = Text(map["range"]) };
            case "best-of-period":
                Knows(map, [.. Described, "metric", "period", "best", "minimum", "sample", "ties"]);
                return achievement with
                {
                    Range = Text(map["period"]),
                    Metric = Named(map["metric"]),
                    Best = Text(map["best"]),
                    Minimum = Number(map, "minimum"),
                    Sample = Sample(map, Named(map["metric"])),
                    Ties = Text(map["ties"]),
                };
            case "first-time":
                Knows(map, [.. Described, "activities"]);
                return achievement with { Activities = Texts(map["activities"]) };
            case "personal-record":
                Knows(map, [.. Described, "metric", "range", "best", "after", "minimum"]);
                return achievement with
                {
                    Range = Text(map["range"]),
                    Metric = Named(map["metric"]),
                    Best = Text(map["best"]),
                    After = (int)Number(map, "after")!.Value,
                    Minimum = Number(map, "minimum"),
                };
            case "improvement":
                Knows(map, [.. Described, "metric", "range", "best", "percent"]);
                return achievement with
                {
                    Range = Text(map["range"]),
                    Metric = Named(map["metric"]),
                    Best = Text(map["best"]),
                    Percent = [.. Texts(map["percent"]).Select(Decimal)],
                };
            case "streak":
                Knows(map, [.. Described, "metric", "at-least", "range", "length"]);
                return achievement with
                {
                    Range = Text(map["range"]),
                    Conditions = [Condition(map)],
                    Lengths = [.. Texts(map["length"]).Select(text => (int)Decimal(text))],
                };
            case "collection":
                Knows(map, [.. Described, "of"]);
                return achievement with { Of = Texts(map["of"]) };
            case "manual":
                Knows(map, Described);
                return achievement;
            default:
                throw new InvalidDataException($"The oracle knows no achievement of type {kind}.");
        }
    }

    /// <summary>How many deeds a value must rest on: 1, but for an average 5, unless the file says otherwise.</summary>
    private static int Sample(Dictionary<object, object> map, OracleMetric metric) =>
        (int?)Number(map, "sample") ?? (metric.Aggregate == "average" ? 5 : 1);

    private static void Knows(Dictionary<object, object> map, params string[] keys)
    {
        if (map.Keys.Select(Text).Except(keys).FirstOrDefault() is { } key)
            throw new InvalidDataException($"The oracle knows no {key} there.");
    }

    private static IEnumerable<Dictionary<object, object>> Maps(object list) => ((List<object>)list).Cast<Dictionary<object, object>>();

    private static string Text(object scalar) => (string)scalar;

    private static List<string> Texts(object value) => value is List<object> list ? [.. list.Select(Text)] : [Text(value)];

    private static decimal? Number(Dictionary<object, object> map, string key) =>
        map.TryGetValue(key, out var value) ? Decimal(Text(value)) : null;

    private static decimal Decimal(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
