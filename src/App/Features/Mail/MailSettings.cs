using System.Data.Common;
using System.Globalization;
using System.Net.Mail;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;

namespace Laurel.App.Features.Mail;

/// <summary>How the organisation's mails are sent, and what stands in all of them.</summary>
/// <param name="Host">Null: no server; mails are written into a folder.</param>
/// <param name="Secret">The password as it is kept: encrypted with the keys that protect cookies. Null where there is none.</param>
/// <param name="Site">Where people reach Laurel, without a slash at the end: links in mails begin with it.</param>
/// <param name="Postal">The sender's postal address, one line at the end of each mail.</param>
public sealed partial record MailSettings(
    string? Host, int Port, bool StartTls, string? User, string? Secret, string Sender, string From, string? Site, string? Postal)
{
    public const int UsualPort = 587;
    public const int Longest = 200;

    /// <summary>Before anybody chose.</summary>
    public static readonly MailSettings Usual = new(null, UsualPort, true, null, null, "Laurel", "laurel@localhost", null, null);

    /// <summary>The setting's name in the database and in the audit log.</summary>
    private const string Setting = "mail";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static MailSettings Of(DbConnection connection, DbTransaction? transaction = null) =>
        connection.ExecuteScalar<string?>("SELECT value FROM setting WHERE name = @Setting", new { Setting }, transaction) is { } kept
            ? JsonSerializer.Deserialize<MailSettings>(kept, Json)! : Usual;

    /// <summary>What cannot be so; the name of a field, and an English text that pages translate.</summary>
    public IEnumerable<FieldProblem> Problems(bool hasPassword)
    {
        if (Host is not null && Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            yield return new(nameof(Host), Ui.Text("This is no name of a server. Type one such as smtp.example.com."));
        if (Port is < 1 or > 65_535)
            yield return new(nameof(Port), Ui.Text("A port is a number from 1 to 65535; mail servers mostly use 587."));
        if (!MailAddress.TryCreate(From, out _) || !Plain().IsMatch(From))
            yield return new(nameof(From), Ui.Text("This is not an email address."));
        if (string.IsNullOrWhiteSpace(Sender))
            yield return new(nameof(Sender), Ui.Text("Type a name: people see it before they open a mail."));
        if (Site is not null && !IsSite(Site))
            yield return new(nameof(Site), Ui.Text("Type the address with which people open Laurel, such as https://laurel.example.com."));
        if (Host is not null && Site is null)
            yield return new(nameof(Site),
                Ui.Text("Mails hold links, and the mail server's readers are elsewhere: type the address of Laurel."));
        if (hasPassword && User is null) yield return new(nameof(User), Ui.Text("A password needs the user whose it is."));
        if ((hasPassword || User is not null) && !StartTls && !IsHere(Host))
            yield return new(nameof(StartTls),
                Ui.Text("User and password would travel in the open: switch STARTTLS on, or leave them out."));
    }

    private static bool IsHere(string? host) => host is null or "localhost" or "127.0.0.1" or "::1";

    private static bool IsSite(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && uri.Query.Length == 0 && uri.Fragment.Length == 0
        && uri.UserInfo.Length == 0;

    /// <summary>Keeps it, with what changed in the audit log; of the password only that it did.</summary>
    public void Save(DbConnection connection, DbTransaction transaction, Actor actor, long now)
    {
        var before = Of(connection, transaction);
        connection.Execute(
            "INSERT INTO setting (name, value) VALUES (@Setting, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            new { Setting, value = JsonSerializer.Serialize(this, Json) }, transaction);
        Change[] changes =
        [
            new("mail-host", before.Host, Host), new("mail-port", Number(before.Port), Number(Port)),
            new("mail-starttls", before.StartTls ? "yes" : "no", StartTls ? "yes" : "no"), new("mail-user", before.User, User),
            new("mail-password", Word(before.Secret, null), Word(Secret, before.Secret)), new("mail-sender", before.Sender, Sender),
            new("mail-from", before.From, From), new("mail-site", before.Site, Site), new("mail-postal", before.Postal, Postal),
        ];
        if (changes.Any(c => c.IsReal)) Audit.Write(connection, transaction, actor, now, "setting.changed", Setting, changes);
    }

    private static string Word(string? secret, string? before) =>
        secret is null ? "none" : before is null || before == secret ? "set" : "replaced";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[^\s<>@,;""]+@[^\s<>@,;""]+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Plain();
}
