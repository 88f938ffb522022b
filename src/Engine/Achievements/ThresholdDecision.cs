using System.Globalization;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>
/// Decides thresholds (and first times) for one person: which tiers, on which occasions, at which moment. Live where every
/// condition can but move toward its target; at the end of the period otherwise.
/// </summary>
public sealed class ThresholdDecision(RuleHistory history, Func<MetricKey, Metric> metrics) : PersonDecision(history, metrics)
{
    protected override TimeRange Range => Of(History.Current).Range;

    private static Threshold Of(Rule rule) => rule.Running()!;

    public override IReadOnlyList<Coming> Find(PersonHistory person, WorkdaySpan scope)
    {
        var found = new List<Coming>();
        if (Range == TimeRange.All) FindInAllTime(person, found);
        else FindInPeriods(person, Widen(scope), found);
        return found;
    }

    public override FastPath.Verdict Judge(
        Growth growth, Func<MetricKey, FastPath.Other> others, Workday begunThrough, Places places) =>
        FastPath.Judge(History, Metrics, growth, others, begunThrough, places);

    /// <summary>Of what can be earned every time, the nth multiple.</summary>
    public override Func<Func<MetricKey, Rollup>, bool> Met(Rule rule, int tier, string occasion)
    {
        var (threshold, level) = (Of(rule), Math.Max(1, tier));
        if (level > threshold.Tiers) return _ => false;
        if (History.Repeat != Repeat.EveryTime)
            return of => threshold.Conditions.All(c => c.Met(Metrics(c.Metric).Aggregate, of(c.Metric), level));
        var (only, nth) = (threshold.Conditions[0], long.Parse(occasion, CultureInfo.InvariantCulture));
        return of => Reached(of(only.Metric), Metrics(only.Metric).Aggregate, only, level) >= nth;
    }

    public override IEnumerable<Workday> ClosedWith(Workday day, Workday closedThrough)
    {
        if (Range != TimeRange.All) return base.ClosedWith(day, closedThrough);
        // Work counts for every later workday.
        return day <= closedThrough && History.WindowsOfAllTime().Any(w => w.Last >= day && !w.Rule.IsLive(Metrics)) ? [Workday.End] : [];
    }

    public override Workday? EndingWith(Workday day)
    {
        if (Range != TimeRange.All) return base.EndingWith(day);
        // Who meets a version when it starts is known when the workday before has closed.
        return History.WindowsOfAllTime().Any(w => w.First.Plus(-1) <= day && day <= w.Last && !w.Rule.IsLive(Metrics))
            ? Workday.End
            : null;
    }

    private void FindInPeriods(PersonHistory person, WorkdaySpan occasions, List<Coming> found)
    {
        // An occasion is the earliest of its periods, and these are gone through in order.
        var known = History.Repeat == History.Current.DefaultRepeat ? null : new HashSet<(int, string)>();
        foreach (var period in Periods(person, occasions))
        {
            if (!History.IsOpen(period) || History.Counted(period) is not { } counted) continue;
            var rule = Of(History.Governing(period));
            var occasion = History.OccasionOf(period.First);
            for (var tier = 1; tier <= rule.Tiers; tier++)
            {
                Coming? coming = null;
                if (!rule.IsLive(Metrics)) coming = IsIn(person, period) ? AtEnd(person, rule, occasion, counted, tier) : null;
                else
                    foreach (var window in WindowsOf(person, counted, period))
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
    private List<WorkdaySpan> Periods(PersonHistory person, WorkdaySpan occasions)
    {
        var periods = new List<WorkdaySpan>();
        foreach (var metric in History.Versions.Select(v => Of(v.Rule).Conditions[0].Metric).Distinct())
            foreach (var (day, _) in person.Days(metric))
            {
                if (periods.Count > 0 && periods[^1].Contains(day)) continue;
                var period = WorkdaySpan.Of(Range, day, History.WeekStart);
                if (occasions.Contains(period.First)) periods.Add(period);
            }
        return History.Versions.Count == 1 ? periods : [.. periods.Distinct().OrderBy(p => p.First)];
    }

    private void FindInAllTime(PersonHistory person, List<Coming> found)
    {
        var all = new WorkdaySpan(History.CountsFrom, Workday.End);
        var most = History.Versions.Max(v => Of(v.Rule).Tiers);
        for (var tier = 1; tier <= most; tier++)
        {
            if (History.Repeat == Repeat.EveryTime)
            {
                FindMultiples(person, all, tier, found);
                continue;
            }
            // Each stretch by its own version: one of a live kind may follow one that is decided when workdays have closed.
            Coming? coming = null;
            foreach (var window in WindowsOf(person))
                coming ??= window.Rule.IsLive(Metrics)
                    ? FirstMoment(person, Occasion.Once, all, window, tier)
                    : FirstDayEnd(person, all, window, tier);
            if (coming is null) break;
            found.Add(coming);
        }
    }

    private Earned Printed(int tier, string occasion, WorkdaySpan counted, long at, MetricValue value) =>
        new(History.Current.Levels() == 0 ? 0 : tier, occasion, counted, at, value);

    private Coming? FirstMoment(PersonHistory person, string occasion, WorkdaySpan counted, Window window, int tier)
    {
        var rule = Of(window.Rule);
        if (window.Begins > person.BegunThrough || rule.Tiers < tier) return null;
        if (window.After is { } step)
        {
            if (person.Earnings(step) is not [var from, ..] || person.DayOf(from) > window.Last) return null;
            if (person.DayOf(from) is var then && then >= window.First)
                return FromStep(person, occasion, counted, window, tier, from, then);
        }
        var walk = new ThresholdWalk(Metrics, person, rule, tier, counted.First, window.First);
        // Who already meets it when the version or the enabled span starts, earns at that start.
        if (window.Opens && walk.Met) return new(Printed(tier, occasion, counted, person.StartOf(window.First), walk.Value));
        return walk.FirstDay(window.Last) is { } day
            ? new(day, rule.Metrics, own =>
            {
                var (at, value) = walk.MomentOf(own, day);
                return [Printed(tier, occasion, counted, at, value)];
            })
            : null;
    }

    /// <summary>
    /// A step whose rule begins with the moment of the step before it: who already meets it earns then, and of the value it is known that
    /// it has come to the target.
    /// </summary>
    private Coming? FromStep(
        PersonHistory person, string occasion, WorkdaySpan counted, Window window, int tier, long from, Workday then)
    {
        var rule = Of(window.Rule);
        var early = Printed(tier, occasion, counted, from, MetricValue.Of(rule.Conditions[0].Targets[tier - 1]));
        var walk = new ThresholdWalk(Metrics, person, rule, tier, counted.First, then);
        if (walk.Met) return new(early);
        return walk.FirstDay(window.Last) is { } day
            ? new(day, rule.Metrics, own =>
            {
                var (at, value) = walk.MomentOf(own, day);
                return [at > from ? Printed(tier, occasion, counted, at, value) : early];
            })
            : null;
    }

    private Coming? AtEnd(PersonHistory person, Threshold rule, string occasion, WorkdaySpan counted, int tier)
    {
        if (person.ClosedThrough < counted.Last || !History.DecidedAtEnd(counted)) return null;
        var walk = new ThresholdWalk(Metrics, person, rule, tier, counted.First, counted.Last.Plus(1));
        return walk.Met ? new(Printed(tier, occasion, counted, person.StartOf(counted.Last.Plus(1)), walk.Value)) : null;
    }

    /// <summary>All-time kinds that are not live are looked at when each workday has closed.</summary>
    private Coming? FirstDayEnd(PersonHistory person, WorkdaySpan counted, Window window, int tier)
    {
        var rule = Of(window.Rule);
        if (rule.Tiers < tier) return null;
        var walk = new ThresholdWalk(Metrics, person, rule, tier, counted.First, window.First);
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
        foreach (var window in WindowsOf(person))
        {
            var rule = Of(window.Rule);
            if (window.Begins > person.BegunThrough || rule.Tiers < tier) continue;
            var condition = rule.Conditions[0];
            var aggregate = Metrics(condition.Metric).Aggregate;
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
                if (fresh.Count > 0) found.Add(new(day, rule.Metrics, own => OfDay(own, before, day, known, fresh)));
            }

            List<Earned> OfDay(PersonHistory own, Rollup within, Workday day, long known, HashSet<long> fresh)
            {
                var moments = new List<Earned>();
                foreach (var contribution in own.OfDay(condition.Metric, day))
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
}
