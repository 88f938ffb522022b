using System.Text.Json.Serialization;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>A day, week or month that is better than all before it.</summary>
/// <param name="Range">Day, week or month.</param>
/// <param name="After">Fewest earlier periods with a value, at least 1: the second day of somebody's work is no record.</param>
/// <param name="Minimum">What a record must be at least, or at most where the lowest is best; null for none.</param>
/// <param name="Sample">
/// Fewest contributions for which a period's value is taken seriously, as a record and as what is to be beaten.
/// </param>
public sealed record PersonalRecord(MetricKey Metric, TimeRange Range, Best Best, int After, Amount? Minimum, int Sample) : Rule
{
    /// <summary>Earlier periods where nothing else is said.</summary>
    public static int UsualAfter(TimeRange range) => range switch
    {
        TimeRange.Day => 20,
        TimeRange.Week => 8,
        TimeRange.Month or TimeRange.All => 3,
    };

    [JsonIgnore]
    public override string Type => "personal-record";
    [JsonIgnore]
    public override IReadOnlyList<MetricKey> Metrics => [Metric];
    [JsonIgnore]
    public override Repeat DefaultRepeat => EachOf(Range);

    public override PersonDecision Decision(RuleHistory history, Func<MetricKey, Metric> metrics) =>
        new PersonalRecordDecision(history, metrics);
    public override (string Name, Enum Value)? Fixed() => ("range", Range);

    public override TimeRange? Periods() => Range;
    public override IEnumerable<Amount> Measured(Measuring work) => work.OfPeriods(Metric, Range, Sample).Select(p => p.Value);
    public override IReadOnlyList<Amount> Targets() => Minimum is { } least ? [least] : [];
    public override IEnumerable<(MetricKey, Amount, bool)> Limits() =>
        Minimum is { } limit ? [(Metric, limit, Best == Best.Highest)] : [];
    // A record is at least its limit, or at most, as its best end says.
    public override bool IsRising() => Best == Best.Highest;
    public override bool RewardsHaste(Func<MetricKey, Metric> metrics) => Haste.Of(Metric, Best, metrics);

    /// <summary>Whether <paramref name="value"/> beats what was best before it; who equals it does not.</summary>
    public bool Beats(MetricValue value, MetricValue best) =>
        Best == Best.Highest ? value.CompareTo(best) > 0 : value.CompareTo(best) < 0;

    /// <summary>Whether it is good enough to be called a record.</summary>
    public bool Suffices(MetricValue value) => Minimum is not { } minimum
        || (Best == Best.Highest ? value.CompareTo(minimum) >= 0 : value.CompareTo(minimum) <= 0);
}

/// <summary>In a period that may become the best so far.</summary>
/// <param name="Now">Null without data.</param>
/// <param name="Record">The best of the earlier periods; null without any.</param>
/// <param name="Missing">How many more periods are needed before one can be a record.</param>
/// <param name="Beaten">The running period would be a record now.</param>
public sealed record AgainstOwnBest(
    WorkdaySpan Period, MetricKey Metric, MetricValue? Now, MetricValue? Record, int Missing, Best Best, bool Beaten) : Progress
{
    public override double? Share => Missing > 0 || Record is null ? null : Beaten ? 1 : PartOf(Now, Record, Best);
}

/// <summary>
/// Decides personal records when each period has closed. A late activity may make or unmake later ones. Periods of before the retention
/// horizon are still there to be beaten: their totals stay.
/// </summary>
public sealed class PersonalRecordDecision(RuleHistory history, Func<MetricKey, Metric> metrics) : PersonDecision(history, metrics)
{
    protected override TimeRange Range => ((PersonalRecord)History.Current).Range;

    public override bool IsChained => true;

    protected override WorkdaySpan Touched(WorkdaySpan scope) => new(FirstOf(Range, scope.First), Workday.End);

    public override WorkdaySpan Reads(WorkdaySpan scope) => new(History.CountsFrom, Workday.End);

    public override IReadOnlyList<Coming> Find(PersonHistory person, WorkdaySpan scope) =>
        AtEnds(person, scope, ByVersion<PersonalRecord>(rule => Records(person, rule)));

    public override Progress? Toward(PersonHistory person, Workday today, Func<int, string, long> earned)
    {
        var period = WorkdaySpan.Of(Range, today, History.WeekStart);
        if (History.Counted(period) is null) return null;
        var rule = (PersonalRecord)History.Governing(period);
        var aggregate = Metrics(rule.Metric).Aggregate;
        var (earlier, now, best) = (0, (MetricValue?)null, (MetricValue?)null);
        foreach (var (of, rollup) in Periods(person, rule.Metric))
            if (rollup.Value(aggregate) is not { } value || of.First > period.First) continue;
            else if (of == period) now = value;
            else if (rollup.Count >= rule.Sample)
            {
                if (best is not { } known || rule.Beats(value, known)) best = value;
                earlier++;
            }
        var beaten = now is { } mine && best is { } standing && rule.Beats(mine, standing) && rule.Suffices(mine);
        return new AgainstOwnBest(period, rule.Metric, now, best, Math.Max(0, rule.After - earlier), rule.Best, beaten);
    }

    /// <summary>Those that one version calls so, of the periods that it governs.</summary>
    private IEnumerable<(WorkdaySpan Period, int Tier, MetricValue Value)> Records(PersonHistory person, PersonalRecord rule)
    {
        var aggregate = Metrics(rule.Metric).Aggregate;
        MetricValue? best = null;
        var earlier = 0;
        foreach (var (period, rollup) in Periods(person, rule.Metric))
        {
            if (rollup.Count < rule.Sample || rollup.Value(aggregate) is not { } value) continue;
            if (best is not { } known || rule.Beats(value, known))
            {
                if (best is not null && earlier >= rule.After && rule.Suffices(value) && rule.Equals(History.Governing(period))
                    && IsDecided(person, period))
                    yield return (period, 0, value);
                best = value;
            }
            earlier++;
        }
    }
}
