using Laurel.App.Platform.Yaml;

namespace Laurel.App.Tests.Platform.Yaml;

public sealed class ZoneSuggestionTests
{
    [Theory]
    [InlineData("Europe/Vilnus", "Europe/Vilnius")]
    [InlineData("europe/vilnius", "Europe/Vilnius")]
    [InlineData("Vilnius", "Europe/Vilnius")]
    [InlineData("Lithuania", "Europe/Vilnius")]
    [InlineData("Europe/Lithuania", "Europe/Vilnius")]
    [InlineData("Eurpe/Riga", "Europe/Riga")]
    [InlineData("America/New York", "America/New_York")]
    // Of a city that is in no list nothing can be known, and what only looks like it is no answer.
    [InlineData("Europe/Kaunas", null)]
    [InlineData("Europe/Klaipeda", null)]
    [InlineData("Germany/Hamburg", null)]
    [InlineData("nowhere", null)]
    [InlineData("", null)]
    public void For_names_a_zone_that_can_be_meant_or_none(string word, string? zone) => ZoneSuggestion.For(word).ShouldBe(zone);
}
