using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>What one batch added to what is counted of one metric, person and period.</summary>
/// <param name="Period">The calendar period; everything for all-time.</param>
/// <param name="Counted">The part of it whose work counts.</param>
/// <param name="LastAt">Instant of the latest work that <paramref name="Before"/> holds, or a later one.</param>
/// <param name="Added">In order of occurrence; at least one.</param>
/// <param name="FirstDay">First workday of what was added.</param>
/// <param name="LastDay">Last workday of what was added.</param>
public sealed record Growth(
    MetricKey Metric, WorkdaySpan Period, WorkdaySpan Counted, Rollup Before, long LastAt,
    IReadOnlyList<Contribution> Added, Workday FirstDay, Workday LastDay)
{
    public Rollup After { get; } = Sum(Before, Added);

    /// <summary>Those of the person.</summary>
    public IReadOnlyList<Goal> Goals { get; init; } = [];

    /// <summary>The last workday on which anybody has data of the metric; null where nobody knows it.</summary>
    public Func<MetricKey, Workday>? Newest { get; init; }

    /// <summary>Whether the person is known to have nothing of the metric after these workdays.</summary>
    public bool IsLatest => Newest is not null && Newest(Metric) <= Counted.Last;

    private static Rollup Sum(Rollup before, IReadOnlyList<Contribution> added)
    {
        var running = before;
        for (var i = 0; i < added.Count; i++) running = running.Add(added[i].Reading);
        return running;
    }
}

/// <summary>
/// Judges plain appends of live thresholds without reading anything: exact where work is later than all it is counted with
/// and lies in the last stretch in which the rule can be earned; asks for a recomputation in every other case that matters.
/// </summary>
public static class FastPath
{
    /// <summary>
    /// Awards that the batch brought, or <see cref="Recompute"/>. That may be spared where all tiers up to <paramref name="Tiers"/>
    /// have been earned before everything that was added: what comes after a moment cannot move it.
    /// </summary>
    public readonly record struct Verdict(bool Recompute, IReadOnlyList<Earned> Earned, int Tiers);

    /// <summary>What a metric that another condition reads had before the batch, and has after it.</summary>
    /// <param name="LastAt">Instant of the latest work that it had before, or a later one.</param>
    public readonly record struct Other(Rollup Before, Rollup After, long LastAt);

    public static readonly Verdict Nothing = new(false, [], 0);

    /// <param name="others">Another condition's metric, over the same workdays.</param>
    /// <param name="begunThrough">Last workday that has begun for the person.</param>
    /// <param name="places">Where the person is.</param>
    public static Verdict Judge(
        RuleHistory history, Func<MetricKey, Metric> metrics, Growth growth, Func<MetricKey, Other> others,
        Workday begunThrough, Places places) =>
        // Apart from what follows, which captures: nearly all work ends here, and brings nothing to be collected.
        IsSettled(history, metrics, growth, begunThrough) ? Nothing
            : Unsettled(history, metrics, growth, others, begunThrough, places);

    private static Verdict Unsettled(
        RuleHistory history, Func<MetricKey, Metric> metrics, Growth growth, Func<MetricKey, Other> others,
        Workday begunThrough, Places places)
    {
        var tiers = MetByAny(history, metrics, growth, others);
        if (tiers == 0) return Nothing;
        var again = new Verdict(true, [], tiers);
        // Of a later step of a path it matters when the one before it was earned.
        if (history.HasStepBefore) return again;
        var all = history.Current.Running()!.Range == TimeRange.All;
        if (!all && (!history.IsOpen(growth.Period) || !Judges(history.Governing(growth.Period), metrics, growth))) return Nothing;
        var windows = (all ? history.WindowsOfAllTime() : history.Windows(growth.Counted, growth.Period))
            .SelectMany(w => w.Of(places)).Where(w => w.Begins <= begunThrough);
        // Who is not in the audience any more, or not yet, earns nothing by it now.
        if (history.HasAudience && !windows.Any(w => w.Last >= growth.FirstDay)) return Nothing;
        if (growth.Added[0].Order.At <= growth.LastAt) return again;
        if (windows.Cast<Window?>().LastOrDefault() is not { } last
            || growth.FirstDay < last.First || last.Last < growth.LastDay)
            return again;
        if (!Judges(last.Rule, metrics, growth)) return Nothing;
        var rule = last.Rule.Running()!;
        if (rule.Conditions.Count > 1)
            return Enumerable.Range(1, rule.Tiers).Any(tier => MayMeet(rule, metrics, growth, others, tier)) ? again : Nothing;
        return new(false, [.. Crossings(history, rule, metrics, growth)], tiers);
    }

    /// <summary>
    /// Whether the tier has come to be met by what was added, or was before and its moment may move. Only where the conditions read the
    /// metric.
    /// </summary>
    public static bool MayMeet(
        Threshold rule, Func<MetricKey, Metric> metrics, Growth growth, Func<MetricKey, Other> others, int tier) =>
        AllMet(rule, metrics, growth, others, tier, after: true)
        && (growth.Added[0].Order.At <= growth.LastAt || MayMove(rule, growth, others)
            || !AllMet(rule, metrics, growth, others, tier, after: false));

    /// <summary>
    /// What is later than all that its own metric counted may be earlier than another's, and so than a moment at which all were met.
    /// </summary>
    private static bool MayMove(Threshold rule, Growth growth, Func<MetricKey, Other> others)
    {
        foreach (var condition in rule.Conditions)
            if (condition.Metric != growth.Metric && growth.Added[0].Order.At <= others(condition.Metric).LastAt) return true;
        return false;
    }

    /// <summary>
    /// Most work is far from every target, or beyond the last one that it could reach: told without looking further. Only for
    /// rules of one condition; anything unusual is not settled.
    /// </summary>
    private static bool IsSettled(RuleHistory history, Func<MetricKey, Metric> metrics, Growth growth, Workday begunThrough)
    {
        for (var i = 0; i < history.Versions.Count; i++)
        {
            if (history.Versions[i].Rule.Running() is not { Conditions: [var condition] } rule
                || condition.Metric != growth.Metric)
                return false;
            var aggregate = metrics(growth.Metric).Aggregate;
            if (!condition.Met(aggregate, growth.After, 1)) continue;
            // Who came into an audience earned at that start, by all that lies before it.
            return history is { Versions.Count: 1, HasAudience: false, Spans: [{ Until: null } span] } && history.Repeat != Repeat.EveryTime
                && growth.Added[0].Order.At > growth.LastAt && condition.Met(aggregate, growth.Before, rule.Tiers)
                && span.From <= growth.FirstDay && Workday.Max(span.From, growth.Counted.First) <= begunThrough;
        }
        return true;
    }

    /// <summary>Whether the version is live and reads the metric; what only other versions read brings nothing under this one.</summary>
    private static bool Judges(Rule version, Func<MetricKey, Metric> metrics, Growth growth) =>
        version.Running()! is var rule && rule.Conditions.Any(c => c.Metric == growth.Metric)
        && version.IsLive(metrics);

    private static IEnumerable<Earned> Crossings(RuleHistory history, Threshold rule, Func<MetricKey, Metric> metrics, Growth growth)
    {
        var condition = rule.Conditions[0];
        var aggregate = metrics(condition.Metric).Aggregate;
        var running = growth.Before;
        foreach (var contribution in growth.Added)
        {
            var after = running.Add(contribution.Reading);
            for (var tier = 1; tier <= rule.Tiers; tier++)
                if (history.Repeat == Repeat.EveryTime)
                {
                    for (var n = ThresholdDecision.Reached(running, aggregate, condition, tier) + 1;
                        n <= ThresholdDecision.Reached(after, aggregate, condition, tier); n++)
                        yield return Moment(Occasion.Nth(n), tier);
                }
                else if (!condition.Met(aggregate, running, tier) && condition.Met(aggregate, after, tier))
                {
                    var occasion = rule.Range == TimeRange.All ? Occasion.Once : history.OccasionOf(growth.Period.First);
                    yield return Moment(occasion, tier);
                }
            running = after;

            Earned Moment(string occasion, int tier) => new(
                history.Current.Levels() == 0 ? 0 : tier, occasion, growth.Counted, contribution.Order.At, after.Value(aggregate)!.Value);
        }
    }

    /// <summary>
    /// The highest tier that any live version could have an award of in this period: what can but grow and is not met earns nothing.
    /// </summary>
    private static int MetByAny(
        RuleHistory history, Func<MetricKey, Metric> metrics, Growth growth, Func<MetricKey, Other> others)
    {
        var highest = 0;
        foreach (var version in history.Versions)
        {
            var rule = version.Rule.Running()!;
            if (!version.Rule.IsLive(metrics)) continue;
            for (var tier = rule.Tiers; tier > highest; tier--)
                if (AllMet(rule, metrics, growth, others, tier, after: true)) highest = tier;
        }
        return highest;
    }

    /// <summary>Whether all conditions are met, before what was added or after it.</summary>
    public static bool AllMet(
        Threshold rule, Func<MetricKey, Metric> metrics, Growth growth, Func<MetricKey, Other> others,
        int tier, bool after)
    {
        foreach (var condition in rule.Conditions)
        {
            var (was, now, _) = condition.Metric == growth.Metric
                ? new(growth.Before, growth.After, growth.LastAt)
                : others(condition.Metric);
            if (!condition.Met(metrics(condition.Metric).Aggregate, after ? now : was, tier)) return false;
        }
        return true;
    }
}
