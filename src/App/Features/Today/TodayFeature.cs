using Laurel.App.Platform.Access;
using Laurel.App.Platform.Layout;

namespace Laurel.App.Features.Today;

/// <summary>
/// The start page: an agent's own day, a leader's team, or what the installation does. Each reads only what its role's scope covers.
/// </summary>
public static class TodayFeature
{
    public static IServiceCollection AddToday(this IServiceCollection services) =>
        services
            .AddSingleton<DayCounts>()
            .AddSingleton<TeamReach>()
            .AddScoped<TodayBoards>()
            .AddSingleton(new MenuEntry("Today", "house", "/", Permissions.TodayView, 0, MenuSection.Work));
}
