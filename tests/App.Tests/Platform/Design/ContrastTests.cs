using System.Text.RegularExpressions;

namespace Laurel.App.Tests.Platform.Design;

/// <summary>
/// Every pair of text and ground that the style sheets use, in both modes, at the worst stop of a gradient: 4.5 to 1 for text, 3 to 1
/// for what marks a control or a state (WCAG 2.2 AA). Automatic checkers in browsers leave gradients and borders out.
/// </summary>
public sealed partial class ContrastTests
{
    private const double Text = 4.5;
    private const double Mark = 3;

    private static readonly string Styles = string.Join('\n',
        Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src/App/Assets/css"), "*.css").Select(File.ReadAllText));

    private static readonly Dictionary<string, (string Light, string Dark)> Tokens = Declarations().Matches(Styles)
        .Select(match => (Name: match.Groups["name"].Value, Value: match.Groups["value"].Value.Trim()))
        .DistinctBy(token => token.Name)
        .ToDictionary(token => token.Name, token => Modes(token.Value), StringComparer.Ordinal);

    // The brightest and the darkest that text on the night surfaces can lie on: its own two stops, the violet corner at full
    // strength, and the golden glow at its centre over the lighter stop.
    private static readonly Colour[] Night =
    [
        Colour.Parse("#1b1f55"), Colour.Parse("#0e1130"), Colour.Parse("#4a35c8"),
        Colour.Parse("rgb(255 183 60 / .34)").Over(Colour.Parse("#1b1f55")),
    ];

    public static TheoryData<string, string, double> Pairs()
    {
        var pairs = new TheoryData<string, string, double>();
        foreach (var ground in new[] { "bg", "surface", "surface-2" })
            foreach (var text in new[] { "ink", "ink-2", "ink-3", "brand", "needs", "good" })
                pairs.Add(text, ground, Text);
        foreach (var tone in new[] { "good", "close", "needs", "brand" })
        {
            pairs.Add(tone, tone + "-soft", Text);
            pairs.Add(tone, "surface", Text);
        }
        foreach (var tone in new[] { "good-line", "needs-line" }) pairs.Add(tone, "surface", Mark);
        foreach (var text in new[] { "ink", "ink-2", "brand", "good", "needs" }) pairs.Add(text, "brand-soft", Text);
        pairs.Add("gold-ink", "gold-soft", Text);
        pairs.Add("ink", "gold-soft", Text);
        pairs.Add("ink-2", "gold-soft", Text);
        pairs.Add("edge", "surface", Mark);
        pairs.Add("brand", "bg", Mark);
        pairs.Add("brand-solid", "surface", Mark);
        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Contrast_token_on_ground_is_enough(string text, string ground, double least)
    {
        Of(text, dark: false, on: ground).ShouldBeGreaterThanOrEqualTo(least, $"light: {text} on {ground}");
        Of(text, dark: true, on: ground).ShouldBeGreaterThanOrEqualTo(least, $"dark: {text} on {ground}");
    }

    [Theory]
    [InlineData("#ffffff", "brand-solid")]
    [InlineData("#ffffff", "brand-active-dark")]
    public void Contrast_white_on_fills_is_enough(string text, string ground)
    {
        if (ground == "brand-active-dark")
            Colour.Contrast(Colour.Parse(text), Colour.Parse(Tokens["brand-active"].Dark)).ShouldBeGreaterThanOrEqualTo(Text);
        else
            foreach (var fill in new[] { Tokens[ground].Light, Tokens[ground].Dark })
                Colour.Contrast(Colour.Parse(text), Colour.Parse(fill)).ShouldBeGreaterThanOrEqualTo(Text, fill);
    }

    [Theory]
    [InlineData("night-ink")]
    [InlineData("night-ink-2")]
    [InlineData("night-eyebrow")]
    public void Contrast_text_on_night_is_enough_at_the_worst_stop(string text)
    {
        foreach (var ground in Night)
            Colour.Contrast(Colour.Parse(Tokens[text].Light), ground).ShouldBeGreaterThanOrEqualTo(Text, $"{text} on {ground}");
    }

    [Fact]
    public void Contrast_on_glass_is_enough_at_the_worst_stop()
    {
        var glass = Colour.Parse(Tokens["night-glass"].Light);
        foreach (var ground in Night)
            Colour.Contrast(Colour.Parse("#eceeff"), glass.Over(ground)).ShouldBeGreaterThanOrEqualTo(Text);
    }

    [Fact]
    public void Contrast_on_the_podium_is_enough_over_its_glow()
    {
        // Blocks lie in the middle and low: over the golden glow, which its rule draws at .2.
        Colour[] grounds = [.. new[] { "#1b1f55", "#0e1130" }.Select(Colour.Parse)
            .SelectMany(night => new[] { night, Colour.Parse("rgb(255 183 60 / .2)").Over(night) })];
        Styles.ShouldContain("at 50% 40%, rgb(255 183 60 / .2)");
        foreach (var ground in grounds)
        {
            var (plain, first) = (Colour.Parse("rgb(255 255 255 / .13)").Over(ground), Colour.Parse("rgb(255 197 61 / .24)").Over(ground));
            Colour.Contrast(Colour.Parse("#eceeff"), plain).ShouldBeGreaterThanOrEqualTo(Text);
            Colour.Contrast(Colour.Parse("#ffe08a"), first).ShouldBeGreaterThanOrEqualTo(Text);
            Colour.Contrast(Colour.Parse("#eceeff"), first).ShouldBeGreaterThanOrEqualTo(Text);
        }
    }

    [Fact]
    public void Contrast_on_the_gold_button_is_enough_at_both_ends()
    {
        foreach (Match stop in HexColour().Matches(Tokens["gold-button"].Light))
            Colour.Contrast(Colour.Parse(Tokens["gold-button-ink"].Light), Colour.Parse(stop.Value)).ShouldBeGreaterThanOrEqualTo(Text);
    }

    [Theory]
    [InlineData("#dfe3fb")]
    [InlineData("#a9b1de")]
    [InlineData("#c4cbf2")]
    public void Contrast_on_the_rail_is_enough_at_its_corner(string text)
    {
        Styles.ShouldContain(text, Case.Insensitive, "the rail no longer uses this colour");
        foreach (var ground in new[] { "#3a2fa8", "#14173f", "#0c0e26" })
            Colour.Contrast(Colour.Parse(text), Colour.Parse(ground)).ShouldBeGreaterThanOrEqualTo(Text, ground);
    }

    [Fact]
    public void Contrast_of_initials_is_enough_on_every_hue()
    {
        // The lighter end of an avatar's gradient, in sRGB.
        Styles.ShouldContain("linear-gradient(150deg, oklch(.53 .13 var(--hue))");
        foreach (var hue in Enumerable.Range(0, 360))
            Colour.Contrast(Colour.Parse("#ffffff"), Oklch(.53, .13, hue)).ShouldBeGreaterThanOrEqualTo(Text, $"hue {hue}");
    }

    private static double Of(string text, bool dark, string on)
    {
        var (ink, ground) = (Tokens[text], Tokens[on]);
        return Colour.Contrast(Colour.Parse(dark ? ink.Dark : ink.Light), Colour.Parse(dark ? ground.Dark : ground.Light));
    }

    private static (string Light, string Dark) Modes(string value) =>
        LightDark().Match(value) is { Success: true } both
            ? (both.Groups["light"].Value.Trim(), both.Groups["dark"].Value.Trim())
            : (value, value);

    // Björn Ottosson's matrices (2020).
    private static Colour Oklch(double l, double c, double hue)
    {
        var (a, b) = (c * Math.Cos(hue * Math.PI / 180), c * Math.Sin(hue * Math.PI / 180));
        var long3 = Math.Pow(l + 0.3963377774 * a + 0.2158037573 * b, 3);
        var medium3 = Math.Pow(l - 0.1055613458 * a - 0.0638541728 * b, 3);
        var short3 = Math.Pow(l - 0.0894841775 * a - 1.2914855480 * b, 3);
        return new(
            Encoded(4.0767416621 * long3 - 3.3077115913 * medium3 + 0.2309699292 * short3),
            Encoded(-1.2684380046 * long3 + 2.6097574011 * medium3 - 0.3413193965 * short3),
            Encoded(-0.0041960863 * long3 - 0.7034186147 * medium3 + 1.7076147010 * short3));
    }

    private static double Encoded(double linear)
    {
        var clipped = Math.Clamp(linear, 0, 1);
        return clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * Math.Pow(clipped, 1 / 2.4) - 0.055;
    }

    [GeneratedRegex(@"^\s*--(?<name>[a-z0-9-]+):\s*(?<value>[^;]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Declarations();

    [GeneratedRegex(@"^light-dark\((?<light>[^,]+),(?<dark>[^)]+)\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LightDark();

    [GeneratedRegex("#[0-9a-f]{6}", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex HexColour();
}
