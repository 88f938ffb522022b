using Laurel.App.Platform.Access;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Features.SigningIn;

/// <summary>The sign-in page, the change of a password that was given by somebody else, and the demo's one click.</summary>
public static class SigningInFeature
{
    public static IServiceCollection AddSigningIn(this IServiceCollection services) => services.AddSingleton<ChangePassword>();

    /// <summary>Whoever got a password from somebody else replaces it before anything else.</summary>
    public static void UseSigningIn(this WebApplication app) => app.Use((context, next) =>
    {
        if (!context.RequestServices.GetRequiredService<CurrentPerson>().MustChangePassword
            || context.GetEndpoint() is not { } door || Doors.IsOpen(door) || context.Request.Path == "/password")
            return next(context);
        context.Response.Redirect("/password");
        return Task.CompletedTask;
    });

    public static void MapSigningIn(this WebApplication app)
    {
        if (app.Services.GetService<DemoMode>() is null) return;
        // Open to everyone who reaches the demo: that is what a demo is for. Registered nowhere else.
        app.MapPost("/demo/sign-in", DemoSignIn).AllowAnonymous();
    }

    private static async Task<IResult> DemoSignIn(
        HttpContext context, DemoMode demo, AccountStore accounts, SignIn signIn, [FromForm(Name = "as")] string? role)
    {
        if (demo.Person(role) is not { } id || accounts.Find(id) is not { Active: true } account) return Results.LocalRedirect("/sign-in");
        await signIn.Begin(context, account, stay: false);
        return Results.LocalRedirect("/");
    }
}
