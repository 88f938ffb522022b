using System.Buffers.Binary;
using System.IO.Compression;

namespace Laurel.Engine.Photos;

/// <summary>PNG (ISO/IEC 15948): the header, palette, transparency and image data are kept.</summary>
internal static class PngParts
{
    // Column and row of the first pixel, then the steps, of Adam7's seven passes.
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    public static SafePhoto Read(ReadOnlySpan<byte> file)
    {
        var from = new PhotoBytes(file);
        using var kept = new MemoryStream();
        using var packed = new MemoryStream();
        kept.Write(from.Take(Signature.Length));
        int width = 0, height = 0;
        long expected = 0;
        while (true)
        {
            var length = from.Four();
            var whole = from.Take(4L + length);
            var type = whole[..4];
            var body = whole[4..];
            if (from.Four() != PngSum.Of(whole)) throw Damaged();
            var isHeader = type.SequenceEqual("IHDR"u8);
            if (isHeader == (width > 0)) throw Damaged();
            if (isHeader)
            {
                if (body.Length != 13) throw Damaged();
                var (wide, high) = (BinaryPrimitives.ReadUInt32BigEndian(body), BinaryPrimitives.ReadUInt32BigEndian(body[4..]));
                SafePhoto.CheckSides(wide, high);
                (width, height) = ((int)wide, (int)high);
                expected = Unpacked(width, height, body[8], body[9], body[12]);
                if (body[10] != 0 || body[11] != 0) throw Damaged();
            }
            if (type.SequenceEqual("acTL"u8) || type.SequenceEqual("fcTL"u8) || type.SequenceEqual("fdAT"u8))
                throw new PhotoRefusedException(PhotoRefusal.Animated);
            if (type.SequenceEqual("IDAT"u8)) packed.Write(body);
            if (type.SequenceEqual("IEND"u8)) break;
            if (isHeader || type.SequenceEqual("PLTE"u8) || type.SequenceEqual("tRNS"u8)) Write(kept, whole);
        }
        CheckUnpacks(packed, expected);
        Write(kept, [.. "IDAT"u8, .. packed.ToArray()]);
        Write(kept, "IEND"u8);
        return new(PhotoFormat.Png, width, height, 1, kept.ToArray());
    }

    // Exactly the bytes that the header promises: a bomb promises little and unpacks to a lot. Read in small pieces, never kept.
    private static void CheckUnpacks(MemoryStream packed, long expected)
    {
        packed.Position = 0;
        var piece = new byte[8192];
        long read = 0;
        try
        {
            using var unpacked = new ZLibStream(packed, CompressionMode.Decompress, leaveOpen: true);
            while (unpacked.Read(piece) is > 0 and var some)
                if ((read += some) > expected) throw Damaged();
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
        if (read != expected) throw Damaged();
    }

    private static long Unpacked(int width, int height, int depth, int colour, int interlace)
    {
        var (channels, allowed) = colour switch
        {
            0 => (1, depth is 1 or 2 or 4 or 8 or 16),
            2 => (3, depth is 8 or 16),
            3 => (1, depth is 1 or 2 or 4 or 8),
            4 => (2, depth is 8 or 16),
            6 => (4, depth is 8 or 16),
            _ => (0, false),
        };
        if (!allowed || interlace > 1) throw Damaged();
        return interlace == 0 ? Rows(width, height) : Passes.Sum(p => Rows(Steps(width, p.X, p.StepX), Steps(height, p.Y, p.StepY)));

        // A row begins with a byte that names its filter.
        long Rows(int columns, int rows) => columns == 0 ? 0 : rows * (1 + ((long)columns * channels * depth + 7) / 8);
        static int Steps(int side, int first, int step) => side <= first ? 0 : (side - first + step - 1) / step;
    }

    private static void Write(MemoryStream to, ReadOnlySpan<byte> chunk)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, chunk.Length - 4);
        to.Write(number);
        to.Write(chunk);
        BinaryPrimitives.WriteUInt32BigEndian(number, PngSum.Of(chunk));
        to.Write(number);
    }

    private static PhotoRefusedException Damaged() => new(PhotoRefusal.Damaged);
}

/// <summary>The checksum of a PNG's chunks, of their type and body: CRC-32 of ISO 3309.</summary>
public static class PngSum
{
    private static readonly uint[] Remainders = [.. Enumerable.Range(0, 256).Select(Remainder)];

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes) sum = Remainders[(sum ^ one) & 255] ^ (sum >> 8);
        return ~sum;
    }

    private static uint Remainder(int one)
    {
        var left = (uint)one;
        for (var bit = 0; bit < 8; bit++) left = (left & 1) == 0 ? left >> 1 : 0xEDB88320 ^ (left >> 1);
        return left;
    }
}
