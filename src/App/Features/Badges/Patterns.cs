using static Laurel.App.Features.Badges.SvgText;

namespace Laurel.App.Features.Badges;

/// <summary>What is struck into the enamel: pale shapes around (0,0), larger than any outline, to be clipped by it.</summary>
internal static class Patterns
{
    private const double Reach = 130;

    public static string Of(BadgePattern pattern) => pattern switch
    {
        BadgePattern.Rays => Wedges(16, 0, 11.25, .13),
        BadgePattern.Rings => Xml($"""
            <g fill="none" stroke="#fff" stroke-opacity=".13" stroke-width="6">
            {Repeat(4, i => Xml($"""<circle r="{28 + 18 * i}"/>"""))}
            </g>
            """),
        // Three sets of unlike width overlap to planes of four brightnesses, as on a cut stone.
        BadgePattern.Facets => Wedges(6, 0, 30, .15) + Wedges(6, 30, 30, .05) + Wedges(3, 45, 60, .07),
        BadgePattern.Chevrons => Xml($"""
            <path fill="none" stroke="#fff" stroke-opacity=".12" stroke-width="10" d="
            {Repeat(8, i => Xml($"M-120 {26 * i - 92}L0 {26 * i - 132}L120 {26 * i - 92}"))}"/>
            """),
        BadgePattern.Waves => Xml($"""
            <path fill="none" stroke="#fff" stroke-opacity=".13" stroke-width="8" d="
            {Repeat(10, i => Xml($"M-126 {24 * i - 104}q15.75-15 31.5 0t31.5 0 31.5 0 31.5 0 31.5 0 31.5 0 31.5 0 31.5 0"))}"/>
            """),
        BadgePattern.Lattice => Xml($"""
            <path fill="none" stroke="#fff" stroke-opacity=".11" stroke-width="7" d="
            {Repeat(11, i => Xml($"M{36 * i - 310} -130l260 260M{36 * i - 50} -130l-260 260"))}"/>
            """),
    };

    /// <summary>The first points up; start and width in degrees.</summary>
    private static string Wedges(int count, double start, double width, double opacity) => Xml($"""
        <path fill="#fff" fill-opacity="{opacity}" d="
        {Repeat(count, i => Wedge(start - 90 + 360.0 * i / count, width / 2))}"/>
        """);

    private static string Wedge(double middle, double half) =>
        Xml($"M0 0L{Outlines.At(middle - half, Reach)}L{Outlines.At(middle + half, Reach)}Z");
}
