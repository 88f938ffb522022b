using System.Text.Json.Serialization;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>
/// So many workdays or weeks in a row that meet all conditions; one to three tiers. A day or week without any activity of the person goes
/// unseen: a day off breaks nothing.
/// </summary>
/// <param name="Conditions">Each with one target.</param>
/// <param name="Range">Day or week.</param>
/// <param name="Lengths">Per tier, rising, at least 2.</param>
/// <param name="Work">A count of everything that a person does: it tells a bad day from a day off.</param>
public sealed record Streak(IReadOnlyList<Condition> Conditions, TimeRange Range, IReadOnlyList<int> Lengths, MetricKey Work) : Rule
{
    /// <summary>Of a rule that was stored before it was checked, too: nobody earns by none in a row.</summary>
    public IReadOnlyList<int> Lengths { get; init; } = [.. Lengths.Select(length => Math.Max(1, length))];

    private readonly Threshold ofPeriod = new(Conditions, Range);
    private readonly Threshold running = new([.. Conditions, new(Work, Comparison.AtLeast, [Amount.One], 1)], Range);

    [JsonIgnore]
    public override string Type => "streak";
    [JsonIgnore]
    public override IReadOnlyList<MetricKey> Metrics => [.. Conditions.Select(c => c.Metric).Append(Work).Distinct()];
    [JsonIgnore]
    public override Repeat DefaultRepeat => Repeat.Once;

    /// <summary>What one period must meet.</summary>
    public Threshold OfPeriod() => ofPeriod;
    public override Threshold Running() => running;
    public override PersonDecision Decision(RuleHistory history, Func<MetricKey, Metric> metrics) => new StreakDecision(history, metrics);
    /// <summary>All work tells a bad day from a day off, but brings no streak.</summary>
    public override IReadOnlyList<MetricKey> Shown() => ofPeriod.Metrics;
    public override int Levels() => Lengths.Count;
    public override bool IsOfAllTime() => true;
    public override (string Name, Enum Value)? Fixed() => ("range", Range);
    public override IReadOnlyList<Condition> Asks() => Conditions;
    public override Amount? Asks(int tier) => new Amount(1000L * OfTier(Lengths, tier));

    public override TimeRange? Periods() => Range;
    public override IReadOnlyList<Amount> Targets() => [.. Lengths.Select(n => new Amount(n * 1000L))];
    // One day is no row.
    public override (Amount? Least, Amount? Most) Bounds() => (new Amount(2_000), null);
    public override bool RewardsHaste(Func<MetricKey, Metric> metrics) => Haste.Of(Conditions, metrics);

    /// <summary>The longest row: asked for every length that there can be, the same decision says it.</summary>
    public override IEnumerable<Amount> Measured(Measuring work)
    {
        var any = this with { Lengths = [.. Enumerable.Range(1, work.Window.Last.Number - work.Window.First.Number + 1)] };
        var asked = work.History with { Versions = [new(1, Workday.Beginning, any)], Repeat = Repeat.Once };
        var longest = Backtest.Awards(asked, work.Metrics, work.Days, Places.Nowhere, work.Closed, work.Begun)
            .Select(a => a.Tier).DefaultIfEmpty(0).Max();
        return longest > 0 || work.Days(Work).Count > 0 ? [new(longest * 1000L)] : [];
    }

    public bool Equals(Streak? other) => other is not null && Range == other.Range && Work == other.Work
        && Conditions.SequenceEqual(other.Conditions) && Lengths.SequenceEqual(other.Lengths);

    public override int GetHashCode() => HashCode.Combine(Range, Work, Conditions.Count, Lengths.Count);
}

/// <summary>In a row of periods that are met.</summary>
/// <param name="Tier">The next tier, from 1.</param>
/// <param name="Length">How many are met, the running one among them where it is.</param>
/// <param name="Target">How many the tier needs.</param>
/// <param name="IsMet">Whether the running period is met.</param>
public sealed record InARow(WorkdaySpan Period, int Tier, int Length, int Target, bool IsMet) : Progress
{
    public override double? Share => Math.Min(1, (double)Length / Target);
}

/// <summary>
/// Decides streaks as an all-time target for how many periods in a row are met: live where all conditions are, else when the last period
/// has closed. Each period is judged by the version that governs it. A late activity may join two streaks, or break one.
/// </summary>
public sealed class StreakDecision(RuleHistory history, Func<MetricKey, Metric> metrics) : PersonDecision(history, metrics)
{
    protected override TimeRange Range => ((Streak)History.Current).Range;

    public override bool IsChained => true;

    protected override WorkdaySpan Touched(WorkdaySpan scope) => new(Workday.Beginning, Workday.End);

    public override WorkdaySpan Reads(WorkdaySpan scope) => new(History.CountsFrom, Workday.End);

    public override IEnumerable<Workday> ClosedWith(Workday day, Workday closedThrough) =>
        // Who is in a row when a version starts that decides at the end, is so by the work of before it.
        day <= closedThrough && History.Versions.Any(v => !v.Rule.IsLive(Metrics)) ? [day] : [];

    public override Workday? EndingWith(Workday day) =>
        WorkdaySpan.Of(Range, day, History.WeekStart).Last == day
            || History.WindowsOfAllTime().Any(w => Starts(w) && w.First.Plus(-1) == day)
            // On any workday somebody may come into the audience in the middle of a row.
            || (History.HasAudience && History.Versions.Any(v => !v.Rule.IsLive(Metrics))) ? day : null;

    /// <summary>
    /// Whether a version or an enabled span starts with the window, or the person comes into its audience: that activities are kept from
    /// there on starts nothing.
    /// </summary>
    private bool Starts(Window window) => window.Opens
        && (window.Joins || History.Spans.Any(s => s.From == window.First)
            || History.Versions.Skip(1).Any(v => v.Effective == window.First));

    public override IReadOnlyList<Coming> Find(PersonHistory person, WorkdaySpan scope)
    {
        var found = new List<Coming>();
        var known = new HashSet<(int, string)>();
        var runs = Runs(person);
        foreach (var window in WindowsOf(person))
        {
            var rule = (Streak)window.Rule;
            var live = rule.IsLive(Metrics);
            if (live && window.Begins > person.BegunThrough) continue;
            foreach (var run in runs)
                for (var tier = 1; tier <= rule.Lengths.Count; tier++)
                {
                    if (run.Periods.Count < rule.Lengths[tier - 1]) break;
                    var occasion = History.Repeat == Repeat.Once ? Occasion.Once : run.Periods[0].First.ToString();
                    if (known.Contains((tier, occasion)) || First(person, window, run, tier, occasion, live) is not { } coming) continue;
                    known.Add((tier, occasion));
                    found.Add(coming);
                }
        }
        return found;
    }

    public override Progress? Toward(PersonHistory person, Workday today, Func<int, string, long> earned)
    {
        var period = WorkdaySpan.Of(Range, today, History.WeekStart);
        if (History.Counted(period) is null) return null;
        var rule = (Streak)History.InForce(today).Rule;
        var isMet = !person.Days(rule.Work).Total(period.First, period.Last).IsEmpty && IsMet(person, period, period.Last);
        // The running period breaks nothing before it is over.
        var last = Runs(person).LastOrDefault(r => r.Periods[^1].First <= period.First && !(r.Broken < period.First));
        var occasion = History.Repeat == Repeat.Once ? Occasion.Once : last?.Periods[0].First.ToString() ?? "";
        var tier = Enumerable.Range(1, rule.Lengths.Count).FirstOrDefault(t => earned(t, occasion) == 0);
        if (tier == 0 && History.Repeat == Repeat.Once) return new AllTiers(period);
        tier = tier == 0 ? rule.Lengths.Count : tier;
        return new InARow(period, tier, last?.Periods.Count(p => p.First <= period.First) ?? 0, rule.Lengths[tier - 1], isMet);
    }

    /// <summary>
    /// A streak grows when a period comes to be met, and may break when a period comes to hold work: nothing else moves it.
    /// </summary>
    public override FastPath.Verdict Judge(
        Growth growth, Func<MetricKey, FastPath.Other> others, Workday begunThrough, Places places)
    {
        var tiers = History.Versions.Max(v => v.Rule.Levels());
        foreach (var version in History.Versions)
        {
            var rule = (Streak)version.Rule;
            // What breaks after everything else takes nothing back, and nothing goes on from there yet.
            if (rule.Work == growth.Metric && growth.Before.IsEmpty
                && !(growth.IsLatest && !FastPath.AllMet(rule.OfPeriod(), Metrics, growth, others, 1, after: true)))
                return new(true, [], tiers);
            if (rule.IsLive(Metrics) && rule.OfPeriod() is var period && period.Conditions.Any(c => c.Metric == growth.Metric)
                && FastPath.MayMeet(period, Metrics, growth, others, 1))
                return new(true, [], tiers);
        }
        return FastPath.Nothing;
    }

    /// <summary>What its last period must meet: the activities of that one are shown.</summary>
    public override Func<Func<MetricKey, Rollup>, bool> Met(Rule rule, int tier, string occasion) =>
        of => ((Streak)rule).OfPeriod().Conditions.All(c => c.Met(Metrics(c.Metric).Aggregate, of(c.Metric), 1));

    /// <param name="Periods">In a row, each with work, all met.</param>
    /// <param name="Broken">Last workday of the first period with work after them that was not met; null while the run stands.</param>
    private sealed record Run(List<WorkdaySpan> Periods, Workday? Broken);

    private List<Run> Runs(PersonHistory person)
    {
        var runs = new List<Run>();
        var periods = new List<WorkdaySpan>();
        // Versions share the one count of everything that a person does.
        foreach (var (period, _) in Periods(person, ((Streak)History.Current).Work))
            if (IsMet(person, period, period.Last)) periods.Add(period);
            else if (periods.Count > 0)
            {
                runs.Add(new(periods, period.Last));
                periods = [];
            }
        if (periods.Count > 0) runs.Add(new(periods, null));
        return runs;
    }

    /// <summary>Whether a period is met by the work of its workdays up to one.</summary>
    private bool IsMet(PersonHistory person, WorkdaySpan period, Workday last)
    {
        var counted = History.Counted(period)!.Value;
        foreach (var condition in ((Streak)History.Governing(period)).Conditions)
            if (!condition.Met(Metrics(condition.Metric).Aggregate, person.Days(condition.Metric).Total(counted.First, last), 1))
                return false;
        return true;
    }

    /// <summary>The first moment of the window at which the run is as long as the tier needs.</summary>
    private Coming? First(PersonHistory person, Window window, Run run, int tier, string occasion, bool live)
    {
        var length = ((Streak)window.Rule).Lengths[tier - 1];
        // Who is in such a row when the version or the enabled span starts, earns at that start.
        if (Starts(window) && window.First.Plus(-1) is var eve && (live || eve <= person.ClosedThrough) && !(run.Broken <= eve)
            && LengthAt(person, run, eve, live) is var standing && standing >= length)
            return new(Earned(tier, occasion, run.Periods[standing - 1], person.StartOf(window.First), standing));
        for (var i = length - 1; i < run.Periods.Count && run.Periods[i].First <= window.Last; i++)
        {
            var (period, n) = (run.Periods[i], i + 1);
            if (period.Last < window.First) continue;
            if (!live)
            {
                if (period.Last <= window.Last && period.Last <= person.ClosedThrough
                    && History.DecidedAtEnd(History.Counted(period)!.Value))
                    return new(Earned(tier, occasion, period, person.StartOf(period.Last.Plus(1)), n));
                continue;
            }
            var counted = History.Counted(period)!.Value;
            var threshold = ((Streak)History.Governing(period)).OfPeriod();
            if (!threshold.IsLive(Metrics)) continue;
            var walk = new ThresholdWalk(Metrics, person, threshold, 1, counted.First, counted.First);
            if (walk.FirstDay(counted.Last) is not { } day || day < window.First || day > window.Last) continue;
            return new(day, threshold.Metrics, own => [Earned(tier, occasion, period, walk.MomentOf(own, day).At, n)]);
        }
        return null;
    }

    /// <summary>How long the run was when a workday was over; what has not closed counts only where that is decided live.</summary>
    private int LengthAt(PersonHistory person, Run run, Workday day, bool live)
    {
        var over = run.Periods.Count(p => p.Last <= day);
        return live && over < run.Periods.Count && run.Periods[over] is var open && open.First <= day
            && History.Governing(open).IsLive(Metrics) && IsMet(person, open, day) ? over + 1 : over;
    }

    /// <summary>What counted is the last period; the value is how many there are.</summary>
    private Earned Earned(int tier, string occasion, WorkdaySpan last, long at, int length) =>
        new(tier, occasion, History.Counted(last)!.Value, at, new MetricValue((Int128)length * 1000, 1));
}
