using System.Globalization;
using System.Text.RegularExpressions;

namespace Laurel.App.Tests.Platform.Design;

/// <summary>A colour of the style sheets, 0-1 each, and WCAG 2.2's contrast between two.</summary>
internal readonly partial record struct Colour(double R, double G, double B, double A = 1)
{
    public static Colour Parse(string text)
    {
        if (Hex().Match(text) is { Success: true } hex)
        {
            var digits = hex.Groups["digits"].Value;
            if (digits.Length == 3) digits = string.Concat(digits.Select(digit => $"{digit}{digit}"));
            double Channel(int at) => int.Parse(digits.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return new(Channel(0), Channel(2), Channel(4));
        }
        if (Rgb().Match(text) is { Success: true } rgb)
        {
            double Number(string group) => double.Parse(rgb.Groups[group].Value, CultureInfo.InvariantCulture);
            return new(Number("r") / 255, Number("g") / 255, Number("b") / 255, rgb.Groups["a"].Success ? Number("a") : 1);
        }
        throw new FormatException($"Not a colour of the style sheets: {text}");
    }

    /// <summary>What is seen where this lies over an opaque ground.</summary>
    public Colour Over(Colour ground) => new(Mix(R, ground.R), Mix(G, ground.G), Mix(B, ground.B));

    public static double Contrast(Colour one, Colour other)
    {
        var (light, dark) = (Math.Max(one.Luminance, other.Luminance), Math.Min(one.Luminance, other.Luminance));
        return (light + 0.05) / (dark + 0.05);
    }

    private double Luminance => 0.2126 * Linear(R) + 0.7152 * Linear(G) + 0.0722 * Linear(B);

    private double Mix(double over, double under) => over * A + under * (1 - A);

    private static double Linear(double channel) => channel <= 0.04045 ? channel / 12.92 : Math.Pow((channel + 0.055) / 1.055, 2.4);

    [GeneratedRegex("^#(?<digits>[0-9a-f]{6}|[0-9a-f]{3})$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hex();

    [GeneratedRegex(@"^rgb\((?<r>\d+) (?<g>\d+) (?<b>\d+)( / (?<a>\.?\d[\d.]*))?\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rgb();
}
