using Laurel.Engine.Kernel;

namespace Laurel.Engine.Achievements;

/// <summary>Where somebody is on a workday: in a team, in any number of groups, in a role.</summary>
/// <param name="Team">Null for somebody in no team.</param>
public sealed record Place(long? Team, IReadOnlyList<long> Groups, string Role);

/// <summary>
/// Who can earn: whoever is in one of the teams or groups, where any are named, and in one of the roles, where any are named.
/// </summary>
public sealed record Audience(IReadOnlyList<long> Teams, IReadOnlyList<long> Groups, IReadOnlyList<string> Roles)
{
    public bool Includes(Place place) =>
        ((Teams.Count == 0 && Groups.Count == 0) || (place.Team is { } team && Teams.Contains(team)) || Groups.Any(place.Groups.Contains))
        && (Roles.Count == 0 || Roles.Contains(place.Role, StringComparer.Ordinal));

    public bool Equals(Audience? other) => other is not null && Teams.SequenceEqual(other.Teams) && Groups.SequenceEqual(other.Groups)
        && Roles.SequenceEqual(other.Roles, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Teams.Count, Groups.Count, Roles.Count);
}

/// <summary>Where one person is, from workday to workday.</summary>
/// <param name="dated">In order; the first from the beginning.</param>
public sealed class Places(IReadOnlyList<(Workday From, Place Place)> dated)
{
    /// <summary>Of somebody of whom nothing is said.</summary>
    public static readonly Places Nowhere = new([(Workday.Beginning, new(null, [], ""))]);

    /// <summary>Workdays from which something is different.</summary>
    public IEnumerable<Workday> Changes => dated.Skip(1).Select(d => d.From);

    public Place On(Workday day)
    {
        var i = dated.Count - 1;
        while (i > 0 && dated[i].From > day) i--;
        return dated[i].Place;
    }

    /// <summary>Whether the person is in the audience on a workday; everybody is where there is none.</summary>
    public bool IsIn(Audience? audience, Workday day) => audience is null || audience.Includes(On(day));

    /// <summary>Longest stretches of workdays on which the person is in the audience, in order.</summary>
    public IEnumerable<WorkdaySpan> Stays(Audience audience)
    {
        Workday? since = null;
        foreach (var (from, place) in dated)
            if (audience.Includes(place)) since ??= from;
            else if (since is { } first)
            {
                yield return new(first, from.Plus(-1));
                since = null;
            }
        if (since is { } open) yield return new(open, Workday.End);
    }
}
