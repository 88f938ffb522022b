using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Localisation;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Features.Rights;

/// <param name="Base">Which of agent, leader and admin it is, or is like.</param>
/// <param name="Grants">By permission: no, yes, or the reach where it carries one.</param>
/// <param name="People">Active people who have it.</param>
/// <param name="Version">Stands for what it says: sent back with a change it keeps that from writing over somebody else's.</param>
public sealed record RoleAnswer(
    string Id, IReadOnlyDictionary<string, string> Name, string Base, bool Archived, long People,
    IReadOnlyDictionary<string, string> Grants, string Version);

public sealed record RolesAnswer(IReadOnlyList<RoleAnswer> Roles);

/// <summary>/api/v1/roles: what people may do, and whose data they see.</summary>
public static class RolesApi
{
    public static void MapRolesApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/roles", List)
            .RequiresPermission(Permissions.RolesManage)
            .WithName("listRoles").WithTags("People")
            .WithSummary("Roles with what they grant")
            .Produces<RolesAnswer>();
        routes.MapGet("/api/v1/roles/{id}", One)
            .RequiresPermission(Permissions.RolesManage)
            .WithName("getRole").WithTags("People")
            .WithSummary("One role")
            .Produces<RoleAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPut("/api/v1/roles/{id}", Put)
            .RequiresPermission(Permissions.RolesManage)
            .WithName("putRole").WithTags("People")
            .WithSummary("Make a role, or change it")
            .WithDescription("copyOf: of a new one, the role whose grants it begins with, usually agent; name, nameLt; archived: not "
                + $"offered any more; grant, once for each permission: people.view:company, audit.view:yes, goals.manage:no; the reach is "
                + "one of "
                + $"{string.Join(", ", Reaches.All.Select(r => r.Id()))}. What is not said stays as it is. version: of the answer that the "
                + "change goes by; where it is not the newest any more, nothing is changed.")
            .Produces<RoleAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static RolesAnswer List(Database database, RoleStore roles)
    {
        using var connection = database.Read();
        var people = RoleWords.People(connection);
        return new([.. roles.Current(connection).All.Select(r => Answer(r, people))]);
    }

    private static IResult One(string id, Database database, RoleStore roles)
    {
        using var connection = database.Read();
        return roles.Current(connection).Find(id) is { } role
            ? TypedResults.Ok(Answer(role, RoleWords.People(connection)))
            : Problems.NotThere($"There is no role '{id}'.");
    }

    private static IResult Put(
        string id, [FromQuery] string[] grant, Database database, RoleStore roles, KeepRoles keep, CurrentPerson me, string? copyOf,
        string? name, string? nameLt, bool? archived, string? version)
    {
        if (!SetupReader.IsId(id))
            return Problems.BadRequest("The id of a role is made of small letters, digits, '.', '_' and '-', at most 100.");
        var grants = new Dictionary<string, DataReach?>(StringComparer.Ordinal);
        foreach (var said in grant)
        {
            if (said.Split(':') is not [var permission, var word] || !Permissions.Known.Contains(permission)
                || !RoleGrants.Read(permission, word, null, out var reach))
                return Problems.BadRequest($"A grant is a permission, a colon, and {RoleGrants.Words}; it is not '{said}'.");
            grants[permission] = reach;
        }
        HeldRole? known;
        using (var connection = database.Read()) known = roles.Current(connection).Find(id);
        if (known is null)
        {
            var made = keep.Add(RoleWords.Names(name ?? SetupReader.Readable(id), nameLt), copyOf ?? Role.Agent.Id(), null, me.Actor, id);
            if (made.Problems is [var first, ..]) return Problems.BadRequest(first.Text);
            using var connection = database.Read();
            known = roles.Current(connection).Find(id)!;
        }
        var names = known.Name is not { } kept || (name is null && nameLt is null) ? null : RoleWords.Names(
            name ?? kept.In(Language.English), nameLt ?? (kept.Has(Language.Lithuanian) ? kept.In(Language.Lithuanian) : null));
        var changed = keep.Change(id, new(names, grants, archived), version, null, me.Actor);
        if (changed.Meanwhile is { } other) return Problems.ChangedMeanwhile(other.Version);
        return changed.Problems is []
            ? One(id, database, roles)
            : Problems.BadRequest(string.Join(" ", changed.Problems.Select(p => p.Field.Length == 0 ? p.Text : $"{p.Field}: {p.Text}")));
    }

    private static RoleAnswer Answer(HeldRole role, Dictionary<string, long> people) => new(
        role.Id, Language.All.Where(l => role.Name?.Has(l) ?? l == Language.English)
            .ToDictionary(l => l.Code, l => role.Name?.In(l) ?? role.EnglishTitle, StringComparer.Ordinal),
        role.Kind.Id(), role.IsArchived, people.GetValueOrDefault(role.Id),
        RoleWords.Shown.ToDictionary(p => p, p => RoleGrants.Code(role.Reach(p), p), StringComparer.Ordinal), KeepRoles.Version(role));
}
