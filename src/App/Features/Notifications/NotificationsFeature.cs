using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Layout;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Features.Notifications;

/// <summary>What people are told: the star in the top bar, the list of notices, and having seen them.</summary>
public static class NotificationsFeature
{
    public static IServiceCollection AddNotifications(this IServiceCollection services) =>
        services.AddSingleton(new TopBarPart(typeof(StarMenu), 10, Permissions.AchievementsView));

    public static void MapNotifications(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/notices/seen", Seen).RequiresPermission(Permissions.AchievementsView);

    private static IResult Seen([FromForm] long through, [FromForm(Name = "return")] string? back, CurrentPerson me, Database database)
    {
        database.Write((c, t) => NoticeStore.MarkSeen(c, t, me.Key, through));
        return Results.LocalRedirect(LocalUrl.OrHome(back));
    }
}
