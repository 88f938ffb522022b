using System.Globalization;
using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using static Laurel.App.Features.Settings.SetupWriter;

namespace Laurel.App.Features.Achievements.Kinds;

public sealed class PersonalRecordKind() : RuleKind<PersonalRecord>("personal-record", "chart-line-up", Ui.Text("Personal record"),
    Ui.Text("A day, a week or a month better than all of one's own before it."))
{
    protected override string Sentence(RuleWords L, PersonalRecord rule, Repeat repeat)
    {
        var name = L.Quoted(L.Metric(rule.Metric));
        var highest = rule.Best == Best.Highest;
        var said = rule.Range switch
        {
            TimeRange.Day => highest ? L["A personal best: the highest {0} of one day so far", name]
                : L["A personal best: the lowest {0} of one day so far", name],
            TimeRange.Week => highest ? L["A personal best: the highest {0} of one week so far", name]
                : L["A personal best: the lowest {0} of one week so far", name],
            TimeRange.Month or TimeRange.All =>
                highest ? L["A personal best: the highest {0} of one month so far", name]
                    : L["A personal best: the lowest {0} of one month so far", name],
        };
        if (rule.Minimum is { } minimum)
            said = highest ? L["{0}, at least {1}", said, L.Figure(rule.Metric, minimum)]
                : L["{0}, at most {1}", said, L.Figure(rule.Metric, minimum)];
        return $"{L.WithSample(said, rule.Sample).TrimEnd('.')}. " + rule.Range switch
        {
            TimeRange.Day => L.Count(rule.After, "Counts after {0} earlier day.", "Counts after {0} earlier days."),
            TimeRange.Week => L.Count(rule.After, "Counts after {0} earlier week.", "Counts after {0} earlier weeks."),
            TimeRange.Month or TimeRange.All =>
                L.Count(rule.After, "Counts after {0} earlier month.", "Counts after {0} earlier months."),
        };
    }

    protected override IEnumerable<RuleFact> Facts(RuleWords L, PersonalRecord rule, Func<Achievement, bool> isSecret)
    {
        yield return new(L.Metric(rule.Metric), rule.Best == Best.Highest ? L["the highest so far"] : L["the lowest so far"]);
        yield return new(L["Period"], L.Range(rule.Range));
        yield return new(L["Earlier periods needed"], rule.After.ToString(CultureInfo.CurrentCulture));
        if (rule.Minimum is { } least) yield return new(L["Minimum"], L.Figure(rule.Metric, least).ToString());
        foreach (var fact in L.SampleFact(rule.Sample)) yield return fact;
    }

    public override ProgressLine? Line(RuleWords L, Achievement achievement, Progress progress)
    {
        if (progress is not AgainstOwnBest own) return null;
        var now = L.SoFar(own.Metric, own.Now);
        if (own.Missing > 0) return new(now, L["more history needed first"]);
        if (own.Beaten) return new(L["A record so far: {0}", L.Figure(own.Metric, own.Now!.Value)], L["decided when the period ends"]);
        return new(now, own.Record is { } record ? L["your best is {0}", L.Figure(own.Metric, record)] : null);
    }

    protected override string Because(RuleWords L, PersonalRecord rule, EarnedAward award) => L.Reached(rule.Metric, award.Value);
    protected override Figure? Value(RuleWords L, PersonalRecord rule, Amount value) => L.Figure(rule.Metric, value);
    protected override string Axis(RuleWords L, PersonalRecord rule) => L.EachOf(rule.Range, rule.Metric);

    public override IReadOnlyList<SetupKey> Keys() =>
    [
        RuleKeys.MetricKey(), RuleKeys.RangeKey(), RuleKeys.BestKey(), new("after", SchemaOf.Whole(1)), RuleKeys.MinimumKey(),
        RuleKeys.SampleKey(),
    ];

    public override KindSetup? Read(YamlMap map)
    {
        var (range, name, minimum, sample) = (map.Range(), map.Metric(), SetupReader.AmountOf(map, "minimum"), map.Sample());
        var best = map.Best();
        var after = map.Whole("after") ?? PersonalRecord.UsualAfter(range);
        if (after < 1) map.Problems.Add(map["after"]!, "'after' is at least 1: the first of all is no record");
        return name is null ? null : new(
            (metric, _) => new PersonalRecord(metric(name.Text).Key, range, best ?? RuleKeys.Towards(metric(name.Text)), after, minimum,
                RuleKeys.SampleOf(sample, metric(name.Text))),
            [name], RuleKeys.RepeatsOf(range));
    }

    protected override void Write(SetupPart part, PersonalRecord rule, SetupIds ids) => part
        .With("metric", ids.Metrics[rule.Metric]).With("range", Word(rule.Range)).With("best", Word(rule.Best))
        .With("after", rule.After).With("minimum", rule.Minimum?.ToDecimal()).With("sample", rule.Sample);

    protected override IEnumerable<string> Parts(PersonalRecord rule, SetupIds ids) =>
    [
        $"{Word(rule.Best)} {ids.Metrics[rule.Metric]}", $"range {Word(rule.Range)}", $"after {rule.After}",
        .. RuleKeys.SaidMinimum(rule.Minimum), $"sample {rule.Sample}",
    ];

    public override Type Fields => typeof(PersonalRecordFields);
    public override bool Lapses(AchievementForm form) => true;
    public override IReadOnlyList<Repeat> Repeats(AchievementForm form) => RuleKeys.RepeatsOf(form.RangeChosen);
    public override void Begin(AchievementForm form) => form.Range = "week";

    public override void Fill(AchievementForm form, YamlMap map)
    {
        (form.Range, form.Metric, form.Best) = (map.Text("range"), map.Text("metric"), map.Text("best"));
        (form.After, form.Minimum, form.Sample) = (map.Text("after"), map.Text("minimum"), map.Text("sample"));
    }

    public override void Write(FormWriter file, AchievementForm form)
    {
        file.Add("range", "Range", form.Range);
        file.Add("metric", "Metric", form.Metric);
        file.Add("best", "Best", form.Best);
        file.AddNumber("after", "After", form.After);
        file.AddNumber("minimum", "Minimum", form.Minimum, form.Metric);
        file.AddNumber("sample", "Sample", form.Sample);
    }

    public override void Take(AchievementForm form, IReadOnlyList<string> targets) => form.Minimum = targets[0];
}
