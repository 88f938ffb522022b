using static Laurel.App.Features.Badges.SvgText;

namespace Laurel.App.Features.Badges;

/// <summary>
/// A coin's outline around (0,0), about 102 to each side. Rim, bevel and enamel are this one path at other scales.
/// Top and Foot say where a crown sits and a medallion hangs; the glyph moves to the shape's optical middle.
/// </summary>
internal sealed record Outline(string Path, double Top, double Foot, double GlyphY, double GlyphScale, (double X, double Y)[] Studs);

internal static class Outlines
{
    private static readonly Dictionary<BadgeShape, Outline> All = Enum.GetValues<BadgeShape>().ToDictionary(shape => shape, Make);

    public static Outline Of(BadgeShape shape) => All[shape];

    private static Outline Make(BadgeShape shape) => shape switch
    {
        BadgeShape.Circle => new("M0-102A102 102 0 1 1 0 102A102 102 0 1 1 0-102Z", -102, 102, 0, 1, Ring(24, 96.5)),
        BadgeShape.Hexagon => Polygon(Regular(6, 112, -90), 20, -109, 104, 0, .98),
        BadgeShape.Octagon => Polygon(Regular(8, 111, -67.5), 18, -102, 102, 0, 1),
        BadgeShape.Pentagon => Polygon([.. Regular(5, 116, -90).Select(p => (p.X, p.Y + 7))], 24, -105, 96, 5, .93),
        BadgeShape.Squircle => new(
            "M-50-93H50C80-93 93-80 93-50V50C93 80 80 93 50 93H-50C-80 93-93 80-93 50V-50C-93-80-80-93-50-93Z",
            -93, 93, 0, 1, [(-74, -74), (74, -74), (74, 74), (-74, 74)]),
        BadgeShape.Gem => Polygon([(-62, -92), (62, -92), (116, -34), (0, 116), (-116, -34)], 20, -92, 104, -15, .88),
        BadgeShape.Burst => Polygon([.. Star(12, 111, 94)], 9, -105, 102, 0, .93),
        BadgeShape.Scallop => Lobes(12, 93, 27, 103, .95),
        BadgeShape.Shield => new(
            "M0-106C26-93 56-88 84-90Q93-91 93-82C96-8 92 68 9 106Q0 110-9 106C-92 68-96-8-93-82Q-93-91-84-90C-56-88-26-93 0-106Z",
            -104, 106, -8, .93, [(-85, -82), (85, -82)]),
        BadgeShape.Diamond => Polygon([(0, -117), (117, 0), (0, 117), (-117, 0)], 30, -105, 106, 0, .9),
        BadgeShape.Quatrefoil => Lobes(4, 88, 66, 105, .96),
        BadgeShape.Arch => new(
            "M-7-105Q0-109 7-105C52-84 90-56 90-12V78Q90 94 74 94H-74Q-90 94-90 78V-12C-90-56-52-84-7-105Z",
            -103, 94, 2, .96, [(0, -98), (-80, 84), (80, 84)]),
    };

    private static Outline Polygon((double X, double Y)[] corners, double cut, double top, double foot, double glyphY, double glyphScale) =>
        new(Rounded(corners, cut), top, foot, glyphY, glyphScale, [.. corners.Select(p => (p.X * .905, p.Y * .905))]);

    /// <summary>Cuts each corner by a curve that starts and ends <paramref name="cut"/> away from it.</summary>
    private static string Rounded((double X, double Y)[] corners, double cut) =>
        "M" + Repeat(corners.Length, i =>
        {
            var corner = corners[i];
            var (before, after) = (corners[(i + corners.Length - 1) % corners.Length], corners[(i + 1) % corners.Length]);
            return Xml($"{(i == 0 ? "" : "L")}{Toward(corner, before, cut)}Q{corner} {Toward(corner, after, cut)}");
        }) + "Z";

    private static (double X, double Y) Toward((double X, double Y) from, (double X, double Y) to, double distance)
    {
        var part = distance / Math.Sqrt(Math.Pow(to.X - from.X, 2) + Math.Pow(to.Y - from.Y, 2));
        return (from.X + (to.X - from.X) * part, from.Y + (to.Y - from.Y) * part);
    }

    /// <summary>Arcs between valleys; their middle reaches <paramref name="reach"/>.</summary>
    private static Outline Lobes(int lobes, double valley, double arc, double reach, double glyphScale)
    {
        var valleys = Regular(lobes, valley, -90 - 180.0 / lobes);
        var path = Xml($"M{valleys[0]}")
            + Repeat(lobes, i => Xml($"A{arc} {arc} 0 0 1 {valleys[(i + 1) % lobes]}")) + "Z";
        return new(path, -reach, reach, 0, glyphScale, Ring(lobes, reach - 8));
    }

    private static IEnumerable<(double X, double Y)> Star(int points, double outer, double inner) =>
        Regular(points, outer, -90).Zip(Regular(points, inner, -90 + 180.0 / points)).SelectMany(pair => new[] { pair.First, pair.Second });

    private static (double X, double Y)[] Ring(int count, double radius) => Regular(count, radius, -90);

    private static (double X, double Y)[] Regular(int corners, double radius, double start) =>
        [.. Enumerable.Range(0, corners).Select(i => At(start + 360.0 * i / corners, radius))];

    /// <summary>Degrees run clockwise from the right, as SVG's y axis points down.</summary>
    public static (double X, double Y) At(double degrees, double radius) =>
        (Math.Cos(degrees * Math.PI / 180) * radius, Math.Sin(degrees * Math.PI / 180) * radius);
}
