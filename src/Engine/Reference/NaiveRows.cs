using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Reference;

/// <summary>What follows from one period after the other: records, improvements and streaks.</summary>
public static partial class NaiveAwards
{
    /// <summary>One person's work, period by period.</summary>
    private sealed class OwnPeriods(History history, RuleHistory rule, PersonKey person, TimeRange range)
    {
        private readonly List<Deed> deeds =
            [.. history.Deeds.Where(d => d.Person == person && d.Day >= rule.CountsFrom && d.Day >= rule.Horizon).OrderBy(d => d.Order)];

        private readonly Dictionary<MetricKey, IReadOnlyList<WorkdaySpan>> counted = [];
        private readonly Dictionary<WorkdaySpan, Record> done = [];

        public IReadOnlyList<Deed> Deeds => deeds;

        public WorkdaySpan With(Workday day) => WorkdaySpan.Of(range, day, rule.WeekStart);

        private IEnumerable<DayRollup> Before(MetricKey metric) => history.Metrics(metric).Ratio is { } ratio
            ? Before(ratio.Numerator.Metric).Concat(Before(ratio.Denominator.Metric))
            : history.Before(person, metric).Where(d => d.Day >= rule.CountsFrom && d.Day < rule.Horizon);

        /// <summary>All in which anything was done that a metric counts, in order.</summary>
        public IReadOnlyList<WorkdaySpan> Of(MetricKey metric) => counted.TryGetValue(metric, out var known) ? known : counted[metric] =
            [.. deeds.Select(d => d.Day).Concat(Before(metric).Select(d => d.Day)).Select(With).Distinct()
                .Where(p => Total(metric, p, p.Last).Count > 0).OrderBy(p => p.First)];

        /// <summary>What a period's workdays up to one come to.</summary>
        public Tally Total(MetricKey metric, WorkdaySpan period, Workday last) => Done(period).Through(metric, last);

        /// <summary>What a period comes to up to one of its deeds.</summary>
        public Tally Total(MetricKey metric, WorkdaySpan period, Deed last) =>
            Done(period).After(metric, Done(period).Deeds.TakeWhile(d => !ReferenceEquals(d, last)).Count() + 1);

        private Record Done(WorkdaySpan period) => done.TryGetValue(period, out var known) ? known : done[period] = new(
            history, [.. deeds.Where(d => period.Contains(d.Day))], key => history.Before(person, key)
                .Where(d => d.Day >= rule.CountsFrom && d.Day < rule.Horizon && period.Contains(d.Day)));

        /// <summary>Whether it is decided at its end: closed, of one enabled span, and of after the horizon.</summary>
        public bool IsDecided(WorkdaySpan period) => period.First >= rule.Horizon && IsOver(period)
            && IsIn(history, person, Version(rule, period.First), period.Last);

        public bool IsOver(WorkdaySpan period) => period.Last <= history.ClosedThrough(person)
            && rule.Spans.Any(s => s.From <= Workday.Max(period.First, rule.CountsFrom) && period.Last <= s.Last);

        public Held Earned(int tier, WorkdaySpan period, Amount value) => new(rule.Achievement, tier, person, rule.OccasionOf(period.First),
            history.StartOf(person, period.Last.Plus(1)), value);
    }

    /// <summary>One per tier and occasion: the earliest.</summary>
    private static IEnumerable<Held> Firsts(IEnumerable<Held> all) => all.GroupBy(h => (h.Tier, h.Occasion)).Select(same => same.First());

    private static IEnumerable<Held> Records(History history, RuleHistory rule, PersonKey person)
    {
        var periods = new OwnPeriods(history, rule, person, ((PersonalRecord)rule.Current).Range);
        return Firsts(rule.Versions.SelectMany(v => v.Rule.Metrics).Distinct().SelectMany(periods.Of).Distinct().OrderBy(p => p.First)
            .SelectMany(period =>
            {
                var record = (PersonalRecord)Governing(rule, period);
                var values = periods.Of(record.Metric).Where(p => p.First <= period.First)
                    .Select(p => (Period: p, Tally: periods.Total(record.Metric, p, p.Last)))
                    .Where(p => p.Tally.Count >= record.Sample)
                    .Select(p => (p.Period, Value: p.Tally.Value(history.Metrics(record.Metric).Aggregate)))
                    .Where(p => p.Value is not null).ToList();
                if (values.Count <= record.After || values[^1].Period != period || !periods.IsDecided(period)) return (Held[])[];
                var (value, earlier) = (values[^1].Value!.Value, values.SkipLast(1).Select(v => v.Value!.Value).ToList());
                var isBest = record.Best == Best.Highest ? value.CompareTo(earlier.Max()) > 0 : value.CompareTo(earlier.Min()) < 0;
                var isEnough = record.Minimum is not { } minimum
                    || (record.Best == Best.Highest ? value.CompareTo(minimum) >= 0 : value.CompareTo(minimum) <= 0);
                return isBest && isEnough ? [periods.Earned(0, period, value.Rounded())] : [];
            }));
    }

    private static IEnumerable<Held> Improvements(History history, RuleHistory rule, PersonKey person)
    {
        var periods = new OwnPeriods(history, rule, person, ((Improvement)rule.Current).Range);
        return Firsts(rule.Versions.SelectMany(v => v.Rule.Metrics).Distinct().SelectMany(periods.Of).Distinct().OrderBy(p => p.First)
            .SelectMany(period =>
            {
                var improvement = (Improvement)Governing(rule, period);
                if (!periods.IsDecided(period) || ValueOf(period) is not { } now
                    || ValueOf(periods.With(period.First.Plus(-1))) is not { Numerator: var of } before || of <= 0) return (Held[])[];
                return Enumerable.Range(1, improvement.Percents.Count).Where(tier =>
                {
                    var part = improvement.Percents[tier - 1].Thousandths;
                    var needed = new MetricValue(before.Numerator * (100_000 + (improvement.Best == Best.Highest ? part : -part)),
                        before.Denominator * 100_000);
                    return improvement.Best == Best.Highest ? now.CompareTo(needed) >= 0 : now.CompareTo(needed) <= 0;
                }).Select(tier => periods.Earned(tier, period, now.Rounded()));

                MetricValue? ValueOf(WorkdaySpan of)
                {
                    if (of.Last < rule.CountsFrom) return null;
                    var tally = periods.Total(improvement.Metric, of, of.Last);
                    return tally.Count >= improvement.Sample ? tally.Value(history.Metrics(improvement.Metric).Aggregate) : null;
                }
            }));
    }

    /// <summary>A moment at which a streak may be long enough.</summary>
    /// <param name="Row">The periods of the streak as it stood then.</param>
    private sealed record Standing(Workday Day, Occurs What, long At, Streak Rule, List<WorkdaySpan> Row);

    private static IEnumerable<Held> Streaks(History history, RuleHistory rule, PersonKey person)
    {
        var periods = new OwnPeriods(history, rule, person, ((Streak)rule.Current).Range);
        var worked = periods.Of(((Streak)rule.Current).Work);
        var closed = history.ClosedThrough(person);
        var standings = new List<Standing>();
        foreach (var deed in periods.Deeds)
            if (StreakOn(deed.Day) is { } now && Live(history, now)
                && periods.With(deed.Day) is var period && worked.Contains(period) && Live(history, Governing(rule, period))
                && Met(period, metric => periods.Total(metric, period, deed)) && !MetBefore(period, deed))
                standings.Add(new(deed.Day, Occurs.Deed, deed.Order.At, now, [.. RowBefore(period), period]));
        foreach (var period in worked)
            if (StreakOn(period.Last) is { } now && !Live(history, now) && periods.IsOver(period) && period.Last >= rule.Horizon
                && MetThrough(period, period.Last))
                standings.Add(new(period.Last.Plus(1), Occurs.DayEnd, history.StartOf(person, period.Last.Plus(1)), now,
                    [.. RowBefore(period), period]));
        // That activities are kept from the horizon on starts nothing.
        foreach (var start in Starts(rule, ofAllTime: true).Where(s =>
                rule.Spans.Any(span => span.From == s) || rule.Versions.Skip(1).Any(v => v.Effective == s))
            .Concat(Joins(history, rule, person, day => day)))
            if (StreakOn(start) is { } now && (Live(history, now) || start.Plus(-1) <= closed))
            {
                var over = worked.Where(p => p.Last < start).ToList();
                var row = over.Count > 0 && MetThrough(over[^1], over[^1].Last)
                    ? [.. RowBefore(over[^1]), over[^1]]
                    : (List<WorkdaySpan>)[];
                if (Live(history, now) && periods.With(start.Plus(-1)) is var open && open.Last >= start && worked.Contains(open)
                    && Live(history, Governing(rule, open)) && MetThrough(open, start.Plus(-1)))
                    row.Add(open);
                standings.Add(new(start, Occurs.Start, history.StartOf(person, start), now, row));
            }
        return Firsts(standings.OrderBy(s => s.Day).ThenBy(s => s.What).ThenBy(s => s.At).SelectMany(s => s.Rule.Lengths
            .Select((length, i) => (Length: length, Tier: i + 1)).Where(t => s.Row.Count >= t.Length)
            .Select(t => new Held(rule.Achievement, t.Tier, person,
                rule.Repeat == Repeat.Once ? Occasion.Once : s.Row[0].First.ToString(), s.At, new Amount(s.Row.Count * 1000L)))));

        Streak? StreakOn(Workday day) => (Streak?)RuleOn(history, rule, person, default, day);

        bool Met(WorkdaySpan period, Func<MetricKey, Tally> total) =>
            ((Streak)Governing(rule, period)).Conditions.All(c => NaiveAwards.Met(history, c, total, 1));

        // With the deed that makes it so a period joins the row: what more is done in it is no other moment.
        bool MetBefore(WorkdaySpan period, Deed deed) =>
            periods.Deeds.TakeWhile(d => !ReferenceEquals(d, deed)).LastOrDefault(d => period.Contains(d.Day)) is { } before
                ? Met(period, metric => periods.Total(metric, period, before))
                : MetThrough(period, deed.Day.Plus(-1));

        bool MetThrough(WorkdaySpan period, Workday last) => Met(period, metric => periods.Total(metric, period, last));

        // Those just before a period, each with work, all met.
        List<WorkdaySpan> RowBefore(WorkdaySpan period) =>
            [.. worked.Where(p => p.Last < period.First).Reverse().TakeWhile(p => MetThrough(p, p.Last)).Reverse()];
    }
}
