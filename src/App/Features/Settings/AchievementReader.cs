using System.Globalization;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Badges;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using NodaTime.Text;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Settings;

/// <summary>Reads one achievement of setup.yaml.</summary>
public sealed class AchievementReader(YamlProblems problems)
{
    private static readonly string[] Common =
        ["id", "name", "description", "area", "badge", "type", "repeat", "history", "visibility", "retention", "tone", "coins",
            "test", "enabled", "archived", "audience"];
    private static readonly Dictionary<string, string[]> Own = new(StringComparer.Ordinal)
    {
        ["threshold"] = ["metric", "at-least", "at-most", "sample", "conditions", "range"],
        ["best-of-period"] = ["metric", "period", "best", "minimum", "sample", "ties", "among"],
        ["personal-record"] = ["metric", "range", "best", "after", "minimum", "sample"],
        ["improvement"] = ["metric", "range", "best", "percent", "sample"],
        ["streak"] = ["metric", "at-least", "at-most", "sample", "conditions", "range", "length"],
        ["first-time"] = ["activities"],
        ["first-in-project"] = ["activities"],
        ["lucky-draw"] = ["time", "one-in", "percent"],
        ["manual"] = [],
        ["collection"] = ["of"],
        ["personal-goal"] = ["metrics", "period", "set-by"],
    };
    private static readonly string[] Areas = [.. ProductAreas.All];

    /// <summary>
    /// Averages and ratios need five unless the file says otherwise: one rating of five stars is not better than fifty of 4.9.
    /// </summary>
    private const int SampleOfAverage = 5;

    private const int MostCoins = 100_000;

    /// <summary>What one kind of rule reads; null with a problem.</summary>
    private sealed record Kind(
        Func<Func<string, Metric>, Rule> Rule, IReadOnlyList<YamlText> Metrics, OwnMetric? Own, Repeat Default,
        IReadOnlyList<Repeat> Repeats);

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
            "personal-record" => PersonalRecord(map),
            "improvement" => Improvement(map),
            "streak" => Streak(map),
            "first-time" => FirstTime(map),
            "first-in-project" => FirstInProject(map),
            "lucky-draw" => LuckyDraw(map),
            "manual" => new(_ => new Manual(), [], null, Repeat.EveryTime, [Repeat.EveryTime]),
            "collection" => Collection(map),
            "personal-goal" => PersonalGoal(map),
            _ => Unknown(map, type),
        };
        var badge = map.Text("badge") ?? BadgeFamilies.All[0].Key;
        if (BadgeFamilies.Find(badge) is null)
            problems.Add(map["badge"]!, $"there is no badge '{badge}'" + Suggestion.Hint(badge, BadgeFamilies.All.Select(f => f.Key)));
        var area = map.OneOf("area", [.. Areas.Select((a, i) => (a, i))]) is { } i1 ? Areas[i1] : Areas[0];
        var visibility = map.OneOf("visibility", ("shown", Visibility.Shown), ("hidden", Visibility.Hidden),
            ("previous", Visibility.Previous)) ?? Visibility.Shown;
        var (name, description) = (SetupReader.Texts(map, "name", SetupReader.Readable(id)), SetupReader.Texts(map, "description", ""));
        var audience = Audience(map, isOfAll: type is "manual" or "first-in-project");
        var archived = map.Flag("archived", false);
        var retention = map.OneOf("retention", ("permanent", Tenure.Permanent), ("holder", Tenure.Holder),
            ("period", Tenure.Period)) ?? (type == "lucky-draw" ? Tenure.Period : Tenure.Permanent);
        var tone = map.OneOf("tone", ("positive", BadgeTone.Positive), ("playful", BadgeTone.Playful), ("negative", BadgeTone.Negative))
            ?? BadgeTone.Positive;
        // Nobody makes a negative badge by leaving a word out.
        var leaves = tone == BadgeTone.Negative && !map.Has("enabled") && !archived;
        var (repeat, history, enabled) = (Repeats(map, kind), History(map), map.Flag("enabled", !archived && !leaves));
        if (archived && enabled) problems.Add(map["enabled"]!, "what is archived is off: leave 'enabled' out, or write enabled: false");
        if (retention == Tenure.Period && kind is not null && !Lapse.HasPeriod(repeat))
            problems.Add(map["retention"]!, "'retention: period' needs a badge that repeats by day, week or month");
        return id is null || kind is null
            ? null
            : new(map.Node, id, name, description, area, badge, type!, kind.Rule, kind.Metrics, kind.Own, repeat, history, visibility,
                enabled)
            {
                Types = type == "first-in-project" ? map.TextsAt("activities") : [],
                Of = type == "collection" ? map.TextsAt("of") : [], IsArchived = archived, IsUnnamed = !map.Has("name"),
                Tenure = retention, Tone = tone, Coins = Coins(map), LeavesSwitch = leaves,
                Audience = audience,
                Test = map.Has("test") ? map.Flag("test", false) : null,
            };
    }

    private AudienceSetup? Audience(YamlMap map, bool isOfAll)
    {
        if (map.Map("audience")?.Only("teams", "groups", "roles") is not { } some) return null;
        var audience = new AudienceSetup(some.TextsAt("teams"), some.TextsAt("groups"), some.TextsAt("roles"));
        if (isOfAll) problems.Add(some.Node, "a badge of this kind can be earned by everybody: leave 'audience' out");
        if (audience.Teams.Count + audience.Groups.Count + audience.Roles.Count > 0) return audience;
        problems.Add(some.Node, "'audience' names nobody: name teams, groups or roles, or leave it out for everybody");
        return null;
    }

    private Kind? Threshold(YamlMap map)
    {
        var range = map.OneOf("range", ("all", TimeRange.All), ("day", TimeRange.Day), ("week", TimeRange.Week), ("month", TimeRange.Month))
            ?? TimeRange.All;
        if (Conditions(map, "a threshold") is not { } conditions) return null;
        var tiers = conditions.Max(c => c.Targets.Count);
        if (conditions.Any(c => c.Targets.Count != 1 && c.Targets.Count != tiers))
        {
            problems.Add(map.Node, "every condition has one target, or one per tier");
            return null;
        }
        return new(
            metric => new Threshold([.. conditions.Select(c => Made(c, metric, tiers))], range),
            [.. conditions.Select(c => c.Metric)], null, new Threshold([], range).DefaultRepeat, RepeatsOf(range));
    }

    private static Condition Made(ConditionSetup setup, Func<string, Metric> metric, int tiers) => new(
        metric(setup.Metric.Text).Key, setup.Comparison,
        setup.Targets.Count == tiers ? setup.Targets : [.. Enumerable.Repeat(setup.Targets[0], tiers)],
        Sample(setup.Sample, metric(setup.Metric.Text)));

    /// <summary>Of what is said by 'metric', or by 'conditions'; null with a problem.</summary>
    private List<ConditionSetup>? Conditions(YamlMap map, string what)
    {
        if (map.Has("conditions") == map.Has("metric"))
        {
            if (map.Has("metric") || map.Lacks("metric") && map.Lacks("conditions"))
                problems.Add(map.Node, $"{what} has either 'metric' or 'conditions'");
            return null;
        }
        var conditions = map.Has("metric")
            ? [Condition(map)]
            : map.List("conditions").Select(n => problems.Map(n, "a condition")?.Only("metric", "at-least", "at-most", "sample"))
                .Select(c => c is null ? null : Condition(c)).ToList();
        if (map["conditions"] is YamlSequenceNode { Children.Count: 0 })
            problems.Add(map["conditions"]!, "'conditions' has none: write at least one");
        return conditions.Count == 0 || conditions.Contains(null) ? null : [.. conditions.OfType<ConditionSetup>()];
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
        var among = map.OneOf("among", ("everybody", Among.Everybody), ("team", Among.Team), ("site", Among.Site)) ?? Among.Everybody;
        if (name is null) return null;
        // Where the period is said wrongly the rule is never made, but what it names is looked at.
        Rule Make(Func<string, Metric> metric) =>
            new BestOfPeriod(
                metric(name.Text).Key, period ?? BestPeriod.Week, best, minimum, Sample(sample, metric(name.Text)), ties, among);
        var repeat = new BestOfPeriod(default, period ?? BestPeriod.Week, best, minimum, 1, ties).DefaultRepeat;
        return new(Make, [name], null, repeat, [repeat]);
    }

    private Kind? PersonalRecord(YamlMap map)
    {
        var (range, name, minimum, sample) = (Range(map), Metric(map), SetupReader.AmountOf(map, "minimum"), Sample(map));
        var best = BestOf(map);
        var after = map.Whole("after") ?? Engine.Achievements.PersonalRecord.UsualAfter(range);
        if (after < 1) problems.Add(map["after"]!, "'after' is at least 1: the first of all is no record");
        return name is null ? null : new(
            metric => new PersonalRecord(metric(name.Text).Key, range, best ?? Towards(metric(name.Text)), after, minimum,
                Sample(sample, metric(name.Text))),
            [name], null, RepeatsOf(range)[0], RepeatsOf(range));
    }

    private Kind? Improvement(YamlMap map)
    {
        var (range, name, sample) = (Range(map), Metric(map), Sample(map));
        var best = BestOf(map);
        if (map.Lacks("percent")) problems.Add(map.Node, "'percent' is missing: by how much, one per tier, such as [5, 10, 20]");
        var percents = Rising(map, "percent", "percentages must rise from tier to tier");
        if (percents is { } risen && (risen[0].Thousandths <= 0 || (best == Best.Lowest && risen[^1].Thousandths > 100_000)))
            problems.Add(map["percent"]!, "a percentage is above 0, and to fall by more than 100 is impossible");
        return name is null || percents is null ? null : new(
            metric => new Improvement(metric(name.Text).Key, range, best ?? Towards(metric(name.Text)), percents,
                Sample(sample, metric(name.Text))),
            [name], null, RepeatsOf(range)[0], RepeatsOf(range));
    }

    private Kind? Streak(YamlMap map)
    {
        var range = map.OneOf("range", ("day", TimeRange.Day), ("week", TimeRange.Week)) ?? TimeRange.Day;
        if (map.Lacks("length")) problems.Add(map.Node, "'length' is missing: how many in a row, one per tier, such as [5, 10, 20]");
        var lengths = Rising(map, "length", "lengths must rise from tier to tier");
        if (lengths?.Exists(l => l.Thousandths % 1000 != 0 || l.Thousandths < 2_000) == true)
            problems.Add(map["length"]!, "a length is a whole number of at least 2");
        else if (lengths?.Exists(l => l.Thousandths > 1_000_000) == true)
            problems.Add(map["length"]!, "a length is at most 1000");
        if (Conditions(map, "a streak") is not { } conditions || lengths is null) return null;
        if (conditions.Any(c => c.Targets.Count != 1))
        {
            problems.Add(map.Node, "a condition of a streak has one target: tiers differ by 'length'");
            return null;
        }
        return new(
            metric => new Streak([.. conditions.Select(c => Made(c, metric, 1))], range,
                [.. lengths.Select(l => (int)(l.Thousandths / 1000))], metric(AnyWork).Key),
            [.. conditions.Select(c => c.Metric)],
            new(new(default, AnyWork, Aggregate.Count, Unit.Number, Direction.Higher, [], null, [], true) { OfAnyType = true }, []),
            Repeat.Once, [Repeat.Once, Repeat.EveryTime]);
    }

    /// <summary>One to three numbers, each more than the one before; null with a problem.</summary>
    private List<Amount>? Rising(YamlMap map, string key, string otherwise)
    {
        var before = problems.Count;
        var numbers = new List<Amount>();
        foreach (var (text, at) in map.TextsAt(key))
            if (Amount.Parse(text) is { } amount) numbers.Add(amount);
            else problems.Add(at, $"'{text}' is not a number");
        if (problems.Count > before || !map.Has(key)) return null;
        if (numbers.Count is 0 or > 3)
            problems.Add(map[key]!, numbers.Count == 0 ? $"'{key}' has none: write at least one" : "at most three tiers");
        else if (numbers.Zip(numbers.Skip(1)).Any(n => n.Second <= n.First)) problems.Add(map[key]!, otherwise);
        else return numbers;
        return null;
    }

    private TimeRange Range(YamlMap map)
    {
        if (map.Lacks("range")) problems.Add(map.Node, "'range' is missing: day, week or month");
        return map.OneOf("range", ("day", TimeRange.Day), ("week", TimeRange.Week), ("month", TimeRange.Month)) ?? TimeRange.Week;
    }

    private static Best? BestOf(YamlMap map) => map.OneOf("best", ("highest", Best.Highest), ("lowest", Best.Lowest));

    /// <summary>The better end of a metric, where nothing is said.</summary>
    private static Best Towards(Metric metric) => metric.Direction == Direction.Lower ? Best.Lowest : Best.Highest;

    private Kind? FirstTime(YamlMap map)
    {
        var types = map.TextsAt("activities");
        if (types.Count > 0)
        {
            var id = $"first:{map.Text("id")}";
            return new(metric => new FirstTime([.. types.Select(t => t.Text)], metric(id).Key), [],
                new(new(default, id, Aggregate.Count, Unit.Number, Direction.Higher, [.. types.Select(t => t.Text)], null, [], true),
                    types),
                Repeat.Once, [Repeat.Once]);
        }
        if (map.Lacks("activities") || map["activities"] is YamlSequenceNode { Children.Count: 0 })
            problems.Add(map.Node, "'activities' is missing: name at least one activity type");
        return null;
    }

    private Kind? LuckyDraw(YamlMap map)
    {
        if (map.Text("history") is not (null or "enabling"))
            problems.Add(map["history"]!, "'history' here is enabling: of the past nothing is drawn");
        if (map.Lacks("time")) problems.Add(map.Node, "'time' is missing: when it is drawn, such as 12:30");
        var time = map.Text("time") is { } said ? LocalTimePattern.CreateWithInvariantCulture("H:mm").Parse(said) : null;
        if (time is { Success: false }) problems.Add(map["time"]!, "'time' must be a time of the day, such as 12:30");
        Chance? chance = null;
        if (map.Has("one-in") == map.Has("percent"))
        {
            if (map.Has("one-in") || map.Lacks("one-in") && map.Lacks("percent"))
                problems.Add(map.Node, "a draw has either 'one-in' or 'percent': how often somebody wins");
        }
        else if (map.Whole("one-in") is { } draws)
        {
            if (draws is >= 1 and <= 10_000) chance = Chance.OneIn(draws);
            else problems.Add(map["one-in"]!, "'one-in' is a whole number from 1 to 10000");
        }
        else if (SetupReader.AmountOf(map, "percent") is { } percent)
        {
            if (percent.Thousandths is > 0 and <= 100_000) chance = Chance.Percent(percent);
            else problems.Add(map["percent"]!, "'percent' is above 0 and at most 100");
        }
        if (time is not { Success: true } at || chance is not { } rarity) return null;
        return new(_ => new LuckyDraw(at.Value.Hour * 60 + at.Value.Minute, rarity), [], null, Repeat.Day, [Repeat.Day]);
    }

    private Kind? FirstInProject(YamlMap map)
    {
        if (map.Text("history") is not (null or "enabling"))
            problems.Add(map["history"]!, "'history' here is enabling: only projects that are made after that can be won");
        var types = map.TextsAt("activities");
        if (types.Count > 0)
            return new(_ => new FirstInProject([.. types.Select(t => t.Text)]), [], null, Repeat.EveryTime, [Repeat.EveryTime]);
        if (map.Lacks("activities") || map["activities"] is YamlSequenceNode { Children.Count: 0 })
            problems.Add(map.Node, "'activities' is missing: name at least one activity type");
        return null;
    }

    private Kind? Collection(YamlMap map)
    {
        var of = map.TextsAt("of");
        if (of.Count < 2) problems.Add(map["of"] ?? map.Node, "'of' names at least two achievements");
        foreach (var twice in of.GroupBy(a => a.Text, StringComparer.Ordinal).SelectMany(same => same.Skip(1)))
            problems.Add(twice.At, $"'{twice.Text}' stands twice in the collection");
        return of.Count < 2 ? null : new(_ => new FullCollection([]), [], null, Repeat.Once, [Repeat.Once]);
    }

    private static Kind PersonalGoal(YamlMap map)
    {
        var metrics = map.TextsAt("metrics");
        var period = map.OneOf("period", ("day", GoalPeriod.Day), ("week", GoalPeriod.Week), ("month", GoalPeriod.Month),
            ("once", GoalPeriod.Once));
        var setBy = map.OneOf("set-by", ("anybody", GoalSetBy.Anybody), ("person", GoalSetBy.Person), ("leader", GoalSetBy.Leader),
            ("agreement", GoalSetBy.Agreement)) ?? GoalSetBy.Anybody;
        return new(_ => new PersonalGoal([.. metrics.Select(m => m.Text).Distinct(StringComparer.Ordinal)], period, setBy), metrics, null,
            Repeat.EveryTime, [Repeat.EveryTime]);
    }

    private Kind? Unknown(YamlMap map, string type)
    {
        problems.Add(map["type"]!, $"'type' must be {string.Join(", ", Own.Keys)}, not '{type}'" + Suggestion.Hint(type, Own.Keys));
        return null;
    }

    /// <summary>The metric that counts everything that a person does; all streaks share it.</summary>
    private const string AnyWork = "work:any";

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
        if (!kind.Repeats.Contains(given))
            problems.Add(map["repeat"]!, $"'repeat' here is {string.Join(" or ", kind.Repeats.Select(r => SetupWriter.Word(r)))}");
        return given;
    }

    /// <summary>Not shorter than the range; every time at each multiple of an all-time target.</summary>
    internal static IReadOnlyList<Repeat> RepeatsOf(TimeRange range) => range switch
    {
        TimeRange.Day => [Repeat.Day, Repeat.Week, Repeat.Month, Repeat.Once],
        TimeRange.Week => [Repeat.Week, Repeat.Month, Repeat.Once],
        TimeRange.Month => [Repeat.Month, Repeat.Once],
        TimeRange.All => [Repeat.Once, Repeat.EveryTime],
    };

    private List<int> Coins(YamlMap map)
    {
        var coins = new List<int>();
        foreach (var (text, at) in map.TextsAt("coins"))
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var some) && some <= MostCoins) coins.Add(some);
            else problems.Add(at, $"'{text}' is not a number of coins: a whole number of up to {MostCoins}");
        return coins;
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
