using Laurel.App.Platform.Http;
using Laurel.App.Platform.Layout;
using Laurel.App.Platform.Localisation;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;

namespace Laurel.App.Platform;

/// <summary>What every page stands on.</summary>
public static class PlatformSetup
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddLocalization();
        services.AddRazorComponents();
        services.AddScoped<PersonClock>();
        services.AddPageCompression();
        return services;
    }

    /// <summary>
    /// First in the pipeline: compression, headers, and error pages for people. The API, scripts and pictures get the bare status.
    /// </summary>
    public static void UsePageErrors(this WebApplication app)
    {
        app.UseResponseCompression();
        app.UseSecurityHeaders();
        app.UseWhen(AsksForPage, pages =>
        {
            pages.UseExceptionHandler("/error/500", createScopeForErrors: true);
            pages.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true);
            pages.Use(ShowErrorsAsPages);
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

    private static bool AsksForPage(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    // A refused form comes round again as a POST with the same refused token: the error page is a page like any other.
    private static Task ShowErrorsAsPages(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<IStatusCodeReExecuteFeature>() is not null || http.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            http.Request.Method = HttpMethods.Get;
            http.Features.Set<IAntiforgeryValidationFeature>(null);
        }
        return next(http);
    }
}
