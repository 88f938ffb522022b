using Microsoft.AspNetCore.Authorization;

namespace Laurel.App.Platform.Access;

/// <summary>
/// Names the permission that a page or endpoint needs. One that names none, and is not open to all on purpose, is refused.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequiresPermissionAttribute(string permission) : AuthorizeAttribute, IAuthorizationRequirementData
{
    public string Permission { get; } = permission;

    /// <summary>Only as far as the whole company: what is changed is everybody's, whoever's data is seen.</summary>
    public bool OfCompany { get; init; }

    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new PermissionNeeded(Permission, OfCompany)];

    /// <summary>Whether the person's role lets in.</summary>
    public bool Lets(CurrentPerson person) => new PermissionNeeded(Permission, OfCompany).IsHeldBy(person);
}

public static class RequiresPermissionExtensions
{
    /// <summary>The same for endpoints that are mapped in code.</summary>
    public static T RequiresPermission<T>(this T endpoint, string permission, bool ofCompany = false)
        where T : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequiresPermissionAttribute(permission) { OfCompany = ofCompany });
}

internal sealed record PermissionNeeded(string Permission, bool OfCompany) : IAuthorizationRequirement
{
    public bool IsHeldBy(CurrentPerson person) =>
        person.May(Permission) && (!OfCompany || person.ScopeOf(Permission) == DataScope.Company);
}

/// <summary>Asks the signed-in person's role, or the scopes of the API key.</summary>
internal sealed class PermissionDecision(CurrentPerson person) : AuthorizationHandler<PermissionNeeded>
{
    /// <summary>Claims that an API key's scopes become.</summary>
    public const string Claim = "laurel:permission";

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionNeeded requirement)
    {
        // A key belongs to the organisation: it reaches everybody.
        if (requirement.IsHeldBy(person) || context.User.HasClaim(Claim, requirement.Permission)) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
