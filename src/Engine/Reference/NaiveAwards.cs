using System.Collections.Immutable;
using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Reference;

/// <summary>An effective activity of a person, on the workday that it fell on.</summary>
/// <param name="Clock">Of the site where the person worked then.</param>
public sealed record Deed(
    PersonKey Person, string Type, ActivityOrder Order, Workday Day, SiteClock Clock, IReadOnlyList<Measure> Measures,
    IReadOnlyList<Label> Labels)
{
    public Reading? ReadBy(Metric metric) => metric.Reads(new(Type, Measures, Labels, Order.At, Day, Clock));
}

/// <summary>Everything that awards depend on.</summary>
/// <param name="StartOf">First instant of a person's workday.</param>
/// <param name="ClosedThrough">Last workday that has closed at a person's site.</param>
/// <param name="ClosedEverywhere">Last workday that has closed at every site.</param>
/// <param name="BegunThrough">Last workday that has begun for a person.</param>
public sealed record History(
    IReadOnlyList<Deed> Deeds, IReadOnlyList<RuleHistory> Rules, Func<MetricKey, Metric> Metrics,
    Func<PersonKey, Workday, long> StartOf, Func<PersonKey, Workday> ClosedThrough, Workday ClosedEverywhere,
    Func<PersonKey, Workday> BegunThrough)
{
    /// <summary>
    /// What had been counted of workdays before the rules' horizon: given, for the activities are gone. Awards that were earned before it
    /// are given, too, and stand for their occasions whatever is decided here.
    /// </summary>
    public Func<PersonKey, MetricKey, IReadOnlyList<DayRollup>> Before { get; init; } = (_, _) => [];
    /// <summary>Who has any of it.</summary>
    public IReadOnlyList<PersonKey> CountedBefore { get; init; } = [];

    /// <summary>
    /// What a person has earned and nothing here decides: by hand, by a contest, before the horizon. It stands for its occasion.
    /// </summary>
    public Func<PersonKey, IEnumerable<Held>> Given { get; init; } = _ => [];
    /// <summary>Where a person is on a workday.</summary>
    public Func<PersonKey, Workday, Place> PlaceOn { get; init; } = (_, _) => new(null, [], "");
    /// <summary>The site where a person is on a workday.</summary>
    public Func<PersonKey, Workday, long> SiteOn { get; init; } = (_, _) => 0;
    /// <summary>Workdays from which a person is elsewhere than before.</summary>
    public Func<PersonKey, IEnumerable<Workday>> Moves { get; init; } = _ => [];
    /// <summary>What a person has set out to reach.</summary>
    public Func<PersonKey, IReadOnlyList<Goal>> Goals { get; init; } = _ => [];
    /// <summary>A person's workday at an instant (UTC milliseconds).</summary>
    public Func<PersonKey, long, Workday> DayOf { get; init; } = (_, _) => Workday.Beginning;
}

/// <summary>An award that holds.</summary>
public readonly record struct Held(AchievementKey Achievement, int Tier, PersonKey Person, string Occasion, long EarnedAt, Amount Value);

/// <summary>
/// The one promise, written for clarity: awards as a pure function of history. Every value is added up from the activities
/// themselves, deed by deed, for each rule and period anew; nothing is clever. The stores are judged by it.
/// </summary>
public static partial class NaiveAwards
{
    /// <param name="people">All who may have earned anything.</param>
    public static IReadOnlyList<Held> Of(History history, IReadOnlyCollection<PersonKey> people)
    {
        List<Held> won = [.. history.Rules.Where(r => r.Current is BestOfPeriod).SelectMany(rule =>
            history.Deeds.SelectMany(d => Periods(rule, d.Day)).Distinct().SelectMany(period => OfPeriod(history, rule, period)))];
        var all = history with { Given = person => history.Given(person).Concat(won.Where(w => w.Person == person)) };
        return [.. won, .. people.SelectMany(own => OfPerson(all with { Deeds = [.. history.Deeds.Where(d => d.Person == own)] }, own))];
    }

    /// <summary>What one person earns alone; nobody else's deeds need be in the history.</summary>
    public static IReadOnlyList<Held> OfPerson(History history, PersonKey person)
    {
        var rules = history.Rules.Where(r => r.Current is not (BestOfPeriod or FirstInProject or LuckyDraw)).ToList();
        var given = history.Given(person).ToList();
        List<Held> alone = [.. rules.Where(r => !r.Follows.Any()).SelectMany(rule => OfRule(history, rule, person, _ => []))];
        var following = new List<Held>();
        while (true)
        {
            // What follows from other awards follows from earlier ones, so that it is at rest after as many rounds as it has steps.
            List<Held> known = [.. alone, .. following];
            List<Held> next = [.. rules.Where(r => r.Follows.Any()).SelectMany(rule => OfRule(history, rule, person, achievement => given
                .Concat(known.Where(h => !given.Exists(g => (g.Achievement, g.Tier, g.Occasion) == (h.Achievement, h.Tier, h.Occasion))))
                .Where(h => h.Achievement == achievement).Select(h => h.EarnedAt).Order()))];
            if (next.SequenceEqual(following)) return known;
            following = next;
        }
    }

    private static IEnumerable<Held> OfRule(
        History history, RuleHistory rule, PersonKey person, Func<AchievementKey, IEnumerable<long>> earned) => rule.Current switch
        {
            PersonalRecord => Records(history, rule, person),
            Improvement => Improvements(history, rule, person),
            Streak => Streaks(history, rule, person),
            PersonalGoal => Goals(history, rule, person),
            FullCollection => Collections(history, rule, person, earned),
            _ => Thresholds(history, rule, person, earned),
        };

    // --- collections --------------------------------------------------------------------------------------------------

    private static IEnumerable<Held> Collections(
        History history, RuleHistory rule, PersonKey person, Func<AchievementKey, IEnumerable<long>> earned)
    {
        // Something changes with each award, and when a version or an enabled span starts: first of all that happens on that workday.
        var chances = rule.Follows.SelectMany(earned).Select(at => (Day: history.DayOf(person, at), What: Occurs.Deed, At: at))
            .Concat(Starts(rule, ofAllTime: true).Concat(Joins(history, rule, person, day => day))
                .Select(day => (Day: day, What: Occurs.Start, At: history.StartOf(person, day))))
            .OrderBy(c => c.Day).ThenBy(c => c.What).ThenBy(c => c.At);
        foreach (var (day, what, at) in chances)
        {
            var version = Version(rule, day);
            if (version.Effective > history.BegunThrough(person) || day < rule.CountsFrom || day < rule.Horizon
                || !rule.Spans.Any(s => s.From <= day && day <= s.Last && s.From <= history.BegunThrough(person))
                || !HasComeIn(history, person, version, day)) continue;
            var set = ((FullCollection)version.Rule).Of;
            if (version.After is { } before && !earned(before).Any(IsThere)) continue;
            if (!set.All(a => earned(a).Any(t => IsThere(t) && history.DayOf(person, t) >= rule.CountsFrom))) continue;
            yield return new(rule.Achievement, 0, person, Occasion.Once, at, new Amount(set.Count * 1000L));
            yield break;

            bool IsThere(long earnedAt) => what == Occurs.Start ? history.DayOf(person, earnedAt) < day : earnedAt <= at;
        }
    }

    // --- thresholds ---------------------------------------------------------------------------------------------------

    /// <summary>
    /// What happens on one workday, in this order: the one before it ends, a version or an enabled span starts, somebody does something.
    /// The step before comes first of what matters behind it.
    /// On the eve of a move the date may come before the workday begins, at midnight of the zone moved to: its work is its all the same.
    /// </summary>
    private enum Occurs { DayEnd, StepBefore, Start, Deed }

    /// <summary>A moment at which somebody may earn, after these deeds.</summary>
    /// <param name="Early">That of the step before: whoever meets it by then has come to the target, and no more is told.</param>
    private sealed record Chance(Workday Day, long At, Occurs What, Rule Rule, Func<MetricKey, Tally> Done, bool Early = false);

    private static IEnumerable<Held> Thresholds(
        History history, RuleHistory rule, PersonKey person, Func<AchievementKey, IEnumerable<long>> steps)
    {
        var first = Workday.Max(rule.CountsFrom, rule.Horizon);
        var deeds = history.Deeds.Where(d => d.Person == person && d.Day >= first).OrderBy(d => d.Order).ToList();
        var range = Threshold(rule.Current).Range;
        // All time is one period, and may have been filled before the horizon. Any other one that touches a workday before it is over.
        var periods = range == TimeRange.All ? [WorkdaySpan.Of(range, first, rule.WeekStart)]
            : deeds.Select(d => WorkdaySpan.Of(range, d.Day, rule.WeekStart)).Distinct().Where(p => p.First >= rule.Horizon).ToList();
        var earned = new List<Held>();
        foreach (var period in periods)
        {
            var record = new Record(history, [.. deeds.Where(d => period.Contains(d.Day))], metric => range != TimeRange.All ? []
                : history.Before(person, metric).Where(d => d.Day >= rule.CountsFrom && d.Day < rule.Horizon));
            var chances = OnThePath(history, rule, person, period, record, Chances(history, rule, person, period, record), steps)
                .OrderBy(c => c.Day).ThenBy(c => c.What).ThenBy(c => c.At).ToList();
            for (var tier = 1; tier <= 3; tier++)
                foreach (var (occasion, moment, value) in Moments(history, rule, period, chances, tier))
                    earned.Add(new(rule.Achievement, rule.Current is FirstTime ? 0 : tier, person, occasion, moment, value));
        }
        // One per tier and occasion: the earliest.
        return earned.GroupBy(e => (e.Tier, e.Occasion)).Select(same => same.MinBy(e => e.EarnedAt));
    }

    /// <summary>
    /// A later step of a path is looked for from the moment of the one before it on: what was done by then has been done.
    /// </summary>
    private static IEnumerable<Chance> OnThePath(
        History history, RuleHistory rule, PersonKey person, WorkdaySpan period, Record done, IEnumerable<Chance> chances,
        Func<AchievementKey, IEnumerable<long>> steps)
    {
        // First of all that happens in that instant.
        foreach (var step in rule.Versions.Select(v => v.After).OfType<AchievementKey>().Distinct())
            if (steps(step).Cast<long?>().FirstOrDefault() is { } at && history.DayOf(person, at) is var day
                && day >= rule.CountsFrom && day >= rule.Horizon
                && Version(rule, day).After == step && RuleOn(history, rule, person, period, day) is { } now && Live(history, now)
                && done.Deeds.Count(d => d.Day < day || (d.Day == day && d.Order.At <= at)) is var count)
                yield return new(day, at, Occurs.StepBefore, now,
                    metric => count > 0 ? done.After(metric, count) : done.Through(metric, day.Plus(-1)), Early: true);
        foreach (var chance in chances)
            if (Version(rule, chance.Day).After is not { } step || steps(step).Any(at => at <= chance.At)) yield return chance;
    }

    private static IEnumerable<(string Occasion, long At, Amount Value)> Moments(
        History history, RuleHistory rule, WorkdaySpan period, List<Chance> chances, int tier)
    {
        var reached = 0L;
        foreach (var chance in chances)
        {
            var threshold = Threshold(chance.Rule);
            if (tier > threshold.Tiers) continue;
            var first = Value(history, threshold.Conditions[0].Metric, chance.Done);
            if (rule.Repeat == Repeat.EveryTime)
            {
                if (chance.Done(threshold.Conditions[0].Metric).Count < threshold.Conditions[0].Sample) continue;
                var target = threshold.Conditions[0].Targets[tier - 1];
                for (; first is { } value && value.CompareTo(new Amount(target.Thousandths * (reached + 1))) >= 0; reached++)
                    yield return (Occasion.Nth(reached + 1), chance.At, value.Rounded());
                continue;
            }
            if (!threshold.Conditions.All(c => Met(history, c, chance.Done, tier))) continue;
            yield return (threshold.Range == TimeRange.All ? Occasion.Once : rule.OccasionOf(period.First), chance.At,
                chance.Early ? threshold.Conditions[0].Targets[tier - 1] : first!.Value.Rounded());
            yield break;
        }
    }

    private static IEnumerable<Chance> Chances(History history, RuleHistory rule, PersonKey person, WorkdaySpan period, Record done)
    {
        var all = Threshold(rule.Current).Range == TimeRange.All;
        var closed = history.ClosedThrough(person);
        if (!all && Governing(rule, period) is var whole && !Live(history, whole))
        {
            // At the period's end.
            var counted = new WorkdaySpan(Workday.Max(period.First, rule.CountsFrom), period.Last);
            if (period.Last <= closed && rule.Spans.Any(s => s.From <= counted.First && counted.Last <= s.Last)
                && IsIn(history, person, Version(rule, period.First), period.Last))
                yield return new(period.Last.Plus(1), history.StartOf(person, period.Last.Plus(1)), Occurs.DayEnd, whole,
                    metric => done.Through(metric, period.Last));
            yield break;
        }
        foreach (var (deed, count) in done.Deeds.Select((deed, i) => (deed, i + 1)))
            if (RuleOn(history, rule, person, period, deed.Day) is { } now && Live(history, now))
                yield return new(deed.Day, deed.Order.At, Occurs.Deed, now, metric => done.After(metric, count));
        // All-time rules that are not live: at the end of each workday.
        foreach (var day in done.Deeds.Select(d => d.Day).Distinct())
            if (RuleOn(history, rule, person, period, day) is { } now && !Live(history, now) && day <= closed)
                yield return new(day.Plus(1), history.StartOf(person, day.Plus(1)), Occurs.DayEnd, now,
                    metric => done.Through(metric, day));
        // Who already meets it when a version or an enabled span starts, earns at that start.
        foreach (var start in Starts(rule, all).Concat(Joins(history, rule, person, day => all ? day : period.First)))
            if (start > period.First && start <= period.Last
                && RuleOn(history, rule, person, period, start) is { } now && (Live(history, now) || start.Plus(-1) <= closed))
                yield return new(start, history.StartOf(person, start), Occurs.Start, now, metric => done.Through(metric, start.Plus(-1)));
    }

    /// <summary>Workdays at whose start an enabled span begins, or, of all time, a version or what is kept.</summary>
    private static IEnumerable<Workday> Starts(RuleHistory rule, bool ofAllTime) => rule.Spans.Select(s => s.From)
        .Concat(ofAllTime ? rule.Versions.Skip(1).Select(v => v.Effective).Append(rule.Horizon) : [])
        .Where(start => start >= rule.Horizon && start > rule.CountsFrom);

    /// <summary>Workdays from whose start on a person is in the audience, and was not the day before.</summary>
    /// <param name="at">The workday that tells the version.</param>
    private static IEnumerable<Workday> Joins(History history, RuleHistory rule, PersonKey person, Func<Workday, Workday> at) =>
        history.Moves(person).Where(day => day >= rule.Horizon && day > rule.CountsFrom && day <= history.BegunThrough(person)
            && IsIn(history, person, Version(rule, at(day)), day) && !IsIn(history, person, Version(rule, at(day)), day.Plus(-1)));

    /// <summary>
    /// In it, and since a workday that has begun: who comes in tomorrow earns nothing today by work that is ahead of its time.
    /// </summary>
    private static bool HasComeIn(History history, PersonKey person, RuleVersion version, Workday day)
    {
        var begun = history.BegunThrough(person);
        return history.Moves(person).Where(m => m > begun && m <= day).Append(day).Append(Workday.Min(day, begun))
            .All(d => IsIn(history, person, version, d));
    }

    /// <summary>In one of the teams or groups, if there are any, and in one of the roles, if there are any.</summary>
    private static bool IsIn(History history, PersonKey person, RuleVersion version, Workday day)
    {
        if (version.Audience is not { } audience) return true;
        var place = history.PlaceOn(person, day);
        var chosen = audience.Teams.Concat(audience.Groups.Select(g => -1 - g)).ToList();
        var own = place.Groups.Select(g => -1 - g).Concat(place.Team is { } team ? [team] : (long[])[]);
        return (chosen.Count == 0 || chosen.Intersect(own).Any()) && (audience.Roles.Count == 0 || audience.Roles.Contains(place.Role));
    }

    /// <summary>
    /// The conditions in force on a workday; null in a gap, for who is not in the audience, and until the version and the enabled span have
    /// begun.
    /// </summary>
    private static Rule? RuleOn(History history, RuleHistory rule, PersonKey person, WorkdaySpan period, Workday day)
    {
        var version = rule.Current.IsOfAllTime()
            ? Version(rule, day) : Version(rule, period.First);
        var begun = history.BegunThrough(person);
        return version.Effective <= begun && rule.Spans.Any(s => s.From <= day && day <= s.Last && s.From <= begun)
            && HasComeIn(history, person, version, day) ? version.Rule : null;
    }

    private static Rule Governing(RuleHistory rule, WorkdaySpan period) => Version(rule, period.First).Rule;

    /// <summary>The version in force on a workday. Before history there is none: what began before counts from its first workday.</summary>
    private static RuleVersion Version(RuleHistory rule, Workday day) =>
        rule.Versions.Skip(1).LastOrDefault(v => v.Effective <= day || v.Effective <= rule.CountsFrom) ?? rule.Versions[0];

    private static bool Met(History history, Condition condition, Func<MetricKey, Tally> done, int tier)
    {
        if (done(condition.Metric).Count < condition.Sample) return false;
        if (Value(history, condition.Metric, done) is not { } value) return false;
        var compared = value.CompareTo(condition.Targets[tier - 1]);
        return condition.Comparison == Comparison.AtLeast ? compared >= 0 : compared <= 0;
    }

    private static bool Live(History history, Rule rule) =>
        (rule is Streak streak ? streak.Conditions : Threshold(rule).Conditions).All(c =>
        history.Metrics(c.Metric) is { External: false } metric && (metric.Aggregate, c.Comparison) switch
        {
            (Aggregate.Count or Aggregate.Distinct or Aggregate.Maximum, Comparison.AtLeast) => true,
            (Aggregate.Sum, Comparison.AtLeast) => metric.NeverNegative,
            (Aggregate.Minimum, Comparison.AtMost) => true,
            _ => false,
        });

    private static Threshold Threshold(Rule rule) => rule as Threshold ?? ((FirstTime)rule).AsThreshold;

    // --- best of period -----------------------------------------------------------------------------------------------

    /// <summary>Who was best in one period; nobody's deeds of other workdays need be in the history.</summary>
    public static IReadOnlyList<Held> OfPeriod(History history, RuleHistory rule, WorkdaySpan period)
    {
        var best = (BestOfPeriod)Governing(rule, period);
        var counted = new WorkdaySpan(Workday.Max(period.First, rule.CountsFrom), period.Last);
        if (period.Last > history.ClosedEverywhere || counted.First > counted.Last
            || !rule.Spans.Any(s => s.From <= counted.First && counted.Last <= s.Last)) return [];
        if (period.First < rule.Horizon) return [];
        return [.. history.Deeds.Where(d => counted.Contains(d.Day))
            .Where(d => IsIn(history, d.Person, Version(rule, period.First), period.Last))
            .GroupBy(d => best.Among switch
            {
                Among.Everybody => 0,
                Among.Team => history.PlaceOn(d.Person, period.Last).Team,
                Among.Site => history.SiteOn(d.Person, period.Last),
            }).Where(g => g.Key is not null).SelectMany(rivals => Won(history, rule, period, rivals))];
    }

    private static IEnumerable<Held> Won(History history, RuleHistory rule, WorkdaySpan period, IEnumerable<Deed> deeds)
    {
        var best = (BestOfPeriod)Governing(rule, period);
        var metric = history.Metrics(best.Metric);
        var counted = new WorkdaySpan(Workday.Max(period.First, rule.CountsFrom), period.Last);
        var candidates = deeds.GroupBy(d => d.Person)
            .Select(g => (Person: g.Key, Done: new Record(history, [.. g.OrderBy(d => d.Order)], _ => [])))
            .Select(c => (c.Person, c.Done, c.Done.Through(best.Metric, counted.Last).Count,
                Value: c.Done.Through(best.Metric, counted.Last).Value(metric.Aggregate)))
            .Where(c => c.Value is not null && c.Count >= best.Sample)
            .Where(c => best.Minimum is not { } minimum || c.Value!.Value.CompareTo(minimum) >= 0)
            .ToList();
        if (candidates.Count == 0) return [];
        var top = best.Best == Best.Highest ? candidates.Max(c => c.Value!.Value) : candidates.Min(c => c.Value!.Value);
        var winners = candidates.Where(c => c.Value!.Value.CompareTo(top) == 0).ToList();
        if (best.Ties == Ties.Earliest && winners.Count > 1 && LiveMetric(metric))
            winners =
                [winners.MinBy(w => w.Done.Deeds.Where((_, i) => w.Done.After(best.Metric, i + 1).Value(metric.Aggregate) is { } reached
                && reached.CompareTo(top) == 0).First().Order)];
        return [.. winners.Select(w => new Held(rule.Achievement, 0, w.Person,
            (best.Period == BestPeriod.Last7Days ? period.Last : period.First).ToString(),
            history.StartOf(w.Person, period.Last.Plus(1)), top.Rounded()))];
    }

    /// <summary>The periods of the rule that hold a workday.</summary>
    public static IEnumerable<WorkdaySpan> Periods(RuleHistory rule, Workday day) => ((BestOfPeriod)rule.Current).Period switch
    {
        BestPeriod.Yesterday => [new(day, day)],
        BestPeriod.Last7Days => Enumerable.Range(0, 7).Select(n => new WorkdaySpan(day.Plus(n - 6), day.Plus(n))),
        BestPeriod.Week => [WorkdaySpan.Of(TimeRange.Week, day, rule.WeekStart)],
        BestPeriod.Month => [WorkdaySpan.Of(TimeRange.Month, day, rule.WeekStart)],
    };

    private static bool LiveMetric(Metric metric) => !metric.External
        && (metric.Aggregate is Aggregate.Count or Aggregate.Distinct or Aggregate.Maximum or Aggregate.Minimum
            || (metric.Aggregate is Aggregate.Sum && metric.NeverNegative));

    // --- values -------------------------------------------------------------------------------------------------------

    private static MetricValue? Value(History history, MetricKey metric, Func<MetricKey, Tally> done) =>
        done(metric).Value(history.Metrics(metric).Aggregate);

    /// <summary>What a metric has counted up to a moment; a ratio counts what it is divided by.</summary>
    private abstract record Tally(long Count)
    {
        public abstract MetricValue? Value(Aggregate aggregate);
    }

    private sealed record Counted(long Count, Int128 Sum, long Least, long Greatest, ImmutableHashSet<string> Texts) : Tally(Count)
    {
        public static readonly Counted None =
            new(0, 0, long.MaxValue, long.MinValue, ImmutableHashSet.Create<string>(StringComparer.Ordinal));

        public Counted And(Reading reading) => And(new Counted(reading.Times, reading.Sum, reading.Amount.Thousandths,
            reading.Amount.Thousandths, reading.Text is { } text ? None.Texts.Add(text) : None.Texts));

        public Counted And(Counted other) => new(
            Count + other.Count, Sum + other.Sum, Math.Min(Least, other.Least), Math.Max(Greatest, other.Greatest),
            Texts.Union(other.Texts));

        public override MetricValue? Value(Aggregate aggregate) => Count == 0 ? null : aggregate switch
        {
            Aggregate.Count => new MetricValue(Count * 1000, 1),
            Aggregate.Sum => new MetricValue(Sum, 1),
            Aggregate.Average => new MetricValue(Sum, Count),
            Aggregate.Maximum => new MetricValue(Greatest, 1),
            Aggregate.Minimum => new MetricValue(Least, 1),
            Aggregate.Distinct => new MetricValue(Texts.Count * 1000, 1),
            Aggregate.Ratio => null,
        };
    }

    /// <summary>Two metrics over the same time. Divided by nothing it has no value; nothing divided by something is 0.</summary>
    private sealed record Divided(Metric Metric, Tally Numerator, Tally Denominator) : Tally(Denominator.Count)
    {
        public override MetricValue? Value(Aggregate aggregate)
        {
            if (Denominator.Value(Metric.Ratio!.Denominator.Aggregate) is not { } by || by.Numerator == 0) return null;
            var of = Numerator.Value(Metric.Ratio.Numerator.Aggregate)?.Numerator ?? 0;
            var sign = Int128.IsNegative(by.Numerator) ? -1 : 1;
            return new(of * sign * (Metric.Unit == Unit.Percent ? 100_000 : 1000), by.Numerator * sign);
        }
    }

    /// <summary>What one person had done at any moment of a stretch of time.</summary>
    /// <param name="deeds">In order of occurrence.</param>
    /// <param name="before">What had been counted before all of them.</param>
    private sealed class Record(History history, List<Deed> deeds, Func<MetricKey, IEnumerable<DayRollup>> before)
    {
        private readonly Dictionary<MetricKey, (List<Counted> AfterEach, Dictionary<Workday, Counted> OfDay)> tallies = [];

        public IReadOnlyList<Deed> Deeds => deeds;

        /// <summary>With the first so many deeds.</summary>
        public Tally After(MetricKey metric, int count) => Of(metric, key => Counts(key).AfterEach[count - 1]);

        /// <summary>With the deeds of all workdays up to one.</summary>
        public Tally Through(MetricKey metric, Workday last) => Of(metric, key =>
            Counts(key).OfDay.Where(d => d.Key <= last).Aggregate(Before(key), (sum, d) => sum.And(d.Value)));

        private Counted Before(MetricKey key) => before(key).Aggregate(Counted.None, (sum, day) => sum.And(new Counted(
            day.Rollup.Count, day.Rollup.Sum, day.Rollup.Least, day.Rollup.Greatest,
            Counted.None.Texts.Union((day.Rollup.Beside as Texts)?.Counts.Select(t => t.Key) ?? []))));

        private Tally Of(MetricKey key, Func<MetricKey, Counted> counted) => history.Metrics(key) is { Ratio: { } ratio } metric
            ? new Divided(metric, counted(ratio.Numerator.Metric), counted(ratio.Denominator.Metric))
            : counted(key);

        private (List<Counted> AfterEach, Dictionary<Workday, Counted> OfDay) Counts(MetricKey key)
        {
            if (tallies.TryGetValue(key, out var known)) return known;
            var metric = history.Metrics(key);
            var (afterEach, ofDay, running) = (new List<Counted>(), new Dictionary<Workday, Counted>(), Before(key));
            foreach (var deed in deeds)
            {
                if (deed.ReadBy(metric) is { } reading)
                {
                    running = running.And(reading);
                    ofDay[deed.Day] = ofDay.GetValueOrDefault(deed.Day, Counted.None).And(reading);
                }
                afterEach.Add(running);
            }
            return tallies[key] = (afterEach, ofDay);
        }
    }
}
