using System.Data.Common;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Leaderboards;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Laurel.Engine.Leaderboards;

namespace Laurel.App.Features.Today;

/// <summary>A person's line of a board on the start page.</summary>
public sealed record ShownPlace(BoardLine Line, FeaturedBadge? Badge, string Value);

/// <summary>A few places of the week's board, or of last week's where nobody has one yet.</summary>
/// <param name="IsOfTeam">Of one team; of everybody otherwise.</param>
/// <param name="Own">The reader's key, whose line is marked.</param>
public sealed record ShownBoard(
    string Metric, bool IsLastWeek, bool IsOfTeam, string Href, IReadOnlyList<ShownPlace> Places, PersonKey Own);

/// <summary>The board of the organisation's first metric, as start pages show it.</summary>
public sealed class TodayBoards(Boards boards, CurrentPerson me, Onlooker looker, AchievementWords words, PersonClock clock)
{
    private const int Places = 5, Fewest = 3;

    /// <summary>Around the reader, among everybody.</summary>
    public ShownBoard? Around(DbConnection connection, AchievementBook book, Workday today) => Open(connection, book, today, null);

    /// <summary>The first of a team.</summary>
    public ShownBoard? OfTeam(DbConnection connection, AchievementBook book, Workday today, long team) =>
        boards.Floor.People.Teams.FirstOrDefault(t => t.Key == team) is { } known ? Open(connection, book, today, known) : null;

    private ShownBoard? Open(DbConnection connection, AchievementBook book, Workday today, BoardTeam? team)
    {
        var floor = boards.Floor;
        if (!me.May(Permissions.LeaderboardsView) || floor.Metrics.Count == 0) return null;
        // On the first morning of a week there is nobody to compare with yet.
        var ranked = boards.Open(floor, floor.Metrics[0], BoardPeriod.Week, today, team);
        if (ranked.Ranking.Places.Count < Fewest
            && boards.Open(floor, floor.Metrics[0], BoardPeriod.LastWeek, today, team) is var last
            && last.Ranking.Places.Count > ranked.Ranking.Places.Count) ranked = last;
        var own = new PersonKey(me.Key);
        var lines = (team is null ? ranked.Ranking.Around(own, Places) : ranked.Ranking.Places.Take(Places)).Select(ranked.Line).ToList();
        if (lines.Count == 0) return null;
        var badges = FeaturedBadges.Of(connection, book, looker, [.. lines.Select(l => l.Person.Key.Value)], clock.Now);
        var scope = team is null || team.Key != me.TeamKey ? LeaderboardQuery.Everyone : LeaderboardQuery.OwnTeam;
        return new(ranked.Metric.Name.ToString(), ranked.Period == BoardPeriod.LastWeek, team is not null,
            $"/leaderboard?metric={Uri.EscapeDataString(ranked.Metric.Metric.Id)}&period={ranked.Period.Id()}&scope={scope}",
            [.. lines.Select(l => new ShownPlace(l, badges.TryGetValue(l.Person.Key.Value, out var badge) ? badge : null,
                words.Figure(book, ranked.Metric.Metric.Key, l.Value).ToString()))], own);
    }
}
