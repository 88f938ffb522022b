using System.Globalization;
using System.Security.Cryptography;
using Laurel.App.Features.Mail;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Laurel.App.Features.Digests;

/// <summary>Addresses in mails. Whoever has the link to unsubscribe may do that, for that person and digest, and nothing else.</summary>
public sealed class DigestLinks(IDataProtectionProvider protection, IServer server)
{
    private readonly IDataProtector signed = protection.CreateProtector("laurel.digest.unsubscribe");

    /// <summary>Without a slash at the end: what the settings say, or where this process listens.</summary>
    public string Site(MailSettings settings) => settings.Site
        ?? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()?.TrimEnd('/') ?? "http://localhost:5080";

    public string Unsubscribe(MailSettings settings, long person, DigestKind kind) =>
        $"{Site(settings)}/unsubscribe/{signed.Protect(string.Create(CultureInfo.InvariantCulture, $"{person} {kind.Id()}"))}";

    /// <summary>Null where it is none of ours.</summary>
    public (long Person, DigestKind Kind)? Read(string token)
    {
        try
        {
            var parts = signed.Unprotect(token).Split(' ');
            return (long.Parse(parts[0], CultureInfo.InvariantCulture), DigestKinds.Find(parts[1])!.Value);
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
