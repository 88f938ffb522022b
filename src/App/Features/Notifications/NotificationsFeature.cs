using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Layout;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Features.Notifications;

/// <summary>What people are told: star and bell of the top bar, the inbox, and having read.</summary>
public static class NotificationsFeature
{
    public static IServiceCollection AddNotifications(this IServiceCollection services) => services
        .AddSingleton<ReadNotices>()
        .AddSingleton(new TopBarPart(typeof(StarMenu), 10, Permissions.AchievementsView))
        .AddSingleton(new TopBarPart(typeof(Bell), 20, Permissions.AchievementsView));

    public static void MapNotifications(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/notices/read", Read).RequiresPermission(Permissions.AchievementsView);
        routes.MapNoticesApi();
    }

    /// <summary>One notice by its number, or all up to one.</summary>
    private static IResult Read(
        [FromForm] long? number, [FromForm] long? through, [FromForm] bool? read, [FromForm(Name = "return")] string? back,
        CurrentPerson me, ReadNotices notices)
    {
        if (number is { } one) notices.Mark(me.Key, [one], read ?? true);
        else if (through is { } last) notices.ReadThrough(me.Key, last);
        return Results.LocalRedirect(LocalUrl.OrHome(back));
    }
}
