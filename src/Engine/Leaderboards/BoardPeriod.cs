using Laurel.Engine.Kernel;
using NodaTime;

namespace Laurel.Engine.Leaderboards;

/// <summary>The periods of a leaderboard, named from the reader's today.</summary>
public enum BoardPeriod { Today, Yesterday, Week, LastWeek, Month, LastMonth, All }

public static class BoardPeriods
{
    public static readonly IReadOnlyList<BoardPeriod> All =
    [
        BoardPeriod.Today, BoardPeriod.Yesterday, BoardPeriod.Week, BoardPeriod.LastWeek, BoardPeriod.Month, BoardPeriod.LastMonth,
        BoardPeriod.All,
    ];

    /// <summary>As addresses write it.</summary>
    public static string Id(this BoardPeriod period) => period switch
    {
        BoardPeriod.Today => "today",
        BoardPeriod.Yesterday => "yesterday",
        BoardPeriod.Week => "week",
        BoardPeriod.LastWeek => "last-week",
        BoardPeriod.Month => "month",
        BoardPeriod.LastMonth => "last-month",
        BoardPeriod.All => "all",
    };

    public static BoardPeriod? Find(string? id)
    {
        foreach (var period in All)
            if (string.Equals(period.Id(), id, StringComparison.Ordinal)) return period;
        return null;
    }

    /// <summary>Whether <paramref name="period"/> still goes on.</summary>
    public static bool IsRunning(this BoardPeriod period) =>
        period is BoardPeriod.Today or BoardPeriod.Week or BoardPeriod.Month or BoardPeriod.All;

    public static WorkdaySpan Days(this BoardPeriod period, Workday today, IsoDayOfWeek weekStart) => period switch
    {
        BoardPeriod.Today => new(today, today),
        BoardPeriod.Yesterday => new(today.Plus(-1), today.Plus(-1)),
        BoardPeriod.Week => WorkdaySpan.Of(TimeRange.Week, today, weekStart),
        BoardPeriod.LastWeek => WorkdaySpan.Of(TimeRange.Week, today.Plus(-7), weekStart),
        BoardPeriod.Month => WorkdaySpan.Of(TimeRange.Month, today, weekStart),
        BoardPeriod.LastMonth => WorkdaySpan.Of(TimeRange.Month, today.Plus(-today.Date.Day), weekStart),
        BoardPeriod.All => WorkdaySpan.Of(TimeRange.All, today, weekStart),
    };

    /// <summary>The whole period before it, of its kind; null for all time.</summary>
    public static WorkdaySpan? DaysBefore(this BoardPeriod period, Workday today, IsoDayOfWeek weekStart)
    {
        TimeRange? range = period switch
        {
            BoardPeriod.Today or BoardPeriod.Yesterday => TimeRange.Day,
            BoardPeriod.Week or BoardPeriod.LastWeek => TimeRange.Week,
            BoardPeriod.Month or BoardPeriod.LastMonth => TimeRange.Month,
            BoardPeriod.All => null,
        };
        return range is { } kind ? WorkdaySpan.Of(kind, period.Days(today, weekStart).First.Plus(-1), weekStart) : null;
    }
}
