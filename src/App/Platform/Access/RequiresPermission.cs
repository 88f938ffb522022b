using Microsoft.AspNetCore.Authorization;

namespace Laurel.App.Platform.Access;

/// <summary>
/// Names the permission that a page or endpoint needs. One that names none, and is not open to all on purpose, is refused.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequiresPermissionAttribute(string permission) : AuthorizeAttribute, IAuthorizationRequirementData
{
    public string Permission { get; } = permission;

    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new PermissionNeeded(Permission)];
}

public static class RequiresPermissionExtensions
{
    /// <summary>The same for endpoints that are mapped in code.</summary>
    public static T RequiresPermission<T>(this T endpoint, string permission) where T : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequiresPermissionAttribute(permission));
}

internal sealed record PermissionNeeded(string Permission) : IAuthorizationRequirement;

/// <summary>Asks the signed-in person's role, or the scopes of the API key.</summary>
internal sealed class PermissionDecision(CurrentPerson person) : AuthorizationHandler<PermissionNeeded>
{
    /// <summary>Claims that an API key's scopes become.</summary>
    public const string Claim = "laurel:permission";

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionNeeded requirement)
    {
        if (person.May(requirement.Permission) || context.User.HasClaim(Claim, requirement.Permission)) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
