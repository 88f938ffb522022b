using Laurel.Engine.Kernel;
using Laurel.Engine.Leaderboards;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Leaderboards;

/// <summary>A person's line on a board.</summary>
/// <param name="Moved">Ranks won since the period before; null for who was not on it.</param>
public sealed record BoardLine(int Rank, int? Moved, BoardPerson Person, BoardTeam? Team, MetricValue Value, long Count);

/// <summary>One metric's board in one period, of everybody or of one team: what the page, the export and the API show.</summary>
/// <param name="AsOf">The day whose teams count: today, or the last day of a period that is over.</param>
/// <param name="Before">The period before among the same people; null for all time, and where nobody was on it.</param>
public sealed record Leaderboard(
    BoardMetric Metric, BoardPeriod Period, WorkdaySpan Days, Workday AsOf, BoardTeam? Team, Board Board, Ranking Ranking,
    Ranking? Before)
{
    public int MinimumSample => Ranking.MinimumSample(Metric.Metric.Aggregate);

    /// <summary>How many have data, but too little of it.</summary>
    public int TooFew => Board.CountTooFew(Team, AsOf);

    public IEnumerable<BoardLine> Lines => Ranking.Places.Select(Line);

    public BoardLine Line(Standing standing)
    {
        var person = Board.People.All[standing.Person];
        return new(standing.Rank, Before is null ? null : Ranking.Moved(standing.Person, Before), person, person.TeamOn(AsOf),
            standing.Value, standing.Count);
    }

    /// <summary>The person's newest workdays with data, ascending.</summary>
    public IReadOnlyList<(Workday Day, MetricValue Value)> Course(PersonKey person) =>
        Board.Courses.TryGetValue(person, out var days)
            ? [.. days.Select(d => (d.Day, d.Rollup.Value(Metric.Metric.Aggregate)!.Value))]
            : [];

    /// <summary>Places of people whose name holds the text, whatever its case and accents.</summary>
    public IReadOnlyList<Standing> Search(string text) =>
        Boards.Named(Ranking, Board.People, text);
}
