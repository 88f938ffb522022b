using System.Text;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>What buttons of the pages of paths do.</summary>
public static class PathDoors
{
    public static void MapPathDoors(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/manage/paths/{id}/archive", (string id, Finder find, EditPath editor, CurrentPerson me) =>
            Answer(find.Path(id) is not null && editor.Archive(id, true, me.Actor), id, "changed"))
            .RequiresPermission(Permissions.AchievementsManage, ofCompany: true);
        routes.MapPost("/manage/paths/{id}/bring-back", (string id, Finder find, EditPath editor, CurrentPerson me) =>
            Answer(find.Path(id) is not null && editor.Archive(id, false, me.Actor), id, "changed"))
            .RequiresPermission(Permissions.AchievementsManage, ofCompany: true);
        routes.MapPost("/manage/paths/{id}/enable", (string id, Finder find, EditPath editor, CurrentPerson me) =>
            find.Path(id) is { } path && editor.Archived(path).Count > 0
                ? Results.LocalRedirect($"/manage/paths/{Uri.EscapeDataString(id)}?refused={ManageFeature.RefusedMetric}")
                : Answer(find.Path(id) is not null && editor.SwitchOn(id, me.Actor), id, "on"))
            .RequiresPermission(Permissions.AchievementsManage, ofCompany: true);
        routes.MapPost("/manage/paths/{id}/copy", (string id, EditPath editor, CurrentPerson me) =>
            editor.Copy(id, me) is { } made ? Answer(true, made, "copy") : Results.NotFound())
            .RequiresPermission(Permissions.AchievementsManage, ofCompany: true);
        routes.MapPost("/manage/paths/{id}/move", Move).RequiresPermission(Permissions.AchievementsManage, ofCompany: true);
        routes.MapGet("/manage/paths/{id}/setup.yaml", Export).RequiresPermission(Permissions.AchievementsManage);
    }

    private static IResult Answer(bool done, string id, string saved) =>
        done ? Results.LocalRedirect($"/manage/paths/{Uri.EscapeDataString(id)}?saved={saved}") : Results.NotFound();

    private static IResult Move(
        string id, [FromForm] string? to, Finder find, Database database, CurrentPerson me, LiveHub live, TimeProvider time)
    {
        if (find.Path(id) is not { } path) return Results.NotFound();
        var up = to != "down";
        var moved = database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            return MovePath.Run(c, t, path.Key, up, me.Actor, time.GetUtcNow().ToUnixTimeMilliseconds());
        });
        if (moved) live.Changed(ManageFeature.Topic);
        // Back to the button that was pressed, which takes the focus.
        return Results.LocalRedirect($"/manage/paths?order=on&moved={Uri.EscapeDataString(id)}&to={(up ? "up" : "down")}");
    }

    private static IResult Export(string id, Finder find, Database database, EditPath editor)
    {
        using var connection = database.Read();
        return find.Path(id) is not null && editor.Write(connection, id) is { } text
            ? Results.File(Encoding.UTF8.GetBytes(text), "application/yaml", $"{id}.yaml")
            : Results.NotFound();
    }

    /// <summary>The path of an id, for who is asking.</summary>
    public sealed class Finder(Database database, AchievementCatalogue catalogue, CurrentPerson me)
    {
        public BadgePath? Path(string id)
        {
            using var connection = database.Read();
            return catalogue.Current(connection).FindPath(id, me);
        }
    }
}
