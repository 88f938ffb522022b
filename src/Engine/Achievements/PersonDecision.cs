using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>
/// Decides a rule for one person from that person's own work, period by period. What is kept is told apart by the first days of periods,
/// not by workdays: a week belongs to the month in which it begins, and its days to two.
/// </summary>
public abstract class PersonDecision(RuleHistory history, Func<MetricKey, Metric> metrics)
{
    protected RuleHistory History => history;
    protected Func<MetricKey, Metric> Metrics => metrics;

    /// <summary>The periods that it is decided by.</summary>
    protected abstract TimeRange Range { get; }

    /// <summary>
    /// Whether work of one period decides later ones as well. A change is then decided anew for its person at once; else a closed period is
    /// decided again as a whole.
    /// </summary>
    public virtual bool IsChained => false;

    /// <summary>All that the person has earned in periods that <paramref name="scope"/> decides; one per tier and occasion.</summary>
    public IReadOnlyList<Earned> Decide(PersonHistory person, WorkdaySpan scope) =>
        [.. Find(person, scope).SelectMany(f => f.Decide(person))];

    /// <summary>
    /// The same, as far as rollups tell: on which workday a moment lies. Whoever decides for many reads these workdays' contributions
    /// together before asking each for its moment.
    /// </summary>
    public abstract IReadOnlyList<Coming> Find(PersonHistory person, WorkdaySpan scope);

    /// <summary>
    /// How far the person is, today, by the version in force; null before history begins, and where another place tells.
    /// </summary>
    /// <param name="earned">How often a tier has been earned on an occasion.</param>
    public virtual Progress? Toward(PersonHistory person, Workday today, Func<int, string, long> earned) => null;

    /// <summary>
    /// What plain appends bring, told without reading anything where that is exact; else that it is decided anew. Asked only of rules
    /// that some version decides live.
    /// </summary>
    public virtual FastPath.Verdict Judge(
        Growth growth, Func<MetricKey, FastPath.Other> others, Workday begunThrough, Places places) =>
        new(true, [], history.Versions.Max(v => v.Rule.Levels()));

    /// <summary>
    /// Whether what has been added up of each metric decides a live award; the activity that does so is shown as its evidence.
    /// </summary>
    public virtual Func<Func<MetricKey, Rollup>, bool> Met(Rule rule, int tier, string occasion) => _ => false;

    /// <summary>First days of the first and the last period that work of <paramref name="scope"/> decides.</summary>
    protected virtual WorkdaySpan Touched(WorkdaySpan scope) => new(FirstOf(Range, scope.First), FirstOf(Range, scope.Last));

    /// <summary>The same, widened to whole occasions: an occasion is the earliest of its periods.</summary>
    public WorkdaySpan Widen(WorkdaySpan scope)
    {
        var (first, last) = (Touched(scope).First, Touched(scope).Last);
        return history.Repeat switch
        {
            Repeat.Once => new(Workday.Beginning, Workday.End),
            Repeat.Month => new(FirstOf(TimeRange.Month, first), LastOf(TimeRange.Month, last)),
            Repeat.Week => new(FirstOf(TimeRange.Week, first), LastOf(TimeRange.Week, last)),
            Repeat.Day or Repeat.EveryTime => new(first, last),
        };
    }

    /// <summary>Whether what was earned by the work of <paramref name="counted"/> is decided with the scope.</summary>
    public virtual bool Decides(WorkdaySpan scope, WorkdaySpan counted) =>
        Range == TimeRange.All || Widen(scope).Contains(FirstOf(Range, counted.First));

    /// <summary>The workdays that must be read to decide everything that <paramref name="scope"/> decides.</summary>
    public virtual WorkdaySpan Reads(WorkdaySpan scope)
    {
        var occasions = Range == TimeRange.All ? new(history.CountsFrom, Workday.End) : Widen(scope);
        // None that lie before history.
        return new(Workday.Max(occasions.First, history.CountsFrom), LastOf(Range, occasions.Last));
    }

    /// <summary>
    /// Last workdays of the periods that hold one workday, have closed and are decided at their end; the end of all time for the whole
    /// of it.
    /// </summary>
    public virtual IEnumerable<Workday> ClosedWith(Workday day, Workday closedThrough)
    {
        if (WorkdaySpan.Of(Range, day, history.WeekStart) is var period && period.Last <= closedThrough
            && !history.Governing(period).IsLive(metrics)) yield return period.Last;
    }

    /// <summary>
    /// The period that a closing workday ends, where its version decides at the end: its last workday, or the end of all time.
    /// </summary>
    public virtual Workday? EndingWith(Workday day)
    {
        var period = WorkdaySpan.Of(Range, day, history.WeekStart);
        return period.Last == day && !history.Governing(period).IsLive(metrics) ? day : null;
    }

    /// <summary>Whether a closing workday ends a period of somebody's goal that is decided at its end.</summary>
    public virtual bool EndsFor(Goal goal, Workday last) => false;

    /// <summary>The period that a growth is of, as this rule counts it; null where it counts other workdays.</summary>
    public virtual WorkdaySpan? Counts(Growth growth)
    {
        var period = WorkdaySpan.Of(Range, growth.LastDay, history.WeekStart);
        return history.Counted(period) == growth.Counted ? period : null;
    }

    /// <summary>The period that ends with a workday, as a scope.</summary>
    public WorkdaySpan ScopeOf(Workday last) =>
        last == Workday.End ? new(history.CountsFrom, Workday.End) : WorkdaySpan.Of(Range, last, history.WeekStart);

    /// <summary>First workday of the first period that lies wholly behind a horizon.</summary>
    public Workday FirstBehind(Workday horizon) =>
        FirstOf(Range, horizon) is var first && first == horizon ? first : LastOf(Range, horizon).Plus(1);

    protected Workday FirstOf(TimeRange range, Workday day) =>
        day == Workday.Beginning || day == Workday.End ? day : WorkdaySpan.Of(range, day, history.WeekStart).First;

    protected Workday LastOf(TimeRange range, Workday day) =>
        day == Workday.Beginning || day == Workday.End ? day : WorkdaySpan.Of(range, day, history.WeekStart).Last;

    /// <summary>What a metric counts of each period with data, ascending; nothing that lies before history.</summary>
    protected IEnumerable<(WorkdaySpan Period, Rollup Rollup)> Periods(PersonHistory person, MetricKey metric)
    {
        WorkdaySpan? period = null;
        var running = Rollup.None;
        foreach (var (day, rollup) in person.Days(metric))
        {
            if (day < history.CountsFrom) continue;
            if (period is { } open && !open.Contains(day))
            {
                yield return (open, running);
                (period, running) = (null, Rollup.None);
            }
            period ??= WorkdaySpan.Of(Range, day, history.WeekStart);
            running = running.Merge(rollup);
        }
        if (period is { } last) yield return (last, running);
    }

    /// <summary>
    /// Whether a period has closed and lies in one enabled span, so that it is decided at its end for who is in the audience by then.
    /// </summary>
    protected bool IsDecided(PersonHistory person, WorkdaySpan period) => history.IsOpen(period) && period.Last <= person.ClosedThrough
        && history.Counted(period) is { } counted && history.DecidedAtEnd(counted) && IsIn(person, period);

    /// <summary>Whether the person is in the audience of a period when it ends.</summary>
    protected bool IsIn(PersonHistory person, WorkdaySpan period) =>
        person.Places.IsIn(history.InForce(period.First).Audience, period.Last);

    /// <summary>Stretches of all time in which the person's moments earn.</summary>
    protected IEnumerable<Window> WindowsOf(PersonHistory person) => history.WindowsOfAllTime().SelectMany(w => w.Of(person.Places));

    /// <summary>Stretches of a calendar period in which the person's moments earn.</summary>
    protected IEnumerable<Window> WindowsOf(PersonHistory person, WorkdaySpan counted, WorkdaySpan period) =>
        history.Windows(counted, period).SelectMany(w => w.Of(person.Places));

    /// <summary>What each version finds by itself, in the order of periods; versions that say the same are asked once.</summary>
    protected IEnumerable<(WorkdaySpan Period, int Tier, MetricValue Value)> ByVersion<T>(
        Func<T, IEnumerable<(WorkdaySpan Period, int Tier, MetricValue Value)>> find) where T : Rule =>
        history.Versions.Select(v => (T)v.Rule).Distinct().SelectMany(find).OrderBy(f => f.Period.First);

    /// <summary>
    /// Awards of periods that are decided at their end, in the order of these: of each tier and occasion the first, where the scope decides
    /// it.
    /// </summary>
    protected List<Coming> AtEnds(
        PersonHistory person, WorkdaySpan scope, IEnumerable<(WorkdaySpan Period, int Tier, MetricValue Value)> all)
    {
        var wide = Widen(scope);
        var known = new HashSet<(int, string)>();
        return
        [
            .. all.Where(a => wide.Contains(a.Period.First) && known.Add((a.Tier, history.OccasionOf(a.Period.First))))
                .Select(a => new Coming(new Earned(a.Tier, history.OccasionOf(a.Period.First), history.Counted(a.Period)!.Value,
                    person.StartOf(a.Period.Last.Plus(1)), a.Value))),
        ];
    }
}
