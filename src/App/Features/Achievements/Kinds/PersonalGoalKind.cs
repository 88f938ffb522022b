using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Goals;
using static Laurel.App.Features.Settings.SetupWriter;

namespace Laurel.App.Features.Achievements.Kinds;

public sealed class PersonalGoalKind() : RuleKind<PersonalGoal>("personal-goal", "check-circle", Ui.Text("Personal goal"),
    Ui.Text("Somebody reaches a goal of one's own, as often as it is reached."))
{
    protected override string Sentence(RuleWords L, PersonalGoal rule, Repeat repeat)
    {
        var said = rule.SetBy switch
        {
            GoalSetBy.Anybody => L["A personal goal is reached"],
            GoalSetBy.Person => L["A goal that one has set oneself is reached"],
            GoalSetBy.Leader => L["A goal that the leader has set is reached"],
            GoalSetBy.Agreement => L["A goal that both have agreed on is reached"],
        };
        if (rule.Of.Count > 0) said = L["{0}: {1}", said, L.List(rule.Of.Select(id => L.Quoted(L.Metric(id))))];
        if (rule.Period is not { } period) return $"{said}.";
        return period switch
        {
            GoalPeriod.Day => L["{0}. Only daily goals count.", said],
            GoalPeriod.Week => L["{0}. Only weekly goals count.", said],
            GoalPeriod.Month => L["{0}. Only monthly goals count.", said],
            GoalPeriod.Once => L["{0}. Only goals until a date count.", said],
        };
    }

    protected override IEnumerable<RuleFact> Facts(RuleWords L, PersonalGoal rule, Func<Achievement, bool> isSecret)
    {
        yield return new(L["A goal of"], rule.Of.Count == 0 ? L["any metric"] : L.List(rule.Of.Select(L.Metric)));
        yield return new(L["Set"], rule.SetBy switch
        {
            GoalSetBy.Anybody => L["by oneself or by the leader"],
            GoalSetBy.Person => L["by oneself"],
            GoalSetBy.Leader => L["by the leader"],
            GoalSetBy.Agreement => L["and agreed on by both"],
        });
        if (rule.Period is { } period) yield return new(L["Period"], L.Range(period));
    }

    public override ProgressLine? Line(RuleWords L, Achievement achievement, Progress progress)
    {
        if (progress is not TowardGoal toward) return null;
        if (toward.Condition is not { } goal) return new(L["No goal yet"], L["set one, and reaching it earns this badge"]);
        var value = goal.Value is { } some ? L.Figure(goal.Metric, some).ToString() : "–";
        return new(L["{0}: {1} of {2}", L.Metric(goal.Metric), value, L.Figure(goal.Metric, goal.Target)],
            toward.IsMet && !L.Book.Snapshot.Rules.Metric(goal.Metric).IsLive(goal.Comparison) ? L["decided when the period ends"] : null);
    }

    protected override string Because(RuleWords L, PersonalGoal rule, EarnedAward award) => L["A goal of one's own"];

    public override IReadOnlyList<SetupKey> Keys() =>
    [
        new("metrics", SchemaOf.OneOrMore()), new("period", SchemaOf.OneOf("day", "week", "month", "once")),
        new("set-by", SchemaOf.OneOf("anybody", "person", "leader", "agreement")),
    ];

    public override KindSetup Read(YamlMap map)
    {
        var metrics = map.TextsAt("metrics");
        var period = map.OneOf("period", ("day", GoalPeriod.Day), ("week", GoalPeriod.Week), ("month", GoalPeriod.Month),
            ("once", GoalPeriod.Once));
        var setBy = map.OneOf("set-by", ("anybody", GoalSetBy.Anybody), ("person", GoalSetBy.Person), ("leader", GoalSetBy.Leader),
            ("agreement", GoalSetBy.Agreement)) ?? GoalSetBy.Anybody;
        return new((_, _) => new PersonalGoal([.. metrics.Select(m => m.Text).Distinct(StringComparer.Ordinal)], period, setBy), metrics,
            [Repeat.EveryTime]);
    }

    protected override void Write(SetupPart part, PersonalGoal rule, SetupIds ids) => part
        .With("metrics", rule.Of.Count > 0 ? rule.Of : null).With("period", rule.Period is { } every ? Word(every) : null)
        .With("set-by", Word(rule.SetBy));

    protected override IEnumerable<string> Parts(PersonalGoal rule, SetupIds ids) =>
    [
        rule.Of.Count > 0 ? $"metrics {string.Join(", ", rule.Of)}" : "any metric",
        rule.Period is { } every ? $"period {Word(every)}" : "any period", $"set by {Word(rule.SetBy)}",
    ];

    public override Type Fields => typeof(PersonalGoalFields);
    public override void Begin(AchievementForm form) => form.SetBy = "anybody";

    public override void Fill(AchievementForm form, YamlMap map) =>
        (form.Metrics, form.Period, form.SetBy) = ([.. map.Texts("metrics")], map.Text("period"), map.Text("set-by"));

    public override void Write(FormWriter file, AchievementForm form)
    {
        if (form.Metrics is { Count: > 0 } of) file.AddList("metrics", "Metrics", of);
        file.Add("period", "Period", form.Period);
        file.Add("set-by", "SetBy", form.SetBy);
    }
}
