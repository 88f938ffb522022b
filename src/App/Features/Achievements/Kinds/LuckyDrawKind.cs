using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using NodaTime.Text;

namespace Laurel.App.Features.Achievements.Kinds;

public sealed class LuckyDrawKind() : RuleKind<LuckyDraw>("lucky-draw", "clover", Ui.Text("Lucky draw"),
    Ui.Text("Once a day chance picks one of those who are online."))
{
    public override bool ReadsPresence => true;
    public override Tenure UsualTenure => Tenure.Period;

    protected override string Sentence(RuleWords L, LuckyDraw rule, Repeat repeat) =>
        L["Once a day at {0} one of those who are online is drawn; {1}.", rule.Time, L.Chance(rule.Chance)];

    protected override IEnumerable<RuleFact> Facts(RuleWords L, LuckyDraw rule, Func<Achievement, bool> isSecret) =>
    [
        new(L["Drawn"], L["each day at {0}, one of those who are online", rule.Time]),
        new(L["Chance"], L.Chance(rule.Chance)),
    ];

    public override Progress ProgressOf(ProgressAsked asked) => new NextDraw(
        Draws.Of(asked.Connection, null, asked.Achievement.Key, 1) is [{ State: Draws.Planned } planned] ? planned.At : null);

    public override ProgressLine? Line(RuleWords L, Achievement achievement, Progress progress) => progress is NextDraw next
        ? new(next.At is { } at ? L["next draw {0}", L.Near(at)] : L["no draw is planned"], null)
        : null;

    protected override string Because(RuleWords L, LuckyDraw rule, EarnedAward award) => L["Drawn by chance"];

    public override IReadOnlyList<SetupKey> Keys() =>
    [
        new("time", SchemaOf.Text("Such as 12:30."), true), new("one-in", SchemaOf.Whole(1, 10_000)), new("percent", SchemaOf.Number()),
    ];

    public override KindSetup? Read(YamlMap map)
    {
        if (map.Text("history") is not (null or "enabling"))
            map.Problems.Add(map["history"]!, "'history' here is enabling: of the past nothing is drawn");
        if (map.Lacks("time")) map.Problems.Add(map.Node, "'time' is missing: when it is drawn, such as 12:30");
        var time = map.Text("time") is { } said ? LocalTimePattern.CreateWithInvariantCulture("H:mm").Parse(said) : null;
        if (time is { Success: false }) map.Problems.Add(map["time"]!, "'time' must be a time of the day, such as 12:30");
        if (ChanceOf(map) is not { } chance || time is not { Success: true } at) return null;
        return new((_, _) => new LuckyDraw(at.Value.Hour * 60 + at.Value.Minute, chance), [], [Repeat.Day]);
    }

    private static Chance? ChanceOf(YamlMap map)
    {
        if (map.Has("one-in") == map.Has("percent"))
        {
            if (map.Has("one-in") || map.Lacks("one-in") && map.Lacks("percent"))
                map.Problems.Add(map.Node, "a draw has either 'one-in' or 'percent': how often somebody wins");
        }
        else if (map.Whole("one-in") is { } draws)
        {
            if (draws is >= 1 and <= 10_000) return Chance.OneIn(draws);
            map.Problems.Add(map["one-in"]!, "'one-in' is a whole number from 1 to 10000");
        }
        else if (SetupReader.AmountOf(map, "percent") is { } percent)
        {
            if (percent.Thousandths is > 0 and <= 100_000) return Chance.Percent(percent);
            map.Problems.Add(map["percent"]!, "'percent' is above 0 and at most 100");
        }
        return null;
    }

    protected override void Write(SetupPart part, LuckyDraw rule, SetupIds ids) => part
        .With("time", rule.Time).With("one-in", rule.Chance.Wins == 1 ? rule.Chance.Of : null)
        .With("percent", rule.Chance.Wins == 1 ? null : new Amount(rule.Chance.Wins).ToDecimal());

    protected override IEnumerable<string> Parts(LuckyDraw rule, SetupIds ids) =>
        [$"at {rule.Time}", $"{rule.Chance.Wins} of {rule.Chance.Of}"];

    public override Type Fields => typeof(LuckyDrawFields);
    public override bool HasWinners => true;
    public override bool IsPartlyFixed => false;
    public override bool HasHistory => false;
    public override string HistoryNote => Ui.Text("Nothing is drawn for days that are over.");
    public override bool Lapses(AchievementForm form) => true;
    public override void Begin(AchievementForm form) => (form.Time, form.OneIn, form.Retention) = ("12:00", "5", "period");

    public override void Fill(AchievementForm form, YamlMap map) =>
        (form.Time, form.OneIn, form.Percent) = (map.Text("time"), map.Text("one-in"), map.Text("percent"));

    public override void Write(FormWriter file, AchievementForm form)
    {
        file.Add("time", "Time", form.Time);
        file.AddNumber("one-in", "OneIn", form.OneIn);
        file.AddNumber("percent", "Percent", form.Percent);
    }
}
