using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Layout;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Features.Tours;

/// <summary>Quick starts in the real pages: offered once, and gone through again from the account menu.</summary>
public static class ToursFeature
{
    public static IServiceCollection AddTours(this IServiceCollection services) => services
        .AddScoped<TourBadges>()
        .AddSingleton(new PagePart(typeof(TourCard), Permissions.TodayView))
        .AddSingleton(new AccountEntry("Quick start", "signpost", "/tour", Permissions.TodayView));

    public static void MapTours(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/tour/done", Finish).RequiresPermission(Permissions.TodayView);

    private static IResult Finish(
        [FromForm] string? tour, [FromForm(Name = "return")] string? back, CurrentPerson me, Database database, TimeProvider time)
    {
        if (Tour.AllFor(me).FirstOrDefault(one => one.Id == tour) is not { } known) return Results.NotFound();
        database.Write((c, t) => TourStore.Finish(c, t, me.Key, known.Id, time.GetUtcNow().ToUnixTimeMilliseconds()));
        return Results.LocalRedirect(LocalUrl.OrHome(back));
    }
}
