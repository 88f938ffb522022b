using System.Globalization;
using System.Security.Claims;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Localisation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Laurel.App.Platform.Access;

/// <summary>
/// Looks at each request's session: it ends when the person was deactivated or the stamp has changed. Answers programs with
/// problem details, and browsers with the sign-in page.
/// </summary>
internal sealed class Sessions(AccountStore accounts, CurrentPerson current, Visits visits, TimeProvider time) : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (DatabaseGone.IsTold(context.HttpContext))
        {
            // Who it is stands in the database; the session stays.
            context.RejectPrincipal();
            return;
        }
        var began = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (Account(context.Principal) is { } account)
        {
            current.Become(account, began);
            visits.Note(account, began);
            if (account.Lang is not null) ((ClaimsIdentity)context.Principal!.Identity!).AddClaim(new Claim(Language.Claim, account.Lang));
            return;
        }
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }

    private Account? Account(ClaimsPrincipal? principal) =>
        long.TryParse(principal?.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var key)
        && accounts.Find(key) is { Active: true } account
        && string.Equals(account.Stamp, principal!.FindFirstValue(SignIn.StampClaim), StringComparison.Ordinal)
            ? account
            : null;

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (!Refusal.WantsPage(context.Request))
            return Refusal.Write(context.HttpContext, StatusCodes.Status401Unauthorized, "Sign in first.");
        var request = context.Request;
        // Only what can be repeated by a link is worth returning to.
        var back = HttpMethods.IsGet(request.Method) && request.Path != "/"
            ? $"?return={Uri.EscapeDataString(request.Path + request.QueryString)}" : "";
        context.Response.Redirect("/sign-in" + back);
        return Task.CompletedTask;
    }

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context) =>
        Refusal.Write(context.HttpContext, StatusCodes.Status403Forbidden,
            PermissionWords.Missing(context.HttpContext.GetEndpoint(), current) is { } missing
                ? $"This needs the permission {missing.Permission}{(missing.OfCompany ? " for the whole company" : "")}, "
                    + "which you do not have."
                : "This needs a permission that you do not have.");
}
