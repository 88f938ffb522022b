using static Laurel.App.Features.Badges.SvgText;

namespace Laurel.App.Features.Badges;

/// <summary>The struck piece itself, around (0,0): thickness, rim, bevel, enamel with its pattern, glyph and gloss.</summary>
internal static class Coin
{
    private const double EnamelScale = .82;

    public static string Draw(BadgeFamily family, BadgeState state, Metal metal, Hue hue, bool mini, bool studded)
    {
        var outline = Outlines.Of(family.Shape);
        return Xml($"""
            {metal.Gradients()}{Paints(metal, hue)}
            <defs>
            <path id="o" d="{outline.Path}"/>
            <clipPath id="c"><use href="#o" transform="scale({EnamelScale})"/></clipPath>
            </defs>
            {Rim(metal, hue, mini)}{(studded ? Studs(metal, outline) : "")}
            <g clip-path="url(#c)">{Enamel(family, hue, mini)}</g>
            {Glyph(state == BadgeState.Hidden ? Glyphs.Padlock : family.Glyph, outline, hue, mini)}
            {(state == BadgeState.Earned ? Gloss() : "")}
            <use href="#o" transform="scale({EnamelScale - .005})" fill="none" stroke="url(#s)" stroke-width="1.8"/>
            """);
    }

    /// <summary>e: enamel; s: light along an edge, from the upper left and a little back from the lower right; y: the glyph.</summary>
    private static string Paints(Metal metal, Hue hue) => Xml($"""
        <radialGradient id="e" cx=".38" cy=".24" r=".82">{Stop(0, hue.Light)}{Stop(.44, hue.Mid)}{Stop(.97, hue.Deep)}</radialGradient>
        <linearGradient id="s" x1=".1" y1="0" x2=".9" y2="1">
        {Stop(0, "#fff", .95)}{Stop(.4, "#fff", .12)}{Stop(.7, "#fff", 0)}{Stop(1, "#fff", .6)}
        </linearGradient>
        <linearGradient id="y" x2="0" y2="1">{Stop(.42, "#fff")}{Stop(1, metal.Light)}</linearGradient>
        """);

    private static string Rim(Metal metal, Hue hue, bool mini) => Xml($"""
        <use href="#o" y="9" fill="{metal.Edge}"/><use href="#o" y="5" fill="{metal.Dark}"/>
        <use href="#o" fill="url(#m)" stroke="{metal.Edge}" stroke-width="1.2" stroke-opacity=".55"/>
        {(mini ? "" : """<use href="#o" transform="scale(.982)" fill="none" stroke="url(#s)" stroke-width="2.4"/>""")}
        <use href="#o" transform="scale(.9)" fill="url(#w)" stroke="{metal.Dark}" stroke-width="1.2" stroke-opacity=".5"/>
        <use href="#o" transform="scale({EnamelScale + .02})" fill="{hue.Ink}"/>
        """);

    private static string Studs(Metal metal, Outline outline) => Xml($"""
        <g fill="{metal.Dark}" transform="translate(0 .9)">{Dots(outline.Studs, 2.4)}</g>
        <g fill="{metal.Specular}">{Dots(outline.Studs, 1.8)}</g>
        """);

    private static string Dots((double X, double Y)[] at, double radius) =>
        Repeat(at.Length, i => Xml($"""<circle cx="{at[i].X}" cy="{at[i].Y}" r="{radius}"/>"""));

    /// <summary>Sunk below the rim: its contour is shaded all round, and more so under the upper edge.</summary>
    private static string Enamel(BadgeFamily family, Hue hue, bool mini) => Xml($"""
        <use href="#o" transform="scale({EnamelScale})" fill="url(#e)"/>{Patterns.Of(family.Pattern)}
        <g fill="none" stroke="{hue.Ink}" transform="scale({EnamelScale})">
        <use href="#o" stroke-width="{(mini ? 10 : 14)}" stroke-opacity=".28"/>
        <use href="#o" y="5" stroke-width="6" stroke-opacity=".25"/>
        </g>
        """);

    /// <summary>Three copies make it stand out of the enamel: its shadow, its side, its face.</summary>
    private static string Glyph(string name, Outline outline, Hue hue, bool mini) => Xml($"""
        <defs><path id="g" d="{Glyphs.Outline(name)}"/></defs>
        <g transform="translate(0 {outline.GlyphY})scale({.46 * outline.GlyphScale * (mini ? 1.16 : 1)})translate(-128 -128)">
        <use href="#g" y="14" fill="{hue.Ink}" fill-opacity=".45"/>
        <use href="#g" y="7" fill="{hue.Deep}"/><use href="#g" fill="url(#y)"/>
        </g>
        """);

    private static string Gloss() => Xml($"""
        <linearGradient id="l" x2="0" y2="1">{Stop(0, "#fff", .38)}{Stop(1, "#fff", .03)}</linearGradient>
        <path clip-path="url(#c)" d="M-116-116H116V-34Q0-6-116-34Z" fill="url(#l)"/>
        """);
}
