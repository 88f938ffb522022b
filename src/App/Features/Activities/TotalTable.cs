using System.Buffers;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>
/// In a table, where nodes share the database: read and written under the lock of their person, so that none is ever stale. All of a
/// person lie in one row, for a batch touches several of each of its people, and only they are held.
/// </summary>
public sealed class TotalTable : RunningTotals
{
    /// <summary>What ended so many days before a person's latest work is let go; late work adds it up anew.</summary>
    private const int KeptDays = 62;

    private readonly Dictionary<TotalKey, Total> loaded = [];
    /// <summary>Whose row was read.</summary>
    private readonly HashSet<PersonKey> held = [];
    private readonly HashSet<PersonKey> changed = [];
    private readonly HashSet<PersonKey> forgotten = [];

    public override void Load(Statements statements, IReadOnlyCollection<TotalKey> keys)
    {
        Clear();
        if (keys.Count == 0) return;
        var people = new Rows("", "person bigint");
        held.UnionWith(keys.Select(k => k.Person));
        foreach (var person in held) people.Add(person.Value);
        statements.Look("t.person, t.totals", "running", people, row =>
        {
            foreach (var (key, total) in Read(new(row.Number(0)), row.Bytes(1))) loaded[key] = total;
        });
        var spans = loaded.Keys.Select(k => (k.Metric, k.Days)).ToHashSet();
        var missing = new HashSet<TotalKey>();
        foreach (var key in keys)
        {
            if (loaded.ContainsKey(key)) continue;
            if (IsNew(key, spans)) loaded[key] = Total.Empty;
            else missing.Add(key);
        }
        foreach (var (key, total) in Rebuild(statements, missing, new HashSet<(MetricKey, WorkdaySpan)>()))
            if (missing.Contains(key)) loaded.TryAdd(key, WithLastAt(statements, key.Person, total));
    }

    /// <summary>Whether a longer total of the same metric knows of no work since these days began: each morning, for everybody.</summary>
    private bool IsNew(TotalKey key, HashSet<(MetricKey Metric, WorkdaySpan Days)> spans)
    {
        foreach (var (metric, days) in spans)
            if (metric == key.Metric && days.First <= key.First && key.Last <= days.Last
                && loaded.TryGetValue(key with { First = days.First, Last = days.Last }, out var longer) && longer.LastDay < key.First)
                return true;
        return false;
    }

    public override Total Get(Statements statements, TotalKey key) =>
        loaded.TryGetValue(key, out var known) ? known : loaded[key] = One(statements, key);

    public override void Put(TotalKey key, Total total)
    {
        loaded[key] = total;
        changed.Add(key.Person);
    }

    public override void Drop(TotalKey key)
    {
        loaded.Remove(key);
        (held.Contains(key.Person) ? changed : forgotten).Add(key.Person);
    }

    public override void Save(Statements statements)
    {
        var rows = new Rows("running", "person bigint", "totals bytea");
        var written = loaded.Where(t => changed.Contains(t.Key.Person)).GroupBy(t => t.Key.Person).OrderBy(g => g.Key).ToList();
        foreach (var own in written)
        {
            var newest = own.Max(t => t.Value.LastDay);
            // Different texts do not fit into a row: such totals are added up anew for each batch that needs them.
            var worth = own.Where(t => t.Value is { Rollup: { IsEmpty: false, Beside: null }, LastAt: not null }
                && newest.Number - t.Key.Last.Number <= KeptDays);
            rows.Add(own.Key.Value, Write(worth.Select(t => (t.Key, t.Value))));
            changed.Remove(own.Key);
        }
        statements.Insert(rows, "ON CONFLICT (person) DO UPDATE SET totals = excluded.totals");
        // Who only lost something was not read, or has nothing left: theirs are added up anew when they are needed.
        forgotten.UnionWith(changed);
        var gone = new Rows("running", "person bigint");
        foreach (var person in forgotten.Order()) gone.Add(person.Value);
        statements.Delete(gone);
    }

    public override void Clear()
    {
        loaded.Clear();
        held.Clear();
        changed.Clear();
        forgotten.Clear();
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
        statements["DELETE FROM running"].Bind().Run();
        statements["UPDATE setting SET value = CAST(@0 AS TEXT) WHERE name = 'totals-of-rules'"].Bind(rules).Run();
    }

    /// <summary>The row of one person's totals: one after the other, each as nine numbers of one to ten bytes.</summary>
    public static byte[] Write(IEnumerable<(TotalKey Key, Total Total)> totals)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        foreach (var (key, (rollup, lastDay, lastAt)) in totals)
        {
            Number(key.Metric.Value);
            Number(key.First.Number);
            Number(key.Last.Number);
            Number(rollup.Count);
            Number((long)rollup.Sum);
            Number(rollup.Least);
            Number(rollup.Greatest);
            Number(lastDay.Number);
            Number(lastAt!.Value);
        }
        return bytes.WrittenSpan.ToArray();

        // The sign goes last, so that small numbers of both signs are short; seven bits a byte, the lowest first.
        void Number(long number)
        {
            var rest = unchecked((ulong)((number << 1) ^ (number >> 63)));
            var span = bytes.GetSpan(10);
            var length = 0;
            for (; rest > 0x7f; rest >>= 7) span[length++] = (byte)((rest & 0x7f) | 0x80);
            span[length++] = (byte)rest;
            bytes.Advance(length);
        }
    }

    public static IEnumerable<(TotalKey Key, Total Total)> Read(PersonKey person, byte[] totals)
    {
        var at = 0;
        while (at < totals.Length)
        {
            var (metric, first, last) = (Number(), (int)Number(), (int)Number());
            var rollup = new Rollup(Number(), Number(), Number(), Number());
            yield return (new(new(metric), new(first), new(last), person), new(rollup, new((int)Number()), Number()));
        }

        long Number()
        {
            var rest = 0UL;
            for (var shift = 0; ; shift += 7)
            {
                var next = totals[at++];
                rest |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80) break;
            }
            return unchecked((long)(rest >> 1) ^ -(long)(rest & 1));
        }
    }
}
