namespace Laurel.App.Features.Badges;

/// <summary>Enamel of one colour: where light falls, its body, its shade, and the ink of its contours.</summary>
public sealed record Hue(string Name, string Light, string Mid, string Deep, string Ink);

public static class Hues
{
    public static readonly Hue Crimson = new("crimson", "#ff7b8a", "#d81e47", "#7d0528", "#4a0016");
    public static readonly Hue Ember = new("ember", "#ffb067", "#f2590d", "#96260a", "#571203");
    public static readonly Hue Amber = new("amber", "#ffe08a", "#f09c0c", "#9a4f03", "#5c2c00");
    public static readonly Hue Lime = new("lime", "#e6f27a", "#8fb80f", "#4a6604", "#273802");
    public static readonly Hue Clover = new("clover", "#9bee8e", "#27a444", "#07582a", "#023217");
    public static readonly Hue Jade = new("jade", "#7df3d2", "#0a9d85", "#045249", "#022f2b");
    public static readonly Hue Sky = new("sky", "#8fdcff", "#1583dd", "#0b3f91", "#062458");
    public static readonly Hue Cobalt = new("cobalt", "#8fb0ff", "#2d53e6", "#16247f", "#0b124a");
    public static readonly Hue Violet = new("violet", "#d3a5ff", "#8338ec", "#45108f", "#270658");
    public static readonly Hue Magenta = new("magenta", "#ff9fe0", "#d4269b", "#760a58", "#470234");
    public static readonly Hue Umber = new("umber", "#e0b48a", "#96602f", "#4f2b11", "#2d1606");
    public static readonly Hue Slate = new("slate", "#a9b9d6", "#4a5f86", "#1c2947", "#0d152a");

    /// <summary>What every enamel turns to while its badge is still to be earned.</summary>
    internal static readonly Hue Stone = new("stone", "#ccd3e2", "#a3adc3", "#7e89a5", "#59637f");
}
