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
        new("finding-feet", "Finding Feet", Arch, "footprints", Lime, Waves),
        new("safe-hands", "Safe Hands", Quatrefoil, "umbrella", Cobalt, Rays),
        new("problem-solver", "Problem Solver", Squircle, "puzzle-piece", Lime, Lattice),
        new("guiding-light", "Guiding Light", Arch, "lighthouse", Cobalt, Rays),
        new("support-master", "Support Master", Diamond, "medal", Amber, Rays),
        new("personal-best", "Personal Best", Hexagon, "barbell", Magenta, Rays),
        new("traffic-controller", "Traffic Controller", Octagon, "traffic-signal", Ember, Lattice),
        new("siesta", "Siesta", Circle, "tree-palm", Amber, Waves),
        new("rebel", "Rebel", Hexagon, "motorcycle", Slate, Chevrons),
        new("inspector", "Inspector", Shield, "detective", Umber, Lattice),
        new("speedy", "Speedy", Burst, "rabbit", Lime, Rays),
        new("rewarded", "Rewarded", Quatrefoil, "gift", Crimson, Lattice),
        new("coffee", "Coffee", Circle, "coffee", Umber, Waves),
        new("novelist", "Novelist", Diamond, "feather", Cobalt, Waves),
        new("tagger", "Tagger", Pentagon, "tag", Ember, Lattice),
        new("express", "Express", Diamond, "train-simple", Crimson, Chevrons),
        new("hard-worker", "Hard Worker", Hexagon, "hard-hat", Amber, Lattice),
        new("cleaner", "Cleaner", Scallop, "broom", Jade, Waves),
        new("connected", "Connected", Hexagon, "plugs-connected", Cobalt, Waves),
        new("employee-of-the-month", "Employee of the Month", Shield, "medal-military", Amber, Rays),
        new("first-echo", "First Echo", Circle, "chat-circle-dots", Sky, Rings),
        new("well-heard", "Well Heard", Diamond, "quotes", Sky, Facets),
        new("letterbox", "Letterbox", Arch, "mailbox", Sky, Chevrons),
        new("centre-stage", "Centre Stage", Quatrefoil, "microphone-stage", Sky, Rays),
        new("on-the-air", "On the Air", Gem, "radio", Sky, Waves),
        new("heard-around-the-world", "Heard Around the World", Hexagon, "globe-hemisphere-west", Sky, Rings),
        new("bookmarked", "Bookmarked", Arch, "bookmark-simple", Violet, Facets),
        new("food-for-thought", "Food for Thought", Scallop, "lightbulb", Violet, Rays),
        new("well-prepared", "Well Prepared", Pentagon, "notebook", Violet, Chevrons),
        new("new-wings", "New Wings", Quatrefoil, "butterfly", Violet, Waves),
        new("bright-mind", "Bright Mind", Diamond, "brain", Violet, Rings),
        new("welcome-back", "Welcome Back", Circle, "hand-waving", Lime, Rings),
        new("worn-with-pride", "Worn with Pride", Diamond, "push-pin", Lime, Rays),
        new("time-to-cheer", "Time to Cheer", Scallop, "confetti", Lime, Rings),
        new("bookworm", "Bookworm", Octagon, "books", Lime, Chevrons),
        new("familiar-face", "Familiar Face", Quatrefoil, "smiley", Lime, Rays),
        new("part-of-the-furniture", "Part of the Furniture", Hexagon, "armchair", Lime, Lattice),
        new("first-look", "First Look", Circle, "magnifying-glass", Slate, Rings),
        new("fair-judge", "Fair Judge", Diamond, "scales", Slate, Facets),
        new("sharp-pencil", "Sharp Pencil", Pentagon, "pencil-ruler", Slate, Lattice),
        new("fine-detail", "Fine Detail", Octagon, "microscope", Slate, Rings),
        new("seal-of-quality", "Seal of Quality", Burst, "certificate", Slate, Rays),
        new("new-leaf", "New Leaf", Arch, "leaf", Jade, Waves),
        new("open-book", "Open Book", Pentagon, "book-open", Jade, Chevrons),
        new("crystal-clear", "Crystal Clear", Diamond, "drop", Jade, Rings),
        new("steady-course", "Steady Course", Quatrefoil, "sailboat", Jade, Waves),
        new("treasure-trove", "Treasure Trove", Shield, "treasure-chest", Jade, Lattice),
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
