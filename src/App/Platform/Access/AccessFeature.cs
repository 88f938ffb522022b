using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using Laurel.Storage;

namespace Laurel.App.Platform.Access;

/// <summary>Who asks, and whether they may. Deny by default: what names no permission is refused.</summary>
public static class AccessFeature
{
    /// <summary>The authentication scheme of everything under /api; the feature of API keys registers it.</summary>
    public const string ApiScheme = "api-key";
    private const string CookieOrKey = "cookie-or-key";

    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<AccountStore>().AddSingleton<RoleStore>().AddSingleton<Visits>()
            .AddSingleton<SignInLimits>().AddSingleton<SignIn>();
        services.AddSingleton<FaceDirectory>();
        services.AddScoped<CurrentPerson>().AddScoped<Sessions>().AddScoped<Faces>();
        services.AddScoped<IAuthorizationHandler, PermissionDecision>();

        services.AddAuthentication(CookieOrKey)
            .AddPolicyScheme(CookieOrKey, null, o => o.ForwardDefaultSelector = context =>
                IsApi(context) ? ApiScheme : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(o =>
            {
                o.Cookie.Name = "laurel";
                o.Cookie.HttpOnly = true;
                o.Cookie.SameSite = SameSiteMode.Lax;
                o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                o.ExpireTimeSpan = SignIn.Stay;
                o.SlidingExpiration = true;
                o.EventsType = typeof(Sessions);
            });
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build());

        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "laurel-form";
            o.Cookie.HttpOnly = true;
            o.Cookie.SameSite = SameSiteMode.Lax;
            o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddDataProtection().SetApplicationName("laurel");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(s =>
            new ConfigureOptions<KeyManagementOptions>(o => o.XmlRepository = new KeysInDatabase(s.GetRequiredService<Database>())));
        return services;
    }

    /// <summary>Who it is. The router's own answers (no such page, no such method) come first: they need nobody's name.</summary>
    public static void UseIdentity(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            switch (context.GetEndpoint())
            {
                case null:
                case var unused when Doors.IsUnused(unused):
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                case RouteEndpoint:
                    return next(context);
                case var answer:
                    return answer.RequestDelegate!(context);
            }
        });
        app.UseAuthentication();
    }

    /// <summary>Whether they may; and that a form is one of ours.</summary>
    public static void UseDoors(this WebApplication app)
    {
        app.UseAchievementsGate();
        app.UseAuthorization();
        app.UseAntiforgeryGate();
    }

    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder routes)
    {
        // Open to everyone: who is not signed in loses nothing by signing out. The form token still has to be right.
        routes.MapPost("/sign-out", (Delegate)SignOut).AllowAnonymous();
        return routes;
    }

    /// <summary>Paths where API keys count and cookies do not.</summary>
    public static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    private static async Task<IResult> SignOut(HttpContext context)
    {
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.LocalRedirect("/sign-in");
    }
}
