using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>How many workdays a rest takes at the pace of somebody's own recent days.</summary>
public static class Pace
{
    /// <summary>So many of the newest workdays with data say how fast somebody is.</summary>
    public const int Days = 10;
    /// <summary>With fewer of them there is no pace to speak of.</summary>
    public const int Fewest = 3;
    /// <summary>Older days say nothing about now.</summary>
    public const int Window = 42;

    /// <summary>
    /// Whole workdays, at least 1; null where too little is known, where nothing moves, and of what does not add up day by day. Days
    /// off do not count: only workdays with data do. Today is left out, for it has only begun.
    /// </summary>
    /// <param name="recent">The person's workdays with data, in any order; others than those of the window may be among them.</param>
    public static int? DaysFor(Amount toGo, Aggregate aggregate, IEnumerable<DayRollup> recent, Workday today)
    {
        if (aggregate is not (Aggregate.Count or Aggregate.Sum) || toGo.Thousandths <= 0) return null;
        var newest = recent.Where(d => d.Day < today && d.Day >= today.Plus(-Window) && !d.Rollup.IsEmpty)
            .OrderByDescending(d => d.Day).Take(Days).ToList();
        if (newest.Count < Fewest) return null;
        var sum = newest.Aggregate(Int128.Zero,
            (sum, d) => sum + (aggregate == Aggregate.Count ? (Int128)d.Rollup.Count * 1000 : d.Rollup.Sum));
        if (sum <= 0) return null;
        // Rounded up: toGo / (sum / days).
        var days = (toGo.Thousandths * (Int128)newest.Count + sum - 1) / sum;
        return days > int.MaxValue ? null : (int)days;
    }

    /// <summary>
    /// The same of a way with several conditions: the slowest decides. Null where it would not be done before the period's end, which
    /// so many workdays come before at most; and of a single day, whose pace is its own.
    /// </summary>
    public static int? DaysFor(TowardTier way, Func<MetricKey, IReadOnlyList<DayRollup>> recent, Workday today)
    {
        if (way.Period.First == way.Period.Last) return null;
        var slowest = 0;
        foreach (var condition in way.Conditions.Where(c => !c.Met))
        {
            if (condition.ToGo is not { } toGo
                || DaysFor(toGo, condition.Aggregate, recent(condition.Metric), today) is not { } days) return null;
            slowest = Math.Max(slowest, days);
        }
        var left = (long)way.Period.Last.Number - today.Number + 1;
        return slowest == 0 || slowest > left ? null : slowest;
    }
}
