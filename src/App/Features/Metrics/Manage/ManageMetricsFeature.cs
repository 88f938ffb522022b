using System.Text;
using Laurel.App.Platform.Access;
using Laurel.Storage;

namespace Laurel.App.Features.Metrics.Manage;

/// <summary>Managing metrics: the list, the editor, taking one off the lists and back, files.</summary>
public static class ManageMetricsFeature
{
    public static IServiceCollection AddManageMetrics(this IServiceCollection services) => services
        .AddScoped<EditMetric>()
        .AddSingleton<MetricHistories>();

    public static void MapManageMetrics(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/manage/metrics/{id}/archive", Archive).RequiresPermission(Permissions.AchievementsManage, ofCompany: true);
        routes.MapPost("/manage/metrics/{id}/bring-back", BringBack).RequiresPermission(Permissions.AchievementsManage, ofCompany: true);
        routes.MapGet("/manage/metrics/{id}/setup.yaml", Export).RequiresPermission(Permissions.AchievementsManage);
    }

    private static IResult Archive(string id, EditMetric editor, CurrentPerson me) => PutAway(id, true, editor, me);

    private static IResult BringBack(string id, EditMetric editor, CurrentPerson me) => PutAway(id, false, editor, me);

    private static IResult PutAway(string id, bool archived, EditMetric editor, CurrentPerson me) =>
        editor.Archive(id, archived, me.Actor) is not { } problems ? Results.NotFound()
            : Results.LocalRedirect($"/manage/metrics/{Uri.EscapeDataString(id)}{(problems.Count > 0 ? "?refused=archive" : "")}");

    private static IResult Export(string id, Database database, EditMetric editor)
    {
        using var connection = database.Read();
        return editor.Write(connection, id) is { } text
            ? Results.File(Encoding.UTF8.GetBytes(text), "application/yaml", $"{id}.yaml")
            : Results.NotFound();
    }
}
