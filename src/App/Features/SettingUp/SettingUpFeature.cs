using System.Text.RegularExpressions;
using Laurel.App.Platform.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Laurel.App.Features.SettingUp;

/// <summary>Before anybody can sign in, every page leads to the set-up page; afterwards it is gone.</summary>
public static partial class SettingUpFeature
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
    private sealed class CodeInTheLog(FirstRun first, IServer server, ILogger<FirstRun> log) : IHostedLifecycleService
    {
        /// <summary>Only now the server has said where it listens.</summary>
        public Task StartedAsync(CancellationToken cancellationToken)
        {
            var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
            if (first.IsNeeded)
                log.LogWarning("Nobody can sign in yet. Open {Page} and type this one-time code: {Code}", PageAt(address), first.Code);
            return Task.CompletedTask;
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>An address that a browser can open: "every address" is this machine's own.</summary>
    internal static string PageAt(string? address) => address is null ? Page : EveryAddress().Replace(address, "//localhost", 1) + Page;

    [GeneratedRegex(@"//(\*|\+|0\.0\.0\.0|\[::\])(?=:|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EveryAddress();
}
