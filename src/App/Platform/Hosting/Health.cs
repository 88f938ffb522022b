using Dapper;
using Laurel.Storage;

namespace Laurel.App.Platform.Hosting;

internal static class Health
{
    /// <summary>Open to everyone: probes have no account, and the answer says nothing but that the database answers.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/healthz", ["GET", "HEAD"], Answer).AllowAnonymous();

    private static IResult Answer(Database database)
    {
        using var connection = database.Read();
        return connection.ExecuteScalar<int>("SELECT 1") == 1 ? Results.Text("ok") : Results.StatusCode(503);
    }
}
