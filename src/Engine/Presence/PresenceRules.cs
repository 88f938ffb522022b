using System.Text.Json.Serialization;

namespace Laurel.Engine.Presence;

/// <summary>What time in a status counts as.</summary>
public enum StatusKind { Online, Pause, Offline }

/// <summary>One status.</summary>
/// <param name="CountsOnline">Whether it is time online, too; a pause may be.</param>
public sealed record StatusRule(StatusKind Kind, bool CountsOnline);

/// <summary>The statuses of an installation, and how long one holds that nobody says again.</summary>
/// <param name="Statuses">By the text that a change carries.</param>
/// <param name="LongestHours">1 to 24.</param>
public sealed record PresenceRules(IReadOnlyDictionary<string, StatusRule> Statuses, int LongestHours)
{
    /// <summary>No status holds longer by itself: what lies further back can say nothing about a workday.</summary>
    public const int MostHours = 24;

    /// <summary>In milliseconds.</summary>
    [JsonIgnore]
    public long Longest => LongestHours * 3_600_000L;

    /// <summary>Whether time in a status is kept: not what is offline, nor what no file declares any more.</summary>
    public bool Keeps(string status) => Statuses.TryGetValue(status, out var rule) && rule.Kind != StatusKind.Offline;
}
