using System.Text.Json.Serialization;
using Laurel.Engine.Activities;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Presence;

namespace Laurel.Engine.Metrics;

public enum Aggregate { Count, Sum, Average, Maximum, Minimum, Distinct, Ratio }
public enum Unit { Number, Seconds, Percent, Currency, Points }
public enum Direction { Higher, Lower }

/// <summary>One side of a ratio: a version of a metric that counts or adds up, with rollups of its own.</summary>
public sealed record RatioPart(MetricKey Metric, string Id, Aggregate Aggregate);

/// <summary>
/// A ratio of two metrics over the same days: what the one adds up to by what the other does, not an average of daily ratios.
/// </summary>
public sealed record Ratio(RatioPart Numerator, RatioPart Denominator);

/// <summary>
/// One version of a metric: which activities count, and how they are put together. One definition serves every page and rule.
/// </summary>
/// <param name="Types">Activity types that count; none of them twice. None for a ratio, and for what counts all.</param>
/// <param name="Measure">The measure that is added up; null for what is counted.</param>
/// <param name="Where">All must hold.</param>
/// <param name="NeverNegative">Whether every type declares the measure never negative, so that a sum can but grow.</param>
public sealed record Metric(
    MetricKey Key,
    string Id,
    Aggregate Aggregate,
    Unit Unit,
    Direction Direction,
    IReadOnlyList<string> Types,
    string? Measure,
    IReadOnlyList<Filter> Where,
    bool NeverNegative)
{
    /// <summary>The label whose different texts are counted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Label { get; init; }

    /// <summary>What a ratio is made of; it has no rollups of its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Ratio? Ratio { get; init; }

    /// <summary>Another system sends a value per person and workday, and may send another one later.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool External { get; init; }

    /// <summary>
    /// Counts everything that a person does, of whatever type. Values of other systems are nothing done. Time online or in a pause is, the
    /// change of status by itself is not: who goes offline has no workday by that. Nor is time that nobody ended on the day, nor a goal
    /// that is told to be reached when its period is over, perhaps on a day off.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OfAnyType { get; init; }

    /// <summary>Whether activities of a type may count.</summary>
    public bool Counts(string type) =>
        OfAnyType
            ? !ActivityType.IsOfExternal(type) && type is not (PresenceTypes.Change or GoalTypes.Reached)
            : Types.Contains(type, StringComparer.Ordinal);

    /// <summary>
    /// What the activity adds, or null when it does not count: another type, filtered out, or without the measure or label.
    /// </summary>
    public Reading? Reads(in Occurrence occurrence)
    {
        if (!Counts(occurrence.Type) || (OfAnyType && IsForgotten(occurrence))) return null;
        foreach (var filter in Where)
            if (!filter.Holds(occurrence)) return null;
        if (Label is not null) return Filter.Find(occurrence.Labels, Label) is { } text ? new(Amount.One, text) : null;
        if (Measure is null) return new(Amount.One);
        return Filter.Find(occurrence.Measures, Measure) is { } amount ? new(amount, Times: Times(occurrence.Measures)) : null;
    }

    private static bool IsForgotten(in Occurrence occurrence) =>
        string.Equals(occurrence.Type, PresenceTypes.Segment, StringComparison.Ordinal)
        && Filter.Find(occurrence.Measures, PresenceTypes.Forgotten) is not null;

    /// <summary>Another system's value of a day may be the average of several.</summary>
    private long Times(IReadOnlyList<Measure> measures) =>
        External && Aggregate == Aggregate.Average && Filter.Find(measures, ActivityType.ExternalCount.Name) is { } count
            ? count.Thousandths / 1000
            : 1;

    /// <summary>Whether more work can but move the value one way, the live kinds: up, or for a minimum down.</summary>
    [JsonIgnore]
    public bool MovesOneWay => !External && Aggregate switch
    {
        Aggregate.Count or Aggregate.Distinct or Aggregate.Maximum or Aggregate.Minimum => true,
        Aggregate.Sum => NeverNegative,
        Aggregate.Average or Aggregate.Ratio => false,
    };

    /// <summary>Whether a condition on it can but be met later, never be lost: then it is decided live.</summary>
    public bool IsLive(Comparison comparison) =>
        MovesOneWay && comparison == (Aggregate == Aggregate.Minimum ? Comparison.AtMost : Comparison.AtLeast);

    /// <summary>Averages and ratios of little are luck: they need several activities to be taken seriously.</summary>
    [JsonIgnore]
    public bool NeedsSample => Aggregate is Aggregate.Average or Aggregate.Ratio;
}
