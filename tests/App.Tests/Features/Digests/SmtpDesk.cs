using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace Laurel.App.Tests.Features.Digests;

/// <summary>
/// A mail server on a free port of the loopback that speaks what is needed of RFC 5321, with STARTTLS (RFC 3207) under a certificate of its
/// own making and AUTH LOGIN where asked for, and keeps what it took.
/// </summary>
internal sealed class SmtpDesk : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly Task listening;
    private readonly bool startTls;

    public SmtpDesk(bool startTls = false)
    {
        this.startTls = startTls;
        listener.Start();
        listening = Listen();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;
    public ConcurrentQueue<ReceivedMail> Mails { get; } = [];

    /// <summary>What it says to the next mails instead of taking them; an empty text: it takes it in and hangs up without a word.</summary>
    public ConcurrentQueue<string> Answers { get; } = [];

    /// <summary>User and password, as they came.</summary>
    public (string User, string Password)? SignedIn { get; private set; }

    public bool WasEncrypted { get; private set; }

    /// <summary>Made anew for each server; nobody trusts it unless told to.</summary>
    public X509Certificate2 Certificate { get; } = Make();

    public async ValueTask DisposeAsync()
    {
        if (listening.IsCompleted) return;
        await closing.CancelAsync();
        listener.Stop();
        await listening;
        Certificate.Dispose();
        closing.Dispose();
    }

    private async Task Listen()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(closing.Token);
                try
                {
                    await Talk(client);
                }
                catch (Exception failure) when (failure is IOException or System.Security.Authentication.AuthenticationException)
                {
                    // The client did not trust the certificate, or has hung up.
                }
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task Talk(TcpClient client)
    {
        Stream stream = client.GetStream();
        try
        {
            await Say(stream, "220 desk.example ESMTP");
            var to = new List<string>();
            while (await Hear(stream) is { } line)
                switch (line.Split(' ')[0].ToUpperInvariant())
                {
                    case "EHLO":
                        var offers = stream is SslStream || !startTls ? "AUTH LOGIN" : "STARTTLS";
                        await Say(stream, $"250-desk.example\r\n250 {offers}");
                        break;
                    case "HELO":
                        await Say(stream, "250 desk.example");
                        break;
                    case "STARTTLS":
                        await Say(stream, "220 go ahead");
                        var encrypted = new SslStream(stream);
                        await encrypted.AuthenticateAsServerAsync(Certificate);
                        (stream, WasEncrypted) = (encrypted, true);
                        break;
                    case "AUTH":
                        var user = line.Split(' ') is [_, _, var given] ? given : await Ask(stream, "VXNlcm5hbWU6");
                        var password = await Ask(stream, "UGFzc3dvcmQ6");
                        SignedIn = (Plain(user), Plain(password));
                        await Say(stream, "235 welcome");
                        break;
                    case "RCPT":
                        to.Add(line);
                        await Say(stream, "250 OK");
                        break;
                    case "DATA":
                        await Say(stream, "354 go ahead");
                        var text = new StringBuilder();
                        while (await Hear(stream) is { } part && part != ".")
                            text.Append(part.StartsWith('.') ? part[1..] : part).Append("\r\n");
                        if (!Answers.TryDequeue(out var answer))
                        {
                            Mails.Enqueue(new(to[^1], text.ToString()));
                            await Say(stream, "250 taken");
                        }
                        else if (answer.Length > 0) await Say(stream, answer);
                        else
                        {
                            Mails.Enqueue(new(to[^1], text.ToString()));
                            return;
                        }
                        break;
                    case "QUIT":
                        await Say(stream, "221 bye");
                        return;
                    default:
                        await Say(stream, "250 OK");
                        break;
                }
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    private async Task<string> Ask(Stream stream, string what)
    {
        await Say(stream, $"334 {what}");
        return await Hear(stream) ?? "";
    }

    private Task Say(Stream stream, string line) => stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), closing.Token).AsTask();

    /// <summary>Byte by byte: what comes after STARTTLS is for the encrypted stream.</summary>
    private async Task<string?> Hear(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, closing.Token) == 1)
        {
            if (one[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }
        return null;
    }

    private static string Plain(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}

/// <summary>A mail as it came, taken apart by RFC 5322, 2045 and 2047.</summary>
internal sealed partial record ReceivedMail(string To, string Raw)
{
    private (Dictionary<string, string> Headers, string Body) Whole => Split(Raw);

    public string Header(string name) => Whole.Headers.GetValueOrDefault(name, "");
    public string Subject => Words().Replace(Header("Subject"), m => m.Groups["way"].Value is "B" or "b"
        ? Encoding.UTF8.GetString(Convert.FromBase64String(m.Groups["text"].Value))
        : Quoted(m.Groups["text"].Value.Replace('_', ' '))).Trim();

    public string Text => Part("text/plain");
    public string Html => Part("text/html");

    private string Part(string type)
    {
        var boundary = Boundary().Match(Header("Content-Type")).Groups["name"].Value;
        var part = Whole.Body.Split("--" + boundary).Skip(1).Select(p => Split(p.TrimStart('\r', '\n')))
            .First(p => p.Headers.GetValueOrDefault("Content-Type", "").StartsWith(type, StringComparison.Ordinal));
        part.Headers["Content-Transfer-Encoding"].ShouldBe("quoted-printable");
        return Quoted(part.Body);
    }

    private static (Dictionary<string, string> Headers, string Body) Split(string raw)
    {
        var end = raw.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        // A line that begins with a space goes on with the one before.
        foreach (var line in Regex.Replace(raw[..end], "\r\n(?=[ \t])", "", RegexOptions.None, TimeSpan.FromSeconds(1)).Split("\r\n"))
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon) headers[line[..colon]] = line[(colon + 1)..].Trim();
        return (headers, raw[(end + 4)..]);
    }

    private static string Quoted(string text)
    {
        var bytes = new List<byte>();
        text = text.Replace("=\r\n", "", StringComparison.Ordinal);
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '=' && i + 2 < text.Length)
            {
                bytes.Add(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
            else bytes.AddRange(Encoding.UTF8.GetBytes(text, i, 1));
        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(@"=\?utf-8\?(?<way>[bBqQ])\?(?<text>[^?]*)\?=\s*", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Words();

    [GeneratedRegex("""boundary="?(?<name>[^";]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Boundary();
}
