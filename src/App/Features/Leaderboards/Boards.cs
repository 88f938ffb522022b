using System.Globalization;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Laurel.Engine.Leaderboards;

namespace Laurel.App.Features.Leaderboards;

/// <summary>Opens boards.</summary>
public sealed class Boards(LeaderboardSnapshots snapshots)
{
    public BoardFloor Floor => snapshots.Floor();

    public static Workday Today(Snapshot snapshot, long person, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        return snapshot.Floor.Person(new PersonKey(person)) is { } known ? known.WorkdayOf(at).Day : Today(snapshot, now);
    }

    /// <summary>Today at the installation's own site.</summary>
    public static Workday Today(Snapshot snapshot, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        return snapshot.Floor.Site is { } site
            ? site.Clock.WorkdayOf(at)
            : Workday.Of(now.UtcDateTime.Year, now.UtcDateTime.Month, now.UtcDateTime.Day);
    }

    /// <summary>Places of people whose name holds the text, whatever its case and accents.</summary>
    public static IReadOnlyList<Standing> Named(Ranking ranking, BoardPeople people, string text) =>
        Sought.Of(text, CultureInfo.InvariantCulture.CompareInfo) is { } sought
            ? [.. ranking.Places.Where(s => sought.IsIn(people.All[s.Person].Name))]
            : ranking.Places;

    public Leaderboard Open(BoardFloor floor, BoardMetric metric, BoardPeriod period, Workday today, BoardTeam? team = null)
    {
        var weekStart = floor.Snapshot.Rules.WeekStart;
        var days = period.Days(today, weekStart);
        var asOf = Workday.Min(days.Last, today);
        var board = snapshots.Of(metric.Metric, days);
        var before = period.DaysBefore(today, weekStart) is { } earlier ? snapshots.Of(metric.Metric, earlier) : null;
        return new(metric, period, days, asOf, team, board, board.Of(team, asOf),
            before?.Of(team, asOf) is { Places.Count: > 0 } then ? then : null);
    }
}
