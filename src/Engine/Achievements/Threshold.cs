using System.Text.Json.Serialization;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>A metric against rising targets, one per tier.</summary>
/// <param name="Comparison">At least or at most.</param>
/// <param name="Targets">One per tier, 1 to 3.</param>
/// <param name="Sample">Fewest contributions for which the value is taken seriously; 1 counts any.</param>
public sealed record Condition(MetricKey Metric, Comparison Comparison, IReadOnlyList<Amount> Targets, int Sample)
{
    /// <summary>Whether the rollup meets the target of <paramref name="tier"/> (from 1). Without data nothing is met.</summary>
    public bool Met(Aggregate aggregate, Rollup rollup, int tier) =>
        rollup.Count >= Sample && rollup.Value(aggregate) is { } value && Meets(value, Targets[tier - 1]);

    private bool Meets(MetricValue value, Amount target) => Comparison switch
    {
        Comparison.AtLeast => value.CompareTo(target) >= 0,
        Comparison.AtMost => value.CompareTo(target) <= 0,
        Comparison.Above => value.CompareTo(target) > 0,
        Comparison.Below => value.CompareTo(target) < 0,
    };
}

/// <summary>All conditions in one range of time; one to three tiers, of which several can be earned at once.</summary>
public sealed record Threshold(IReadOnlyList<Condition> Conditions, TimeRange Range) : Rule
{
    public override string Type => "threshold";
    public override IReadOnlyList<MetricKey> Metrics => [.. Conditions.Select(c => c.Metric).Distinct()];
    public override Repeat DefaultRepeat => EachOf(Range);
    [JsonIgnore]
    public int Tiers => Conditions[0].Targets.Count;

    public override Threshold Running() => this;
    public override int Levels() => Tiers;
    public override PersonDecision Decision(RuleHistory history, Func<MetricKey, Metric> metrics) =>
        new ThresholdDecision(history, metrics);
    public override (string Name, Enum Value)? Fixed() => ("range", Range);
    public override bool IsStep(Func<MetricKey, Metric> metrics) => Range == TimeRange.All && Tiers == 1 && IsLive(metrics);

    /// <summary>At each multiple of its target, which takes one that is reached and never lost.</summary>
    public override bool MayBeEveryTime(Func<MetricKey, Metric> metrics) =>
        Conditions is [{ Comparison: Comparison.AtLeast }] && IsLive(metrics);

    public override IReadOnlyList<Condition> Asks() => Conditions;
    public override Amount? Asks(int tier) => Conditions is [var first, ..] ? OfTier(first.Targets, tier) : null;

    public override TimeRange? Periods() => Range == TimeRange.All ? null : Range;
    public override IEnumerable<Amount> Measured(Measuring work)
    {
        var (metric, sample) = (Conditions[0].Metric, Conditions[0].Sample);
        if (Range != TimeRange.All) return work.OfPeriods(metric, Range, sample).Select(p => p.Value);
        return work.OfAll(metric, sample) is { } all ? [all] : [];
    }

    public override IReadOnlyList<Amount> Targets() => [.. Conditions[0].Targets.Distinct()];
    public override bool IsRising() => Conditions[0].Comparison is Comparison.AtLeast or Comparison.Above;
    public override bool RewardsHaste(Func<MetricKey, Metric> metrics) => Haste.Of(Conditions, metrics);
}
