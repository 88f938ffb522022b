using Laurel.Engine.Kernel;

namespace Laurel.Engine.Metrics;

/// <summary>
/// What is kept of a metric per person and workday, and of any longer time: how many, their sum, least and greatest, the
/// amounts in thousandths. Merging does not depend on order.
/// </summary>
public readonly record struct Rollup(long Count, Int128 Sum, long Least, long Greatest)
{
    public static readonly Rollup None = new(0, 0, long.MaxValue, long.MinValue);

    public bool IsEmpty => Count == 0;

    public static Rollup Of(Amount amount) => new(1, amount.Thousandths, amount.Thousandths, amount.Thousandths);

    public Rollup Merge(Rollup other) => new(
        Count + other.Count, Sum + other.Sum, Math.Min(Least, other.Least), Math.Max(Greatest, other.Greatest));

    public Rollup Add(Amount amount) => Merge(Of(amount));

    /// <summary>The metric's value; null without data.</summary>
    public MetricValue? Value(Aggregate aggregate) => IsEmpty ? null : aggregate switch
    {
        Aggregate.Count => new MetricValue((Int128)Count * 1000, 1),
        Aggregate.Sum => new MetricValue(Sum, 1),
        Aggregate.Average => new MetricValue(Sum, Count),
        Aggregate.Maximum => new MetricValue(Greatest, 1),
    };
}

/// <summary>A rollup of one workday.</summary>
public readonly record struct DayRollup(Workday Day, Rollup Rollup);
