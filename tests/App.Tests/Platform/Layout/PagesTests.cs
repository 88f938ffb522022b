using System.Net;
using AngleSharp.Html.Parser;
using Laurel.App.Platform.Http;

namespace Laurel.App.Tests.Platform.Layout;

public sealed class PagesTests
{
    [Fact]
    public async Task Answer_carries_the_strict_policy()
    {
        await using var app = await LaurelApp.Start();
        var page = await Get(app, "/error/404");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldBe(SecurityHeaders.Policy);
        SecurityHeaders.Policy.ShouldNotContain("unsafe-inline");
        page.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        var html = await page.Content.ReadAsStringAsync();
        new HtmlParser().ParseDocument(html).QuerySelectorAll("script:not([src]), style, [onclick], [style]").ShouldBeEmpty();
    }

    /// <summary>Forty badges on a page would weigh half as much again with all that is said of a page.</summary>
    [Fact]
    public async Task Picture_carries_what_it_needs_and_no_more()
    {
        await using var app = await LaurelApp.Start();
        var art = await Get(app, "/art/call-keeper-3.svg");
        art.StatusCode.ShouldBe(HttpStatusCode.OK);
        art.Headers.GetValues("Content-Security-Policy").Single().ShouldBe(SecurityHeaders.PartPolicy);
        art.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        (art.Headers.ToString().Length + art.Content.Headers.ToString().Length).ShouldBeLessThan(400);
    }

    [Fact]
    public async Task Page_that_is_not_open_names_the_permission_that_is_missing()
    {
        await using var app = await LaurelApp.Start();
        var agent = app.SignIn("agent");
        var answer = await agent.SendAsync(new(HttpMethod.Get, "/api-keys") { Headers = { { "Accept", "text/html" } } });
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync()).QuerySelector(".empty-missing")!.TextContent
            .ShouldContain("Manage API keys");
        var program = await agent.SendAsync(new(HttpMethod.Get, "/api-keys") { Headers = { { "Accept", "application/json" } } });
        (await program.Content.ReadAsStringAsync()).ShouldContain("This needs the permission api-keys.manage, which you do not have.");
    }

    [Fact]
    public async Task Missing_page_says_what_to_do_in_the_browsers_language()
    {
        await using var app = await LaurelApp.Start();
        var answer = await Get(app, "/nowhere?x=1", ("Accept-Language", "lt"));
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var page = new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());
        page.DocumentElement.GetAttribute("lang").ShouldBe("lt");
        page.QuerySelector("h1")!.TextContent.ShouldBe("Tokio puslapio nėra");
        page.QuerySelector("input[name=return]")!.GetAttribute("value").ShouldBe("/nowhere?x=1");
    }

    [Fact]
    public async Task Preferences_without_the_forms_token_are_refused_with_a_page()
    {
        await using var app = await LaurelApp.Start();
        var answer = await Post(app, [new("theme", "dark")]);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("This form has expired");
        answer.Headers.TryGetValues("Set-Cookie", out var cookies);
        (cookies ?? []).ShouldNotContain(cookie => cookie.StartsWith("laurel-theme", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/nowhere", "/nowhere")]
    [InlineData("//elsewhere.example/x", "/")]
    public async Task Preferences_are_kept_and_lead_back_on_this_site(string back, string expected)
    {
        await using var app = await LaurelApp.Start();
        var form = new HtmlParser().ParseDocument(await (await Get(app, "/nowhere")).Content.ReadAsStringAsync());
        var token = form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var answer = await Post(app,
            [new("__RequestVerificationToken", token), new("theme", "dark"), new("lang", "lt"), new("return", back)]);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.OriginalString.ShouldBe(expected);
        var page = new HtmlParser().ParseDocument(await (await Get(app, "/nowhere")).Content.ReadAsStringAsync());
        page.DocumentElement.GetAttribute("data-theme").ShouldBe("dark");
        page.DocumentElement.GetAttribute("lang").ShouldBe("lt");
    }

    [Fact]
    public async Task Files_named_by_content_may_be_kept_for_good()
    {
        await using var app = await LaurelApp.Start();
        var font = Path.GetFileName(Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src/App/wwwroot/made"), "*.woff2").First());
        (await app.Client.GetAsync($"/made/{font}")).Headers.CacheControl!.ToString().ShouldContain("immutable");
        (await app.Client.GetAsync("/made/app.css")).Headers.CacheControl!.ToString().ShouldNotContain("immutable");
    }

    [Fact]
    public async Task Style_page_is_for_development_only()
    {
        await using var app = await LaurelApp.Start();
        (await Get(app, "/style")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static Task<HttpResponseMessage> Get(LaurelApp app, string path, params (string Name, string Value)[] headers) =>
        Send(app, new HttpRequestMessage(HttpMethod.Get, path), headers);

    private static Task<HttpResponseMessage> Post(LaurelApp app, KeyValuePair<string, string>[] fields) =>
        Send(app, new HttpRequestMessage(HttpMethod.Post, "/preferences") { Content = new FormUrlEncodedContent(fields) }, []);

    private static Task<HttpResponseMessage> Send(LaurelApp app, HttpRequestMessage request, (string Name, string Value)[] headers)
    {
        request.Headers.Add("Accept", "text/html");
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return app.Client.SendAsync(request);
    }
}
