using System.Data.Common;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>Somebody who would have earned it.</summary>
/// <param name="Tiers">How many awards of each tier, from the lowest.</param>
/// <param name="Last">When last.</param>
public sealed record TestedPerson(long Key, string Id, string Name, string? Team, IReadOnlyList<int> Tiers, int Awards, Workday Last);

/// <param name="People">Who would have earned it, most awards of the highest tier first.</param>
/// <param name="Floor">How many people in the scope can earn it: see <see cref="Earners"/>.</param>
/// <param name="Weeks">Awards by the first day of their week, oldest first.</param>
/// <param name="Tiers">People and awards of each tier, from the lowest.</param>
/// <param name="Before">Who would have earned it by work of before the window, where that counts, and with how many badges.</param>
/// <param name="Distribution">Null where nothing is measured.</param>
public sealed record TestedRule(
    WorkdaySpan Window, IReadOnlyList<TestedPerson> People, int Floor, IReadOnlyList<(Workday Week, int Awards)> Weeks,
    IReadOnlyList<(int People, int Awards)> Tiers, (int People, int Awards) Before, Distribution? Distribution)
{
    /// <summary>In which projects somebody would have been the first, newest first; null for other rules.</summary>
    public IReadOnlyList<TestedFirst>? Firsts { get; init; }
    /// <summary>Of a draw; null for other rules.</summary>
    public TestedChance? Chance { get; init; }

    /// <summary>
    /// Where only work from enabling on counts: who would have it by all history, and with how many badges. Null where that is not so, or
    /// history makes no difference by its nature.
    /// </summary>
    public (int People, int Awards)? IfAll { get; init; }

    public int Awards => Weeks.Sum(w => w.Awards);

    /// <summary>A week, over all of the window.</summary>
    public decimal PerWeek => 7m * Awards / (Window.Last.Number - Window.First.Number + 1);
}

/// <summary>
/// What a rule would have done over the last weeks: read from rollups, decided as awards are, and nothing is written. Only people in the
/// data scope are told and counted; they are up against everybody.
/// </summary>
public static class TestRule
{
    public const int Days = 90;

    /// <summary>So many people's rollups are in memory at a time.</summary>
    private const int Together = 250;

    /// <summary>Whether all that the rule reads has been counted by now.</summary>
    public static bool IsCounted(Snapshot snapshot, Rule rule) => rule.Metrics.All(
        m => snapshot.Rules.Metrics.Any(k => k.Metric.Key == m)
            && RuleSet.RollupsOf(snapshot.Rules.Metric(m)).All(part => snapshot.Rules.Kept(part).Ready));

    /// <param name="history">First workday that counts; null: as if switched on when the window begins.</param>
    public static TestedRule Run(
        DbConnection connection, Snapshot snapshot, Rule rule, Repeat repeat, Audience? audience, Workday? history, DataScope scope,
        Workday today, long now)
    {
        var first = today.Plus(1 - Days);
        // The window begins with a whole period.
        if (rule.Periods() is { } range) first = WorkdaySpan.Of(range, first, snapshot.Rules.WeekStart).First;
        var window = new WorkdaySpan(Workday.Max(first, snapshot.Rules.Horizon), today);
        var fromEnabling = history is null && !rule.IsDrawn();
        // What was recorded is asked as of the window: since when it is on in truth would leave little to be seen.
        if (rule.IsDrawn() || (rule.IsRecorded && history > window.First)) history = null;
        var rules = Backtest.AsIfOn(rule, repeat, audience, history ?? window.First, snapshot.Rules.WeekStart, snapshot.Rules.Horizon);
        var floor = ManagedStore.People(connection, scope, today);
        var people = floor.ConvertAll(p => new PersonKey(p.Key));
        (int, int)? all = fromEnabling
            ? ByHistory(connection, snapshot, rule, repeat, audience, Workday.Beginning, scope, today, now) : null;
        if (rule.IsRecorded)
            return Recorded(connection, snapshot, rules, window, floor, scope, today, now) with { IfAll = all };
        var (awards, values) = Found(connection, snapshot, rules, window, people, now);
        var earners = Earners.Keys(connection, scope.Covers("p.key"), scope.With());
        // Whoever would earn it by work of other roles can earn it, too.
        floor = floor.FindAll(p => awards.ContainsKey(new(p.Key))
            || (earners.Contains(p.Key) && Earners.IsInAudience(snapshot.Floor, audience, p.Key, today)));
        var distribution = Backtest.Distribute(rule, values);
        return Sum(rules, window, floor, awards, distribution) with { IfAll = all };
    }

    /// <summary>To how many people of the scope all that was done by now brings it, and how many badges that makes.</summary>
    /// <param name="from">First workday that counts.</param>
    public static (int People, int Awards) ByHistory(
        DbConnection connection, Snapshot snapshot, Rule rule, Repeat repeat, Audience? audience, Workday from, DataScope scope,
        Workday today, long now)
    {
        var rules = Backtest.AsIfOn(rule, repeat, audience, from, snapshot.Rules.WeekStart, snapshot.Rules.Horizon);
        var window = new WorkdaySpan(Workday.Max(today.Plus(1 - Days), snapshot.Rules.Horizon), today);
        var people = ManagedStore.People(connection, scope, today).ConvertAll(p => new PersonKey(p.Key));
        var each = rule.FirstOf().Count > 0
            ? TestRecorded.Firsts(connection, snapshot, rules, today).Where(f => people.Contains(f.Key)).Select(f => f.Value.Count)
            : Found(connection, snapshot, rules, window, people, now).Awards.Values.Select(own => own.Count);
        return each.Aggregate((0, 0), (sum, n) => (sum.Item1 + 1, sum.Item2 + n));
    }

    private static (Dictionary<PersonKey, List<TestedAward>> Awards, List<Amount> Values) Found(
        DbConnection connection, Snapshot snapshot, RuleHistory rule, WorkdaySpan window, List<PersonKey> people, long now) =>
        rule.Current is BestOfPeriod best
            ? Contests(connection, snapshot, rule, best, window, [.. people])
            : OfEach(connection, snapshot, rule, window, [.. people], now);

    /// <summary>Those of these people who meet a rule by now, each for oneself.</summary>
    /// <param name="from">First workday that counts.</param>
    public static HashSet<PersonKey> Meet(
        DbConnection connection, Snapshot snapshot, Achievement achievement, Workday from, List<PersonKey> people, Workday today, long now)
    {
        if (!IsCounted(snapshot, achievement.Rule)) return [];
        var rules = Backtest.AsIfOn(achievement.Rule, achievement.Repeat, snapshot.Rules.Rule(achievement.Key)?.Versions[^1].Audience, from,
            snapshot.Rules.WeekStart, snapshot.Rules.Horizon);
        var window = new WorkdaySpan(Workday.Max(from, snapshot.Rules.Horizon), today);
        return [.. OfEach(connection, snapshot, rules, window, people, now).Item1.Keys];
    }

    private static TestedRule Recorded(
        DbConnection connection, Snapshot snapshot, RuleHistory rule, WorkdaySpan window,
        List<(long Key, string Id, string Name, string? Team)> floor, DataScope scope, Workday today, long now)
    {
        var names = floor.ToDictionary(p => new PersonKey(p.Key), p => p.Name);
        var firsts = rule.Current.FirstOf().Count > 0 ? TestRecorded.Firsts(connection, snapshot, rule, window.Last) : null;
        var (days, chance) = firsts is null
            ? TestRecorded.Drawn(connection, snapshot, rule, window, now)
            : (firsts.ToDictionary(f => f.Key, f => f.Value.ConvertAll(w => w.Day)), null);
        // Only who is in the scope is counted.
        var awards = days.Where(d => names.ContainsKey(d.Key))
            .ToDictionary(d => d.Key, d => d.Value.ConvertAll(day => new TestedAward(0, day, MetricValue.Of(Amount.One))));
        var earners = Earners.Keys(connection, scope.Covers("p.key"), scope.With());
        floor = floor.FindAll(p => awards.ContainsKey(new(p.Key)) || (earners.Contains(p.Key)
            && Earners.IsInAudience(snapshot.Floor, rule.Versions[^1].Audience, p.Key, today)));
        return Sum(rule, window, floor, awards, null) with
        {
            Firsts = firsts is null ? null : [.. firsts.SelectMany(f => f.Value.Select(won => (f.Key, Won: won)))
                .Where(f => window.Contains(f.Won.Day)).OrderByDescending(f => f.Won.Day.Number)
                .Select(f => new TestedFirst(f.Won.Project, names.GetValueOrDefault(f.Key), f.Won.Day))],
            Chance = chance,
        };
    }

    private static TestedRule Sum(
        RuleHistory rule, WorkdaySpan window, List<(long Key, string Id, string Name, string? Team)> floor,
        Dictionary<PersonKey, List<TestedAward>> awards, Distribution? distribution)
    {
        var tiers = Math.Max(1, rule.Current.Levels());
        var people = floor.Select(p => (Person: p, Own: awards.GetValueOrDefault(new(p.Key), []).FindAll(a => window.Contains(a.Day))))
            .Where(p => p.Own.Count > 0)
            .Select(p => new TestedPerson(p.Person.Key, p.Person.Id, p.Person.Name, p.Person.Team,
                [.. Enumerable.Range(1, tiers).Select(tier => p.Own.Count(a => Math.Max(1, a.Tier) == tier))], p.Own.Count,
                p.Own.Max(a => a.Day.Number) is var last ? new(last) : default))
            .ToList();
        people.Sort((a, b) =>
        {
            for (var tier = tiers - 1; tier >= 0; tier--)
                if (a.Tiers[tier] != b.Tiers[tier]) return b.Tiers[tier].CompareTo(a.Tiers[tier]);
            return string.Compare(a.Name, b.Name, StringComparison.CurrentCultureIgnoreCase);
        });
        var inWindow = awards.Values.SelectMany(own => own).Where(a => window.Contains(a.Day)).ToList();
        var byWeek = inWindow.CountBy(a => WorkdaySpan.Of(TimeRange.Week, a.Day, rule.WeekStart).First).ToDictionary();
        var weeks = new List<(Workday, int)>();
        for (var week = WorkdaySpan.Of(TimeRange.Week, window.First, rule.WeekStart).First; week <= window.Last; week = week.Plus(7))
            weeks.Add((week, byWeek.GetValueOrDefault(week)));
        var before = awards.Values.Select(own => own.Count(a => a.Day < window.First)).Where(n => n > 0).ToList();
        return new(window, people, floor.Count, weeks,
            [.. Enumerable.Range(0, tiers).Select(tier => (people.Count(p => p.Tiers[tier] > 0), people.Sum(p => p.Tiers[tier])))],
            (before.Count, before.Sum()), distribution);
    }

    private static (Dictionary<PersonKey, List<TestedAward>>, List<Amount>) OfEach(
        DbConnection connection, Snapshot snapshot, RuleHistory rule, WorkdaySpan window, List<PersonKey> people, long now)
    {
        var (awards, values) = (new Dictionary<PersonKey, List<TestedAward>>(), new List<Amount>());
        if (snapshot.Rules.Decision(rule) is not { } decision) return (awards, values);
        var read = decision.Reads(new(Workday.Beginning, Workday.End));
        people.Sort((a, b) => a.Value.CompareTo(b.Value));
        foreach (var group in people.Chunk(Together))
        {
            var goals = rule.ReadsGoals ? GoalStore.Of(connection, null, group) : _ => [];
            var badges = AwardStore.Earnings(connection, null, group, rule.Follows);
            var days = snapshot.Rules.MetricsOf(rule).Distinct().ToDictionary(m => m,
                m => RollupStore.OfPeople(connection, snapshot.Rules.Metric(m), read, group[0], group[^1]));
            foreach (var key in group)
            {
                if (snapshot.Floor.Person(key) is not { } person) continue;
                if (!days.Values.Any(d => d.ContainsKey(key)) && !rule.Follows.Any()) continue;
                IReadOnlyList<Workday> Earned(AchievementKey of) => [.. badges(key)(of).Select(at => person.WorkdayOf(at).Day)];
                IReadOnlyList<DayRollup> Own(MetricKey metric) => days[metric].GetValueOrDefault(key, []);
                var (closed, begun) = (person.ClosedThrough, person.BegunThrough(now));
                var earned = Backtest.Awards(rule, snapshot.Rules.Metric, Own, person.Places, closed, begun, goals(key), Earned);
                if (earned.Count > 0) awards[key] = [.. earned];
                values.AddRange(rule.Current.Measured(new(rule, snapshot.Rules.Metric, Own, window, closed, begun)));
            }
        }
        return (awards, values);
    }

    /// <summary>Days alone do not say who of equals came first: here they share.</summary>
    private static (Dictionary<PersonKey, List<TestedAward>>, List<Amount>) Contests(
        DbConnection connection, Snapshot snapshot, RuleHistory rule, BestOfPeriod best, WorkdaySpan window, HashSet<PersonKey> people)
    {
        var (awards, values) = (new Dictionary<PersonKey, List<TestedAward>>(), new List<Amount>());
        var metric = snapshot.Rules.Metric(best.Metric);
        var contest = snapshot.Rules.Contest(rule)!;
        var last = Workday.Min(window.Last, snapshot.Floor.ClosedEverywhere);
        // Also before the window, as far as history counts: what would be awarded for that at once.
        if (RollupStore.Extent(connection, metric) is not { } extent) return (awards, values);
        var first = Workday.Max(Workday.Max(rule.CountsFrom, rule.Horizon), Workday.Min(extent.First, window.First));
        for (var day = first; day <= last; day = day.Plus(1))
        {
            if (contest.EndingOn(day) is not { } period || period.First < first) continue;
            var candidates = RollupStore.Totals(connection, metric, period)
                .Where(p => snapshot.Floor.Person(p.Key) is { } facts && facts.Places.IsIn(rule.Versions[^1].Audience, period.Last))
                .Select(p => new Candidate(p.Key, p.Value)).OrderBy(c => c.Person).ToList();
            foreach (var candidate in candidates
                .Where(c => period.First >= window.First && people.Contains(c.Person) && c.Rollup.Count >= best.Sample))
                if (candidate.Rollup.Value(metric.Aggregate) is { } value) values.Add(value.Rounded());
            foreach (var winner in EvaluatePeriod.Competitions(snapshot.Floor, best.Among, candidates, period.Last)
                .SelectMany(own => BestOfPeriodDecision.Winners(best with { Ties = Ties.All }, metric, own, _ => [])))
            {
                if (!people.Contains(winner.Person)) continue;
                if (!awards.TryGetValue(winner.Person, out var own)) awards[winner.Person] = own = [];
                own.Add(new(0, day, winner.Rollup.Value(metric.Aggregate)!.Value));
            }
        }
        return (awards, values);
    }
}
