using Dapper;
using Laurel.App.Platform.Http;
using Laurel.Storage;

namespace Laurel.App.Platform.Hosting;

internal static class Health
{
    /// <summary>Open to everyone: probes have no account, and the answer says nothing but that the database answers.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/healthz", ["GET", "HEAD"], Answer).AllowAnonymous();

    private static IResult Answer(HttpContext http, Database database)
    {
        try
        {
            using var connection = database.Read();
            connection.ExecuteScalar<int>("SELECT 1");
            return Results.Text("ok");
        }
        catch (Exception failure) when (Outage.Is(failure))
        {
            DatabaseGone.ComeBackLater(http);
            return Results.Text("the database does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
