using System.Runtime.InteropServices;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>What one running total is about: a metric's value over some workdays, of one person.</summary>
public readonly record struct TotalKey(MetricKey Metric, Workday First, Workday Last, PersonKey Person) : IComparable<TotalKey>
{
    public WorkdaySpan Days => new(First, Last);

    public int CompareTo(TotalKey other)
    {
        var by = Metric.CompareTo(other.Metric);
        if (by == 0) by = Last.CompareTo(other.Last);
        if (by == 0) by = First.CompareTo(other.First);
        return by == 0 ? Person.CompareTo(other.Person) : by;
    }
}

/// <summary>A running total with the instant of its latest work or a later one; null until somebody asked for it.</summary>
/// <param name="LastDay">The latest workday with data.</param>
public readonly record struct Total(Rollup Rollup, Workday LastDay, long? LastAt)
{
    public static readonly Total Empty = new(Rollup.None, Workday.Beginning, long.MinValue);

    public Total Merge(DayRollup day) => new(Rollup.Merge(day.Rollup), Workday.Max(LastDay, day.Day), null);
}

/// <summary>
/// Running totals of the fast path: a cache over the rollups that may be dropped at any time. A batch loads what it needs before it
/// writes anything, so that what is rebuilt is as it was before the batch.
/// </summary>
public abstract class RunningTotals
{
    /// <summary>From this many missing ones on, everybody's are read in one pass over the metric's days.</summary>
    private const int Many = 16;

    private Func<MetricKey, Metric> metrics = key => throw new InvalidOperationException($"Nothing is known of metric {key.Value} yet.");

    /// <summary>The totals of a database of this kind.</summary>
    public static RunningTotals For(Dialect dialect) => dialect.IsShared ? new TotalTable() : new TotalsInMemory();

    /// <summary>At the beginning of a batch: other rules count other days, and a metric may have been built meanwhile.</summary>
    public virtual void Begin(Statements statements, Snapshot snapshot) => metrics = snapshot.Rules.Metric;

    /// <summary>Makes these at hand, with <see cref="Total.LastAt"/>.</summary>
    public abstract void Load(Statements statements, IReadOnlyCollection<TotalKey> keys);

    /// <summary>One that is at hand; otherwise added up from the rollups as they are.</summary>
    public abstract Total Get(Statements statements, TotalKey key);

    public abstract void Put(TotalKey key, Total total);

    /// <summary>Something was taken away from it.</summary>
    public abstract void Drop(TotalKey key);

    /// <summary>At the end of a batch.</summary>
    public virtual void Save(Statements statements) { }

    /// <summary>Forgets everything: after a failed transaction, or when the rules have changed.</summary>
    public abstract void Clear();

    /// <summary>
    /// Adds up those that are missing: one by one where they are few, in one pass where many people share the workdays. After a pass
    /// whoever is not told of has no data.
    /// </summary>
    protected IEnumerable<(TotalKey Key, Total Total)> Rebuild(
        Statements statements, IEnumerable<TotalKey> missing, ISet<(MetricKey, WorkdaySpan)> passed)
    {
        var packed = PackedDays.Through(statements);
        var people = new Dictionary<PersonKey, PersonRollups>();
        foreach (var shared in missing.GroupBy(k => (k.Metric, k.Days)))
        {
            var keys = shared.ToList();
            if (!passed.Contains(shared.Key))
            {
                if (keys.Count < Many)
                {
                    // Years come from what is packed, all of a person's at once; a few days cost less by themselves.
                    foreach (var key in keys)
                        yield return (key, key.First > packed ? One(statements, key)
                            : Sum(Of(key.Person).Of(metrics(key.Metric), key.Days)));
                    continue;
                }
                foreach (var (person, total) in Everybody(statements, shared.Key.Metric, shared.Key.Days))
                    yield return (keys[0] with { Person = person }, total);
                passed.Add(shared.Key);
            }
            foreach (var key in keys) yield return (key, Total.Empty);
        }

        PersonRollups Of(PersonKey person) =>
            people.TryGetValue(person, out var known) ? known : people[person] = new(statements, person);
    }

    protected Total One(Statements statements, TotalKey key) =>
        Sum(RollupStore.OfPerson(statements, metrics(key.Metric), key.Person, key.Days));

    private static Total Sum(List<DayRollup> days)
    {
        var total = Total.Empty;
        foreach (var day in days) total = total.Merge(day);
        return total;
    }

    private Dictionary<PersonKey, Total> Everybody(Statements statements, MetricKey metric, WorkdaySpan days)
    {
        var people = new Dictionary<PersonKey, Total>();
        RollupStore.Each(statements, metrics(metric), days, (person, day) =>
        {
            ref var total = ref CollectionsMarshal.GetValueRefOrAddDefault(people, person, out var known);
            total = (known ? total : Total.Empty).Merge(day);
        });
        return people;
    }

    /// <summary>The instant of the person's latest activity on the latest workday with data, whether it counts or not: that costs no more
    /// than a recomputation.</summary>
    /// <remarks>Activities of before the retention horizon are gone: their workday was over everywhere by a day later.</remarks>
    protected static Total WithLastAt(Statements statements, PersonKey person, Total total) => total.LastAt is not null ? total : total with
    {
        LastAt = statements["SELECT max(at) FROM activity WHERE day = @0 AND person = @1"].Bind(total.LastDay.Number, person.Value).Number()
            ?? Retention.Horizon.LatestStart(total.LastDay.Plus(1)),
    };
}

/// <summary>
/// In memory: where one process owns the database nobody else can make them stale. Writing them to a table as well would be
/// more than half of all rows that an activity touches.
/// </summary>
public sealed class TotalsInMemory : RunningTotals
{
    /// <summary>About 100 bytes each; an installation of 10,000 people with ten counted metrics needs a tenth of them.</summary>
    private const int Most = 1_000_000;

    private readonly Dictionary<TotalKey, Total> memory = [];
    private readonly HashSet<(MetricKey, WorkdaySpan)> passed = [];
    private long known = -1;

    public override void Begin(Statements statements, Snapshot snapshot)
    {
        base.Begin(statements, snapshot);
        if (known != snapshot.RulesVersion) Clear();
        known = snapshot.RulesVersion;
    }

    public override void Load(Statements statements, IReadOnlyCollection<TotalKey> keys)
    {
        List<TotalKey>? missing = null;
        foreach (var key in keys)
            if (!memory.ContainsKey(key)) (missing ??= []).Add(key);
        if (missing is not null)
        {
            if (memory.Count > Most)
            {
                Clear();
                missing = [.. keys];
            }
            foreach (var (key, total) in Rebuild(statements, missing, passed)) memory.TryAdd(key, total);
        }
        foreach (var key in keys)
        {
            ref var total = ref CollectionsMarshal.GetValueRefOrNullRef(memory, key);
            if (total.LastAt is null) total = WithLastAt(statements, key.Person, total);
        }
    }

    public override Total Get(Statements statements, TotalKey key) =>
        memory.TryGetValue(key, out var known)
            ? known
            : memory[key] = passed.Contains((key.Metric, key.Days)) ? Total.Empty : One(statements, key);

    public override void Put(TotalKey key, Total total) => memory[key] = total;

    public override void Drop(TotalKey key)
    {
        memory.Remove(key);
        passed.Remove((key.Metric, key.Days));
    }

    public override void Clear()
    {
        memory.Clear();
        passed.Clear();
    }
}
