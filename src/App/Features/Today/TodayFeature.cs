using Laurel.App.Platform.Access;
using Laurel.App.Platform.Layout;

namespace Laurel.App.Features.Today;

/// <summary>A person's start page: the newest badge, the next one, own metrics, place among colleagues, notices.</summary>
public static class TodayFeature
{
    public static IServiceCollection AddToday(this IServiceCollection services) =>
        services.AddSingleton(new MenuEntry("Today", "house", "/", Permissions.TodayView, 0, MenuSection.Work));
}
