using Microsoft.Net.Http.Headers;

namespace Laurel.App.Features.Badges;

public static class BadgeArtEndpoint
{
    public static IEndpointConventionBuilder MapBadgeArt(this IEndpointRouteBuilder routes) =>
        // Anonymous: decorative art that says nothing about anyone, and mails and wall screens show it without a session.
        routes.MapGet(BadgeArt.Folder + "{file}", Send).AllowAnonymous();

    private static IResult Send(string file, HttpContext http)
    {
        if (BadgeArtFile.Parse(file) is not { } asked)
            return Results.NotFound();
        var drawn = BadgeArtCache.Get(asked);
        var headers = http.Response.Headers;
        // While nodes are being upgraded one by one, an old node may be asked for a new drawing: nobody may keep that answer.
        var current = !http.Request.Query.TryGetValue("v", out var version) || version == drawn.Version;
        headers.CacheControl = current ? "public, max-age=31536000, immutable" : "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.Vary = HeaderNames.AcceptEncoding;
        if (!TakesBrotli(http.Request))
            return Results.Bytes(drawn.Plain, "image/svg+xml");
        headers.ContentEncoding = "br";
        return Results.Bytes(drawn.Brotli.Value, "image/svg+xml");
    }

    private static bool TakesBrotli(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(coding =>
            coding.Value.Equals("br", StringComparison.OrdinalIgnoreCase) && coding.Quality is null or > 0);
}
