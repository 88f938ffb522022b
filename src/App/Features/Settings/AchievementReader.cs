using Laurel.App.Features.Badges;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Settings;

/// <summary>Reads one achievement of setup.yaml.</summary>
public sealed class AchievementReader(YamlProblems problems)
{
    private static readonly string[] Common =
        ["id", "name", "description", "area", "badge", "type", "repeat", "history", "visibility", "enabled"];
    private static readonly Dictionary<string, string[]> Own = new(StringComparer.Ordinal)
    {
        ["threshold"] = ["metric", "at-least", "at-most", "sample", "conditions", "range"],
        ["best-of-period"] = ["metric", "period", "best", "minimum", "sample", "ties"],
        ["first-time"] = ["activities"],
        ["manual"] = [],
    };
    private static readonly string[] Areas = ["service", "sales", "feedback", "coaching", "quality", "learning", "engagement"];

    /// <summary>
    /// Averages and ratios need five unless the file says otherwise: one rating of five stars is not better than fifty of 4.9.
    /// </summary>
    private const int SampleOfAverage = 5;

    /// <summary>What one kind of rule reads; null with a problem.</summary>
    private sealed record Kind(
        Func<Func<string, Metric>, Rule> Rule, IReadOnlyList<YamlText> Metrics, IReadOnlyList<YamlText> Types, Repeat Default,
        TimeRange? Range);

    public AchievementSetup? Read(YamlMap map)
    {
        var type = map.Text("type");
        map.Only([.. Common, .. type is not null && Own.TryGetValue(type, out var own) ? own : Own.Values.SelectMany(o => o).Distinct()]);
        if (map.Lacks("type")) problems.Add(map.Node, "'type' is missing: " + string.Join(", ", Own.Keys));
        var id = SetupReader.Id(map);
        var kind = type switch
        {
            null => null,
            "threshold" => Threshold(map),
            "best-of-period" => BestOfPeriod(map),
            "first-time" => FirstTime(map),
            "manual" => new(_ => new Manual(), [], [], Repeat.EveryTime, null),
            _ => Unknown(map, type),
        };
        var badge = map.Text("badge") ?? BadgeFamilies.All[0].Key;
        if (BadgeFamilies.Find(badge) is null)
            problems.Add(map["badge"]!, $"there is no badge '{badge}'" + Suggestion.Hint(badge, BadgeFamilies.All.Select(f => f.Key)));
        var area = map.OneOf("area", [.. Areas.Select((a, i) => (a, i))]) is { } i1 ? Areas[i1] : Areas[0];
        var visibility = map.OneOf("visibility", ("shown", 0), ("hidden", 1)) == 1 ? "hidden" : "shown";
        var (name, description) = (SetupReader.Texts(map, "name", SetupReader.Readable(id)), SetupReader.Texts(map, "description", ""));
        var (repeat, history, enabled) = (Repeats(map, kind), History(map), map.Flag("enabled", true));
        return id is null || kind is null
            ? null
            : new(map.Node, id, name, description, area, badge, type!, kind.Rule, kind.Metrics, kind.Types, repeat, history, visibility,
                enabled);
    }

    private Kind? Threshold(YamlMap map)
    {
        var range = map.OneOf("range", ("all", TimeRange.All), ("day", TimeRange.Day), ("week", TimeRange.Week), ("month", TimeRange.Month))
            ?? TimeRange.All;
        if (map.Has("conditions") == map.Has("metric"))
        {
            if (map.Has("metric") || map.Lacks("metric") && map.Lacks("conditions"))
                problems.Add(map.Node, "a threshold has either 'metric' or 'conditions'");
            return null;
        }
        var conditions = map.Has("metric")
            ? [Condition(map)]
            : map.List("conditions").Select(n => problems.Map(n, "a condition")?.Only("metric", "at-least", "at-most", "sample"))
                .Select(c => c is null ? null : Condition(c)).ToList();
        if (map["conditions"] is YamlSequenceNode { Children.Count: 0 })
            problems.Add(map["conditions"]!, "'conditions' has none: write at least one");
        if (conditions.Count == 0 || conditions.Contains(null)) return null;
        var tiers = conditions.Max(c => c!.Targets.Count);
        foreach (var condition in conditions)
            if (condition!.Targets.Count != 1 && condition.Targets.Count != tiers)
            {
                problems.Add(map.Node, "every condition has one target, or one per tier");
                return null;
            }
        return new(
            metric => new Threshold(
                [.. conditions.Select(c => new Condition(metric(c!.Metric.Text).Key, c.Comparison,
                    c.Targets.Count == tiers ? c.Targets : [.. Enumerable.Repeat(c.Targets[0], tiers)],
                    Sample(c.Sample, metric(c.Metric.Text))))], range),
            [.. conditions.Select(c => c!.Metric)], [], new Threshold([], range).DefaultRepeat, range);
    }

    private sealed record ConditionSetup(YamlText Metric, Comparison Comparison, IReadOnlyList<Amount> Targets, int? Sample);

    private ConditionSetup? Condition(YamlMap map)
    {
        var (metric, targets, sample) = (Metric(map), Targets(map), Sample(map));
        return metric is null || targets is not { } harder ? null : new(metric, harder.Comparison, harder.Amounts, sample);
    }

    /// <summary>One to three, each harder than the one before; null with a problem.</summary>
    private (Comparison Comparison, IReadOnlyList<Amount> Amounts)? Targets(YamlMap map)
    {
        if (map.Has("at-least") == map.Has("at-most"))
        {
            if (map.Has("at-least") || map.Lacks("at-least") && map.Lacks("at-most"))
                problems.Add(map.Node, "a condition has either 'at-least' or 'at-most'");
            return null;
        }
        var (key, comparison) = map.Has("at-least") ? ("at-least", Comparison.AtLeast) : ("at-most", Comparison.AtMost);
        var before = problems.Count;
        var targets = new List<Amount>();
        foreach (var (text, at) in map.TextsAt(key))
            if (Amount.Parse(text) is { } amount) targets.Add(amount);
            else problems.Add(at, $"'{text}' is not a number");
        if (problems.Count > before) return null;
        if (targets.Count is 0 or > 3)
        {
            problems.Add(map[key]!, targets.Count == 0 ? "at least one target" : "at most three tiers");
            return null;
        }
        for (var i = 1; i < targets.Count; i++)
            if (comparison == Comparison.AtLeast ? targets[i] <= targets[i - 1] : targets[i] >= targets[i - 1])
            {
                problems.Add(map[key]!, "targets must get harder from tier to tier");
                break;
            }
        if (comparison == Comparison.AtLeast && targets[0].Thousandths <= 0) problems.Add(map[key]!, "a target must be above 0");
        return (comparison, targets);
    }

    private Kind? BestOfPeriod(YamlMap map)
    {
        var period = map.OneOf("period", ("yesterday", BestPeriod.Yesterday), ("last-7-days", BestPeriod.Last7Days),
            ("week", BestPeriod.Week), ("month", BestPeriod.Month));
        if (map.Lacks("period")) problems.Add(map.Node, "'period' is missing: yesterday, last-7-days, week or month");
        var (name, minimum, sample) = (Metric(map), SetupReader.AmountOf(map, "minimum"), Sample(map));
        var best = map.OneOf("best", ("highest", Best.Highest), ("lowest", Best.Lowest)) ?? Best.Highest;
        var ties = map.OneOf("ties", ("all", Ties.All), ("earliest", Ties.Earliest)) ?? Ties.All;
        if (name is null) return null;
        // Where the period is said wrongly the rule is never made, but what it names is looked at.
        Rule Make(Func<string, Metric> metric) =>
            new BestOfPeriod(metric(name.Text).Key, period ?? BestPeriod.Week, best, minimum, Sample(sample, metric(name.Text)), ties);
        return new(Make, [name], [], new BestOfPeriod(default, period ?? BestPeriod.Week, best, minimum, 1, ties).DefaultRepeat, null);
    }

    private Kind? FirstTime(YamlMap map)
    {
        var types = map.TextsAt("activities");
        if (types.Count > 0)
            return new(metric => new FirstTime([.. types.Select(t => t.Text)], metric(HiddenMetric(map.Text("id")!)).Key), [], types,
                Repeat.Once, TimeRange.All);
        if (map.Lacks("activities") || map["activities"] is YamlSequenceNode { Children.Count: 0 })
            problems.Add(map.Node, "'activities' is missing: name at least one activity type");
        return null;
    }

    private Kind? Unknown(YamlMap map, string type)
    {
        problems.Add(map["type"]!, $"'type' must be {string.Join(", ", Own.Keys)}, not '{type}'" + Suggestion.Hint(type, Own.Keys));
        return null;
    }

    /// <summary>The metric that counts the activities of a first time.</summary>
    public static string HiddenMetric(string achievement) => $"first:{achievement}";

    private YamlText? Metric(YamlMap map)
    {
        if (map.Lacks("metric")) problems.Add(map.Node, "'metric' is missing");
        return map.TextAt("metric");
    }

    private int? Sample(YamlMap map)
    {
        if (map.Whole("sample") is not { } sample) return null;
        if (sample >= 1) return sample;
        problems.Add(map["sample"]!, "'sample' is at least 1");
        return null;
    }

    private static int Sample(int? given, Metric metric) => given ?? (metric.NeedsSample ? SampleOfAverage : 1);

    private Repeat Repeats(YamlMap map, Kind? kind)
    {
        var repeat = map.OneOf("repeat", ("once", Repeat.Once), ("day", Repeat.Day), ("week", Repeat.Week), ("month", Repeat.Month),
            ("every-time", Repeat.EveryTime));
        if (kind is null) return default;
        if (repeat is not { } given) return kind.Default;
        var allowed = kind.Range switch
        {
            TimeRange.Day => given is Repeat.Day or Repeat.Week or Repeat.Month or Repeat.Once,
            TimeRange.Week => given is Repeat.Week or Repeat.Month or Repeat.Once,
            TimeRange.Month => given is Repeat.Month or Repeat.Once,
            TimeRange.All => given is Repeat.Once or Repeat.EveryTime,
            null => given == kind.Default,
        };
        if (!allowed) problems.Add(map["repeat"]!, "'repeat' may not be shorter than the range"
            + (kind.Range is null ? " and this kind repeats with its period" : "") + "; every-time goes with range all");
        return given;
    }

    private HistorySetup History(YamlMap map)
    {
        switch (map.Text("history"))
        {
            case null or "enabling": return new(null);
            case "all": return new(Workday.Beginning);
            case var text when Workday.Parse(text) is { } date: return new(date);
            case var text:
                problems.Add(map["history"]!, $"'history' must be all, enabling or a date such as 2026-01-31, not '{text}'");
                return new(null);
        }
    }
}
