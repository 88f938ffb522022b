using System.Text.Json.Serialization;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>Whose word a goal is.</summary>
public enum GoalSetBy { Anybody, Person, Leader, Agreement }

/// <summary>A goal of one's own is reached: in each of its periods once.</summary>
/// <param name="Of">Ids of the metrics whose goals count; of any metric where there are none.</param>
/// <param name="Period">Only goals of such a period; null for any.</param>
public sealed record PersonalGoal(IReadOnlyList<string> Of, GoalPeriod? Period, GoalSetBy SetBy) : Rule
{
    [JsonIgnore]
    public override string Type => "personal-goal";
    /// <summary>None of its own: people choose them with their goals.</summary>
    [JsonIgnore]
    public override IReadOnlyList<MetricKey> Metrics => [];
    [JsonIgnore]
    public override Repeat DefaultRepeat => Repeat.EveryTime;

    public override PersonDecision Decision(RuleHistory history, Func<MetricKey, Metric> metrics) => new GoalDecision(history, metrics);
    public override bool ReadsGoals() => true;
    public override bool Names(string metric) => Of.Contains(metric, StringComparer.Ordinal);
    public override IEnumerable<MetricKey> Reads(IEnumerable<Metric> ofGoals) =>
        ofGoals.Where(m => Of.Count == 0 || Of.Contains(m.Id, StringComparer.Ordinal)).Select(m => m.Key);

    // As the metrics of people's goals decide: some at once, some when a period is over.
    public override bool HasMoments(Func<MetricKey, Metric> metrics) => true;
    public override bool HasEnds(Func<MetricKey, Metric> metrics) => true;

    public override Rule For(string occasion, IReadOnlyList<Goal> goals, WorkdaySpan counted) =>
        goals.FirstOrDefault(g => g.Id == Goal.IdOf(occasion))?.Of(counted).Asked ?? (Rule)this;

    /// <summary>Whether a period of a goal counts.</summary>
    public bool Takes(Goal goal, GoalTerms terms, Func<MetricKey, Metric> metrics) =>
        (Of.Count == 0 || Of.Contains(metrics(terms.Metric).Id, StringComparer.Ordinal)) && (Period is null || Period == goal.Period)
        && SetBy switch
        {
            GoalSetBy.Anybody => true,
            GoalSetBy.Person => !terms.ByLeader,
            GoalSetBy.Leader => terms.ByLeader,
            GoalSetBy.Agreement => terms.AgreedAt is not null,
        };

    /// <summary>When what counts had been said: nothing is reached before.</summary>
    public long Said(GoalTerms terms) => SetBy == GoalSetBy.Agreement && terms.AgreedAt is { } agreed ? agreed : terms.At;

    public bool Equals(PersonalGoal? other) =>
        other is not null && Period == other.Period && SetBy == other.SetBy && Of.SequenceEqual(other.Of, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Of.Count, Period, SetBy);
}

/// <summary>On the way to a goal of one's own.</summary>
/// <param name="Goal">Null where the person has none that counts and runs.</param>
/// <param name="IsMet">By now: what the whole period decides may still be lost.</param>
public sealed record TowardGoal(WorkdaySpan Period, long? Goal, ConditionProgress? Condition) : Progress
{
    public bool IsMet => Condition is { Met: true };
    public override double? Share => Condition?.Share;
}

/// <summary>
/// Decides goals for one person: live where the metric can but move toward the target, else when the goal's period has closed. What is
/// counted is the goal's own: the rule's history and its enabled spans say from when on reaching it earns.
/// </summary>
public sealed class GoalDecision(RuleHistory history, Func<MetricKey, Metric> metrics) : PersonDecision(history, metrics)
{
    // Goals have periods of their own; what happens is told by the workday.
    protected override TimeRange Range => TimeRange.Day;

    public override bool IsChained => true;

    /// <summary>Every period that shares a workday with the scope.</summary>
    public override bool Decides(WorkdaySpan scope, WorkdaySpan counted) => counted.First <= scope.Last && scope.First <= counted.Last;

    public override WorkdaySpan Reads(WorkdaySpan scope) => new(
        scope.First == Workday.Beginning ? Workday.Beginning : scope.First.Plus(-Goal.Longest),
        scope.Last == Workday.End ? Workday.End : scope.Last.Plus(Goal.Longest));

    public override IEnumerable<Workday> ClosedWith(Workday day, Workday closedThrough) => day <= closedThrough ? [day] : [];

    public override Workday? EndingWith(Workday day) => day;

    public override bool EndsFor(Goal goal, Workday last) =>
        goal.SpanWith(last, History.WeekStart) is { } span && span.Last == last && !goal.Of(span).Asked.IsLive(Metrics);

    public override WorkdaySpan? Counts(Growth growth) => growth.Counted;

    public override IReadOnlyList<Coming> Find(PersonHistory person, WorkdaySpan scope)
    {
        var found = new List<Coming>();
        foreach (var goal in person.Goals)
            foreach (var metric in goal.Terms.Select(t => t.Metric).Distinct())
            {
                if (!History.Versions.Any(v => v.Rule.Reads([Metrics(metric)]).Any())) continue;
                // Without data nothing is met, so days with data name the periods to look at.
                WorkdaySpan? last = null;
                foreach (var (day, _) in person.Days(metric))
                {
                    if (last?.Contains(day) == true || goal.SpanWith(day, History.WeekStart) is not { } span) continue;
                    last = span;
                    if (Decides(scope, span) && goal.Of(span).Metric == metric && Reached(person, goal, span) is { } coming)
                        found.Add(coming);
                }
            }
        return found;
    }

    /// <summary>
    /// A period comes to be reached when its target comes to be met, or when work comes from before it was reached or set.
    /// </summary>
    public override FastPath.Verdict Judge(
        Growth growth, Func<MetricKey, FastPath.Other> others, Workday begunThrough, Places places)
    {
        foreach (var goal in growth.Goals)
            if (goal.SpanWith(growth.LastDay, History.WeekStart) is { } span && span == growth.Counted
                && goal.Of(span) is var terms && terms.Metric == growth.Metric && terms.Asked.IsLive(Metrics)
                && (FastPath.MayMeet(terms.Asked, Metrics, growth, others, 1)
                    || (growth.Added[0].Order.At <= Math.Max(terms.At, terms.AgreedAt ?? terms.At)
                        && terms.Condition.Met(Metrics(terms.Metric).Aggregate, growth.After, 1))))
                return new(true, [], 1);
        return FastPath.Nothing;
    }

    /// <summary>What the goal asked for.</summary>
    public override Func<Func<MetricKey, Rollup>, bool> Met(Rule rule, int tier, string occasion) =>
        of => rule is Threshold asked && asked.Conditions.All(c => c.Met(Metrics(c.Metric).Aggregate, of(c.Metric), 1));

    /// <summary>The goal that is nearest to be reached.</summary>
    public override Progress? Toward(PersonHistory person, Workday today, Func<int, string, long> earned)
    {
        var rule = (PersonalGoal)History.InForce(today).Rule;
        return person.Goals.Where(g => g.RunsOn(today)).Select(goal =>
            {
                var span = goal.SpanWith(today, History.WeekStart)!.Value;
                var (terms, rollup) = (goal.Of(span), person.Days(goal.Of(span).Metric).Total(span.First, span.Last));
                var aggregate = Metrics(terms.Metric).Aggregate;
                return (Goal: goal, Terms: terms, Toward: new TowardGoal(span, goal.Id, new(terms.Metric, aggregate, terms.Comparison,
                    rollup.Value(aggregate), terms.Target, rollup.Count, terms.Sample, terms.Condition.Met(aggregate, rollup, 1))));
            })
            .Where(g => rule.Takes(g.Goal, g.Terms, Metrics))
            .OrderBy(g => g.Toward.IsMet).ThenByDescending(g => g.Toward.Share).ThenBy(g => g.Goal.Id)
            .Select(g => g.Toward).FirstOrDefault() ?? new TowardGoal(new(today, today), null, null);
    }

    private Coming? Reached(PersonHistory person, Goal goal, WorkdaySpan span)
    {
        var (terms, rule) = (goal.Of(span), (PersonalGoal)History.Governing(span));
        if (!History.IsOpen(span) || History.Counted(span) is not { } counted || !rule.Takes(goal, terms, Metrics)) return null;
        return terms.Asked.IsLive(Metrics)
            ? AtMoment(person, goal, span, counted, rule.Said(terms))
            : AtEnd(person, goal, span, counted, rule.Said(terms));
    }

    private Coming? AtMoment(PersonHistory person, Goal goal, WorkdaySpan span, WorkdaySpan counted, long said)
    {
        var asked = goal.Of(span).Asked;
        var last = Workday.Min(span.Last, goal.Closed ?? Workday.End);
        if (new ThresholdWalk(Metrics, person, asked, 1, span.First, span.First).FirstDay(last) is not { } met) return null;
        var day = Workday.Max(met, person.DayOf(said));
        foreach (var window in WindowsOf(person, counted, span))
        {
            if (window.Begins > person.BegunThrough || window.Last < day || Workday.Max(window.First, day) > last) continue;
            if (window.First <= day) return new(day, asked.Metrics, own => [OnDay(own, goal, span, day, said)]);
            // Who has reached it when history or an enabled span starts, or who comes into the audience, earns at that start while the
            // period runs.
            return new(Earned(goal, span, person.StartOf(window.First), Total(person, goal, span, window.First.Plus(-1))));
        }
        return null;
    }

    /// <summary>With the activity that meets the target; where that came before the word was given, with the word.</summary>
    private Earned OnDay(PersonHistory own, Goal goal, WorkdaySpan span, Workday day, long said)
    {
        var (condition, running) = (goal.Of(span).Condition, Total(own, goal, span, day.Plus(-1)));
        var aggregate = Metrics(condition.Metric).Aggregate;
        var reached = condition.Met(aggregate, running, 1) ? said : (long?)null;
        foreach (var contribution in own.OfDay(condition.Metric, day))
        {
            if (reached is not null && contribution.Order.At > said) break;
            running = running.Add(contribution.Reading);
            if (reached is null && condition.Met(aggregate, running, 1)) reached = contribution.Order.At;
        }
        var at = reached ?? throw new InvalidOperationException($"The rollups of {day} are met, its activities are not.");
        return Earned(goal, span, Math.Max(at, said), running);
    }

    private Coming? AtEnd(PersonHistory person, Goal goal, WorkdaySpan span, WorkdaySpan counted, long said)
    {
        if (goal.Closed < span.Last || person.ClosedThrough < span.Last || person.DayOf(said) > span.Last
            || !History.DecidedAtEnd(counted) || !IsIn(person, span)) return null;
        var (condition, total) = (goal.Of(span).Condition, Total(person, goal, span, span.Last));
        return condition.Met(Metrics(condition.Metric).Aggregate, total, 1)
            ? new(Earned(goal, span, person.StartOf(span.Last.Plus(1)), total)) : null;
    }

    private static Rollup Total(PersonHistory person, Goal goal, WorkdaySpan span, Workday last) =>
        person.Days(goal.Of(span).Metric).Total(span.First, last);

    private Earned Earned(Goal goal, WorkdaySpan span, long at, Rollup total) =>
        new(0, goal.OccasionOf(span), span, at, total.Value(Metrics(goal.Of(span).Metric).Aggregate)!.Value);
}
