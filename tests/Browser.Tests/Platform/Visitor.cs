using Microsoft.Playwright;

namespace Laurel.Browser.Tests.Platform;

/// <summary>A screen and its colours.</summary>
public enum Look
{
    LightDesktop,
    DarkDesktop,
    LightPhone,
    DarkPhone,
}

/// <summary>Who looks, and with what kind of browser.</summary>
/// <param name="Person">Signed in as; nobody when null.</param>
public sealed record Visitor(string? Person)
{
    public Look Look { get; init; } = Look.LightDesktop;
    public string Language { get; init; } = "en-GB";
    public bool Script { get; init; } = true;
    /// <summary>Animations are left out except where they are what is looked at: contrast in the middle of one says nothing.</summary>
    public bool Motion { get; init; }
    /// <summary>The installation that nobody has set up, instead of the one with people.</summary>
    public bool BeforeSetUp { get; init; }
    /// <summary>Comes by this address, where it is not the installation's own.</summary>
    public Uri? By { get; init; }

    internal BrowserNewContextOptions Options(Uri address) => new()
    {
        BaseURL = address.ToString(),
        Locale = Language,
        TimezoneId = "Asia/Jerusalem",
        JavaScriptEnabled = Script,
        ReducedMotion = Motion ? ReducedMotion.NoPreference : ReducedMotion.Reduce,
        ColorScheme = Look is Look.DarkDesktop or Look.DarkPhone ? ColorScheme.Dark : ColorScheme.Light,
        ViewportSize = Look is Look.LightPhone or Look.DarkPhone
            ? new() { Width = 390, Height = 844 }
            : new() { Width = 1440, Height = 900 },
    };
}
