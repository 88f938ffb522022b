using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Laurel.Engine.Photos;
using Shouldly;
using Xunit;

namespace Laurel.Engine.Tests.Photos;

public sealed class SafePhotoTests
{
    private const string Secret = "54.6872N 25.2797E";

    [Fact]
    public void A_PNG_keeps_its_pixels_and_nothing_else()
    {
        var plain = Png();
        var told = Png(extra: [Chunk("tEXt", Text(Secret)), Chunk("eXIf", Text(Secret)), Chunk("iCCP", Text(Secret))]);
        var photo = Taken([.. told, .. Text(Secret)]);
        (photo.Format, photo.Width, photo.Height, photo.MediaType).ShouldBe((PhotoFormat.Png, 64, 80, "image/png"));
        photo.Bytes.ShouldBe(plain);
    }

    [Fact]
    public void A_JPEG_keeps_its_pixels_and_how_it_is_turned_but_not_where_it_was_taken()
    {
        var photo = Taken([.. Jpeg(exif: Exif(6)), .. Text(Secret)]);
        (photo.Format, photo.Width, photo.Height, photo.Orientation).ShouldBe((PhotoFormat.Jpeg, 64, 80, 6));
        Encoding.Latin1.GetString(photo.Bytes).ShouldNotContain(Secret);
        // Read again, it is the same: it carries its orientation on.
        Taken(photo.Bytes).Bytes.ShouldBe(photo.Bytes);
        Taken(Jpeg(exif: Exif(1))).Bytes.ShouldBe(Jpeg());
    }

    [Fact]
    public void A_WebP_keeps_its_image_and_transparency_and_nothing_else()
    {
        var told = WebP(Riff("VP8X", [0x1C, 0, 0, 0, 63, 0, 0, 79, 0, 0]), Riff("ALPH", [0, 1, 2]), Lossy(), Riff("EXIF", Text(Secret)));
        var photo = Taken(told);
        (photo.Format, photo.Width, photo.Height).ShouldBe((PhotoFormat.WebP, 64, 80));
        photo.Bytes.ShouldBe(WebP(Riff("VP8X", [0x10, 0, 0, 0, 63, 0, 0, 79, 0, 0]), Riff("ALPH", [0, 1, 2]), Lossy()));
        Taken(WebP(Lossless(64, 80), Riff("XMP ", Text(Secret)))).Bytes.ShouldBe(WebP(Lossless(64, 80)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")]
    [InlineData("GIF89a")]
    [InlineData("RIFF\u0004\0\0\0WAVE")]
    public void What_is_no_photo_is_refused_whatever_it_is_called(string content) =>
        Refused(Text(content)).ShouldBe(content.Length == 0 ? PhotoRefusal.Empty : PhotoRefusal.WrongFormat);

    [Fact]
    public void A_file_that_ends_anywhere_too_early_is_refused()
    {
        foreach (var whole in new[] { Png(), Jpeg(exif: Exif(6)), WebP(Lossy()) })
            for (var length = 1; length < whole.Length; length++)
                Refused(whole[..length]).ShouldBeOneOf(PhotoRefusal.Damaged, PhotoRefusal.WrongFormat);
    }

    [Fact]
    public void An_SVG_behind_a_signature_is_refused()
    {
        byte[] svg = Text("<svg onload='alert(1)'/>");
        Refused([0x89, .. Text("PNG\r\n\u001a\n"), .. svg]).ShouldBe(PhotoRefusal.Damaged);
        Refused([0xFF, 0xD8, 0xFF, .. svg]).ShouldBe(PhotoRefusal.Damaged);
        Refused(WebP(Riff("VP8 ", svg))).ShouldBe(PhotoRefusal.Damaged);
    }

    [Fact]
    public void A_PNG_that_unpacks_to_more_or_less_than_it_promises_is_refused()
    {
        Refused(Png(unpacked: new byte[50_000_000])).ShouldBe(PhotoRefusal.Damaged);
        Refused(Png(unpacked: new byte[80 * 65 - 1])).ShouldBe(PhotoRefusal.Damaged);
    }

    [Fact]
    public void An_interlaced_PNG_is_as_long_as_its_passes()
    {
        // Of 64 columns and 80 rows, one byte a pixel: seven passes, each row with a byte for its filter.
        var length = 10 * 9 + 10 * 9 + 10 * 17 + 20 * 17 + 20 * 33 + 40 * 33 + 40 * 65;
        Taken(Png(unpacked: new byte[length], interlace: 1)).Width.ShouldBe(64);
    }

    [Fact]
    public void A_changed_byte_of_a_PNG_is_noticed()
    {
        var changed = Png();
        changed[20] ^= 1;
        Refused(changed).ShouldBe(PhotoRefusal.Damaged);
    }

    [Theory]
    [InlineData(30000, 64, PhotoRefusal.TooLarge)]
    [InlineData(64, 2049, PhotoRefusal.TooLarge)]
    [InlineData(63, 64, PhotoRefusal.TooSmall)]
    [InlineData(64, 0, PhotoRefusal.Damaged)]
    public void Sides_have_bounds(int width, int height, PhotoRefusal refusal)
    {
        Refused(Png(width, height)).ShouldBe(refusal);
        Refused(Jpeg(width, height)).ShouldBe(refusal);
        if (width < 16384) Refused(WebP(Lossy(width, height))).ShouldBe(refusal);
    }

    [Fact]
    public void What_moves_is_refused()
    {
        Refused(Png(extra: [Chunk("acTL", new byte[8])])).ShouldBe(PhotoRefusal.Animated);
        Refused(WebP(Riff("VP8X", [2, 0, 0, 0, 63, 0, 0, 79, 0, 0]), Lossy())).ShouldBe(PhotoRefusal.Animated);
        Refused(WebP(Riff("ANMF", new byte[16]), Lossy())).ShouldBe(PhotoRefusal.Animated);
    }

    [Fact]
    public void A_WebP_whose_canvas_is_not_its_image_is_refused() =>
        Refused(WebP(Riff("VP8X", [0, 0, 0, 0, 99, 0, 0, 99, 0, 0]), Lossy())).ShouldBe(PhotoRefusal.Damaged);

    [Fact]
    public void A_JPEG_of_endless_scans_is_refused() => Refused(Jpeg(scans: 65)).ShouldBe(PhotoRefusal.Damaged);

    [Fact]
    public void A_file_has_a_weight_it_may_reach() => Refused(new byte[SafePhoto.MostBytes + 1]).ShouldBe(PhotoRefusal.TooHeavy);

    private static SafePhoto Taken(byte[] file)
    {
        var (photo, refusal) = SafePhoto.Read(file);
        refusal.ShouldBeNull();
        return photo.ShouldNotBeNull();
    }

    private static PhotoRefusal Refused(byte[] file)
    {
        var (photo, refusal) = SafePhoto.Read(file);
        photo.ShouldBeNull();
        return refusal.ShouldNotBeNull();
    }

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Big(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Little(int number) => [.. Big(number).Reverse()];

    private static byte[] Chunk(string type, byte[] body)
    {
        byte[] whole = [.. Text(type), .. body];
        return [.. Big(body.Length), .. whole, .. Big(unchecked((int)Sum(whole)))];
    }

    // Bit by bit as the standard's appendix says, not by the table of what is tested.
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

    // Grey, one byte a pixel.
    private static byte[] Png(int width = 64, int height = 80, byte[]? unpacked = null, byte[][]? extra = null, byte interlace = 0)
    {
        using var packed = new MemoryStream();
        using (var pack = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            pack.Write(unpacked ?? new byte[height * (width + 1)]);
        return
        [
            0x89, .. Text("PNG\r\n\u001a\n"), .. Chunk("IHDR", [.. Big(width), .. Big(height), 8, 0, 0, 0, interlace]),
            .. (extra ?? []).SelectMany(e => e), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", []),
        ];
    }

    private static byte[] Segment(byte marker, byte[] body) => [0xFF, marker, .. Big(body.Length + 2)[2..], .. body];

    private static byte[] Jpeg(int width = 64, int height = 80, byte[]? exif = null, int scans = 1) =>
    [
        0xFF, 0xD8,
        .. exif is null ? [] : (byte[])[.. Segment(0xE1, exif), .. Segment(0xFE, Text(Secret)), .. Segment(0xE0, Text("JFIF\0"))],
        .. Segment(0xDB, new byte[65]), .. Segment(0xC0, [8, .. Big(height)[2..], .. Big(width)[2..], 1, 1, 0x11, 0]),
        .. Segment(0xC4, new byte[17]),
        .. Enumerable.Repeat((byte[])[.. Segment(0xDA, [1, 1, 0, 0, 63, 0]), 1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4], scans).SelectMany(s => s),
        0xFF, 0xD9,
    ];

    // One entry, orientation, little-endian as cameras write; the place stands behind.
    private static byte[] Exif(byte orientation) =>
        [.. Text("Exif\0\0II*\0"), 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0, .. Text(Secret)];

    private static byte[] Riff(string type, byte[] body) =>
        [.. Text(type), .. Little(body.Length), .. body, .. body.Length % 2 == 1 ? (byte[])[0] : []];

    private static byte[] WebP(params byte[][] chunks)
    {
        byte[] body = [.. chunks.SelectMany(c => c)];
        return [.. Text("RIFF"), .. Little(body.Length + 4), .. Text("WEBP"), .. body];
    }

    private static byte[] Lossy(int width = 64, int height = 80) =>
        Riff("VP8 ", [0x10, 0, 0, 0x9D, 1, 0x2A, .. Little(width)[..2], .. Little(height)[..2], 1, 2]);

    private static byte[] Lossless(int width, int height) => Riff("VP8L", [0x2F, .. Little(width - 1 | height - 1 << 14), 9]);
}
