using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>
/// In a table, where nodes share the database: read and written under the lock of their person, so that none is ever stale. Only
/// totals of the people of a batch are kept, for only they are held.
/// </summary>
public sealed class TotalTable : RunningTotals
{
    private const string Merge = """
        ON CONFLICT (metric, last, first, person) DO UPDATE SET count = excluded.count, sum = excluded.sum, least = excluded.least,
          greatest = excluded.greatest, last_day = excluded.last_day, last_at = excluded.last_at
        """;

    private readonly Dictionary<TotalKey, Total> loaded = [];
    private readonly HashSet<TotalKey> changed = [];
    private readonly HashSet<TotalKey> dropped = [];

    public override void Load(Statements statements, IReadOnlyCollection<TotalKey> keys)
    {
        loaded.Clear();
        changed.Clear();
        dropped.Clear();
        if (keys.Count == 0) return;
        var asked = new Rows("", "metric bigint", "last bigint", "first bigint", "person bigint");
        foreach (var key in keys) asked.Add(key.Metric.Value, key.Last.Number, key.First.Number, key.Person.Value);
        statements.Look(
            "t.metric, t.first, t.last, t.person, t.count, t.sum, t.least, t.greatest, t.last_day, t.last_at", "total", asked,
            row => loaded[new(new(row.Number(0)), new((int)row.Number(1)), new((int)row.Number(2)), new(row.Number(3)))] =
                new(new(row.Number(4), row.Number(5), row.Number(6), row.Number(7)), new((int)row.Number(8)), row.Number(9)));
        var missing = keys.Where(k => !loaded.ContainsKey(k)).ToHashSet();
        foreach (var (key, total) in Rebuild(statements, missing, new HashSet<(MetricKey, WorkdaySpan)>()))
            if (missing.Contains(key)) loaded.TryAdd(key, WithLastAt(statements, key.Person, total));
    }

    public override Total Get(Statements statements, TotalKey key) =>
        loaded.TryGetValue(key, out var known) ? known : loaded[key] = One(statements, key);

    public override void Put(TotalKey key, Total total)
    {
        loaded[key] = total;
        changed.Add(key);
    }

    public override void Drop(TotalKey key)
    {
        loaded.Remove(key);
        changed.Remove(key);
        dropped.Add(key);
    }

    public override void Save(Statements statements)
    {
        foreach (var key in dropped.Order())
            statements["DELETE FROM total WHERE metric = @0 AND last = @1 AND first = @2 AND person = @3"]
                .Bind(key.Metric.Value, key.Last.Number, key.First.Number, key.Person.Value).Run();
        var rows = new Rows("total", "metric bigint", "first bigint", "last bigint", "person bigint", "count bigint", "sum bigint",
            "least bigint", "greatest bigint", "last_day bigint", "last_at bigint");
        foreach (var key in changed.Order())
        {
            var (rollup, lastDay, lastAt) = loaded[key];
            // Different texts do not fit into a row: such totals are added up anew for each batch that needs them.
            if (rollup.Beside is not null) continue;
            rows.Add(key.Metric.Value, key.First.Number, key.Last.Number, key.Person.Value, rollup.Count, (long)rollup.Sum, rollup.Least,
                rollup.Greatest, lastDay.Number, lastAt!.Value);
        }
        statements.Insert(rows, Merge);
    }

    public override void Clear()
    {
        loaded.Clear();
        changed.Clear();
        dropped.Clear();
    }

    /// <summary>What other rules counted is thrown away by the first who comes after they changed.</summary>
    public override void Begin(Statements statements, Snapshot snapshot)
    {
        base.Begin(statements, snapshot);
        var rules = snapshot.RulesVersion;
        const string Read = "SELECT CAST(value AS BIGINT) FROM setting WHERE name = 'totals-of-rules'";
        if (statements[Read].Bind().Number() == rules) return;
        statements["INSERT INTO setting (name, value) VALUES ('totals-of-rules', '-1') ON CONFLICT (name) DO NOTHING"].Bind().Run();
        if (statements[Read + " FOR UPDATE"].Bind().Number() == rules) return;
        statements["DELETE FROM total"].Bind().Run();
        statements["UPDATE setting SET value = CAST(@0 AS TEXT) WHERE name = 'totals-of-rules'"].Bind(rules).Run();
    }
}
