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

    /// <summary>Whether it names a metric by its id, beside those that it reads.</summary>
    public virtual bool Names(string metric) => false;

    /// <summary>Whether a person gives it: there is nothing to decide.</summary>
    public virtual bool IsByHand() => false;

    /// <summary>Whether it has a moment of its own and one level, so that it may be a step of a path where it is earned once.</summary>
    public virtual bool IsStep(Func<MetricKey, Metric> metrics) => false;

    /// <summary>Whether it may be earned every time, where its kind allows that at all.</summary>
    public virtual bool MayBeEveryTime(Func<MetricKey, Metric> metrics) => true;

    /// <summary>Whether who competes depends on people's teams or sites.</summary>
    public virtual bool IsByPlace() => false;

    /// <summary>What its period must meet, condition by condition; none for kinds that ask otherwise.</summary>
    public virtual IReadOnlyList<Condition> Asks() => [];

    /// <summary>Values of metrics that it holds work against, and whether each is the least or the most.</summary>
    public virtual IEnumerable<(MetricKey Metric, Amount Limit, bool IsLeast)> Limits() =>
        from one in Asks()
        from target in one.Targets.Distinct()
        select (one.Metric, target, one.Comparison is Comparison.AtLeast or Comparison.Above);

    /// <summary>What a tier asks for; null for kinds without a target.</summary>
    /// <param name="tier">From 1; others are the nearest that there is.</param>
    public virtual Amount? Asks(int tier) => null;

    /// <summary>The part that is fixed when an achievement is made, because awards are kept by it; null where all may change.</summary>
    public virtual (string Name, Enum Value)? Fixed() => null;

    // --- what a backtest asks -----------------------------------------------------------------------------------------

    /// <summary>Of whose whole periods it is looked at; null where days do as well.</summary>
    public virtual TimeRange? Periods() => null;

    /// <summary>
    /// The values that its targets are held against, of one person: of each whole period, of all that is counted, of each change, or of
    /// the longest row.
    /// </summary>
    public virtual IEnumerable<Amount> Measured(Measuring work) => [];

    /// <summary>The targets that these values are held against, each harder than the one before.</summary>
    public virtual IReadOnlyList<Amount> Targets() => [];

    /// <summary>The least and the most that a target may be; null where the kind sets no bound.</summary>
    public virtual (Amount? Least, Amount? Most) Bounds() => (null, null);

    /// <summary>Whether more is better.</summary>
    public virtual bool IsRising() => true;

    /// <summary>
    /// Whether it rewards short times and asks for nothing that tells good work from hasty work: no average, share or score of anything
    /// else.
    /// </summary>
    public virtual bool RewardsHaste(Func<MetricKey, Metric> metrics) => false;

    /// <summary>The tier's of several, or the nearest that there is.</summary>
    protected static T OfTier<T>(IReadOnlyList<T> tiers, int tier) => tiers[Math.Clamp(tier, 1, tiers.Count) - 1];

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
