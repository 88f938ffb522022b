using Laurel.App.Platform.Localisation;

namespace Laurel.App.Platform.Access;

/// <summary>
/// The three roles that Laurel brings; each role of an organisation's own (<see cref="HeldRole"/>) is made from one of them.
/// </summary>
public enum Role { Agent, Leader, Admin }

public static class Roles
{
    public static readonly IReadOnlyList<Role> All = [Role.Agent, Role.Leader, Role.Admin];

    /// <summary>SQL: whether the role in this column is one of people whose own work is counted.</summary>
    public static string AreAgents(string column) => $"{column} IN (SELECT id FROM agent_role)";

    /// <summary>As the database, setup files and the command line write it.</summary>
    public static string Id(this Role role) => role switch
    {
        Role.Agent => "agent",
        Role.Leader => "leader",
        Role.Admin => "admin",
    };

    /// <summary>The English text, which is the key of its translations.</summary>
    public static string Title(this Role role) => role switch
    {
        Role.Agent => Ui.Text("Agent"),
        Role.Leader => Ui.Text("Team leader"),
        Role.Admin => Ui.Text("Administrator"),
    };

    public static Role? Find(string? id) => id switch
    {
        "agent" => Role.Agent,
        "leader" => Role.Leader,
        "admin" => Role.Admin,
        _ => null,
    };
}
