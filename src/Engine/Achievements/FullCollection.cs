using System.Text.Json.Serialization;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>All of a set of badges, in any order. Of one that has levels or repeats, the first that was earned counts.</summary>
/// <param name="Of">At least two, none of them twice, and none that is itself decided by this one.</param>
public sealed record FullCollection(IReadOnlyList<AchievementKey> Of) : Rule
{
    [JsonIgnore]
    public override string Type => "collection";
    [JsonIgnore]
    public override IReadOnlyList<MetricKey> Metrics => [];
    [JsonIgnore]
    public override Repeat DefaultRepeat => Repeat.Once;

    public override bool IsOfAllTime() => true;
    public override bool IsStep(Func<MetricKey, Metric> metrics) => true;
    public override IReadOnlyList<AchievementKey> Follows() => Of;
    public override PersonDecision Decision(RuleHistory history, Func<MetricKey, Metric> metrics) =>
        new CollectionDecision(history, metrics);

    public bool Equals(FullCollection? other) => other is not null && Of.SequenceEqual(other.Of);

    public override int GetHashCode() => Of.Count;
}

/// <summary>How many of a set somebody has.</summary>
public sealed record OfASet(IReadOnlyList<AchievementKey> Earned, IReadOnlyList<AchievementKey> Missing) : Progress
{
    public override double? Share => (double)Earned.Count / (Earned.Count + Missing.Count);
}

/// <summary>
/// Decides collections: earned with the last badge that was missing, or at the start of a version or an enabled span by which all are
/// there. What was earned before the rule's history does not count.
/// </summary>
public sealed class CollectionDecision(RuleHistory history, Func<MetricKey, Metric> metrics) : PersonDecision(history, metrics)
{
    protected override TimeRange Range => TimeRange.All;

    public override IEnumerable<Workday> ClosedWith(Workday day, Workday closedThrough) => [];

    public override Workday? EndingWith(Workday day) => null;

    public override IReadOnlyList<Coming> Find(PersonHistory person, WorkdaySpan scope)
    {
        foreach (var window in WindowsOf(person))
        {
            var set = (FullCollection)window.Rule;
            if (window.Begins > person.BegunThrough || Complete(person, set) is not { } at) continue;
            if (window.After is { } step)
            {
                if (person.Earnings(step) is not [var from, ..]) continue;
                at = Math.Max(at, from);
            }
            var day = person.DayOf(at);
            if (day > window.Last) continue;
            // Who has all of them when a version or an enabled span starts, earns at that start. What is earned on that workday is not
            // there at its start, though it may come before it: on the day of a move the date changes before the workday begins.
            return [new(new Earned(0, Occasion.Once, new(History.CountsFrom, Workday.End),
                window.Opens && day < window.First ? Math.Max(at, person.StartOf(window.First)) : at,
                new MetricValue((Int128)set.Of.Count * 1000, 1)))];
        }
        return [];
    }

    public override Progress? Toward(PersonHistory person, Workday today, Func<int, string, long> earned)
    {
        var of = ((FullCollection)History.InForce(today).Rule).Of;
        return new OfASet([.. of.Where(a => Counts(person, a) is not null)], [.. of.Where(a => Counts(person, a) is null)]);
    }

    /// <summary>When the last of them was earned; null while one is missing.</summary>
    private long? Complete(PersonHistory person, FullCollection set)
    {
        var last = long.MinValue;
        foreach (var achievement in set.Of)
        {
            if (Counts(person, achievement) is not { } at) return null;
            last = Math.Max(last, at);
        }
        return last;
    }

    private long? Counts(PersonHistory person, AchievementKey achievement)
    {
        foreach (var at in person.Earnings(achievement))
            if (person.DayOf(at) >= History.CountsFrom) return at;
        return null;
    }
}
