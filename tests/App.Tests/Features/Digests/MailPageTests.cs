using System.Net;
using System.Net.Security;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Laurel.App.Tests.Platform.Hosting;

namespace Laurel.App.Tests.Features.Digests;

/// <summary>The settings of the mail server, and a test mail by them.</summary>
public sealed class MailPageTests
{
    private const string Password = "s3cret of the server";

    [Fact]
    public async Task Password_travels_encrypted_is_kept_encrypted_and_is_in_no_log()
    {
        await using var desk = new SmtpDesk(startTls: true);
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        using (var saved = await Save(admin, desk, ("In.User", "laurel"), ("In.Password", Password), ("In.StartTls", "true")))
            saved.StatusCode.ShouldBe(HttpStatusCode.Found);
        // Nobody has said that the server's certificate is to be trusted.
        using (var refused = await Test(admin))
        {
            var said = await refused.Content.ReadAsStringAsync();
            said.ShouldContain("The mail was not sent.");
            said.ShouldContain("certificate");
        }
        desk.Mails.ShouldBeEmpty();
        desk.SignedIn.ShouldBeNull();
        using (new Trust(desk))
        using (var sent = await Test(admin))
            (await sent.Content.ReadAsStringAsync()).ShouldContain("The server took the mail.");
        desk.WasEncrypted.ShouldBeTrue();
        desk.SignedIn.ShouldBe(("laurel", Password));
        desk.Mails.ShouldHaveSingleItem().Text.ShouldContain("This is a test mail from Laurel.");
        app.Read<string>("SELECT value FROM setting WHERE name = 'mail'").ShouldNotContain(Password);
        app.Read<long>("SELECT count(*) FROM audit WHERE change LIKE '%s3cret%'").ShouldBe(0);
        var audit = await admin.GetStringAsync("/audit");
        audit.ShouldContain("Mail server");
        audit.ShouldContain("one is kept");
        (await admin.GetStringAsync("/manage/mail")).ShouldNotContain(Password);
    }

    [Fact]
    public async Task Test_mail_says_what_the_server_answered()
    {
        await using var desk = new SmtpDesk();
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        using (await Save(admin, desk)) { }
        desk.Answers.Enqueue("550 5.7.1 nobody of that name");
        using (var refused = await Test(admin))
            (await refused.Content.ReadAsStringAsync()).ShouldContain("5.7.1 nobody of that name");
        using (var saved = await Save(admin, desk, ("In.StartTls", "true"))) saved.StatusCode.ShouldBe(HttpStatusCode.Found);
        using (var without = await Test(admin))
            (await without.Content.ReadAsStringAsync()).ShouldContain("The mail was not sent.");
        await desk.DisposeAsync();
        using var gone = await Test(admin);
        (await gone.Content.ReadAsStringAsync()).ShouldContain("The mail was not sent.");
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_what_to_do_and_a_password_goes_to_no_other_server()
    {
        await using var desk = new SmtpDesk();
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        await Refused("A port is a number", ("In.Port", "0"));
        await Refused("This is not an email address.", ("In.From", "me"));
        await Refused("This is not an email address.", ("In.From", "me@example.com\r\nBcc: all@example.com"));
        await Refused("type the address of Laurel", ("In.Site", ""));
        await Refused("such as https://laurel.example.com", ("In.Site", "javascript:alert(1)"));
        await Refused("A password needs the user", ("In.Password", Password), ("In.StartTls", "true"));
        await Refused("would travel in the open", ("In.Host", "smtp.example.com"), ("In.User", "laurel"), ("In.Password", Password));
        using (var saved = await Save(admin, desk, ("In.User", "laurel"), ("In.Password", Password)))
            saved.StatusCode.ShouldBe(HttpStatusCode.Found);
        await Refused("type the password anew", ("In.Host", "mallory.example.com"), ("In.User", "laurel"), ("In.StartTls", "true"));
        (await app.SignIn("leader").GetAsync("/manage/mail")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        async Task Refused(string says, params (string, string)[] other)
        {
            using var answer = await Save(admin, desk, other);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, says);
            WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()).ShouldContain(says);
        }
    }

    private static Task<HttpResponseMessage> Save(HttpClient admin, SmtpDesk desk, params (string Name, string Value)[] other)
    {
        (string Name, string Value)[] usual =
        [
            ("In.Host", "localhost"), ("In.Port", $"{desk.Port}"), ("In.Sender", "Laurel"), ("In.From", "laurel@example.com"),
            ("In.Site", "https://laurel.example.com"),
        ];
        return LaurelApp.Post(admin, "/manage/mail", "mail", [.. usual.Where(u => other.All(o => o.Name != u.Name)), .. other]);
    }

    private static Task<HttpResponseMessage> Test(HttpClient admin) =>
        LaurelApp.Post(admin, "/manage/mail", "test", ("TestIn.To", "me@example.com"));

    /// <summary>This certificate and no other, for as long as it lasts: what an administrator does with the machine's store.</summary>
    private sealed class Trust : IDisposable
    {
#pragma warning disable SYSLIB0014, MA0039 // The mail client of the framework asks here and nowhere else.
        public Trust(SmtpDesk desk) => ServicePointManager.ServerCertificateValidationCallback = (_, shown, _, problems) =>
            problems == SslPolicyErrors.None || shown?.GetCertHashString() == desk.Certificate.GetCertHashString();

        public void Dispose() => ServicePointManager.ServerCertificateValidationCallback = null;
#pragma warning restore SYSLIB0014, MA0039
    }
}
