using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using static Laurel.App.Features.Settings.SetupWriter;

namespace Laurel.App.Features.Achievements.Kinds;

public sealed class ImprovementKind() : RuleKind<Improvement>("improvement", "arrow-up-right", Ui.Text("Improvement"),
    Ui.Text("Better by so many percent than the day, the week or the month before."))
{
    protected override string Sentence(RuleWords L, Improvement rule, Repeat repeat)
    {
        var name = L.Quoted(L.Metric(rule.Metric));
        var percents = L.List(rule.Percents.Select(L.Percent));
        var higher = rule.Best == Best.Highest;
        var said = rule.Range switch
        {
            TimeRange.Day => higher ? L["{0} is higher by {1} than the day before", name, percents]
                : L["{0} is lower by {1} than the day before", name, percents],
            TimeRange.Week => higher ? L["{0} is higher by {1} than the week before", name, percents]
                : L["{0} is lower by {1} than the week before", name, percents],
            TimeRange.Month or TimeRange.All => higher ? L["{0} is higher by {1} than the month before", name, percents]
                : L["{0} is lower by {1} than the month before", name, percents],
        };
        return $"{L.WithSample(said, rule.Sample)}.";
    }

    protected override IEnumerable<RuleFact> Facts(RuleWords L, Improvement rule, Func<Achievement, bool> isSecret)
    {
        var percents = L.List(rule.Percents.Select(L.Percent));
        yield return new(L.Metric(rule.Metric), rule.Best == Best.Highest ? L["higher by {0}", percents] : L["lower by {0}", percents]);
        yield return new(L["Period"], L.Range(rule.Range));
        foreach (var fact in L.SampleFact(rule.Sample)) yield return fact;
    }

    public override ProgressLine? Line(RuleWords L, Achievement achievement, Progress progress)
    {
        if (progress is not OverTheLast over) return null;
        var now = L.SoFar(over.Metric, over.Now);
        if (over.Needed is not { } needed) return new(now, L["nothing to compare with yet"]);
        var target = L.Figure(over.Metric, needed);
        return new(now, over.Met ? L["decided when the period ends"]
            : over.Best == Best.Highest ? L["at least {0} needed", target] : L["at most {0} needed", target]);
    }

    protected override string Because(RuleWords L, Improvement rule, EarnedAward award) => L.Reached(rule.Metric, award.Value);
    protected override Figure? Value(RuleWords L, Improvement rule, Amount value) => L.Figure(rule.Metric, value);
    protected override string Target(RuleWords L, Improvement rule, int tier) => L.Percent(rule.Percents[tier - 1]);
    protected override string Measured(RuleWords L, Improvement rule, Amount value) => L.Percent(value);

    protected override string Axis(RuleWords L, Improvement rule) =>
        L["change of “{0}” against the period before", L.Metric(rule.Metric)];

    public override IReadOnlyList<SetupKey> Keys() =>
    [
        RuleKeys.MetricKey(), RuleKeys.RangeKey(), RuleKeys.BestKey(), new("percent", SchemaOf.Targets(), true), RuleKeys.SampleKey(),
    ];

    public override KindSetup? Read(YamlMap map)
    {
        var (range, name, sample) = (map.Range(), map.Metric(), map.Sample());
        var best = map.Best();
        if (map.Lacks("percent")) map.Problems.Add(map.Node, "'percent' is missing: by how much, one per tier, such as [5, 10, 20]");
        var percents = map.Rising("percent", "percentages must rise from tier to tier");
        if (percents is { } risen && (risen[0].Thousandths <= 0 || (best == Best.Lowest && risen[^1].Thousandths > 100_000)))
            map.Problems.Add(map["percent"]!, "a percentage is above 0, and to fall by more than 100 is impossible");
        return name is null || percents is null ? null : new(
            (metric, _) => new Improvement(metric(name.Text).Key, range, best ?? RuleKeys.Towards(metric(name.Text)), percents,
                RuleKeys.SampleOf(sample, metric(name.Text))),
            [name], RuleKeys.RepeatsOf(range));
    }

    protected override void Write(SetupPart part, Improvement rule, SetupIds ids) => part
        .With("metric", ids.Metrics[rule.Metric]).With("range", Word(rule.Range)).With("best", Word(rule.Best))
        .With("percent", rule.Percents.Select(p => p.ToDecimal()).ToList()).With("sample", rule.Sample);

    protected override IEnumerable<string> Parts(Improvement rule, SetupIds ids) =>
    [
        $"{Word(rule.Best)} {ids.Metrics[rule.Metric]}", $"percent {string.Join(", ", rule.Percents)}", $"range {Word(rule.Range)}",
        $"sample {rule.Sample}",
    ];

    public override Type Fields => typeof(ImprovementFields);
    public override bool Lapses(AchievementForm form) => true;
    public override IReadOnlyList<Repeat> Repeats(AchievementForm form) => RuleKeys.RepeatsOf(form.RangeChosen);
    public override void Begin(AchievementForm form) => form.Range = "week";

    public override void Fill(AchievementForm form, YamlMap map)
    {
        (form.Range, form.Metric, form.Best, form.Sample) =
            (map.Text("range"), map.Text("metric"), map.Text("best"), map.Text("sample"));
        form.TakeLevels(map.Texts("percent"));
    }

    public override void Write(FormWriter file, AchievementForm form)
    {
        file.Add("range", "Range", form.Range);
        file.Add("metric", "Metric", form.Metric);
        file.Add("best", "Best", form.Best);
        file.AddNumbers("percent", "Level", form.Levels);
        file.AddNumber("sample", "Sample", form.Sample);
    }

    public override void Take(AchievementForm form, IReadOnlyList<string> targets) => form.TakeLevels(targets);
}
