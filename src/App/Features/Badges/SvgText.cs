using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Laurel.App.Features.Badges;

/// <summary>
/// Interpolated SVG: numbers carry a point and at most two decimals in every culture, and the line breaks of the source
/// are dropped, so a drawing may be written one element a line.
/// </summary>
[InterpolatedStringHandler]
internal readonly ref struct SvgText
{
    private readonly StringBuilder text;

    public SvgText(int literalLength, int formattedCount) => text = new StringBuilder(literalLength + formattedCount * 6);

    public void AppendLiteral(string literal) => text.Append(literal.ReplaceLineEndings(""));

    public void AppendFormatted(string? value) => text.Append(value);

    public void AppendFormatted(int value) => text.Append(CultureInfo.InvariantCulture, $"{value}");

    // Zero is added after rounding, or a tiny negative number would come out as "-0".
    public void AppendFormatted(double value) => text.Append((Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture));

    public void AppendFormatted((double X, double Y) point)
    {
        AppendFormatted(point.X);
        text.Append(' ');
        AppendFormatted(point.Y);
    }

    public static string Xml(SvgText svg) => svg.text.ToString();

    /// <summary>Joins the drawings of 0 to <paramref name="count"/> - 1.</summary>
    public static string Repeat(int count, Func<int, string> draw) => string.Concat(Enumerable.Range(0, count).Select(draw));

    public static string Stop(double at, string colour, double opacity = 1) => opacity < 1
        ? Xml($"""<stop offset="{at}" stop-color="{colour}" stop-opacity="{opacity}"/>""")
        : Xml($"""<stop offset="{at}" stop-color="{colour}"/>""");
}
