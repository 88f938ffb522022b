using Laurel.App.Features.Achievements.Kinds;
using Laurel.App.Features.Badges;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>One condition of the form, as typed.</summary>
public sealed class ConditionForm
{
    public string? Metric { get; set; }
    public string? Comparison { get; set; }
    public string? Target1 { get; set; }
    public string? Target2 { get; set; }
    public string? Target3 { get; set; }
    public string? Sample { get; set; }

    public IReadOnlyList<string?> Targets => [Target1, Target2, Target3];
}

/// <summary>The field that a part of a written form comes from.</summary>
/// <param name="Typed">A number as it was typed.</param>
public readonly record struct TypedField(string Field, string? Typed);

/// <summary>A form as an achievement of a setup file.</summary>
public sealed record WrittenForm(YamlMappingNode Node, IReadOnlyDictionary<YamlNode, TypedField> Fields);

/// <summary>
/// What the editor holds, as typed. It says the same as an achievement of a setup file: it is written as one for the reader of files, and
/// filled from one, so that there is one way to read, check and apply both.
/// </summary>
public sealed class AchievementForm
{
    public const int MostConditions = 6;

    public string? Type { get; set; }
    public string? Name { get; set; }
    public string? NameLt { get; set; }
    public string? Description { get; set; }
    public string? DescriptionLt { get; set; }
    public string? Area { get; set; }
    /// <summary>A family of badge art.</summary>
    public string Badge { get; set; } = BadgeFamilies.All[0].Key;
    public string? Visibility { get; set; }
    public string? Retention { get; set; }
    public string? Tone { get; set; }
    /// <summary>"true": in test; nothing: as it is.</summary>
    public string? Test { get; set; }
    public string? Coins1 { get; set; }
    public string? Coins2 { get; set; }
    public string? Coins3 { get; set; }
    /// <summary>A word of a setup file; nothing: as often as its range.</summary>
    public string? Repeat { get; set; }
    /// <summary>enabling, all or date.</summary>
    public string? History { get; set; }
    public string? HistoryFrom { get; set; }
    public string? Range { get; set; }
    public string? Period { get; set; }
    /// <summary>highest, lowest, or nothing: the metric's better end.</summary>
    public string? Best { get; set; }
    public string? Ties { get; set; }
    public string? Metric { get; set; }
    public string? Minimum { get; set; }
    public string? Sample { get; set; }
    public string? After { get; set; }
    /// <summary>Percentages, or how many in a row, by tier.</summary>
    public string? Level1 { get; set; }
    public string? Level2 { get; set; }
    public string? Level3 { get; set; }
    public List<ConditionForm>? Conditions { get; set; }
    public List<string>? Activities { get; set; }
    /// <summary>Of a draw.</summary>
    public string? Time { get; set; }
    /// <summary>Somebody wins in one of so many draws, or in so many percent.</summary>
    public string? OneIn { get; set; }
    public string? Percent { get; set; }
    /// <summary>Who can earn it: ids of teams and groups, and roles; none of any for everybody.</summary>
    public List<string>? Teams { get; set; }
    public List<string>? Groups { get; set; }
    public List<string>? Roles { get; set; }
    /// <summary>Among whom there is one best.</summary>
    public string? Among { get; set; }
    /// <summary>Whose goals count; none: of any metric.</summary>
    public List<string>? Metrics { get; set; }
    /// <summary>The achievements of a collection.</summary>
    public List<string>? Set { get; set; }
    /// <summary>Whose word a goal is: anybody, person, leader or agreement.</summary>
    public string? SetBy { get; set; }
    /// <summary>The language whose numbers it holds: the reader may change it in another tab meanwhile.</summary>
    public string? Lang { get; set; }
    /// <summary>What was saved when it was filled, so that nothing of somebody else's is written over unseen.</summary>
    public string? Version { get; set; }
    /// <summary>The button that was pressed.</summary>
    public string? Do { get; set; }
    /// <summary>Whether the last weeks are looked at, too.</summary>
    public bool Tested { get; set; }

    public IReadOnlyList<string?> Coins => [Coins1, Coins2, Coins3];
    public IReadOnlyList<string?> Levels => [Level1, Level2, Level3];
    public IReadOnlyList<ConditionForm> AllConditions => Conditions ?? [];

    public bool HasConditions => Type is "threshold" or "streak";

    /// <summary>Whether it can be kept for some.</summary>
    public bool HasAudience => Type is not ("manual" or "first-in-project");

    public static AchievementForm New(string type) => new()
    {
        Type = type, Area = "service", Visibility = "shown", History = "enabling",
        Range = type switch { "streak" => "day", "threshold" or "personal-record" or "improvement" => "week", _ => null },
        Period = type == "best-of-period" ? "week" : null, Best = type == "best-of-period" ? "highest" : null,
        Ties = type == "best-of-period" ? "all" : null, SetBy = type == "personal-goal" ? "anybody" : null,
        Conditions = type is "threshold" or "streak" ? [new() { Comparison = "at-least" }] : null,
        Time = type == "lucky-draw" ? "12:00" : null, OneIn = type == "lucky-draw" ? "5" : null,
        Retention = type == "lucky-draw" ? "period" : null,
    };

    /// <summary>What a setup file says of one achievement.</summary>
    public static AchievementForm Of(YamlMap map)
    {
        var (name, description) = (Texts(map, "name"), Texts(map, "description"));
        var history = map.Text("history") ?? "enabling";
        var isDate = history is not ("all" or "enabling");
        // A file writes the only condition of a rule beside it; in the form it is the first of them.
        var isOfConditions = map.Text("type") is "threshold" or "streak";
        return new()
        {
            Type = map.Text("type"), Name = name.English, NameLt = name.Lithuanian,
            Description = description.English, DescriptionLt = description.Lithuanian,
            Area = map.Text("area"), Badge = map.Text("badge") ?? BadgeFamilies.All[0].Key, Visibility = map.Text("visibility"),
            Retention = map.Text("retention"), Tone = map.Text("tone"), Test = map.Text("test"),
            Coins1 = At(map, "coins", 0), Coins2 = At(map, "coins", 1), Coins3 = At(map, "coins", 2),
            Repeat = map.Text("repeat"),
            History = isDate ? "date" : history, HistoryFrom = isDate ? history : null,
            Range = map.Text("range") ?? (map.Text("type") switch { "threshold" => "all", "streak" => "day", _ => null }),
            Period = map.Text("period"), Best = map.Text("best"), Ties = map.Text("ties"),
            Metric = isOfConditions ? null : map.Text("metric"), Minimum = map.Text("minimum"),
            Sample = isOfConditions ? null : map.Text("sample"), After = map.Text("after"),
            Level1 = At(map, "percent", 0) ?? At(map, "length", 0), Level2 = At(map, "percent", 1) ?? At(map, "length", 1),
            Level3 = At(map, "percent", 2) ?? At(map, "length", 2),
            Conditions = !isOfConditions ? null
                : map.Has("conditions") ? [.. map.List("conditions").Select(n => Condition(map.Problems.Map(n, "")!))] : [Condition(map)],
            Activities = [.. map.Texts("activities")], Metrics = [.. map.Texts("metrics")], SetBy = map.Text("set-by"),
            Time = map.Text("time"), OneIn = map.Text("one-in"),
            Percent = map.Text("type") == "lucky-draw" ? map.Text("percent") : null,
            Among = map.Text("among"), Set = [.. map.Texts("of")],
            Teams = [.. map.Map("audience")?.Texts("teams") ?? []], Groups = [.. map.Map("audience")?.Texts("groups") ?? []],
            Roles = [.. map.Map("audience")?.Texts("roles") ?? []],
        };
    }

    private static ConditionForm Condition(YamlMap map)
    {
        var key = map.Has("at-most") ? "at-most" : "at-least";
        return new()
        {
            Metric = map.Text("metric"), Comparison = key, Target1 = At(map, key, 0), Target2 = At(map, key, 1), Target3 = At(map, key, 2),
            Sample = map.Text("sample"),
        };
    }

    internal static (string? English, string? Lithuanian) Texts(YamlMap map, string key) => map[key] is YamlMappingNode
        ? (map.Map(key)!.Text("en"), map.Map(key)!.Text("lt"))
        : (map.Text(key), null);

    private static string? At(YamlMap map, string key, int index) => map.Texts(key) is var all && index < all.Count ? all[index] : null;

    /// <summary>Numbers as the reader would type them; it was filled with those of a setup file.</summary>
    public AchievementForm In(Language language)
    {
        Lang = language.Code;
        (Minimum, Sample, After, OneIn, Percent) = (Show(Minimum), Show(Sample), Show(After), Show(OneIn), Show(Percent));
        (Level1, Level2, Level3) = (Show(Level1), Show(Level2), Show(Level3));
        foreach (var one in AllConditions)
            (one.Target1, one.Target2, one.Target3, one.Sample) =
                (Show(one.Target1), Show(one.Target2), Show(one.Target3), Show(one.Sample));
        return this;

        string? Show(string? number) => number is null ? null : TypedNumber.Show(number, language);
    }

    /// <summary>A typed number in the reader's way of writing, whatever it was typed like.</summary>
    public string Number(string? typed) =>
        TypedNumber.Read(typed ?? "", Spoken) is { } number ? TypedNumber.Show(number, Language.Current) : typed?.Trim() ?? "";

    /// <summary>Targets that a backtest suggests, in place of those that were typed.</summary>
    public void Take(IReadOnlyList<Reach> suggested)
    {
        var targets = suggested.Select(s => TypedNumber.Show(s.Target.ToString(), Spoken)).Concat(["", "", ""]).Take(3).ToList();
        if (Type is "improvement" or "streak") (Level1, Level2, Level3) = (targets[0], targets[1], targets[2]);
        else if (Type is "threshold" && AllConditions is [var first, ..])
            (first.Target1, first.Target2, first.Target3) = (targets[0], targets[1], targets[2]);
        else Minimum = targets[0];
    }

    private Language Spoken => Language.Find(Lang) ?? Language.Current;

    /// <summary>What was typed as an achievement of a setup file, with the field that each part comes from.</summary>
    /// <param name="isSeconds">Of which metric the values are times, that may be typed as 3:20.</param>
    public WrittenForm Write(string id, bool enabled, Func<string?, bool> isSeconds)
    {
        var fields = new Dictionary<YamlNode, TypedField>(ReferenceEqualityComparer.Instance);
        var map = new YamlMappingNode();
        Add("id", "Name", id);
        Add("type", "Type", Type);
        AddTexts("name", "Name", Name, NameLt);
        AddTexts("description", "Description", Description, DescriptionLt);
        Add("area", "Area", Area);
        Add("badge", "Badge", Badge);
        Add("visibility", "Visibility", Visibility);
        Add("retention", "Retention", Retention);
        Add("tone", "Tone", Tone);
        Add("test", "Test", Test);
        if (Coins.Any(c => !string.IsNullOrWhiteSpace(c))) map.Add("coins", List("Coins", Coins));
        Add("repeat", "Repeat", Repeat);
        var isDate = History == "date";
        Add("history", isDate ? "HistoryFrom" : "History", !isDate ? History : string.IsNullOrWhiteSpace(HistoryFrom) ? "?" : HistoryFrom);
        Add("enabled", "Do", enabled ? "true" : "false");
        if (Type is "threshold" or "streak" or "personal-record" or "improvement") Add("range", "Range", Range);
        if (Type is "best-of-period" or "personal-goal") Add("period", "Period", Period);
        if (Type is "best-of-period") Add("ties", "Ties", Ties);
        if (Type is "best-of-period") Add("among", "Among", Among);
        if (Type is "best-of-period" or "personal-record" or "improvement")
        {
            Add("metric", "Metric", Metric);
            Add("best", "Best", Best);
            AddNumber("sample", "Sample", Sample);
        }
        if (Type is "best-of-period" or "personal-record") AddNumber("minimum", "Minimum", Minimum, isSeconds(Metric));
        if (Type is "personal-record") AddNumber("after", "After", After);
        if (Type is "improvement") map.Add("percent", List("Level", Levels));
        if (Type is "streak") map.Add("length", List("Level", Levels));
        if (HasAudience) AddAudience();
        if (Type is "first-time" or "first-in-project") map.Add("activities", Texts("Activities", Activities ?? []));
        if (Type is "collection") map.Add("of", Texts("Set", Set ?? []));
        if (Type is "lucky-draw")
        {
            Add("time", "Time", Time);
            AddNumber("one-in", "OneIn", OneIn);
            AddNumber("percent", "Percent", Percent);
        }
        if (Type is "personal-goal")
        {
            if (Metrics is { Count: > 0 } of)
                map.Add("metrics", Noted(new YamlSequenceNode(of.Select(m => new YamlScalarNode(m))), "Metrics"));
            Add("set-by", "SetBy", SetBy);
        }
        if (HasConditions) map.Add("conditions", Noted(new YamlSequenceNode(AllConditions.Select(Written)), "Conditions"));
        return new(map, fields);

        void Add(string key, string field, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value)) map.Add(key, Noted(new YamlScalarNode(value.Trim()), field));
        }

        void AddAudience()
        {
            var audience = new YamlMappingNode();
            foreach (var (key, field, chosen) in ((string, string, List<string>?)[])
                [("teams", "Teams", Teams), ("groups", "Groups", Groups), ("roles", "Roles", Roles)])
                if (chosen is { Count: > 0 })
                    audience.Add(key, new YamlSequenceNode(chosen.Select(id => Noted(new YamlScalarNode(id), field))));
            if (audience.Children.Count > 0) map.Add("audience", Noted(audience, "Teams"));
        }

        void AddNumber(string key, string field, string? typed, bool isTime = false)
        {
            if (!string.IsNullOrWhiteSpace(typed)) map.Add(key, Number(typed, field, isTime));
        }

        void AddTexts(string key, string field, string? english, string? lithuanian)
        {
            var texts = new YamlMappingNode();
            if (!string.IsNullOrWhiteSpace(english)) texts.Add("en", english.Trim());
            if (!string.IsNullOrWhiteSpace(lithuanian)) texts.Add("lt", lithuanian.Trim());
            if (texts.Children.Count > 0) map.Add(key, Noted(texts, field));
        }

        YamlNode Written(ConditionForm condition, int i)
        {
            var part = new YamlMappingNode();
            if (!string.IsNullOrWhiteSpace(condition.Metric))
                part.Add("metric", Noted(new YamlScalarNode(condition.Metric), $"Conditions[{i}].Metric"));
            var targets = Type == "streak" ? [condition.Target1] : condition.Targets;
            part.Add(condition.Comparison == "at-most" ? "at-most" : "at-least", List($"Conditions[{i}].Target", targets,
                isSeconds(condition.Metric)));
            if (!string.IsNullOrWhiteSpace(condition.Sample)) part.Add("sample", Number(condition.Sample, $"Conditions[{i}].Sample"));
            // What is missing of it is told where it begins.
            return Noted(part, $"Conditions[{i}].Metric");
        }

        YamlNode List(string field, IEnumerable<string?> values, bool isTime = false) => Noted(
            new YamlSequenceNode(values.Where(v => !string.IsNullOrWhiteSpace(v)).Select(v => Number(v!, field, isTime))), field);

        YamlNode Texts(string field, IEnumerable<string> values) =>
            Noted(new YamlSequenceNode(values.Select(v => Noted(new YamlScalarNode(v), field))), field);

        // What cannot be read as a number must not be read as another one by those who read files.
        YamlNode Number(string typed, string field, bool isTime = false) => Noted(
            new YamlScalarNode(TypedNumber.Read(typed, Spoken) ?? (isTime ? TypedNumber.ReadDuration(typed) : null) ?? $"? {typed.Trim()}"),
            field, typed.Trim());

        YamlNode Noted(YamlNode node, string field, string? typed = null)
        {
            fields[node] = new(field, typed);
            return node;
        }
    }

    /// <summary>How long the badge may stay, by what its kind allows; the usual first.</summary>
    public IEnumerable<string> Retentions()
    {
        yield return "permanent";
        if (Type is "best-of-period" or "manual" or "lucky-draw" or "first-in-project") yield return "holder";
        if (Type is "best-of-period" or "personal-record" or "improvement" or "lucky-draw" || (Type is "threshold" && Range != "all"))
            yield return "period";
    }

    /// <summary>How often the kind may repeat, the usual first.</summary>
    public IReadOnlyList<Repeat> Repeats() => Type switch
    {
        "threshold" or "personal-record" or "improvement" => RuleKeys.RepeatsOf(Range switch
        {
            "day" => TimeRange.Day,
            "week" => TimeRange.Week,
            "month" => TimeRange.Month,
            _ => TimeRange.All,
        }),
        "streak" => [Engine.Achievements.Repeat.Once, Engine.Achievements.Repeat.EveryTime],
        _ => [],
    };
}
