using System.Data.Common;
using System.Runtime.InteropServices;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>Writes a batch's rollups and running totals, and awards what they bring.</summary>
public sealed class BatchRules(DbConnection connection, DbTransaction transaction, Snapshot snapshot, RunningTotals totals, long now)
{
    private readonly Statements statements = Statements.Of(connection);
    private readonly List<Granted> granted = [];
    private readonly List<NewAward> awards = [];
    private readonly TouchedAwards touched = new();
    private readonly Dictionary<TotalKey, Collected> collected = [];
    private readonly Dictionary<TotalKey, Growth> growths = [];
    private readonly Dictionary<(AchievementKey, PersonKey), WorkdaySpan> again = [];
    private readonly HashSet<(AchievementKey, Workday)> periods = [];
    private readonly Dictionary<MetricKey, Workday> newest = [];

    private readonly List<TotalKey> totalsOfRow = [];
    private (PersonKey Person, Growth Growth) judged;

    private readonly HashSet<PersonKey> striving = [];
    private readonly GoalDecision decidesGoals = TellReached.Decision(snapshot.Rules);

    private RuleSet Rules => snapshot.Rules;

    /// <summary>
    /// Whether closed periods were touched, so that they are to be decided again, or somebody may have reached a goal, or not any more.
    /// </summary>
    public bool WorkIsDue => periods.Count + striving.Count > 0;

    /// <summary>Projects in which somebody may be the first by now, or not any more.</summary>
    public IReadOnlyCollection<long> Projects { get; init; } = [];

    private List<KeyValuePair<RollupKey, RollupGrowth>> grown = [];
    private Func<PersonKey, IReadOnlyList<Goal>> goals = _ => [];

    /// <summary>Before anything is written: the running totals as they were before this batch, and what it adds to them.</summary>
    public void Load(BatchRollups batch)
    {
        grown = batch.Grown();
        // Where nobody has a goal of anything that came, none is looked for.
        var people = grown.Select(g => g.Key).Concat(batch.Dirty).Where(key => Rules.IsOfGoals(key.Metric)).Select(key => key.Person)
            .ToHashSet();
        if (people.Count > 0) goals = GoalStore.Of(connection, transaction, people);
        collected.EnsureCapacity(grown.Count * 2);
        foreach (var (key, row) in grown)
            if (row.Contributions is { } added)
                foreach (var total in TotalsOf(key)) Collect(total, key.Day, added);
        totals.Load(statements, collected.Keys);
        growths.EnsureCapacity(collected.Count);
        foreach (var (key, rows) in collected) Grow(key, rows);
    }

    /// <summary>Once the activities are written.</summary>
    public List<NewAward> Apply(BatchRollups batch)
    {
        RollupStore.Add(statements, grown.Select(g => (g.Key.Metric, g.Key.Day, g.Key.Person, g.Value.Rollup)));
        RollupStore.AddTeams(statements, batch.GrownTeams().Select(t => (t.Key.Metric, t.Key.Day, t.Key.Team, t.Value)));
        Reread(batch);
        foreach (var (key, _) in grown) Periods(key);
        foreach (var key in batch.Dirty) Periods(key);
        Func<MetricKey, FastPath.Other> others = Other;
        foreach (var (key, growth) in growths) Judge(key.Person, growth, others);
        awards.AddRange(AwardStore.Grant(statements, granted, now, touched));
        awards.AddRange(EvaluatePerson.Run(connection, transaction, snapshot,
            [.. again.Select(a => (Rules.Rule(a.Key.Item1)!, a.Key.Item2, a.Value))], now, touched));
        awards.AddRange(FirstsInProjects.Decide(connection, transaction, snapshot, Projects, now, touched));
        awards.AddRange(Followers.Run(connection, transaction, snapshot, touched, now));
        foreach (var (achievement, last) in periods.OrderBy(p => p.Item2).ThenBy(p => p.Item1.Value))
            EvaluatePeriod.Enqueue(connection, transaction, achievement, last, now);
        foreach (var person in striving.Order()) TellReached.Enqueue(connection, transaction, person, now);
        totals.Save(statements);
        return awards;
    }

    /// <summary>
    /// Everything that somebody has earned from a workday on: it begins and ends, and has closed, at other moments after a move.
    /// </summary>
    public void DecideAnew(PersonKey person, Workday from)
    {
        foreach (var rule in Rules.Rules)
            if (Rules.Decision(rule) is not null) Again(rule, person, new(from, Workday.End));
        if (Rules.AnyGoals && GoalStore.Of(connection, transaction, [person])(person).Count > 0) striving.Add(person);
        foreach (var (achievement, last) in AwardStore.EndingFrom(connection, transaction, person, from))
            if (Rules.Rule(achievement) is { } rule && Rules.Contest(rule) is not null) periods.Add((achievement, last));
    }

    /// <summary>What a batch adds to one running total. The contributions are those of a rollup row until there are several.</summary>
    private struct Collected
    {
        public Workday First, Last;
        public List<Contribution> Added;
        public bool OfSeveral;
    }

    private void Collect(TotalKey total, Workday day, List<Contribution> added)
    {
        ref var rows = ref CollectionsMarshal.GetValueRefOrAddDefault(collected, total, out var known);
        if (!known)
        {
            rows = new() { First = day, Last = day, Added = added };
            return;
        }
        if (!rows.OfSeveral) (rows.Added, rows.OfSeveral) = ([.. rows.Added], true);
        rows.Added.AddRange(added);
        (rows.First, rows.Last) = (Workday.Min(rows.First, day), Workday.Max(rows.Last, day));
    }

    /// <summary>
    /// The running totals that count a workday, each once: rules that count from different days may share one. The list serves the
    /// next row, too.
    /// </summary>
    private List<TotalKey> TotalsOf(RollupKey key)
    {
        var countings = Rules.CountingsOf(key.Metric);
        totalsOfRow.Clear();
        for (var i = 0; i < countings.Count; i++)
        {
            var counting = countings[i];
            if (counting.From > key.Day) continue;
            var period = WorkdaySpan.Of(counting.Range, key.Day, Rules.WeekStart);
            var total = new TotalKey(key.Metric, Workday.Max(period.First, counting.From), period.Last, key.Person);
            if (!totalsOfRow.Contains(total)) totalsOfRow.Add(total);
        }
        if (!Rules.IsOfGoals(key.Metric)) return totalsOfRow;
        foreach (var goal in goals(key.Person))
            if (goal.SpanWith(key.Day, Rules.WeekStart) is { } span && goal.Of(span) is var terms && terms.Metric == key.Metric
                && Rules.IsLive(terms.Asked) && new TotalKey(key.Metric, span.First, span.Last, key.Person) is var total
                && !totalsOfRow.Contains(total))
                totalsOfRow.Add(total);
        return totalsOfRow;
    }

    /// <summary>Asked for once the batch is written.</summary>
    private Workday Newest(MetricKey metric)
    {
        if (!newest.TryGetValue(metric, out var day))
            newest[metric] = day = RollupStore.Extent(statements, metric)?.Last ?? Workday.Beginning;
        return day;
    }

    private void Grow(TotalKey key, Collected rows)
    {
        var before = totals.Get(statements, key);
        var added = rows.Added;
        if (added.Count > 1) added.Sort((a, b) => a.Order.CompareTo(b.Order));
        var growth = new Growth(key.Metric, key.Days, key.Days, before.Rollup, before.LastAt!.Value, added, rows.First, rows.Last)
        {
            Goals = Rules.IsOfGoals(key.Metric) ? goals(key.Person) : [],
            Newest = Newest,
        };
        growths.Add(key, growth);
        totals.Put(key, new(growth.After, Workday.Max(before.LastDay, rows.Last), Math.Max(before.LastAt.Value, added[^1].Order.At)));
    }

    /// <summary>Rows that lost something are read anew from the activities, and all that counted them is decided anew.</summary>
    private void Reread(BatchRollups batch)
    {
        foreach (var rows in batch.Dirty.GroupBy(key => (key.Person, key.Day)))
        {
            var (person, day) = rows.Key;
            var done = ActivityStore.OfDay(connection, person, day, transaction)
                .Select(activity => (activity.Key, Occurrence: activity.On(snapshot.Floor))).ToList();
            foreach (var key in rows)
            {
                var kept = Rules.Kept(key.Metric);
                var rollup = Rollup.None;
                foreach (var (activity, occurrence) in done)
                    if (kept.Holds(activity) && kept.Metric.Reads(occurrence) is { } reading) rollup = rollup.Add(reading);
                RollupStore.Set(connection, kept.Metric, day, person, rollup);
                if (Rules.IsOfGoals(key.Metric) && goals(person).Count > 0) striving.Add(person);
                foreach (var total in TotalsOf(key))
                {
                    totals.Drop(total);
                    growths.Remove(total);
                }
                foreach (var rule in Rules.RulesOf(key.Metric))
                    if (Rules.HasLive(rule) && Concerns(rule, person)) Again(rule, person, new(day, day));
            }
        }
        foreach (var (metric, day, team) in batch.DirtyTeams)
            TeamRollups.Reread(connection, transaction, snapshot.Floor, Rules.Kept(metric), day, team);
    }

    /// <summary>Closed periods that the workday lies in are decided again by work that is due at once.</summary>
    private void Periods(RollupKey key)
    {
        if (Rules.IsOfGoals(key.Metric) && snapshot.Floor.Person(key.Person) is { ClosedThrough: var closedThrough }
            && goals(key.Person).Any(g => g.SpanWith(key.Day, Rules.WeekStart) is { } span && span.Last <= closedThrough
                && !Rules.IsLive(g.Of(span).Asked)))
            striving.Add(key.Person);
        var rules = Rules.AtEndRulesOf(key.Metric);
        for (var i = 0; i < rules.Count; i++)
        {
            try
            {
                Periods(key, rules[i]);
            }
            catch (Exception failure) when (RuleFailure.Is(failure))
            {
                throw new RuleFailure(rules[i].Achievement, failure);
            }
        }
    }

    private void Periods(RollupKey key, RuleHistory rule)
    {
        if (key.Day < rule.CountsFrom && !rule.ReadsGoals || !Concerns(rule, key.Person)) return;
        var closed = EvaluatePeriod.ClosedPeriods(rule, snapshot, key.Person, key.Day);
        if (Rules.Decision(rule) is { IsChained: true })
        {
            if (closed.Any()) Again(rule, key.Person, new(key.Day, key.Day));
        }
        else
            foreach (var last in closed) periods.Add((rule.Achievement, last));
    }

    private void Judge(PersonKey person, Growth growth, Func<MetricKey, FastPath.Other> others)
    {
        var facts = snapshot.Floor.Person(person)!;
        var begun = facts.BegunThrough(now);
        judged = (person, growth);
        if (growth.Goals.Count > 0 && decidesGoals.Judge(growth, others, begun, facts.Places).Recompute) striving.Add(person);
        var rules = Rules.LiveRulesOf(growth.Metric);
        for (var i = 0; i < rules.Count; i++)
        {
            try
            {
                Judge(rules[i], person, growth, others, begun, facts.Places);
            }
            catch (Exception failure) when (RuleFailure.Is(failure))
            {
                throw new RuleFailure(rules[i].Achievement, failure);
            }
        }
    }

    private void Judge(
        RuleHistory rule, PersonKey person, Growth growth, Func<MetricKey, FastPath.Other> others, Workday begun, Places places)
    {
        var decision = Rules.Decision(rule)!;
        // The same total serves every rule that counts the same workdays.
        if (decision.Counts(growth) is not { } period) return;
        var verdict = decision.Judge(period == growth.Period ? growth : growth with { Period = period }, others, begun, places);
        if (verdict.Recompute && !EarnedBefore(rule, person, period, growth.Added[0].Order.At, verdict.Tiers))
            Again(rule, person, new(growth.FirstDay, growth.LastDay));
        foreach (var earned in verdict.Earned) granted.Add(new(rule.Achievement, person, earned));
    }

    /// <summary>Whether all tiers that are met were earned before everything that was added. Most late work is of that kind.</summary>
    private bool EarnedBefore(RuleHistory rule, PersonKey person, WorkdaySpan period, long added, int tiers)
    {
        if (rule.Repeat == Repeat.EveryTime) return false;
        var once = rule.Repeat == Repeat.Once;
        for (var tier = 1; tier <= tiers; tier++)
            if (AwardStore.EarnedAt(statements, rule.Achievement, rule.Current.Levels() == 0 ? 0 : tier, person,
                    once ? Occasion.Once : rule.OccasionOf(period.First)) is not { } earned || earned >= added)
                return false;
        return true;
    }

    /// <summary>Another metric over the workdays of the growth that is being judged.</summary>
    private FastPath.Other Other(MetricKey metric)
    {
        var key = new TotalKey(metric, judged.Growth.Counted.First, judged.Growth.Counted.Last, judged.Person);
        if (growths.TryGetValue(key, out var other)) return new(other.Before, other.After, other.LastAt);
        var total = totals.Get(statements, key);
        return new(total.Rollup, total.Rollup, total.LastAt ?? long.MaxValue);
    }

    /// <summary>What people set themselves concerns only those who did.</summary>
    private bool Concerns(RuleHistory rule, PersonKey person) => !rule.ReadsGoals || goals(person).Count > 0;

    private void Again(RuleHistory rule, PersonKey person, WorkdaySpan scope)
    {
        var key = (rule.Achievement, person);
        again[key] = again.TryGetValue(key, out var known)
            ? new(Workday.Min(known.First, scope.First), Workday.Max(known.Last, scope.Last))
            : scope;
    }
}
