using Laurel.App.Features.Achievements;
using Laurel.App.Features.Achievements.Catalogue;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Digests;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.People;
using Laurel.App.Features.Presence;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Storage;

namespace Laurel.App.Platform.Hosting;

/// <summary>What takes activities in and decides awards, without pages: the same for serving and for every verb.</summary>
public static class Core
{
    public static IServiceCollection AddCore(this IServiceCollection services) => services
        .AddSingleton<CatalogueStore>()
        .AddSingleton<PeopleDirectory>()
        .AddSingleton<ChangedMetrics>()
        .AddSingleton<LiveHub>()
        .AddHostedService<OtherNodes>()
        .AddCatchUps()
        .AddDueDigests()
        .AddAchievementWork()
        .AddPresence()
        .AddGoals()
        .AddHostedService<DeclareOwnTypes>()
        .AddIntake();

    /// <summary>Runs a verb with the core started, and finishes what became due before it returns.</summary>
    public static async Task<int> Run(Database database, TimeProvider time, Func<IServiceProvider, Task<int>> verb)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning)
            // A verb tells itself what could not be written.
            .AddFilter(typeof(Intake).FullName, LogLevel.Error);
        builder.Services.AddSingleton(database).AddSingleton(time).AddCore();
        using var host = builder.Build();
        await host.StartAsync();
        host.Services.GetRequiredService<WorkRunner>().Reclaim();
        try
        {
            return await verb(host.Services);
        }
        finally
        {
            await host.StopAsync();
        }
    }

    /// <summary>Closes what is to be closed and runs all due work: afterwards the awards are at rest.</summary>
    public static WorkDone Settle(this IServiceProvider services, CancellationToken cancel = default)
    {
        services.GetRequiredService<SetAside>().Look();
        services.GetRequiredService<CloseWorkdays>().Run();
        return services.GetRequiredService<WorkRunner>().RunDue(cancel);
    }
}
