using Laurel.App.Platform.Access;
using Laurel.App.Platform.Layout;

namespace Laurel.App.Features.Imports;

/// <summary>The page that lists what was imported. The verbs are ImportVerb.cs and ImportVerbs.cs.</summary>
public static class ImportsFeature
{
    public static IServiceCollection AddImports(this IServiceCollection services) => services
        .AddSingleton<ImportStore>()
        .AddSingleton(new MenuEntry("Imports", "upload-simple", "/imports", Permissions.AuditView, 85, MenuSection.Admin));
}
