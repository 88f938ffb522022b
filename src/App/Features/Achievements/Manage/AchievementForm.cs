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

    /// <summary>Null where the type names none.</summary>
    public RuleKind? Kind => RuleKinds.Find(Type);

    public bool HasConditions => Kind?.TargetsOfCondition > 0;

    /// <summary>Whether it can be kept for some.</summary>
    public bool HasAudience => Kind?.IsOfAll != true;

    public static AchievementForm New(string type)
    {
        var form = new AchievementForm { Type = type, Area = "service", Visibility = "shown", History = "enabling" };
        form.Kind?.Begin(form);
        return form;
    }

    /// <summary>What a setup file says of one achievement.</summary>
    public static AchievementForm Of(YamlMap map)
    {
        var (name, description) = (Texts(map, "name"), Texts(map, "description"));
        var history = map.Text("history") ?? "enabling";
        var isDate = history is not ("all" or "enabling");
        var form = new AchievementForm
        {
            Type = map.Text("type"), Name = name.English, NameLt = name.Lithuanian,
            Description = description.English, DescriptionLt = description.Lithuanian,
            Area = map.Text("area"), Badge = map.Text("badge") ?? BadgeFamilies.All[0].Key, Visibility = map.Text("visibility"),
            Retention = map.Text("retention"), Tone = map.Text("tone"), Test = map.Text("test"),
            Coins1 = At(map, "coins", 0), Coins2 = At(map, "coins", 1), Coins3 = At(map, "coins", 2),
            Repeat = map.Text("repeat"),
            History = isDate ? "date" : history, HistoryFrom = isDate ? history : null,
            Teams = [.. map.Map("audience")?.Texts("teams") ?? []], Groups = [.. map.Map("audience")?.Texts("groups") ?? []],
            Roles = [.. map.Map("audience")?.Texts("roles") ?? []],
        };
        form.Kind?.Fill(form, map);
        return form;
    }

    /// <summary>A file writes the only condition of a rule beside it; in the form it is the first of them.</summary>
    public static List<ConditionForm> ConditionsOf(YamlMap map) => map.Has("conditions")
        ? [.. map.List("conditions").Select(n => Condition(map.Problems.Map(n, "")!))]
        : [Condition(map)];

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
    public void Take(IReadOnlyList<Reach> suggested) =>
        Kind?.Take(this, [.. suggested.Select(s => TypedNumber.Show(s.Target.ToString(), Spoken)).Concat(["", "", ""]).Take(3)]);

    /// <summary>In place of those that there are.</summary>
    public void TakeLevels(IReadOnlyList<string> levels) =>
        (Level1, Level2, Level3) = (levels.ElementAtOrDefault(0), levels.ElementAtOrDefault(1), levels.ElementAtOrDefault(2));

    private Language Spoken => Language.Find(Lang) ?? Language.Current;

    /// <summary>What was typed as an achievement of a setup file, with the field that each part comes from.</summary>
    /// <param name="isSeconds">Of which metric the values are times, that may be typed as 3:20.</param>
    public WrittenForm Write(string id, bool enabled, Func<string?, bool> isSeconds)
    {
        var file = new FormWriter(Spoken, isSeconds);
        file.Add("id", "Name", id);
        file.Add("type", "Type", Type);
        file.AddTexts("name", "Name", Name, NameLt);
        file.AddTexts("description", "Description", Description, DescriptionLt);
        file.Add("area", "Area", Area);
        file.Add("badge", "Badge", Badge);
        file.Add("visibility", "Visibility", Visibility);
        file.Add("retention", "Retention", Retention);
        file.Add("tone", "Tone", Tone);
        file.Add("test", "Test", Test);
        if (Coins.Any(c => !string.IsNullOrWhiteSpace(c))) file.AddNumbers("coins", "Coins", Coins);
        file.Add("repeat", "Repeat", Repeat);
        var isDate = History == "date";
        file.Add("history", isDate ? "HistoryFrom" : "History",
            !isDate ? History : string.IsNullOrWhiteSpace(HistoryFrom) ? "?" : HistoryFrom);
        file.Add("enabled", "Do", enabled ? "true" : "false");
        if (HasAudience) file.AddAudience(this);
        Kind?.Write(file, this);
        return file.Written;
    }

    /// <summary>How long the badge may stay, by what its kind allows; the usual first.</summary>
    public IEnumerable<string> Retentions()
    {
        yield return "permanent";
        if (Kind?.HasWinners == true) yield return "holder";
        if (Kind?.Lapses(this) == true) yield return "period";
    }

    /// <summary>How often the kind may repeat, the usual first.</summary>
    public IReadOnlyList<Repeat> Repeats() => Kind?.Repeats(this) ?? [];

    /// <summary>The range that was chosen.</summary>
    public TimeRange RangeChosen => Range switch
    {
        "day" => TimeRange.Day,
        "week" => TimeRange.Week,
        "month" => TimeRange.Month,
        _ => TimeRange.All,
    };
}
