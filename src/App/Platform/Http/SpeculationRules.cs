namespace Laurel.App.Platform.Http;

/// <summary>
/// Tells browsers to fetch a page when the pointer rests on its link; not of a filter, whose page the script fetches itself: it would
/// be asked for twice, and the second would wait behind the first. Named by a header and fetched as a file, because inline
/// script is refused; the media type is its own, which static files do not know.
/// </summary>
public static class SpeculationRules
{
    public const string Header = "\"/speculation-rules.json\"";

    private const string Rules = """
        {"prefetch":[{"eagerness":"moderate","where":{"and":[{"href_matches":"/*"},{"not":{"href_matches":"/api/*"}},
        {"not":{"selector_matches":"[download],[data-no-prefetch],[data-swap]"}}]}}]}
        """;

    public static void MapSpeculationRules(this IEndpointRouteBuilder app) => app.MapGet("/speculation-rules.json", (HttpContext http) =>
    {
        http.Response.Headers.CacheControl = "public, max-age=86400";
        return Results.Text(Rules, "application/speculationrules+json");
    }).AllowAnonymous();
}
