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
    public IReadOnlyList<Earned> Decide(PersonHistory person, WorkdaySpan scope) =>
        [.. Find(person, scope).SelectMany(f => f.Decide(person))];

    /// <summary>
    /// The same, as far as rollups tell: on which workday a moment lies. Whoever decides for many reads these workdays' contributions
    /// together before asking each for its moment.
    /// </summary>
    public IReadOnlyList<Coming> Find(PersonHistory person, WorkdaySpan scope)
    {
        var found = new List<Coming>();
        if (Of(history.Current)!.Range == TimeRange.All) FindInAllTime(person, found);
        else FindInPeriods(person, Widen(scope), found);
        return found;
    }

    /// <summary>
    /// The scope, widened to whole occasions: an occasion is the earliest of its periods. First days of periods, not workdays: a week
    /// belongs to the month in which it begins, and its days to two.
    /// </summary>
    public WorkdaySpan Widen(WorkdaySpan scope)
    {
        var range = Of(history.Current)!.Range;
        var (first, last) = (FirstOf(range, scope.First), FirstOf(range, scope.Last));
        return history.Repeat switch
        {
            Repeat.Once => new(Workday.Beginning, Workday.End),
            Repeat.Month => new(FirstOf(TimeRange.Month, first), LastOf(TimeRange.Month, last)),
            Repeat.Week => new(FirstOf(TimeRange.Week, first), LastOf(TimeRange.Week, last)),
            Repeat.Day or Repeat.EveryTime => new(first, last),
        };
    }

    /// <summary>Whether what was earned by the work of <paramref name="counted"/> is decided with the scope.</summary>
    public bool Decides(WorkdaySpan scope, WorkdaySpan counted)
    {
        var range = Of(history.Current)!.Range;
        return range == TimeRange.All || Widen(scope).Contains(FirstOf(range, counted.First));
    }

    private Workday FirstOf(TimeRange range, Workday day) =>
        day == Workday.Beginning || day == Workday.End ? day : WorkdaySpan.Of(range, day, history.WeekStart).First;

    private Workday LastOf(TimeRange range, Workday day) =>
        day == Workday.Beginning || day == Workday.End ? day : WorkdaySpan.Of(range, day, history.WeekStart).Last;

    private void FindInPeriods(PersonHistory person, WorkdaySpan occasions, List<Coming> found)
    {
        var range = Of(history.Current)!.Range;
        // An occasion is the earliest of its periods, and these are gone through in order.
        var known = history.Repeat == history.Current.DefaultRepeat ? null : new HashSet<(int, string)>();
        foreach (var period in Periods(person, range, occasions))
        {
            if (!history.IsOpen(period) || history.Counted(period) is not { } counted) continue;
            var rule = Of(history.Governing(period))!;
            var occasion = history.OccasionOf(period.First);
            for (var tier = 1; tier <= rule.Tiers; tier++)
            {
                Coming? coming = null;
                if (!IsLive(rule, metrics)) coming = AtEnd(person, rule, occasion, counted, tier);
                else
                    foreach (var window in history.Windows(counted, period))
                        coming ??= FirstMoment(person, occasion, counted, window, tier);
                // Targets rise: who has not come to this tier has come to none above it.
                if (coming is null) break;
                if (known is null || known.Add((tier, occasion))) found.Add(coming);
            }
        }
    }

    /// <summary>
    /// In order. Without data on the first condition of some version nothing is met, so its days name the periods to look at.
    /// </summary>
    private List<WorkdaySpan> Periods(PersonHistory person, TimeRange range, WorkdaySpan occasions)
    {
        var periods = new List<WorkdaySpan>();
        foreach (var metric in history.Versions.Select(v => Of(v.Rule)!.Conditions[0].Metric).Distinct())
            foreach (var (day, _) in person.Days(metric))
            {
                if (periods.Count > 0 && periods[^1].Contains(day)) continue;
                var period = WorkdaySpan.Of(range, day, history.WeekStart);
                if (occasions.Contains(period.First)) periods.Add(period);
            }
        return history.Versions.Count == 1 ? periods : [.. periods.Distinct().OrderBy(p => p.First)];
    }

    private void FindInAllTime(PersonHistory person, List<Coming> found)
    {
        var all = new WorkdaySpan(history.CountsFrom, Workday.End);
        var most = history.Versions.Max(v => Of(v.Rule)!.Tiers);
        for (var tier = 1; tier <= most; tier++)
        {
            if (history.Repeat == Repeat.EveryTime)
            {
                FindMultiples(person, all, tier, found);
                continue;
            }
            // Each stretch by its own version: one of a live kind may follow one that is decided when workdays have closed.
            Coming? coming = null;
            foreach (var window in history.WindowsOfAllTime())
                coming ??= IsLive(Of(window.Rule)!, metrics)
                    ? FirstMoment(person, Occasion.Once, all, window, tier)
                    : FirstDayEnd(person, all, window, tier);
            if (coming is null) break;
            found.Add(coming);
        }
    }

    private Earned Printed(int tier, string occasion, WorkdaySpan counted, long at, MetricValue value) =>
        new(history.Current is FirstTime ? 0 : tier, occasion, counted, at, value);

    private Coming? FirstMoment(PersonHistory person, string occasion, WorkdaySpan counted, Window window, int tier)
    {
        var rule = Of(window.Rule)!;
        if (window.Begins > person.BegunThrough || rule.Tiers < tier) return null;
        var walk = new Walk(metrics, person, rule, tier, counted.First, window.First);
        // Who already meets it when the version or the enabled span starts, earns at that start.
        if (window.Opens && walk.Met) return new(Printed(tier, occasion, counted, person.StartOf(window.First), walk.Value));
        return walk.FirstDay(window.Last) is { } day
            ? new(day, rule.Metrics, history =>
            {
                var (at, value) = walk.MomentOf(history, day);
                return [Printed(tier, occasion, counted, at, value)];
            })
            : null;
    }

    private Coming? AtEnd(PersonHistory person, Threshold rule, string occasion, WorkdaySpan counted, int tier)
    {
        if (person.ClosedThrough < counted.Last || !history.DecidedAtEnd(counted)) return null;
        var walk = new Walk(metrics, person, rule, tier, counted.First, counted.Last.Plus(1));
        return walk.Met ? new(Printed(tier, occasion, counted, person.StartOf(counted.Last.Plus(1)), walk.Value)) : null;
    }

    /// <summary>All-time kinds that are not live are looked at when each workday has closed.</summary>
    private Coming? FirstDayEnd(PersonHistory person, WorkdaySpan counted, Window window, int tier)
    {
        var rule = Of(window.Rule)!;
        if (rule.Tiers < tier) return null;
        var walk = new Walk(metrics, person, rule, tier, counted.First, window.First);
        if (window.Opens && walk.Met && window.First.Plus(-1) <= person.ClosedThrough)
            return new(Printed(tier, Occasion.Once, counted, person.StartOf(window.First), walk.Value));
        return walk.FirstDay(Workday.Min(window.Last, person.ClosedThrough)) is { } day
            ? new(Printed(tier, Occasion.Once, counted, person.StartOf(day.Plus(1)), walk.Value))
            : null;
    }

    /// <summary>Every time: the nth multiple of the target, for one live condition over all time.</summary>
    private void FindMultiples(PersonHistory person, WorkdaySpan all, int tier, List<Coming> found)
    {
        // A later version may come to the same multiple again: it was earned before.
        var earned = new HashSet<long>();
        foreach (var window in history.WindowsOfAllTime())
        {
            var rule = Of(window.Rule)!;
            if (window.Begins > person.BegunThrough || rule.Tiers < tier) continue;
            var condition = rule.Conditions[0];
            var aggregate = metrics(condition.Metric).Aggregate;
            var days = person.Days(condition.Metric);
            var running = days.Total(all.First, window.First.Plus(-1));
            var reached = Reached(running, aggregate, condition, tier);
            if (window.Opens)
                for (var n = 1L; n <= reached; n++)
                    if (earned.Add(n))
                        found.Add(new(new Earned(
                            tier, Occasion.Nth(n), all, person.StartOf(window.First), running.Value(aggregate)!.Value)));
            for (var i = days.FirstIndex(window.First); i < days.Count && days[i].Day <= window.Last; i++)
            {
                var (before, day, known) = (running, days[i].Day, reached);
                running = running.Merge(days[i].Rollup);
                reached = Reached(running, aggregate, condition, tier);
                var fresh = new HashSet<long>();
                for (var n = known + 1; n <= reached; n++)
                    if (earned.Add(n)) fresh.Add(n);
                if (fresh.Count > 0) found.Add(new(day, rule.Metrics, history => OfDay(history, before, day, known, fresh)));
            }

            List<Earned> OfDay(PersonHistory history, Rollup within, Workday day, long known, HashSet<long> fresh)
            {
                var moments = new List<Earned>();
                foreach (var contribution in history.OfDay(condition.Metric, day))
                {
                    within = within.Add(contribution.Reading);
                    for (var now = Reached(within, aggregate, condition, tier); known < now; known++)
                        if (fresh.Contains(known + 1))
                            moments.Add(new(tier, Occasion.Nth(known + 1), all, contribution.Order.At, within.Value(aggregate)!.Value));
                }
                return moments;
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
            (this.rule, this.tier) = (rule, tier);
            var count = rule.Conditions.Count;
            (aggregates, days, next) = (new Aggregate[count], new IReadOnlyList<DayRollup>[count], new int[count]);
            (running, before) = (new Rollup[count], new Rollup[count]);
            for (var i = 0; i < count; i++)
            {
                var metric = rule.Conditions[i].Metric;
                aggregates[i] = metrics(metric).Aggregate;
                days[i] = person.Days(metric);
                running[i] = before[i] = days[i].Total(counted, from.Plus(-1));
                next[i] = days[i].FirstIndex(from);
            }
        }

        public bool Met
        {
            get
            {
                for (var i = 0; i < running.Length; i++)
                    if (!IsMet(i, running[i])) return false;
                return true;
            }
        }

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

        /// <summary>The latest of the conditions' moments on the day that <see cref="FirstDay"/> found.</summary>
        public (long At, MetricValue Value) MomentOf(PersonHistory person, Workday day)
        {
            ActivityOrder? latest = null;
            for (var i = 0; i < days.Length; i++)
            {
                if (IsMet(i, before[i])) continue;
                var within = before[i];
                foreach (var contribution in person.OfDay(rule.Conditions[i].Metric, day))
                {
                    within = within.Add(contribution.Reading);
                    if (!IsMet(i, within)) continue;
                    if (latest is null || contribution.Order.CompareTo(latest.Value) > 0) latest = contribution.Order;
                    break;
                }
            }
            var at = latest ?? throw new InvalidOperationException($"The rollups of {day} are met, its activities are not.");
            var first = before[0];
            foreach (var contribution in person.OfDay(rule.Conditions[0].Metric, day))
            {
                if (contribution.Order.CompareTo(at) > 0) break;
                first = first.Add(contribution.Reading);
            }
            return (at.At, first.Value(aggregates[0])!.Value);
        }

        private bool IsMet(int condition, Rollup rollup) => rule.Conditions[condition].Met(aggregates[condition], rollup, tier);
    }
}
