using Laurel.App.Features.Achievements;
using Laurel.App.Features.Badges;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Layout;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Work;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Features.Notifications;

/// <summary>What people are told: star and bell of the top bar, the inbox, and having read.</summary>
public static class NotificationsFeature
{
    public static IServiceCollection AddNotifications(this IServiceCollection services) => services
        .AddSingleton<ReadNotices>()
        .AddSingleton(new TopBarPart(typeof(StarMenu), 10, Permissions.AchievementsView))
        .AddSingleton(new TopBarPart(typeof(Bell), 20, Permissions.TodayView));

    /// <summary>Whoever takes work in or runs what is due needs it, with pages or without.</summary>
    public static IServiceCollection AddCatchUps(this IServiceCollection services) => services
        .AddSingleton<CatchUps>()
        // Not by the runner itself, which is made of all the kinds.
        .AddSingleton(s => new WorkKind(CatchUps.Kind, 50, (items, _) => s.GetRequiredService<CatchUps>().Run(items))
        {
            TogetherAmongNodes = 50,
        });

    public static void MapNotifications(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/notices/read", Read).RequiresPermission(Permissions.TodayView);
        routes.MapGet("/moments/notices/{number}", Notice).RequiresPermission(Permissions.LiveListen);
        routes.MapGet("/moments/quiet/{number}", Quiet).RequiresPermission(Permissions.LiveListen);
        routes.MapNoticesApi();
    }

    /// <summary>One notice by its number, or all up to one.</summary>
    private static IResult Read(
        [FromForm] long? number, [FromForm] long? through, [FromForm] bool? read, [FromForm(Name = "return")] string? back,
        CurrentPerson me, ReadNotices notices)
    {
        if (number is { } one) notices.Mark(me.Key, [one], read ?? true);
        else if (through is { } last) notices.ReadThrough(me.Key, last, NoticeKind.For(me));
        return Results.LocalRedirect(LocalUrl.OrHome(back));
    }

    /// <summary>What a toast says about an own notice that is no single award, and where it leads.</summary>
    private static IResult Notice(
        long number, CurrentPerson me, Database database, AchievementCatalogue catalogue, AchievementWords words, IStringLocalizer<Ui> L,
        HttpContext http)
    {
        using var connection = database.Read();
        if (NoticeStore.Find(connection, me.Key, number) is not { } notice
            || NoticeLine.Of(connection, catalogue.Current(connection), words, L, me.Key, notice) is not { } line
            || !NoticeKind.For(me).Contains(line.Kind))
            return Results.NotFound();
        return Toast(http, L, line, L[line.Kind.Name]);
    }

    /// <summary>
    /// The same of what came in quiet hours, as one; it counts as shown from then on. Where that is one notice it is told itself.
    /// </summary>
    private static IResult Quiet(
        long number, CurrentPerson me, CatchUps catchUps, Database database, AchievementCatalogue catalogue, AchievementWords words,
        IStringLocalizer<Ui> L, HttpContext http)
    {
        if (catchUps.Show(me.Key, number) is not { Count: > 0 } told) return Results.NotFound();
        using var connection = database.Read();
        var lines = NoticeLine.Of(connection, catalogue.Current(connection), words, L, me.Key, told);
        lines.RemoveAll(l => !NoticeKind.For(me).Contains(l.Kind));
        if (lines.Count == 0) return Results.NotFound();
        if (lines is [var only]) return Toast(http, L, only, L["After your quiet hours"]);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(new
        {
            href = me.May(Permissions.TodayView) ? $"/notices?quiet={number}" : "/goals",
            eyebrow = L["After your quiet hours"].Value,
            title = L.Count(lines.Count, "{0} notice has waited", "{0} notices have waited"),
            icon = "moon",
            see = L["Look at what has waited"].Value,
        });
    }

    private static IResult Toast(HttpContext http, IStringLocalizer<Ui> L, NoticeLine line, string eyebrow)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(new
        {
            href = line.Href,
            eyebrow,
            title = line.Title,
            art = line.Family is { } family ? BadgeArt.Href(family, line.Level, BadgeState.Earned, mini: false) : null,
            icon = line.Kind.Icon,
            see = (line.Kind.IsOfBadges ? L["See the celebration"] : L["Look at it"]).Value,
        });
    }
}
