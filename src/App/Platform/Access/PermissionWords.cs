using System.Collections.Frozen;
using Laurel.App.Platform.Localisation;

namespace Laurel.App.Platform.Access;

/// <summary>What a permission allows, as one asks an administrator for it. English texts, the keys of their translations.</summary>
public static class PermissionWords
{
    private static readonly FrozenDictionary<string, string> Words = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Permissions.TodayView] = Ui.Text("See Today"),
        [Permissions.AchievementsView] = Ui.Text("See own achievements"),
        [Permissions.RecognitionView] = Ui.Text("See colleagues' recognition"),
        [Permissions.AchievementsViewTeam] = Ui.Text("See the team's achievements"),
        [Permissions.AchievementsManage] = Ui.Text("Manage achievements"),
        [Permissions.AchievementsAward] = Ui.Text("Award badges by hand"),
        [Permissions.AchievementsRevoke] = Ui.Text("Revoke badges"),
        [Permissions.GoalsView] = Ui.Text("See and set own goals"),
        [Permissions.GoalsViewTeam] = Ui.Text("See the team's goals"),
        [Permissions.GoalsManage] = Ui.Text("Set the team's goals"),
        [Permissions.LeaderboardsView] = Ui.Text("See leaderboards"),
        [Permissions.ReportsView] = Ui.Text("See reports"),
        [Permissions.MetricsView] = Ui.Text("See metrics"),
        [Permissions.MetricsManage] = Ui.Text("Manage metrics"),
        [Permissions.ActivitiesWrite] = Ui.Text("Bring activities in"),
        [Permissions.ActivitiesView] = Ui.Text("See activities"),
        [Permissions.PeopleView] = Ui.Text("See the list of people"),
        [Permissions.PeopleManage] = Ui.Text("Manage people and teams"),
        [Permissions.ProjectsView] = Ui.Text("See projects"),
        [Permissions.ProjectsManage] = Ui.Text("Manage projects"),
        [Permissions.RolesManage] = Ui.Text("Manage roles"),
        [Permissions.ApiKeysManage] = Ui.Text("Manage API keys"),
        [Permissions.AuditView] = Ui.Text("See the audit log"),
        [Permissions.SettingsManage] = Ui.Text("Manage settings"),
        [Permissions.ProfileEdit] = Ui.Text("Edit the own profile"),
        [Permissions.NoticesRead] = Ui.Text("Read people's notices"),
        [Permissions.NoticesWrite] = Ui.Text("Mark people's notices as read"),
        [Permissions.LiveListen] = Ui.Text("Listen to live news"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string Of(string permission) => Words.GetValueOrDefault(permission, permission);

    /// <summary>
    /// The first permission that an endpoint names and this person lacks, or does not hold as far as it needs; null where none is named, or
    /// all are there.
    /// </summary>
    public static RequiresPermissionAttribute? Missing(Endpoint? endpoint, CurrentPerson person) =>
        endpoint?.Metadata.GetOrderedMetadata<RequiresPermissionAttribute>().FirstOrDefault(needed => !needed.Lets(person));

    /// <summary>What that is called.</summary>
    public static string Of(RequiresPermissionAttribute missing) =>
        missing is { OfCompany: true, Permission: Permissions.AchievementsManage }
            ? Ui.Text("Manage achievements of the whole organisation")
            : Of(missing.Permission);
}
