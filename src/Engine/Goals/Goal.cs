using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using NodaTime;

namespace Laurel.Engine.Goals;

/// <summary>How long a goal has for its target: each day, week or month anew, or once until a date.</summary>
public enum GoalPeriod { Day, Week, Month, Once }

/// <summary>What a goal asks for, of the periods that start on or after a workday. A dated fact: nothing of it changes later.</summary>
/// <param name="Number">From 1, in order of making.</param>
/// <param name="Effective">The goal's first workday, or the first one of a later period.</param>
/// <param name="Metric">The version of the metric that was the newest one then.</param>
/// <param name="Comparison">At least or at most.</param>
/// <param name="Sample">Fewest contributions for which the value is taken seriously; 1 counts any.</param>
/// <param name="ByLeader">Whether somebody else than the person set it.</param>
/// <param name="At">When it was set, in UTC milliseconds: nothing is reached by it before.</param>
/// <param name="AgreedAt">When both the person and a leader had said yes to it; null where one has not.</param>
public sealed record GoalTerms(
    int Number, Workday Effective, MetricKey Metric, Comparison Comparison, Amount Target, int Sample, bool ByLeader, long At,
    long? AgreedAt)
{
    /// <summary>What a period must meet.</summary>
    public Threshold Asked { get; } = new([new(Metric, Comparison, [Target], Sample)], TimeRange.Day);

    public Condition Condition => Asked.Conditions[0];
}

/// <summary>
/// What somebody wants to reach, period by period. Its workdays are whole ones, and its first is never before it was set.
/// </summary>
/// <param name="From">First workday that counts. Of a period that began before it, what remains.</param>
/// <param name="Until">Last workday that counts; null where it goes on.</param>
/// <param name="Closed">Last workday before it was given up; null where it was not.</param>
/// <param name="Terms">In order of number and of effective workday; at least one.</param>
public sealed record Goal(
    long Id, PersonKey Person, GoalPeriod Period, Workday From, Workday? Until, Workday? Closed, IReadOnlyList<GoalTerms> Terms)
{
    /// <summary>Most workdays that a goal until a date may have.</summary>
    public const int Longest = 366;

    public WorkdaySpan Days => new(From, Until ?? Workday.End);

    public GoalTerms Newest => Terms[^1];

    /// <summary>Whether it still asks for something on a workday.</summary>
    public bool RunsOn(Workday day) => Days.Contains(day) && !(Closed < day);

    /// <summary>The goal's workdays of the period that holds one; null where the goal does not.</summary>
    public WorkdaySpan? SpanWith(Workday day, IsoDayOfWeek weekStart)
    {
        if (!Days.Contains(day)) return null;
        if (Period == GoalPeriod.Once) return Days;
        var period = WorkdaySpan.Of(Range, day, weekStart);
        return new(Workday.Max(period.First, From), Workday.Min(period.Last, Days.Last));
    }

    /// <summary>What is asked of a period.</summary>
    public GoalTerms Of(WorkdaySpan span)
    {
        for (var i = Terms.Count - 1; i > 0; i--)
            if (Terms[i].Effective <= span.First) return Terms[i];
        return Terms[0];
    }

    /// <summary>First workday of the next period that a change could govern; null where there is none any more.</summary>
    public Workday? NextStart(Workday today, IsoDayOfWeek weekStart)
    {
        if (today < From) return From;
        return Period != GoalPeriod.Once && SpanWith(today, weekStart) is { } span && span.Last.Plus(1) is var next && Days.Contains(next)
            ? next : null;
    }

    /// <summary>What tells one reaching of this goal from the next, in the unique key of awards.</summary>
    public string OccasionOf(WorkdaySpan span) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Id}:{span.First}");

    /// <summary>The goal that an occasion is of.</summary>
    public static long IdOf(string occasion) =>
        long.Parse(occasion.AsSpan(0, occasion.IndexOf(':', StringComparison.Ordinal)), System.Globalization.CultureInfo.InvariantCulture);

    private TimeRange Range => Period switch
    {
        GoalPeriod.Day => TimeRange.Day,
        GoalPeriod.Week => TimeRange.Week,
        GoalPeriod.Month => TimeRange.Month,
        GoalPeriod.Once => TimeRange.All,
    };
}
