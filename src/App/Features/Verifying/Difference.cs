namespace Laurel.App.Features.Verifying;

/// <summary>Something that is kept and is not what the activities say.</summary>
public sealed record Difference(string What, string Stored, string ShouldBe)
{
    public override string ToString() => $"{What}: stored {Stored}; should be {ShouldBe}";
}

/// <summary>How much was compared, and how much of it differs.</summary>
public sealed record Verified(long Activities, long Rollups, long Awards, long Differences);
