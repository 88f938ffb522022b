using Laurel.App.Features.Badges;

namespace Laurel.App.Platform.Components;

/// <summary>One of the first three; two who share a rank both have it.</summary>
/// <param name="Position">0 for the first shown: decides the step, where ranks may be shared.</param>
/// <param name="Family">Art of the featured badge, if the person shows one.</param>
public sealed record PodiumPlace(
    int Position, int Rank, string Name, string Id, string? Team, string Value, string Caption, string? Href = null, string? Family = null,
    BadgeLevel Level = BadgeLevel.Single)
{
    public bool You { get; init; }

    /// <summary>Whether there is a period before to compare with.</summary>
    public bool Moves { get; init; }

    /// <summary>Places won or lost since then; null for who was not on it.</summary>
    public int? Moved { get; init; }

    /// <summary>Left to right: second, first, third.</summary>
    internal int Step => Position switch { 0 => 2, 1 => 1, _ => 3 };
}
