using Laurel.App.Platform.Access;
using Laurel.App.Platform.Localisation;

namespace Laurel.App.Features.ApiKeys;

/// <summary>What a key may be made for: a few words that stand for permissions.</summary>
/// <param name="Meaning">English text, which pages translate.</param>
public sealed record ApiScope(string Name, string Meaning, IReadOnlyList<string> Permissions)
{
    public static readonly IReadOnlyList<ApiScope> All =
    [
        new("activities:write", Ui.Text("Bring activities in"), [Platform.Access.Permissions.ActivitiesWrite]),
        new("activities:read", Ui.Text("Read activities, those that wait for their person, and projects"),
            [Platform.Access.Permissions.ActivitiesView, Platform.Access.Permissions.ProjectsView]),
        new("achievements:read", Ui.Text("Read achievements and awards"),
            [
                Platform.Access.Permissions.AchievementsViewTeam, Platform.Access.Permissions.RecognitionView,
                Platform.Access.Permissions.ReportsView,
            ])
        {
            IsOfAchievements = true,
        },
        new("awards:write", Ui.Text("Award badges by hand"), [Platform.Access.Permissions.AchievementsAward])
        {
            IsOfAchievements = true,
        },
        new("awards:revoke", Ui.Text("Revoke awards and give them back"), [Platform.Access.Permissions.AchievementsRevoke])
        {
            IsOfAchievements = true,
        },
        new("metrics:read", Ui.Text("Read metrics and leaderboards"),
            [Platform.Access.Permissions.MetricsView, Platform.Access.Permissions.LeaderboardsView]),
        new("goals:read", Ui.Text("Read personal goals"), [Platform.Access.Permissions.GoalsViewTeam]),
        new("goals:write", Ui.Text("Set personal goals"), [Platform.Access.Permissions.GoalsManage]),
        new("notices:read", Ui.Text("Read people's notices"), [Platform.Access.Permissions.NoticesRead])
        {
            IsOfAchievements = true,
        },
        new("notices:write", Ui.Text("Mark people's notices as read"), [Platform.Access.Permissions.NoticesWrite])
        {
            IsOfAchievements = true,
        },
        new("people:read", Ui.Text("Read people and teams"), [Platform.Access.Permissions.PeopleView]),
        new("audit:read", Ui.Text("Read the audit log"), [Platform.Access.Permissions.AuditView]),
        new("setup:write", Ui.Text("Read and apply the set-up: people, teams, roles, projects, metrics, achievements and settings"),
            [
                Platform.Access.Permissions.PeopleManage, Platform.Access.Permissions.MetricsManage,
                Platform.Access.Permissions.AchievementsManage, Platform.Access.Permissions.SettingsManage,
                Platform.Access.Permissions.ProjectsManage, Platform.Access.Permissions.RolesManage,
            ])
        {
            MeaningWithout = Ui.Text("Read and apply the set-up: people, teams, roles, projects, metrics and settings"),
        },
    ];

    /// <summary>It opens doors of achievements alone, which are not there while all product areas are off.</summary>
    public bool IsOfAchievements { get; init; }

    /// <summary>What it is for where there are no achievements; null for the same.</summary>
    private string? MeaningWithout { get; init; }

    /// <summary>English text, which pages translate.</summary>
    public string Says(bool achievements) => achievements ? Meaning : MeaningWithout ?? Meaning;

    public static ApiScope? Find(string name) => All.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.Ordinal));
}
