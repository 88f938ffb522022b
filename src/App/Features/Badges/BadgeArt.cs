namespace Laurel.App.Features.Badges;

/// <summary>
/// Badges drawn as SVG, without filters (dozens of them on a page would be slow) and without fonts. Meant for &lt;img&gt;:
/// the ids inside are unique in one drawing only.
/// </summary>
public static class BadgeArt
{
    internal const string Folder = "/art/";

    /// <param name="mini">For under 60 pixels: the coin alone with a larger glyph, as ornaments would only blur it.</param>
    public static string Svg(BadgeFamily family, BadgeLevel level, BadgeState state, bool mini)
    {
        ArgumentNullException.ThrowIfNull(family);
        var earned = state == BadgeState.Earned;
        var metal = earned ? Metals.Of(level) : Metals.Stone;
        var hue = earned ? family.Hue : Hues.Stone;
        var outline = Outlines.Of(family.Shape);
        var three = level == BadgeLevel.Three;
        var single = level == BadgeLevel.Single;
        var coin = Coin.Draw(family, state, metal, hue, mini, studded: !mini && earned && (three || single));
        if (mini)
            return Frame("46 36 228 228", coin);
        return Frame("0 0 320 320",
            (earned ? Ornaments.Shadow() : "")
            + (three && earned ? Ornaments.Halo(metal) : "")
            + (level >= BadgeLevel.Two ? Laurels.Draw(metal, three ? 8 : 7) : "")
            + coin
            + (three ? Ornaments.Crown(metal, hue, outline.Top) : "")
            + (single ? Ornaments.Medallion(metal, hue, outline.Foot) : Ribbon.Draw(metal, hue, (int)level))
            + (earned && (three || single) ? Ornaments.Sparkles(metal) : ""));
    }

    /// <summary>
    /// The drawing's address, whose version changes with its content; null for a family that is not in the catalogue.
    /// For a hidden badge the address names the shape only, not the family.
    /// </summary>
    public static string? Href(string familyKey, BadgeLevel level, BadgeState state, bool mini)
    {
        if (BadgeFamilies.Find(familyKey) is not { } family)
            return null;
        // A small one that is locked is the same stone at every level: one address, fetched once.
        if (mini && state != BadgeState.Earned) level = BadgeLevel.Single;
        var file = new BadgeArtFile(state == BadgeState.Hidden ? BadgeFamilies.Secret(family.Shape) : family, level, state, mini);
        return $"{Folder}{file.Name}?v={BadgeArtCache.Get(file).Version}";
    }

    private static string Frame(string box, string drawing) =>
        $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><g transform="translate(160 148)">{drawing}</g></svg>""";
}
