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
/// Running totals of the fast path: in memory, over the table, over the rollups. Each layer may be dropped at any time; after
/// a failed transaction the memory must be (<see cref="Clear"/>).
/// </summary>
public sealed class TotalCache
{
    private const int Most = 300_000;
    private const string Select =
        "SELECT count, sum, least, greatest, last_at FROM total WHERE metric = @0 AND last = @1 AND first = @2 AND person = @3";
    private const string Upsert = """
        INSERT INTO total (metric, last, first, person, count, sum, least, greatest, last_at) VALUES (@0, @1, @2, @3, @4, @5, @6, @7, @8)
        ON CONFLICT (metric, last, first, person) DO UPDATE SET count = excluded.count, sum = excluded.sum,
          least = excluded.least, greatest = excluded.greatest, last_at = excluded.last_at
        """;

    private readonly Dictionary<TotalKey, Total> memory = [];

    public void Clear() => memory.Clear();

    /// <summary>The total before this batch; rebuilt from the rollups, which the batch has not touched yet, when it is not kept.</summary>
    public Total Get(Statements statements, DbTransaction transaction, TotalKey key, Func<Workday, long> endOf)
    {
        if (memory.TryGetValue(key, out var known)) return known;
        using (var reader = statements[Select].Bind(transaction, key.Metric.Value, key.Last.Number, key.First.Number, key.Person.Value).Read())
            if (reader.Read())
                return Remember(key, new(
                    new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)), reader.GetInt64(4)));
        var total = Rollup.None;
        Workday? last = null;
        foreach (var day in RollupStore.OfPerson(statements.Connection, key.Metric, key.Person, new(key.First, key.Last), transaction))
            (total, last) = (total.Merge(day.Rollup), day.Day);
        // The exact latest instant is not in the rollups: its day's end is later, which only costs a recomputation.
        return Remember(key, last is { } day1 ? new(total, endOf(day1) - 1) : Total.Empty);
    }

    public void Put(Statements statements, DbTransaction transaction, TotalKey key, Total total)
    {
        var r = total.Rollup;
        statements[Upsert].Bind(transaction, key.Metric.Value, key.Last.Number, key.First.Number, key.Person.Value,
            r.Count, (long)r.Sum, r.Least, r.Greatest, total.LastAt).Run();
        Remember(key, total);
    }

    public void Drop(Statements statements, DbTransaction transaction, TotalKey key)
    {
        memory.Remove(key);
        statements["DELETE FROM total WHERE metric = @0 AND last = @1 AND first = @2 AND person = @3"]
            .Bind(transaction, key.Metric.Value, key.Last.Number, key.First.Number, key.Person.Value).Run();
    }

    private Total Remember(TotalKey key, Total total)
    {
        if (memory.Count >= Most) memory.Clear();
        return memory[key] = total;
    }
}
