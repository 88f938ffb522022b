using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;

namespace Laurel.App.Features.Achievements.Kinds;

public sealed class CollectionKind() : RuleKind<FullCollection>("collection", "stack", Ui.Text("Collection"),
    Ui.Text("All of a set of badges, in any order."))
{
    protected override string Sentence(RuleWords L, FullCollection rule, Repeat repeat) => L["All of these: {0}.",
        string.Join(", ", rule.Of.Select(a => L.Quoted(L.Book.Of(a.Value).Name.ToString())))];

    protected override IEnumerable<RuleFact> Facts(RuleWords L, FullCollection rule, Func<Achievement, bool> isSecret)
    {
        // Those that are a surprise are told by their number.
        var set = rule.Of.Select(a => L.Book.Of(a.Value)).ToLookup(isSecret);
        var names = set[false].Select(a => a.Name.ToString());
        if (set[true].Count() is > 0 and var secrets) names = names.Append(L.Count(secrets, "{0} hidden badge", "{0} hidden badges"));
        yield return new(L["All of these"], string.Join(", ", names));
    }

    public override ProgressLine? Line(RuleWords L, Achievement achievement, Progress progress) => progress is OfASet set
        ? new(L["{0} of {1} badges", set.Earned.Count, set.Earned.Count + set.Missing.Count], null)
        : null;

    protected override string Because(RuleWords L, FullCollection rule, EarnedAward award) =>
        L.Count(rule.Of.Count, "{0} badge together", "{0} badges together");

    public override IReadOnlyList<SetupKey> Keys() => [new("of", SchemaOf.OneOrMore("Achievements, two or more."), true)];

    public override KindSetup? Read(YamlMap map)
    {
        var of = map.TextsAt("of");
        if (of.Count < 2) map.Problems.Add(map["of"] ?? map.Node, "'of' names at least two achievements");
        foreach (var twice in of.GroupBy(a => a.Text, StringComparer.Ordinal).SelectMany(same => same.Skip(1)))
            map.Problems.Add(twice.At, $"'{twice.Text}' stands twice in the collection");
        return of.Count < 2 ? null : new((_, keys) => new FullCollection(keys), [], [Repeat.Once]) { Of = of };
    }

    protected override void Write(SetupPart part, FullCollection rule, SetupIds ids) =>
        part.With("of", rule.Of.Select(a => ids.Achievements[a]).ToList());

    protected override IEnumerable<string> Parts(FullCollection rule, SetupIds ids) =>
        [$"of {string.Join(", ", rule.Of.Select(a => ids.Achievements[a]))}"];

    public override Type Fields => typeof(CollectionFields);
    public override int Place => 1;
    public override bool IsPartlyFixed => false;
    public override string HistoryNote =>
        Ui.Text("Badges that were earned before it do not count. Who has all of them by what counts receives it at once.");
    public override void Fill(AchievementForm form, YamlMap map) => form.Set = [.. map.Texts("of")];
    public override void Write(FormWriter file, AchievementForm form) => file.AddList("of", "Set", form.Set);
}
