namespace Laurel.App.Platform.Http;

/// <summary>What a browser may do with Laurel's answers: nothing inline, nothing foreign.</summary>
public static class SecurityHeaders
{
    public const string Policy = "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; " +
        "script-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    /// <summary>
    /// What is no page: opened by itself it may do nothing. As a part of a page it obeys the page's policy, so that it is spared the rest,
    /// which would weigh as much as some badges' art.
    /// </summary>
    public const string PartPolicy = "default-src 'none'";

    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            var isPage = http.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true;
            // An answer with a policy of its own (uploaded artwork is sandboxed) keeps it.
            if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = isPage ? Policy : PartPolicy;
            headers.XContentTypeOptions = "nosniff";
            if (isPage)
            {
                // A form that was refused is found again by going back, with what was typed; what may not be stored at all would be an
                // error page there.
                if (HttpMethods.IsPost(http.Request.Method) && http.Response.StatusCode == StatusCodes.Status422UnprocessableEntity)
                {
                    headers.CacheControl = "private, no-cache";
                    headers.Remove("Pragma");
                }
                headers["Referrer-Policy"] = "same-origin";
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
                headers["Speculation-Rules"] = SpeculationRules.Header;
            }
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
