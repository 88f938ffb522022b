using System.Data.Common;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Metrics;

/// <summary>
/// One person's daily rollups of any metric, each read once: long ago from what is packed, the rest from the rollups. For a page that asks
/// for many metrics over all of somebody's time; what it has read stays as it was.
/// </summary>
public sealed class PersonRollups
{
    private readonly Statements statements;
    private readonly PersonKey person;
    private readonly HashSet<int> packed = [];
    private readonly Dictionary<MetricKey, List<DayRollup>> old = [];
    private readonly Dictionary<MetricKey, List<DayRollup>> known = [];

    public PersonRollups(DbConnection connection, PersonKey person) : this(Statements.Of(connection), person) { }

    public PersonRollups(Statements statements, PersonKey person)
    {
        (this.statements, this.person) = (statements, person);
        foreach (var (block, days) in PackedDays.Of(statements, person))
        {
            packed.Add(block);
            foreach (var (metric, day) in PackedDays.Read(block, days))
            {
                if (!old.TryGetValue(metric, out var own)) old[metric] = own = [];
                own.Add(day);
            }
        }
    }

    /// <summary>Workdays with data, ascending: the same as the rollups say.</summary>
    public List<DayRollup> Of(Metric metric, WorkdaySpan days)
    {
        var all = All(metric);
        var from = all.FindIndex(d => d.Day >= days.First);
        if (from < 0) return [];
        var last = all.FindLastIndex(d => d.Day <= days.Last);
        return last < from ? [] : from == 0 && last == all.Count - 1 ? all : all.GetRange(from, last - from + 1);
    }

    private List<DayRollup> All(Metric metric)
    {
        if (known.TryGetValue(metric.Key, out var read)) return read;
        var all = metric.Ratio is { } ratio
            ? RollupStore.Divided(metric, Plain(ratio.Numerator.Metric), Plain(ratio.Denominator.Metric))
            : Plain(metric.Key);
        if (metric.Aggregate == Aggregate.Distinct) all = RollupStore.WithTexts(statements, metric.Key, person, all);
        return known[metric.Key] = all;
    }

    private List<DayRollup> Plain(MetricKey metric)
    {
        var found = old.GetValueOrDefault(metric, []);
        if (RollupStore.Extent(statements, metric) is not { } extent) return [];
        var first = (Workday?)null;
        var last = extent.First;
        var more = new List<DayRollup>();
        for (var block = PackedDays.BlockOf(extent.First); block <= PackedDays.BlockOf(extent.Last); block++)
        {
            var span = PackedDays.SpanOf(block);
            if (packed.Contains(block))
            {
                Take();
                continue;
            }
            first ??= span.First;
            last = span.Last;
        }
        Take();
        if (more.Count == 0) return found;
        // Usually the newest days are those that are not packed.
        if (found.Count == 0 || found[^1].Day < more[0].Day) return [.. found, .. more];
        return [.. found.Concat(more).OrderBy(d => d.Day)];

        void Take()
        {
            if (first is { } from) more.AddRange(RollupStore.OfPerson(statements, metric, person, new(from, last)));
            first = null;
        }
    }
}
