using System.Data.Common;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Achievements;

/// <summary>Decides a threshold anew for one person, from rollups and activities, and makes the kept awards agree.</summary>
public static class EvaluateThreshold
{
    public static List<NewAward> Run(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, RuleHistory history, PersonKey person,
        WorkdaySpan scope, long now)
    {
        if (snapshot.Floor.Person(person) is not { } facts) return [];
        var decision = new ThresholdDecision(history, snapshot.Rules.Metric);
        var whole = Whole(history, decision, scope);
        var read = new Dictionary<MetricKey, IReadOnlyList<DayRollup>>();
        var work = new PersonHistory(
            metric => read.TryGetValue(metric, out var known)
                ? known
                : read[metric] = RollupStore.OfPerson(connection, snapshot.Rules.Metric(metric), person, Counted(history, whole)),
            (metric, day) =>
                ActivityStore.Contributions(connection, snapshot.Floor, snapshot.Rules.Metric(metric), person, day, transaction),
            facts.StartOf,
            facts.ClosedThrough,
            facts.BegunThrough(now));
        return AwardStore.Reconcile(
            connection, transaction,
            [new(history.Achievement, person, counted => decision.Decides(scope, counted), decision.Decide(work, scope))], now);
    }

    /// <summary>What must be read of these workdays: none that lie before history.</summary>
    public static WorkdaySpan Counted(RuleHistory history, WorkdaySpan whole) =>
        new(Workday.Max(whole.First, history.CountsFrom), whole.Last);

    /// <summary>The workdays that must be decided to decide everything that <paramref name="scope"/> touches.</summary>
    public static WorkdaySpan Whole(RuleHistory history, ThresholdDecision decision, WorkdaySpan scope)
    {
        var range = ThresholdDecision.Of(history.Current)!.Range;
        if (range == TimeRange.All) return new(history.CountsFrom, Workday.End);
        var occasions = decision.Widen(scope);
        return occasions.Last == Workday.End
            ? occasions
            : new(occasions.First, WorkdaySpan.Of(range, occasions.Last, history.WeekStart).Last);
    }
}
