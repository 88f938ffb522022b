using Microsoft.AspNetCore.Authorization;

namespace Laurel.App.Platform.Access;

/// <summary>Every endpoint is a door: it names a permission, or says that it is open to all.</summary>
public static class Doors
{
    /// <summary>
    /// Refuses to start with a door that says neither. What was looked at is what is served: sources make their endpoints anew whenever
    /// they are asked, and the framework asks thrice.
    /// </summary>
    public static void Check(IEndpointRouteBuilder routes)
    {
        var doors = routes.DataSources.SelectMany(s => s.Endpoints).ToList();
        var silent = doors.Where(e => Permission(e) is null && !IsOpen(e) && !IsUnused(e)).Select(Name).ToList();
        if (silent.Count > 0)
            throw new InvalidOperationException($"These endpoints name no permission: {string.Join(", ", silent)}");
        routes.DataSources.Clear();
        routes.DataSources.Add(new DefaultEndpointDataSource(doors));
    }

    public static string? Permission(Endpoint door) => door.Metadata.GetMetadata<RequiresPermissionAttribute>()?.Permission;

    /// <summary>Whether the permission is needed as far as the whole company.</summary>
    public static bool IsOfCompany(Endpoint door) => door.Metadata.GetMetadata<RequiresPermissionAttribute>() is { OfCompany: true };

    public static bool IsOpen(Endpoint door) => door.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    /// <summary>
    /// What the framework adds and Laurel does not use: the opaque redirect of Blazor's script, and, in a build's folder only, the
    /// fallback for files that were added after the build. Answered as if they were not there.
    /// </summary>
    public static bool IsUnused(Endpoint door) => door is RouteEndpoint { RoutePattern.RawText: { } route }
        && (route.TrimStart('/').StartsWith("_framework/", StringComparison.Ordinal)
            || string.Equals(route, "{**path:file}", StringComparison.Ordinal));

    /// <summary>Methods and route, e.g. <c>GET /people</c>.</summary>
    public static string Name(Endpoint door)
    {
        var methods = door.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];
        var route = door is RouteEndpoint r ? "/" + r.RoutePattern.RawText!.TrimStart('/') : door.DisplayName;
        return methods.Count == 0 ? route ?? "?" : $"{string.Join('|', methods)} {route}";
    }
}
