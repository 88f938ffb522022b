using System.Buffers.Binary;
using System.Data.Common;
using System.IO.Compression;
using System.Text;
using Dapper;
using Laurel.App.Features.People;
using Laurel.Engine.Photos;

namespace Laurel.App.Features.Demo;

/// <summary>
/// What some invented people of the demonstration tell of themselves. Their pictures are landscapes that are drawn here: nobody's face.
/// Whoever looks at the demonstration as one of its people finds that profile empty, to be filled in.
/// </summary>
public static class DemoProfiles
{
    private const int Side = 96;

    /// <summary>Addresses of a domain that nobody can have: mails of a demonstration lie in its folder, and would reach nobody.</summary>
    public static void GiveAddresses(DbConnection connection, DbTransaction transaction) => connection.Execute(
        "UPDATE person SET email = lower(id) || '@northwind.example' WHERE invented = 1 AND email IS NULL", transaction: transaction);

    private static readonly (string Bio, string Languages)[] Told =
    [
        ("Cards, limits and everything that beeps at the till.\nMornings are my time; ask me anything before noon.", "en,lt"),
        ("I came from the branch in the old town and still know most of its customers by voice.", "en,pl,ru"),
        ("New here since spring. I write down what I learn, so ask me for my notes.", "de,en"),
        ("Mortgages, slowly and in plain words.\nOff the phone: running, badly, and baking bread, well.", "en,es,pt"),
        ("If the system says no, I usually know which screen says yes.", "en,et,fi"),
        ("Calm with the loud ones. Happy to take a difficult call over from you.", "en,he,uk"),
    ];

    /// <summary>Every third one tells something, and every sixth has a picture, too.</summary>
    /// <param name="except">Ids of those whom visitors are.</param>
    public static Action<DbConnection, DbTransaction> Tell(long now, params IReadOnlyList<string> except) => (connection, transaction) =>
    {
        var people = connection.Query<(long Key, string Id)>("SELECT key, id FROM person WHERE invented = 1 ORDER BY key",
            transaction: transaction).Where(p => !except.Contains(p.Id)).ToList();
        for (var i = 0; i < people.Count; i += 3)
        {
            var (bio, languages) = Told[i / 3 % Told.Length];
            var isWhole = i % 2 == 0;
            connection.Execute("INSERT INTO profile (person, bio, languages, completed_at) VALUES (@Key, @bio, @languages, @at)",
                new { people[i].Key, bio, languages, at = isWhole ? now : (long?)null }, transaction);
            if (isWhole) KeepProfile.Put(connection, transaction, people[i].Key, SafePhoto.Read(Landscape(i)).Photo!, now);
        }
    };

    /// <summary>A PNG of a sky, a sun and two rows of hills, each number another one.</summary>
    private static byte[] Landscape(int number)
    {
        // Sky, sun, far hills, near hills.
        ReadOnlySpan<byte> palette = (number / 6 % 3) switch
        {
            0 => [0xF9, 0xD9, 0xA6, 0xF2, 0x78, 0x4B, 0xB8, 0x6B, 0x8E, 0x4A, 0x35, 0x6B],
            1 => [0xBF, 0xE3, 0xF2, 0xFF, 0xF3, 0xC4, 0x6F, 0xB0, 0x9A, 0x24, 0x5B, 0x57],
            _ => [0x2B, 0x2F, 0x5E, 0xF4, 0xEE, 0xD6, 0x4E, 0x5A, 0x94, 0x16, 0x1B, 0x3D],
        };
        var (sunAt, shift) = (28 + number * 7 % 40, number * 1.3);
        var rows = new byte[Side * (Side + 1)];
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
                rows[y * (Side + 1) + 1 + x] =
                    y > 70 + 7 * Math.Sin(x / 17.0 + shift) ? (byte)3
                    : y > 54 + 9 * Math.Sin(x / 13.0 - shift) ? (byte)2
                    : (x - sunAt) * (x - sunAt) + (y - 32) * (y - 32) < 210 ? (byte)1 : (byte)0;
        using var packed = new MemoryStream();
        using (var pack = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) pack.Write(rows);
        return
        [
            0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", [.. Number(Side), .. Number(Side), 8, 3, 0, 0, 0]),
            .. Chunk("PLTE", [.. palette]), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", []),
        ];
    }

    private static byte[] Chunk(string type, byte[] body)
    {
        byte[] whole = [.. Encoding.ASCII.GetBytes(type), .. body];
        return [.. Number(body.Length), .. whole, .. Number(unchecked((int)PngSum.Of(whole)))];
    }

    private static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
