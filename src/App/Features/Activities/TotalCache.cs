using System.Data.Common;
using Laurel.App.Features.Metrics;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>What one running total is about.</summary>
public readonly record struct TotalKey(MetricKey Metric, Workday First, Workday Last, PersonKey Person) : IComparable<TotalKey>
{
    public int CompareTo(TotalKey other)
    {
        var by = Metric.CompareTo(other.Metric);
        if (by == 0) by = Last.CompareTo(other.Last);
        if (by == 0) by = First.CompareTo(other.First);
        return by == 0 ? Person.CompareTo(other.Person) : by;
    }
}

/// <summary>A running total and the instant of its latest work (or a later one).</summary>
public readonly record struct Total(Rollup Rollup, long LastAt)
{
    public static readonly Total Empty = new(Rollup.None, long.MinValue);
}

/// <summary>
/// Running totals of the fast path, in memory over the rollups. The process owns the file, so nobody else can make them stale;
/// they may be dropped at any time, and must be after a failed transaction (<see cref="Clear"/>). Writing them to a table
/// as well would be more than half of all rows that an activity touches.
/// </summary>
public sealed class TotalCache
{
    /// <summary>About 100 bytes each; an installation of 10,000 people with ten counted metrics needs a tenth of them.</summary>
    private const int Most = 1_000_000;

    private readonly Dictionary<TotalKey, Total> memory = [];

    public void Clear() => memory.Clear();

    /// <summary>The total before this batch; added up from the rollups, which the batch has not touched yet, when it is not kept.</summary>
    public Total Get(Statements statements, DbTransaction transaction, TotalKey key)
    {
        if (memory.TryGetValue(key, out var known)) return known;
        var total = Rollup.None;
        Workday? last = null;
        foreach (var day in RollupStore.OfPerson(statements.Connection, key.Metric, key.Person, new(key.First, key.Last), transaction))
            (total, last) = (total.Merge(day.Rollup), day.Day);
        if (last is not { } latest) return Put(key, Total.Empty);
        // The person's latest activity of that day before this batch, counted or not: where it is later than what was counted,
        // that costs no more than a recomputation.
        using var reader = statements["SELECT max(at) FROM activity WHERE day = @0 AND person = @1 AND key < @2"]
            .Bind(transaction, latest.Number, key.Person.Value, FirstKeyOfBatch).Read();
        return Put(key, new(total, reader.Read() && !reader.IsDBNull(0) ? reader.GetInt64(0) : long.MaxValue));
    }

    /// <summary>Activities with this key or a greater one belong to the batch that is being taken.</summary>
    public long FirstKeyOfBatch { get; set; }

    public Total Put(TotalKey key, Total total)
    {
        if (memory.Count >= Most) memory.Clear();
        return memory[key] = total;
    }

    public void Drop(TotalKey key) => memory.Remove(key);
}
