using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Mail;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Localisation;
using Laurel.Storage;

namespace Laurel.App.Features.Digests;

/// <summary>A digest that was due and waits to be sent.</summary>
/// <param name="Due">UTC milliseconds.</param>
public sealed record WaitingDigest(long Person, DigestKind Kind, long Due, int Attempts);

/// <summary>
/// Sends what <see cref="DueDigests"/> noted, on a node that serves, one after the other and beside all other work: a mail server may be
/// slow. That it is being sent is committed before the server hears of it, so that whatever happens then nobody is mailed twice.
/// </summary>
public sealed class SendDigests(
    Database database, IServiceScopeFactory scopes, AccountStore accounts, DueDigests digests, Mailer mailer, TimeProvider time,
    ILogger<SendDigests> log)
    : BackgroundService
{
    private const int Batch = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>After each try that the server put off; then it is given up.</summary>
    private static readonly TimeSpan[] Waits =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(45), TimeSpan.FromMinutes(90)];

    private readonly Lock running = new();

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                RunDue(stoppingToken);
            }
            catch (Exception failure)
            {
                if (Outage.Is(failure)) log.LogWarning("Digests wait for the database: {Why}", failure.Message);
                else log.LogError(failure, "Digests could not be sent; it is tried again.");
            }
            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sends all that waits, and says how many were handed over.</summary>
    public int RunDue(CancellationToken cancel = default)
    {
        lock (running)
        {
            var sent = 0;
            while (!cancel.IsCancellationRequested)
            {
                List<WaitingDigest> waiting;
                using (var connection = database.Read()) waiting = Waiting(connection, Now);
                if (waiting.Count == 0) break;
                foreach (var digest in waiting.TakeWhile(_ => !cancel.IsCancellationRequested))
                    if (Send(digest)) sent++;
            }
            return sent;
        }
    }

    private static List<WaitingDigest> Waiting(DbConnection connection, long now) =>
        [.. connection.Query<(long Person, string Kind, long Due, long Attempts)>(
            """
            SELECT person, kind, due, attempts FROM digest WHERE state = 'waiting' AND try_at <= @now
            ORDER BY try_at, person, kind LIMIT @Batch
            """, new { now, Batch })
            .Select(d => new WaitingDigest(d.Person, DigestKinds.Find(d.Kind) ?? DigestKind.Own, d.Due, (int)d.Attempts))];

    private bool Send(WaitingDigest digest)
    {
        string reason;
        Letter? letter;
        MailSettings settings;
        try
        {
            using var connection = database.Read();
            settings = MailSettings.Of(connection);
            (letter, reason) = Compose(connection, settings, digest);
        }
        catch (Exception failure) when (!Outage.Is(failure))
        {
            log.LogError(failure, "The digest of person {Person} could not be written.", digest.Person);
            Later(digest, failure.Message, claimed: false);
            return false;
        }
        if (letter is null)
        {
            End(digest, reason, null, from: "waiting");
            return false;
        }
        if (!Claim(digest)) return false;
        var answer = mailer.Send(settings, letter);
        switch (answer.Outcome)
        {
            case MailOutcome.Taken:
                End(digest, "sent", null, from: "sending");
                return true;
            case MailOutcome.NotNow:
                log.LogWarning("The digest of person {Person} was not sent: {Why}", digest.Person, answer.Said);
                Later(digest, answer.Said, claimed: true);
                return false;
            case MailOutcome.Refused:
                log.LogWarning("The digest of person {Person} was refused: {Why}", digest.Person, answer.Said);
                End(digest, "failed", answer.Said, from: "sending");
                return false;
            default:
                // It may have been taken: it stays as it is, and nobody sends it again.
                log.LogWarning("Whether the digest of person {Person} was taken is not known: {Why}", digest.Person, answer.Said);
                End(digest, "sending", answer.Said, from: "sending");
                return false;
        }
    }

    /// <summary>As the person would see it on the web now; or why there is nothing to send.</summary>
    private (Letter?, string Reason) Compose(DbConnection connection, MailSettings settings, WaitingDigest digest)
    {
        if (Now - digest.Due > DueDigests.TooLate.TotalMilliseconds) return (null, "late");
        if (DigestSubscription.Find(connection, null, digest.Person, digest.Kind) is not { IsOn: true } wanted
            || accounts.Find(digest.Person) is not { Active: true } account)
            return (null, "off");
        if (People.PeopleNames.Email(connection, digest.Person) is not { } address) return (null, "address");
        using var scope = scopes.CreateScope();
        var me = scope.ServiceProvider.GetRequiredService<CurrentPerson>();
        me.Become(account, Now);
        var (culture, ui) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            var language = Language.Find(account.Lang) ?? Language.English;
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (language.Culture, language.UiCulture);
            var writer = scope.ServiceProvider.GetRequiredService<DigestWriter>();
            if (!writer.May(digest.Kind)) return (null, "off");
            return writer.Write(connection, digest.Kind, wanted.Schedule,
                digests.Before(connection, digest.Person, wanted.Schedule, digest.Due), digest.Due) is { } content
                ? (writer.Letter(settings, content, wanted.Schedule, address, digest.Due, digest.Kind), "") : (null, "nothing");
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, ui);
        }
    }

    /// <summary>Committed before anything is sent; false where another node was faster.</summary>
    public bool Claim(WaitingDigest digest) => database.Write((c, t) => c.Execute(
        $"UPDATE digest SET state = 'sending', attempts = attempts + 1 WHERE {One} AND state = 'waiting'", Key(digest), t)) == 1;

    private void End(WaitingDigest digest, string state, string? error, string from) => database.Write((c, t) => c.Execute(
        $"UPDATE digest SET state = @state, error = @error WHERE {One} AND state = @from",
        new { digest.Person, kind = digest.Kind.Id(), digest.Due, state, error, from }, t));

    private void Later(WaitingDigest digest, string error, bool claimed)
    {
        var more = digest.Attempts < Waits.Length;
        database.Write((c, t) => c.Execute(
            $"""
            UPDATE digest SET state = @state, error = @error, try_at = @at{(claimed ? "" : ", attempts = attempts + 1")}
            WHERE {One} AND state = @from
            """, new
            {
                digest.Person, kind = digest.Kind.Id(), digest.Due, error, state = more ? "waiting" : "failed",
                at = Now + (more ? (long)Waits[digest.Attempts].TotalMilliseconds : 0), from = claimed ? "sending" : "waiting",
            }, t));
    }

    private const string One = "person = @Person AND kind = @kind AND due = @Due";

    private static object Key(WaitingDigest digest) => new { digest.Person, kind = digest.Kind.Id(), digest.Due };
}
