using System.Text.Json.Serialization;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>Better than the period before by so many percent; one to three tiers.</summary>
/// <param name="Range">Day, week or month.</param>
/// <param name="Best">Highest where more is better; lowest where the value is to fall.</param>
/// <param name="Percents">Per tier, rising, above 0; where the value is to fall, at most 100.</param>
/// <param name="Sample">Fewest contributions that both periods need.</param>
public sealed record Improvement(MetricKey Metric, TimeRange Range, Best Best, IReadOnlyList<Amount> Percents, int Sample) : Rule
{
    /// <summary>A whole, in thousandths of a percent.</summary>
    private const int Whole = 100_000;

    [JsonIgnore]
    public override string Type => "improvement";
    [JsonIgnore]
    public override IReadOnlyList<MetricKey> Metrics => [Metric];
    [JsonIgnore]
    public override Repeat DefaultRepeat => EachOf(Range);

    public override PersonDecision Decision(RuleHistory history, Func<MetricKey, Metric> metrics) =>
        new ImprovementDecision(history, metrics);
    public override int Levels() => Percents.Count;
    public override (string Name, Enum Value)? Fixed() => ("range", Range);
    public override Amount? Asks(int tier) => OfTier(Percents, tier);

    public override TimeRange? Periods() => Range;
    public override IReadOnlyList<Amount> Targets() => Percents;
    // To fall by more than all is impossible.
    public override (Amount? Least, Amount? Most) Bounds() => (null, Best == Best.Lowest ? new Amount(100_000) : null);
    public override bool RewardsHaste(Func<MetricKey, Metric> metrics) => Haste.Of(Metric, Best, metrics);

    /// <summary>Changes in percent, of each period against the one just before it.</summary>
    public override IEnumerable<Amount> Measured(Measuring work)
    {
        (WorkdaySpan Period, Amount Value)? before = null;
        foreach (var now in work.OfPeriods(Metric, Range, Sample))
        {
            if (before is { } last && last.Period.Last.Plus(1) == now.Period.First && last.Value > Amount.Zero
                && Amount.Of(100m * (now.Value.Thousandths - last.Value.Thousandths) / last.Value.Thousandths) is { } percent)
                yield return Best == Best.Highest ? percent : new(-percent.Thousandths);
            before = now;
        }
    }

    /// <summary>
    /// Whether <paramref name="now"/> is better by the tier's percentage. Of nothing, and of less than nothing, there is no percentage.
    /// </summary>
    public bool Improves(MetricValue before, MetricValue now, int tier) => before.Numerator > 0
        && (Best == Best.Highest ? now.CompareTo(Needed(before, tier)) >= 0 : now.CompareTo(Needed(before, tier)) <= 0);

    /// <summary>What a tier needs after <paramref name="before"/>.</summary>
    public MetricValue Needed(MetricValue before, int tier)
    {
        var percent = Percents[tier - 1].Thousandths;
        return new(before.Numerator * (Best == Best.Highest ? Whole + percent : Whole - percent), before.Denominator * Whole);
    }

    public bool Equals(Improvement? other) => other is not null && Metric == other.Metric && Range == other.Range && Best == other.Best
        && Sample == other.Sample && Percents.SequenceEqual(other.Percents);

    public override int GetHashCode() => HashCode.Combine(Metric, Range, Best, Sample, Percents.Count);
}

/// <summary>In a period that may be better than the one before it.</summary>
/// <param name="Tier">The next tier, from 1; the last where all would be earned now.</param>
/// <param name="Now">Null without data.</param>
/// <param name="Before">Null where there is nothing to compare with.</param>
/// <param name="Needed">For the tier.</param>
public sealed record OverTheLast(
    WorkdaySpan Period, MetricKey Metric, int Tier, MetricValue? Now, MetricValue? Before, MetricValue? Needed, Best Best) : Progress
{
    public bool Met => Now is { } now && Needed is { } needed
        && (Best == Best.Highest ? now.CompareTo(needed) >= 0 : now.CompareTo(needed) <= 0);

    public override double? Share => Needed is null ? null : Met ? 1 : PartOf(Now, Needed, Best);
}

/// <summary>
/// Decides improvements when each period has closed, over the calendar period just before it; only for who has data in both.
/// </summary>
public sealed class ImprovementDecision(RuleHistory history, Func<MetricKey, Metric> metrics) : PersonDecision(history, metrics)
{
    protected override TimeRange Range => ((Improvement)History.Current).Range;

    public override bool IsChained => true;

    /// <summary>A period decides itself and the one after it.</summary>
    protected override WorkdaySpan Touched(WorkdaySpan scope) => new(FirstOf(Range, scope.First),
        scope.Last == Workday.End ? Workday.End : FirstOf(Range, LastOf(Range, scope.Last).Plus(1)));

    public override WorkdaySpan Reads(WorkdaySpan scope)
    {
        var read = base.Reads(scope);
        return read.First == Workday.Beginning ? read : read with { First = FirstOf(Range, FirstOf(Range, read.First).Plus(-1)) };
    }

    public override IReadOnlyList<Coming> Find(PersonHistory person, WorkdaySpan scope) =>
        AtEnds(person, scope, ByVersion<Improvement>(rule => Improved(person, rule)));

    public override Progress? Toward(PersonHistory person, Workday today, Func<int, string, long> earned)
    {
        var period = WorkdaySpan.Of(Range, today, History.WeekStart);
        if (History.Counted(period) is null) return null;
        var rule = (Improvement)History.Governing(period);
        var aggregate = Metrics(rule.Metric).Aggregate;
        var (now, before) = (Rollup.None, Rollup.None);
        foreach (var (of, rollup) in Periods(person, rule.Metric))
            if (of == period) now = rollup;
            else if (of.Last.Plus(1) == period.First) before = rollup;
        var was = before.Count >= rule.Sample && before.Value(aggregate) is { Numerator: var above } value && above > 0
            ? value : (MetricValue?)null;
        var tier = Enumerable.Range(1, rule.Percents.Count)
            .FirstOrDefault(t => was is { } from && !(now.Value(aggregate) is { } to && rule.Improves(from, to, t)), rule.Percents.Count);
        return new OverTheLast(period, rule.Metric, tier, now.Value(aggregate), was,
            was is { } earlier ? rule.Needed(earlier, tier) : null, rule.Best);
    }

    private IEnumerable<(WorkdaySpan Period, int Tier, MetricValue Value)> Improved(PersonHistory person, Improvement rule)
    {
        var aggregate = Metrics(rule.Metric).Aggregate;
        (WorkdaySpan Period, MetricValue Value)? before = null;
        foreach (var (period, rollup) in Periods(person, rule.Metric))
        {
            var value = rollup.Count >= rule.Sample ? rollup.Value(aggregate) : null;
            if (value is { } now && before is { } last && last.Period.Last.Plus(1) == period.First
                && rule.Equals(History.Governing(period)) && IsDecided(person, period))
                for (var tier = 1; tier <= rule.Percents.Count && rule.Improves(last.Value, now, tier); tier++)
                    yield return (period, tier, now);
            before = value is { } known ? (period, known) : null;
        }
    }
}
