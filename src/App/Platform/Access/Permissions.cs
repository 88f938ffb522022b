using System.Collections.Frozen;

namespace Laurel.App.Platform.Access;

/// <summary>Every permission there is: what pages and endpoints name, and what roles and API keys are granted.</summary>
public static class Permissions
{
    /// <summary>The own start page.</summary>
    public const string TodayView = "today.view";
    /// <summary>Own achievements: badges, progress, evidence.</summary>
    public const string AchievementsView = "achievements.view";
    /// <summary>See colleagues' recognition: earned badges of others that are neither hidden nor negative.</summary>
    public const string RecognitionView = "recognition.view";
    /// <summary>Achievements of people in the data scope, with progress and evidence.</summary>
    public const string AchievementsViewTeam = "achievements.view-team";
    /// <summary>Edit achievements, switch them on and off, start backfills.</summary>
    public const string AchievementsManage = "achievements.manage";
    /// <summary>Award a manual achievement.</summary>
    public const string AchievementsAward = "achievements.award";
    /// <summary>Take an award back, with a reason.</summary>
    public const string AchievementsRevoke = "achievements.revoke";
    /// <summary>Own personal goals: see, set, agree on.</summary>
    public const string GoalsView = "goals.view";
    /// <summary>Goals of people in the data scope, with their progress.</summary>
    public const string GoalsViewTeam = "goals.view-team";
    /// <summary>Set and propose goals for people in the data scope, and agree on them.</summary>
    public const string GoalsManage = "goals.manage";
    public const string LeaderboardsView = "leaderboards.view";
    /// <summary>Reports of recognition, about the people in the data scope; none of them names anybody.</summary>
    public const string ReportsView = "reports.view";
    public const string MetricsView = "metrics.view";
    public const string MetricsManage = "metrics.manage";
    /// <summary>Bring activities in, through the API. No role holds it: API keys do.</summary>
    public const string ActivitiesWrite = "activities.write";
    /// <summary>
    /// See activities of people in the data scope. Those that wait for a person are in nobody's: API keys, which see everybody, read them
    /// with this, roles need <see cref="PeopleManage"/>.
    /// </summary>
    public const string ActivitiesView = "activities.view";
    /// <summary>The list of people in the data scope.</summary>
    public const string PeopleView = "people.view";
    /// <summary>Add and change people and teams, reset passwords; decide about held activities and external identities.</summary>
    public const string PeopleManage = "people.manage";
    /// <summary>Projects, with what people in the data scope did in them.</summary>
    public const string ProjectsView = "projects.view";
    /// <summary>Make and change projects, and say what other systems call them.</summary>
    public const string ProjectsManage = "projects.manage";
    /// <summary>Make roles, and say what each may and how far.</summary>
    public const string RolesManage = "roles.manage";
    public const string ApiKeysManage = "api-keys.manage";
    public const string AuditView = "audit.view";
    /// <summary>The site, its time zone, the week's first day, and other settings of the organisation.</summary>
    public const string SettingsManage = "settings.manage";
    /// <summary>Own language, theme and password.</summary>
    public const string ProfileEdit = "profile.edit";
    /// <summary>Read people's inboxes, through the API. No role holds it: everybody reads the own one.</summary>
    public const string NoticesRead = "notices.read";
    /// <summary>Mark notices in people's inboxes as read, through the API. No role holds it.</summary>
    public const string NoticesWrite = "notices.write";
    /// <summary>The stream of live news about what one may see, and the own recent badges.</summary>
    public const string LiveListen = "live.listen";

    /// <summary>Doors that need one of these are not there while all product areas are off.</summary>
    public static readonly FrozenSet<string> OfAchievements = new[]
    {
        AchievementsView, AchievementsViewTeam, AchievementsManage, AchievementsAward, AchievementsRevoke, ReportsView,
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// About performance data of people: each grant of one says how far it reaches, and whatever is read behind its doors is read within
    /// <see cref="CurrentPerson.ScopeOf"/> of it.
    /// </summary>
    public static readonly FrozenSet<string> Reaching = new[]
    {
        AchievementsViewTeam, AchievementsManage, AchievementsAward, AchievementsRevoke, GoalsViewTeam, GoalsManage, ReportsView,
        MetricsView, ActivitiesView, PeopleView, ProjectsView,
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Programs bring activities in; there is no page of it that a role could open.</summary>
    public static readonly FrozenSet<string> OfKeysAlone =
        new[] { ActivitiesWrite, NoticesRead, NoticesWrite }.ToFrozenSet(StringComparer.Ordinal);

    public static readonly IReadOnlyList<string> All =
    [
        TodayView, AchievementsView, RecognitionView, AchievementsViewTeam, AchievementsManage, AchievementsAward, AchievementsRevoke,
        GoalsView, GoalsViewTeam, GoalsManage,
        LeaderboardsView, ReportsView, MetricsView, MetricsManage, ActivitiesWrite, ActivitiesView, PeopleView, PeopleManage, ProjectsView,
        ProjectsManage, RolesManage, ApiKeysManage, AuditView, SettingsManage, ProfileEdit, NoticesRead,
        NoticesWrite, LiveListen,
    ];

    public static readonly FrozenSet<string> Known = All.ToFrozenSet(StringComparer.Ordinal);
}
