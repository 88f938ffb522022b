using Laurel.Engine.Kernel;
using NodaTime;

namespace Laurel.Engine.Metrics;

/// <summary>What some workdays come to, added up over everybody.</summary>
public readonly record struct CoursePoint(WorkdaySpan Days, Rollup Rollup);

/// <summary>How the values of people lie: the one that a tenth, half and nine tenths of them do not exceed, and both ends.</summary>
public readonly record struct Spread(MetricValue Lowest, MetricValue Tenth, MetricValue Middle, MetricValue Ninetieth, MetricValue Highest)
{
    /// <summary>By the nearest rank, so that each is somebody's value; null without any.</summary>
    public static Spread? Of(IEnumerable<MetricValue> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? null : new(sorted[0], At(10), At(50), At(90), sorted[^1]);

        MetricValue At(int percent) => sorted[Math.Max(0, (sorted.Count * percent + 99) / 100 - 1)];
    }
}

/// <summary>A metric's values over time, in days or weeks without a gap.</summary>
public static class Course
{
    /// <summary>The days of a window, or the weeks that it touches, cut at its ends.</summary>
    /// <param name="days">In any order; several of one workday are added up. Those outside the window are left out.</param>
    public static IReadOnlyList<CoursePoint> Of(WorkdaySpan window, bool byWeek, IsoDayOfWeek weekStart, IEnumerable<DayRollup> days)
    {
        var rollups = new Dictionary<Workday, Rollup>();
        foreach (var (day, rollup) in days)
        {
            if (!window.Contains(day)) continue;
            var first = SpanOf(day).First;
            rollups[first] = rollups.GetValueOrDefault(first, Rollup.None).Merge(rollup);
        }
        var points = new List<CoursePoint>();
        for (var day = window.First; day <= window.Last;)
        {
            var span = SpanOf(day);
            points.Add(new(span, rollups.GetValueOrDefault(span.First, Rollup.None)));
            day = span.Last.Plus(1);
        }
        return points;

        WorkdaySpan SpanOf(Workday day)
        {
            var span = WorkdaySpan.Of(byWeek ? TimeRange.Week : TimeRange.Day, day, weekStart);
            return new(Workday.Max(span.First, window.First), Workday.Min(span.Last, window.Last));
        }
    }
}
