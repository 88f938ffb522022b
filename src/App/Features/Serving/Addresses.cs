using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Laurel.App.Features.Serving;

/// <summary>The addresses to listen on, as <c>--urls</c> names them: looked at before anything is begun.</summary>
internal static class Addresses
{
    public const string Usual = "http://127.0.0.1:5080";

    /// <summary>Why one cannot listen there; null where one can, as far as can be said beforehand.</summary>
    public static string? Refusal(string urls)
    {
        var each = urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var url in each.DefaultIfEmpty(""))
        {
            if (Parse(url) is not { } address) return $"--urls: '{url}' is no address; write one such as {Usual}";
            if (Taken(address) is { } refusal) return Cannot(url, refusal);
        }
        return null;
    }

    /// <summary>The same for what only starting can tell; null where it is something else that failed.</summary>
    public static string? Refusal(Exception failure, string urls) => failure switch
    {
        IOException { InnerException: AddressInUseException } => Cannot(urls, Reason(SocketError.AddressAlreadyInUse)!),
        SocketException { SocketErrorCode: var code } when Reason(code) is { } reason => Cannot(urls, reason),
        InvalidOperationException when urls.Contains("https:", StringComparison.OrdinalIgnoreCase) =>
            Cannot(urls,
                "there is no certificate; listen on http behind a proxy that does TLS, or set Kestrel__Certificates__Default__Path"),
        _ => null,
    };

    private static BindingAddress? Parse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" && address.PathBase.Length == 0 && address.Port is >= 0 and <= 65535
                && (address.IsUnixPipe || address.Host.Length > 0) ? address : null;
        }
        catch (Exception bad) when (bad is FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Tries the port for a moment. Names other than localhost mean every address, as the server reads them.</summary>
    private static string? Taken(BindingAddress address)
    {
        if (address.IsUnixPipe || address.Port == 0 && !IPAddress.TryParse(address.Host, out _)) return null;
        var ip = string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : IPAddress.TryParse(address.Host, out var given) ? given
            : IPAddress.Any;
        try
        {
            using var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(ip, address.Port));
            return null;
        }
        catch (SocketException failure)
        {
            return Reason(failure.SocketErrorCode) ?? failure.Message;
        }
    }

    private static string? Reason(SocketError code) => code switch
    {
        SocketError.AddressAlreadyInUse => "the port is taken; stop what listens there, or choose another with --urls",
        SocketError.AddressNotAvailable => "it is no address of this machine; choose another with --urls",
        SocketError.AccessDenied => "this user may not listen on that port; choose one above 1023 with --urls",
        _ => null,
    };

    private static string Cannot(string url, string reason) => $"cannot listen on {url}: {reason}";
}
