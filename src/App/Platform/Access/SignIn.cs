using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Laurel.App.Platform.Access;

/// <summary>What came of a try to sign in. A refusal never says whether there is such a person.</summary>
public enum SignInAnswer { SignedIn, Refused, TooManyTries }

/// <summary>Signing in by password, and what a session consists of.</summary>
public sealed class SignIn(AccountStore accounts, SignInLimits limits)
{
    public const string StampClaim = "laurel:stamp";
    public static readonly TimeSpan Stay = TimeSpan.FromDays(14);

    /// <summary>
    /// Known or unknown, locked or not: each way costs one hash and, when refused, one write, so that neither the answer nor its time
    /// tells them apart.
    /// </summary>
    public async Task<SignInAnswer> Try(HttpContext context, string? name, string? password, bool stay)
    {
        name = (name ?? "").Trim();
        password ??= "";
        if (name.Length > 200 || password.Length > Passwords.Longest) return SignInAnswer.Refused;
        var account = accounts.Find(name);
        // Tries of a name that is nobody's, or that might be of two people, count for none: no name that is typed begins with a space.
        var counted = account?.Id ?? " " + name.ToLowerInvariant();
        if (!limits.MaySignIn(context.Connection.RemoteIpAddress, counted)) return SignInAnswer.TooManyTries;

        var locked = accounts.IsLocked(counted);
        var right = Passwords.Matches(account is { Active: true } ? accounts.PasswordHash(account.Key) : null, password);
        if (!right || locked || account is null)
        {
            accounts.Failed(counted);
            return SignInAnswer.Refused;
        }
        await Begin(context, account, stay);
        return SignInAnswer.SignedIn;
    }

    /// <summary>Starts a session without asking for a password: after setting one, and in the demo.</summary>
    public Task Begin(HttpContext context, Account account, bool stay) =>
        context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            Principal(account.Key, accounts.SignedIn(account.Key, account.Id)),
            new AuthenticationProperties { IsPersistent = stay });

    public static ClaimsPrincipal Principal(long person, string stamp) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, person.ToString(CultureInfo.InvariantCulture)), new Claim(StampClaim, stamp)],
        CookieAuthenticationDefaults.AuthenticationScheme));
}
