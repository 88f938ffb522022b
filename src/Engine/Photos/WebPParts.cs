using System.Buffers.Binary;

namespace Laurel.Engine.Photos;

/// <summary>WebP (RFC 9649): the image and its transparency are kept.</summary>
internal static class WebPParts
{
    private const byte HasAlpha = 0x10;
    private const byte IsAnimated = 0x02;

    public static SafePhoto Read(ReadOnlySpan<byte> file)
    {
        var whole = new PhotoBytes(file[4..]);
        var from = new PhotoBytes(whole.Take(4L + BinaryPrimitives.ReadUInt32LittleEndian(file[4..]))[8..]);
        ReadOnlySpan<byte> image = default, alpha = default;
        var isLossless = false;
        (int Width, int Height) canvas = default, sides = default;
        while (!from.Left.IsEmpty)
        {
            var type = from.Take(4);
            var length = from.FourLittle();
            var body = from.Take(length);
            if (length % 2 == 1) from.Take(1);
            if (type.SequenceEqual("VP8X"u8))
            {
                if (body.Length != 10) throw Damaged();
                if ((body[0] & IsAnimated) != 0) throw new PhotoRefusedException(PhotoRefusal.Animated);
                canvas = (1 + (body[4] | body[5] << 8 | body[6] << 16), 1 + (body[7] | body[8] << 8 | body[9] << 16));
                SafePhoto.CheckSides(canvas.Width, canvas.Height);
            }
            else if (type.SequenceEqual("ANIM"u8) || type.SequenceEqual("ANMF"u8)) throw new PhotoRefusedException(PhotoRefusal.Animated);
            else if (type.SequenceEqual("ALPH"u8)) alpha = body;
            else if (type.SequenceEqual("VP8 "u8) || type.SequenceEqual("VP8L"u8))
            {
                if (!image.IsEmpty) throw Damaged();
                isLossless = type[3] == 'L';
                sides = isLossless ? Lossless(body) : Lossy(body);
                SafePhoto.CheckSides(sides.Width, sides.Height);
                image = body;
            }
        }
        if (image.IsEmpty || (canvas != default && canvas != sides)) throw Damaged();
        using var kept = new MemoryStream();
        kept.Write("RIFF\0\0\0\0WEBP"u8);
        if (!alpha.IsEmpty && !isLossless)
        {
            var (right, bottom) = (sides.Width - 1, sides.Height - 1);
            Write(kept, "VP8X"u8,
                [HasAlpha, 0, 0, 0, (byte)(right & 255), (byte)(right >> 8), 0, (byte)(bottom & 255), (byte)(bottom >> 8), 0]);
            Write(kept, "ALPH"u8, alpha);
        }
        Write(kept, isLossless ? "VP8L"u8 : "VP8 "u8, image);
        var bytes = kept.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        return new(PhotoFormat.WebP, sides.Width, sides.Height, 1, bytes);
    }

    private static (int Width, int Height) Lossy(ReadOnlySpan<byte> body)
    {
        // A key frame with its start code.
        if (body.Length < 10 || (body[0] & 1) != 0 || !body[3..6].SequenceEqual((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A])) throw Damaged();
        return ((body[6] | body[7] << 8) & 0x3FFF, (body[8] | body[9] << 8) & 0x3FFF);
    }

    private static (int Width, int Height) Lossless(ReadOnlySpan<byte> body)
    {
        if (body.Length < 5 || body[0] != 0x2F) throw Damaged();
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(body[1..]);
        if (bits >> 29 != 0) throw Damaged();
        return (1 + (int)(bits & 0x3FFF), 1 + (int)(bits >> 14 & 0x3FFF));
    }

    private static void Write(MemoryStream to, ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, body.Length);
        to.Write(type);
        to.Write(length);
        to.Write(body);
        if (body.Length % 2 == 1) to.WriteByte(0);
    }

    private static PhotoRefusedException Damaged() => new(PhotoRefusal.Damaged);
}
