using Laurel.App.Platform.Localisation;

namespace Laurel.App.Platform.Access;

/// <summary>Whose performance data a grant opens, always with the own; for one person it becomes a <see cref="DataScope"/>.</summary>
public enum DataReach { Self, OwnTeam, ManagedTeams, Groups, Division, Company }

public static class Reaches
{
    /// <summary>As the database writes that a role does not hold a permission.</summary>
    public const string Denied = "no";

    public static readonly IReadOnlyList<DataReach> All = Enum.GetValues<DataReach>();

    /// <summary>As the database, setup files and the API write it.</summary>
    public static string Id(this DataReach reach) => reach switch
    {
        DataReach.Self => "self",
        DataReach.OwnTeam => "own-team",
        DataReach.ManagedTeams => "managed-teams",
        DataReach.Groups => "groups",
        DataReach.Division => "division",
        DataReach.Company => "company",
    };

    public static DataReach? Find(string? id)
    {
        foreach (var reach in All)
            if (string.Equals(reach.Id(), id, StringComparison.Ordinal)) return reach;
        return null;
    }

    /// <summary>The English text, which is the key of its translations.</summary>
    public static string Title(this DataReach reach) => reach switch
    {
        DataReach.Self => Ui.Text("Self alone"),
        DataReach.OwnTeam => Ui.Text("Own team"),
        DataReach.ManagedTeams => Ui.Text("Managed teams"),
        DataReach.Groups => Ui.Text("Own groups"),
        DataReach.Division => Ui.Text("Own division"),
        DataReach.Company => Ui.Text("Everybody"),
    };

    /// <summary>Whether whoever is covered by the other is covered by this, whoever asks.</summary>
    public static bool Holds(this DataReach reach, DataReach other) =>
        reach == other || reach == DataReach.Company || other == DataReach.Self
        || (reach == DataReach.ManagedTeams && other == DataReach.OwnTeam);
}
