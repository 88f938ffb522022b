namespace Laurel.App.Platform.Http;

/// <summary>What a browser may do with Laurel's answers: nothing inline but style attributes (widths and hues), nothing foreign.</summary>
public static class SecurityHeaders
{
    public const string Policy = "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; style-src-attr 'unsafe-inline'; " +
        "script-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            // An answer with a policy of its own (uploaded artwork is sandboxed) keeps it.
            if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
            if (http.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true)
                headers["Speculation-Rules"] = SpeculationRules.Header;
            if (http.Response.StatusCode == StatusCodes.Status200OK && NamedByContent(http.Request.Path))
                headers.CacheControl = $"public, max-age={Year.TotalSeconds:0}, immutable";
            return Task.CompletedTask;
        });
        return next(http);
    });

    // Fonts and modules that the bundler named by a hash of their content: made/onest-latin-22LLIZOZ.woff2.
    private static bool NamedByContent(PathString path) =>
        path.StartsWithSegments("/made", StringComparison.Ordinal, out var rest) && rest.Value is { } file
        && Path.GetFileNameWithoutExtension(file) is { Length: > 9 } name && name[^9] == '-' && name[^8..].All(char.IsAsciiLetterOrDigit);
}
