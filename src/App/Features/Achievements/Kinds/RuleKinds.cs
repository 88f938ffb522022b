using Laurel.Engine.Achievements;

namespace Laurel.App.Features.Achievements.Kinds;

/// <summary>All kinds of rule. A new one is an entry here.</summary>
public static class RuleKinds
{
    /// <summary>In the order in which they are named where one of them is meant.</summary>
    public static readonly IReadOnlyList<RuleKind> All =
    [
        new ThresholdKind(), new BestOfPeriodKind(), new PersonalRecordKind(), new ImprovementKind(), new StreakKind(),
        new FirstTimeKind(), new FirstInProjectKind(), new LuckyDrawKind(), new ManualKind(), new CollectionKind(), new PersonalGoalKind(),
    ];

    /// <summary>In the order in which the editor offers them.</summary>
    public static readonly IReadOnlyList<RuleKind> Offered = [.. All.OrderBy(k => k.Place)];

    private static readonly Dictionary<Type, RuleKind> ByRule = All.ToDictionary(k => k.Rules);

    public static RuleKind Of(Rule rule) => ByRule[rule.GetType()];

    /// <summary>By the word under which an achievement is kept.</summary>
    public static RuleKind Named(string type) => All.First(k => k.Type == type);

    /// <summary>By the word of a setup file; null where that names none.</summary>
    public static RuleKind? Find(string? type) => All.FirstOrDefault(k => string.Equals(k.Type, type, StringComparison.Ordinal));
}
