using System.Globalization;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Csv;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Layout;
using Laurel.Storage;

namespace Laurel.App.Features.Reports;

/// <summary>Reports of recognition: the page, its tables as files, and the same through the API.</summary>
public static class ReportsFeature
{
    public static IServiceCollection AddReports(this IServiceCollection services) => services
        .AddSingleton<ReportKeeper>()
        .AddHostedService(s => s.GetRequiredService<ReportKeeper>())
        .AddSingleton(new MenuEntry("Reports", "chart-bar", "/reports", Permissions.ReportsView, 50, MenuSection.Work));

    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/reports/{table}.csv", Export).RequiresPermission(Permissions.ReportsView);
        routes.MapGet("/api/v1/reports/recognition", Answer)
            .RequiresPermission(Permissions.ReportsView)
            .WithName("getRecognitionReport")
            .WithTags("Reports")
            .WithSummary("What was earned, by week, team and achievement")
            .WithDescription("Counted anew every few minutes. weeks: 13 (usual), 26 or 53; area; team: an id; stale: 30 (usual), 60 or 90 "
                + "days without an award; nameless: true tells of no group smaller than the organisation's smallest.")
            .Produces<ReportAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult Export(
        string table, string? weeks, string? area, string? team, string? stale, string? view, CurrentPerson me, Database database,
        AchievementCatalogue catalogue, ReportKeeper keeper, TimeProvider time)
    {
        using var connection = database.Read();
        var book = catalogue.Current(connection);
        var report = ReportQuery.Read(weeks, area, team, stale, view, null)
            .Open(connection, keeper.Current(book), me, book.Today(me.Key, time.GetUtcNow()));
        (string[] Header, IEnumerable<string[]> Rows)? told = table switch
        {
            "weeks" => (["week", "awards"], report.Weeks.Select(w => (string[])[w.First.ToString(), Number(w.Awards)])),
            "visitors" => (["week", "people"], report.Weeks.Select(w => (string[])[w.First.ToString(), Number(w.Visitors)])),
            "teams" => (["teams", "people", "awards", "with_badge", "reached"], report.Teams.Select(t => (string[])
            [
                CsvTable.Text(string.Join(" + ", t.Teams.Select(x => x?.Name ?? "-"))), Number(t.People), Number(t.Awards),
                Number(t.WithBadge), Number(t.Reached),
            ])),
            "achievements" => (["achievement", "name", "area", "awards", "holders", "last", "on"], report.Achievements.Select(Line)),
            "rarest" => (["achievement", "name", "area", "awards", "holders", "last", "on"], report.Rarest.Select(Line)),
            "stale" => (["achievement", "name", "area", "awards", "holders", "last", "on"], report.Stale.Select(Line)),
            _ => null,
        };
        if (told is not var (header, rows)) return Results.NotFound();
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        CsvTable.Write(text, header, rows);
        return CsvTable.File(text.ToString(), $"recognition-{table}-{report.Weeks[^1].First}.csv");
    }

    private static string[] Line(ReportAchievement a) =>
    [
        a.Achievement.Id, CsvTable.Text(a.Achievement.Name.ToString()), a.Achievement.Area, Number(a.Awards), Number(a.Holders),
        a.Last is { } last ? last.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "", a.IsOn ? "yes" : "no",
    ];

    private static string Number(long? n) => n?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static IResult Answer(
        string? weeks, string? area, string? team, string? stale, bool? nameless, CurrentPerson me, Database database,
        AchievementCatalogue catalogue, ReportKeeper keeper, TimeProvider time)
    {
        using var connection = database.Read();
        var book = catalogue.Current(connection);
        var facts = keeper.Current(book);
        var among = team is null ? null : facts.Teams.FirstOrDefault(t => string.Equals(t.Team?.Id, team, StringComparison.Ordinal))?.Team;
        if (team is not null && among is null) return Problems.NotThere("There is no team of this id with people in it.");
        var report = ReportQuery
            .Read(weeks, area, among?.Key.ToString(CultureInfo.InvariantCulture), stale, nameless == true ? "council" : null, null)
            .Open(connection, facts, me, Leaderboards.Boards.Today(book.Snapshot, time.GetUtcNow()));
        return TypedResults.Ok(new ReportAnswer(
            report.MadeAt, report.People, report.WithBadge, report.Reached,
            [.. report.Weeks.Select(w => new ReportWeekAnswer(w.First.ToString(), w.Awards, w.Visitors))],
            [.. report.Teams.Select(t => new ReportTeamAnswer(
                [.. t.Teams.Select(x => x?.Id ?? "")], t.People, t.Awards, t.WithBadge, t.Reached))],
            [.. report.Achievements.Select(a => new ReportAchievementAnswer(
                a.Achievement.Id, a.Achievement.Area, a.Awards, a.Holders, a.Last, a.IsOn, a.IsStale))]));
    }
}

/// <param name="Week">Its first workday.</param>
/// <param name="Visitors">People who used Laurel in it.</param>
public sealed record ReportWeekAnswer(string Week, long? Awards, long? Visitors);

/// <param name="Teams">Ids; several where small teams are told of together, an empty one for people without a team.</param>
/// <param name="Reached">People who earned anything in the weeks of the report.</param>
public sealed record ReportTeamAnswer(IReadOnlyList<string> Teams, long People, long Awards, long? WithBadge, long? Reached);

public sealed record ReportAchievementAnswer(
    string Achievement, string Area, long? Awards, long? Holders, DateTimeOffset? Last, bool Enabled, bool Stale);

/// <param name="WithBadge">People who hold any badge.</param>
public sealed record ReportAnswer(
    DateTimeOffset UpdatedAt, long People, long? WithBadge, long? Reached, IReadOnlyList<ReportWeekAnswer> Weeks,
    IReadOnlyList<ReportTeamAnswer> Teams, IReadOnlyList<ReportAchievementAnswer> Achievements);
