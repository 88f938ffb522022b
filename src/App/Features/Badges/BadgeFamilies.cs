using static Laurel.App.Features.Badges.BadgePattern;
using static Laurel.App.Features.Badges.BadgeShape;
using static Laurel.App.Features.Badges.Hues;

namespace Laurel.App.Features.Badges;

/// <summary>The catalogue, one line per family. A new glyph also needs its name in glyphs.txt.</summary>
public static class BadgeFamilies
{
    public static IReadOnlyList<BadgeFamily> All { get; } =
    [
        new("ace-resolver", "Ace Resolver", Hexagon, "target", Crimson, Rays),
        new("rainmaker", "Rainmaker", Circle, "cloud-lightning", Cobalt, Rings),
        new("velocity", "Velocity", Burst, "rocket", Ember, Rays),
        new("guardian", "Guardian", Shield, "seal-check", Sky, Chevrons),
        new("luminary", "Luminary", Scallop, "star", Amber, Rays),
        new("deep-listener", "Deep Listener", Squircle, "ear", Jade, Rings),
        new("mentor", "Mentor", Pentagon, "hand-heart", Magenta, Facets),
        new("scholar", "Scholar", Octagon, "graduation-cap", Violet, Facets),
        new("summit", "Summit", Gem, "mountains", Slate, Facets),
        new("on-fire", "On Fire", Circle, "fire", Ember, Rays),
        new("lucky-four", "Lucky Four", Scallop, "clover", Clover, Rings),
        new("champion", "Champion", Shield, "trophy", Violet, Rays),
        new("wizard", "Wizard", Burst, "magic-wand", Magenta, Rays),
        new("connector", "Connector", Hexagon, "headset", Jade, Facets),
        new("trailblazer", "Trailblazer", Octagon, "compass", Cobalt, Rings),
        new("early-bird", "Early Bird", Squircle, "sun-horizon", Amber, Rays),
        new("first-case", "First Case", Pentagon, "flag", Clover, Rays),
        new("call-keeper", "Call Keeper", Circle, "phone-call", Jade, Rings),
        new("weekend-hero", "Weekend Hero", Pentagon, "calendar-star", Sky, Rays),
        new("all-channels", "All Channels", Octagon, "devices", Magenta, Rings),
        new("librarian", "Librarian", Hexagon, "book-open-text", Violet, Chevrons),
        new("quick-draw", "Quick Draw", Burst, "timer", Sky, Rays),
        new("night-owl", "Night Owl", Circle, "moon-stars", Violet, Facets),
        new("team-player", "Team Player", Scallop, "users-three", Sky, Rings),
        new("rookie", "Rookie", Shield, "plant", Clover, Chevrons),
        new("unbroken", "Unbroken", Hexagon, "calendar-check", Ember, Chevrons),
        new("star-of-the-week", "Star of the Week", Burst, "shooting-star", Violet, Facets),
        new("crown-of-the-month", "Crown of the Month", Gem, "crown", Amber, Facets),
        new("chat-charmer", "Chat Charmer", Squircle, "chats-circle", Sky, Chevrons),
        new("clear-inbox", "Clear Inbox", Squircle, "envelope-simple-open", Crimson, Facets),
        new("closer", "Closer", Octagon, "chart-line-up", Clover, Chevrons),
        new("deal-maker", "Deal Maker", Pentagon, "handshake", Cobalt, Facets),
        new("goal-getter", "Goal Getter", Shield, "flag-checkered", Crimson, Rays),
        new("eagle-eye", "Eagle Eye", Gem, "eye", Jade, Facets),
        new("coach", "Coach", Squircle, "megaphone", Violet, Rays),
        new("heartfelt", "Heartfelt", Scallop, "heart", Crimson, Rings),
        new("introduced", "Introduced", Shield, "identification-badge", Slate, Rings),
        new("on-the-bell", "On the Bell", Scallop, "bell-ringing", Cobalt, Rays),
        new("calm-harbour", "Calm Harbour", Octagon, "lifebuoy", Sky, Rays),
        new("flawless", "Flawless", Gem, "sparkle", Magenta, Facets),
    ];

    /// <summary>Families without a name, one per shape: the address of a hidden badge must not tell which one it is.</summary>
    private static readonly BadgeFamily[] Secrets =
    [
        .. Enum.GetValues<BadgeShape>().Select(shape =>
            new BadgeFamily($"secret-{shape:G}".ToLowerInvariant(), "", shape, Glyphs.Padlock, Slate, Rays)),
    ];

    private static readonly Dictionary<string, BadgeFamily> ByKey =
        All.Concat(Secrets).ToDictionary(family => family.Key, StringComparer.Ordinal);

    internal static BadgeFamily Secret(BadgeShape shape) => Secrets[(int)shape];

    public static BadgeFamily? Find(string key) => ByKey.GetValueOrDefault(key);
}
