using System.Runtime.InteropServices;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Activities;

/// <summary>A row of daily rollups.</summary>
public readonly record struct RollupKey(MetricKey Metric, Workday Day, PersonKey Person) : IComparable<RollupKey>
{
    public int CompareTo(RollupKey other)
    {
        var by = Metric.CompareTo(other.Metric);
        if (by == 0) by = Day.CompareTo(other.Day);
        return by == 0 ? Person.CompareTo(other.Person) : by;
    }
}

/// <summary>What a batch adds to one rollup row; the contributions are kept where a live rule or a goal looks at them.</summary>
public struct RollupGrowth()
{
    public Rollup Rollup { get; private set; } = Rollup.None;
    public List<Contribution>? Contributions { get; private set; }

    public void Add(ActivityOrder order, Reading reading, bool keep)
    {
        Rollup = Rollup.Add(reading);
        if (keep) (Contributions ??= new(1)).Add(new(order, reading));
    }
}

/// <summary>Folds a batch into rollup rows, so that each row is written once.</summary>
public sealed class BatchRollups(RuleSet rules, Floor floor)
{
    private readonly Dictionary<RollupKey, RollupGrowth> grown = [];
    private readonly Dictionary<(MetricKey Metric, Workday Day, long Team), Rollup> teams = [];
    private readonly HashSet<MetricKey> metrics = [];

    /// <summary>Rows that only grow, in the order of their key.</summary>
    public List<KeyValuePair<RollupKey, RollupGrowth>> Grown()
    {
        var rows = new List<KeyValuePair<RollupKey, RollupGrowth>>(grown.Count);
        foreach (var row in grown)
            if (Dirty.Count == 0 || !Dirty.Contains(row.Key)) rows.Add(row);
        rows.Sort((a, b) => a.Key.CompareTo(b.Key));
        return rows;
    }

    /// <summary>Rows of teams that only grow, in the order of their key.</summary>
    public IEnumerable<KeyValuePair<(MetricKey Metric, Workday Day, long Team), Rollup>> GrownTeams() =>
        teams.Where(t => !DirtyTeams.Contains(t.Key)).OrderBy(t => (t.Key.Metric, t.Key.Day, t.Key.Team));

    /// <summary>Rows from which something was taken away: they are read anew from the day's activities.</summary>
    public HashSet<RollupKey> Dirty { get; } = [];
    public HashSet<(MetricKey Metric, Workday Day, long Team)> DirtyTeams { get; } = [];

    /// <summary>Whose values changed; ratios of what changed among them.</summary>
    public IReadOnlySet<MetricKey> Metrics => metrics;

    private void Touch(MetricKey metric)
    {
        if (!metrics.Add(metric)) return;
        foreach (var ratio in rules.RatiosOf(metric)) metrics.Add(ratio.Key);
    }

    public void Add(IncomingActivity activity, PersonKey? person, long? team, Workday day, SiteClock clock)
    {
        var occurrence = new Occurrence(activity.Type, activity.Measures, activity.Labels, activity.At, day, clock);
        var read = rules.MetricsOf(activity.Type);
        for (var i = 0; i < read.Count; i++)
        {
            var metric = read[i];
            if (metric.Reads(occurrence) is not { } reading) continue;
            Touch(metric.Key);
            if (person is { } who)
            {
                ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(grown, new(metric.Key, day, who), out var known);
                if (!known) row = new();
                row.Add(new(activity.At, activity.Source, activity.Id), reading,
                    rules.CountingsOf(metric.Key).Count > 0 || rules.IsOfGoals(metric.Key));
            }
            else if (team is { } queue)
            {
                var key = (metric.Key, day, queue);
                teams[key] = teams.GetValueOrDefault(key, Rollup.None).Add(reading);
            }
        }
    }

    /// <summary>What is kept counts on another workday, or by another clock: both rows are read anew.</summary>
    public void Replace(long key, string type, PersonKey? person, long? team, Workday was, Workday now, bool byAnotherClock)
    {
        if (was == now && !byAnotherClock) return;
        foreach (var kept in rules.Metrics)
        {
            var metric = kept.Metric;
            if (!kept.Holds(key) || !metric.Counts(type)) continue;
            if (was == now && !metric.Where.Any(f => f is HourFilter)) continue;
            Touch(metric.Key);
            foreach (var day in (Workday[])[was, now])
                if (person is { } who) Dirty.Add(new(metric.Key, day, who));
                else if (team is { } queue) DirtyTeams.Add((metric.Key, day, queue));
        }
    }

    public void Remove(KeptActivity old)
    {
        var occurrence = old.On(floor);
        foreach (var kept in rules.Metrics)
        {
            // A metric that is still being built has only what lies behind its mark.
            if (!kept.Holds(old.Key)) continue;
            var metric = kept.Metric;
            if (metric.Reads(occurrence) is null) continue;
            Touch(metric.Key);
            if (old.Person is { } person) Dirty.Add(new(metric.Key, old.Day, new(person)));
            else if (old.Team is { } team) DirtyTeams.Add((metric.Key, old.Day, team));
        }
    }
}
