using Laurel.App.Platform.Access;
using Laurel.App.Platform.Layout;

namespace Laurel.App.Features.ExternalIdentities;

/// <summary>Who is meant by the ids of other systems: linking them, and what waits until somebody does.</summary>
public static class ExternalIdentitiesFeature
{
    public static IServiceCollection AddExternalIdentities(this IServiceCollection services) => services
        .AddSingleton<IdentityStore>()
        .AddSingleton(new MenuEntry("External identities", "link", "/identities", Permissions.PeopleManage, 48, MenuSection.Admin));
}
