namespace Laurel.App.Platform.Http;

/// <summary>Where a form sends the visitor back to: only ever a place on this site.</summary>
public static class LocalUrl
{
    /// <summary>Browsers read "//host", "/\host" and a tab or line feed in between as another host, so these are refused.</summary>
    public static bool IsLocal(string? url) =>
        url is ['/', ..] && url is not ['/', '/' or '\\', ..] && !url.Any(char.IsControl);

    public static string OrHome(string? url) => IsLocal(url) ? url! : "/";
}
