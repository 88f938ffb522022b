using System.Data.Common;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Achievements;

/// <summary>Decides a rule anew for one person, from rollups and activities, and makes the kept awards agree.</summary>
public static class EvaluatePerson
{
    /// <exception cref="RuleFailure">The rule is at fault.</exception>
    public static List<NewAward> Run(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, RuleHistory history, PersonKey person,
        WorkdaySpan scope, long now, TouchedAwards touched) =>
        RuleFailure.Of(history.Achievement, () => Decide(connection, transaction, snapshot, history, person, scope, now, touched));

    private static List<NewAward> Decide(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, RuleHistory history, PersonKey person,
        WorkdaySpan scope, long now, TouchedAwards touched)
    {
        if (snapshot.Floor.Person(person) is not { } facts || snapshot.Rules.Decision(history) is not { } decision) return [];
        var work = Work(connection, transaction, snapshot, facts, decision.Reads(scope), now,
            history.ReadsGoals ? GoalStore.Of(connection, transaction, [person])(person) : [],
            AwardStore.Earnings(connection, transaction, [person], history.Follows)(person));
        return AwardStore.Reconcile(
            connection, transaction,
            [new(history.Achievement, person, counted => decision.Decides(scope, counted), decision.Decide(work, scope))], now, touched);
    }

    /// <summary>One person's own work as decisions read it, each metric once.</summary>
    /// <param name="days">Workdays that may be asked for.</param>
    /// <param name="earnings">When the person earned another achievement; null where none is asked for.</param>
    public static PersonHistory Work(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, FloorPerson facts, WorkdaySpan days, long now,
        IReadOnlyList<Goal> goals, Func<AchievementKey, IReadOnlyList<long>>? earnings = null)
    {
        var read = new Dictionary<MetricKey, IReadOnlyList<DayRollup>>();
        return new(
            metric => read.TryGetValue(metric, out var known)
                ? known
                : read[metric] = RollupStore.OfPerson(connection, snapshot.Rules.Metric(metric), facts.Key, days),
            (metric, day) =>
                ActivityStore.Contributions(connection, snapshot.Floor, snapshot.Rules.Metric(metric), facts.Key, day, transaction),
            facts.StartOf,
            facts.ClosedThrough,
            facts.BegunThrough(now))
        {
            Goals = goals, Earnings = earnings ?? (_ => []), DayOf = at => facts.WorkdayOf(at).Day, Places = facts.Places,
        };
    }
}
