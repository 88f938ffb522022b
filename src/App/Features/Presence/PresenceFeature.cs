using Laurel.App.Platform.Work;

namespace Laurel.App.Features.Presence;

/// <summary>What people are at, and how long: segments made of status changes.</summary>
public static class PresenceFeature
{
    // Asked for when it runs only: it tells pages through the intake, which wakes the runner that is given this.
    public static IServiceCollection AddPresence(this IServiceCollection services) => services
        .AddSingleton<ClosePresence>()
        .AddSingleton(s => new WorkKind(ClosePresence.Kind, 200,
            (items, cancel) => s.GetRequiredService<ClosePresence>().Run(items, cancel))
        {
            TogetherAmongNodes = 50,
        });
}
