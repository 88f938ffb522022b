namespace Laurel.Browser.Tests.Platform;

/// <summary>The clock of the installation under test: begins at a moment that the samples fill with work, and goes on from there.</summary>
internal sealed class SteadyTime(DateTimeOffset start) : TimeProvider
{
    private readonly long began = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(began);
}
