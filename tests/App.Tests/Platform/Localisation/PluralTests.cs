using System.Globalization;
using Laurel.App.Platform.Localisation;

namespace Laurel.App.Tests.Platform.Localisation;

public sealed class PluralTests
{
    [Theory]
    [InlineData(0, "ženklelių")]
    [InlineData(1, "ženklelis")]
    [InlineData(2, "ženkleliai")]
    [InlineData(9, "ženkleliai")]
    [InlineData(10, "ženklelių")]
    [InlineData(11, "ženklelių")]
    [InlineData(19, "ženklelių")]
    [InlineData(20, "ženklelių")]
    [InlineData(21, "ženklelis")]
    [InlineData(22, "ženkleliai")]
    [InlineData(111, "ženklelių")]
    [InlineData(121, "ženklelis")]
    [InlineData(-1, "ženklelis")]
    [InlineData(-12, "ženklelių")]
    public void Of_lithuanian_number_takes_its_form(long n, string expected) =>
        Plural.Of(n, "ženklelis", "ženkleliai", "ženklelių", CultureInfo.GetCultureInfo("lt-LT")).ShouldBe(expected);

    [Theory]
    [InlineData(0, "badges")]
    [InlineData(1, "badge")]
    [InlineData(2, "badges")]
    [InlineData(21, "badges")]
    [InlineData(long.MinValue, "badges")]
    public void Of_english_number_takes_its_form(long n, string expected) =>
        Plural.Of(n, "badge", "badges", "badges", CultureInfo.GetCultureInfo("en-GB")).ShouldBe(expected);
}
