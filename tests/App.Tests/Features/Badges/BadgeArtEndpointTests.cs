using System.IO.Compression;
using System.Net;
using Laurel.App.Features.Badges;
using Laurel.App.Tests.Platform;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace Laurel.App.Tests.Features.Badges;

public sealed class BadgeArtEndpointTests : IAsyncLifetime
{
    private WebApplication app = null!;
    private HttpClient client = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        app = builder.Build();
        app.MapBadgeArt();
        await app.StartAsync();
        client = app.GetTestClient();
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    private Task<HttpResponseMessage> Get(string path) => client.GetAsync(new Uri(path, UriKind.Relative));

    [Theory]
    [InlineData("luminary", BadgeLevel.Three, BadgeState.Earned, false)]
    [InlineData("luminary", BadgeLevel.Single, BadgeState.Locked, true)]
    [InlineData("star-of-the-week", BadgeLevel.Two, BadgeState.Hidden, false)]
    public async Task Art_at_its_href_is_the_drawing_and_may_be_kept_for_ever(string key, BadgeLevel level, BadgeState state, bool mini)
    {
        var response = await Get(BadgeArt.Href(key, level, state, mini)!);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("image/svg+xml");
        response.Headers.GetValues("Cache-Control").ShouldBe(["public, max-age=31536000, immutable"]);
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.Vary.ShouldBe(["Accept-Encoding"]);
        var expected = state == BadgeState.Hidden
            ? BadgeArt.Svg(BadgeFamilies.Find("secret-burst")!, level, state, mini)
            : BadgeArt.Svg(BadgeFamilies.Find(key)!, level, state, mini);
        (await response.Content.ReadAsStringAsync()).ShouldBe(expected);
    }

    [Fact]
    public async Task Art_is_served_by_the_application_to_who_is_not_signed_in()
    {
        await using var laurel = await LaurelApp.Start();
        (await laurel.Client.GetAsync(new Uri("/art/luminary-3.svg", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Art_without_a_version_may_be_kept() =>
        (await Get("/art/luminary-3.svg")).Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromDays(365));

    [Fact]
    public async Task Art_of_another_version_is_sent_but_not_kept()
    {
        var response = await Get("/art/luminary-3.svg?v=0123456789");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Art_goes_compressed_to_who_takes_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/art/guardian-2.svg");
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        var response = await client.SendAsync(request);
        response.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        await using var plain = new BrotliStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        (await reader.ReadToEndAsync()).ShouldBe(BadgeArt.Svg(BadgeFamilies.Find("guardian")!, BadgeLevel.Two, BadgeState.Earned, false));
    }

    [Fact]
    public async Task Art_does_not_go_compressed_to_who_refuses_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/art/guardian-2.svg");
        request.Headers.AcceptEncoding.ParseAdd("br;q=0");
        (await client.SendAsync(request)).Content.Headers.ContentEncoding.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("nobody-1.svg")]
    [InlineData("luminary.svg")]
    [InlineData("luminary-4.svg")]
    [InlineData("luminary-+1.svg")]
    [InlineData("luminary-3")]
    [InlineData("luminary-3.png")]
    [InlineData("luminary-3-mini-locked.svg")]
    [InlineData("luminary-3-locked-hidden.svg")]
    [InlineData("LUMINARY-3.svg")]
    [InlineData("-1.svg")]
    [InlineData("1.svg")]
    public async Task Art_that_does_not_exist_is_not_found(string name)
    {
        (await Get("/art/" + name)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        BadgeArtFile.Parse(name).ShouldBeNull();
    }
}
