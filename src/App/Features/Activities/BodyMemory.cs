namespace Laurel.App.Features.Activities;

/// <summary>
/// What the bodies that are being read, or wait for their answer, hold together. However many send at once, and however large: beyond the
/// bound they are told to come back.
/// </summary>
public sealed class BodyMemory
{
    /// <summary>Bytes; eight of the largest bodies. What was read from them takes a few times as much.</summary>
    public const long Most = 128L << 20;

    private long held;

    /// <summary>Bytes that are held now.</summary>
    public long Held => Volatile.Read(ref held);

    /// <exception cref="IntakeFull">There is no room; nothing is held for the caller.</exception>
    public void Hold(int bytes)
    {
        if (Interlocked.Add(ref held, bytes) <= Most) return;
        GiveBack(bytes);
        throw new IntakeFull(IntakeFull.Usually);
    }

    public void GiveBack(int bytes) => Interlocked.Add(ref held, -bytes);
}
