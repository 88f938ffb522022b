using Laurel.App.Platform.Localisation;

namespace Laurel.App.Tests.Platform.Localisation;

public sealed class TypedNumberTests
{
    [Theory]
    [InlineData("en", "1100", "1100")]
    [InlineData("en", " 1,100 ", "1100")]
    [InlineData("en", "1,100.5", "1100.5")]
    [InlineData("en", "1 100", "1100")]
    [InlineData("en", "12,345,678", "12345678")]
    [InlineData("en", "12.5", "12.5")]
    [InlineData("en", "12,5", "12.5")]
    [InlineData("en", "0,125", "0.125")]
    [InlineData("en", "-5", "-5")]
    [InlineData("en", "\u22125", "-5")]
    [InlineData("en", "1,1000", null)]
    [InlineData("en", "1.100,5", null)]
    [InlineData("en", "11 00", null)]
    [InlineData("en", "many", null)]
    [InlineData("en", "1e3", null)]
    [InlineData("lt", "1100", "1100")]
    [InlineData("lt", "1 100", "1100")]
    [InlineData("lt", "1\u00a0100", "1100")]
    [InlineData("lt", "1\u202f100,5", "1100.5")]
    [InlineData("lt", "1,125", "1.125")]
    [InlineData("lt", "12,5", "12.5")]
    [InlineData("lt", "12.5", "12.5")]
    [InlineData("lt", "0.125", "0.125")]
    [InlineData("lt", "1.100", null)]
    [InlineData("lt", "1,100,000", null)]
    public void Read_follows_the_language_and_takes_nothing_that_can_be_read_in_two_ways(string language, string typed, string? number) =>
        TypedNumber.Read(typed, Language.Find(language)!).ShouldBe(number);

    [Theory]
    [InlineData("3:20", "200")]
    [InlineData("0:05", "5")]
    [InlineData("75:00", "4500")]
    [InlineData("1:02:03", "3723")]
    [InlineData("3:60", null)]
    [InlineData("3:5", null)]
    [InlineData("200", null)]
    public void ReadDuration_is_minutes_and_seconds(string typed, string? seconds) =>
        TypedNumber.ReadDuration(typed).ShouldBe(seconds);

    [Fact]
    public void Readings_tells_both_ways() =>
        TypedNumber.Readings("1.100", Language.Lithuanian).ShouldBe(("1\u00a0100", "1,100"));

    [Fact]
    public void Show_is_read_as_the_same_number()
    {
        foreach (var language in Language.All)
            foreach (var number in (string[])["0.125", "1100", "1.1", "12.5", "1000000"])
                TypedNumber.Read(TypedNumber.Show(number, language), language).ShouldBe(number);
    }
}
