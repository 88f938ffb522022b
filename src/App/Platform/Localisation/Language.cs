using System.Globalization;
using Microsoft.AspNetCore.Localization;
using Microsoft.Net.Http.Headers;

namespace Laurel.App.Platform.Localisation;

/// <summary>A language of the pages. English is written the European way: 24 hours, day before month.</summary>
public sealed record Language(string Code, string Name, CultureInfo Culture)
{
    public const string Cookie = "laurel-lang";
    public const string Claim = "lang";

    public static readonly Language English = new("en", "English", CultureInfo.GetCultureInfo("en-GB"));
    public static readonly Language Lithuanian = new("lt", "Lietuvių", CultureInfo.GetCultureInfo("lt"));
    public static readonly IReadOnlyList<Language> All = [English, Lithuanian];

    public CultureInfo UiCulture => CultureInfo.GetCultureInfo(Code);

    public static Language Current => Find(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName) ?? English;

    public static Language? Find(string? code) => All.FirstOrDefault(language => language.Code == code);

    /// <summary>What something says in this language, whatever the reader's is.</summary>
    public static string Spoken(Language language, Func<string> says)
    {
        var reader = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = language.UiCulture;
            return says();
        }
        finally
        {
            CultureInfo.CurrentUICulture = reader;
        }
    }

    /// <summary>The person's own setting, else the browser's choice on this site, else what the browser asks for, else English.</summary>
    public static Language Choose(string? setting, string? cookie, string? acceptLanguage) =>
        Find(setting) ?? Find(cookie) ?? Wanted(acceptLanguage) ?? English;

    private static Language? Wanted(string? acceptLanguage)
    {
        if (!StringWithQualityHeaderValue.TryParseList([acceptLanguage ?? ""], out var wanted)) return null;
        return wanted.Where(value => value.Quality is null or > 0)
            .OrderByDescending(value => value.Quality ?? 1)
            .Select(value => Find(value.Value.ToString().Split('-')[0].ToLowerInvariant()))
            .FirstOrDefault(language => language is not null);
    }

    /// <summary>Runs after authentication, because the person's setting is in the ticket.</summary>
    public static IApplicationBuilder UseLanguage(IApplicationBuilder app) => app.UseRequestLocalization(options =>
    {
        options.DefaultRequestCulture = new RequestCulture(English.Culture, English.UiCulture);
        options.SupportedCultures = [.. All.Select(language => language.Culture)];
        options.SupportedUICultures = [.. All.Select(language => language.UiCulture)];
        options.RequestCultureProviders =
        [
            new CustomRequestCultureProvider(http =>
            {
                var language = Choose(http.User.FindFirst(Claim)?.Value, http.Request.Cookies[Cookie], http.Request.Headers.AcceptLanguage);
                return Task.FromResult<ProviderCultureResult?>(new(language.Culture.Name, language.UiCulture.Name));
            }),
        ];
    });
}
