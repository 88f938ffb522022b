using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using static Laurel.App.Features.Settings.SetupWriter;

namespace Laurel.App.Features.Achievements.Kinds;

public sealed class BestOfPeriodKind() : RuleKind<BestOfPeriod>("best-of-period", "trophy", Ui.Text("Best of period"),
    Ui.Text("The highest or the lowest of all when a day, a week or a month is over."))
{
    protected override string Sentence(RuleWords L, BestOfPeriod rule, Repeat repeat)
    {
        var name = L.Quoted(L.Metric(rule.Metric));
        var highest = rule.Best == Best.Highest;
        var said = rule.Period switch
        {
            BestPeriod.Yesterday => highest ? L["The highest {0} of each day", name] : L["The lowest {0} of each day", name],
            BestPeriod.Last7Days => highest
                ? L["The highest {0} of the last seven days, found each day", name]
                : L["The lowest {0} of the last seven days, found each day", name],
            BestPeriod.Week => highest ? L["The highest {0} of each week", name] : L["The lowest {0} of each week", name],
            BestPeriod.Month => highest ? L["The highest {0} of each month", name] : L["The lowest {0} of each month", name],
        };
        if (rule.Minimum is { } minimum) said = L["{0}, at least {1}", said, L.Figure(rule.Metric, minimum)];
        // A unit such as "sek." brings the sentence's dot along.
        said = L.WithSample(said, rule.Sample).TrimEnd('.');
        return rule.Ties == Ties.Earliest ? L["{0}. Of equals the earliest wins.", said] : $"{said}.";
    }

    protected override IEnumerable<RuleFact> Facts(RuleWords L, BestOfPeriod rule, Func<Achievement, bool> isSecret)
    {
        yield return new(L.Metric(rule.Metric), rule.Best == Best.Highest ? L["the highest of all"] : L["the lowest of all"]);
        yield return new(L["Period"], rule.Period switch
        {
            BestPeriod.Yesterday => L["each day"],
            BestPeriod.Last7Days => L["the last seven days, each day"],
            BestPeriod.Week => L["each week"],
            BestPeriod.Month => L["each month"],
        });
        if (rule.Minimum is { } minimum) yield return new(L["Minimum"], L.Figure(rule.Metric, minimum).ToString());
        foreach (var fact in L.SampleFact(rule.Sample)) yield return fact;
    }

    public override Progress? ProgressOf(ProgressAsked asked)
    {
        if (asked.History is not { } history) return null;
        var (snapshot, today) = (asked.Book.Snapshot, asked.Today);
        var running = ProgressTowards.Running((BestOfPeriod)asked.Achievement.Rule, today, snapshot.Rules.WeekStart);
        var contest = (BestOfPeriod)history.Governing(running);
        var metric = snapshot.Rules.Metric(contest.Metric);
        var audience = history.InForce(running.First).Audience;
        return asked.Standings.Of(asked.Connection, metric, running).Against(asked.Achievement.Key, today, snapshot.Version, asked.Person,
            all => Leads(snapshot.Floor, contest, metric, running, audience, today, all));
    }

    /// <summary>Who leads the contest that each person is in. Outside of it one sees everybody's lead, of teams and sites none.</summary>
    private static ContestLeads Leads(
        Floor floor, BestOfPeriod contest, Metric metric, WorkdaySpan period, Audience? audience, Workday today,
        IReadOnlyList<Candidate> all)
    {
        var rivals = all.Where(c => floor.Person(c.Person)?.Places.IsIn(audience, today) == true);
        var competitions = EvaluatePeriod.Competitions(floor, contest.Among, rivals, today).Select(c => c.ToList())
            .Select(c => (Candidates: c, Lead: ContestLead.Of(contest, metric, period, c))).ToList();
        return new(
            competitions.SelectMany(c => c.Candidates, (c, one) => (one.Person, c.Lead)).ToDictionary(c => c.Person, c => c.Lead),
            contest.Among == Among.Everybody ? competitions[0].Lead : ContestLead.Of(contest, metric, period, []));
    }

    public override ProgressLine? Line(RuleWords L, Achievement achievement, Progress progress)
    {
        if (progress is not AgainstTheBest contest) return null;
        var rule = (BestOfPeriod)(L.Book.History(achievement)?.Governing(contest.Period) ?? achievement.Rule);
        if (contest is { Leads: true, Own: { } mine }) return new(L["Leading with {0}", L.Figure(rule.Metric, mine)], null);
        var leader = contest.Leader is { } best ? L["the best has {0}", L.Figure(rule.Metric, best)] : null;
        var minimum = contest.Own is not null && rule.Minimum is { } least
            ? L["at least {0} needed", L.Figure(rule.Metric, least)] : null;
        return new(L.SoFar(rule.Metric, contest.Own), leader ?? minimum);
    }

    protected override string Because(RuleWords L, BestOfPeriod rule, EarnedAward award) => L.Reached(rule.Metric, award.Value);
    protected override Figure? Value(RuleWords L, BestOfPeriod rule, Amount value) => L.Figure(rule.Metric, value);

    public override IReadOnlyList<SetupKey> Keys() =>
    [
        RuleKeys.MetricKey(), new("period", SchemaOf.OneOf("yesterday", "last-7-days", "week", "month"), true), RuleKeys.BestKey(),
        RuleKeys.MinimumKey(), RuleKeys.SampleKey(), new("ties", SchemaOf.OneOf("all", "earliest")),
        new("among", SchemaOf.OneOf("everybody", "team", "site")),
    ];

    public override KindSetup? Read(YamlMap map)
    {
        var period = map.OneOf("period", ("yesterday", BestPeriod.Yesterday), ("last-7-days", BestPeriod.Last7Days),
            ("week", BestPeriod.Week), ("month", BestPeriod.Month));
        if (map.Lacks("period")) map.Problems.Add(map.Node, "'period' is missing: yesterday, last-7-days, week or month");
        var (name, minimum, sample) = (map.Metric(), SetupReader.AmountOf(map, "minimum"), map.Sample());
        var best = map.Best() ?? Best.Highest;
        var ties = map.OneOf("ties", ("all", Ties.All), ("earliest", Ties.Earliest)) ?? Ties.All;
        var among = map.OneOf("among", ("everybody", Among.Everybody), ("team", Among.Team), ("site", Among.Site)) ?? Among.Everybody;
        if (name is null) return null;
        // Where the period is said wrongly the rule is never made, but what it names is looked at.
        BestOfPeriod Of(MetricKey metric, int counted) =>
            new(metric, period ?? BestPeriod.Week, best, minimum, counted, ties, among);
        return new((metric, _) => Of(metric(name.Text).Key, RuleKeys.SampleOf(sample, metric(name.Text))), [name],
            [Of(default, 1).DefaultRepeat]);
    }

    protected override void Write(SetupPart part, BestOfPeriod rule, SetupIds ids) => part
        .With("metric", ids.Metrics[rule.Metric]).With("period", PeriodWord(rule.Period)).With("best", Word(rule.Best))
        .With("minimum", rule.Minimum?.ToDecimal()).With("sample", rule.Sample).With("ties", Word(rule.Ties))
        .With("among", rule.Among == Among.Everybody ? null : Word(rule.Among));

    protected override IEnumerable<string> Parts(BestOfPeriod rule, SetupIds ids) =>
    [
        $"{Word(rule.Best)} {ids.Metrics[rule.Metric]}", $"period {PeriodWord(rule.Period)}", .. RuleKeys.SaidMinimum(rule.Minimum),
        $"sample {rule.Sample}", $"ties {Word(rule.Ties)}",
        .. rule.Among == Among.Everybody ? [] : (string[])[$"among {Word(rule.Among)}"],
    ];

    private static string PeriodWord(BestPeriod period) => period == BestPeriod.Last7Days ? "last-7-days" : Word(period);

    public override Type Fields => typeof(BestOfPeriodFields);
    public override bool HasWinners => true;
    public override bool Lapses(AchievementForm form) => true;
    public override void Begin(AchievementForm form) => (form.Period, form.Best, form.Ties) = ("week", "highest", "all");

    public override void Fill(AchievementForm form, YamlMap map)
    {
        (form.Period, form.Metric, form.Among) = (map.Text("period"), map.Text("metric"), map.Text("among"));
        (form.Best, form.Ties) = (map.Text("best"), map.Text("ties"));
        (form.Minimum, form.Sample) = (map.Text("minimum"), map.Text("sample"));
    }

    public override void Write(FormWriter file, AchievementForm form)
    {
        file.Add("period", "Period", form.Period);
        file.Add("metric", "Metric", form.Metric);
        file.Add("among", "Among", form.Among);
        file.Add("best", "Best", form.Best);
        file.Add("ties", "Ties", form.Ties);
        file.AddNumber("minimum", "Minimum", form.Minimum, form.Metric);
        file.AddNumber("sample", "Sample", form.Sample);
    }

    public override void Take(AchievementForm form, IReadOnlyList<string> targets) => form.Minimum = targets[0];
}
