using Laurel.App.Platform.Access;
using Laurel.App.Platform.Layout;

namespace Laurel.App.Features.Rights;

/// <summary>What each role may, and whose data it sees: pages, API, and the change of it.</summary>
public static class RolesFeature
{
    public static IServiceCollection AddRoles(this IServiceCollection services) => services
        .AddSingleton<KeepRoles>()
        .AddSingleton(new MenuEntry("Roles", "shield-check", "/roles", Permissions.RolesManage, 48, MenuSection.Admin));
}
