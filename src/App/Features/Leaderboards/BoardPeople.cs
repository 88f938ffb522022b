using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Leaderboards;

public sealed record BoardTeam(long Key, string Id, string Name);

/// <summary>A metric that has a board.</summary>
public sealed record BoardMetric(Metric Metric, LocalText Name);

/// <summary>Somebody who may be on a board, with the dated teams, newest last.</summary>
public sealed record BoardPerson(PersonKey Key, string Id, string Name, IReadOnlyList<(Workday From, BoardTeam Team)> Teams)
{
    public BoardTeam? TeamOn(Workday day)
    {
        for (var i = Teams.Count - 1; i >= 0; i--)
            if (Teams[i].From <= day) return Teams[i].Team;
        return null;
    }
}

/// <summary>Everybody who is active, as of one version of the floor.</summary>
public sealed record BoardPeople(IReadOnlyDictionary<PersonKey, BoardPerson> All, IReadOnlyList<BoardTeam> Teams);
