using Laurel.Engine.Activities;

namespace Laurel.App.Features.Activities;

/// <summary>The one door for activities, whoever brings them.</summary>
public abstract class Intake
{
    /// <summary>
    /// Takes activities in; completes when what was accepted or held is on disk. One result per item, in their order.
    /// </summary>
    /// <exception cref="IntakeFull">Too much is waiting; nothing of this call was taken.</exception>
    public abstract Task<IReadOnlyList<ItemResult>> Take(IReadOnlyList<IncomingActivity> activities, CancellationToken cancel);
}

public sealed class IntakeFull(TimeSpan retryAfter) : Exception("Too many activities are waiting.")
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
