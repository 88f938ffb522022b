namespace Laurel.App.Features.Badges;

/// <summary>A badge is given once (<see cref="Single"/>) or climbs from bronze over silver to gold.</summary>
public enum BadgeLevel
{
    Single = 0,
    One = 1,
    Two = 2,
    Three = 3,
}

/// <summary>Hidden art shows a padlock instead of the family's glyph.</summary>
public enum BadgeState
{
    Earned,
    Locked,
    Hidden,
}

public enum BadgeShape
{
    Circle,
    Hexagon,
    Octagon,
    Pentagon,
    Squircle,
    Gem,
    Burst,
    Scallop,
    Shield,
    Diamond,
    Quatrefoil,
    Arch,
}

/// <summary>What is struck into the enamel behind the glyph.</summary>
public enum BadgePattern
{
    Rays,
    Rings,
    Facets,
    Chevrons,
    Waves,
    Lattice,
}

/// <summary>The looks of one badge. The key is part of urls and of stored badges: it never changes once given out.</summary>
/// <param name="Name">In English, and the key of its translations.</param>
public sealed record BadgeFamily(string Key, string Name, BadgeShape Shape, string Glyph, Hue Hue, BadgePattern Pattern);
