using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using NodaTime;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Settings;

/// <summary>A text by language code; "en" is always there.</summary>
public sealed record Texts(IReadOnlyDictionary<string, string> ByLanguage)
{
    public static Texts Of(string english) => new(new SortedDictionary<string, string>(StringComparer.Ordinal) { ["en"] = english });
    public string English => ByLanguage["en"];
}

/// <summary>What a setup file says, with its problems told already. A node says where, for what only the database can refuse.</summary>
public sealed record Setup(
    SiteSetup? Site, IsoDayOfWeek? WeekStart, IReadOnlyList<TeamSetup> Teams, IReadOnlyList<PersonSetup> People,
    IReadOnlyList<TypeSetup> Types, IReadOnlyList<MetricSetup> Metrics, IReadOnlyList<AchievementSetup> Achievements);

public sealed record SiteSetup(YamlNode Node, string Id, string Name, string Zone);
public sealed record TeamSetup(YamlNode Node, string Id, string Name);
public sealed record PersonSetup(YamlNode Node, string Id, string Name, string? Team, string Role, string? Email, bool Invented);
public sealed record TypeSetup(YamlNode Node, Texts Name, ActivityType Type);

/// <param name="Metric">Its key is not known yet.</param>
public sealed record MetricSetup(YamlNode Node, Texts Name, Metric Metric);

/// <summary>From which workday work counts: the beginning, a date, or (null) the day of enabling.</summary>
public readonly record struct HistorySetup(Workday? From);

/// <param name="Rule">Makes the rule once the keys of metrics are known.</param>
/// <param name="MetricIds">Metrics that the rule names.</param>
public sealed record AchievementSetup(
    YamlNode Node, string Id, Texts Name, Texts Description, string Area, string Badge, string Type,
    Func<Func<string, MetricKey>, Rule> Rule, IReadOnlyList<string> MetricIds, IReadOnlyList<string> FirstTimeTypes,
    Repeat Repeat, HistorySetup History, string Visibility, bool Enabled);
