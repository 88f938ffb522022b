using System.Globalization;
using System.Text;

namespace Laurel.Engine.Activities;

/// <summary>
/// The identity of an activity inside its source, stored with its type: one tag byte (0 text, 1 uuid), then UTF-8 or
/// the 16 bytes, so that a text never equals a uuid. Ordered by these bytes.
/// </summary>
public readonly struct ActivityId : IEquatable<ActivityId>, IComparable<ActivityId>
{
    private const byte TextTag = 0, UuidTag = 1;
    private readonly byte[] bytes;

    private ActivityId(byte[] bytes) => this.bytes = bytes;

    /// <summary>The longest identity that is taken in, in UTF-8 bytes.</summary>
    public const int MaximumLength = 200;

    public ReadOnlySpan<byte> Bytes => bytes;
    public byte[] ToArray() => bytes;

    /// <summary>Reads what a sender wrote. Only the canonical form (lower case, with hyphens) is a uuid; all else is text.</summary>
    public static ActivityId Of(string id)
    {
        if (id.Length == 36 && Guid.TryParseExact(id, "D", out var uuid)
            && string.Equals(uuid.ToString("D", CultureInfo.InvariantCulture), id, StringComparison.Ordinal))
            return Of(uuid);
        var tagged = new byte[1 + Encoding.UTF8.GetByteCount(id)];
        tagged[0] = TextTag;
        Encoding.UTF8.GetBytes(id, tagged.AsSpan(1));
        return new(tagged);
    }

    public static ActivityId Of(Guid uuid)
    {
        var tagged = new byte[17];
        tagged[0] = UuidTag;
        uuid.TryWriteBytes(tagged.AsSpan(1), bigEndian: true, out _);
        return new(tagged);
    }

    /// <summary>As it was stored.</summary>
    public static ActivityId FromBytes(byte[] stored) => new(stored);

    public int CompareTo(ActivityId other) => Bytes.SequenceCompareTo(other.Bytes);
    public bool Equals(ActivityId other) => Bytes.SequenceEqual(other.Bytes);
    public override bool Equals(object? obj) => obj is ActivityId other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    public override string ToString() => bytes is null ? "" : bytes[0] == UuidTag
        ? new Guid(bytes.AsSpan(1), bigEndian: true).ToString("D", CultureInfo.InvariantCulture)
        : Encoding.UTF8.GetString(bytes.AsSpan(1));

    public static bool operator ==(ActivityId a, ActivityId b) => a.Equals(b);
    public static bool operator !=(ActivityId a, ActivityId b) => !a.Equals(b);
}
