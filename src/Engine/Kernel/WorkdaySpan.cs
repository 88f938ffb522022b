using NodaTime;

namespace Laurel.Engine.Kernel;

/// <summary>How long work is counted together.</summary>
public enum TimeRange { Day, Week, Month, All }

/// <summary>Workdays from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
public readonly record struct WorkdaySpan(Workday First, Workday Last)
{
    public bool Contains(Workday day) => First <= day && day <= Last;

    /// <summary>The calendar day, week or month that holds <paramref name="day"/>; everything for <see cref="TimeRange.All"/>.</summary>
    public static WorkdaySpan Of(TimeRange range, Workday day, IsoDayOfWeek weekStart) => range switch
    {
        TimeRange.Day => new(day, day),
        TimeRange.Week => Week(day, weekStart),
        // The ends of time lie in no calendar: scopes that reach to them stay as they are.
        TimeRange.Month => day <= Workday.Beginning || day >= Workday.End ? new(day, day) : Month(day),
        TimeRange.All => new(Workday.Beginning, Workday.End),
    };

    /// <summary>The seven workdays that end with <paramref name="last"/>.</summary>
    public static WorkdaySpan Last7(Workday last) => new(last.Plus(-6), last);

    private static WorkdaySpan Week(Workday day, IsoDayOfWeek weekStart)
    {
        var into = ((int)day.DayOfWeek - (int)weekStart + 7) % 7;
        return new(day.Plus(-into), day.Plus(6 - into));
    }

    private static WorkdaySpan Month(Workday day)
    {
        var date = day.Date;
        var first = day.Plus(1 - date.Day);
        return new(first, first.Plus(date.Calendar.GetDaysInMonth(date.Year, date.Month) - 1));
    }
}
