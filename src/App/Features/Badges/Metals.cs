using static Laurel.App.Features.Badges.SvgText;

namespace Laurel.App.Features.Badges;

/// <summary>A rim's metal: seven stops of its diagonal shine, and the single tones used for edges, leaves and lines.</summary>
internal sealed record Metal(
    string[] Shine, string Edge, string Dark, string Mid, string Base, string Light, string Specular)
{
    private static readonly double[] Stops = [0, .17, .34, .5, .66, .83, 1];

    /// <summary>m: the shine from corner to corner; w: its reverse in five stops, for the bevel that faces the other way.</summary>
    public string Gradients() => Xml($"""
        <linearGradient id="m" x1=".08" y1="0" x2=".92" y2="1">{Repeat(7, i => Stop(Stops[i], Shine[i]))}</linearGradient>
        <linearGradient id="w" x1=".1" y1="0" x2=".9" y2="1">
        {Stop(0, Shine[5])}{Stop(.26, Shine[2])}{Stop(.52, Shine[1])}{Stop(.78, Shine[3])}{Stop(1, Shine[0])}
        </linearGradient>
        """);
}

internal static class Metals
{
    private static readonly Metal Bronze = new(
        ["#ffdcb8", "#d58b52", "#9a5325", "#e9a873", "#b56a35", "#7a3d17", "#d48f5b"],
        Edge: "#431d07", Dark: "#6b3413", Mid: "#9a5325", Base: "#c27a44", Light: "#f0b98a", Specular: "#fff0e0");

    private static readonly Metal Silver = new(
        ["#ffffff", "#c3cfdd", "#8594aa", "#f1f6fb", "#a9b7c9", "#66748b", "#d3dde8"],
        Edge: "#2f3a4d", Dark: "#56647b", Mid: "#8594aa", Base: "#b4c1d1", Light: "#e2eaf3", Specular: "#ffffff");

    private static readonly Metal Gold = new(
        ["#fffbd6", "#ffd24a", "#d28e0b", "#fff0a6", "#eeb01a", "#a96705", "#ffd765"],
        Edge: "#5a2f00", Dark: "#7a4300", Mid: "#bd7a0a", Base: "#f2b91f", Light: "#ffe27a", Specular: "#fffbe0");

    private static readonly Metal Prism = new(
        ["#ffffff", "#a6eaff", "#8b9aff", "#fbe4ff", "#cb98ff", "#747be6", "#b4f2e9"],
        Edge: "#252a78", Dark: "#4348b4", Mid: "#7d8bff", Base: "#b9a8ff", Light: "#dff3ff", Specular: "#ffffff");

    /// <summary>For badges not earned yet: dark enough to stand on white, light enough to stand on night blue.</summary>
    public static readonly Metal Stone = new(
        ["#e3e8f1", "#c3cbda", "#9fa9bf", "#d6dce8", "#b3bccf", "#8d98b1", "#c5cddc"],
        Edge: "#69748f", Dark: "#808ba5", Mid: "#98a3ba", Base: "#b0bacd", Light: "#d3dae6", Specular: "#eef1f7");

    public static Metal Of(BadgeLevel level) => level switch
    {
        BadgeLevel.Single => Prism,
        BadgeLevel.One => Bronze,
        BadgeLevel.Two => Silver,
        BadgeLevel.Three => Gold,
    };
}
