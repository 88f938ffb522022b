using System.Data.Common;
using Laurel.App.Features.ExternalIdentities;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Settings;

/// <summary>A setup file and a database on their way to each other, in one transaction.</summary>
internal sealed record Agreement(
    DbConnection Connection, DbTransaction Transaction, Setup Setup, YamlProblems Problems, List<SetupChange> Changes, long Now)
{
    /// <summary>What is read to find out what would change: whole tables, and of the large ones whether they hold anything.</summary>
    public static readonly IReadOnlyList<(string Table, int? Rows)> Tables =
    [
        ("site", null), ("team", null), ("person", null), ("person_team", null), ("person_site", null), ("people_group", null),
        ("group_member", null), ("person_role", null), ("role", null), ("role_grant", null),
        ("division", null), ("person_division", null), ("setting", null),
        ("external_identity", null), ("project", null), ("project_identity", null),
        ("activity_type", null),
        ("metric", null), ("area_off", null), ("achievement", null), ("achievement_version", null), ("achievement_span", null),
        ("path", null), ("path_step", null), ("activity", 1), ("award", 1),
    ];

    /// <summary>Keys of people who changed their team.</summary>
    public List<long> Joined { get; } = [];
    /// <summary>People who are elsewhere than was known, with the first workday on which they are.</summary>
    public Dictionary<PersonKey, Workday> Moved { get; } = [];
    /// <summary>Keys of people who belong elsewhere (team, site, groups, role), with the first workday on which they do.</summary>
    public Dictionary<long, Workday> Belongs { get; } = [];
    /// <summary>Keys of teams that belong to another site.</summary>
    public List<long> MovedTeams { get; } = [];
    /// <summary>Who worked where before anything was changed.</summary>
    public Floor Before { get; } = FloorOf(Connection, Transaction);

    /// <summary>Who works where, as the transaction sees it now.</summary>
    public Floor Floor => FloorOf(Connection, Transaction);

    private static Floor FloorOf(DbConnection connection, DbTransaction transaction) =>
        new CatalogueStore().Current(connection, transaction).Floor;

    /// <summary>Ids of people who are new.</summary>
    public List<string> Added { get; } = [];

    /// <summary>External identities that are linked otherwise now.</summary>
    public List<(ExternalIdentity Identity, IdentityTarget Target)> Linked { get; } = [];

    /// <summary>Keys of projects whose activities have become others.</summary>
    public HashSet<long> Projects { get; } = [];

    public void Add(string what, string id, params Change[] fields) => Changes.Add(new("add", what, id, fields));

    /// <summary>Whether any field differs; notes those that do.</summary>
    public bool Differs(string what, string id, params Change[] fields)
    {
        var real = fields.Where(f => f.IsReal).ToList();
        if (real.Count == 0) return false;
        Changes.Add(new("change", what, id, real));
        return true;
    }

    public void Refuse(YamlNode at, string message) => Problems.Add(at, message);

    /// <summary>Says that something named is not there, unless that follows from what is told already.</summary>
    public void Missing(string section, YamlText named, string what, IEnumerable<string> known)
    {
        if (!Setup.Unread.Excuse(section, named.Text))
            Problems.Add(named.At, $"there is no {what} '{named.Text}'" + Suggestion.Hint(named.Text, known));
    }
}
