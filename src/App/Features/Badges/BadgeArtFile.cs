namespace Laurel.App.Features.Badges;

/// <summary>
/// One drawing and its file name, {family}-{level}[-locked|-hidden][-mini].svg. The names are canonical: what parses prints
/// back the same, so a drawing has one url and one place in the cache.
/// </summary>
public sealed record BadgeArtFile(BadgeFamily Family, BadgeLevel Level, BadgeState State, bool Mini)
{
    public string Name =>
        $"{Family.Key}-{Level:D}{State switch { BadgeState.Earned => "", BadgeState.Locked => "-locked", BadgeState.Hidden => "-hidden" }}"
        + (Mini ? "-mini" : "") + ".svg";

    public static BadgeArtFile? Parse(string name)
    {
        if (!Drop(ref name, ".svg"))
            return null;
        var mini = Drop(ref name, "-mini");
        var state = Drop(ref name, "-locked") ? BadgeState.Locked : Drop(ref name, "-hidden") ? BadgeState.Hidden : BadgeState.Earned;
        if (name.Length < 3 || name[^2] != '-' || name[^1] is < '0' or > '3')
            return null;
        return BadgeFamilies.Find(name[..^2]) is { } family ? new(family, (BadgeLevel)(name[^1] - '0'), state, mini) : null;
    }

    private static bool Drop(ref string name, string ending)
    {
        if (!name.EndsWith(ending, StringComparison.Ordinal))
            return false;
        name = name[..^ending.Length];
        return true;
    }
}
