using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>
/// Decides thresholds (and first times) for one person: which tiers, on which occasions, at which moment. Live where every
/// condition can but move toward its target; at the end of the period otherwise.
/// </summary>
public sealed class ThresholdDecision(RuleHistory history, Func<MetricKey, Metric> metrics)
{
    /// <summary>Whether the moment is an activity's rather than a period's end.</summary>
    public static bool IsLive(Threshold rule, Func<MetricKey, Metric> metrics) =>
        rule.Conditions.All(c => metrics(c.Metric).IsLive(c.Comparison));

    public static Threshold? Of(Rule rule) => rule switch
    {
        Threshold threshold => threshold,
        FirstTime firstTime => firstTime.AsThreshold,
        _ => null,
    };

    /// <summary>All that the person has earned in periods that touch <paramref name="scope"/>; one per tier and occasion.</summary>
    public IReadOnlyList<Earned> Decide(PersonHistory person, WorkdaySpan scope)
    {
        var earned = new Dictionary<(int, string), Earned>();
        foreach (var one in Of(history.Current)!.Range == TimeRange.All ? DecideAllTime(person) : DecidePeriods(person, Widen(scope)))
            if (!earned.TryGetValue((one.Tier, one.Occasion), out var known) || one.EarnedAt < known.EarnedAt)
                earned[(one.Tier, one.Occasion)] = one;
        return [.. earned.Values];
    }

    /// <summary>
    /// The workdays whose contributions <see cref="Decide"/> reads, known from the rollups alone: those on which a moment lies.
    /// </summary>
    public IReadOnlyCollection<Workday> DaysToRead(PersonHistory person, WorkdaySpan scope)
    {
        var days = new HashSet<Workday>();
        Decide(person.Asking(day => days.Add(day)), scope);
        return days;
    }

    /// <summary>The scope, widened to whole occasions: an occasion is the earliest of its periods.</summary>
    public WorkdaySpan Widen(WorkdaySpan scope) => history.Repeat switch
    {
        Repeat.Once => new(Workday.Beginning, Workday.End),
        Repeat.Month => Between(TimeRange.Month, scope),
        Repeat.Week => Between(TimeRange.Week, scope),
        Repeat.Day or Repeat.EveryTime => scope,
    };

    private WorkdaySpan Between(TimeRange range, WorkdaySpan scope) => new(
        scope.First == Workday.Beginning ? scope.First : WorkdaySpan.Of(range, scope.First, history.WeekStart).First,
        scope.Last == Workday.End ? scope.Last : WorkdaySpan.Of(range, scope.Last, history.WeekStart).Last);

    private IEnumerable<Earned> DecidePeriods(PersonHistory person, WorkdaySpan scope)
    {
        var range = Of(history.Current)!.Range;
        // Without data on the first condition of some version nothing is met, so its days name the periods to look at.
        var periods = history.Versions
            .Select(v => Of(v.Rule)!.Conditions[0].Metric).Distinct()
            .SelectMany(person.Days)
            .Select(d => WorkdaySpan.Of(range, d.Day, history.WeekStart))
            .Where(p => p.First <= scope.Last && scope.First <= p.Last)
            .Distinct()
            .OrderBy(p => p.First);
        foreach (var period in periods)
        {
            if (history.Counted(period) is not { } counted) continue;
            var rule = Of(history.Governing(period))!;
            for (var tier = 1; tier <= rule.Tiers; tier++)
            {
                Moment? moment = null;
                if (!IsLive(rule, metrics)) moment = AtEnd(person, rule, counted, tier);
                else
                    foreach (var window in history.Windows(counted, period))
                        moment ??= FirstMoment(person, counted, window, tier);
                if (moment is { } m) yield return new(Printed(tier), history.OccasionOf(period.First), counted, m.At, m.Value);
            }
        }
    }

    private IEnumerable<Earned> DecideAllTime(PersonHistory person)
    {
        var all = new WorkdaySpan(history.CountsFrom, Workday.End);
        var most = history.Versions.Max(v => Of(v.Rule)!.Tiers);
        for (var tier = 1; tier <= most; tier++)
        {
            if (history.Repeat == Repeat.EveryTime)
            {
                foreach (var nth in Multiples(person, all, tier)) yield return nth;
                continue;
            }
            // Each stretch by its own version: one of a live kind may follow one that is decided when workdays have closed.
            Moment? moment = null;
            foreach (var window in history.WindowsOfAllTime())
                moment ??= IsLive(Of(window.Rule)!, metrics)
                    ? FirstMoment(person, all, window, tier)
                    : FirstDayEnd(person, all, window, tier);
            if (moment is { } m) yield return new(Printed(tier), Occasion.Once, all, m.At, m.Value);
        }
    }

    private int Printed(int tier) => history.Current is FirstTime ? 0 : tier;

    private readonly record struct Moment(long At, MetricValue Value);

    private Moment? FirstMoment(PersonHistory person, WorkdaySpan counted, Window window, int tier)
    {
        var rule = Of(window.Rule)!;
        if (window.Begins > person.BegunThrough || rule.Tiers < tier) return null;
        var walk = new Walk(metrics, person, rule, tier, counted.First, window.First);
        // Who already meets it when the version or the enabled span starts, earns at that start.
        if (window.Opens && walk.Met) return new(person.StartOf(window.First), walk.Value);
        return walk.FirstDay(window.Last) is { } day ? walk.MomentOf(day) : null;
    }

    private Moment? AtEnd(PersonHistory person, Threshold rule, WorkdaySpan counted, int tier)
    {
        if (person.ClosedThrough < counted.Last || !history.DecidedAtEnd(counted)) return null;
        var walk = new Walk(metrics, person, rule, tier, counted.First, counted.Last.Plus(1));
        return walk.Met ? new(person.StartOf(counted.Last.Plus(1)), walk.Value) : null;
    }

    /// <summary>All-time kinds that are not live are looked at when each workday has closed.</summary>
    private Moment? FirstDayEnd(PersonHistory person, WorkdaySpan counted, Window window, int tier)
    {
        var rule = Of(window.Rule)!;
        if (rule.Tiers < tier) return null;
        var walk = new Walk(metrics, person, rule, tier, counted.First, window.First);
        if (window.Opens && walk.Met && window.First.Plus(-1) <= person.ClosedThrough)
            return new(person.StartOf(window.First), walk.Value);
        return walk.FirstDay(Workday.Min(window.Last, person.ClosedThrough)) is { } day
            ? new(person.StartOf(day.Plus(1)), walk.Value)
            : null;
    }

    /// <summary>Every time: the nth multiple of the target, for one live condition over all time.</summary>
    private IEnumerable<Earned> Multiples(PersonHistory person, WorkdaySpan all, int tier)
    {
        foreach (var window in history.WindowsOfAllTime())
        {
            var rule = Of(window.Rule)!;
            if (window.Begins > person.BegunThrough || rule.Tiers < tier) continue;
            var condition = rule.Conditions[0];
            var aggregate = metrics(condition.Metric).Aggregate;
            var days = person.Days(condition.Metric);
            var running = days.Total(all.First, window.First.Plus(-1));
            var reached = 0L;
            if (window.Opens)
                for (; reached < Reached(running, aggregate, condition, tier); reached++)
                    yield return new(tier, Occasion.Nth(reached + 1), all, person.StartOf(window.First), running.Value(aggregate)!.Value);
            reached = Reached(running, aggregate, condition, tier);
            for (var i = days.FirstIndex(window.First); i < days.Count && days[i].Day <= window.Last; i++)
            {
                var after = running.Merge(days[i].Rollup);
                if (Reached(after, aggregate, condition, tier) > reached)
                {
                    var within = running;
                    foreach (var contribution in person.OfDay(condition.Metric, days[i].Day) ?? [])
                    {
                        within = within.Add(contribution.Reading);
                        for (; reached < Reached(within, aggregate, condition, tier); reached++)
                            yield return new(tier, Occasion.Nth(reached + 1), all, contribution.Order.At, within.Value(aggregate)!.Value);
                    }
                    reached = Reached(after, aggregate, condition, tier);
                }
                running = after;
            }
        }
    }

    /// <summary>How many multiples of the tier's target a rollup has reached.</summary>
    public static long Reached(Rollup rollup, Aggregate aggregate, Condition condition, int tier) =>
        condition.Targets[tier - 1].Thousandths is > 0 and var target && rollup.Count >= condition.Sample
            && rollup.Value(aggregate) is { } value
            ? (long)(value.Numerator / value.Denominator / target)
            : 0;

    /// <summary>The running rollup of every condition, from the first counted workday on.</summary>
    private sealed class Walk
    {
        private readonly PersonHistory person;
        private readonly Threshold rule;
        private readonly int tier;
        private readonly Aggregate[] aggregates;
        private readonly IReadOnlyList<DayRollup>[] days;
        private readonly int[] next;
        private readonly Rollup[] running;
        private readonly Rollup[] before;

        /// <summary>Stands just before <paramref name="from"/>, with everything earlier counted.</summary>
        public Walk(Func<MetricKey, Metric> metrics, PersonHistory person, Threshold rule, int tier, Workday counted, Workday from)
        {
            (this.person, this.rule, this.tier) = (person, rule, tier);
            var conditions = rule.Conditions;
            aggregates = [.. conditions.Select(c => metrics(c.Metric).Aggregate)];
            days = [.. conditions.Select(c => person.Days(c.Metric))];
            running = [.. days.Select(d => d.Total(counted, from.Plus(-1)))];
            before = [.. running];
            next = [.. days.Select(d => d.FirstIndex(from))];
        }

        public bool Met => Enumerable.Range(0, running.Length).All(i => IsMet(i, running[i]));
        public MetricValue Value => running[0].Value(aggregates[0])!.Value;

        /// <summary>The first workday up to <paramref name="last"/> at whose end all conditions are met.</summary>
        public Workday? FirstDay(Workday last)
        {
            while (true)
            {
                Workday? day = null;
                for (var i = 0; i < days.Length; i++)
                    if (next[i] < days[i].Count && (day is null || days[i][next[i]].Day < day)) day = days[i][next[i]].Day;
                if (day is not { } today || today > last) return null;
                for (var i = 0; i < days.Length; i++)
                {
                    before[i] = running[i];
                    if (next[i] < days[i].Count && days[i][next[i]].Day == today)
                        running[i] = running[i].Merge(days[i][next[i]++].Rollup);
                }
                if (Met) return today;
            }
        }

        /// <summary>
        /// The latest of the conditions' moments on the day that <see cref="FirstDay"/> found; of no meaning while it is only asked for the
        /// day.
        /// </summary>
        public Moment MomentOf(Workday day)
        {
            ActivityOrder? latest = null;
            for (var i = 0; i < days.Length; i++)
            {
                if (IsMet(i, before[i])) continue;
                if (person.OfDay(rule.Conditions[i].Metric, day) is not { } contributions) return default;
                var within = before[i];
                foreach (var contribution in contributions)
                {
                    within = within.Add(contribution.Reading);
                    if (!IsMet(i, within)) continue;
                    if (latest is null || contribution.Order.CompareTo(latest.Value) > 0) latest = contribution.Order;
                    break;
                }
            }
            var at = latest ?? throw new InvalidOperationException($"The rollups of {day} are met, its activities are not.");
            var first = before[0];
            foreach (var contribution in person.OfDay(rule.Conditions[0].Metric, day) ?? [])
            {
                if (contribution.Order.CompareTo(at) > 0) break;
                first = first.Add(contribution.Reading);
            }
            return new(at.At, first.Value(aggregates[0])!.Value);
        }

        private bool IsMet(int condition, Rollup rollup) => rule.Conditions[condition].Met(aggregates[condition], rollup, tier);
    }
}
