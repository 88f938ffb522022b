using System.Collections.Frozen;

namespace Laurel.App.Platform.Access;

/// <summary>
/// What each of Laurel's own roles may, by default, and how far. The table is committed in docs/permissions.md, and a test compares.
/// What an organisation grants otherwise stands beside it, in <see cref="HeldRole"/>.
/// </summary>
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

    private static readonly FrozenDictionary<string, DataReach> AgentSet = Set(Agent, DataReach.Self);
    private static readonly FrozenDictionary<string, DataReach> LeaderSet = Set(Leader, DataReach.ManagedTeams);
    private static readonly FrozenDictionary<string, DataReach> AdminSet =
        Set(Permissions.All.Where(p => !Permissions.OfKeysAlone.Contains(p)), DataReach.Company);

    public static bool Holds(Role role, string permission) => Of(role).ContainsKey(permission);

    /// <summary>How far a permission reaches where a role of this kind holds it and nothing else is said.</summary>
    public static DataReach Reach(Role role, string permission) => !Permissions.Reaching.Contains(permission) ? DataReach.Company
        : role switch
        {
            Role.Agent => DataReach.Self,
            Role.Leader => DataReach.ManagedTeams,
            Role.Admin => DataReach.Company,
        };

    /// <summary>The permissions of a role with their reach; that of one which is about nobody's data is the company.</summary>
    public static FrozenDictionary<string, DataReach> Of(Role role) => role switch
    {
        Role.Agent => AgentSet,
        Role.Leader => LeaderSet,
        Role.Admin => AdminSet,
    };

    private static FrozenDictionary<string, DataReach> Set(IEnumerable<string> permissions, DataReach reach) =>
        permissions.ToFrozenDictionary(p => p, p => Permissions.Reaching.Contains(p) ? reach : DataReach.Company, StringComparer.Ordinal);
}
