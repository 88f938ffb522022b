using System.Text.RegularExpressions;
using Laurel.App.Features.Badges;

namespace Laurel.App.Tests.Features.Badges;

public sealed class BadgeFamiliesTests
{
    [Fact]
    public void All_has_dozens_of_families() => BadgeFamilies.All.Count.ShouldBeGreaterThanOrEqualTo(36);

    /// <summary>The guide for who writes setup files has them all.</summary>
    [Fact]
    public void All_are_in_the_guide() =>
        File.ReadLines(Path.Combine(Checkout.Root, "docs/guide/badges.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal) && !line.StartsWith("| `badge`", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]).ShouldBe(BadgeFamilies.All.Select(family => family.Key));

    [Fact]
    public void All_keys_and_names_are_unique_and_keys_are_kebab()
    {
        BadgeFamilies.All.Select(family => family.Key).ShouldBeUnique(StringComparer.Ordinal);
        BadgeFamilies.All.Select(family => family.Name).ShouldBeUnique(StringComparer.Ordinal);
        foreach (var family in BadgeFamilies.All)
            Regex.IsMatch(family.Key, "^[a-z]+(-[a-z]+)*$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).ShouldBeTrue(family.Key);
    }

    [Fact]
    public void All_shape_hue_and_glyph_together_are_unique() =>
        BadgeFamilies.All.Select(family => (family.Shape, family.Hue, family.Glyph)).ShouldBeUnique();

    [Fact]
    public void All_shapes_with_the_same_hue_are_never_told_apart_by_glyph_alone_more_than_twice() =>
        BadgeFamilies.All.GroupBy(family => (family.Shape, family.Hue)).ShouldAllBe(alike => alike.Count() <= 2);

    [Fact]
    public void All_keys_can_be_told_from_the_endings_of_file_names() =>
        BadgeFamilies.All.ShouldAllBe(family =>
            BadgeArtFile.Parse(family.Key + "-2-locked-mini.svg") == new BadgeArtFile(family, BadgeLevel.Two, BadgeState.Locked, true));

    [Fact]
    public void Find_gives_the_family_or_null()
    {
        foreach (var family in BadgeFamilies.All)
            BadgeFamilies.Find(family.Key).ShouldBeSameAs(family);
        BadgeFamilies.Find("").ShouldBeNull();
        BadgeFamilies.Find("Luminary").ShouldBeNull();
    }
}
