using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Laurel.App.Features.People;

/// <summary>
/// Carries a password that was made for somebody from the form to the page after it, so that loading that page again makes nothing and
/// shows nothing. A cookie that nobody but Laurel can read, for the next page only and for five minutes at most.
/// </summary>
public sealed class ShownOnce(IDataProtectionProvider protection, TimeProvider time)
{
    private const string Cookie = "laurel-once";
    private static readonly TimeSpan Stays = TimeSpan.FromMinutes(5);
    private readonly IDataProtector protector = protection.CreateProtector("Laurel.People.ShownOnce");

    /// <param name="person">Whose it is: no other page shows it.</param>
    public void Put(HttpContext http, long person, string password)
    {
        var until = (time.GetUtcNow() + Stays).ToUnixTimeMilliseconds();
        http.Response.Cookies.Append(Cookie, protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{person} {until} {password}")),
            new() { HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/people" });
    }

    /// <summary>Null where there is none for this person, or it was shown already.</summary>
    public string? Take(HttpContext http, long person)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 } kept) return null;
        http.Response.Cookies.Delete(Cookie, new() { Path = "/people" });
        try
        {
            return protector.Unprotect(kept).Split(' ', 3) is [var whose, var until, var password]
                && whose == person.ToString(CultureInfo.InvariantCulture)
                && long.Parse(until, CultureInfo.InvariantCulture) > time.GetUtcNow().ToUnixTimeMilliseconds() ? password : null;
        }
        catch (CryptographicException)
        {
            // Of another installation, or made up.
            return null;
        }
    }
}
