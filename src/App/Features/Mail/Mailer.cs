using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Laurel.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace Laurel.App.Features.Mail;

/// <summary>A mail with the same content as plain text and as HTML.</summary>
/// <param name="Id">The left part of its Message-ID: the same whenever the same mail is sent again.</param>
public sealed record Letter(string To, string ToName, string Subject, string Text, string Html, string Id, DateTimeOffset At)
{
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}

public enum MailOutcome
{
    /// <summary>The server took it, or it lies in the folder.</summary>
    Taken,

    /// <summary>It certainly was not taken, and may be later: nobody answered, or the server said so.</summary>
    NotNow,

    /// <summary>The server will not take it.</summary>
    Refused,

    /// <summary>The connection ended before the server said whether it took it.</summary>
    Unknown,
}

/// <param name="Said">What the server answered, or what went wrong, in its own words; of a mail in the folder its file.</param>
public sealed record MailAnswer(MailOutcome Outcome, string Said);

/// <summary>Where mails are written while no server is configured.</summary>
public sealed record MailFolder(string Path)
{
    public static MailFolder Beside(Database database) => new(database is SqliteDatabase file
        ? System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file.Path)!, "mails") : System.IO.Path.GetFullPath("mails"));
}

/// <summary>Hands mails to the organisation's server, or writes them into a folder where there is none.</summary>
public sealed class Mailer(MailFolder folder, IDataProtectionProvider protection)
{
    /// <summary>How long a whole conversation with the server may take.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly IDataProtector secrets = protection.CreateProtector("laurel.mail.password");

    public string Folder => folder.Path;

    /// <summary>A password as it is kept.</summary>
    public string Encrypt(string password) => secrets.Protect(password);

    /// <summary>Waits for the server's answer, at most <see cref="Longest"/>.</summary>
    public MailAnswer Send(MailSettings settings, Letter letter)
    {
        using var message = Message(settings, letter);
        if (settings.Host is null) return Write(message, letter);
        string? password = null;
        try
        {
            if (settings.Secret is { } secret) password = secrets.Unprotect(secret);
        }
        catch (CryptographicException)
        {
            return new(MailOutcome.NotNow, "The password cannot be decrypted any more: type it anew.");
        }
        var began = Stopwatch.GetTimestamp();
        using var client = new SmtpClient(settings.Host, settings.Port)
        {
            EnableSsl = settings.StartTls, Timeout = (int)Longest.TotalMilliseconds,
            Credentials = settings.User is { } user ? new NetworkCredential(user, password) : null,
        };
        try
        {
            client.Send(message);
            return new(MailOutcome.Taken, $"{settings.Host}:{settings.Port.ToString(CultureInfo.InvariantCulture)}");
        }
        catch (Exception failure) when (failure is SmtpException or IOException or InvalidOperationException or AuthenticationException)
        {
            return new(Outcome(failure, Stopwatch.GetElapsedTime(began) < Longest), Said(failure));
        }
    }

    /// <summary>
    /// What is not certain counts as unknown: whoever sends again what may have been taken mails twice.
    /// </summary>
    private static MailOutcome Outcome(Exception failure, bool inTime)
    {
        if (failure is SmtpException { StatusCode: var code and not SmtpStatusCode.GeneralFailure })
            return (int)code switch
            {
                < 500 => MailOutcome.NotNow,
                // Who signs in is wrong, or how; that is the organisation's to mend, and the mail is as good as before.
                530 or 534 or 535 or 538 => MailOutcome.NotNow,
                _ => MailOutcome.Refused,
            };
        var causes = new List<Exception>();
        for (var cause = failure.InnerException; cause is not null; cause = cause.InnerException) causes.Add(cause);
        // The name was not found, nobody listened, or the certificate was not trusted: that is before any mail is handed over.
        if (causes.Exists(c => c is AuthenticationException) || causes is [SocketException, ..]) return MailOutcome.NotNow;
        // The server closed or fell silent in the middle of it; else it lacks what the settings ask for, such as STARTTLS.
        return causes.Count > 0 || !inTime ? MailOutcome.Unknown : MailOutcome.NotNow;
    }

    private static string Said(Exception failure)
    {
        var said = new List<string>();
        for (var cause = failure; cause is not null; cause = cause.InnerException)
            if (!said.Contains(cause.Message, StringComparer.Ordinal)) said.Add(cause.Message);
        if (failure is SmtpException { StatusCode: var code and not SmtpStatusCode.GeneralFailure })
            said.Insert(0, ((int)code).ToString(CultureInfo.InvariantCulture));
        return string.Join(" ", said);
    }

    private static MailMessage Message(MailSettings settings, Letter letter)
    {
        var message = new MailMessage(
            new MailAddress(settings.From, settings.Sender, Encoding.UTF8), new MailAddress(letter.To, letter.ToName, Encoding.UTF8))
        {
            Subject = letter.Subject, SubjectEncoding = Encoding.UTF8, HeadersEncoding = Encoding.UTF8,
        };
        message.Headers["Message-ID"] = $"<{letter.Id}@{message.From!.Host}>";
        // Nobody's absence note is wanted in return.
        message.Headers["Auto-Submitted"] = "auto-generated";
        foreach (var (name, value) in letter.Headers) message.Headers[name] = value;
        // Clients show the last part that they can.
        message.AlternateViews.Add(Part(letter.Text, MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(Part(letter.Html, MediaTypeNames.Text.Html));
        return message;
    }

    private static AlternateView Part(string text, string type)
    {
        var view = AlternateView.CreateAlternateViewFromString(text, Encoding.UTF8, type);
        view.TransferEncoding = TransferEncoding.QuotedPrintable;
        return view;
    }

    /// <summary>Under a name that tells when and what; whole, or not there.</summary>
    private MailAnswer Write(MailMessage message, Letter letter)
    {
        try
        {
            Directory.CreateDirectory(folder.Path);
            var making = Directory.CreateDirectory(Path.Combine(folder.Path, $".{letter.Id}"));
            using (var client = new SmtpClient
            {
                DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = making.FullName,
            })
                client.Send(message);
            var name = $"{letter.At.UtcDateTime.ToString("yyyy-MM-ddTHHmmssZ", CultureInfo.InvariantCulture)}-{letter.Id}.eml";
            var file = Path.Combine(folder.Path, name);
            File.Move(making.GetFiles("*.eml").Single().FullName, file, overwrite: true);
            making.Delete(recursive: true);
            return new(MailOutcome.Taken, file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SmtpException)
        {
            return new(MailOutcome.NotNow, Said(failure));
        }
    }
}
