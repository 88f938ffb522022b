using System.Buffers.Binary;

namespace Laurel.Engine.Photos;

/// <summary>JPEG (ITU-T T.81): the tables, the frame and its scans are kept, of EXIF only how the photo is turned.</summary>
internal static class JpegParts
{
    // A camera's progressive photo has about ten; each costs whoever looks at it a walk over all pixels.
    private const int MostScans = 64;

    public static ReadOnlySpan<byte> Signature => [0xFF, 0xD8, 0xFF];

    public static SafePhoto Read(ReadOnlySpan<byte> file)
    {
        var from = new PhotoBytes(file[2..]);
        using var kept = new MemoryStream();
        int width = 0, height = 0, scans = 0, orientation = 1;
        while (true)
        {
            var marker = Marker(ref from);
            if (marker == 0xD9) break;
            // Markers without a length do not stand here, nor does a second beginning.
            if (marker is < 0xC0 or >= 0xD0 and <= 0xD8) throw Damaged();
            var body = from.Take(from.Two() - 2L);
            switch (marker)
            {
                case 0xC0 or 0xC1 or 0xC2:
                    if (width > 0 || body.Length < 6) throw Damaged();
                    (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(body[1..]), BinaryPrimitives.ReadUInt16BigEndian(body[3..]));
                    SafePhoto.CheckSides(width, height);
                    if (body[5] is not (1 or 3 or 4) || body.Length != 6 + 3 * body[5]) throw Damaged();
                    Write(kept, marker, body);
                    break;
                case 0xC4 or 0xDB or 0xDD:
                    Write(kept, marker, body);
                    break;
                case 0xDA:
                    if (width == 0 || ++scans > MostScans) throw Damaged();
                    Write(kept, marker, body);
                    kept.Write(Scan(ref from));
                    break;
                // Adobe's says how colours are stored; it has room for nothing else.
                case 0xEE when body.Length == 12 && body.StartsWith("Adobe"u8):
                    Write(kept, marker, body);
                    break;
                case 0xE1 when body.StartsWith("Exif\0\0"u8):
                    orientation = Orientation(body[6..]) ?? orientation;
                    break;
                case (>= 0xE0 and <= 0xEF) or 0xFE:
                    break;
                // Lossless, arithmetic and hierarchical ones, which browsers do not draw.
                default:
                    throw Damaged();
            }
        }
        if (scans == 0) throw Damaged();
        using var whole = new MemoryStream();
        whole.Write(Signature[..2]);
        if (orientation > 1) Write(whole, 0xE1, Turned(orientation));
        kept.WriteTo(whole);
        whole.Write([0xFF, 0xD9]);
        return new(PhotoFormat.Jpeg, width, height, orientation, whole.ToArray());
    }

    private static int Marker(ref PhotoBytes from)
    {
        if (from.One() != 0xFF) throw Damaged();
        int marker;
        do marker = from.One(); while (marker == 0xFF);
        return marker;
    }

    // Up to the next marker that is neither an escaped 255 nor a restart.
    private static ReadOnlySpan<byte> Scan(ref PhotoBytes from)
    {
        var left = from.Left;
        for (var i = 0; i + 1 < left.Length; i++)
            if (left[i] == 0xFF && left[i + 1] is not (0 or >= 0xD0 and <= 0xD7))
                return from.Take(i);
        throw Damaged();
    }

    // Only tag 274 of the first directory; whatever else is odd in there is dropped anyway.
    private static int? Orientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return null;
        var isLittle = tiff[0] == 'I';
        var at = Four(tiff[4..], isLittle);
        if (at + 2L > tiff.Length) return null;
        var entries = tiff[((int)at + 2)..];
        var count = Math.Min(Two(tiff[(int)at..], isLittle), entries.Length / 12);
        for (var i = 0; i < count; i++)
            if (Two(entries[(12 * i)..], isLittle) == 274)
                return Two(entries[(12 * i + 8)..], isLittle) is >= 1 and <= 8 and var turned ? turned : null;
        return null;
    }

    private static int Two(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Four(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private static byte[] Turned(int orientation) =>
        [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    private static void Write(MemoryStream to, int marker, ReadOnlySpan<byte> body)
    {
        to.Write([0xFF, (byte)marker, (byte)((body.Length + 2) >> 8), (byte)((body.Length + 2) & 255)]);
        to.Write(body);
    }

    private static PhotoRefusedException Damaged() => new(PhotoRefusal.Damaged);
}
