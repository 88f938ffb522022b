using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using static Laurel.App.Features.Settings.SetupWriter;

namespace Laurel.App.Features.Achievements.Kinds;

public sealed class ThresholdKind() : RuleKind<Threshold>("threshold", "target", Ui.Text("Threshold"),
    Ui.Text("So much of something in a day, a week, a month or over all time; up to three levels."))
{
    /// <summary>"“Calls answered” reaches 50, 55 or 65 in one week. Every week anew."</summary>
    protected override string Sentence(RuleWords L, Threshold rule, Repeat repeat)
    {
        var conditions = L.Conditions(rule.Conditions);
        var said = rule.Range switch
        {
            TimeRange.Day => L["{0} in one day.", conditions],
            TimeRange.Week => L["{0} in one week.", conditions],
            TimeRange.Month => L["{0} in one month.", conditions],
            TimeRange.All => L["{0} over all time.", conditions],
        };
        var again = repeat switch
        {
            Repeat.Once => "",
            Repeat.Day => L["Every day anew."],
            Repeat.Week => L["Every week anew."],
            Repeat.Month => L["Every month anew."],
            Repeat.EveryTime => L["Again at every multiple."],
        };
        return RuleWords.Capital($"{said} {again}".TrimEnd());
    }

    protected override IEnumerable<RuleFact> Facts(RuleWords L, Threshold rule, Func<Achievement, bool> isSecret) =>
        [.. L.ConditionFacts(rule.Conditions), new(L["Period"], L.Range(rule.Range))];

    public override Progress? ProgressOf(ProgressAsked asked)
    {
        if (asked.History is not { } history) return null;
        var range = ((Threshold)asked.Achievement.Rule).Range;
        var (isOfAll, span) = (range == TimeRange.All, WorkdaySpan.Of(range, asked.Today, history.WeekStart));
        var rule = (Threshold)(isOfAll ? history.InForce(asked.Today).Rule : history.Governing(span));
        if (ProgressTowards.Running(history, rule, asked.Today) is not { } period) return null;
        var occasion = isOfAll ? Occasion.Once : history.OccasionOf(span.First);
        return ProgressTowards.Threshold(history, rule, period, asked.Book.Snapshot.Rules.Metric, m => asked.Work.Total(m, period),
            tier => isOfAll && history.Repeat == Repeat.EveryTime ? asked.Earned(tier) : asked.Earned(tier, occasion));
    }

    public override ProgressLine? Line(RuleWords L, Achievement achievement, Progress progress) => progress switch
    {
        TowardTier { Conditions.Count: 1 } toward => Toward(L, toward, ((Threshold)achievement.Rule).Range),
        TowardTier toward => new(L["{0} of {1} conditions met", toward.Conditions.Count(c => c.Met), toward.Conditions.Count],
            toward is { Met: true, Live: false } ? L["decided when the period ends"] : null),
        _ => null,
    };

    private static ProgressLine Toward(RuleWords L, TowardTier toward, TimeRange range)
    {
        var condition = toward.Conditions[0];
        var target = L.Figure(condition.Metric, condition.Target);
        if (toward.Met) return new(L["{0} reached", target], toward.Live ? null : L["decided when the period ends"]);
        if (condition.ToGo is { } toGo)
        {
            var value = L.Figure(condition.Metric, condition.Value ?? MetricValue.Of(Amount.Zero));
            // The unit is said once: "3:20 of 8:00 h" would be wrong where the first is minutes.
            var have = value.Unit == target.Unit ? value.Number : value.ToString();
            return new(Within(L, range, have, target), L["{0} to go", L.Figure(condition.Metric, toGo)]);
        }
        var goal = condition.Comparison is Comparison.AtLeast or Comparison.Above
            ? L["at least {0} needed", target]
            : L["at most {0} needed", target];
        return new(L.SoFar(condition.Metric, condition.Value), condition.Value is not null && condition.Count < condition.Sample
            ? L["{0} of {1} counted", condition.Count, condition.Sample]
            : goal);
    }

    private static string Within(RuleWords L, TimeRange range, string have, Figure target) => range switch
    {
        TimeRange.Day => L["{0} of {1} today", have, target],
        TimeRange.Week => L["{0} of {1} this week", have, target],
        TimeRange.Month => L["{0} of {1} this month", have, target],
        TimeRange.All => L["{0} of {1}", have, target],
    };

    protected override string Because(RuleWords L, Threshold rule, EarnedAward award) =>
        L.Reached(rule.Conditions[0].Metric, award.Value);

    protected override Figure? Value(RuleWords L, Threshold rule, Amount value) => L.Figure(rule.Conditions[0].Metric, value);

    protected override string Target(RuleWords L, Threshold rule, int tier) =>
        L.Figure(rule.Conditions[0].Metric, rule.Conditions[0].Targets[tier - 1]).ToString();

    protected override string Axis(RuleWords L, Threshold rule) => L.EachOf(rule.Range, rule.Conditions[0].Metric);

    public override IReadOnlyList<SetupKey> Keys() =>
        [.. RuleKeys.ConditionKeys(), new("range", SchemaOf.OneOf("all", "day", "week", "month"))];

    public override KindSetup? Read(YamlMap map)
    {
        var range = map.OneOf("range", ("all", TimeRange.All), ("day", TimeRange.Day), ("week", TimeRange.Week), ("month", TimeRange.Month))
            ?? TimeRange.All;
        if (map.Conditions("a threshold") is not { } conditions) return null;
        var tiers = conditions.Max(c => c.Targets.Count);
        if (conditions.TrueForAll(c => c.Targets.Count == 1 || c.Targets.Count == tiers))
            return new((metric, _) => new Threshold([.. conditions.Select(c => c.Of(metric, tiers))], range),
                [.. conditions.Select(c => c.Metric)], RuleKeys.RepeatsOf(range));
        map.Problems.Add(map.Node, "every condition has one target, or one per tier");
        return null;
    }

    protected override void Write(SetupPart part, Threshold rule, SetupIds ids)
    {
        if (rule.Conditions is [var one]) part.With(one, ids).With("range", Word(rule.Range));
        else part.With("range", Word(rule.Range)).With("conditions", RuleKeys.Written(rule.Conditions, ids));
    }

    protected override IEnumerable<string> Parts(Threshold rule, SetupIds ids) =>
        [.. rule.Conditions.Select(c => RuleKeys.Said(c, ids)), $"range {Word(rule.Range)}"];

    public override Type Fields => typeof(ThresholdFields);
    public override int TargetsOfCondition => 3;
    public override bool Lapses(AchievementForm form) => form.RangeChosen != TimeRange.All;
    public override IReadOnlyList<Repeat> Repeats(AchievementForm form) => RuleKeys.RepeatsOf(form.RangeChosen);

    public override void Begin(AchievementForm form) =>
        (form.Range, form.Conditions) = ("week", [new() { Comparison = "at-least" }]);

    public override void Fill(AchievementForm form, YamlMap map) =>
        (form.Range, form.Conditions) = (map.Text("range") ?? "all", AchievementForm.ConditionsOf(map));

    public override void Write(FormWriter file, AchievementForm form)
    {
        file.Add("range", "Range", form.Range);
        file.AddConditions(form, TargetsOfCondition);
    }

    public override void Take(AchievementForm form, IReadOnlyList<string> targets)
    {
        if (form.AllConditions is [var first, ..]) (first.Target1, first.Target2, first.Target3) = (targets[0], targets[1], targets[2]);
    }
}
