namespace Laurel.App.Platform.Access;

/// <summary>
/// Refusals: the bare status where a page is wanted, which the error pages then fill; problem details (RFC 9457) elsewhere.
/// </summary>
internal static class Refusal
{
    public static Task Write(HttpContext context, int status, string detail) =>
        WantsPage(context.Request) ? Bare(context, status) : Results.Problem(detail: detail, statusCode: status).ExecuteAsync(context);

    /// <summary>A browser that goes somewhere, and whoever does not say.</summary>
    public static bool WantsPage(HttpRequest request) =>
        request.Headers.Accept.Count == 0 || request.Headers.Accept.Any(a => a is not null
            && (a.Contains("text/html", StringComparison.Ordinal) || a.Contains("*/*", StringComparison.Ordinal)));

    private static Task Bare(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
