using System.Globalization;
using System.Text;

namespace Laurel.App.Platform.Components;

/// <summary>
/// A smooth line through points that never swings beyond them (Fritsch and Carlson's monotone cubic, 1980): a chart must not
/// show a high that was not there.
/// </summary>
public static class Curve
{
    /// <summary>The points as an SVG path. They rise in x; one point gives a single move.</summary>
    public static string Path(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count == 0) return "";
        var path = new StringBuilder($"M{N(points[0].X)} {N(points[0].Y)}");
        var slopes = Slopes(points);
        for (var i = 1; i < points.Count; i++)
        {
            var ((x0, y0), (x1, y1)) = (points[i - 1], points[i]);
            var third = (x1 - x0) / 3;
            path.Append(CultureInfo.InvariantCulture,
                $"C{N(x0 + third)} {N(y0 + slopes[i - 1] * third)} {N(x1 - third)} {N(y1 - slopes[i] * third)} {N(x1)} {N(y1)}");
        }
        return path.ToString();
    }

    internal static string N(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    private static double[] Slopes(IReadOnlyList<(double X, double Y)> points)
    {
        var slopes = new double[points.Count];
        if (points.Count < 2) return slopes;
        double Chord(int i) => (points[i + 1].Y - points[i].Y) / (points[i + 1].X - points[i].X);
        slopes[0] = Chord(0);
        slopes[^1] = Chord(points.Count - 2);
        for (var i = 1; i < points.Count - 1; i++)
        {
            var (before, after) = (Chord(i - 1), Chord(i));
            // The harmonic mean keeps within both chords; at a turn the line is level.
            slopes[i] = before * after <= 0 ? 0 : 2 * before * after / (before + after);
        }
        return slopes;
    }
}
