using System.Globalization;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.People;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Csv;
using Laurel.App.Platform.Layout;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Team;

/// <summary>A leader's view of what the team has earned.</summary>
public static class TeamFeature
{
    private const int MostFlagged = 10_000;

    public static IServiceCollection AddTeam(this IServiceCollection services) => services
        .AddSingleton<NextBadges>()
        .AddSingleton(new MenuEntry(
            "Team's badges", "users-three", "/team/achievements", Permissions.AchievementsViewTeam, 45, MenuSection.Work, Short: "Team"));

    public static void MapTeam(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/team/achievements.csv", Export).RequiresPermission(Permissions.AchievementsViewTeam);
        routes.MapHoldingsApi();
    }

    /// <summary>All that the page shows, page by page or not.</summary>
    private static IResult Export(
        string? show, string? team, string? q, CurrentPerson me, Database database, PeopleDirectory directory,
        AchievementCatalogue catalogue, TimeProvider time)
    {
        using var connection = database.Read();
        var book = catalogue.Current(connection);
        var (now, asked) = (time.GetUtcNow(), TeamQuery.Read(show, team, q));
        var (today, scope) = (book.Today(me.Key, now), me.ScopeOf(Permissions.AchievementsViewTeam));
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        if (asked.ShowsAwards)
            CsvTable.Write(text, ["award", "achievement", "tier", "person", "name", "earned_at", "flagged_at"],
                TeamStore.Flagged(connection, scope, asked.Team, today, 0, MostFlagged).Select(w => (string[])
                [
                    Number(w.Key), book.Of(w.Achievement).Id, Number(w.Tier), CsvTable.Text(w.PersonId), CsvTable.Text(w.Person),
                    Moment(w.EarnedAt), Moment(w.FlaggedAt),
                ]));
        else
            CsvTable.Write(text, ["person", "name", "team", "badges", "times", "newest", "newest_at", "flagged"],
                TeamStore.People(
                    connection, directory.Current(connection), scope, asked.Shown, asked.Team, asked.Text, today, 0, int.MaxValue)
                .Some.Chunk(1_000)
                .SelectMany(some => TeamStore.Members(connection, some, today)).Select(m => (string[])
                [
                    CsvTable.Text(m.Person.Id), CsvTable.Text(m.Person.Name), CsvTable.Text(m.Person.Team ?? ""), Number(m.Badges),
                    Number(m.Times), m.Newest is { } newest ? book.Of(newest.Achievement).Id : "",
                    m.Newest is { } last ? Moment(last.Newest) : "", Number(m.Flagged),
                ]));
        return CsvTable.File(text.ToString(), $"team-achievements-{today}.csv");
    }

    private static string Number(long n) => n.ToString(CultureInfo.InvariantCulture);
    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}

/// <summary>What an address asks of the team's achievements.</summary>
/// <param name="Team">The key of a team; null for all.</param>
public sealed record TeamQuery(string Show, TeamShown Shown, long? Team, string Text)
{
    public const string Everybody = "people", WithoutBadge = "without", FlaggedPeople = "flagged-people", FlaggedAwards = "flagged";

    public bool ShowsAwards => Show == FlaggedAwards;

    public static TeamQuery Read(string? show, string? team, string? text) => new(
        show is WithoutBadge or FlaggedPeople or FlaggedAwards ? show : Everybody,
        show switch { WithoutBadge => TeamShown.WithoutBadge, FlaggedPeople => TeamShown.Flagged, _ => TeamShown.Everybody },
        long.TryParse(team, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : null, (text ?? "").Trim());
}
