using Laurel.App.Platform.Localisation;
using static Laurel.App.Features.Badges.BadgePattern;
using static Laurel.App.Features.Badges.BadgeShape;
using static Laurel.App.Features.Badges.Hues;

namespace Laurel.App.Features.Badges;

/// <summary>The catalogue, one line per family. A new glyph also needs its name in glyphs.txt.</summary>
public static class BadgeFamilies
{
    public static IReadOnlyList<BadgeFamily> All { get; } =
    [
        new("ace-resolver", Ui.Text("Ace Resolver"), Hexagon, "target", Crimson, Rays),
        new("rainmaker", Ui.Text("Rainmaker"), Circle, "cloud-lightning", Cobalt, Rings),
        new("velocity", Ui.Text("Velocity"), Burst, "rocket", Ember, Rays),
        new("guardian", Ui.Text("Guardian"), Shield, "seal-check", Sky, Chevrons),
        new("luminary", Ui.Text("Luminary"), Scallop, "star", Amber, Rays),
        new("deep-listener", Ui.Text("Deep Listener"), Squircle, "ear", Jade, Rings),
        new("mentor", Ui.Text("Mentor"), Pentagon, "hand-heart", Magenta, Facets),
        new("scholar", Ui.Text("Scholar"), Octagon, "graduation-cap", Violet, Facets),
        new("summit", Ui.Text("Summit"), Gem, "mountains", Slate, Facets),
        new("on-fire", Ui.Text("On Fire"), Circle, "fire", Ember, Rays),
        new("lucky-four", Ui.Text("Lucky Four"), Scallop, "clover", Clover, Rings),
        new("champion", Ui.Text("Champion"), Shield, "trophy", Violet, Rays),
        new("wizard", Ui.Text("Wizard"), Burst, "magic-wand", Magenta, Rays),
        new("connector", Ui.Text("Connector"), Hexagon, "headset", Jade, Facets),
        new("trailblazer", Ui.Text("Trailblazer"), Octagon, "compass", Cobalt, Rings),
        new("early-bird", Ui.Text("Early Bird"), Squircle, "sun-horizon", Amber, Rays),
        new("first-case", Ui.Text("First Case"), Pentagon, "flag", Clover, Rays),
        new("call-keeper", Ui.Text("Call Keeper"), Circle, "phone-call", Jade, Rings),
        new("weekend-hero", Ui.Text("Weekend Hero"), Pentagon, "calendar-star", Sky, Rays),
        new("all-channels", Ui.Text("All Channels"), Octagon, "devices", Magenta, Rings),
        new("librarian", Ui.Text("Librarian"), Hexagon, "book-open-text", Violet, Chevrons),
        new("quick-draw", Ui.Text("Quick Draw"), Burst, "timer", Sky, Rays),
        new("night-owl", Ui.Text("Night Owl"), Circle, "moon-stars", Violet, Facets),
        new("team-player", Ui.Text("Team Player"), Scallop, "users-three", Sky, Rings),
        new("rookie", Ui.Text("Rookie"), Shield, "plant", Clover, Chevrons),
        new("unbroken", Ui.Text("Unbroken"), Hexagon, "calendar-check", Ember, Chevrons),
        new("star-of-the-week", Ui.Text("Star of the Week"), Burst, "shooting-star", Violet, Facets),
        new("crown-of-the-month", Ui.Text("Crown of the Month"), Gem, "crown", Amber, Facets),
        new("chat-charmer", Ui.Text("Chat Charmer"), Squircle, "chats-circle", Sky, Chevrons),
        new("clear-inbox", Ui.Text("Clear Inbox"), Squircle, "envelope-simple-open", Crimson, Facets),
        new("closer", Ui.Text("Closer"), Octagon, "chart-line-up", Clover, Chevrons),
        new("deal-maker", Ui.Text("Deal Maker"), Pentagon, "handshake", Cobalt, Facets),
        new("goal-getter", Ui.Text("Goal Getter"), Shield, "flag-checkered", Crimson, Rays),
        new("eagle-eye", Ui.Text("Eagle Eye"), Gem, "eye", Jade, Facets),
        new("coach", Ui.Text("Coach"), Squircle, "megaphone", Violet, Rays),
        new("heartfelt", Ui.Text("Heartfelt"), Scallop, "heart", Crimson, Rings),
        new("introduced", Ui.Text("Introduced"), Shield, "identification-badge", Slate, Rings),
        new("on-the-bell", Ui.Text("On the Bell"), Scallop, "bell-ringing", Cobalt, Rays),
        new("calm-harbour", Ui.Text("Calm Harbour"), Octagon, "lifebuoy", Sky, Rays),
        new("flawless", Ui.Text("Flawless"), Gem, "sparkle", Magenta, Facets),
        new("finding-feet", Ui.Text("Finding Feet"), Arch, "footprints", Lime, Waves),
        new("safe-hands", Ui.Text("Safe Hands"), Quatrefoil, "umbrella", Cobalt, Rays),
        new("problem-solver", Ui.Text("Problem Solver"), Squircle, "puzzle-piece", Lime, Lattice),
        new("guiding-light", Ui.Text("Guiding Light"), Arch, "lighthouse", Cobalt, Rays),
        new("support-master", Ui.Text("Support Master"), Diamond, "medal", Amber, Rays),
        new("personal-best", Ui.Text("Personal Best"), Hexagon, "barbell", Magenta, Rays),
        new("traffic-controller", Ui.Text("Traffic Controller"), Octagon, "traffic-signal", Ember, Lattice),
        new("siesta", Ui.Text("Siesta"), Circle, "tree-palm", Amber, Waves),
        new("rebel", Ui.Text("Rebel"), Hexagon, "motorcycle", Slate, Chevrons),
        new("inspector", Ui.Text("Inspector"), Shield, "detective", Umber, Lattice),
        new("speedy", Ui.Text("Speedy"), Burst, "rabbit", Lime, Rays),
        new("rewarded", Ui.Text("Rewarded"), Quatrefoil, "gift", Crimson, Lattice),
        new("coffee", Ui.Text("Coffee"), Circle, "coffee", Umber, Waves),
        new("novelist", Ui.Text("Novelist"), Diamond, "feather", Cobalt, Waves),
        new("tagger", Ui.Text("Tagger"), Pentagon, "tag", Ember, Lattice),
        new("express", Ui.Text("Express"), Diamond, "train-simple", Crimson, Chevrons),
        new("hard-worker", Ui.Text("Hard Worker"), Hexagon, "hard-hat", Amber, Lattice),
        new("cleaner", Ui.Text("Cleaner"), Scallop, "broom", Jade, Waves),
        new("connected", Ui.Text("Connected"), Hexagon, "plugs-connected", Cobalt, Waves),
        new("employee-of-the-month", Ui.Text("Employee of the Month"), Shield, "medal-military", Amber, Rays),
        new("first-echo", Ui.Text("First Echo"), Circle, "chat-circle-dots", Sky, Rings),
        new("well-heard", Ui.Text("Well Heard"), Diamond, "quotes", Sky, Facets),
        new("letterbox", Ui.Text("Letterbox"), Arch, "mailbox", Sky, Chevrons),
        new("centre-stage", Ui.Text("Centre Stage"), Quatrefoil, "microphone-stage", Sky, Rays),
        new("on-the-air", Ui.Text("On the Air"), Gem, "radio", Sky, Waves),
        new("heard-around-the-world", Ui.Text("Heard Around the World"), Hexagon, "globe-hemisphere-west", Sky, Rings),
        new("bookmarked", Ui.Text("Bookmarked"), Arch, "bookmark-simple", Violet, Facets),
        new("food-for-thought", Ui.Text("Food for Thought"), Scallop, "lightbulb", Violet, Rays),
        new("well-prepared", Ui.Text("Well Prepared"), Pentagon, "notebook", Violet, Chevrons),
        new("new-wings", Ui.Text("New Wings"), Quatrefoil, "butterfly", Violet, Waves),
        new("bright-mind", Ui.Text("Bright Mind"), Diamond, "brain", Violet, Rings),
        new("welcome-back", Ui.Text("Welcome Back"), Circle, "hand-waving", Lime, Rings),
        new("worn-with-pride", Ui.Text("Worn with Pride"), Diamond, "push-pin", Lime, Rays),
        new("time-to-cheer", Ui.Text("Time to Cheer"), Scallop, "confetti", Lime, Rings),
        new("bookworm", Ui.Text("Bookworm"), Octagon, "books", Lime, Chevrons),
        new("familiar-face", Ui.Text("Familiar Face"), Quatrefoil, "smiley", Lime, Rays),
        new("part-of-the-furniture", Ui.Text("Part of the Furniture"), Hexagon, "armchair", Lime, Lattice),
        new("first-look", Ui.Text("First Look"), Circle, "magnifying-glass", Slate, Rings),
        new("fair-judge", Ui.Text("Fair Judge"), Diamond, "scales", Slate, Facets),
        new("sharp-pencil", Ui.Text("Sharp Pencil"), Pentagon, "pencil-ruler", Slate, Lattice),
        new("fine-detail", Ui.Text("Fine Detail"), Octagon, "microscope", Slate, Rings),
        new("seal-of-quality", Ui.Text("Seal of Quality"), Burst, "certificate", Slate, Rays),
        new("new-leaf", Ui.Text("New Leaf"), Arch, "leaf", Jade, Waves),
        new("open-book", Ui.Text("Open Book"), Pentagon, "book-open", Jade, Chevrons),
        new("crystal-clear", Ui.Text("Crystal Clear"), Diamond, "drop", Jade, Rings),
        new("steady-course", Ui.Text("Steady Course"), Quatrefoil, "sailboat", Jade, Waves),
        new("treasure-trove", Ui.Text("Treasure Trove"), Shield, "treasure-chest", Jade, Lattice),
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
