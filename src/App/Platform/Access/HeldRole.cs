using System.Collections.Frozen;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Platform.Localisation;
using Laurel.Storage;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Platform.Access;

/// <summary>
/// A role as this organisation has it: what its people may, and how far. Laurel's own three are always there; others are made from one of
/// them. What is granted otherwise than by default is kept, so that a permission of a later Laurel comes to each as to its kind.
/// </summary>
public sealed class HeldRole
{
    /// <summary>Permissions without which nobody could mend roles: the administrator's role never loses them.</summary>
    public static readonly IReadOnlyList<string> Kept = [Permissions.RolesManage, Permissions.PeopleManage];

    private readonly FrozenDictionary<string, DataReach> grants;

    /// <param name="otherwise">Reach by permission; null: does not hold it.</param>
    public HeldRole(
        string id, Role kind, LocalText? name, bool isArchived, IEnumerable<KeyValuePair<string, DataReach?>> otherwise)
    {
        (Id, Kind, Name, IsArchived) = (id, kind, name, isArchived);
        var all = new Dictionary<string, DataReach>(Grants.Of(kind), StringComparer.Ordinal);
        foreach (var (permission, reach) in otherwise)
        {
            if (reach is { } given) all[permission] = Permissions.Reaching.Contains(permission) ? given : DataReach.Company;
            else all.Remove(permission);
        }
        if (!IsOwn && kind == Role.Admin)
            foreach (var permission in Kept) all[permission] = DataReach.Company;
        grants = all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public string Id { get; }
    /// <summary>Which of Laurel's three it is, or is like: what it holds by default, and its start page.</summary>
    public Role Kind { get; }
    /// <summary>Null of Laurel's own, whose names are translated with the program.</summary>
    public LocalText? Name { get; }
    /// <summary>Not offered any more; whoever has it keeps it.</summary>
    public bool IsArchived { get; }
    /// <summary>Made by the organisation.</summary>
    public bool IsOwn => Name is not null;

    public bool Holds(string permission) => grants.ContainsKey(permission);

    /// <summary>Null where the role does not hold the permission.</summary>
    public DataReach? Reach(string permission) => grants.TryGetValue(permission, out var reach) ? reach : null;

    /// <summary>Whether it matters which teams somebody of this role manages beside the own one.</summary>
    public bool Leads => Kind == Role.Leader || grants.Values.Contains(DataReach.ManagedTeams);

    /// <summary>Whether it grants this as its kind does by default.</summary>
    public bool IsDefault(string permission) => Reach(permission) == Default(permission);

    public DataReach? Default(string permission) => Grants.Of(Kind).TryGetValue(permission, out var reach) ? reach : null;

    /// <summary>Null of each permission that may be granted or denied freely; of the others why not, as an English text.</summary>
    public string? Fixed(string permission) => !IsOwn && Kind == Role.Admin && Kept.Contains(permission)
        ? Ui.Text("Administrators keep it: somebody must be able to mend roles.")
        : null;

    /// <summary>
    /// The most that somebody of this role may hand to others: what it holds. Administrators may also give back what their own role
    /// holds by default, so that what was taken from it by mistake is not gone for good.
    /// </summary>
    public DataReach? Ceiling(string permission) => !IsOwn && Kind == Role.Admin
        ? Default(permission) ?? Reach(permission)
        : Reach(permission);

    /// <summary>Permissions that the other role holds, or holds farther than somebody of this one may hand out.</summary>
    public IEnumerable<string> Lacks(HeldRole other) => other.grants
        .Where(g => Ceiling(g.Key) is not { } own || !own.Holds(g.Value)).Select(g => g.Key).Order(StringComparer.Ordinal);

    public string Title(IStringLocalizer<Ui> L) => Name?.ToString() ?? L[Kind.Title()].Value;

    /// <summary>As the audit log and messages of programs name it.</summary>
    public string EnglishTitle => Name?.In(Language.English) ?? Kind.Title();
}

/// <summary>All roles that there are: Laurel's own, then the organisation's in the order of their making.</summary>
public sealed class RoleBook
{
    private readonly Dictionary<string, HeldRole> byId;

    public RoleBook(long version, IReadOnlyList<HeldRole> all) =>
        (Version, All, byId) = (version, all, all.ToDictionary(r => r.Id, StringComparer.Ordinal));

    public long Version { get; }
    public IReadOnlyList<HeldRole> All { get; }
    /// <summary>Without those that are put away.</summary>
    public IEnumerable<HeldRole> Offered => All.Where(r => !r.IsArchived);

    public HeldRole? Find(string? id) => id is null ? null : byId.GetValueOrDefault(id);

    /// <summary>A role that is not there any more is an agent's: the least.</summary>
    public HeldRole Of(string id) => Find(id) ?? byId[Role.Agent.Id()];
}

/// <summary>Reads roles, and keeps the last reading until somebody changes one.</summary>
public sealed class RoleStore
{
    /// <summary>A column of a query, text: which reading of roles is the newest; see <see cref="Read"/>.</summary>
    public const string Version = "(SELECT value FROM setting WHERE name = 'version-of-roles')";

    private volatile RoleBook? last;

    public RoleBook Current(DbConnection connection) =>
        At(connection, connection.ExecuteScalar<string?>($"SELECT {Version}"));

    /// <param name="version">What <see cref="Version"/> was read as.</param>
    public RoleBook At(DbConnection connection, string? version)
    {
        var known = last;
        return known is not null && known.Version == Number(version) ? known : last = Read(connection, null);
    }

    /// <summary>As this transaction sees them.</summary>
    public static RoleBook Read(DbConnection connection, DbTransaction? transaction)
    {
        var version = Number(connection.ExecuteScalar<string?>($"SELECT {Version}", transaction: transaction));
        var grants = connection.Query<(string Role, string Permission, string Reach)>(
            "SELECT role, permission, reach FROM role_grant", transaction: transaction)
            .Where(g => Permissions.Known.Contains(g.Permission))
            .ToLookup(g => g.Role, g => KeyValuePair.Create(g.Permission, Reaches.Find(g.Reach)));
        return new(version,
        [
            .. Roles.All.Select(r => new HeldRole(r.Id(), r, null, false, grants[r.Id()])),
            .. connection.Query<(string Id, string Name, string Base, long Archived)>(
                "SELECT id, name, base, archived FROM role ORDER BY key", transaction: transaction)
                .Select(r => new HeldRole(
                    r.Id, Roles.Find(r.Base) ?? Role.Agent, LocalText.Parse(r.Name), r.Archived != 0, grants[r.Id])),
        ]);
    }

    /// <summary>A role has changed: in the transaction of the change.</summary>
    public static void Touch(DbConnection connection, DbTransaction transaction) => connection.Execute(
        """
        INSERT INTO setting (name, value) VALUES ('version-of-roles', '1')
        ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)
        """, transaction: transaction);

    private static long Number(string? version) => version is null ? 0 : long.Parse(version, CultureInfo.InvariantCulture);
}
