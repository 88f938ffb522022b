using Laurel.App.Features.Today;
using Laurel.App.Platform.Localisation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Tests.Features.Today;

public sealed class GreetingTests
{
    [Theory]
    [InlineData(4, "Hello, Greta")]
    [InlineData(5, "Good morning, Greta")]
    [InlineData(11, "Good morning, Greta")]
    [InlineData(12, "Good afternoon, Greta")]
    [InlineData(17, "Good afternoon, Greta")]
    [InlineData(18, "Good evening, Greta")]
    [InlineData(21, "Good evening, Greta")]
    [InlineData(22, "Hello, Greta")]
    [InlineData(0, "Hello, Greta")]
    public void At_hour_says_what_fits_it(int hour, string words)
    {
        using var services = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();
        Greeting.At(new(2026, 3, 12, hour, 35, 0, TimeSpan.Zero), "Greta", services.GetRequiredService<IStringLocalizer<Ui>>())
            .ShouldBe(words);
    }
}
