using System.Data.Common;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>Writes a batch's rollups and running totals, and awards what they bring.</summary>
public sealed class BatchRules(Statements statements, DbTransaction transaction, Snapshot snapshot, TotalCache totals, long now)
{
    private readonly List<NewAward> awards = [];
    private readonly Dictionary<TotalKey, List<(RollupKey Key, RollupGrowth Row)>> collected = [];
    private readonly Dictionary<TotalKey, Growth> growths = [];
    private readonly Dictionary<(AchievementKey, PersonKey), WorkdaySpan> again = [];
    private readonly HashSet<(AchievementKey, Workday)> periods = [];

    private RuleSet Rules => snapshot.Rules;

    /// <summary>Whether closed periods were touched, so that they are to be decided again.</summary>
    public bool WorkIsDue => periods.Count > 0;

    public List<NewAward> Apply(BatchRollups batch)
    {
        // Totals come first: one that is not kept is rebuilt from rollups as they were before this batch.
        foreach (var (key, row) in batch.Grown.Where(g => g.Value.Contributions is not null)) Collect(key, row);
        Grow();
        foreach (var (key, row) in batch.Grown) RollupStore.Add(statements, transaction, key.Metric, key.Day, key.Person, row.Rollup);
        foreach (var (key, rollup) in batch.Teams.OrderBy(t => (t.Key.Metric, t.Key.Day, t.Key.Team)))
            if (!batch.DirtyTeams.Contains(key)) RollupStore.AddTeam(statements, transaction, key.Metric, key.Day, key.Team, rollup);
        Reread(batch);
        foreach (var (key, _) in batch.Grown) Periods(key);
        foreach (var key in batch.Dirty) Periods(key);
        foreach (var (key, growth) in growths) Judge(key.Person, growth);
        foreach (var ((achievement, person), scope) in again)
            awards.AddRange(EvaluateThreshold.Run(
                statements.Connection, transaction, snapshot, Rules.Rule(achievement)!, person, scope, now));
        foreach (var (achievement, last) in periods.OrderBy(p => p.Item2).ThenBy(p => p.Item1.Value))
            EvaluatePeriod.Enqueue(statements.Connection, transaction, achievement, last, now);
        return awards;
    }

    private void Collect(RollupKey key, RollupGrowth row)
    {
        foreach (var total in TotalsOf(key))
        {
            if (!collected.TryGetValue(total, out var rows)) collected[total] = rows = [];
            rows.Add((key, row));
        }
    }

    /// <summary>The running totals that count a workday, each once: rules that count from different days may share one.</summary>
    private IEnumerable<TotalKey> TotalsOf(RollupKey key) => Rules.CountingsOf(key.Metric)
        .Where(counting => counting.From <= key.Day)
        .Select(counting => (Period: WorkdaySpan.Of(counting.Range, key.Day, Rules.WeekStart), counting.From))
        .Select(c => new TotalKey(key.Metric, Workday.Max(c.Period.First, c.From), c.Period.Last, key.Person))
        .Distinct();

    private void Grow()
    {
        foreach (var (key, rows) in collected.OrderBy(c => c.Key))
        {
            var before = Before(key);
            var added = rows.SelectMany(r => r.Row.Contributions!).ToList();
            added.Sort((a, b) => a.Order.CompareTo(b.Order));
            var growth = new Growth(key.Metric, new(key.First, key.Last), new(key.First, key.Last), before.Rollup, before.LastAt, added,
                rows.Min(r => r.Key.Day), rows.Max(r => r.Key.Day));
            growths[key] = growth;
            totals.Put(key, new(growth.After, Math.Max(before.LastAt, added[^1].Order.At)));
        }
    }

    private Total Before(TotalKey key) => totals.Get(statements, transaction, key);

    /// <summary>Rows that lost something are read anew from the activities, and all that counted them is decided anew.</summary>
    private void Reread(BatchRollups batch)
    {
        foreach (var key in batch.Dirty)
        {
            var metric = Rules.Metric(key.Metric);
            var rollup = ActivityStore.Contributions(statements.Connection, metric, key.Person, key.Day, transaction)
                .Aggregate(Rollup.None, (running, c) => running.Add(c.Amount));
            RollupStore.Set(statements.Connection, transaction, key.Metric, key.Day, key.Person, rollup);
            foreach (var total in TotalsOf(key))
            {
                totals.Drop(total);
                growths.Remove(total);
            }
            foreach (var rule in Rules.RulesOf(key.Metric))
                if (Rules.HasLive(rule)) Again(rule, key.Person, new(key.Day, key.Day));
        }
        foreach (var (metric, day, team) in batch.DirtyTeams)
            TeamRollups.Reread(statements.Connection, transaction, Rules.Metric(metric), day, team);
    }

    /// <summary>Closed periods that the workday lies in are decided again by work that is due at once.</summary>
    private void Periods(RollupKey key)
    {
        foreach (var rule in Rules.RulesOf(key.Metric))
        {
            if (!Rules.HasAtEnd(rule) || key.Day < rule.CountsFrom) continue;
            foreach (var last in EvaluatePeriod.ClosedPeriods(rule, snapshot, key.Person, key.Day)) periods.Add((rule.Achievement, last));
        }
    }

    private void Judge(PersonKey person, Growth growth)
    {
        var begun = snapshot.Floor.Person(person)!.BegunThrough(now);
        foreach (var rule in Rules.RulesOf(growth.Metric))
        {
            if (!Rules.HasLive(rule)) continue;
            var period = WorkdaySpan.Of(ThresholdDecision.Of(rule.Current)!.Range, growth.LastDay, Rules.WeekStart);
            // The same total serves every rule that counts the same workdays.
            if (rule.Counted(period) != growth.Counted) continue;
            var verdict = FastPath.Judge(rule, Rules.Metric, growth with { Period = period }, metric => Other(metric, growth, person), begun);
            if (verdict.Recompute && !EarnedBefore(rule, person, period, growth.Added[0].Order.At, verdict.Tiers)) Again(rule, person, new(growth.FirstDay, growth.LastDay));
            foreach (var earned in verdict.Earned)
                if (AwardStore.Grant(statements.Connection, transaction, rule.Achievement, person, earned, now) is { } award) awards.Add(award);
        }
    }

    /// <summary>Whether all tiers that are met were earned before everything that was added. Most late work is of that kind.</summary>
    private bool EarnedBefore(RuleHistory rule, PersonKey person, WorkdaySpan period, long added, int tiers)
    {
        if (rule.Repeat == Repeat.EveryTime) return false;
        var once = rule.Repeat == Repeat.Once;
        for (var tier = 1; tier <= tiers; tier++)
            if (AwardStore.EarnedAt(statements, transaction, rule.Achievement, rule.Current is FirstTime ? 0 : tier, person,
                    once ? Occasion.Once : rule.OccasionOf(period.First)) is not { } earned || earned >= added)
                return false;
        return true;
    }

    private (Rollup Before, Rollup After) Other(MetricKey metric, Growth growth, PersonKey person)
    {
        var key = new TotalKey(metric, growth.Counted.First, growth.Counted.Last, person);
        if (growths.TryGetValue(key, out var other)) return (other.Before, other.After);
        var total = Before(key).Rollup;
        return (total, total);
    }

    private void Again(RuleHistory rule, PersonKey person, WorkdaySpan scope)
    {
        var key = (rule.Achievement, person);
        again[key] = again.TryGetValue(key, out var known)
            ? new(Workday.Min(known.First, scope.First), Workday.Max(known.Last, scope.Last))
            : scope;
    }
}
