using Microsoft.Extensions.Localization;

namespace Laurel.App.Platform.Localisation;

/// <summary>Which part of a long list a page shows.</summary>
public static class Stretch
{
    /// <summary>"1–25 of 60"; a single one is "60 of 60".</summary>
    /// <param name="first">Numbers as the page writes them.</param>
    public static string Stretched(this IStringLocalizer texts, object first, object last, object all) =>
        Equals(first, last) ? texts["{0} of {1}", first, all].Value : texts["{0}–{1} of {2}", first, last, all].Value;
}
