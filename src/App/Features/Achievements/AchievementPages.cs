using Laurel.App.Features.Activities;
using Laurel.App.Features.Badges;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Layout;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Work;
using Laurel.Engine.Activities;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Achievements;

/// <summary>An agent's own achievements, one badge, and its celebration.</summary>
public static class AchievementPages
{
    public static IServiceCollection AddAchievementPages(this IServiceCollection services) => services
        .AddSingleton<AchievementCatalogue>()
        .AddSingleton<ContestStandings>()
        .AddSingleton<TeamWork>()
        .AddSingleton<Collection>()
        .AddSingleton<Rarity>()
        .AddScoped<Onlooker>()
        .AddScoped<OwnMark>()
        .AddSingleton(new NameMark(typeof(FeaturedMark), Permissions.AchievementsView))
        .AddScoped<AchievementWords>()
        .AddScoped<ActivityWords>()
        .AddSingleton(new MenuEntry(
            "Achievements", "medal", "/achievements", Permissions.AchievementsView, 40, MenuSection.Work, Short: "Badges"));

    public static void MapAchievementPages(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/achievements/{id}/feature", Feature).RequiresPermission(Permissions.AchievementsView);
        routes.MapGet("/moments/{award:long}", Moment).RequiresPermission(Permissions.LiveListen);
    }

    private static IResult Feature(
        string id, [FromForm] string? featured, CurrentPerson me, Database database, AchievementCatalogue catalogue,
        WorkRunner work)
    {
        using (var connection = database.Read())
        {
            if (catalogue.Current(connection).Find(id) is not { IsPrivate: false } achievement
                || !EarnedStore.Holds(connection, me.Key, achievement.Key))
                return Results.NotFound();
            database.Write((c, t) =>
            {
                if (featured is "false")
                {
                    FeaturedBadges.Unfeature(c, t, me.Key);
                    return;
                }
                FeaturedBadges.Feature(c, t, me.Key, achievement.Key);
                // One badge chosen again and again is chosen once.
                OwnActivities.Note(c, t, me.Key, UseTypes.BadgeFeatured, achievement.Key.Value, me.Since);
            });
            work.Wake();
        }
        return Results.LocalRedirect($"/achievements/{Uri.EscapeDataString(id)}");
    }

    /// <summary>What a toast says about an own award: the text in the reader's language, and where the celebration is.</summary>
    private static IResult Moment(
        long award, CurrentPerson me, Database database, AchievementCatalogue catalogue, IStringLocalizer<Ui> L, HttpContext http)
    {
        using var connection = database.Read();
        if (EarnedStore.Find(connection, award) is not { } earned || earned.Person != me.Key) return Results.NotFound();
        var achievement = catalogue.Current(connection).Of(earned.Achievement);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(new
        {
            href = $"/celebrate/{award}",
            eyebrow = L["New badge"].Value,
            title = achievement.Title(earned.Tier),
            art = BadgeArt.Href(achievement.Badge, achievement.Level(earned.Tier), BadgeState.Earned, mini: false),
        });
    }
}
