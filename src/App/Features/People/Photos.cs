using Laurel.App.Platform.Access;
using Laurel.Storage;
using Microsoft.Net.Http.Headers;

namespace Laurel.App.Features.People;

/// <summary>GET /photos/{hash}: people's photos, named by their content.</summary>
public static class Photos
{
    /// <summary>Opened by itself it is a picture and nothing else, whatever a browser takes it for.</summary>
    private const string Sandbox = "sandbox; default-src 'none'";

    public static void MapPhotos(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/photos/{hash}", Send).RequiresPermission(Permissions.RecognitionView);

    private static IResult Send(string hash, HttpContext http, CurrentPerson me, Database database)
    {
        using var connection = database.Read();
        return ProfileStore.Photo(connection, hash, me.Key, me.ScopeOf(Permissions.PeopleView)) is { } photo
            ? Answer(http, photo, hash, isNamed: true)
            : Results.NotFound();
    }

    /// <param name="isNamed">Its address is of this picture: another one has another address.</param>
    internal static IResult Answer(HttpContext http, PhotoFile photo, string hash, bool isNamed)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Sandbox;
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = isNamed ? "private, max-age=31536000, immutable" : "private, no-cache";
        return Results.Bytes(photo.Bytes, photo.MediaType, entityTag: new EntityTagHeaderValue($"\"{hash}\""));
    }
}
