using static Laurel.App.Features.Badges.SvgText;

namespace Laurel.App.Features.Badges;

/// <summary>Two branches that rise from behind the ribbon: a stem with pairs of two-tone leaves, and its mirror.</summary>
internal static class Laurels
{
    private const double Radius = 123;
    private const double Lowest = 58.5;
    private const double Step = 13.2;
    private const double Shrink = .955;

    public static string Draw(Metal metal, int pairs)
    {
        var tip = Lowest - Step * pairs;
        return Xml($"""
            <defs>{LeafShape(metal)}<g id="b">
            <path d="M{Outlines.At(Lowest + 18, Radius)}A{Radius} {Radius} 0 0 0 {Outlines.At(tip, Radius)}"
             fill="none" stroke="{metal.Mid}" stroke-width="3.4" stroke-linecap="round"/>
            {Repeat(pairs, Pair)}{Leaf(tip, 4, Math.Pow(Shrink, pairs))}
            </g></defs>
            <use href="#b"/><use href="#b" transform="scale(-1 1)"/>
            """);
    }

    private static string LeafShape(Metal metal) => Xml($"""
        <g id="f">
        <path d="M0 0C3-9 17-11 29 0C17 10 4 9 0 0Z" fill="{metal.Base}" stroke="{metal.Dark}" stroke-width=".9" stroke-opacity=".75"/>
        <path d="M1-.6C5-8 17-9 27.5-.4C19-2.6 9-2.6 1-.6Z" fill="{metal.Light}"/>
        <path d="M2 1.2C9 .6 18 .6 26 1C17 8 6 7.6 2 1.2Z" fill="{metal.Mid}"/>
        </g>
        """);

    private static string Pair(int i)
    {
        var (angle, size) = (Lowest - Step * i, Math.Pow(Shrink, i));
        return Leaf(angle, -26, size * .92) + Leaf(angle - 2, 46, size);
    }

    /// <summary>Turned away from the stem's direction by so many degrees; positive is outward.</summary>
    private static string Leaf(double angle, double turn, double size) =>
        Xml($"""<use href="#f" transform="translate({Outlines.At(angle, Radius)})rotate({angle - 90 + turn})scale({size})"/>""");
}
