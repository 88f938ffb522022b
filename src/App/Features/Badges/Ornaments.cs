using static Laurel.App.Features.Badges.SvgText;

namespace Laurel.App.Features.Badges;

/// <summary>The extras of the highest honours: halo, crown, medallion, sparkles; and the shadow that any badge throws.</summary>
internal static class Ornaments
{
    public static string Shadow() => Xml($"""
        <radialGradient id="d">{Stop(0, "#12152c", .42)}{Stop(1, "#12152c", 0)}</radialGradient>
        <ellipse cy="142" rx="92" ry="13" fill="url(#d)"/>
        """);

    public static string Halo(Metal metal) => Xml($"""
        <radialGradient id="h">{Stop(.55, metal.Light, .75)}{Stop(.8, metal.Light, .3)}{Stop(1, metal.Light, 0)}</radialGradient>
        <circle r="146" fill="url(#h)"/>
        <path fill="{metal.Base}" fill-opacity=".6" d="{Repeat(17, i => Ray(150 + 15 * i, i % 2 == 0 ? 148 : 134))}"/>
        """);

    /// <summary>From the lower left over the top to the lower right: a ray behind the ribbon would stick out below it.</summary>
    private static string Ray(double angle, double length) =>
        Xml($"M{Outlines.At(angle - 2.4, 96)}L{Outlines.At(angle, length)}L{Outlines.At(angle + 2.4, 96)}Z");

    /// <summary>Drawn around its own foot, then set on the outline's top, as far as the canvas leaves room for its height.</summary>
    public static string Crown(Metal metal, Hue jewel, double top) => Xml($"""
        <g transform="translate(0 {Math.Max(top + 7, -97)})" fill="url(#m)" stroke="{metal.Dark}" stroke-width="1.3"
          stroke-linejoin="round">
        <path d="M-29 0L-36-27L-18-15L0-40L18-15L36-27L29 0Q0 7-29 0Z"/>
        <path d="M-29 0Q0 7 29 0L27-9Q0-3-27-9Z" fill="{metal.Base}"/>
        <path d="M-27-8Q0-2 27-8" fill="none" stroke="{metal.Specular}" stroke-opacity=".8"/>
        <circle cx="-37" cy="-30" r="4.4"/><circle cy="-44" r="5.2"/><circle cx="37" cy="-30" r="4.4"/>
        <path d="M0-26L6.5-17L0-8L-6.5-17Z" fill="{jewel.Mid}"/><path d="M0-24L4-17.5H-4Z" fill="{jewel.Light}" stroke="none"/>
        </g>
        """);

    public static string Medallion(Metal metal, Hue hue, double foot) => Xml($"""
        <g transform="translate(0 {foot - 2})">
        <circle cy="3" r="20" fill="{metal.Edge}"/><circle r="20" fill="url(#m)" stroke="{metal.Specular}" stroke-width="1.2"/>
        <circle r="15.5" fill="{hue.Deep}"/><circle r="14.5" fill="url(#e)"/>
        <g fill="#fff" transform="scale(.09)translate(-128 -130)">
        <path fill="{hue.Ink}" fill-opacity=".5" d="{Glyphs.Outline(Glyphs.Star)}" transform="translate(0 18)"/>
        <path d="{Glyphs.Outline(Glyphs.Star)}"/>
        </g></g>
        """);

    /// <summary>White for night surfaces; the thin contour keeps them from looking like bites out of the rim on white ones.</summary>
    public static string Sparkles(Metal metal) => Xml($"""
        <path fill="#fff" stroke="{metal.Mid}" stroke-width=".9" stroke-opacity=".6"
         d="{Sparkle(-84, -86, 13)}{Sparkle(-66, -106, 7)}{Sparkle(88, 56, 11)}"/>
        """);

    private static string Sparkle(double x, double y, double size)
    {
        var waist = size * .14;
        return Xml($"M{x} {y - size}Q{x + waist} {y - waist} {x + size} {y}Q{x + waist} {y + waist} {x} {y + size}")
            + Xml($"Q{x - waist} {y + waist} {x - size} {y}Q{x - waist} {y - waist} {x} {y - size}Z");
    }
}
