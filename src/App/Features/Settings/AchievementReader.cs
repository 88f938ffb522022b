using Laurel.App.Features.Badges;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Settings;

/// <summary>Reads one achievement of setup.yaml.</summary>
public sealed class AchievementReader(YamlProblems problems, IReadOnlyList<MetricSetup> metrics)
{
    private static readonly string[] Common =
        ["id", "name", "description", "area", "badge", "type", "repeat", "history", "visibility", "enabled"];
    private static readonly string[] Areas = ["service", "sales", "feedback", "coaching", "quality", "learning", "engagement"];

    /// <summary>What one kind of rule reads; null with a problem.</summary>
    private sealed record Kind(
        Func<Func<string, MetricKey>, Rule> Rule, IReadOnlyList<string> Metrics, IReadOnlyList<string> Types, Repeat Default, TimeRange? Range);

    public AchievementSetup? Read(YamlMap map)
    {
        if (map.NeededText("id") is not { } id) return null;
        if (!SetupReader.IsId(id)) problems.Add(map["id"]!, $"'{id}' is not an id: lower-case letters, digits, '.', '_' and '-', at most 100");
        var type = map.NeededText("type");
        var kind = type switch
        {
            null => null,
            "threshold" => Threshold(map),
            "best-of-period" => BestOfPeriod(map),
            "first-time" => FirstTime(map),
            "manual" => Manual(map),
            _ => Unknown(map, type),
        };
        if (kind is null) return null;

        var badge = map.Text("badge") ?? BadgeFamilies.All[0].Key;
        if (BadgeFamilies.Find(badge) is null)
            problems.Add(map["badge"]!, $"there is no badge '{badge}'" + Suggestion.Hint(badge, BadgeFamilies.All.Select(f => f.Key)));
        var area = map.OneOf("area", [.. Areas.Select((a, i) => (a, i))]) is { } i1 ? Areas[i1] : Areas[0];
        var visibility = map.OneOf("visibility", ("shown", 0), ("hidden", 1)) == 1 ? "hidden" : "shown";
        return new(
            map.Node, id, SetupReader.Texts(map, "name", id), SetupReader.Texts(map, "description", ""), area, badge, type!,
            kind.Rule, kind.Metrics, kind.Types, Repeats(map, kind), History(map), visibility, map.Flag("enabled", true));
    }

    private Kind? Threshold(YamlMap map)
    {
        map.Only([.. Common, "metric", "at-least", "at-most", "sample", "conditions", "range"]);
        var range = map.OneOf("range", ("all", TimeRange.All), ("day", TimeRange.Day), ("week", TimeRange.Week), ("month", TimeRange.Month))
            ?? TimeRange.All;
        if (map.Has("conditions") == map.Has("metric"))
        {
            problems.Add(map.Node, "a threshold has either 'metric' or 'conditions'");
            return null;
        }
        var conditions = map.Has("metric")
            ? [Condition(map)]
            : map.List("conditions").Select(n => problems.Map(n, "a condition")).OfType<YamlMap>()
                .Select(c => Condition(c.Only("metric", "at-least", "at-most", "sample"))).ToList();
        if (conditions.Count == 0 || conditions.Contains(null)) return null;
        var tiers = conditions.Max(c => c!.Targets.Count);
        foreach (var condition in conditions)
            if (condition!.Targets.Count != 1 && condition.Targets.Count != tiers)
            {
                problems.Add(map.Node, "every condition has one target, or one per tier");
                return null;
            }
        return new(
            key => new Threshold(
                [.. conditions.Select(c => new Condition(key(c!.Metric), c.Comparison,
                    c.Targets.Count == tiers ? c.Targets : [.. Enumerable.Repeat(c.Targets[0], tiers)], c.Sample))], range),
            [.. conditions.Select(c => c!.Metric)], [], new Threshold([], range).DefaultRepeat, range);
    }

    private sealed record ConditionSetup(string Metric, Comparison Comparison, IReadOnlyList<Amount> Targets, int Sample);

    private ConditionSetup? Condition(YamlMap map)
    {
        if (Metric(map) is not { } metric) return null;
        if (map.Has("at-least") == map.Has("at-most"))
        {
            problems.Add(map.Node, "a condition has either 'at-least' or 'at-most'");
            return null;
        }
        var key = map.Has("at-least") ? "at-least" : "at-most";
        var targets = new List<Amount>();
        foreach (var text in map.Texts(key))
            if (Amount.Parse(text) is { } amount) targets.Add(amount);
            else problems.Add(map[key]!, $"'{text}' is not a number");
        if (targets.Count is 0 or > 3)
        {
            if (targets.Count > 3) problems.Add(map[key]!, "at most three tiers");
            return null;
        }
        for (var i = 1; i < targets.Count; i++)
            if (key == "at-least" ? targets[i] <= targets[i - 1] : targets[i] >= targets[i - 1])
            {
                problems.Add(map[key]!, "targets must get harder from tier to tier");
                break;
            }
        if (key == "at-least" && targets[0].Thousandths <= 0) problems.Add(map[key]!, "a target must be above 0");
        return new(metric, key == "at-least" ? Comparison.AtLeast : Comparison.AtMost, targets, Sample(map, metric));
    }

    private Kind? BestOfPeriod(YamlMap map)
    {
        map.Only([.. Common, "metric", "period", "best", "minimum", "sample", "ties"]);
        var period = map.OneOf("period", ("yesterday", BestPeriod.Yesterday), ("last-7-days", BestPeriod.Last7Days),
            ("week", BestPeriod.Week), ("month", BestPeriod.Month));
        if (!map.Has("period")) problems.Add(map.Node, "'period' is missing: yesterday, last-7-days, week or month");
        if (Metric(map) is not { } metric || period is not { } given) return null;
        var minimum = map.Number("minimum") is { } number ? Amount.Of(number) : null;
        var best = map.OneOf("best", ("highest", Best.Highest), ("lowest", Best.Lowest)) ?? Best.Highest;
        var ties = map.OneOf("ties", ("all", Ties.All), ("earliest", Ties.Earliest)) ?? Ties.All;
        var sample = Sample(map, metric);
        Rule Make(Func<string, MetricKey> key) => new BestOfPeriod(key(metric), given, best, minimum, sample, ties);
        return new(Make, [metric], [], Make(_ => default).DefaultRepeat, null);
    }

    private Kind? FirstTime(YamlMap map)
    {
        map.Only([.. Common, "activities"]);
        var types = map.Texts("activities");
        if (types.Count == 0)
        {
            problems.Add(map.Node, "'activities' is missing: name at least one activity type");
            return null;
        }
        return new(key => new FirstTime(types, key(HiddenMetric(map.Text("id")!))), [], types, Repeat.Once, TimeRange.All);
    }

    private Kind Manual(YamlMap map)
    {
        map.Only(Common);
        return new(_ => new Manual(), [], [], Repeat.EveryTime, null);
    }

    private Kind? Unknown(YamlMap map, string type)
    {
        string[] known = ["threshold", "best-of-period", "first-time", "manual"];
        problems.Add(map["type"]!, $"'type' must be {string.Join(", ", known)}, not '{type}'" + Suggestion.Hint(type, known));
        return null;
    }

    /// <summary>The metric that counts the activities of a first time.</summary>
    public static string HiddenMetric(string achievement) => $"first:{achievement}";

    private string? Metric(YamlMap map)
    {
        if (map.NeededText("metric") is not { } metric) return null;
        return metric;
    }

    /// <summary>Averages need five unless the file says otherwise: one rating of five stars is not better than fifty of 4.9.</summary>
    private int Sample(YamlMap map, string metric)
    {
        var average = metrics.Any(m => m.Metric is { Aggregate: Aggregate.Average } known
            && string.Equals(known.Id, metric, StringComparison.Ordinal));
        if (map.Whole("sample") is not { } sample) return average ? 5 : 1;
        if (sample >= 1) return sample;
        problems.Add(map["sample"]!, "'sample' is at least 1");
        return 1;
    }

    private Repeat Repeats(YamlMap map, Kind kind)
    {
        var repeat = map.OneOf("repeat", ("once", Repeat.Once), ("day", Repeat.Day), ("week", Repeat.Week), ("month", Repeat.Month),
            ("every-time", Repeat.EveryTime));
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
