using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.People;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;
using Laurel.Storage;

namespace Laurel.App.Features.Rights;

/// <summary>What somebody wants a role to be.</summary>
/// <param name="Names">
/// By language code, "en" always; null of Laurel's own, which are translated with the program, or to leave them.
/// </param>
/// <param name="Grants">Reach by permission, of those that are to change; null: it is not held any more.</param>
/// <param name="Archived">Null: stays as it is.</param>
public sealed record WantedRole(
    IReadOnlyDictionary<string, string>? Names, IReadOnlyDictionary<string, DataReach?> Grants, bool? Archived = null);

/// <summary>One permission of a role that becomes another. Null: not held.</summary>
public sealed record GrantChange(string Permission, DataReach? Before, DataReach? After);

/// <summary>What somebody else saved while a form was open.</summary>
/// <param name="By">Null where the log does not know.</param>
public sealed record RoleMeanwhile(string? By, DateTimeOffset? At, string Version);

/// <summary>What came of a change of a role: its id, or what is wrong, or that somebody else was first.</summary>
public sealed record KeptRole(string? Id, IReadOnlyList<FieldProblem> Problems, RoleMeanwhile? Meanwhile = null);

/// <summary>Makes and changes roles, each in one transaction with its audit entry. Nobody hands out more than they hold.</summary>
public sealed class KeepRoles(Database database, TimeProvider time)
{
    public const int LongestName = 100;
    private static readonly FieldProblem Unknown = new("", Ui.Text("There is no such role."));

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Stands for all that a role says: a form that carries it is not written over somebody else's change.</summary>
    public static string Version(HeldRole role) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', Said(role).Prepend($"{Stored(role.Name)} {role.IsArchived}")))))[..16];

    /// <summary>A role of its own with the grants of another one.</summary>
    /// <param name="by">The role of whoever asks; null for programs, which are the organisation.</param>
    /// <param name="id">Made from the name where none is given.</param>
    public KeptRole Add(
        IReadOnlyDictionary<string, string> names, string copyOf, HeldRole? by, Actor actor, string? id = null) =>
        database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            var book = RoleBook(c, t);
            if (NameProblem(names, book, null) is { } wrong) return new(null, [wrong]);
            if (book.Find(copyOf) is not { } model) return new(null, [Unknown]);
            if (by is not null && by.Lacks(model).Any()) return new(null, [TooMuch("CopyOf")]);
            if (id is not null && book.Find(id) is not null)
                return new(null, [new("", Ui.Text("There is a role of this key already."))]);
            var free = id ?? Organisation.FreeId(Organisation.Slug(names["en"], "role"), taken => book.Find(taken) is not null);
            c.Execute("INSERT INTO role (id, name, base) VALUES (@free, @name, @kind)",
                new { free, name = JsonSerializer.Serialize(names), kind = model.Kind.Id() }, t);
            Write(c, t, new HeldRole(free, model.Kind, LocalText.Of(names), false, RoleGrants.Otherwise(model)));
            RoleStore.Touch(c, t);
            Audit.Write(c, t, actor, Now, "role.added", names["en"],
                [new("key", null, free), new("base", null, model.Kind.Id()), .. RoleGrants.Otherwise(model).Select(g =>
                    new Change(g.Key, RoleGrants.Code(Grants.Of(model.Kind).TryGetValue(g.Key, out var usual) ? usual : null, g.Key),
                        RoleGrants.Code(g.Value, g.Key)))]);
            return new KeptRole(free, []);
        });

    /// <summary>What would become of the role's permissions, and why it may not; nothing is saved.</summary>
    public static (IReadOnlyList<GrantChange> Changes, IReadOnlyList<FieldProblem> Problems) Look(
        DbConnection connection, DbTransaction? transaction, HeldRole role, WantedRole wanted, HeldRole? by)
    {
        var changes = new List<GrantChange>();
        var problems = new List<FieldProblem>();
        foreach (var permission in Permissions.All)
        {
            if (!wanted.Grants.TryGetValue(permission, out var asked)) continue;
            var reach = asked is not null && !Permissions.Reaching.Contains(permission) ? DataReach.Company : asked;
            var before = role.Reach(permission);
            if (before == reach) continue;
            if (role.Fixed(permission) is { } why) problems.Add(new(permission, why));
            else if (reach is not null && Permissions.OfKeysAlone.Contains(permission))
                problems.Add(new(permission, Ui.Text("This is for API keys: no page asks for it.")));
            else if (reach is { } wide && by is not null && before?.Holds(wide) != true
                && (by.Ceiling(permission) is not { } own || !own.Holds(wide)))
                problems.Add(TooMuch(permission));
            else changes.Add(new(permission, before, reach));
        }
        if (role.Holds(Permissions.RolesManage) && changes.Exists(x => x is { Permission: Permissions.RolesManage, After: null })
            && RoleGuard.Managers(connection, transaction, RoleBook(connection, transaction), without: role.Id) == 0)
            problems.Add(new(Permissions.RolesManage, Ui.Text("Nobody would be left who can manage roles.")));
        return (changes, problems);
    }

    /// <param name="version">Of the form; null where whatever is saved is written over.</param>
    public KeptRole Change(string id, WantedRole wanted, string? version, HeldRole? by, Actor actor) => database.Write((c, t) =>
    {
        Rulebook.Hold(c, t);
        var book = RoleBook(c, t);
        if (book.Find(id) is not { } role) return new(null, [Unknown]);
        if (version is not null && !string.Equals(version, Version(role), StringComparison.Ordinal))
            return new(null, [], Meanwhile(c, t, role));
        var (changes, problems) = Look(c, t, role, wanted, by);
        var names = role.IsOwn ? wanted.Names : null;
        if (names is not null && NameProblem(names, book, id) is { } wrong) problems = [.. problems, wrong];
        if (!role.IsOwn && wanted.Archived == true)
            problems = [.. problems, new("", Ui.Text("Laurel's own roles stay: deny what they shall not do."))];
        if (problems.Count > 0) return new(null, problems);
        var name = names is null ? role.Name : LocalText.Of(names);
        var archived = role.IsOwn ? wanted.Archived ?? role.IsArchived : role.IsArchived;
        var after = new Dictionary<string, DataReach?>(StringComparer.Ordinal);
        foreach (var permission in Permissions.All) after[permission] = role.Reach(permission);
        foreach (var change in changes) after[change.Permission] = change.After;
        Write(c, t, new HeldRole(id, role.Kind, name, archived, after));
        if (role.IsOwn)
            c.Execute("UPDATE role SET name = @name, archived = @archived WHERE id = @id",
                new { id, name = Stored(name), archived = archived ? 1 : 0 }, t);
        Change[] told =
        [
            new("name", Stored(role.Name), Stored(name)), new("archived", YesOrNo(role.IsArchived), YesOrNo(archived)),
            .. changes.Select(x => new Change(
                x.Permission, RoleGrants.Code(x.Before, x.Permission), RoleGrants.Code(x.After, x.Permission))),
        ];
        if (!told.Any(x => x.IsReal)) return new KeptRole(id, []);
        RoleStore.Touch(c, t);
        Audit.Write(c, t, actor, Now, "role.changed", name?.In(Language.English) ?? role.EnglishTitle, told);
        return new KeptRole(id, []);
    });

    /// <summary>What the role would hold if nothing had ever been said about it.</summary>
    public static WantedRole Defaults(HeldRole role) =>
        new(null, Permissions.All.ToDictionary(p => p, role.Default, StringComparer.Ordinal));

    /// <summary>Writes what a role holds otherwise than its kind, in place of what was kept.</summary>
    internal static void Write(DbConnection connection, DbTransaction transaction, HeldRole role)
    {
        connection.Execute("DELETE FROM role_grant WHERE role = @Id", new { role.Id }, transaction);
        connection.Execute("INSERT INTO role_grant (role, permission, reach) VALUES (@Id, @permission, @reach)",
            RoleGrants.Otherwise(role).Select(g => new { role.Id, permission = g.Key, reach = g.Value?.Id() ?? Reaches.Denied }),
            transaction);
    }

    private static RoleBook RoleBook(DbConnection connection, DbTransaction? transaction) => RoleStore.Read(connection, transaction);

    /// <summary>Who changed the role last, for a form that is older.</summary>
    public RoleMeanwhile? Meanwhile(string id)
    {
        using var connection = database.Read();
        return RoleStore.Read(connection, null).Find(id) is { } role ? Meanwhile(connection, null, role) : null;
    }

    private static IEnumerable<string> Said(HeldRole role) =>
        RoleGrants.Otherwise(role).Select(g => $"{g.Key} {RoleGrants.Code(g.Value, g.Key)}");

    private static RoleMeanwhile Meanwhile(DbConnection c, DbTransaction? t, HeldRole role)
    {
        var last = c.QueryFirstOrDefault<(string? Name, long At)>(
            """
            SELECT actor_name, at FROM audit WHERE action IN ('role.changed', 'role.added') AND object IN (@title, @Id)
            ORDER BY at DESC, key DESC LIMIT 1
            """, new { title = role.EnglishTitle, role.Id }, t);
        return new(last.Name, last.Name is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(last.At), Version(role));
    }

    private static FieldProblem? NameProblem(IReadOnlyDictionary<string, string> names, RoleBook book, string? id)
    {
        if (names.GetValueOrDefault("en") is not { Length: > 0 } || names.Values.Any(n => n.Length > LongestName))
            return new("Name", Ui.Text("Type a name of up to 100 characters."));
        return book.All.Any(r => r.Id != id && string.Equals(r.EnglishTitle, names["en"], StringComparison.OrdinalIgnoreCase))
            ? new("Name", Ui.Text("There is a role of this name already."))
            : null;
    }

    private static FieldProblem TooMuch(string field) =>
        new(field, Ui.Text("This is more than your own role holds: nobody hands out more than they hold."));

    private static string? Stored(LocalText? name) => name is null ? null
        : JsonSerializer.Serialize(Language.All.Where(name.Has).ToDictionary(l => l.Code, name.In, StringComparer.Ordinal));

    private static string YesOrNo(bool yes) => yes ? "yes" : "no";
}
