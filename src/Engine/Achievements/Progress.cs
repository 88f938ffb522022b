using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using NodaTime;

namespace Laurel.Engine.Achievements;

/// <summary>How far somebody is on the way to an award: of the running period, by the current rule.</summary>
public abstract record Progress
{
    /// <summary>Part of the way, 0 to 1; null where there is nothing to count.</summary>
    public abstract double? Share { get; }

    /// <summary>How near a value is to one that must be reached, or fallen to; below 1.</summary>
    protected static double PartOf(MetricValue? value, MetricValue? wanted, Best best)
    {
        if (value is not { } own || wanted is not { } other) return 0;
        var (mine, theirs) = ((double)own.Numerator / (double)own.Denominator, (double)other.Numerator / (double)other.Denominator);
        var (have, want) = best == Best.Highest ? (mine, theirs) : (theirs, mine);
        return want <= 0 ? 0 : Math.Clamp(have / want, 0, 0.999);
    }
}

/// <summary>One condition of a threshold on the way to a tier.</summary>
/// <param name="Value">Null without data.</param>
/// <param name="Count">How many contributions there are; the target counts once they are at least <paramref name="Sample"/>.</param>
public sealed record ConditionProgress(
    MetricKey Metric, Aggregate Aggregate, Comparison Comparison, MetricValue? Value, Amount Target, long Count, int Sample, bool Met)
{
    /// <summary>What is missing to the target; null where it does not add up: at-most conditions, averages, maxima.</summary>
    public Amount? ToGo => Comparison == Comparison.AtLeast && Aggregate is (Aggregate.Count or Aggregate.Sum or Aggregate.Distinct)
        ? new Amount((long)Int128.Max(0, Target.Thousandths - (Value is { } value ? value.Numerator / value.Denominator : 0)))
        : null;

    /// <summary>
    /// For at-least the value's part of the target, for at-most the target's part of the value; below 1 until it is met, and never
    /// beyond what the sample allows.
    /// </summary>
    public double Share
    {
        get
        {
            if (Met) return 1;
            if (Value is not { } value) return 0;
            var (have, want) = ((double)value.Numerator / (double)value.Denominator, (double)Target.Thousandths);
            var part = Comparison is Comparison.AtLeast or Comparison.Above ? Part(have, want) : Part(want, have);
            return Math.Min(Math.Min(part, Part(Count, Sample)), 0.999);
        }
    }

    private static double Part(double have, double want) => want <= 0 ? (have >= want ? 1 : 0) : Math.Clamp(have / want, 0, 1);
}

/// <summary>On the way to a tier (from 1) in the running period.</summary>
/// <param name="Live">Awarded at the moment it is reached; otherwise when the period has ended.</param>
public sealed record TowardTier(int Tier, WorkdaySpan Period, IReadOnlyList<ConditionProgress> Conditions, bool Live) : Progress
{
    /// <summary>All conditions must be met, so the one that is furthest behind tells.</summary>
    public override double? Share => Conditions.Min(c => c.Share);

    public bool Met => Conditions.All(c => c.Met);
}

/// <summary>Every tier of the running period (or for ever) has been earned.</summary>
public sealed record AllTiers(WorkdaySpan Period) : Progress
{
    public override double? Share => 1;
}

/// <summary>In a contest for the best of the running period.</summary>
/// <param name="Own">Null without data.</param>
/// <param name="Leader">The best that would win now; null while nobody qualifies.</param>
/// <param name="Leads">Would win now, perhaps together with others.</param>
public sealed record AgainstTheBest(WorkdaySpan Period, MetricValue? Own, MetricValue? Leader, Best Best, bool Leads) : Progress
{
    public override double? Share => Leads ? 1 : PartOf(Own, Leader, Best);

    /// <summary>How far the leader is ahead, rounded to a thousandth; null where the two cannot be compared.</summary>
    public Amount? Gap => Own is { } own && Leader is { } leader
        ? new Amount(Math.Abs(leader.Rounded().Thousandths - own.Rounded().Thousandths))
        : null;
}

/// <summary>Done once, or not yet.</summary>
public sealed record FirstTimeProgress(bool Done) : Progress
{
    public override double? Share => Done ? 1 : 0;
}

/// <summary>Granted by a person: there is nothing to count.</summary>
public sealed record ByHand : Progress
{
    public override double? Share => null;
}

/// <summary>Who leads a contest that runs, and with what: the same for all who compete, whoever asks.</summary>
public sealed class ContestLead
{
    private readonly BestOfPeriod rule;
    private readonly Aggregate aggregate;
    private readonly WorkdaySpan period;
    private readonly MetricValue? best;
    private readonly HashSet<PersonKey> leaders;

    private ContestLead(BestOfPeriod rule, Metric metric, WorkdaySpan period, IReadOnlyList<Candidate> winners)
    {
        (this.rule, aggregate, this.period) = (rule, metric.Aggregate, period);
        best = winners.Count > 0 ? winners[0].Rollup.Value(aggregate) : null;
        leaders = [.. winners.Select(w => w.Person)];
    }

    /// <summary>Ties are shared while the period runs: who reached it first is decided at its end.</summary>
    /// <param name="candidates">Everybody who competes and has data in the running period.</param>
    public static ContestLead Of(BestOfPeriod rule, Metric metric, WorkdaySpan period, IEnumerable<Candidate> candidates) =>
        new(rule, metric, period, BestOfPeriodDecision.Winners(rule with { Ties = Ties.All }, metric, candidates, _ => []));

    /// <param name="own">What the person has; null for who does not compete.</param>
    public AgainstTheBest Against(PersonKey person, Rollup? own) =>
        new(period, own?.Value(aggregate), best, rule.Best, leaders.Contains(person));
}

/// <summary>Works progress out of what is kept: rollups and the awards so far.</summary>
public static class ProgressTowards
{
    /// <summary>The workdays that count toward a threshold today; null before its history begins.</summary>
    public static WorkdaySpan? Running(RuleHistory history, Threshold rule, Workday today) =>
        history.Counted(WorkdaySpan.Of(rule.Range, today, history.WeekStart));

    /// <summary>The period of a contest that today belongs to: a day or a window of seven days ends with today.</summary>
    public static WorkdaySpan Running(BestOfPeriod rule, Workday today, IsoDayOfWeek weekStart) => rule.Period switch
    {
        BestPeriod.Yesterday => new(today, today),
        BestPeriod.Last7Days => WorkdaySpan.Last7(today),
        BestPeriod.Week => WorkdaySpan.Of(TimeRange.Week, today, weekStart),
        BestPeriod.Month => WorkdaySpan.Of(TimeRange.Month, today, weekStart),
    };

    /// <param name="rollup">What the person has of a metric in the running period.</param>
    /// <param name="earned">Tiers already earned on the occasion that runs; for every-time, how often the tier was earned.</param>
    public static Progress Threshold(
        RuleHistory history, Threshold rule, WorkdaySpan period, Func<MetricKey, Metric> metrics, Func<MetricKey, Rollup> rollup,
        Func<int, long> earned)
    {
        for (var tier = 1; tier <= rule.Tiers; tier++)
        {
            var times = earned(tier);
            if (history.Repeat == Repeat.EveryTime && rule.Range == TimeRange.All)
                return Toward(rule, period, metrics, rollup, tier, times + 1);
            if (times == 0) return Toward(rule, period, metrics, rollup, tier, 1);
        }
        return new AllTiers(period);
    }

    /// <param name="candidates">Everybody with data in the running period.</param>
    public static AgainstTheBest Contest(
        BestOfPeriod rule, Metric metric, WorkdaySpan period, PersonKey person, IReadOnlyCollection<Candidate> candidates) =>
        ContestLead.Of(rule, metric, period, candidates)
            .Against(person, candidates.Where(c => c.Person == person).Select(c => (Rollup?)c.Rollup).FirstOrDefault());

    private static TowardTier Toward(
        Threshold rule, WorkdaySpan period, Func<MetricKey, Metric> metrics, Func<MetricKey, Rollup> rollup, int tier, long times) =>
        new(tier, period, [.. rule.Conditions.Select(c =>
        {
            var aggregate = metrics(c.Metric).Aggregate;
            var have = rollup(c.Metric);
            var nth = times == 1 ? c : c with { Targets = [.. c.Targets.Select(t => new Amount(t.Thousandths * times))] };
            return new ConditionProgress(c.Metric, aggregate, c.Comparison, have.Value(aggregate), nth.Targets[tier - 1],
                have.Count, c.Sample, nth.Met(aggregate, have, tier));
        })], rule.IsLive(metrics));
}
