using System.Data.Common;
using System.Text;
using Laurel.App.Features.Achievements.Catalogue;
using Laurel.App.Features.Metrics.Manage;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Layout;
using Laurel.App.Platform.Work;
using Laurel.Engine.Kernel;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>Managing achievements: the list, switching on and off, awards that are given, revoked and given back.</summary>
public static class ManageFeature
{
    /// <summary>What open pages are told when somebody changed an achievement or an award by hand.</summary>
    public const string Topic = "achievements";

    /// <summary>In an address: not enabled, for it counts by a metric that is archived.</summary>
    public const string RefusedMetric = "metric";

    public static IServiceCollection AddManageAchievements(this IServiceCollection services) => services
        .AddScoped<RuleSentence>()
        .AddScoped<AudienceWords>()
        .AddScoped<EditAchievement>()
        .AddScoped<EditPath>()
        .AddScoped<PathDoors.Finder>()
        .AddSingleton<HistoryReach>()
        .AddSingleton<ManagedNumbers>()
        .AddSingleton<SentTypes>()
        .AddSingleton<InstallSets>()
        .AddSingleton(new MenuEntry(
            "Badge studio", "pencil-simple", "/manage/achievements", Permissions.AchievementsViewTeam, 30, MenuSection.Admin,
            Short: "Studio")
        {
            Also = ["/manage/paths", "/manage/metrics", "/manage/recalculations", "/manage/catalogue"],
        })
        .AddSingleton(new MenuEntry("Product areas", "stack", "/manage/areas", Permissions.SettingsManage, 74, MenuSection.Admin))
        .AddSingleton(new MenuEntry("Who sees what", "eye", "/manage/recognition", Permissions.SettingsManage, 75, MenuSection.Admin)
        {
            IsOfAchievements = true,
        });

    public static void MapManageAchievements(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/manage/achievements/{id}/enable", Enable).RequiresPermission(Permissions.AchievementsManage);
        routes.MapPost("/manage/achievements/{id}/disable", Disable).RequiresPermission(Permissions.AchievementsManage);
        routes.MapPost("/manage/achievements/{id}/archive", Archive).RequiresPermission(Permissions.AchievementsManage);
        routes.MapPost("/manage/achievements/{id}/bring-back", BringBack).RequiresPermission(Permissions.AchievementsManage);
        routes.MapPost("/manage/achievements/{id}/go-live", GoLive).RequiresPermission(Permissions.AchievementsManage, ofCompany: true);
        routes.MapPost("/manage/achievements/{id}/try-again", TryAgain).RequiresPermission(Permissions.AchievementsManage);
        routes.MapPost("/manage/achievements/{id}/move", Move).RequiresPermission(Permissions.AchievementsManage, ofCompany: true);
        routes.MapGet("/manage/achievements/{id}/setup.yaml", Export).RequiresPermission(Permissions.AchievementsManage);
        routes.MapPathDoors();
        routes.MapPost("/manage/awards/{award:long}/restore", Restore).RequiresPermission(Permissions.AchievementsRevoke);
    }

    private static IResult Enable(
        string id, [FromForm] string? back, Database database, CatalogueStore rules, AchievementCatalogue book, CurrentPerson me,
        LiveHub live, WorkRunner work, TimeProvider time)
    {
        var refused = false;
        var answer = Switch(id, back, database, rules, book, me, live, work, time, (c, t, achievement, today, now) =>
        {
            // Somebody may have archived it since the page was read.
            var set = rules.Current(c, t).Rules;
            refused = set.Rule(achievement) is { } history && MetricUse.ArchivedIn(set, history.Current).Count > 0;
            return !refused && EnableAchievement.Run(c, t, achievement, me.Actor, today, now);
        });
        return refused ? Results.LocalRedirect($"/manage/achievements/{Uri.EscapeDataString(id)}?refused={RefusedMetric}") : answer;
    }

    private static IResult Disable(
        string id, [FromForm] string? back, Database database, CatalogueStore rules, AchievementCatalogue book, CurrentPerson me,
        LiveHub live, WorkRunner work, TimeProvider time) =>
        Switch(id, back, database, rules, book, me, live, work, time,
            (c, t, achievement, today, now) => DisableAchievement.Run(c, t, achievement, me.Actor, today, now));

    private static IResult Archive(string id, Database database, AchievementCatalogue book, EditAchievement editor, CurrentPerson me) =>
        PutAway(id, true, database, book, editor, me);

    private static IResult BringBack(string id, Database database, AchievementCatalogue book, EditAchievement editor, CurrentPerson me) =>
        PutAway(id, false, database, book, editor, me);

    private static IResult PutAway(
        string id, bool archived, Database database, AchievementCatalogue book, EditAchievement editor, CurrentPerson me) =>
        FindOwn(database, book, id, me) is not null && editor.Archive(id, archived, me.Actor)
            ? Results.LocalRedirect($"/manage/achievements/{Uri.EscapeDataString(id)}")
            : Results.NotFound();

    private static Achievement? Find(Database database, AchievementCatalogue book, string id, CurrentPerson me)
    {
        using var connection = database.Read();
        return book.Current(connection).Find(id, me);
    }

    /// <summary>One that the person may change; others are not there to be changed.</summary>
    private static Achievement? FindOwn(Database database, AchievementCatalogue book, string id, CurrentPerson me)
    {
        using var connection = database.Read();
        var current = book.Current(connection);
        return current.Find(id, me) is { } one && new ManagedReach(connection, current, me).Covers(one) ? one : null;
    }

    private static IResult GoLive(
        string id, [FromForm] string? keep, Database database, CatalogueStore rules, AchievementCatalogue book, CurrentPerson me,
        LiveHub live, WorkRunner work, TimeProvider time)
    {
        if (Find(database, book, id, me) is not { IsTesting: true } achievement) return Results.NotFound();
        var (done, told) = database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var today = rules.Current(c, t).Floor.Site!.Clock.WorkdayOf(now);
            return TestMode.GoLive(c, t, rules, achievement.Key, keep != "false", me.Actor, today, now);
        });
        work.Wake();
        live.Awarded(told);
        live.Changed(Topic);
        return Results.LocalRedirect($"/manage/achievements/{Uri.EscapeDataString(id)}{(done ? "" : "?refused=test")}");
    }

    private static IResult TryAgain(
        string id, Database database, AchievementCatalogue book, CurrentPerson me, SetAside aside, WorkRunner work)
    {
        if (FindOwn(database, book, id, me) is not { } achievement) return Results.NotFound();
        aside.TryAgain(achievement.Key);
        work.Wake();
        return Results.LocalRedirect($"/manage/achievements/{Uri.EscapeDataString(id)}");
    }

    private static IResult Move(
        string id, [FromForm] string? to, Database database, AchievementCatalogue book, CurrentPerson me, LiveHub live, TimeProvider time)
    {
        if (Find(database, book, id, me) is not { } achievement) return Results.NotFound();
        var up = to != "down";
        var moved = database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            return MoveAchievement.Run(c, t, achievement.Key, up, me.Actor, time.GetUtcNow().ToUnixTimeMilliseconds());
        });
        if (moved) live.Changed(Topic);
        // Back to the button that was pressed, which takes the focus: a part named in the address would keep it from that.
        return Results.LocalRedirect(
            $"/manage/achievements?order=on&moved={Uri.EscapeDataString(id)}&to={(up ? "up" : "down")}");
    }

    private static IResult Export(string id, Database database, AchievementCatalogue book, EditAchievement editor, CurrentPerson me)
    {
        using var connection = database.Read();
        return book.Current(connection).Find(id, me) is not null && editor.Write(connection, id) is { } text
            ? Results.File(Encoding.UTF8.GetBytes(text), "application/yaml", $"{id}.yaml")
            : Results.NotFound();
    }

    private static IResult Switch(
        string id, string? back, Database database, CatalogueStore rules, AchievementCatalogue book, CurrentPerson me, LiveHub live,
        WorkRunner work, TimeProvider time, Func<DbConnection, DbTransaction, AchievementKey, Workday, long, bool> change)
    {
        // What is archived is brought back first.
        if (FindOwn(database, book, id, me) is not { IsArchived: false, IsOnArchivedPath: false } achievement) return Results.NotFound();
        var changed = database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            // Somebody may have put the path away meanwhile.
            if (EditPath.IsOnArchived(c, t, achievement.Key)) return false;
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            // Achievements belong to a site: there is one wherever there is an achievement.
            var today = rules.Current(c, t).Floor.Site!.Clock.WorkdayOf(now);
            return change(c, t, achievement.Key, today, now);
        });
        if (changed)
        {
            work.Wake();
            live.Changed(Topic);
        }
        return Results.LocalRedirect(LocalUrl.IsLocal(back) ? back! : $"/manage/achievements/{Uri.EscapeDataString(id)}");
    }

    private static IResult Restore(
        long award, Database database, AchievementCatalogue book, CurrentPerson me, LiveHub live, WorkRunner work, TimeProvider time)
    {
        using var connection = database.Read();
        var current = book.Current(connection);
        var scope = me.ScopeOf(Permissions.AchievementsRevoke);
        if (ManagedStore.Find(connection, scope, award, current.Today(me.Key, time.GetUtcNow())) is not { } known
            || current.Find(current.Of(known.Achievement).Id, me) is null)
            return Results.NotFound();
        // One that is not revoked any more was given back by somebody else: what was wanted is so.
        database.Write((c, t) => RevokeAward.Undo(c, t, award, scope, me.Actor, time.GetUtcNow().ToUnixTimeMilliseconds()));
        work.Wake();
        live.Changed(Topic);
        live.Changed("awards");
        return Results.LocalRedirect($"/manage/achievements/{Uri.EscapeDataString(current.Of(known.Achievement).Id)}");
    }
}
