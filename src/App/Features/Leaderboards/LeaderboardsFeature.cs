using System.Globalization;
using System.Text;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Csv;
using Laurel.App.Platform.Layout;
using Laurel.Engine.Leaderboards;

namespace Laurel.App.Features.Leaderboards;

/// <summary>Everybody's place by a metric: the page, its export, and the same through the API.</summary>
public static class LeaderboardsFeature
{
    public static IServiceCollection AddLeaderboards(this IServiceCollection services) => services
        .AddSingleton<LeaderboardSnapshots>()
        .AddSingleton<Boards>()
        .AddScoped<MetricWords>()
        .AddScoped<BoardWords>()
        .AddSingleton(new MenuEntry(
            "Leaderboard", "ranking", "/leaderboard", Permissions.LeaderboardsView, 20, MenuSection.Work, Short: "Ranking"));

    public static void MapLeaderboards(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/leaderboard.csv", Export).RequiresPermission(Permissions.LeaderboardsView);
        routes.MapLeaderboardsApi();
    }

    /// <summary>All of the board that the page shows, with exact values and decimal points.</summary>
    private static IResult Export(string? metric, string? period, string? scope, CurrentPerson me, Boards boards, TimeProvider time)
    {
        var floor = boards.Floor;
        if (LeaderboardQuery.Read(floor, me, metric, period, scope) is not { } query) return Results.NotFound();
        var board = boards.Open(floor, query.Metric, query.Period, Boards.Today(floor.Snapshot, me.Key, time.GetUtcNow()), query.Team);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        CsvTable.Write(text, ["rank", "moved", "person", "name", "team", "value", "counted"], board.Lines.Select(line => (string[])
        [
            line.Rank.ToString(CultureInfo.InvariantCulture), line.Moved?.ToString(CultureInfo.InvariantCulture) ?? "",
            CsvTable.Text(line.Person.Id), CsvTable.Text(line.Person.Name), CsvTable.Text(line.Team?.Name ?? ""),
            line.Value.ToString(), line.Count.ToString(CultureInfo.InvariantCulture),
        ]));
        // With a byte order mark spreadsheets read the names right.
        var bytes = new UTF8Encoding(true).GetPreamble().Concat(Encoding.UTF8.GetBytes(text.ToString())).ToArray();
        return Results.File(bytes, "text/csv; charset=utf-8", $"leaderboard-{query.Metric.Metric.Id}-{query.Period.Id()}-{board.AsOf}.csv");
    }
}
