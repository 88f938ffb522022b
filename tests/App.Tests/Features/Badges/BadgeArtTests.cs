using System.Text.RegularExpressions;
using System.Xml.Linq;
using Laurel.App.Features.Badges;

namespace Laurel.App.Tests.Features.Badges;

public sealed class BadgeArtTests
{
    private static readonly XName Id = "id";
    private static readonly HashSet<string> Forbidden = new(["filter", "script", "text", "image", "style"], StringComparer.Ordinal);

    private static IEnumerable<BadgeArtFile> Every =>
        from family in BadgeFamilies.All
        from level in Enum.GetValues<BadgeLevel>()
        from state in Enum.GetValues<BadgeState>()
        from mini in new[] { false, true }
        select new BadgeArtFile(family, level, state, mini);

    private static string Draw(BadgeArtFile file) => BadgeArt.Svg(file.Family, file.Level, file.State, file.Mini);

    private static string Draw(BadgeLevel level, BadgeState state = BadgeState.Earned, bool mini = false) =>
        BadgeArt.Svg(BadgeFamilies.Find("luminary")!, level, state, mini);

    [Fact]
    public void Svg_every_combination_is_small_xml_with_ids_that_are_unique_and_found()
    {
        foreach (var file in Every)
        {
            var text = Draw(file);
            text.Length.ShouldBeLessThan(20 * 1024, file.Name);
            var elements = XDocument.Parse(text).Descendants().ToList();
            var ids = elements.Attributes(Id).Select(id => id.Value).ToList();
            ids.ShouldBeUnique(StringComparer.Ordinal, file.Name);
            var wanted = Regex.Matches(text, @"(url\(|href="")#(?<id>\w+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
                .Select(use => use.Groups["id"].Value);
            wanted.Except(ids, StringComparer.Ordinal).ShouldBeEmpty(file.Name);
        }
    }

    [Fact]
    public void Svg_every_combination_has_no_filter_script_text_or_outside_reference()
    {
        foreach (var file in Every)
        {
            var elements = XDocument.Parse(Draw(file)).Descendants().ToList();
            elements.Select(element => element.Name.LocalName).ShouldNotContain(
                name => Forbidden.Contains(name), file.Name);
            elements.Attributes("href").ShouldAllBe(href => href.Value.StartsWith('#'), file.Name);
        }
    }

    [Fact]
    public void Svg_every_number_is_written_with_a_point_whatever_the_culture()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        var expected = Draw(BadgeLevel.Three);
        try
        {
            Thread.CurrentThread.CurrentCulture = new("lt-LT");
            Draw(BadgeLevel.Three).ShouldBe(expected);
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
        expected.ShouldNotContain("NaN", Case.Sensitive);
        expected.ShouldNotContain("E-", Case.Sensitive);
    }

    [Fact]
    public void Svg_drawings_of_a_family_differ_by_level_state_and_size()
    {
        // A locked mini is the same stone at every level.
        var unlike = Every.Where(file => file.Family == BadgeFamilies.Find("mentor") && !(file.Mini && file.State != BadgeState.Earned));
        unlike.Select(Draw).ShouldBeUnique(StringComparer.Ordinal);
    }

    [Fact]
    public void Svg_hidden_badge_shows_neither_the_glyph_nor_the_hue()
    {
        var family = BadgeFamilies.Find("luminary")!;
        var hidden = BadgeArt.Svg(family with { Glyph = "heart", Hue = Hues.Crimson }, BadgeLevel.One, BadgeState.Hidden, false);
        hidden.ShouldBe(Draw(BadgeLevel.One, BadgeState.Hidden));
        Draw(BadgeLevel.One, BadgeState.Locked).ShouldNotBe(hidden, StringComparer.Ordinal);
    }

    [Fact]
    public void Svg_locked_badge_has_no_colour_of_its_family()
    {
        var hue = BadgeFamilies.Find("luminary")!.Hue;
        foreach (var colour in new[] { hue.Light, hue.Mid, hue.Deep, hue.Ink })
        {
            Draw(BadgeLevel.Three, BadgeState.Locked).ShouldNotContain(colour);
            Draw(BadgeLevel.Three).ShouldContain(colour);
        }
    }

    [Fact]
    public void Svg_mini_is_the_coin_alone_and_at_most_half_the_size()
    {
        var mini = Draw(BadgeLevel.Three, mini: true);
        mini.ShouldContain("viewBox=\"46 36 228 228\"");
        mini.Length.ShouldBeLessThan(Draw(BadgeLevel.Three).Length / 2);
    }

    [Fact]
    public void Href_of_every_earned_and_locked_drawing_leads_back_to_it()
    {
        foreach (var file in Every.Where(file => file.State != BadgeState.Hidden))
        {
            var href = BadgeArt.Href(file.Family.Key, file.Level, file.State, file.Mini)!;
            var found = BadgeArtFile.Parse(href["/art/".Length..href.IndexOf('?', StringComparison.Ordinal)])!;
            // A locked mini has one address for all levels, as they are the same stone.
            if (file is { Mini: true, State: BadgeState.Locked }) Draw(found).ShouldBe(Draw(file));
            else found.ShouldBe(file);
        }
    }

    [Fact]
    public void Href_of_a_hidden_badge_does_not_name_it_and_draws_a_padlock_in_its_shape()
    {
        foreach (var family in BadgeFamilies.All)
        {
            var href = BadgeArt.Href(family.Key, BadgeLevel.Two, BadgeState.Hidden, false)!;
            href.ShouldNotContain(family.Key);
            var file = BadgeArtFile.Parse(href["/art/".Length..href.IndexOf('?', StringComparison.Ordinal)])!;
            file.State.ShouldBe(BadgeState.Hidden);
            file.Family.Shape.ShouldBe(family.Shape);
        }
    }

    [Fact]
    public void Href_unknown_family_is_null() => BadgeArt.Href("nobody", BadgeLevel.One, BadgeState.Earned, false).ShouldBeNull();

    [Fact]
    public void Href_versions_differ_where_drawings_differ() =>
        Version(BadgeLevel.One).ShouldNotBe(Version(BadgeLevel.Two), StringComparer.Ordinal);

    private static string Version(BadgeLevel level) => BadgeArt.Href("luminary", level, BadgeState.Earned, false)!.Split("?v=")[1];
}
