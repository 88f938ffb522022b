using System.Collections.Immutable;
using Laurel.Engine.Kernel;

namespace Laurel.Engine.Metrics;

/// <summary>
/// What is kept of a metric per person and workday, and of any longer time: how many, their sum, least and greatest, the
/// amounts in thousandths. Merging does not depend on order.
/// </summary>
public readonly record struct Rollup(long Count, Int128 Sum, long Least, long Greatest)
{
    public static readonly Rollup None = new(0, 0, long.MaxValue, long.MinValue);

    /// <summary>What some metrics need beside the numbers: the different texts, or what a ratio is divided by.</summary>
    public Beside? Beside { get; init; }

    public bool IsEmpty => Count == 0;

    public static Rollup Of(Reading reading) =>
        new(reading.Times, reading.Sum, reading.Amount.Thousandths, reading.Amount.Thousandths)
        {
            Beside = reading.Text is null ? null : Texts.None.Add(reading.Text, 1),
        };

    /// <summary>
    /// The rollup of a ratio over some days, from those of its two metrics. It counts what it is divided by: who has none of that has no
    /// ratio, who has it and nothing of the other has a ratio of 0. In percent it is per hundred.
    /// </summary>
    public static Rollup Of(Metric metric, Rollup numerator, Rollup denominator) =>
        new(denominator.Count, AddedUp(metric.Ratio!.Numerator, numerator) * (metric.Unit == Unit.Percent ? 100 : 1), long.MaxValue,
            long.MinValue)
        {
            Beside = new Divisor(AddedUp(metric.Ratio.Denominator, denominator)),
        };

    private static Int128 AddedUp(RatioPart part, Rollup rollup) =>
        part.Aggregate == Aggregate.Count ? (Int128)rollup.Count * 1000 : rollup.Sum;

    public Rollup Merge(Rollup other) => new(
        Count + other.Count, Sum + other.Sum, Math.Min(Least, other.Least), Math.Max(Greatest, other.Greatest))
    {
        Beside = Beside is null ? other.Beside : other.Beside is null ? Beside : Beside.Merge(other.Beside),
    };

    public Rollup Add(Reading reading) => Beside is Texts texts && reading.Text is not null
        ? Merge(Of(new Reading(reading.Amount))) with { Beside = texts.Add(reading.Text, 1) }
        : Merge(Of(reading));

    /// <summary>The metric's value; null without data, and for a ratio by nothing.</summary>
    public MetricValue? Value(Aggregate aggregate) => IsEmpty ? null : aggregate switch
    {
        Aggregate.Count => new MetricValue((Int128)Count * 1000, 1),
        Aggregate.Sum => new MetricValue(Sum, 1),
        Aggregate.Average => new MetricValue(Sum, Count),
        Aggregate.Maximum => new MetricValue(Greatest, 1),
        Aggregate.Minimum => new MetricValue(Least, 1),
        Aggregate.Distinct => new MetricValue((Int128)((Beside as Texts)?.Counts.Count ?? 0) * 1000, 1),
        Aggregate.Ratio => (Beside as Divisor)?.Of(Sum),
    };
}

/// <summary>Kept of some metrics beside the numbers; one kind per metric.</summary>
public abstract class Beside
{
    public abstract Beside Merge(Beside other);
}

/// <summary>Different texts of a label, and how often each.</summary>
public sealed class Texts : Beside, IEquatable<Texts>
{
    public static readonly Texts None = new(ImmutableDictionary.Create<string, long>(StringComparer.Ordinal));

    private Texts(ImmutableDictionary<string, long> counts) => Counts = counts;

    public ImmutableDictionary<string, long> Counts { get; }

    public Texts Add(string text, long count) => new(Counts.SetItem(text, Counts.GetValueOrDefault(text) + count));

    public override Beside Merge(Beside other)
    {
        var (more, less) = Counts.Count >= ((Texts)other).Counts.Count ? (this, (Texts)other) : ((Texts)other, this);
        var counts = more.Counts.ToBuilder();
        foreach (var (text, count) in less.Counts) counts[text] = counts.GetValueOrDefault(text) + count;
        return new Texts(counts.ToImmutable());
    }

    public bool Equals(Texts? other) => other is not null && Counts.Count == other.Counts.Count
        && Counts.All(c => other.Counts.TryGetValue(c.Key, out var count) && count == c.Value);
    public override bool Equals(object? obj) => Equals(obj as Texts);
    public override int GetHashCode() => Counts.Count;
}

/// <summary>What a ratio is divided by, in thousandths.</summary>
public sealed class Divisor(Int128 sum) : Beside, IEquatable<Divisor>
{
    public Int128 Sum { get; } = sum;

    public override Beside Merge(Beside other) => new Divisor(Sum + ((Divisor)other).Sum);

    /// <summary>Null where it is nothing.</summary>
    public MetricValue? Of(Int128 numerator) => Sum == 0 ? null
        : Sum > 0 ? new(numerator * 1000, Sum)
        : new(-numerator * 1000, -Sum);

    public bool Equals(Divisor? other) => other is not null && Sum == other.Sum;
    public override bool Equals(object? obj) => Equals(obj as Divisor);
    public override int GetHashCode() => Sum.GetHashCode();
}

/// <summary>A rollup of one workday.</summary>
public readonly record struct DayRollup(Workday Day, Rollup Rollup)
{
    /// <summary>The days with one more added to its own; all ascending.</summary>
    public static List<DayRollup> With(IReadOnlyList<DayRollup> days, DayRollup more)
    {
        var all = new List<DayRollup>(days.Count + 1);
        var added = false;
        foreach (var day in days)
        {
            if (!added && day.Day >= more.Day)
            {
                added = true;
                all.Add(day.Day == more.Day ? more with { Rollup = day.Rollup.Merge(more.Rollup) } : more);
                if (day.Day == more.Day) continue;
            }
            all.Add(day);
        }
        if (!added) all.Add(more);
        return all;
    }
}
