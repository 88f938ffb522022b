using Laurel.App.Platform.Localisation;

namespace Laurel.App.Tests.Platform.Localisation;

public sealed class LanguageTests
{
    [Theory]
    [InlineData("lt", "en", "en", "lt")]
    [InlineData(null, "lt", "en", "lt")]
    [InlineData("xx", "yy", "lt", "lt")]
    [InlineData(null, null, "lt-LT,en;q=0.8", "lt")]
    [InlineData(null, null, "pl,en-US;q=0.7,lt;q=0.9", "lt")]
    [InlineData(null, null, "lt;q=0,en", "en")]
    [InlineData(null, null, "pl,de;q=0.5", "en")]
    [InlineData(null, null, "not a ; header ;;", "en")]
    [InlineData(null, null, null, "en")]
    public void Choose_setting_then_cookie_then_browser_then_english(string? setting, string? cookie, string? accept, string expected) =>
        Language.Choose(setting, cookie, accept).Code.ShouldBe(expected);
}
