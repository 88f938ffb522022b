using Laurel.Engine.Kernel;

namespace Laurel.Engine.Presence;

/// <summary>What segments come to: time online and in pauses in milliseconds, and how many pauses began.</summary>
public readonly record struct DayPresence(long Online, long Paused, int Pauses)
{
    /// <summary>With what is open counted up to <paramref name="now"/>, and without what is still to come.</summary>
    public static DayPresence Of(IEnumerable<Segment> segments, PresenceRules rules, long now)
    {
        var sum = new DayPresence();
        foreach (var segment in segments)
        {
            if (segment.From > now || !rules.Statuses.TryGetValue(segment.Status, out var rule)) continue;
            var length = Math.Min(segment.Until, now) - segment.From;
            var isPause = rule.Kind == StatusKind.Pause;
            sum = new(sum.Online + (rule.CountsOnline ? length : 0), sum.Paused + (isPause ? length : 0),
                sum.Pauses + (isPause && segment.Begins ? 1 : 0));
        }
        return sum;
    }

    /// <summary>A length as an amount of seconds, exactly: a thousandth of a second is a millisecond.</summary>
    public static Amount Seconds(long milliseconds) => new(milliseconds);
}
