using Laurel.App.Platform.Localisation;

namespace Laurel.App.Platform.Access;

/// <summary>Whose the numbers of a page are, where they are not everybody's. English texts, the keys of their translations.</summary>
public static class SeenPeople
{
    /// <summary>The end of a line; null where everybody is counted.</summary>
    public static string? Of(CurrentPerson me, string permission) => me.ReachOf(permission) is not { } reach ? null : reach switch
    {
        DataReach.Company => null,
        DataReach.ManagedTeams => Ui.Text("numbers are of your teams"),
        DataReach.OwnTeam => Ui.Text("numbers are of your team"),
        DataReach.Groups => Ui.Text("numbers are of your groups"),
        DataReach.Division => Ui.Text("numbers are of your division"),
        DataReach.Self => Ui.Text("numbers are your own"),
    };

    public static string? Sentence(CurrentPerson me, string permission) => me.ReachOf(permission) is not { } reach ? null : reach switch
    {
        DataReach.Company => null,
        DataReach.ManagedTeams => Ui.Text("These numbers are of your teams."),
        DataReach.OwnTeam => Ui.Text("These numbers are of your team."),
        DataReach.Groups => Ui.Text("These numbers are of your groups."),
        DataReach.Division => Ui.Text("These numbers are of your division."),
        DataReach.Self => Ui.Text("These numbers are your own."),
    };
}
