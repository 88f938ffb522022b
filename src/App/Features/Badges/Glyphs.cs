using System.Collections.Frozen;
using System.Text.Json;

namespace Laurel.App.Features.Badges;

/// <summary>Outlines on a grid of 256, made by the build out of the icon package (Assets/Glyphs.targets).</summary>
internal static class Glyphs
{
    public const string Padlock = "lock-key";
    public const string Star = "star";

    private static readonly FrozenDictionary<string, string> Outlines = Read();

    public static string Outline(string name) => Outlines[name];

    private static FrozenDictionary<string, string> Read()
    {
        using var made = typeof(Glyphs).Assembly.GetManifestResourceStream("glyphs.json")
            ?? throw new InvalidOperationException("The build left out the glyph outlines.");
        return JsonSerializer.Deserialize<Dictionary<string, string>>(made)!.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
