using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Achievements.Kinds;

public sealed class FirstTimeKind() : RuleKind<FirstTime>("first-time", "flag", Ui.Text("First time"),
    Ui.Text("The first activity of a kind, such as the first call."))
{
    protected override string Sentence(RuleWords L, FirstTime rule, Repeat repeat) => L["The first activity of the kind {0}.",
        L.List(rule.Activities.Select(type => L.Quoted(L.Book.TypeName(type))))];

    protected override IEnumerable<RuleFact> Facts(RuleWords L, FirstTime rule, Func<Achievement, bool> isSecret) =>
        [new(L["The first"], L.Types(rule.Activities))];

    public override Progress ProgressOf(ProgressAsked asked) => new FirstTimeProgress(asked.Awards.Count > 0);

    public override ProgressLine? Line(RuleWords L, Achievement achievement, Progress progress) =>
        progress is FirstTimeProgress { Done: var isDone } ? new(isDone ? L["Earned"] : L["Not yet"], null) : null;

    protected override string Because(RuleWords L, FirstTime rule, EarnedAward award) => L["The first: {0}", L.Types(rule.Activities)];

    public override IReadOnlyList<SetupKey> Keys() => [new("activities", SchemaOf.OneOrMore(), true)];

    public override KindSetup? Read(YamlMap map)
    {
        if (map.Activities() is not { Count: > 0 } named) return null;
        var (id, types) = ($"first:{map.Text("id")}", (string[])[.. named.Select(t => t.Text)]);
        return new((metric, _) => new FirstTime(types, metric(id).Key), [], [Repeat.Once])
        {
            Own = new(new(default, id, Aggregate.Count, Unit.Number, Direction.Higher, types, null, [], true), named),
        };
    }

    protected override void Write(SetupPart part, FirstTime rule, SetupIds ids) => part.With("activities", rule.Activities);

    protected override IEnumerable<string> Parts(FirstTime rule, SetupIds ids) => [$"activities {string.Join(", ", rule.Activities)}"];

    public override Type Fields => typeof(ActivitiesFields);
    public override bool IsPartlyFixed => false;
    public override void Fill(AchievementForm form, YamlMap map) => form.Activities = [.. map.Texts("activities")];
    public override void Write(FormWriter file, AchievementForm form) => file.AddList("activities", "Activities", form.Activities);
}
