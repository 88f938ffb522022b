using System.Text.Json.Serialization;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>What earns a badge. The kind of an achievement's rule is fixed when it is made; its conditions have versions.</summary>
[JsonDerivedType(typeof(Threshold), "threshold")]
[JsonDerivedType(typeof(BestOfPeriod), "best-of-period")]
[JsonDerivedType(typeof(FirstTime), "first-time")]
[JsonDerivedType(typeof(PersonalRecord), "personal-record")]
[JsonDerivedType(typeof(Improvement), "improvement")]
[JsonDerivedType(typeof(Streak), "streak")]
[JsonDerivedType(typeof(FirstInProject), "first-in-project")]
[JsonDerivedType(typeof(LuckyDraw), "lucky-draw")]
[JsonDerivedType(typeof(Manual), "manual")]
[JsonDerivedType(typeof(FullCollection), "collection")]
[JsonDerivedType(typeof(PersonalGoal), "personal-goal")]
public abstract record Rule
{
    /// <summary>The kind as setup.yaml writes it.</summary>
    [JsonIgnore]
    public abstract string Type { get; }

    /// <summary>Metrics that the rule reads.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<MetricKey> Metrics { get; }

    /// <summary>How often it repeats where nothing else was said.</summary>
    [JsonIgnore]
    public abstract Repeat DefaultRepeat { get; }

    /// <summary>
    /// What must be met within its range before anything is earned live, where each of its conditions can but move toward the target:
    /// kept running, it tells nearly always that an activity has earned nothing. Null where nothing is ever decided live.
    /// </summary>
    public virtual Threshold? Running() => null;

    /// <summary>Whether the moment is an activity's rather than a period's end.</summary>
    public bool IsLive(Func<MetricKey, Metric> metrics) =>
        Running() is { } threshold && threshold.Conditions.All(c => metrics(c.Metric).IsLive(c.Comparison));

    /// <summary>
    /// Whether it may be earned with an activity, and whether when a period is over: one of them, but where people choose.
    /// </summary>
    public virtual bool HasMoments(Func<MetricKey, Metric> metrics) => IsLive(metrics);
    public virtual bool HasEnds(Func<MetricKey, Metric> metrics) => !IsLive(metrics);

    /// <summary>Whether it is decided by what people set themselves.</summary>
    public virtual bool ReadsGoals() => false;

    /// <summary>Metrics that it reads, where people have goals of some.</summary>
    public virtual IEnumerable<MetricKey> Reads(IEnumerable<Metric> ofGoals) => Metrics;

    /// <summary>The rule as one award was earned by it.</summary>
    /// <param name="counted">The workdays whose work counted.</param>
    public virtual Rule For(string occasion, IReadOnlyList<Goal> goals, WorkdaySpan counted) => this;

    /// <summary>How it is decided for one person, from that person's own work; null where others take part, or a person decides.</summary>
    public virtual PersonDecision? Decision(RuleHistory history, Func<MetricKey, Metric> metrics) => null;

    /// <summary>How it is decided among all people together; null where each is decided alone, or a person decides.</summary>
    public virtual ContestDecision? Contest(RuleHistory history, Func<MetricKey, Metric> metrics) => null;

    /// <summary>Whether its awards are facts: made once, kept as they are, and never made by counting history again.</summary>
    [JsonIgnore]
    public virtual bool IsRecorded => false;

    /// <summary>Activity types of which the first in a project decides it; none for any other kind.</summary>
    public virtual IReadOnlyList<string> FirstOf() => [];

    /// <summary>Whether chance decides, once a day.</summary>
    public virtual bool IsDrawn() => false;

    /// <summary>Metrics whose activities an award shows as what brought it.</summary>
    public virtual IReadOnlyList<MetricKey> Shown() => Metrics;

    /// <summary>How many levels it has; 0 for kinds without.</summary>
    public virtual int Levels() => 0;

    /// <summary>
    /// Whether all that came before counts, so that it is told by its moment, not by its period, which version earned it.
    /// </summary>
    public virtual bool IsOfAllTime() => Running() is { Range: TimeRange.All };

    /// <summary>
    /// How occasions follow each other that have winners of their own, so that a badge can pass from one to the next; null where everybody
    /// earns it alone.
    /// </summary>
    public virtual Succession? Succession() => null;

    /// <summary>Other achievements whose awards it is decided by.</summary>
    public virtual IReadOnlyList<AchievementKey> Follows() => [];

    /// <summary>The part that is fixed when an achievement is made, because awards are kept by it; null where all may change.</summary>
    public virtual (string Name, Enum Value)? Fixed() => null;

    /// <summary>With each period that is decided.</summary>
    protected static Repeat EachOf(TimeRange range) => range switch
    {
        TimeRange.Day => Repeat.Day,
        TimeRange.Week => Repeat.Week,
        TimeRange.Month => Repeat.Month,
        TimeRange.All => Repeat.Once,
    };
}

/// <summary>How often one tier can be earned by the same person.</summary>
public enum Repeat { Once, Day, Week, Month, EveryTime }

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
}

public enum BestPeriod { Yesterday, Last7Days, Week, Month }
public enum Best { Highest, Lowest }
public enum Ties { All, Earliest }
/// <summary>Among whom there is one best: the whole audience, each team, or each site.</summary>
public enum Among { Everybody, Team, Site }

/// <summary>The best of a finished period among all who have data.</summary>
/// <param name="Minimum">Value that must be reached at least; null for none.</param>
/// <param name="Sample">Fewest contributions to compete.</param>
/// <param name="Among">By team or site as it is on the period's last workday; who is in no team does not compete in one.</param>
public sealed record BestOfPeriod(
    MetricKey Metric, BestPeriod Period, Best Best, Amount? Minimum, int Sample, Ties Ties,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Among Among = Among.Everybody) : Rule
{
    public override string Type => "best-of-period";
    public override IReadOnlyList<MetricKey> Metrics => [Metric];
    public override Repeat DefaultRepeat => Period switch
    {
        BestPeriod.Yesterday or BestPeriod.Last7Days => Repeat.Day,
        BestPeriod.Week => Repeat.Week,
        BestPeriod.Month => Repeat.Month,
    };

    public override ContestDecision Contest(RuleHistory history, Func<MetricKey, Metric> metrics) =>
        new BestOfPeriodDecision(history, metrics);
    public override (string Name, Enum Value)? Fixed() => ("period", Period);
    public override Succession? Succession() => Achievements.Succession.ByPeriod;
}

/// <summary>The first activity of one of the types: a live count of one.</summary>
/// <param name="Metric">A count of these types, kept for this rule.</param>
public sealed record FirstTime(IReadOnlyList<string> Activities, MetricKey Metric) : Rule
{
    public override string Type => "first-time";
    public override IReadOnlyList<MetricKey> Metrics => [Metric];
    public override Repeat DefaultRepeat => Repeat.Once;

    [JsonIgnore]
    public Threshold AsThreshold { get; } = new([new Condition(Metric, Comparison.AtLeast, [Amount.One], 1)], TimeRange.All);

    public override Threshold Running() => AsThreshold;
    public override PersonDecision Decision(RuleHistory history, Func<MetricKey, Metric> metrics) =>
        new ThresholdDecision(history, metrics);
}

/// <summary>Granted by a person, with a note.</summary>
public sealed record Manual : Rule
{
    [JsonIgnore]
    public override bool IsRecorded => true;
    public override string Type => "manual";
    public override IReadOnlyList<MetricKey> Metrics => [];
    public override Repeat DefaultRepeat => Repeat.EveryTime;
    public override Succession? Succession() => Achievements.Succession.ByMoment;
}
