using System.Buffers.Text;
using System.Security.Cryptography;

namespace Laurel.App.Features.ApiKeys;

/// <summary>
/// A key as programs send it: <c>lrl_ID_SECRET</c>. The id finds the row, the secret is 32 random bytes in base64url, of which only
/// the SHA-256 is kept: against 256 random bits no slow hash is needed. The prefix lets scanners find leaked keys.
/// </summary>
public sealed record ApiKeyText(string Id, byte[] Secret)
{
    private const string Prefix = "lrl_";

    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int IdLength = 10;

    /// <param name="id">As <see cref="NewId"/> gave it out; another where not said.</param>
    public static ApiKeyText New(string? id = null) => new(id ?? NewId(), RandomNumberGenerator.GetBytes(32));

    public static string NewId() => RandomNumberGenerator.GetString(Letters, IdLength);
    public static bool IsId(string? id) => id?.Length == IdLength && id.All(Letters.Contains);

    /// <summary>Null where the text is no key at all.</summary>
    public static ApiKeyText? Parse(string text)
    {
        // Base64url knows the underscore, the id does not: the first one after the prefix parts them.
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text.IndexOf('_', Prefix.Length) is not (> 4 and < 30 and var end))
            return null;
        var secret = text.AsSpan(end + 1);
        return Base64Url.IsValid(secret, out var length) && length == 32
            ? new ApiKeyText(text[Prefix.Length..end], Base64Url.DecodeFromChars(secret))
            : null;
    }

    public byte[] Hash() => SHA256.HashData(Secret);
    public override string ToString() => $"{Prefix}{Id}_{Base64Url.EncodeToString(Secret)}";
}
