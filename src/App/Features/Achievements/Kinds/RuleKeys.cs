using System.Globalization;
using System.Text.Json.Nodes;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using YamlDotNet.RepresentationModel;
using static Laurel.App.Features.Settings.SetupWriter;

namespace Laurel.App.Features.Achievements.Kinds;

/// <summary>One condition as a setup file says it.</summary>
/// <param name="Targets">One to three, each harder than the one before.</param>
public sealed record ConditionSetup(YamlText Metric, Comparison Comparison, IReadOnlyList<Amount> Targets, int? Sample)
{
    /// <summary>One target is that of every tier.</summary>
    public Condition Of(Func<string, Metric> metric, int tiers) => new(
        metric(Metric.Text).Key, Comparison,
        Targets.Count == tiers ? Targets : [.. Enumerable.Repeat(Targets[0], tiers)], RuleKeys.SampleOf(Sample, metric(Metric.Text)));
}

/// <summary>Keys that several kinds of rule have in common: how they are read, written and described.</summary>
public static class RuleKeys
{
    private static readonly string[] Ranges = ["day", "week", "month"];

    /// <summary>
    /// Averages and ratios need five unless the file says otherwise: one rating of five stars is not better than fifty of 4.9.
    /// </summary>
    private const int SampleOfAverage = 5;

    // --- described ----------------------------------------------------------------------------------------------------

    public static SetupKey MetricKey(bool isNeeded = true) => new("metric", SchemaOf.Text(), isNeeded);
    public static SetupKey RangeKey() => new("range", SchemaOf.OneOf(Ranges), true);
    public static SetupKey BestKey() => new("best", SchemaOf.OneOf("highest", "lowest"));
    public static SetupKey SampleKey() => new("sample", SchemaOf.Whole(1));
    public static SetupKey MinimumKey() => new("minimum", SchemaOf.Number());

    /// <summary>One condition said beside the rule, or several.</summary>
    public static IEnumerable<SetupKey> ConditionKeys() =>
    [
        MetricKey(false), .. TargetKeys(), SampleKey(),
        new("conditions", SchemaOf.List(SchemaOf.Map(
            ("metric", SchemaOf.Text()), ("at-least", SchemaOf.Targets()), ("at-most", SchemaOf.Targets()),
            ("sample", SchemaOf.Whole(1))).Needs("metric"))),
    ];

    private static SetupKey[] TargetKeys() => [new("at-least", SchemaOf.Targets()), new("at-most", SchemaOf.Targets())];

    // --- read ---------------------------------------------------------------------------------------------------------

    public static YamlText? Metric(this YamlMap map)
    {
        if (map.Lacks("metric")) map.Problems.Add(map.Node, "'metric' is missing");
        return map.TextAt("metric");
    }

    public static int? Sample(this YamlMap map)
    {
        if (map.Whole("sample") is not { } sample) return null;
        if (sample >= 1) return sample;
        map.Problems.Add(map["sample"]!, "'sample' is at least 1");
        return null;
    }

    public static int SampleOf(int? given, Metric metric) => given ?? (metric.NeedsSample ? SampleOfAverage : 1);

    public static TimeRange Range(this YamlMap map)
    {
        if (map.Lacks("range")) map.Problems.Add(map.Node, "'range' is missing: day, week or month");
        return map.OneOf("range", ("day", TimeRange.Day), ("week", TimeRange.Week), ("month", TimeRange.Month)) ?? TimeRange.Week;
    }

    public static Best? Best(this YamlMap map) =>
        map.OneOf("best", ("highest", Engine.Achievements.Best.Highest), ("lowest", Engine.Achievements.Best.Lowest));

    /// <summary>The better end of a metric, where nothing is said.</summary>
    public static Best Towards(Metric metric) =>
        metric.Direction == Direction.Lower ? Engine.Achievements.Best.Lowest : Engine.Achievements.Best.Highest;

    /// <summary>Of what is said by 'metric', or by 'conditions'; null with a problem.</summary>
    public static List<ConditionSetup>? Conditions(this YamlMap map, string what)
    {
        if (map.Has("conditions") == map.Has("metric"))
        {
            if (map.Has("metric") || map.Lacks("metric") && map.Lacks("conditions"))
                map.Problems.Add(map.Node, $"{what} has either 'metric' or 'conditions'");
            return null;
        }
        var conditions = map.Has("metric")
            ? [Condition(map)]
            : map.List("conditions").Select(n => map.Problems.Map(n, "a condition")?.Only("metric", "at-least", "at-most", "sample"))
                .Select(c => c is null ? null : Condition(c)).ToList();
        if (map["conditions"] is YamlSequenceNode { Children.Count: 0 })
            map.Problems.Add(map["conditions"]!, "'conditions' has none: write at least one");
        return conditions.Count == 0 || conditions.Contains(null) ? null : [.. conditions.OfType<ConditionSetup>()];
    }

    private static ConditionSetup? Condition(YamlMap map)
    {
        var (metric, targets, sample) = (map.Metric(), Targets(map), map.Sample());
        return metric is null || targets is not { } harder ? null : new(metric, harder.Comparison, harder.Amounts, sample);
    }

    /// <summary>One to three, each harder than the one before; null with a problem.</summary>
    private static (Comparison Comparison, IReadOnlyList<Amount> Amounts)? Targets(YamlMap map)
    {
        if (map.Has("at-least") == map.Has("at-most"))
        {
            if (map.Has("at-least") || map.Lacks("at-least") && map.Lacks("at-most"))
                map.Problems.Add(map.Node, "a condition has either 'at-least' or 'at-most'");
            return null;
        }
        var (key, comparison) = map.Has("at-least") ? ("at-least", Comparison.AtLeast) : ("at-most", Comparison.AtMost);
        if (Numbers(map, key) is not { } targets) return null;
        if (targets.Count is 0 or > 3)
        {
            map.Problems.Add(map[key]!, targets.Count == 0 ? "at least one target" : "at most three tiers");
            return null;
        }
        if (targets.Zip(targets.Skip(1)).Any(t => comparison == Comparison.AtLeast ? t.Second <= t.First : t.Second >= t.First))
            map.Problems.Add(map[key]!, "targets must get harder from tier to tier");
        if (comparison == Comparison.AtLeast && targets[0].Thousandths <= 0) map.Problems.Add(map[key]!, "a target must be above 0");
        return (comparison, targets);
    }

    /// <summary>One to three numbers, each more than the one before; null with a problem.</summary>
    /// <param name="otherwise">What is wrong where they do not rise.</param>
    public static List<Amount>? Rising(this YamlMap map, string key, string otherwise)
    {
        if (Numbers(map, key) is not { } numbers || !map.Has(key)) return null;
        if (numbers.Count is 0 or > 3)
            map.Problems.Add(map[key]!, numbers.Count == 0 ? $"'{key}' has none: write at least one" : "at most three tiers");
        else if (numbers.Zip(numbers.Skip(1)).Any(n => n.Second <= n.First)) map.Problems.Add(map[key]!, otherwise);
        else return numbers;
        return null;
    }

    private static List<Amount>? Numbers(YamlMap map, string key)
    {
        var before = map.Problems.Count;
        var numbers = new List<Amount>();
        foreach (var (text, at) in map.TextsAt(key))
            if (Amount.Parse(text) is { } amount) numbers.Add(amount);
            else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var wide) && double.IsFinite(wide))
                map.Problems.Add(at, $"'{key}' is above one thousand million");
            else map.Problems.Add(at, $"'{text}' is not a number");
        return map.Problems.Count > before ? null : numbers;
    }

    /// <summary>At least one; none with a problem.</summary>
    public static IReadOnlyList<YamlText> Activities(this YamlMap map)
    {
        var types = map.TextsAt("activities");
        if (types.Count == 0 && (map.Lacks("activities") || map["activities"] is YamlSequenceNode { Children.Count: 0 }))
            map.Problems.Add(map.Node, "'activities' is missing: name at least one activity type");
        return types;
    }

    /// <summary>Not shorter than the range, which is the usual; every time at each multiple of an all-time target.</summary>
    public static IReadOnlyList<Repeat> RepeatsOf(TimeRange range) => range switch
    {
        TimeRange.Day => [Repeat.Day, Repeat.Week, Repeat.Month, Repeat.Once],
        TimeRange.Week => [Repeat.Week, Repeat.Month, Repeat.Once],
        TimeRange.Month => [Repeat.Month, Repeat.Once],
        TimeRange.All => [Repeat.Once, Repeat.EveryTime],
    };

    // --- written ------------------------------------------------------------------------------------------------------

    /// <summary>One target for all tiers is kept once per tier, and written once.</summary>
    public static SetupPart With(this SetupPart part, Condition condition, SetupIds ids) => part
        .With("metric", ids.Metrics[condition.Metric])
        .With(Word(condition.Comparison), condition.Targets.Distinct().Select(t => t.ToDecimal()).ToList())
        .With("sample", condition.Sample);

    public static List<SetupPart> Written(IReadOnlyList<Condition> conditions, SetupIds ids) =>
        [.. conditions.Select(c => new SetupPart().With(c, ids))];

    /// <summary>"cases at-least 2, 4, 6".</summary>
    public static string Said(Condition one, SetupIds ids) =>
        $"{ids.Metrics[one.Metric]} {Word(one.Comparison)} {string.Join(", ", one.Targets.Distinct())}"
        + (one.Sample > 1 ? $" with a sample of {one.Sample}" : "");

    public static IEnumerable<string> SaidMinimum(Amount? minimum) => minimum is { } least ? [$"minimum {least}"] : [];
}
