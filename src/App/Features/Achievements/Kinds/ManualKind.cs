using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;

namespace Laurel.App.Features.Achievements.Kinds;

public sealed class ManualKind() : RuleKind<Manual>("manual", "medal", Ui.Text("By hand"), Ui.Text("A person gives it, with a note."))
{
    public override bool IsOfAll => true;

    protected override string Sentence(RuleWords L, Manual rule, Repeat repeat) => L["Given by a person, with a note."];

    protected override IEnumerable<RuleFact> Facts(RuleWords L, Manual rule, Func<Achievement, bool> isSecret) =>
        [new(L["Given"], L["by a person, with a note"])];

    public override Progress ProgressOf(ProgressAsked asked) => new ByHand();

    public override ProgressLine? Line(RuleWords L, Achievement achievement, Progress progress) =>
        progress is ByHand ? new(L["Given by hand"], null) : null;

    protected override string? Because(RuleWords L, Manual rule, EarnedAward award) => award.Note;

    public override IReadOnlyList<SetupKey> Keys() => [];

    public override KindSetup Read(YamlMap map) => new((_, _) => new Manual(), [], [Repeat.EveryTime]);

    protected override void Write(SetupPart part, Manual rule, SetupIds ids) { }

    protected override IEnumerable<string> Parts(Manual rule, SetupIds ids) => [Type];

    public override Type Fields => typeof(ManualFields);
    public override int Place => 2;
    public override bool IsByHand => true;
    public override bool HasWinners => true;
    public override bool IsPartlyFixed => false;
    public override bool HasHistory => false;
    public override string? HistoryNote => null;
}
