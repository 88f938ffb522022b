using System.Globalization;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Csv;
using Laurel.App.Platform.Layout;
using Laurel.Engine.Leaderboards;
using Laurel.Storage;

namespace Laurel.App.Features.Leaderboards;

/// <summary>Everybody's place by a metric: the page, its export, and the same through the API.</summary>
public static class LeaderboardsFeature
{
    public static IServiceCollection AddLeaderboards(this IServiceCollection services) => services
        .AddSingleton<LeaderboardSnapshots>()
        .AddSingleton<Boards>()
        .AddSingleton<BadgeBoards>()
        .AddScoped<MetricWords>()
        .AddScoped<BoardWords>()
        .AddSingleton(new MenuEntry(
            "Leaderboard", "ranking", "/leaderboard", Permissions.LeaderboardsView, 20, MenuSection.Work, Short: "Ranking"));

    public static void MapLeaderboards(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/leaderboard.csv", Export).RequiresPermission(Permissions.LeaderboardsView);
        routes.MapGet("/leaderboard/badges.csv", ExportBadges).RequiresPermission(Permissions.LeaderboardsView)
            .WithMetadata(new OfAchievementsAttribute());
        routes.MapLeaderboardsApi();
        routes.MapBadgeBoardApi();
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
        return CsvTable.File(text.ToString(), $"leaderboard-{query.Metric.Metric.Id}-{query.Period.Id()}-{board.AsOf}.csv");
    }

    /// <summary>All of the board of badges that the page shows.</summary>
    private static IResult ExportBadges(
        string? by, string? period, string? scope, CurrentPerson me, Boards boards, BadgeBoards badges, Database database,
        AchievementCatalogue catalogue, Onlooker looker, TimeProvider time)
    {
        if (BadgeBoardQuery.Order(by) is not { } order || BadgeBoardQuery.Period(period) is not { } known) return Results.NotFound();
        var floor = boards.Floor;
        using var connection = database.Read();
        var board = badges.Open(connection, catalogue.Current(connection), looker, order, known,
            Boards.Today(floor.Snapshot, me.Key, time.GetUtcNow()), BadgeBoardQuery.Team(floor, me, scope));
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        CsvTable.Write(text, ["rank", "moved", "person", "name", "team", "badges", "points", "times"], board.Lines.Select(line => (string[])
        [
            Number(line.Rank), line.Moved is { } moved ? Number(moved) : "", CsvTable.Text(line.Person.Id), CsvTable.Text(line.Person.Name),
            CsvTable.Text(line.Team?.Name ?? ""), Number(line.Earned.Badges), Number(line.Earned.Points), Number(line.Earned.Times),
        ]));
        return CsvTable.File(text.ToString(), $"badges-{order.Id()}-{known.Id()}-{board.AsOf}.csv");
    }

    private static string Number(long n) => n.ToString(CultureInfo.InvariantCulture);
}
