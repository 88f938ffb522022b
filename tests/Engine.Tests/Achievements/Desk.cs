using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using NodaTime;

namespace Laurel.Engine.Tests.Achievements;

/// <summary>One person's work of a few days, written as numbers: one activity a day of so many cases, or several.</summary>
internal sealed class Desk
{
    public static readonly MetricKey Cases = new(1), Work = new(2);
    public static readonly Workday Monday = Workday.Of(2026, 3, 2);

    private static readonly SiteClock Clock = SiteClock.Find("Europe/Vilnius")!;
    private readonly List<(Workday Day, int Minute, long Cases)> done = [];

    /// <summary>What the person has set out to reach.</summary>
    public IReadOnlyList<Goal> Goals { get; init; } = [];

    /// <summary>An instant of a day, so many days after the first Monday.</summary>
    public static long At(int day, int hour) => Clock.StartOf(Monday.Plus(day)) + hour * 3_600_000L;

    /// <summary>From a Monday on; 0 is a day with work and no case, null a day off.</summary>
    public static Desk Of(params long?[] days) => With([], days);

    public static Desk With(IReadOnlyList<Goal> goals, params long?[] days)
    {
        var desk = new Desk { Goals = goals };
        for (var i = 0; i < days.Length; i++)
            if (days[i] is { } cases) desk.done.Add((Monday.Plus(i), 9 * 60, cases));
        return desk;
    }

    public Metric Metric(MetricKey key) => new(key, key == Cases ? "cases" : "work", key == Cases ? Aggregate.Sum : Aggregate.Count,
        Unit.Number, Direction.Higher, ["call"], key == Cases ? "cases" : null, [], true);

    /// <param name="closed">How many days have closed; all of them and one more where nothing is said.</param>
    public PersonHistory History(int? closed = null)
    {
        var last = done.Count == 0 ? Monday : done[^1].Day;
        return new(
            metric => [.. done.Select(d => new DayRollup(d.Day, Rollup.None.Add(Reading(metric, d.Cases))))],
            (metric, day) => [.. done.Where(d => d.Day == day).Select(d => new Contribution(
                new(Clock.StartOf(d.Day) + d.Minute * 60_000L, "desk", ActivityId.Of($"{d.Day}")), Reading(metric, d.Cases)))],
            Clock.StartOf, closed is { } n ? Monday.Plus(n - 1) : last, last.Plus(1))
        {
            Goals = Goals, DayOf = Clock.WorkdayOf,
        };
    }

    private static Reading Reading(MetricKey metric, long cases) => new(metric == Cases ? new Amount(cases * 1000) : Amount.One);

    public static RuleHistory Rule(Rule rule, Repeat? repeat = null, params RuleVersion[] later) => new(new(1), Workday.Beginning,
        [new(1, Workday.Beginning, rule), .. later], [new(Workday.Beginning, null)], repeat ?? rule.DefaultRepeat, IsoDayOfWeek.Monday);

    /// <summary>What is earned: tier, how many days after the first Monday the counted days begin, and the value.</summary>
    public List<string> Earns(RuleHistory rule, int? closed = null) =>
        [.. rule.Current.Decision(rule, Metric)!.Decide(History(closed), new(Workday.Beginning, Workday.End))
            .Select(e => $"{e.Tier} on {e.Counted.First.Number - Monday.Number}: {e.Value}")];
}
