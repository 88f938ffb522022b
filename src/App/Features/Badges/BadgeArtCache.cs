using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Laurel.App.Features.Badges;

/// <summary>A finished drawing in the two forms it is sent in; the version is a hash of its content.</summary>
internal sealed record DrawnBadge(byte[] Plain, Lazy<byte[]> Brotli, string Version);

/// <summary>
/// Drawings on first demand, kept for good: the catalogue bounds them (some 1,400, of 10 KB on average). Compressed when
/// first sent, harder than a response would be; a page that only writes addresses does not wait for it.
/// </summary>
internal static class BadgeArtCache
{
    private static readonly ConcurrentDictionary<BadgeArtFile, DrawnBadge> Drawn = new();

    public static DrawnBadge Get(BadgeArtFile file) => Drawn.GetOrAdd(file, static file =>
    {
        var plain = Encoding.UTF8.GetBytes(BadgeArt.Svg(file.Family, file.Level, file.State, file.Mini));
        return new(plain, new(() => Compress(plain)), Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 5)));
    });

    private static byte[] Compress(byte[] plain)
    {
        var target = new byte[BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        return BrotliEncoder.TryCompress(plain, target, out var written, quality: 11, window: 18)
            ? target[..written]
            : throw new InvalidOperationException("Brotli's own bound was too small.");
    }
}
