using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Laurel.App.Tests.Features.People;

/// <summary>Small pictures, right and wrong ones, written byte by byte.</summary>
internal static class Pictures
{
    public const string Secret = "54.6872N 25.2797E";

    /// <summary>Grey, one byte a pixel.</summary>
    /// <param name="unpacked">What it unpacks to, where that is not what it promises.</param>
    public static byte[] Png(int width = 64, int height = 80, byte shade = 90, byte[]? unpacked = null, params byte[][] extra)
    {
        using var packed = new MemoryStream();
        using (var pack = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) pack.Write(unpacked ?? Rows());
        return
        [
            0x89, .. Text("PNG\r\n\u001a\n"), .. Chunk("IHDR", [.. Big(width), .. Big(height), 8, 0, 0, 0, 0]), .. extra.SelectMany(e => e),
            .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", []),
        ];

        byte[] Rows() => [.. Enumerable.Range(0, Math.Min(height, 100)).SelectMany(_ =>
            (byte[])[0, .. Enumerable.Repeat(shade, Math.Min(width, 100))])];
    }

    public static byte[] Chunk(string type, byte[] body)
    {
        byte[] whole = [.. Text(type), .. body];
        return [.. Big(body.Length), .. whole, .. Big(unchecked((int)Sum(whole)))];
    }

    private static uint Sum(byte[] bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes)
        {
            sum ^= one;
            for (var bit = 0; bit < 8; bit++) sum = (sum >> 1) ^ ((sum & 1) * 0xEDB88320);
        }
        return ~sum;
    }

    /// <summary>As a phone writes it: turned, with the place where it was taken.</summary>
    public static byte[] Jpeg() =>
    [
        0xFF, 0xD8,
        .. Segment(0xE1, [.. Text("Exif\0\0II*\0"), 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, .. Text(Secret)]),
        .. Segment(0xFE, Text(Secret)), .. Segment(0xDB, new byte[65]),
        .. Segment(0xC0, [8, .. Big(80)[2..], .. Big(64)[2..], 1, 1, 0x11, 0]), .. Segment(0xC4, new byte[17]),
        .. Segment(0xDA, [1, 1, 0, 0, 63, 0]), 1, 2, 0xFF, 0, 3, 0xFF, 0xD9,
    ];

    public static byte[] WebP(byte flags = 0) =>
        Riff([.. flags == 0 ? [] : Part("VP8X", [flags, 0, 0, 0, 63, 0, 0, 79, 0, 0]),
            .. Part("VP8 ", [0x10, 0, 0, 0x9D, 1, 0x2A, 64, 0, 80, 0, 1, 2]), .. Part("EXIF", Text(Secret))]);

    public static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Riff(byte[] body) => [.. Text("RIFF"), .. Big(body.Length + 4).Reverse(), .. Text("WEBP"), .. body];

    private static byte[] Part(string type, byte[] body) =>
        [.. Text(type), .. Big(body.Length).Reverse(), .. body, .. body.Length % 2 == 1 ? (byte[])[0] : []];

    private static byte[] Segment(byte marker, byte[] body) => [0xFF, marker, .. Big(body.Length + 2)[2..], .. body];

    private static byte[] Big(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
