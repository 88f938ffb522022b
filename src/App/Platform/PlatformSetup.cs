using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Layout;
using Laurel.App.Platform.Localisation;

namespace Laurel.App.Platform;

/// <summary>What every page stands on.</summary>
public static class PlatformSetup
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddLocalization();
        services.AddRazorComponents();
        services.AddScoped<CurrentPerson>();
        return services;
    }

    /// <summary>First in the pipeline: headers, and error pages for people (the API answers for itself).</summary>
    public static void UsePageErrors(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseWhen(http => !http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase), pages =>
        {
            pages.UseExceptionHandler("/error/500", createScopeForErrors: true);
            pages.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true);
        });
    }

    /// <summary>After authentication: the language follows the person.</summary>
    public static void UsePageRequests(this WebApplication app)
    {
        Language.UseLanguage(app);
        app.UseAntiforgery();
    }

    public static void MapPages(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapSpeculationRules();
        app.MapPreferences();
        app.MapRazorComponents<Layout.App>();
    }
}
