using System.Collections.Frozen;

namespace Laurel.App.Platform.Access;

/// <summary>What each role may, by default. The table is committed in docs/permissions.md, and a test compares.</summary>
public static class Grants
{
    private static readonly string[] Agent =
    [
        Permissions.TodayView, Permissions.AchievementsView, Permissions.RecognitionView, Permissions.GoalsView,
        Permissions.LeaderboardsView,
        Permissions.ProfileEdit, Permissions.LiveListen,
    ];

    private static readonly string[] Leader =
    [
        .. Agent, Permissions.GoalsViewTeam, Permissions.GoalsManage,
        Permissions.AchievementsViewTeam, Permissions.AchievementsManage, Permissions.AchievementsAward,
        Permissions.AchievementsRevoke, Permissions.ReportsView, Permissions.MetricsView, Permissions.ActivitiesView,
        Permissions.PeopleView, Permissions.ProjectsView,
    ];

    private static readonly FrozenSet<string> AgentSet = Agent.ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> LeaderSet = Leader.ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> AdminSet =
        Permissions.All.Where(p => !string.Equals(p, Permissions.ActivitiesWrite, StringComparison.Ordinal))
            .ToFrozenSet(StringComparer.Ordinal);

    public static bool Holds(Role role, string permission) => Of(role).Contains(permission);

    private static FrozenSet<string> Of(Role role) => role switch
    {
        Role.Agent => AgentSet,
        Role.Leader => LeaderSet,
        Role.Admin => AdminSet,
    };
}
