using Laurel.App.Platform.Http;

namespace Laurel.App.Tests.Platform.Http;

public sealed class LocalUrlTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/achievements?show=earned#wall")]
    [InlineData("/people/šarūnas")]
    public void IsLocal_own_path_is_kept(string url) => LocalUrl.OrHome(url).ShouldBe(url);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("achievements")]
    [InlineData("//elsewhere.example")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("/\t/elsewhere.example")]
    [InlineData("\\/elsewhere.example")]
    [InlineData("https://elsewhere.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/ok\r\nSet-Cookie: a=b")]
    public void IsLocal_anything_else_leads_home(string? url) => LocalUrl.OrHome(url).ShouldBe("/");
}
