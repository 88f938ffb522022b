using Laurel.Engine.Activities;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>An award that a rule decides: who is known from the context.</summary>
/// <param name="Tier">1 to 3, or 0 for kinds without tiers.</param>
/// <param name="Occasion">See <see cref="Achievements.Occasion"/>.</param>
/// <param name="Counted">The workdays whose work counted.</param>
/// <param name="EarnedAt">UTC milliseconds.</param>
/// <param name="Value">The first condition's value at that moment.</param>
public readonly record struct Earned(int Tier, string Occasion, WorkdaySpan Counted, long EarnedAt, MetricValue Value);

/// <summary>
/// One person's work as rules read it: rollups by workday in order, one workday's contributions in order of occurrence, and
/// the person's own days.
/// </summary>
public sealed class PersonHistory(
    Func<MetricKey, IReadOnlyList<DayRollup>> days,
    Func<MetricKey, Workday, IReadOnlyList<Contribution>> ofDay,
    Func<Workday, long> startOf,
    Workday closedThrough,
    Workday begunThrough)
{
    /// <summary>
    /// When the person earned another achievement, in UTC milliseconds, ascending: by what is not flagged, and by what was revoked.
    /// </summary>
    public Func<AchievementKey, IReadOnlyList<long>> Earnings { get; init; } = _ => [];

    /// <summary>What the person has set out to reach, by id.</summary>
    public IReadOnlyList<Goal> Goals { get; init; } = [];

    /// <summary>The person's workday at an instant (UTC milliseconds).</summary>
    public Func<long, Workday> DayOf { get; init; } = _ => Workday.Beginning;

    /// <summary>Where the person is, from workday to workday.</summary>
    public Places Places { get; init; } = Places.Nowhere;

    /// <summary>Workdays with data only, ascending.</summary>
    public IReadOnlyList<DayRollup> Days(MetricKey metric) => days(metric);

    /// <summary>In order of occurrence.</summary>
    public IReadOnlyList<Contribution> OfDay(MetricKey metric, Workday day) => ofDay(metric, day);

    /// <summary>First instant of the person's workday.</summary>
    public long StartOf(Workday day) => startOf(day);

    /// <summary>Last workday whose end plus grace time has passed at the person's site.</summary>
    public Workday ClosedThrough { get; } = closedThrough;

    /// <summary>Last workday that has begun for the person.</summary>
    public Workday BegunThrough { get; } = begunThrough;
}

/// <summary>
/// What somebody comes to earn, known from rollups. Either its moment is known from them as well, or it lies on one workday, and that
/// workday's contributions tell.
/// </summary>
public sealed class Coming
{
    private readonly Earned known;
    private readonly Func<PersonHistory, IReadOnlyList<Earned>>? decide;

    internal Coming(Earned known) => this.known = known;

    internal Coming(Workday day, IReadOnlyList<MetricKey> metrics, Func<PersonHistory, IReadOnlyList<Earned>> decide) =>
        (Day, Metrics, this.decide) = (day, metrics, decide);

    /// <summary>The workday whose contributions <see cref="Decide"/> reads; null where it reads none.</summary>
    public Workday? Day { get; }

    /// <summary>The metrics whose contributions it reads.</summary>
    public IReadOnlyList<MetricKey> Metrics { get; } = [];

    /// <param name="person">The history that it was found in, or one that has the contributions of <see cref="Day"/> at hand.</param>
    public IReadOnlyList<Earned> Decide(PersonHistory person) => decide is null ? [known] : decide(person);
}

/// <summary>Reading a run of day rollups.</summary>
internal static class DayRollups
{
    public static Rollup Total(this IReadOnlyList<DayRollup> days, Workday first, Workday last)
    {
        var total = Rollup.None;
        for (var i = days.FirstIndex(first); i < days.Count && days[i].Day <= last; i++) total = total.Merge(days[i].Rollup);
        return total;
    }

    /// <summary>Index of the first day on or after <paramref name="first"/>.</summary>
    public static int FirstIndex(this IReadOnlyList<DayRollup> days, Workday first)
    {
        int low = 0, high = days.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (days[middle].Day < first) low = middle + 1; else high = middle;
        }
        return low;
    }
}
