using System.Net;
using System.Text;
using AngleSharp.Html.Parser;
using Dapper;
using Laurel.App.Features.ApiKeys;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.App.Tests.Features.Achievements;
using Laurel.App.Tests.Platform;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.ApiKeys;

public sealed class ApiKeyTests
{
    private const string Door = "/api/v1/activities";

    [Fact]
    public async Task Key_with_the_scope_is_let_in_and_its_use_noted()
    {
        await using var app = await LaurelApp.Start();
        var program = app.WithKey("activities:write");
        (await Post(program)).ShouldBe(HttpStatusCode.OK);
        app.Time.Advance(TimeSpan.FromSeconds(5));
        await Post(program);
        var keys = app.Services.GetRequiredService<ApiKeyStore>();
        keys.List().Single().LastUsedAt.ShouldBe(app.Time.GetUtcNow(), "it shows at once where it was used");
        new ApiKeyStore(app.Database, app.Time).List().Single().LastUsedAt.ShouldBeNull("and elsewhere within a minute");
        keys.Flush();
        keys.List().Single().LastUsedAt.ShouldBe(app.Time.GetUtcNow());
    }

    [Fact]
    public async Task Key_without_the_scope_is_refused_in_problem_json()
    {
        await using var app = await LaurelApp.Start();
        using var answer = await app.WithKey("activities:read").PostAsync(Door, Batch());
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("This needs a key with the scope activities:write, which this key lacks.");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer lrl_abcdefghjk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Bearer lrl_")]
    [InlineData("Bearer lrl_abc_short")]
    [InlineData("Basic YTpi")]
    public async Task No_key_and_unknown_key_get_401_and_no_redirect(string? header)
    {
        await using var app = await LaurelApp.Start();
        if (header is not null) app.Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        using var answer = await app.Client.PostAsync(Door, Batch());
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Bearer");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Session_does_not_count_at_the_api()
    {
        await using var app = await LaurelApp.Start();
        (await Post(app.SignIn("admin"))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Key_does_not_count_on_pages()
    {
        await using var app = await LaurelApp.Start();
        (await app.WithKey("setup:write").GetAsync("/api-keys")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Right_id_with_another_secret_is_refused()
    {
        await using var app = await LaurelApp.Start();
        var keys = app.Services.GetRequiredService<ApiKeyStore>();
        var key = keys.Create("A", [ApiScope.All[0]], null, Actor.CommandLine);
        keys.Authenticate(key with { Secret = ApiKeyText.New().Secret }).ShouldBeNull();
        keys.Authenticate(key).ShouldNotBeNull();
    }

    [Fact]
    public async Task Revoked_and_expired_keys_are_refused()
    {
        await using var app = await LaurelApp.Start();
        var keys = app.Services.GetRequiredService<ApiKeyStore>();
        var expiring = keys.Create("A", [ApiScope.All[0]], app.Time.GetUtcNow().AddDays(1), Actor.CommandLine);
        var revoked = keys.Create("B", [ApiScope.All[0]], null, Actor.CommandLine);
        keys.Authenticate(revoked).ShouldNotBeNull();
        keys.Revoke(revoked.Id, Actor.CommandLine).ShouldBeTrue();
        keys.Revoke(revoked.Id, Actor.CommandLine).ShouldBeFalse();
        keys.Authenticate(revoked).ShouldBeNull();
        keys.Authenticate(expiring).ShouldNotBeNull();
        app.Time.Advance(TimeSpan.FromDays(1));
        keys.Authenticate(expiring).ShouldBeNull();
    }

    [Fact]
    public async Task Key_that_another_process_revokes_is_refused_within_a_second()
    {
        await using var app = await LaurelApp.Start();
        var keys = app.Services.GetRequiredService<ApiKeyStore>();
        var key = keys.Create("A", [ApiScope.All[0]], null, Actor.CommandLine);
        keys.Authenticate(key).ShouldNotBeNull();
        ActivatorUtilities.CreateInstance<ApiKeyStore>(app.Services).Revoke(key.Id, Actor.CommandLine).ShouldBeTrue();
        app.Time.Advance(TimeSpan.FromSeconds(1));
        keys.Authenticate(key).ShouldBeNull();
    }

    [Fact]
    public async Task Created_on_the_page_it_is_shown_once_and_kept_as_a_hash()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        var made = await (await LaurelApp.Post(admin, "/api-keys/new", "new-key",
            ("In.Name", "Help desk"), ("In.Scopes", "activities:write"), ("In.Days", "90"))).Content.ReadAsStringAsync();
        var start = made.IndexOf("lrl_", StringComparison.Ordinal);
        var text = made[start..made.IndexOf('<', start)].Trim();
        app.Client.DefaultRequestHeaders.Authorization = new("Bearer", text);
        (await Post(app.Client)).ShouldBe(HttpStatusCode.OK);
        var list = await admin.GetStringAsync("/api-keys");
        list.ShouldContain("Help desk");
        list.ShouldNotContain(text);
        using (var c = app.Database.Read())
            c.QuerySingle<byte[]>("SELECT hash FROM api_key").ShouldBe(ApiKeyText.Parse(text)!.Hash());

        await LaurelApp.Post(admin, "/api-keys", $"revoke-{ApiKeyText.Parse(text)!.Id}");
        (await Post(app.Client)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Page_shows_an_example_that_this_site_takes()
    {
        await using var app = await LaurelApp.Start();
        var problems = new YamlProblems("setup.yaml");
        app.Services.GetRequiredService<ApplySetup>().Run(new SetupReader(problems).Read(
            "activity-types: [ { id: lost-call, person: optional }, { id: deal-won } ]")!, problems, Actor.CommandLine, plan: false);
        app.Database.Write((c, t) =>
        {
            c.Execute("UPDATE person SET active = 0 WHERE id IN ('agent', 'colleague', 'other')", transaction: t);
            // A key as an import may have made it.
            c.Execute("INSERT INTO person (id, name, created_at) VALUES ('O''Neil', 'Ona', 0)", transaction: t);
            Rulebook.TouchFloor(c, t);
        });

        var page = await Made(app, app.SignIn("admin"));
        var example = page.QuerySelector("pre")!;
        example.TextContent.ShouldContain($"curl {app.Address.GetLeftPart(UriPartial.Authority)}/api/v1/activities");
        example.GetAttribute("data-origin").ShouldBe(app.Address.GetLeftPart(UriPartial.Authority));
        // As a shell reads what stands in single quotes.
        var body = example.TextContent[(example.TextContent.IndexOf("-d '", StringComparison.Ordinal) + 4)..]
            .Trim().TrimEnd('\'').Replace("'\\''", "'", StringComparison.Ordinal);
        app.Client.DefaultRequestHeaders.Authorization = new("Bearer", page.QuerySelector("#key-text")!.TextContent);
        var answer = await app.Client.PostAsync(Door, new StringContent(body, Encoding.UTF8, "application/cloudevents+json"));
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"accepted\":1");
        using var connection = app.Database.Read();
        connection.QuerySingle<(string, string)>(
            "SELECT t.id, p.id FROM activity a JOIN activity_type t ON t.key = a.type JOIN person p ON p.key = a.person")
            .ShouldBe(("deal-won", "O'Neil"));
    }

    [Fact]
    public async Task Page_of_a_site_without_types_says_what_comes_first()
    {
        await using var app = await LaurelApp.Start();
        var page = await Made(app, app.SignIn("admin"));
        page.QuerySelector("pre")!.TextContent.ShouldContain("/api/v1/setup");
        page.QuerySelector("main a[href='/people/new']").ShouldNotBeNull();
        page.QuerySelector("main")!.TextContent.ShouldContain("declares activity types");
    }

    private static async Task<AngleSharp.Dom.IDocument> Made(LaurelApp app, HttpClient admin) => await new HtmlParser().ParseDocumentAsync(
        await (await LaurelApp.Post(admin, "/api-keys/new", "new-key", ("In.Name", "Help desk"), ("In.Scopes", "activities:write")))
            .Content.ReadAsStringAsync());

    [Fact]
    public async Task Page_that_is_sent_again_makes_no_second_key()
    {
        await using var app = await LaurelApp.Start();
        var admin = app.SignIn("admin");
        var form = await new HtmlParser().ParseDocumentAsync(await admin.GetStringAsync("/api-keys/new"));
        var once = form.QuerySelector("input[name='In.Once']")!.GetAttribute("value")!;
        async Task<HttpStatusCode> Send() => (await LaurelApp.Post(admin, "/api-keys/new", "new-key", ("In.Name", "Help desk"),
            ("In.Scopes", "activities:write"), ("In.Once", once))).StatusCode;
        (await Send()).ShouldBe(HttpStatusCode.OK);
        (await Send()).ShouldBe(HttpStatusCode.Conflict);
        app.Services.GetRequiredService<ApiKeyStore>().List().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Page_without_name_or_scope_makes_nothing()
    {
        await using var app = await LaurelApp.Start();
        var answer = await LaurelApp.Post(app.SignIn("admin"), "/api-keys/new", "new-key", ("In.Name", " "));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        app.Services.GetRequiredService<ApiKeyStore>().List().ShouldBeEmpty();
    }

    [Fact]
    public async Task New_key_s_line_says_for_whom_it_counts_and_can_be_copied()
    {
        await using var app = await RecognitionDesk.Open();
        var answer = await LaurelApp.Post(app.SignIn("admin"), "/api-keys/new", "new-key", ("In.Name", "Help desk"),
            ("In.Scopes", "activities:write"));
        var page = await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
        page.QuerySelector(".key-made")!.TextContent.ShouldContain("it counts at once as work of Greta Agent");
        page.QuerySelector("#try-line")!.TextContent.ShouldContain("\"person\":\"agent\"");
        page.QuerySelector("[data-copy=try-line]").ShouldNotBeNull();
    }

    [Fact]
    public void Parse_of_a_new_key_gives_it_back()
    {
        for (var i = 0; i < 200; i++)
        {
            var key = ApiKeyText.New();
            var read = ApiKeyText.Parse(key.ToString());
            read!.Id.ShouldBe(key.Id);
            read.Secret.ShouldBe(key.Secret);
        }
    }

    private static async Task<HttpStatusCode> Post(HttpClient program)
    {
        using var answer = await program.PostAsync(Door, Batch());
        return answer.StatusCode;
    }

    private static StringContent Batch() => new("[]", Encoding.UTF8, "application/cloudevents-batch+json");
}
