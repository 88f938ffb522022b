using System.Text;

namespace Laurel.App.Features.Activities;

/// <summary>
/// Texts that come again from event to event (names, types, people), made once. A slot keeps the latest text with its hash, so
/// that memory is bounded whatever is sent.
/// </summary>
internal sealed class RecurringTexts
{
    /// <summary>Longer texts are rarely the same.</summary>
    public const int Longest = 40;
    private const int Slots = 1024; // a power of two
    private readonly (byte[] Utf8, string Text)[] slots = new (byte[], string)[Slots];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        var hash = new HashCode();
        hash.AddBytes(utf8);
        ref var slot = ref slots[hash.ToHashCode() & (Slots - 1)];
        if (slot.Utf8 is null || !slot.Utf8.AsSpan().SequenceEqual(utf8)) slot = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return slot.Text;
    }
}
