using Laurel.App.Features.Badges;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;

namespace Laurel.App.Tests.Platform.Components;

public sealed class ComponentTests
{
    [Theory]
    [InlineData("Greta Kazlauskaitė", "GK")]
    [InlineData("šarūnas petrauskas", "ŠP")]
    [InlineData("Ana María de la Cruz", "AC")]
    [InlineData("Cher", "C")]
    [InlineData("🦊 Greta „Kregždė“ Kazlauskaitė 🌲", "GK")]
    [InlineData("🦊", "?")]
    [InlineData("  ", "?")]
    public void Initials_of_a_name_are_first_and_last(string name, string expected) => Initials.Of(name).ShouldBe(expected);

    [Fact]
    public async Task Move_says_direction_in_words()
    {
        var up = await Rendered.Html<Move>(new { Places = (int?)3 });
        up.Body!.TextContent.Trim().ShouldMatch(@"^3\s+places up$");
        up.QuerySelector("svg")!.GetAttribute("aria-hidden").ShouldBe("true");
        (await Rendered.Html<Move>(new { Places = (int?)-2 }, "lt")).Body!.TextContent.ShouldContain("vietos žemyn");
        (await Rendered.Html<Move>(new { Places = (int?)null })).Body!.TextContent.ShouldContain("New");
    }

    [Fact]
    public async Task ZoneChip_is_never_colour_alone()
    {
        foreach (var zone in Enum.GetValues<Zone>())
        {
            var chip = await Rendered.Html<ZoneChip>(new { Zone = zone });
            chip.QuerySelector("svg use").ShouldNotBeNull();
            chip.Body!.TextContent.Trim().ShouldNotBeEmpty();
        }
    }

    [Theory]
    [InlineData(99.9, "99")]
    [InlineData(100, "100")]
    [InlineData(140, "100")]
    [InlineData(-1, "0")]
    public async Task Bar_is_full_only_when_the_goal_is_reached(double share, string expected) =>
        (await Rendered.Html<Bar>(new { Share = share, Label = "Progress" })).QuerySelector("[role=progressbar]")!
            .GetAttribute("aria-valuenow").ShouldBe(expected);

    [Fact]
    public async Task BadgeImg_small_one_is_the_coin_and_decorative()
    {
        var small = (await Rendered.Html<BadgeImg>(new { Family = "luminary", Level = BadgeLevel.Two, Size = 24 })).QuerySelector("img")!;
        small.GetAttribute("src")!.ShouldStartWith("/art/luminary-2-mini.svg?v=");
        small.GetAttribute("alt").ShouldBe("");
        small.GetAttribute("loading").ShouldBe("lazy");
        var large = (await Rendered.Html<BadgeImg>(new { Family = "luminary", Size = 96, State = BadgeState.Locked, Alt = "Luminary" }))
            .QuerySelector("img")!;
        large.GetAttribute("src")!.ShouldStartWith("/art/luminary-0-locked.svg?v=");
        large.ClassList.ShouldContain("badge-img-locked");
    }

    [Theory]
    [InlineData(1, 1, "")]
    [InlineData(1, 3, "1 2 3")]
    [InlineData(3, 22, "1 2 3 4 … 22")]
    [InlineData(11, 22, "1 … 10 11 12 … 22")]
    [InlineData(20, 22, "1 … 19 20 21 22")]
    public async Task Pager_shows_ends_and_neighbours(int page, int pages, string expected)
    {
        var pager = await Rendered.Html<Pager>(new { Page = page, Pages = pages, Href = (Func<int, string>)(n => $"?p={n}") });
        string.Join(' ', pager.QuerySelectorAll(".pager-link").Select(link => link.TextContent.Trim()).Where(text => text != ""))
            .ShouldBe(expected);
        if (pages > 1) pager.QuerySelector("[aria-current=page]")!.TextContent.ShouldBe($"{page}");
    }

    [Fact]
    public void Curve_never_swings_beyond_its_points()
    {
        var path = Curve.Path([(0, 10), (1, 10), (2, 30), (3, 30), (4, 5)]);
        var heights = path.Split(['M', 'C', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).Where((_, i) => i % 2 == 1).ToList();
        heights.Max().ShouldBe(30);
        heights.Min().ShouldBe(5);
    }

    [Fact]
    public async Task FieldError_message_is_in_the_readers_language() =>
        (await Rendered.Html<FieldError<string>>(new { Message = "Try again" }, "lt")).QuerySelector("[role=alert]")!
            .TextContent.Trim().ShouldBe("Bandyti dar kartą");

    [Fact]
    public async Task LocalTime_is_short_when_near()
    {
        var now = FakeTime.Thursday().GetUtcNow();
        async Task<string> Near(TimeSpan ago, string language = "en") =>
            (await Rendered.Html<LocalTime>(new { At = now - ago, Style = TimeStyle.Near }, language)).QuerySelector("time")!.TextContent;
        (await Near(TimeSpan.Zero)).ShouldBe(now.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture));
        (await Near(TimeSpan.FromDays(1))).ShouldBe("Yesterday");
        (await Near(TimeSpan.FromDays(1), "lt")).ShouldBe("Vakar");
        (await Near(TimeSpan.FromDays(2))).ShouldBe("Tuesday");
        (await Near(TimeSpan.FromDays(2), "lt")).ShouldBe("Antradienis");
    }
}
