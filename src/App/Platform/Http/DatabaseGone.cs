using System.Globalization;
using Laurel.Storage;
using Microsoft.AspNetCore.Diagnostics;

namespace Laurel.App.Platform.Http;

/// <summary>
/// A database that does not serve just now is no defect: programs get problem details, people a page that needs no database,
/// all of them 503 and when to come back.
/// </summary>
public static class DatabaseGone
{
    /// <summary>Innermost of what handles errors: defects pass through it.</summary>
    public static void UseDatabaseGone(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(DatabaseGone));
        app.Use(async (http, next) =>
        {
            try
            {
                await next(http);
            }
            catch (Exception failure) when (Outage.Is(failure))
            {
                log.LogWarning("The database could not serve a request: {Why}", Why(failure));
                await Answer(http);
            }
        });
    }

    /// <summary>Whether this request is answered by the page about it, which asks nothing of the database.</summary>
    public static bool IsTold(HttpContext http) =>
        http.Features.Get<IStatusCodeReExecuteFeature>() is not null && http.Response.StatusCode == StatusCodes.Status503ServiceUnavailable;

    public static void ComeBackLater(HttpContext http) => http.Response.Headers.RetryAfter =
        Outage.RetryAfter.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);

    private static Task Answer(HttpContext http)
    {
        if (http.Response.HasStarted)
        {
            // A stream breaks off; its reader comes back.
            http.Abort();
            return Task.CompletedTask;
        }
        http.Response.Clear();
        ComeBackLater(http);
        if (http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
            return Problems.Unreachable().ExecuteAsync(http);
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    private static string Why(Exception failure)
    {
        while (failure is not System.Data.Common.DbException && failure.InnerException is { } inner) failure = inner;
        return failure.Message;
    }
}
