using System.Globalization;
using Laurel.App.Platform.Localisation;

namespace Laurel.App.Tests.Platform.Localisation;

/// <summary>What is found must be what the language finds, only sooner.</summary>
public sealed class SoughtTests
{
    private const string Letters =
        "aabcdeeghiijklmnoprsstuvyzAEIOSTYZ  -.'@_09ąčęėįšųūžĄČĘĖĮŠŲŪŽåäöéüñçøßæœłđþŒ\u0301\u0307\u00ad\u00a0жд李ﬁ½";

    [Theory]
    [InlineData("")]
    [InlineData("en")]
    [InlineData("en-GB")]
    [InlineData("lt")]
    [InlineData("cs")]
    public void Text_is_found_where_the_language_finds_it(string name)
    {
        var language = CultureInfo.GetCultureInfo(name).CompareInfo;
        var random = new Random(7);
        for (var i = 0; i < 40_000; i++)
        {
            // Of few letters, so that many are found; of all of them, so that none is forgotten.
            var letters = i % 2 == 0 ? Letters : string.Concat(Enumerable.Range(0, 6).Select(_ => Letters[random.Next(Letters.Length)]));
            var (where, text) = (Text(letters, random.Next(14)), Text(letters, 1 + random.Next(3)));
            if (Sought.Of(text, language) is not { } sought) continue;
            sought.IsIn(where).ShouldBe(
                language.IndexOf(where, text.Trim(), CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0,
                $"“{text}” in “{where}” ({name})");
        }

        string Text(string of, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => of[random.Next(of.Length)]));
    }

    [Fact]
    public void Marks_are_letters_of_their_own_where_the_language_says_so()
    {
        Sought.Of("zuk", CultureInfo.GetCultureInfo("en").CompareInfo)!.IsIn("Rasa ŽUKAITĖ").ShouldBeTrue();
        Sought.Of("ŽUK", CultureInfo.GetCultureInfo("lt").CompareInfo)!.IsIn("Rasa Žukaitė").ShouldBeTrue();
        Sought.Of("kaite", CultureInfo.GetCultureInfo("lt").CompareInfo)!.IsIn("Rasa Žukaitė").ShouldBeTrue();
        Sought.Of("zuk", CultureInfo.GetCultureInfo("lt").CompareInfo)!.IsIn("Rasa Žukaitė").ShouldBeFalse();
    }

    [Fact]
    public void Nothing_is_looked_for_by_blanks_and_nothing_found_where_nothing_is()
    {
        Sought.Of(" \t").ShouldBeNull();
        Sought.Of(null).ShouldBeNull();
        Sought.Of("a")!.IsIn(null).ShouldBeFalse();
        Sought.Of(new string('a', 300))!.IsIn(new string('b', 300) + new string('A', 300)).ShouldBeTrue();
    }
}
