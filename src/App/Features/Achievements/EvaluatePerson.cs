using System.Data.Common;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Achievements;

/// <summary>Decides a rule anew for one person, from rollups and activities, and makes the kept awards agree.</summary>
public static class EvaluatePerson
{
    public static List<NewAward> Run(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, RuleHistory history, PersonKey person,
        WorkdaySpan scope, long now, TouchedAwards touched)
    {
        if (snapshot.Floor.Person(person) is not { } facts || snapshot.Rules.Decision(history) is not { } decision) return [];
        var days = decision.Reads(scope);
        var read = new Dictionary<MetricKey, IReadOnlyList<DayRollup>>();
        var work = new PersonHistory(
            metric => read.TryGetValue(metric, out var known)
                ? known
                : read[metric] = RollupStore.OfPerson(connection, snapshot.Rules.Metric(metric), person, days),
            (metric, day) =>
                ActivityStore.Contributions(connection, snapshot.Floor, snapshot.Rules.Metric(metric), person, day, transaction),
            facts.StartOf,
            facts.ClosedThrough,
            facts.BegunThrough(now))
        {
            Goals = history.ReadsGoals ? GoalStore.Of(connection, transaction, [person])(person) : [],
            Earnings = AwardStore.Earnings(connection, transaction, [person], history.Follows)(person),
            DayOf = at => facts.WorkdayOf(at).Day, Places = facts.Places,
        };
        return AwardStore.Reconcile(
            connection, transaction,
            [new(history.Achievement, person, counted => decision.Decides(scope, counted), decision.Decide(work, scope))], now, touched);
    }
}
