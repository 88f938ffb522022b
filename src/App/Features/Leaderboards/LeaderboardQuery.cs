using Laurel.App.Platform.Access;
using Laurel.Engine.Leaderboards;

namespace Laurel.App.Features.Leaderboards;

/// <summary>Which board an address asks for.</summary>
/// <param name="Team">The own team; null for everybody.</param>
public sealed record LeaderboardQuery(BoardMetric Metric, BoardPeriod Period, BoardTeam? Team)
{
    public const string OwnTeam = "team", Everyone = "everyone";

    /// <summary>The first metric, this week and everybody where nothing is said; null for a metric or period that there is not.</summary>
    public static LeaderboardQuery? Read(BoardFloor floor, CurrentPerson me, string? metric, string? period, string? scope)
    {
        var found = string.IsNullOrEmpty(metric)
            ? floor.Metrics.Count > 0 ? floor.Metrics[0] : null
            : floor.Metrics.FirstOrDefault(m => string.Equals(m.Metric.Id, metric, StringComparison.Ordinal));
        var days = string.IsNullOrEmpty(period) ? BoardPeriod.Week : BoardPeriods.Find(period);
        if (found is null || days is not { } known) return null;
        return new(found, known, scope is OwnTeam && me.TeamKey is { } key ? floor.People.Teams.FirstOrDefault(t => t.Key == key) : null);
    }
}
