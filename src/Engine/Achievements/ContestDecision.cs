using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>Decides a rule among all people together, period by period, when a period has closed everywhere.</summary>
public abstract class ContestDecision
{
    /// <summary>The workdays of the period that ends with <paramref name="last"/>; null when none ends there.</summary>
    public abstract WorkdaySpan? EndingOn(Workday last);

    /// <summary>The last workdays of all periods that hold <paramref name="day"/>.</summary>
    public abstract WorkdaySpan EndsWith(Workday day);

    /// <summary>The key of a period.</summary>
    public abstract string OccasionOf(WorkdaySpan period);

    /// <summary>What people compete by in a period, by the version that governs it.</summary>
    public abstract Metric By(WorkdaySpan period);

    /// <summary>Among whom there is one best, by the version that governs a period.</summary>
    public virtual Among Among(WorkdaySpan period) => Achievements.Among.Everybody;

    /// <summary>The winners of a period, all with the same value.</summary>
    /// <param name="candidates">Everybody with data in the workdays of the period that count.</param>
    /// <param name="contributions">A candidate's contributions to these workdays, in order of occurrence; asked only for ties.</param>
    public abstract IReadOnlyList<Candidate> Winners(
        WorkdaySpan period, IEnumerable<Candidate> candidates, Func<PersonKey, IReadOnlyList<Contribution>> contributions);
}
