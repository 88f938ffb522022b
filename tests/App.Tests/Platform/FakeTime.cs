namespace Laurel.App.Tests.Platform;

/// <summary>A clock that stands still until a test moves it. Timers are the system's.</summary>
public sealed class FakeTime(DateTimeOffset start) : TimeProvider
{
    private long ticks = start.UtcTicks;

    /// <summary>A Thursday morning in Vilnius: 2026-03-12 09:30 local.</summary>
    public static FakeTime Thursday() => new(new DateTimeOffset(2026, 3, 12, 7, 30, 0, TimeSpan.Zero));

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);
    public void Set(DateTimeOffset now) => Interlocked.Exchange(ref ticks, now.UtcTicks);
    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
