using System.Globalization;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Tests.Platform.Localisation;

public sealed class FigureTests
{
    [Theory]
    [InlineData("en", Unit.Number, "1284", "1,284")]
    [InlineData("en", Unit.Number, "4.25", "4.3")]
    [InlineData("en", Unit.Number, "4.02", "4")]
    [InlineData("en", Unit.Percent, "94.2", "94.2%")]
    [InlineData("en", Unit.Seconds, "4.5", "4.5 s")]
    [InlineData("en", Unit.Seconds, "45", "45 s")]
    [InlineData("en", Unit.Seconds, "59.7", "1:00 min")]
    [InlineData("en", Unit.Seconds, "318", "5:18 min")]
    [InlineData("en", Unit.Seconds, "3599.9", "1:00 h")]
    [InlineData("en", Unit.Seconds, "45600", "12:40 h")]
    [InlineData("en", Unit.Currency, "1250", "1,250")]
    [InlineData("en", Unit.Currency, "1250.5", "1,250.50")]
    [InlineData("en", Unit.Points, "12", "12 pts")]
    [InlineData("lt", Unit.Number, "1284.5", "1 284,5")]
    [InlineData("lt", Unit.Percent, "94.2", "94,2 %")]
    [InlineData("lt", Unit.Seconds, "318", "5:18 min.")]
    public void Figure_of_a_unit_reads(string language, Unit unit, string amount, string expected) =>
        In(language, texts => Figure.Of(unit, Amount.Parse(amount)!.Value, texts).ToString())
            .Replace('\u00a0', ' ').Replace('\u202f', ' ').ShouldBe(expected);

    [Theory]
    [InlineData("en", "Ace")]
    [InlineData("lt", "Asas")]
    public void LocalText_is_in_the_readers_language(string language, string expected) =>
        In(language, _ => LocalText.Parse("""{"en":"Ace","lt":"Asas"}""").ToString()).ShouldBe(expected);

    [Fact]
    public void LocalText_without_the_readers_language_is_in_english() =>
        In("lt", _ => LocalText.Parse("""{"en":"Ace"}""").ToString()).ShouldBe("Ace");

    private static string In(string code, Func<IStringLocalizer<Ui>, string> say)
    {
        var language = Language.Find(code)!;
        var (before, beforeUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (language.Culture, language.UiCulture);
        try
        {
            using var services = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();
            return say(services.GetRequiredService<IStringLocalizer<Ui>>());
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, beforeUi);
        }
    }
}
