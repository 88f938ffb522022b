using System.Data.Common;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>Decides rules anew for people, from rollups and activities, and makes the kept awards agree.</summary>
public static class EvaluatePerson
{
    /// <exception cref="RuleFailure">The rule is at fault.</exception>
    public static List<NewAward> Run(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, RuleHistory history, PersonKey person,
        WorkdaySpan scope, long now, TouchedAwards touched) =>
        Run(connection, transaction, snapshot, [(history, person, scope)], now, touched);

    /// <summary>
    /// The same of many: what several rules read of a person is read once, kept awards and activities are read together. What follows from
    /// other awards is decided after these, one rule after the other.
    /// </summary>
    /// <exception cref="RuleFailure">A rule is at fault.</exception>
    public static List<NewAward> Run(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot,
        IReadOnlyCollection<(RuleHistory Rule, PersonKey Person, WorkdaySpan Scope)> all, long now, TouchedAwards touched) =>
        [.. all.GroupBy(a => a.Rule.Follows.Any() ? a.Rule.Achievement : (AchievementKey?)null).Select(some => some.ToList())
            .OrderBy(some => snapshot.Rules.TurnOf(some[0].Rule))
            .SelectMany(some => Together(connection, transaction, snapshot, some, now, touched))];

    /// <summary>What a rule has been found to decide for somebody, before single activities are read.</summary>
    private sealed record Found(
        AchievementKey Achievement, PersonKey Person, PersonDecision Decision, WorkdaySpan Scope, PersonHistory Work,
        IReadOnlyList<Coming> Comings);

    private static List<NewAward> Together(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot,
        List<(RuleHistory Rule, PersonKey Person, WorkdaySpan Scope)> all, long now, TouchedAwards touched)
    {
        List<PersonKey> people = [.. all.Select(a => a.Person).Distinct()];
        var goals = all.Exists(a => a.Rule.ReadsGoals) ? GoalStore.Of(connection, transaction, people) : _ => [];
        var earnings = AwardStore.Earnings(connection, transaction, people, all.SelectMany(a => a.Rule.Follows));
        var extents = new Dictionary<MetricKey, WorkdaySpan?>();
        var activities = new Dictionary<MetricKey, Dictionary<(PersonKey Person, Workday Day), List<Contribution>>>();
        var found = new List<Found>(all.Count);
        foreach (var own in all.GroupBy(a => a.Person))
        {
            if (snapshot.Floor.Person(own.Key) is not { } facts) continue;
            var asked = own.Where(a => snapshot.Rules.Decision(a.Rule) is not null)
                .Select(a => (a.Rule, a.Scope, Decision: snapshot.Rules.Decision(a.Rule)!)).ToList();
            if (asked.Count == 0) continue;
            var reads = asked.ConvertAll(a => RuleFailure.Of(a.Rule.Achievement, () => a.Decision.Reads(a.Scope)));
            var work = Work(snapshot, facts, new(reads.Min(r => r.First), reads.Max(r => r.Last)), now, goals(own.Key), earnings(own.Key),
                (metric, days) => RollupStore.OfPerson(
                    Statements.Of(connection), snapshot.Rules.Metric(metric), own.Key, days, extents),
                (metric, day) => activities[metric].GetValueOrDefault((own.Key, day), []));
            found.AddRange(asked.Select(a => new Found(a.Rule.Achievement, own.Key, a.Decision, a.Scope, work,
                RuleFailure.Of(a.Rule.Achievement, () => a.Decision.Find(work, a.Scope)))));
        }
        // On which workdays moments lie is known by now: these are read in one go each metric.
        foreach (var wanted in found
            .SelectMany(f => f.Comings.Where(c => c.Day is not null)
                .SelectMany(c => c.Metrics.Select(metric => (Metric: metric, Place: (f.Person, c.Day!.Value)))))
            .GroupBy(w => w.Metric, w => w.Place))
            activities[wanted.Key] = ActivityStore.Contributions(
                connection, snapshot, snapshot.Rules.Metric(wanted.Key), [.. wanted.Distinct()]);
        return AwardStore.Reconcile(connection, transaction,
            [.. found.Select(f => new Decided(f.Achievement, f.Person, counted => f.Decision.Decides(f.Scope, counted),
                RuleFailure.Of<List<Earned>>(f.Achievement, () => [.. f.Comings.SelectMany(coming => coming.Decide(f.Work))])))],
            now, touched);
    }

    /// <summary>One person's own work as decisions read it, each metric once, each activity when it is asked for.</summary>
    /// <param name="days">Workdays that may be asked for.</param>
    public static PersonHistory Work(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, FloorPerson facts, WorkdaySpan days, long now,
        IReadOnlyList<Goal> goals) =>
        Work(snapshot, facts, days, now, goals, _ => [],
            (metric, asked) => RollupStore.OfPerson(connection, snapshot.Rules.Metric(metric), facts.Key, asked),
            (metric, day) =>
                ActivityStore.Contributions(connection, snapshot.Floor, snapshot.Rules.Metric(metric), facts.Key, day, transaction));

    /// <param name="earnings">When the person earned another achievement.</param>
    private static PersonHistory Work(
        Snapshot snapshot, FloorPerson facts, WorkdaySpan days, long now, IReadOnlyList<Goal> goals,
        Func<AchievementKey, IReadOnlyList<long>> earnings, Func<MetricKey, WorkdaySpan, IReadOnlyList<DayRollup>> readDays,
        Func<MetricKey, Workday, IReadOnlyList<Contribution>> readActivities)
    {
        var read = new Dictionary<MetricKey, IReadOnlyList<DayRollup>>();
        return new(
            metric => read.TryGetValue(metric, out var known) ? known : read[metric] = readDays(metric, days), readActivities,
            facts.StartOf, facts.ClosedThrough, facts.BegunThrough(now))
        {
            Goals = goals, Earnings = earnings, DayOf = at => facts.WorkdayOf(at).Day, Places = facts.Places,
        };
    }
}
