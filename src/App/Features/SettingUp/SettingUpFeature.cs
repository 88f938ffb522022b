using Laurel.App.Platform.Access;

namespace Laurel.App.Features.SettingUp;

/// <summary>Before anybody can sign in, every page leads to the set-up page; afterwards it is gone.</summary>
public static class SettingUpFeature
{
    private const string Page = "/set-up";

    public static IServiceCollection AddSettingUp(this IServiceCollection services) =>
        services.AddSingleton<FirstRun>().AddHostedService<CodeInTheLog>();

    public static void UseSettingUp(this WebApplication app) => app.Use((context, next) =>
    {
        var first = context.RequestServices.GetRequiredService<FirstRun>();
        var asked = context.Request.Path;
        if (asked == Page && !first.IsNeeded)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        if (context.GetEndpoint() is { } door && (!Doors.IsOpen(door) || asked == "/sign-in") && !AccessFeature.IsApi(context)
            && first.IsNeeded)
        {
            context.Response.Redirect(Page);
            return Task.CompletedTask;
        }
        return next(context);
    });

    /// <summary>Where the code is read: by whoever may read the log of the process.</summary>
    private sealed class CodeInTheLog(FirstRun first, ILogger<FirstRun> log) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            if (first.IsNeeded) log.LogWarning("Nobody can sign in yet. Open {Page} and type this one-time code: {Code}", Page, first.Code);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
