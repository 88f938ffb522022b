using Laurel.Engine.Kernel;
using NodaTime;

namespace Laurel.Engine.Achievements;

/// <summary>Conditions from a workday on.</summary>
/// <param name="After">The step before it in its path: it is looked for from the moment of that one; null for a first step, and for what
/// stands in no path.</param>
/// <param name="Audience">Who can earn it; null for everybody.</param>
public sealed record RuleVersion(int Number, Workday Effective, Rule Rule, AchievementKey? After = null, Audience? Audience = null)
{
    /// <summary>Achievements whose awards it is decided by.</summary>
    public IEnumerable<AchievementKey> Follows => After is { } before ? Rule.Follows().Append(before) : Rule.Follows();
}

/// <summary>Enabled from a workday on, until the day before <paramref name="Until"/>; open when that is null.</summary>
public sealed record EnabledSpan(Workday From, Workday? Until)
{
    public Workday Last => Until is { } until ? until.Plus(-1) : Workday.End;

    /// <summary>Switched off before it had lasted a workday.</summary>
    public bool IsEmpty => Until <= From;
}

/// <summary>A stretch in which one version can be earned.</summary>
/// <param name="Opens">Earlier work may already meet it at its start.</param>
/// <param name="Begins">First workday of the version and the enabled span: until that has begun, nobody is judged by them.</param>
/// <param name="After">See <see cref="RuleVersion.After"/>.</param>
/// <param name="Audience">See <see cref="RuleVersion.Audience"/>.</param>
/// <param name="Joins">It starts because the person comes into the audience.</param>
public readonly record struct Window(
    Workday First, Workday Last, Rule Rule, bool Opens, Workday Begins, AchievementKey? After = null, Audience? Audience = null,
    bool Joins = false)
{
    /// <summary>The parts of it in which a person is in the audience: whoever comes into it has what was done before.</summary>
    public IEnumerable<Window> Of(Places places)
    {
        if (Audience is null) return [this];
        var whole = this;
        return places.Stays(Audience).Where(stay => stay.First <= whole.Last && whole.First <= stay.Last).Select(stay => whole with
        {
            First = Workday.Max(whole.First, stay.First),
            Last = Workday.Min(whole.Last, stay.Last),
            Opens = whole.Opens || stay.First > whole.First,
            Begins = Workday.Max(whole.Begins, stay.First),
            Joins = stay.First >= whole.First,
        });
    }
}

/// <summary>
/// A rule over time. A version governs whole periods: those that start on or after its effective workday; all-time from
/// that workday on. Nothing is earned in a gap between enabled spans, and no period that touches one is decided at its end.
/// </summary>
/// <param name="CountsFrom">First workday whose work counts.</param>
/// <param name="Versions">
/// In order of number and of effective workday; at least one. The first in force is the one of the first workday that counts: what
/// was replaced by then has never been in force.
/// </param>
/// <param name="Spans">In order, disjoint.</param>
public sealed record RuleHistory(
    AchievementKey Achievement,
    Workday CountsFrom,
    IReadOnlyList<RuleVersion> Versions,
    IReadOnlyList<EnabledSpan> Spans,
    Repeat Repeat,
    IsoDayOfWeek WeekStart)
{
    public Rule Current => Versions[^1].Rule;

    /// <summary>All achievements whose awards some version is decided by.</summary>
    public IEnumerable<AchievementKey> Follows => Versions.SelectMany(v => v.Follows).Distinct();

    /// <summary>Whether it is decided by what people set themselves. The kind is fixed, so that all versions say the same.</summary>
    public bool ReadsGoals => Current.ReadsGoals();

    /// <summary>Whether some version is a later step of a path.</summary>
    public bool HasStepBefore
    {
        get
        {
            for (var i = 0; i < Versions.Count; i++)
                if (Versions[i].After is not null) return true;
            return false;
        }
    }

    /// <summary>Whether some version can be earned by some only.</summary>
    public bool HasAudience
    {
        get
        {
            for (var i = 0; i < Versions.Count; i++)
                if (Versions[i].Audience is not null) return true;
            return false;
        }
    }

    /// <summary>
    /// First workday whose activities are kept. What was decided of periods that touch an earlier one is a recorded fact; all-time values
    /// go on from what had been counted by then, and who meets a target with that earns at its start.
    /// </summary>
    public Workday Horizon { get; init; } = Workday.Beginning;

    /// <summary>Whether all workdays of the period lie at or behind the horizon, so that it may be decided.</summary>
    public bool IsOpen(WorkdaySpan period) => period.First >= Horizon;

    /// <summary>
    /// The rule for a day, week, month or window of days; for one that began before history, that of history's first workday.
    /// </summary>
    public Rule Governing(WorkdaySpan period) => InForce(period.First).Rule;

    /// <summary>The version of a workday.</summary>
    public RuleVersion InForce(Workday day)
    {
        for (var i = Versions.Count - 1; i > 0; i--)
            if (Versions[i].Effective <= Workday.Max(day, CountsFrom)) return Versions[i];
        return Versions[0];
    }

    /// <summary>The part of the period whose work counts; null when none of it does.</summary>
    public WorkdaySpan? Counted(WorkdaySpan period)
    {
        var first = Workday.Max(period.First, CountsFrom);
        return first <= period.Last ? new(first, period.Last) : null;
    }

    /// <summary>Whether what counts of the period lies in one enabled span, so that it can be decided at its end.</summary>
    public bool DecidedAtEnd(WorkdaySpan counted) => Spans.Any(s => s.From <= counted.First && counted.Last <= s.Last);

    /// <summary>Stretches of a calendar period in which a moment earns; one rule for all of it.</summary>
    public IEnumerable<Window> Windows(WorkdaySpan counted, WorkdaySpan period)
    {
        var version = InForce(period.First);
        foreach (var span in Spans)
        {
            var first = Workday.Max(span.From, counted.First);
            var last = Workday.Min(span.Last, counted.Last);
            if (first <= last)
                yield return new(first, last, version.Rule, Opens: first > counted.First, Workday.Max(span.From, version.Effective),
                    Audience: version.Audience);
        }
    }

    /// <summary>
    /// Stretches of all time in which a moment earns, cut where a version or an enabled span starts, and at the horizon.
    /// </summary>
    public IEnumerable<Window> WindowsOfAllTime()
    {
        for (var i = 0; i < Versions.Count; i++)
        {
            var from = i == 0 ? CountsFrom : Versions[i].Effective;
            var until = i + 1 < Versions.Count ? Versions[i + 1].Effective.Plus(-1) : Workday.End;
            foreach (var span in Spans)
            {
                var first = Workday.Max(Workday.Max(Workday.Max(span.From, from), CountsFrom), Horizon);
                var last = Workday.Min(span.Last, until);
                if (first <= last)
                    yield return new(first, last, Versions[i].Rule, Opens: first > CountsFrom, Begins: first, Versions[i].After,
                        Versions[i].Audience);
            }
        }
    }

    /// <summary>The key of one earning: `once`, or the first date of the day, week or month that <paramref name="day"/> is in.</summary>
    public string OccasionOf(Workday day) => Repeat switch
    {
        Repeat.Once => Occasion.Once,
        Repeat.Day => day.ToString(),
        Repeat.Week => WorkdaySpan.Of(TimeRange.Week, day, WeekStart).First.ToString(),
        Repeat.Month => WorkdaySpan.Of(TimeRange.Month, day, WeekStart).First.ToString(),
        Repeat.EveryTime => day.ToString(),
    };
}

/// <summary>What tells one earning of a tier from the next, in the unique key of awards.</summary>
public static class Occasion
{
    public const string Once = "once";
    /// <summary>The nth multiple of the target.</summary>
    public static string Nth(long n) => n.ToString(System.Globalization.CultureInfo.InvariantCulture);
    /// <summary>As `laurel awards` prints it: `all` for once, else the occasion itself.</summary>
    public static string Printed(string occasion) => string.Equals(occasion, Once, StringComparison.Ordinal) ? "all" : occasion;
}
