using System.Data.Common;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Goals;

/// <summary>A goal as pages and the API show it.</summary>
/// <param name="Periods">Newest first; none of a proposal.</param>
public sealed record GoalView(KeptGoal Kept, IReadOnlyList<PeriodOfGoal> Periods, IReadOnlyList<GoalEntry> Entries, Agreement Agreement)
{
    /// <summary>The running one, or the last.</summary>
    public PeriodOfGoal? Now => Periods.Count > 0 ? Periods[0] : null;

    /// <summary>What it asks for now, or would.</summary>
    public Amount Target => Now?.Terms.Target ?? Entries.Last(e => e.Target is not null).Target!.Value;

    /// <summary>Whether it waits for the one side's answer.</summary>
    public bool WaitsFor(bool leader) => Agreement.Open is { } open && open.ByLeader != leader;

    public int Reached => Periods.Count(p => p.State == GoalState.Reached);

    public static GoalView Of(DbConnection connection, Snapshot snapshot, KeptGoal kept, Workday today, int most)
    {
        var entries = GoalStore.Entries(connection, kept.Key);
        var periods = kept.Goal is { } goal
            ? GoalPeriods.Of(goal, today, snapshot.Rules.Metric,
                metric => RollupStore.OfPerson(connection, snapshot.Rules.Metric(metric), kept.Person, goal.Days), snapshot.Rules.WeekStart,
                most)
            : [];
        return new(kept, periods, entries, Agreement.Of(kept, entries));
    }

    /// <summary>The workday that it is where the person works.</summary>
    public static Workday Today(Snapshot snapshot, PersonKey person, DateTimeOffset now) =>
        snapshot.Floor.Person(person)!.WorkdayOf(now.ToUnixTimeMilliseconds()).Day;
}

/// <summary>Whose goals somebody may see and act on.</summary>
public static class GoalAccess
{
    public static DataScope Of(CurrentPerson me) =>
        me.IsSignedIn && !me.May(Permissions.GoalsManage) ? DataScope.Self(me.Key) : me.ScopeOf(Permissions.GoalsManage);
}
