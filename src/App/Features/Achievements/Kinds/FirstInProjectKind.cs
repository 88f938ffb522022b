using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;

namespace Laurel.App.Features.Achievements.Kinds;

public sealed class FirstInProjectKind() : RuleKind<FirstInProject>("first-in-project", "briefcase", Ui.Text("First in project"),
    Ui.Text("The first person with an activity of a kind in each new project."))
{
    public override bool IsOfAll => true;

    protected override string Sentence(RuleWords L, FirstInProject rule, Repeat repeat) =>
        L["The first person in a new project with an activity of the kind {0}. Once in each project.",
            L.List(rule.Activities.Select(type => L.Quoted(L.Book.TypeName(type))))];

    protected override IEnumerable<RuleFact> Facts(RuleWords L, FirstInProject rule, Func<Achievement, bool> isSecret) =>
    [
        new(L["The first in a project"], L.Types(rule.Activities)),
        new(L["Projects"], L["made after it was switched on, one winner each"]),
    ];

    public override Progress? ProgressOf(ProgressAsked asked) =>
        asked.History is { } history ? new OpenProjects(FirstsInProjects.Open(asked.Connection, history)) : null;

    public override ProgressLine? Line(RuleWords L, Achievement achievement, Progress progress) => progress is OpenProjects open
        ? new(open.Count == 0 ? L["no project is open"]
            : L.Count(open.Count, "nobody yet in {0} open project", "nobody yet in {0} open projects"), null)
        : null;

    protected override string Because(RuleWords L, FirstInProject rule, EarnedAward award) =>
        L["The first in the project {0}", award.Project ?? award.Occasion];

    public override IReadOnlyList<SetupKey> Keys() => [new("activities", SchemaOf.OneOrMore(), true)];

    public override KindSetup? Read(YamlMap map)
    {
        if (map.Text("history") is not (null or "enabling"))
            map.Problems.Add(map["history"]!, "'history' here is enabling: only projects that are made after that can be won");
        if (map.Activities() is not { Count: > 0 } types) return null;
        return new((_, _) => new FirstInProject([.. types.Select(t => t.Text)]), [], [Repeat.EveryTime]) { Types = types };
    }

    protected override void Write(SetupPart part, FirstInProject rule, SetupIds ids) => part.With("activities", rule.Activities);

    protected override IEnumerable<string> Parts(FirstInProject rule, SetupIds ids) =>
        [$"activities {string.Join(", ", rule.Activities)}"];

    public override Type Fields => typeof(ActivitiesFields);
    public override bool HasWinners => true;
    public override bool IsPartlyFixed => false;
    public override bool HasHistory => false;
    public override string HistoryNote =>
        Ui.Text("Projects that are made after it was switched on can be won, each by one person.");
    public override void Fill(AchievementForm form, YamlMap map) => form.Activities = [.. map.Texts("activities")];
    public override void Write(FormWriter file, AchievementForm form) => file.AddList("activities", "Activities", form.Activities);
}
