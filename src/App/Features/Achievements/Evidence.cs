using System.Data.Common;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Achievements;

/// <summary>An activity that counted.</summary>
/// <param name="Ordinal">From 1, in order of occurrence.</param>
/// <param name="Amount">What it added.</param>
/// <param name="Decided">With it the target was reached.</param>
public sealed record CountedActivity(long Ordinal, KeptActivity Activity, Amount Amount, bool Decided);

/// <summary>What counted for an award, newest first.</summary>
/// <param name="Total">How many there are; <paramref name="Shown"/> may be fewer.</param>
public sealed record Evidence(Metric Metric, long Total, IReadOnlyList<CountedActivity> Shown)
{
    /// <summary>The newest <paramref name="most"/> activities behind an award; null for one that no activities decided.</summary>
    public static Evidence? Of(DbConnection connection, Snapshot snapshot, Achievement achievement, EarnedAward award, int most)
    {
        var (key, live) = achievement.Rule switch
        {
            Threshold threshold => (threshold.Conditions[0].Metric, ThresholdDecision.IsLive(threshold, snapshot.Rules.Metric)),
            FirstTime first => (first.Metric, true),
            BestOfPeriod best => (best.Metric, false),
            _ => (default, false),
        };
        if (key == default || award.By is not null || snapshot.Floor.Person(new PersonKey(award.Person)) is not { } person) return null;
        var metric = snapshot.Rules.Metric(key);
        var until = award.EarnedAt.ToUnixTimeMilliseconds();
        var lastDay = Workday.Min(award.Days.Last, person.WorkdayOf(until).Day);
        var days = RollupStore.OfPerson(connection, key, person.Key, new(award.Days.First, lastDay));

        var shown = new List<CountedActivity>();
        long total = 0;
        for (var i = days.Count - 1; i >= 0 && shown.Count < most; i--)
        {
            var before = days.Take(i).Sum(d => d.Rollup.Count);
            // Of the last day only what came up to the moment; what came later that day has counted for nothing here. Several may
            // have that moment: of a count the value says which was the deciding one.
            var upTo = live && metric.Aggregate == Aggregate.Count ? award.Value.Thousandths / 1000 - before : long.MaxValue;
            var counted = Counted(connection, metric, person.Key, days[i].Day)
                .Where(c => !live || c.Activity.At <= until).Take((int)Math.Clamp(upTo, 0, int.MaxValue)).ToList();
            var ordinal = before + counted.Count;
            if (total == 0) total = ordinal;
            foreach (var (activity, amount) in counted.AsEnumerable().Reverse())
            {
                if (shown.Count == most) break;
                shown.Add(new(ordinal, activity, amount, live && ordinal == total));
                ordinal--;
            }
        }
        return total == 0 ? null : new(metric, total, shown);
    }

    private static List<(KeptActivity Activity, Amount Amount)> Counted(
        DbConnection connection, Metric metric, PersonKey person, Workday day)
    {
        var counted = new List<(KeptActivity, Amount)>();
        foreach (var activity in ActivityStore.OfDay(connection, person, day))
            if (metric.Reads(activity.Type, activity.Body.Measures, activity.Body.Labels) is { } amount) counted.Add((activity, amount));
        return counted;
    }
}
