namespace Laurel.Bench;

/// <summary>
/// It is always the moment of the latest work, as it is where work is sent when it is done; how long things take stays true.
/// </summary>
internal sealed class WorkClock(long at) : TimeProvider
{
    private long at = at;

    /// <param name="latest">UTC milliseconds; an earlier moment does not turn it back.</param>
    public void Follow(long latest) => at = Math.Max(at, latest);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(at);
}
