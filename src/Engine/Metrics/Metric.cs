using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.Engine.Metrics;

public enum Aggregate { Count, Sum, Average, Maximum }
public enum Unit { Number, Seconds, Percent, Currency, Points }
public enum Direction { Higher, Lower }

/// <summary>What an activity adds to a metric: its place in the order of occurrence, and how much.</summary>
public readonly record struct Contribution(ActivityOrder Order, Amount Amount);

/// <summary>
/// One version of a metric: which activities count, and how they are put together. One definition serves every page and rule.
/// </summary>
/// <param name="Types">Activity types that count; none of them twice.</param>
/// <param name="Measure">The measure that is added up; null for a count.</param>
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
    /// <summary>What the activity adds, or null when it does not count: another type, filtered out, or without the measure.</summary>
    public Amount? Reads(string type, IReadOnlyList<Measure> measures, IReadOnlyList<Label> labels)
    {
        if (!Types.Contains(type, StringComparer.Ordinal)) return null;
        foreach (var filter in Where)
            if (!filter.Holds(measures, labels)) return null;
        return Measure is null ? Amount.One : Filter.Find(measures, Measure);
    }

    /// <summary>Whether the value can but move towards a target from below: then it is decided live.</summary>
    public bool OnlyGrows => Aggregate switch
    {
        Aggregate.Count => true,
        Aggregate.Sum => NeverNegative,
        Aggregate.Average => false,
        Aggregate.Maximum => true,
    };
}
