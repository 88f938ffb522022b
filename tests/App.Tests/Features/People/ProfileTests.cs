using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Platform.Localisation;
using Laurel.App.Tests.Platform;

namespace Laurel.App.Tests.Features.People;

/// <summary>What people tell of themselves, through the pages.</summary>
public sealed class ProfileTests
{
    [Fact]
    public async Task Photo_stands_wherever_the_initials_stood_for_everybody_who_sees_colleagues()
    {
        await using var app = await LaurelApp.Start();
        var agent = app.SignIn("agent");
        (await Photo(await agent.GetStringAsync("/people/agent"))).ShouldBeNull();
        (await Send(agent, Pictures.Png())).StatusCode.ShouldBe(HttpStatusCode.Found);
        var address = (await Photo(await agent.GetStringAsync("/people/agent"))).ShouldNotBeNull();
        // Colleagues of another team, the leader's list, the own top bar.
        (await Photo(await app.SignIn("other").GetStringAsync("/people/agent"))).ShouldBe(address);
        (await app.SignIn("leader").GetStringAsync("/people")).ShouldContain(address);
        (await agent.GetStringAsync("/leaderboard")).ShouldContain(address);

        // Another picture has another address; the old one is gone.
        (await Send(agent, Pictures.Png(shade: 200))).StatusCode.ShouldBe(HttpStatusCode.Found);
        var next = (await Photo(await agent.GetStringAsync("/people/agent"))).ShouldNotBeNull();
        next.ShouldNotBe(address);
        (await agent.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await LaurelApp.Post(agent, "/profile", "photo-removed")).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await agent.GetAsync(next)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Photo(await agent.GetStringAsync("/people/agent"))).ShouldBeNull();
    }

    [Fact]
    public async Task Photo_is_sent_as_a_picture_and_nothing_else_and_only_to_who_may_see_it()
    {
        await using var app = await LaurelApp.Start();
        var agent = app.SignIn("agent");
        await Send(agent, Pictures.Jpeg());
        var address = (await Photo(await agent.GetStringAsync("/people/agent"))).ShouldNotBeNull();
        using (var answer = await app.SignIn("colleague").GetAsync(address))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Content.Headers.ContentType!.ToString().ShouldBe("image/jpeg");
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            answer.Headers.GetValues("Content-Security-Policy").ShouldBe(["sandbox; default-src 'none'"]);
            answer.Headers.CacheControl!.ToString().ShouldBe("max-age=31536000, private, immutable");
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            // Turned as before, and without the place.
            System.Text.Encoding.Latin1.GetString(bytes).ShouldNotContain(Pictures.Secret);
            bytes.AsSpan().IndexOf("Exif"u8).ShouldBePositive();
        }
        (await app.NewClient().GetAsync(address)).Headers.Location!.ToString().ShouldStartWith("/sign-in");
        (await agent.GetAsync("/photos/0123456789abcdef0123456789abcdef")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        // Who has left is seen by who looks after people.
        app.Database.Write((c, t) => c.Execute("UPDATE person SET active = 0 WHERE id = 'agent'", transaction: t));
        (await app.SignIn("colleague").GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await app.SignIn("admin").GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static readonly (string What, byte[] File, string Says)[] Hostile =
    [
        ("nothing", [], "There is nothing in it"),
        ("svg", Pictures.Text("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "This is no JPEG, PNG or WebP"),
        ("html called png", Pictures.Text("<!doctype html><script>alert(1)</script>"), "This is no JPEG, PNG or WebP"),
        ("gif", Pictures.Text("GIF89a\u0001\0\u0001\0"), "This is no JPEG, PNG or WebP"),
        ("script behind a signature", [.. Pictures.Png()[..8], .. Pictures.Text("<script>alert(1)</script>")], "This picture is damaged"),
        ("cut off", Pictures.Png()[..^20], "This picture is damaged"),
        ("cut off jpeg", Pictures.Jpeg()[..^3], "This picture is damaged"),
        ("bomb", Pictures.Png(unpacked: new byte[40_000_000]), "This picture is damaged"),
        ("huge sides", Pictures.Png(60_000, 60_000), "This picture has too many pixels"),
        ("small", Pictures.Png(20, 20), "This picture is too small"),
        ("moving png", Pictures.Png(extra: Pictures.Chunk("acTL", new byte[8])), "This picture moves"),
        ("moving webp", Pictures.WebP(flags: 2), "This picture moves"),
        ("heavy", [.. Pictures.Png(), .. new byte[1 << 20]], "This picture is heavier than 1 MB"),
    ];

    [Fact]
    public async Task File_that_is_no_safe_photo_is_refused_with_what_to_do_and_the_photo_stays()
    {
        await using var app = await LaurelApp.Start();
        var agent = app.SignIn("agent");
        await Send(agent, Pictures.Png());
        var before = (await Photo(await agent.GetStringAsync("/people/agent"))).ShouldNotBeNull();
        foreach (var (what, file, says) in Hostile)
        {
            using var answer = await Send(agent, file);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, what);
            (await answer.Content.ReadAsStringAsync()).ShouldContain(says, customMessage: what);
        }
        (await Photo(await agent.GetStringAsync("/people/agent"))).ShouldBe(before);
        using var c = app.Database.Read();
        c.ExecuteScalar<long>("SELECT count(*) FROM photo").ShouldBe(1);
    }

    [Fact]
    public async Task Picture_that_is_something_else_as_well_is_stored_without_the_rest()
    {
        await using var app = await LaurelApp.Start();
        var agent = app.SignIn("agent");
        byte[][] files =
        [
            [.. Pictures.Png(), .. Pictures.Text("<script>alert(1)</script>")],
            Pictures.Png(extra: Pictures.Chunk("tEXt", Pictures.Text("a\0<script>alert(1)</script>"))), Pictures.Jpeg(), Pictures.WebP(),
        ];
        foreach (var file in files)
        {
            (await Send(agent, file)).StatusCode.ShouldBe(HttpStatusCode.Found);
            using var c = app.Database.Read();
            var stored = System.Text.Encoding.Latin1.GetString(c.QuerySingle<byte[]>("SELECT bytes FROM photo"));
            stored.ShouldNotContain("<script>");
            stored.ShouldNotContain(Pictures.Secret);
        }
    }

    [Fact]
    public async Task Upload_that_is_too_large_for_any_form_is_no_defect()
    {
        await using var app = await LaurelApp.Start();
        var agent = app.SignIn("agent");
        HttpStatusCode? answered = null;
        try
        {
            answered = (await Send(agent, new byte[31 << 20])).StatusCode;
        }
        catch (HttpRequestException)
        {
            // The connection is closed while it is still sending.
        }
        if (answered is { } code) ((int)code).ShouldBeInRange(400, 422);
        (await agent.GetAsync("/profile")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Words_are_plain_text_with_their_lines_and_languages_are_named_for_the_reader()
    {
        await using var app = await LaurelApp.Start();
        var agent = app.SignIn("agent");
        (await Say(agent, "  Cards & loans.\r\n\r\n\r\n\r\n<b>Ask me</b>\u0007  ", "lt", "en", "uk")).StatusCode
            .ShouldBe(HttpStatusCode.Found);
        var page = await Words(await app.SignIn("other").GetStringAsync("/people/agent"));
        page.ShouldContain("Cards & loans.\n\n<b>Ask me</b>");
        page.ShouldContain("Speaks: English, Lithuanian, Ukrainian");

        var lithuanian = app.SignIn("colleague");
        lithuanian.DefaultRequestHeaders.AcceptLanguage.ParseAdd("lt");
        (await Words(await lithuanian.GetStringAsync("/people/agent"))).ShouldContain("anglų, lietuvių, ukrainiečių");

        foreach (var (bio, language, says) in new[]
        {
            (new string('a', 501), "lt", "This is too long"), ("x", "klingon", "no language that is known here"),
        })
        {
            var refused = await Say(agent, bio, language);
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            var text = await refused.Content.ReadAsStringAsync();
            text.ShouldContain(says);
            // What was typed stays.
            text.ShouldContain($">{bio}</textarea>");
        }
        (await Say(agent, "", [.. SpokenLanguages.All.Take(21).Select(l => l.Tag)])).StatusCode
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Say(agent, " ")).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await app.SignIn("other").GetStringAsync("/people/agent")).ShouldNotContain("In their own words");
    }

    [Fact]
    public async Task Administrator_takes_photo_and_words_away_and_the_audit_log_says_so()
    {
        await using var app = await LaurelApp.Start();
        var agent = app.SignIn("agent");
        await Send(agent, Pictures.Png());
        await Say(agent, "Rude words", "lt");
        using var c = app.Database.Read();
        var key = c.ExecuteScalar<long>("SELECT key FROM person WHERE id = 'agent'");
        var admin = app.SignIn("admin");
        (await LaurelApp.Post(admin, $"/people/{key}/edit", "photo")).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await LaurelApp.Post(admin, $"/people/{key}/edit", "bio")).StatusCode.ShouldBe(HttpStatusCode.Found);
        var page = await agent.GetStringAsync("/people/agent");
        (await Photo(page)).ShouldBeNull();
        page.ShouldNotContain("Rude words");
        page.ShouldContain("Speaks: Lithuanian");
        var audit = await admin.GetStringAsync("/audit");
        audit.ShouldContain("Removed the photo of");
        audit.ShouldContain("Removed the words about themselves of");
        audit.ShouldNotContain("Rude words");
        (await app.SignIn("leader").GetAsync($"/people/{key}/edit")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Programs_read_what_people_tell_and_their_photos()
    {
        await using var app = await LaurelApp.Start();
        var agent = app.SignIn("agent");
        var key = app.WithKey("people:read");
        (await key.GetAsync("/api/v1/people/agent/photo")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await Send(agent, Pictures.Png());
        await Say(agent, "One\nTwo", "lt", "en");
        var one = await key.GetFromJsonAsync<JsonElement>("/api/v1/people/agent");
        one.GetProperty("bio").GetString().ShouldBe("One\nTwo");
        one.GetProperty("languages").EnumerateArray().Select(l => l.GetString()).ShouldBe(["en", "lt"]);
        var hash = one.GetProperty("photo").GetString();
        (await key.GetFromJsonAsync<JsonElement>("/api/v1/people")).GetProperty("people").EnumerateArray()
            .Count(p => p.TryGetProperty("photo", out var photo) && photo.GetString() == hash).ShouldBe(1);
        using var picture = await key.GetAsync("/api/v1/people/agent/photo");
        (await picture.Content.ReadAsByteArrayAsync()).ShouldBe(Pictures.Png());
        picture.Content.Headers.ContentType!.ToString().ShouldBe("image/png");
        picture.Headers.GetValues("Content-Security-Policy").ShouldBe(["sandbox; default-src 'none'"]);
        picture.Headers.CacheControl!.NoCache.ShouldBeTrue();
        (await app.WithKey("metrics:read").GetAsync("/api/v1/people/agent/photo")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Programs_that_look_after_people_give_photos_and_take_them_away_and_the_audit_log_names_them()
    {
        await using var app = await LaurelApp.Start();
        var key = app.WithKey("setup:write");
        const string Address = "/api/v1/people/agent/photo";
        (await key.PutAsync("/api/v1/people/nobody/photo", new ByteArrayContent(Pictures.Png()))).StatusCode
            .ShouldBe(HttpStatusCode.NotFound);
        using (var given = await key.PutAsync(Address, new ByteArrayContent(Pictures.Jpeg())))
            (await given.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("photo").GetString()!.Length.ShouldBe(32);
        var shown = (await Photo(await app.SignIn("other").GetStringAsync("/people/agent"))).ShouldNotBeNull();
        foreach (var (what, file, says) in Hostile)
        {
            using var refused = await key.PutAsync(Address, new ByteArrayContent(file));
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, what);
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!.ShouldContain(says);
        }
        (await Photo(await app.SignIn("other").GetStringAsync("/people/agent"))).ShouldBe(shown);
        for (var again = 0; again < 2; again++) (await key.DeleteAsync(Address)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Photo(await app.SignIn("other").GetStringAsync("/people/agent"))).ShouldBeNull();
        using var c = app.Database.Read();
        c.Query<string>("SELECT action || ' ' || object || ' ' || via FROM audit WHERE action LIKE 'person.photo%' ORDER BY key")
            .ShouldBe(["person.photo-set Greta Agent api", "person.photo-removed Greta Agent api"]);
    }

    internal static async Task<HttpResponseMessage> Send(HttpClient browser, byte[] file)
    {
        var page = await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync("/profile"));
        var form = page.QuerySelector("form[data-photo]")!;
        using var body = new MultipartFormDataContent();
        foreach (var hidden in form.QuerySelectorAll("input[type=hidden]"))
            body.Add(new StringContent(hidden.GetAttribute("value")!), hidden.GetAttribute("name")!);
        // Whatever it is called and said to be.
        body.Add(new ByteArrayContent(file) { Headers = { ContentType = new("image/png") } }, "photo", "me.png");
        return await browser.PostAsync("/profile", body);
    }

    internal static Task<HttpResponseMessage> Say(HttpClient browser, string bio, params IEnumerable<string> languages) => LaurelApp.Post(
        browser, "/profile", "words", [("In.Bio", bio), .. languages.Select(l => ("In.Languages", l))]);

    /// <summary>Address of the photo of whose page it is.</summary>
    private static async Task<string?> Photo(string html) =>
        (await new HtmlParser().ParseDocumentAsync(html)).QuerySelector(".profile-head .avatar img")?.GetAttribute("src");

    private static async Task<string> Words(string html) =>
        (await new HtmlParser().ParseDocumentAsync(html)).QuerySelector(".profile-words")!.ParentElement!.TextContent;
}
