namespace Laurel.App.Tests.Platform;

/// <summary>A clock that does something the first time it is asked: what happens exactly then is no matter of luck.</summary>
internal sealed class Interrupting(TimeProvider clock, Action first) : TimeProvider
{
    public bool IsReached { get; private set; }

    public override DateTimeOffset GetUtcNow()
    {
        if (!IsReached)
        {
            IsReached = true;
            first();
        }
        return clock.GetUtcNow();
    }
}
