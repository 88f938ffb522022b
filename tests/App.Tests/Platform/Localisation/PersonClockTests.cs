using System.Globalization;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Localisation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Tests.Platform.Localisation;

public sealed class PersonClockTests
{
    [Theory]
    [InlineData("en-GB", 0, "Today", "today")]
    [InlineData("en-GB", 1, "Yesterday", "yesterday")]
    [InlineData("en-GB", 9, "3 Mar", "3 Mar")]
    [InlineData("lt-LT", 0, "Šiandien", "šiandien")]
    [InlineData("lt-LT", 1, "Vakar", "vakar")]
    public void Say_today_begins_with_a_small_letter_inside_a_sentence(string language, int daysAgo, string alone, string within)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            using var services = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();
            var texts = services.GetRequiredService<IStringLocalizer<Ui>>();
            var clock = new PersonClock(new CurrentPerson(), FakeTime.Thursday());
            clock.Say(clock.Today.AddDays(-daysAgo), texts).ShouldBe(alone);
            clock.Say(clock.Today.AddDays(-daysAgo), texts, within: true).ShouldBe(within);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }
}
