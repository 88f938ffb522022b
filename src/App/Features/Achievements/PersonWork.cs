using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Achievements;

/// <summary>A person's totals, each read once: many rules count the same.</summary>
/// <param name="ofTeam">Metrics that the person's team has data of; null where nothing tells.</param>
public sealed class PersonWork(
    RuleSet rules, Func<MetricKey, WorkdaySpan, Rollup> read, Func<MetricKey, IReadOnlyList<DayRollup>> readDays,
    Func<ILookup<long, EarnedAward>> readAwards, IReadOnlySet<MetricKey>? ofTeam,
    Func<IReadOnlyList<Goal>> readGoals)
{
    private readonly Dictionary<(MetricKey, WorkdaySpan), Rollup> totals = [];
    private readonly Dictionary<MetricKey, IReadOnlyList<DayRollup>> days = [];
    private readonly Lazy<ILookup<long, EarnedAward>> awards = new(readAwards);
    private readonly Lazy<IReadOnlyList<Goal>> goals = new(readGoals);

    public bool Includes(Rule rule) => ofTeam is null
        || rule.Metrics.SelectMany(m => RuleSet.RollupsOf(rules.Metric(m))).All(ofTeam.Contains);

    public Rollup Total(MetricKey metric, WorkdaySpan days) => totals.TryGetValue((metric, days), out var known)
        ? known
        : totals[(metric, days)] = read(metric, days);

    /// <summary>Day by day, for rules in which one period follows from the other. No single activity is read.</summary>
    public PersonHistory History(FloorPerson person, long now) => new(
        metric => days.TryGetValue(metric, out var known) ? known : days[metric] = readDays(metric), (_, _) => [],
        person.StartOf, person.ClosedThrough, person.BegunThrough(now))
    {
        Earnings = achievement => [.. awards.Value[achievement.Value].Select(a => a.EarnedAt.ToUnixTimeMilliseconds()).Order()],
        Goals = goals.Value,
        DayOf = at => person.WorkdayOf(at).Day, Places = person.Places,
    };
}
