using Laurel.Engine.Achievements;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;

namespace Laurel.Engine.Reference;

/// <summary>What follows from what people set out to reach.</summary>
public static partial class NaiveAwards
{
    private static IEnumerable<Held> Goals(History history, RuleHistory rule, PersonKey person)
    {
        foreach (var goal in history.Goals(person))
        {
            var deeds = history.Deeds.Where(d => d.Person == person && goal.From <= d.Day && !(goal.Until < d.Day))
                .OrderBy(d => d.Order).ToList();
            foreach (var span in deeds.Select(d => PeriodOf(goal, d.Day, rule)).Distinct())
            {
                var terms = goal.Terms.Last(t => t.Number == 1 || t.Effective <= span.First);
                var wanted = (PersonalGoal)Version(rule, span.First).Rule;
                var metric = history.Metrics(terms.Metric);
                if (span.First < rule.Horizon || span.Last < rule.CountsFrom
                    || (wanted.Of.Count > 0 && !wanted.Of.Contains(metric.Id, StringComparer.Ordinal))
                    || (wanted.Period is { } only && only != goal.Period)
                    || (wanted.SetBy == GoalSetBy.Person && terms.ByLeader) || (wanted.SetBy == GoalSetBy.Leader && !terms.ByLeader)
                    || (wanted.SetBy == GoalSetBy.Agreement && terms.AgreedAt is null)) continue;
                var done = new Record(history, [.. deeds.Where(d => span.Contains(d.Day))], _ => []);
                var said = wanted.SetBy == GoalSetBy.Agreement ? terms.AgreedAt!.Value : terms.At;
                var chance = Chances(history, rule, person, goal, span, terms, said, done)
                    .Where(c => Met(history, terms.Condition, c.Done, 1))
                    .OrderBy(c => c.Day).ThenBy(c => c.What).ThenBy(c => c.At).FirstOrDefault();
                if (chance is not null)
                    yield return new(rule.Achievement, 0, person, $"{goal.Id}:{span.First}", chance.At,
                        Value(history, terms.Metric, chance.Done)!.Value.Rounded());
            }
        }
    }

    private static WorkdaySpan PeriodOf(Goal goal, Workday day, RuleHistory rule)
    {
        var period = goal.Period switch
        {
            GoalPeriod.Day => new(day, day),
            GoalPeriod.Week => WorkdaySpan.Of(TimeRange.Week, day, rule.WeekStart),
            GoalPeriod.Month => WorkdaySpan.Of(TimeRange.Month, day, rule.WeekStart),
            GoalPeriod.Once => new(goal.From, goal.Until!.Value),
        };
        return new(
            period.First < goal.From ? goal.From : period.First, goal.Until is { } until && until < period.Last ? until : period.Last);
    }

    private static IEnumerable<Chance> Chances(
        History history, RuleHistory rule, PersonKey person, Goal goal, WorkdaySpan span, GoalTerms terms, long said, Record done)
    {
        var wanted = Version(rule, span.First).Rule;
        if (!Live(history, terms.Asked))
        {
            var counted = new WorkdaySpan(Workday.Max(span.First, rule.CountsFrom), span.Last);
            if (span.Last <= history.ClosedThrough(person) && history.DayOf(person, said) <= span.Last && !(goal.Closed < span.Last)
                && rule.Spans.Any(s => s.From <= counted.First && counted.Last <= s.Last)
                && IsIn(history, person, Version(rule, span.First), span.Last))
                yield return new(span.Last.Plus(1), history.StartOf(person, span.Last.Plus(1)), Occurs.DayEnd, wanted,
                    metric => done.Through(metric, span.Last));
            yield break;
        }
        // Nothing is reached before the goal was set, or agreed on: what was done by then has been done.
        var saidOn = history.DayOf(person, said);
        if (IsOn(saidOn))
            yield return new(saidOn, said, Occurs.Deed, wanted, Until(d => d.Day < saidOn || (d.Day == saidOn && d.Order.At <= said)));
        foreach (var deed in done.Deeds.Where(d => d.Order.At > said))
            if (IsOn(deed.Day))
                yield return new(deed.Day, deed.Order.At, Occurs.Deed, wanted, Until(d => d.Order.CompareTo(deed.Order) <= 0));
        foreach (var start in rule.Spans.Select(s => Workday.Max(s.From, rule.CountsFrom))
            .Concat(Joins(history, rule, person, _ => span.First)))
            if (start > span.First && start > saidOn && start <= span.Last && IsOn(start))
                yield return new(start, history.StartOf(person, start), Occurs.Start, wanted, Until(d => d.Day < start));

        bool IsOn(Workday day) => day >= rule.CountsFrom && day <= span.Last && !(goal.Closed < day)
            && RuleOn(history, rule, person, span, day) is not null;

        Func<MetricKey, Tally> Until(Func<Deed, bool> counts) =>
            done.Deeds.Count(counts) is > 0 and var count
                ? metric => done.After(metric, count) : metric => done.Through(metric, Workday.Beginning);
    }
}
