using System.Text.Json;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Yaml;

namespace Laurel.App.Features.Settings;

/// <summary>The roles of a setup file: the organisation's own, and what any role holds otherwise than by default.</summary>
internal sealed class ApplyRoles(Agreement agreement)
{
    public void Run()
    {
        var touched = false;
        foreach (var role in agreement.Setup.Roles) touched |= Apply(role);
        if (touched) RoleStore.Touch(agreement.Connection, agreement.Transaction);
    }

    private bool Apply(RoleSetup setup)
    {
        var (connection, transaction) = (agreement.Connection, agreement.Transaction);
        var known = RoleStore.Read(connection, transaction).Find(setup.Id);
        var kind = setup.Base ?? known?.Kind ?? Role.Agent;
        var name = known is { IsOwn: false } ? null : Named(setup, known);
        var archived = setup.Archived ?? known?.IsArchived ?? false;
        var otherwise = setup.Grants is { } said
            ? said.Select(g => KeyValuePair.Create(g.Permission,
                RoleGrants.Read(g.Permission, g.Word.Text, kind, out var reach) ? reach : null))
            : known is null ? [] : RoleGrants.Otherwise(known);
        var wanted = new HeldRole(setup.Id, kind, name, archived, otherwise);
        foreach (var (permission, word) in setup.Grants ?? [])
            if (wanted.Fixed(permission) is not null && word.Text is Reaches.Denied or "false")
                agreement.Refuse(word.At, $"'{permission}' stays with '{setup.Id}': somebody must be able to mend roles");
        var stored = name is null ? null : Stored(name);
        Change[] fields =
        [
            new("name", known?.Name is { } before ? Stored(before) : null, stored),
            new("base", known?.Kind.Id(), kind.Id()),
            new("archived", known is null ? null : known.IsArchived ? "yes" : "no", archived ? "yes" : known is null ? null : "no"),
            .. Permissions.All.Select(p => new Change(p, RoleGrants.Code(known is null ? wanted.Default(p) : known.Reach(p), p),
                RoleGrants.Code(wanted.Reach(p), p))),
        ];
        if (known is null)
        {
            connection.Execute("INSERT INTO role (id, name, base, archived) VALUES (@Id, @stored, @kind, @archived)",
                new { setup.Id, stored, kind = kind.Id(), archived = archived ? 1 : 0 }, transaction);
            agreement.Add("role", setup.Id, [.. fields.Where(f => f.IsReal)]);
        }
        else if (!agreement.Differs("role", setup.Id, fields)) return false;
        else if (known.IsOwn)
            connection.Execute("UPDATE role SET name = @stored, base = @kind, archived = @archived WHERE id = @Id",
                new { setup.Id, stored, kind = kind.Id(), archived = archived ? 1 : 0 }, transaction);
        Rights.KeepRoles.Write(connection, transaction, wanted);
        return true;
    }

    /// <summary>Says that a role that somebody names is not there.</summary>
    public static void Missing(Agreement agreement, YamlText named, RoleBook roles)
    {
        if (agreement.Setup.Unread.Excuse("roles", named.Text)) return;
        var ids = roles.All.Select(r => r.Id).ToList();
        var hint = Suggestion.Hint(named.Text, ids);
        agreement.Problems.Add(
            named.At, $"there is no role '{named.Text}'" + (hint.Length > 0 ? hint : $": there are {string.Join(", ", ids)}"));
    }

    private static LocalText Named(RoleSetup setup, HeldRole? known) =>
        setup.Name is { } said ? LocalText.Of(said.ByLanguage)
            : known?.Name ?? LocalText.Of(Texts.Of(SetupReader.Readable(setup.Id)).ByLanguage);

    private static string Stored(LocalText name) => JsonSerializer.Serialize(
        Language.All.Where(name.Has).ToDictionary(l => l.Code, name.In, StringComparer.Ordinal));
}
