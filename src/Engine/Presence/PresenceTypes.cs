using Laurel.Engine.Activities;

namespace Laurel.Engine.Presence;

/// <summary>The activity types of presence, which Laurel declares itself.</summary>
public static class PresenceTypes
{
    /// <summary>Somebody goes over to a status. Any source sends it.</summary>
    public const string Change = "presence";

    /// <summary>Time in a status within one workday. Laurel makes it from the changes; no source may send it.</summary>
    public const string Segment = "presence-segment";

    /// <summary>Whose the segments are. No source may call itself so.</summary>
    public const string Source = "laurel:presence";

    /// <summary>The label that names the status, of both types.</summary>
    public const string Status = "status";

    /// <summary>The segment's length.</summary>
    public const string Seconds = "seconds";
    /// <summary>The same, where the status counts as time online.</summary>
    public const string Online = "online";
    /// <summary>The same, where it counts as a pause.</summary>
    public const string Pause = "pause";
    /// <summary>One, where a pause begins; what goes on after midnight is no further pause.</summary>
    public const string Pauses = "pauses";

    /// <summary>
    /// The length, where the status came over midnight and nothing was said on that workday: somebody forgot to log off, and did nothing.
    /// </summary>
    public const string Forgotten = "forgotten";

    public static readonly ActivityType OfChange = new(Change, NeedsPerson: true, [], [Status]);

    public static readonly ActivityType OfSegment = new(Segment, NeedsPerson: true,
        [
            new(Seconds, "seconds", MayBeNegative: false), new(Online, "seconds", MayBeNegative: false),
            new(Pause, "seconds", MayBeNegative: false), new(Pauses, "number", MayBeNegative: false),
            new(Forgotten, "seconds", MayBeNegative: false),
        ], [Status]);

    public static bool IsOne(string type) =>
        string.Equals(type, Change, StringComparison.Ordinal) || string.Equals(type, Segment, StringComparison.Ordinal);
}
