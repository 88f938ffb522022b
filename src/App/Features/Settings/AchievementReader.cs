using System.Globalization;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Achievements.Kinds;
using Laurel.App.Features.Badges;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Settings;

/// <summary>Reads one achievement of setup.yaml.</summary>
public sealed class AchievementReader(YamlProblems problems)
{
    private static readonly string[] Common =
        ["id", "name", "description", "area", "badge", "type", "repeat", "history", "visibility", "retention", "tone", "coins",
            "test", "enabled", "archived", "audience"];
    private static readonly string[] Areas = [.. ProductAreas.All];

    private const int MostCoins = 100_000;

    public AchievementSetup? Read(YamlMap map)
    {
        var type = map.Text("type");
        var kind = RuleKinds.Find(type);
        map.Only([.. Common, .. (kind is null ? RuleKinds.All : [kind]).SelectMany(k => k.Keys()).Select(k => k.Key).Distinct()]);
        var types = string.Join(", ", RuleKinds.All.Select(k => k.Type));
        if (map.Lacks("type")) problems.Add(map.Node, "'type' is missing: " + types);
        var id = SetupReader.Id(map);
        if (type is not null && kind is null)
            problems.Add(map["type"]!, $"'type' must be {types}, not '{type}'" + Suggestion.Hint(type, RuleKinds.All.Select(k => k.Type)));
        var own = kind?.Read(map);
        var badge = map.Text("badge") ?? BadgeFamilies.All[0].Key;
        if (BadgeFamilies.Find(badge) is null)
            problems.Add(map["badge"]!, $"there is no badge '{badge}'" + Suggestion.Hint(badge, BadgeFamilies.All.Select(f => f.Key)));
        var area = map.OneOf("area", [.. Areas.Select((a, i) => (a, i))]) is { } i1 ? Areas[i1] : Areas[0];
        var visibility = map.OneOf("visibility", ("shown", Visibility.Shown), ("hidden", Visibility.Hidden),
            ("previous", Visibility.Previous)) ?? Visibility.Shown;
        var (name, description) = (SetupReader.Texts(map, "name", SetupReader.Readable(id)), SetupReader.Texts(map, "description", ""));
        var audience = Audience(map, isOfAll: kind?.IsOfAll == true);
        var archived = map.Flag("archived", false);
        var retention = map.OneOf("retention", ("permanent", Tenure.Permanent), ("holder", Tenure.Holder),
            ("period", Tenure.Period)) ?? kind?.UsualTenure ?? Tenure.Permanent;
        var tone = map.OneOf("tone", ("positive", BadgeTone.Positive), ("playful", BadgeTone.Playful), ("negative", BadgeTone.Negative))
            ?? BadgeTone.Positive;
        // Nobody makes a negative badge by leaving a word out.
        var leaves = tone == BadgeTone.Negative && !map.Has("enabled") && !archived;
        var (repeat, history, enabled) = (Repeats(map, own), History(map), map.Flag("enabled", !archived && !leaves));
        if (archived && enabled) problems.Add(map["enabled"]!, "what is archived is off: leave 'enabled' out, or write enabled: false");
        if (retention == Tenure.Period && own is not null && !Lapse.HasPeriod(repeat))
            problems.Add(map["retention"]!, "'retention: period' needs a badge that repeats by day, week or month");
        return id is null || own is null
            ? null
            : new(map.Node, id, name, description, area, badge, type!, own.Make, own.Metrics, own.Own, repeat, history, visibility,
                enabled)
            {
                Types = own.Types, Of = own.Of, IsArchived = archived, IsUnnamed = !map.Has("name"), Tenure = retention, Tone = tone,
                Coins = Coins(map), LeavesSwitch = leaves, Audience = audience,
                Test = map.Has("test") ? map.Flag("test", false) : null,
            };
    }

    private AudienceSetup? Audience(YamlMap map, bool isOfAll)
    {
        if (map.Map("audience")?.Only("teams", "groups", "roles") is not { } some) return null;
        var audience = new AudienceSetup(some.TextsAt("teams"), some.TextsAt("groups"), some.TextsAt("roles"));
        if (isOfAll) problems.Add(some.Node, "a badge of this kind can be earned by everybody: leave 'audience' out");
        if (audience.Teams.Count + audience.Groups.Count + audience.Roles.Count > 0) return audience;
        problems.Add(some.Node, "'audience' names nobody: name teams, groups or roles, or leave it out for everybody");
        return null;
    }

    private Repeat Repeats(YamlMap map, KindSetup? own)
    {
        var repeat = map.OneOf("repeat", ("once", Repeat.Once), ("day", Repeat.Day), ("week", Repeat.Week), ("month", Repeat.Month),
            ("every-time", Repeat.EveryTime));
        if (own is null) return default;
        if (repeat is not { } given) return own.Repeats[0];
        if (!own.Repeats.Contains(given))
            problems.Add(map["repeat"]!, $"'repeat' here is {string.Join(" or ", own.Repeats.Select(r => SetupWriter.Word(r)))}");
        return given;
    }

    private List<int> Coins(YamlMap map)
    {
        var coins = new List<int>();
        foreach (var (text, at) in map.TextsAt("coins"))
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var some) && some <= MostCoins) coins.Add(some);
            else problems.Add(at, $"'{text}' is not a number of coins: a whole number of up to {MostCoins}");
        return coins;
    }

    private HistorySetup History(YamlMap map)
    {
        switch (map.Text("history"))
        {
            case null or "enabling": return new(null);
            case "all": return new(Workday.Beginning);
            case var text when Workday.Parse(text) is { } date: return new(date);
            case var text:
                problems.Add(map["history"]!, $"'history' must be all, enabling or a date such as 2026-01-31, not '{text}'");
                return new(null);
        }
    }
}
