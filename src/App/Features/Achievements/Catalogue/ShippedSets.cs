using Laurel.App.Features.Achievements.Kinds;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Metrics;
using Laurel.Engine.Presence;

namespace Laurel.App.Features.Achievements.Catalogue;

/// <summary>A set of achievements that comes with Laurel, as its setup file says it.</summary>
/// <param name="Name">English, a key of the texts; so is <paramref name="Says"/>.</param>
/// <param name="NeedsSent">What nobody sends anything for is offered only: it is not installed.</param>
public sealed record ShippedSet(
    string Id, string Name, string Says, bool NeedsSent, IReadOnlyList<AchievementSetup> Achievements, IReadOnlyList<PathSetup> Paths)
{
    public PathSetup? PathOf(string achievement) =>
        Paths.FirstOrDefault(p => p.Steps.Any(s => string.Equals(s.Text, achievement, StringComparison.Ordinal)));
}

/// <summary>
/// The catalogue: setup files in the program. What the sets count stands in one file for all, so that two that are installed count the
/// same; each is given what it needs.
/// </summary>
public static class ShippedSets
{
    private const string Presence = PresenceTypes.Change;

    /// <summary>What people do with Laurel itself: declared everywhere.</summary>
    public static Setup Own { get; } = Read("own");

    private static readonly Setup Counted = Read("counted");

    private static readonly Dictionary<string, TypeSetup> Types =
        Own.Types.Concat(Counted.Types).ToDictionary(t => t.Type.Id, StringComparer.Ordinal);

    private static readonly Dictionary<string, MetricSetup> Metrics =
        Counted.Metrics.ToDictionary(m => m.Metric.Id, StringComparer.Ordinal);

    public static IReadOnlyList<ShippedSet> All { get; } =
    [
        Set("starter", Ui.Text("Starter set"),
            Ui.Text("Sixteen badges to begin with, for resolving, helping and keeping at it. None of them rewards short handling.")),
        Set("daily", Ui.Text("Daily badges"),
            Ui.Text("Fifteen badges that pass from hand to hand each day. Those that say nothing good stay off until you switch them on.")),
        Set("paths", Ui.Text("Paths"),
            Ui.Text("Five paths whose steps stay a surprise. A path can be installed as soon as somebody sends what it counts."),
            needsSent: true),
        Set("sales", Ui.Text("Sales set"),
            Ui.Text("Badges for sales teams: closing, commission, new projects, own goals, and one that is given by hand.")),
    ];

    public static ShippedSet? Find(string id) => All.FirstOrDefault(s => string.Equals(s.Id, id, StringComparison.Ordinal));

    public static MetricSetup? Metric(string id) => Metrics.GetValueOrDefault(id);
    public static TypeSetup? Type(string id) => Types.GetValueOrDefault(id);
    public static PresenceSetup Statuses => Counted.Presence!;

    /// <summary>Activity types that an achievement counts, as somebody sends them: time in a status comes of changes of it.</summary>
    public static IReadOnlyList<string> Sent(AchievementSetup achievement) =>
    [
        .. achievement.Metrics.SelectMany(m => Metrics[m.Text].Metric.Types)
            .Concat(achievement.Own?.Metric.Types ?? [])
            .Concat(achievement.Types.Select(t => t.Text))
            // Drawn among those who are online.
            .Concat(RuleKinds.Named(achievement.Type).ReadsPresence ? [Presence] : [])
            .Select(type => type == PresenceTypes.Segment ? Presence : type)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Its rule, with stand-ins for the keys that its metrics have once they are kept.</summary>
    public static Rule RuleOf(AchievementSetup achievement) => achievement.Rule(StandIn, []);

    /// <summary>Whether short times alone earn it, so that who hurries does, however the work turns out.</summary>
    public static bool RewardsHaste(AchievementSetup achievement) => achievement.Metrics.Count > 0
        && RuleOf(achievement).RewardsHaste(key => StandIn(Counted.Metrics[(int)key.Value - 1].Metric.Id));

    private static Metric StandIn(string id) => Counted.Metrics.Select((m, i) => m.Metric with { Key = new(i + 1) })
        .FirstOrDefault(m => m.Id == id)
        // What only this rule counts.
        ?? new Metric(new(Counted.Metrics.Count + 1), id, Aggregate.Count, Unit.Number, Direction.Higher, [], null, [], true);

    private static ShippedSet Set(string id, string name, string says, bool needsSent = false)
    {
        var read = Read(id);
        return new(id, name, says, needsSent, read.Achievements, read.Paths);
    }

    private static Setup Read(string file)
    {
        using var shipped = typeof(ShippedSets).Assembly.GetManifestResourceStream($"catalogue/{file}.yaml")
            ?? throw new InvalidOperationException($"The build left out the catalogue's {file}.yaml.");
        using var text = new StreamReader(shipped);
        var problems = new YamlProblems($"catalogue/{file}.yaml");
        var setup = new SetupReader(problems).Read(text.ReadToEnd());
        return problems.Any || setup is null
            ? throw new InvalidOperationException(string.Join("\n", problems.InOrder()))
            : setup;
    }

}
