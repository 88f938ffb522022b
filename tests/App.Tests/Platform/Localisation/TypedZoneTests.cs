using Laurel.App.Platform.Localisation;

namespace Laurel.App.Tests.Platform.Localisation;

public sealed class TypedZoneTests
{
    [Theory]
    [InlineData("Europe/Vilnius", "Europe/Vilnius")]
    [InlineData("europe/vilnius", "Europe/Vilnius")]
    [InlineData("vilnius", "Europe/Vilnius")]
    [InlineData(" New York ", "America/New_York")]
    [InlineData("utc", "UTC")]
    [InlineData("Vilnus", null)]
    [InlineData("nowhere", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Find_takes_a_zone_or_its_city_in_any_case_and_guesses_nothing(string? typed, string? zone) =>
        TypedZone.Find(typed).ShouldBe(zone);
}
