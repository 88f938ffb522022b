using Laurel.App.Platform.Http;
using Laurel.App.Platform.Localisation;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Platform.Layout;

/// <summary>Keeps the language a signed-in person chose; registered by the feature that owns people.</summary>
public delegate Task RememberLanguage(HttpContext http, string language);

/// <summary>Language and theme of this browser, set by a plain form.</summary>
public static class Preferences
{
    public const string ThemeCookie = "laurel-theme";
    public static readonly IReadOnlyList<string> Themes = ["auto", "light", "dark"];

    public static string ThemeOf(HttpContext http) =>
        http.Request.Cookies[ThemeCookie] is { } theme && Themes.Contains(theme) ? theme : "auto";

    public static void MapPreferences(this IEndpointRouteBuilder app) =>
        app.MapPost("/preferences", Save).AllowAnonymous();

    private static async Task<IResult> Save(HttpContext http, [FromForm] string? lang, [FromForm] string? theme,
        [FromForm(Name = "return")] string? back, [FromServices] RememberLanguage? remember = null)
    {
        if (Language.Find(lang) is { } language)
        {
            Set(http, Language.Cookie, language.Code);
            if (remember is not null && http.User.Identity is { IsAuthenticated: true }) await remember(http, language.Code);
        }
        if (theme is not null && Themes.Contains(theme)) Set(http, ThemeCookie, theme);
        return Results.LocalRedirect(LocalUrl.OrHome(back));
    }

    private static void Set(HttpContext http, string name, string value) => http.Response.Cookies.Append(name, value, new CookieOptions
    {
        MaxAge = TimeSpan.FromDays(365), HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps,
    });
}
