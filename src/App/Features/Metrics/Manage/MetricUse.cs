using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Achievements.Manage;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Metrics.Manage;

/// <summary>What a metric is used for.</summary>
/// <param name="Achievements">Those that the reader may know of and whose rule names it, in the organisation's order.</param>
/// <param name="Ratios">Ratios that are made of it.</param>
/// <param name="ByRatios">Achievements that name one of those and not the metric itself.</param>
public sealed record MetricUse(
    IReadOnlyList<Achievement> Achievements, IReadOnlyList<Metric> Ratios, IReadOnlyList<Achievement> ByRatios)
{
    public bool IsNone => Achievements.Count + Ratios.Count == 0;

    public static MetricUse Of(AchievementBook book, CurrentPerson me, string metric)
    {
        var rules = book.Snapshot.Rules;
        var seen = book.SeenBy(me).ToList();
        var direct = seen.Where(a => Names(rules, a.Rule, metric)).ToList();
        var ratios = rules.Declared.Select(m => m.Metric)
            .Where(m => m.Ratio is { } ratio && (ratio.Numerator.Id == metric || ratio.Denominator.Id == metric)).ToList();
        return new(direct, ratios, [.. seen.Where(a => !direct.Contains(a) && ratios.Exists(r => Names(rules, a.Rule, r.Id)))]);
    }

    /// <summary>Metrics that a rule names and that are archived: it is not switched on before they are brought back.</summary>
    public static IReadOnlyList<Metric> ArchivedIn(RuleSet rules, Rule rule) =>
        [.. rules.Declared.Where(m => m.IsArchived && Names(rules, rule, m.Metric.Id)).Select(m => m.Metric)];

    private static bool Names(RuleSet rules, Rule rule, string metric) =>
        rule.Names(metric) || rule.Metrics.Any(m => rules.Metric(m).Id == metric);

    /// <summary>Metrics whose values are being counted: percent, null before it began.</summary>
    public static Dictionary<long, HistoryWork> Building(DbConnection connection) =>
        connection.Query<(string Subject, long Done, long Total, string? Error)>(
            "SELECT subject, done, total, error FROM work WHERE kind = @Kind", new { BuildMetric.Kind })
            .GroupBy(w => long.Parse(w.Subject, CultureInfo.InvariantCulture))
            .ToDictionary(g => g.Key, g => new HistoryWork(
                g.Sum(w => w.Total) is > 0 and var total ? (int)Math.Min(99, 100 * g.Sum(w => w.Done) / total) : null,
                g.Any(w => w.Error is not null)));
}
