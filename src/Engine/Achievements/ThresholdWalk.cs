using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>The running rollup of every condition, from the first counted workday on.</summary>
internal sealed class ThresholdWalk
{
    private readonly Threshold rule;
    private readonly int tier;
    private readonly Aggregate[] aggregates;
    private readonly IReadOnlyList<DayRollup>[] days;
    private readonly int[] next;
    private readonly Rollup[] running;
    private readonly Rollup[] before;

    /// <summary>Stands just before <paramref name="from"/>, with everything earlier counted.</summary>
    public ThresholdWalk(Func<MetricKey, Metric> metrics, PersonHistory person, Threshold rule, int tier, Workday counted, Workday from)
    {
        (this.rule, this.tier) = (rule, tier);
        var count = rule.Conditions.Count;
        (aggregates, days, next) = (new Aggregate[count], new IReadOnlyList<DayRollup>[count], new int[count]);
        (running, before) = (new Rollup[count], new Rollup[count]);
        for (var i = 0; i < count; i++)
        {
            var metric = rule.Conditions[i].Metric;
            aggregates[i] = metrics(metric).Aggregate;
            days[i] = person.Days(metric);
            running[i] = before[i] = days[i].Total(counted, from.Plus(-1));
            next[i] = days[i].FirstIndex(from);
        }
    }

    public bool Met
    {
        get
        {
            for (var i = 0; i < running.Length; i++)
                if (!IsMet(i, running[i])) return false;
            return true;
        }
    }

    public MetricValue Value => running[0].Value(aggregates[0])!.Value;

    /// <summary>The first workday up to <paramref name="last"/> at whose end all conditions are met.</summary>
    public Workday? FirstDay(Workday last)
    {
        while (true)
        {
            Workday? day = null;
            for (var i = 0; i < days.Length; i++)
                if (next[i] < days[i].Count && (day is null || days[i][next[i]].Day < day)) day = days[i][next[i]].Day;
            if (day is not { } today || today > last) return null;
            for (var i = 0; i < days.Length; i++)
            {
                before[i] = running[i];
                if (next[i] < days[i].Count && days[i][next[i]].Day == today)
                    running[i] = running[i].Merge(days[i][next[i]++].Rollup);
            }
            if (Met) return today;
        }
    }

    /// <summary>The latest of the conditions' moments on the day that <see cref="FirstDay"/> found.</summary>
    public (long At, MetricValue Value) MomentOf(PersonHistory person, Workday day)
    {
        ActivityOrder? latest = null;
        for (var i = 0; i < days.Length; i++)
        {
            if (IsMet(i, before[i])) continue;
            var within = before[i];
            foreach (var contribution in person.OfDay(rule.Conditions[i].Metric, day))
            {
                within = within.Add(contribution.Reading);
                if (!IsMet(i, within)) continue;
                if (latest is null || contribution.Order.CompareTo(latest.Value) > 0) latest = contribution.Order;
                break;
            }
        }
        var at = latest ?? throw new InvalidOperationException($"The rollups of {day} are met, its activities are not.");
        var first = before[0];
        foreach (var contribution in person.OfDay(rule.Conditions[0].Metric, day))
        {
            if (contribution.Order.CompareTo(at) > 0) break;
            first = first.Add(contribution.Reading);
        }
        return (at.At, first.Value(aggregates[0])!.Value);
    }

    private bool IsMet(int condition, Rollup rollup) => rule.Conditions[condition].Met(aggregates[condition], rollup, tier);
}
