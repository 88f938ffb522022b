using System.Globalization;
using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using static Laurel.App.Features.Settings.SetupWriter;

namespace Laurel.App.Features.Achievements.Kinds;

public sealed class StreakKind() : RuleKind<Streak>("streak", "fire", Ui.Text("Streak"),
    Ui.Text("So many workdays or weeks in a row; days off break nothing."))
{
    /// <summary>The metric that counts everything that a person does; all streaks share it.</summary>
    private const string AnyWork = "work:any";

    protected override string Sentence(RuleWords L, Streak rule, Repeat repeat)
    {
        var (conditions, lengths) = (RuleWords.Capital(L.Conditions(rule.Conditions)), Lengths(L, rule));
        var said = rule.Range == TimeRange.Day
            ? L["{0} on {1} workdays in a row; days off do not count.", conditions, lengths]
            : L["{0} in {1} weeks in a row; weeks off do not count.", conditions, lengths];
        return repeat == Repeat.Once ? said : $"{said} {L["Again with every new row."]}";
    }

    protected override IEnumerable<RuleFact> Facts(RuleWords L, Streak rule, Func<Achievement, bool> isSecret) =>
    [
        .. L.ConditionFacts(rule.Conditions),
        new(rule.Range == TimeRange.Day ? L["Workdays in a row"] : L["Weeks in a row"], Lengths(L, rule)),
    ];

    /// <summary>"5, 10 or 20", of one level or of all.</summary>
    private static string Lengths(RuleWords L, Streak rule) =>
        L.List(rule.Lengths.Select(n => n.ToString(CultureInfo.CurrentCulture)));

    public override ProgressLine? Line(RuleWords L, Achievement achievement, Progress progress)
    {
        if (progress is not InARow row) return null;
        var range = (L.Book.History(achievement)?.InForce(row.Period.First).Rule as Streak)?.Range;
        return new(L["{0} of {1} in a row", row.Length, row.Target], row.IsMet || row.Length == 0 || range is null ? null
            : range == TimeRange.Day ? L["today is still open"] : L["this week is still open"]);
    }

    protected override string Because(RuleWords L, Streak rule, EarnedAward award)
    {
        var length = (long)award.Value.ToDecimal();
        return rule.Range == TimeRange.Day
            ? L.Count(length, "{0} workday in a row", "{0} workdays in a row")
            : L.Count(length, "{0} week in a row", "{0} weeks in a row");
    }

    protected override string Target(RuleWords L, Streak rule, int tier) => L["{0} in a row", rule.Lengths[tier - 1]];

    protected override string Measured(RuleWords L, Streak rule, Amount value) =>
        value.ToDecimal().ToString("0.#", CultureInfo.CurrentCulture);

    protected override string Axis(RuleWords L, Streak rule) => L["longest row of each person"];

    public override IReadOnlyList<SetupKey> Keys() =>
        [.. RuleKeys.ConditionKeys(), new("range", SchemaOf.OneOf("day", "week")), new("length", SchemaOf.Targets(), true)];

    public override KindSetup? Read(YamlMap map)
    {
        var range = map.OneOf("range", ("day", TimeRange.Day), ("week", TimeRange.Week)) ?? TimeRange.Day;
        if (map.Lacks("length")) map.Problems.Add(map.Node, "'length' is missing: how many in a row, one per tier, such as [5, 10, 20]");
        var lengths = map.Rising("length", "lengths must rise from tier to tier");
        if (lengths?.Exists(l => l.Thousandths % 1000 != 0 || l.Thousandths < 2_000) == true)
            map.Problems.Add(map["length"]!, "a length is a whole number of at least 2");
        else if (lengths?.Exists(l => l.Thousandths > 1_000_000) == true)
            map.Problems.Add(map["length"]!, "a length is at most 1000");
        if (map.Conditions("a streak") is not { } conditions || lengths is null) return null;
        if (conditions.Exists(c => c.Targets.Count != 1))
        {
            map.Problems.Add(map.Node, "a condition of a streak has one target: tiers differ by 'length'");
            return null;
        }
        return new(
            (metric, _) => new Streak([.. conditions.Select(c => c.Of(metric, 1))], range,
                [.. lengths.Select(l => (int)(l.Thousandths / 1000))], metric(AnyWork).Key),
            [.. conditions.Select(c => c.Metric)], [Repeat.Once, Repeat.EveryTime])
        {
            Own = new(
                new(default, AnyWork, Aggregate.Count, Unit.Number, Direction.Higher, [], null, [], true) { OfAnyType = true }, []),
        };
    }

    protected override void Write(SetupPart part, Streak rule, SetupIds ids)
    {
        if (rule.Conditions is [var one]) part.With(one, ids).With("range", Word(rule.Range)).With("length", rule.Lengths);
        else
            part.With("range", Word(rule.Range)).With("length", rule.Lengths)
                .With("conditions", RuleKeys.Written(rule.Conditions, ids));
    }

    protected override IEnumerable<string> Parts(Streak rule, SetupIds ids) =>
        [.. rule.Conditions.Select(c => RuleKeys.Said(c, ids)), $"length {string.Join(", ", rule.Lengths)}", $"range {Word(rule.Range)}"];

    public override Type Fields => typeof(StreakFields);
    public override int TargetsOfCondition => 1;
    public override bool RepeatsByRange => false;
    public override IReadOnlyList<Repeat> Repeats(AchievementForm form) => [Repeat.Once, Repeat.EveryTime];

    public override string? Label(string field) => field switch
    {
        "Target" => Ui.Text("Target"),
        "Level" => Ui.Text("How many in a row"),
        _ => null,
    };

    public override void Begin(AchievementForm form) =>
        (form.Range, form.Conditions) = ("day", [new() { Comparison = "at-least" }]);

    public override void Fill(AchievementForm form, YamlMap map)
    {
        (form.Range, form.Conditions) = (map.Text("range") ?? "day", AchievementForm.ConditionsOf(map));
        form.TakeLevels(map.Texts("length"));
    }

    public override void Write(FormWriter file, AchievementForm form)
    {
        file.Add("range", "Range", form.Range);
        file.AddNumbers("length", "Level", form.Levels);
        file.AddConditions(form, TargetsOfCondition);
    }

    public override void Take(AchievementForm form, IReadOnlyList<string> targets) => form.TakeLevels(targets);
}
