using System.Globalization;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Badges;
using Laurel.App.Features.People;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Engine.Presence;
using NodaTime;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Settings;

/// <summary>
/// Reads setup.yaml. Everything that is wrong is told at once, with line and column; what names another thing (a team, a type, a metric)
/// is compared by <see cref="ApplySetup"/>, which knows what is there already.
/// </summary>
public sealed class SetupReader(YamlProblems problems)
{
    private static readonly string[] Languages = ["en", "lt"];
    internal static readonly (string, Unit)[] Units =
    [
        ("number", Unit.Number), ("seconds", Unit.Seconds), ("percent", Unit.Percent), ("currency", Unit.Currency), ("points", Unit.Points),
    ];

    private readonly List<(string Section, string Id)> unreadIds = [];
    private readonly HashSet<string> unreadSections = new(StringComparer.Ordinal);

    /// <summary>Null when the file is not readable as YAML at all. With problems, it is what could be read.</summary>
    public Setup? Read(string text)
    {
        if (problems.Root(text) is not { } root) return null;
        root.Only("site", "sites", "week-start", "horizon", SwitchAreas.Setting, "colleagues-badges", "negative-badges", "smallest-group",
            "teams", "groups", "divisions", "roles", "people", "projects", "identities", "presence", "activity-types", "metrics",
            "achievements", "paths");
        var site = root.Map("site") is { } map ? Site(map) : null;
        if (site is null && !root.Lacks("site")) unreadSections.Add("sites");
        var sites = Read(root, "sites", Site, s => s.Id);
        if (root.Has("site") && root.Has("sites"))
            problems.Add(root["site"]!, "'site' is short for 'sites' with one; write one of the two");
        var weekStart = root.OneOf("week-start",
            [.. Enum.GetValues<IsoDayOfWeek>().Where(d => d != IsoDayOfWeek.None).Select(d => (d.ToString().ToLowerInvariant(), d))]);
        return new Setup(
            site is null ? sites : [site with { IsOnly = true }, .. sites.Where(s => s.Id != site.Id)],
            weekStart is { } day ? new(root["week-start"]!, day) : null,
            Read(root, "teams", Team, t => t.Id),
            Read(root, "people", Person, p => p.Id),
            Read(root, "identities", Identity, i => i.Project is null ? i.Identity.ToString() : $"project {i.Identity}"),
            Read(root, "activity-types", Type, t => t.Type.Id),
            Read(root, "metrics", new MetricReader(problems).Read, m => m.Metric.Id),
            Read(root, "achievements", new AchievementReader(problems).Read, a => a.Id))
        {
            Root = root.Node,
            Projects = Read(root, "projects", Project, p => p.Id),
            Horizon = Horizon(root),
            Areas = root.Map(SwitchAreas.Setting) is { } areas ? Areas(areas) : new(),
            Colleagues = root.OneOf(RecognitionSettings.Colleagues, [.. RecognitionSettings.Words]),
            ShowsNegative = root.OneOf("negative-badges", (NegativeBadges.Private, false), (NegativeBadges.Shown, true)),
            SmallestGroup = SmallestGroup(root),
            Groups = Read(root, "groups", Group, g => g.Id),
            Divisions = Read(root, "divisions", Division, v => v.Id),
            Roles = Read(root, "roles", OneRole, r => r.Id),
            Presence = root.Map("presence") is { } presence ? new PresenceReader(problems).Read(presence) : null,
            Paths = Read(root, "paths", Path, p => p.Id),
            Unread = new(unreadIds.ToLookup(u => u.Section, u => u.Id, StringComparer.Ordinal), unreadSections),
        };
    }

    private List<T> Read<T>(YamlMap root, string section, Func<YamlMap, T?> read, Func<T, string> id) where T : class
    {
        var items = new List<T>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (root.Misspells(section) || root[section] is not (null or YamlSequenceNode)) unreadSections.Add(section);
        foreach (var node in root.List(section))
        {
            var map = problems.Map(node, $"an entry of '{section}'");
            if (map is not null && read(map) is { } item)
            {
                if (seen.Add(id(item))) items.Add(item);
                else problems.Add(node, $"'{id(item)}' stands twice in '{section}'");
            }
            else if (map?["id"] is YamlScalarNode { Value: { } named }) unreadIds.Add((section, named));
            else unreadSections.Add(section);
        }
        return items;
    }

    /// <summary>One entry of <c>paths</c>; null where it has no id or no steps.</summary>
    public PathSetup? Path(YamlMap map)
    {
        map.Only("id", "name", "description", "area", "steps", "archived");
        var (id, steps) = (Id(map), map.TextsAt("steps"));
        var area = map.OneOf("area", [.. ProductAreas.All.Select((area, i) => (area, i))]) is { } listed ? ProductAreas.All[listed] : null;
        var archived = map.Flag("archived", false);
        if (map.Lacks("steps") || map["steps"] is YamlSequenceNode { Children.Count: 0 })
            problems.Add(map.Node, "'steps' is missing: the achievements of the path, in order");
        foreach (var twice in steps.GroupBy(s => s.Text, StringComparer.Ordinal).SelectMany(same => same.Skip(1)))
            problems.Add(twice.At, $"'{twice.Text}' stands twice in the path");
        return id is null || steps.Count == 0
            ? null
            : new(map.Node, id, Texts(map, "name", Readable(id)), Texts(map, "description", ""), steps)
            {
                Area = area, IsArchived = archived, IsUnnamed = !map.Has("name"),
            };
    }

    private ProjectSetup? Project(YamlMap map)
    {
        map.Only("id", "name", "active");
        var (id, name) = (map.NeededText("id"), OneName(map, "a project"));
        var active = map.Has("active") ? map.Flag("active", true) : (bool?)null;
        if (id is not null && !PersonForm.IsKey(id))
        {
            problems.Add(map["id"]!, $"'{id}' is not a project's key: 1 to {PersonForm.LongestKey} characters");
            id = null;
        }
        return id is null ? null : new(map.Node, id, name, active);
    }

    private SiteSetup? Site(YamlMap map)
    {
        map.Only("id", "name", "zone");
        var (id, name, zone) = (Id(map), OneName(map, "a site"), map.NeededText("zone"));
        if (zone is not null && SiteClock.Find(zone) is null)
        {
            problems.Add(map["zone"]!, $"'{zone}' is not a time zone{ZoneSuggestion.Hint(zone)}");
            return null;
        }
        return id is null || zone is null ? null : new(map.Node, id, name, zone);
    }

    private HorizonSetup? Horizon(YamlMap root)
    {
        if (root.TextAt("horizon") is not { } text) return null;
        if (Workday.Parse(text.Text) is { } day) return new(text.At, day);
        problems.Add(text.At, $"'horizon' must be a date such as 2026-01-31, not '{text.Text}'");
        return null;
    }

    private static Dictionary<string, bool> Areas(YamlMap map)
    {
        map.Only([.. ProductAreas.All]);
        var areas = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var area in ProductAreas.All)
            if (map.OneOf<bool>(area, (SwitchAreas.On, true), (SwitchAreas.Off, false)) is { } on) areas[area] = on;
        return areas;
    }

    private int? SmallestGroup(YamlMap root)
    {
        if (root.TextAt(RecognitionSettings.SmallestGroup) is not { } text) return null;
        if (int.TryParse(text.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && size is >= RecognitionSettings.LeastGroup and <= RecognitionSettings.MostGroup) return size;
        problems.Add(text.At, $"'{RecognitionSettings.SmallestGroup}' must be a whole number from {RecognitionSettings.LeastGroup} to "
            + $"{RecognitionSettings.MostGroup}, not '{text.Text}'");
        return null;
    }

    private TeamSetup? Team(YamlMap map)
    {
        map.Only("id", "name", "site");
        var (id, name, site) = (Id(map), OneName(map, "a team"), map.TextAt("site"));
        return id is null ? null : new(map.Node, id, name, site);
    }

    private GroupSetup? Group(YamlMap map)
    {
        map.Only("id", "name", "archived");
        var (id, name, archived) = (Id(map), OneName(map, "a group"), map.Has("archived") ? map.Flag("archived", false) : (bool?)null);
        return id is null ? null : new(map.Node, id, name, archived);
    }

    private GroupSetup? Division(YamlMap map)
    {
        map.Only("id", "name", "archived");
        var (id, name, archived) = (Id(map), OneName(map, "a division"), map.Has("archived") ? map.Flag("archived", false) : (bool?)null);
        return id is null ? null : new(map.Node, id, name, archived);
    }

    private RoleSetup? OneRole(YamlMap map)
    {
        map.Only("id", "name", "base", "archived", "grants");
        var (id, archived) = (Id(map), map.Has("archived") ? map.Flag("archived", false) : (bool?)null);
        var kind = map.OneOf("base", [.. Roles.All.Select(r => (r.Id(), r))]);
        var name = map.Has("name") ? Texts(map, "name", Readable(id)) : null;
        if (id is not null && Roles.Find(id) is not null)
            foreach (var own in (string[])["name", "base", "archived"])
                if (map.Has(own)) problems.Add(map[own]!, $"'{id}' is Laurel's own role: say its grants alone");
        List<(string, YamlText)>? grants = null;
        if (map.Map("grants") is { } said)
        {
            grants = [];
            foreach (var (key, permission, _) in said.Entries)
            {
                if (!Permissions.Known.Contains(permission))
                    problems.Add(key, $"there is no permission '{permission}'" + Suggestion.Hint(permission, Permissions.All));
                else if (said.TextAt(permission) is not { } word) continue;
                else if (!RoleGrants.Read(permission, word.Text, Role.Agent, out var reach))
                    problems.Add(word.At, $"'{word.Text}' is not what '{permission}' can be granted as: "
                        + (Permissions.Reaching.Contains(permission) ? RoleGrants.Words : "no or yes"));
                else if (reach is not null && Permissions.OfKeysAlone.Contains(permission))
                    problems.Add(word.At, $"'{permission}' is for API keys: no role holds it");
                else grants.Add((permission, word));
            }
        }
        return id is null ? null : new(map.Node, id, name, kind, archived, grants);
    }

    private PersonSetup? Person(YamlMap map)
    {
        map.Only("id", "name", "site", "team", "groups", "division", "from", "role", "email", "invented");
        var id = map.NeededText("id");
        if (id is not null && !PersonForm.IsKey(id))
        {
            problems.Add(map["id"]!, $"'{id}' is not a person's key: 1 to {PersonForm.LongestKey} characters");
            id = null;
        }
        var (name, team, role, email) = (OneName(map, "a person"), map.TextAt("team"), map.TextAt("role"), Email(map));
        var invented = map.Has("invented") ? map.Flag("invented", false) : (bool?)null;
        var (site, from) = (map.TextAt("site"), From(map));
        return id is null ? null : new(map.Node, id, name, site, team, from, role, email, invented)
        {
            Groups = map.Has("groups") ? map.TextsAt("groups") : null,
            Division = map.TextAt("division"),
        };
    }

    private Workday? From(YamlMap map)
    {
        if (map.TextAt("from") is not { } from) return null;
        if (Workday.Parse(from.Text) is { } day) return day;
        problems.Add(from.At, $"'{from.Text}' is not a date such as 2026-01-31");
        return null;
    }

    private YamlText? Email(YamlMap map)
    {
        if (map.TextAt("email") is not { } email) return null;
        if (PersonForm.IsEmail(email.Text)) return email with { Text = email.Text.Trim().ToLowerInvariant() };
        problems.Add(email.At, $"'{email.Text}' is not an e-mail address");
        return null;
    }

    private IdentitySetup? Identity(YamlMap map)
    {
        map.Only("provider", "external", "person", "team", "project", "ignored");
        var (provider, external) = (map.NeededText("provider"), map.NeededText("external"));
        if (provider is not null && !ExternalIdentity.IsProvider(provider))
        {
            problems.Add(map["provider"]!, $"'{provider}' is not a provider: lower-case letters, digits, '.', '_' and '-', at most 100");
            provider = null;
        }
        if (external is not null && (external.Length is 0 or > 200 || ExternalIdentity.IsOne(external)))
        {
            problems.Add(map["external"]!, "an external id has 1 to 200 characters");
            external = null;
        }
        var (person, team, ignored) = (map.TextAt("person"), map.TextAt("team"), map.Flag("ignored", false));
        var project = map.TextAt("project");
        string[] whose = ["person", "team", "project", "ignored"];
        if (whose.Count(map.Has) != 1 || (map.Has("ignored") && !ignored))
        {
            if (whose.Any(map.Has) || whose.All(map.Lacks))
                problems.Add(map.Node, "an identity has one of 'person', 'team', 'project' and 'ignored: true'");
            return null;
        }
        return provider is null || external is null ? null : new(map.Node, new(provider, external), person, team) { Project = project };
    }

    private TypeSetup? Type(YamlMap map)
    {
        map.Only("id", "name", "person", "measures", "labels");
        var id = Id(map);
        if (id is not null && PresenceTypes.IsOne(id))
        {
            problems.Add(map["id"]!, $"'{id}' is Laurel's own: say under 'presence' which statuses there are");
            id = null;
        }
        var measures = new List<DeclaredMeasure>();
        var names = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (_, name, node) in map.Map("measures")?.Entries ?? [])
        {
            // One that is said wrongly is declared all the same: what names it makes no second mistake.
            var measure = problems.Map(node, $"measure '{name}'")?.Only("name", "unit", "negative");
            if (measure is not null && measure.Has("name")) names[name] = Texts(measure, "name", name).ByLanguage;
            var unit = measure?.OneOf("unit", Units) ?? Unit.Number;
            measures.Add(new(name, unit.ToString().ToLowerInvariant(), measure?.Flag("negative", true) ?? true));
        }
        var needsPerson = map.OneOf("person", ("required", 1), ("optional", 0)) != 0;
        var (texts, (labels, labelWords)) = (Texts(map, "name", Readable(id)), Labels(map));
        var words = new TypeWords(InOrder(names), InOrder(labelWords));
        return id is null ? null : new(map.Node, texts, new ActivityType(id, needsPerson, measures, labels), words,
            !map.Misspells("measures") && map["measures"] is null or YamlMappingNode, !map.Misspells("labels"))
        {
            IsUnnamed = !map.Has("name"),
        };
    }

    /// <summary>A list of labels, or a map that says how each and its texts are called.</summary>
    private (IReadOnlyList<string> Labels, Dictionary<string, LabelWords> Words) Labels(YamlMap map)
    {
        var words = new Dictionary<string, LabelWords>(StringComparer.Ordinal);
        if (map["labels"] is not YamlMappingNode) return (map.Texts("labels"), words);
        var labels = new List<string>();
        foreach (var (_, name, node) in map.Map("labels")!.Entries)
        {
            labels.Add(name);
            // A label without words: "stage:" alone.
            if (node is YamlScalarNode { Value: null or "" }
                || problems.Map(node, $"label '{name}'")?.Only("name", "values") is not { } label)
                continue;
            var values = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
            if (label.Map("values") is { } said)
                foreach (var (_, text, _) in said.Entries) values[text] = Texts(said, text, text).ByLanguage;
            if (label.Has("name") || values.Count > 0)
                words[name] = new(label.Has("name") ? Texts(label, "name", name).ByLanguage : null, InOrder(values));
        }
        return (labels, words);
    }

    /// <summary>The order in which a file says things is no change of them.</summary>
    private static Dictionary<string, T> InOrder<T>(Dictionary<string, T> words) =>
        words.OrderBy(w => w.Key, StringComparer.Ordinal).ToDictionary(w => w.Key, w => w.Value, StringComparer.Ordinal);

    internal static Amount? AmountOf(YamlMap map, string key)
    {
        if (map.Number(key) is not { } number) return null;
        if (Amount.Of(number) is { } amount) return amount;
        map.Problems.Add(map[key]!, $"'{key}' is above one thousand million");
        return null;
    }

    /// <summary>1 to 100 characters: lower-case letters, digits, and . _ - between them.</summary>
    internal static string? Id(YamlMap map)
    {
        if (map.NeededText("id") is not { } id) return null;
        if (IsId(id)) return id;
        map.Problems.Add(map["id"]!, $"'{id}' is not an id: lower-case letters, digits, '.', '_' and '-', at most 100");
        return null;
    }

    internal static bool IsId(string id) =>
        id.Length is > 0 and <= 100 && id.All(c => char.IsLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');

    /// <summary>Sites, teams and people are called the same in every language.</summary>
    private string? OneName(YamlMap map, string what)
    {
        if (map["name"] is not YamlMappingNode) return map.Text("name");
        var first = map.Map("name")!.Entries.Select(e => (e.Value as YamlScalarNode)?.Value).FirstOrDefault() ?? "...";
        problems.Add(map["name"]!, $"{what} has one name in every language: write name: {first}");
        return null;
    }

    /// <summary>What something without a name is called: first-call is "First call".</summary>
    internal static string Readable(string? id) =>
        id is not { Length: > 0 } ? "" : char.ToUpperInvariant(id[0]) + id[1..].Replace('-', ' ').Replace('_', ' ');

    internal static Texts Texts(YamlMap map, string key, string otherwise)
    {
        if (map[key] is not YamlMappingNode) return Settings.Texts.Of(map.Text(key) ?? otherwise);
        var texts = map.Map(key)!.Only(Languages);
        var byLanguage = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, language, _) in texts.Entries)
            if (Languages.Contains(language, StringComparer.Ordinal) && texts.Text(language) is { } text) byLanguage[language] = text;
        if (byLanguage.TryAdd("en", otherwise) && texts.Lacks("en")) map.Problems.Add(map[key]!, "the English text (en) is missing");
        return new(byLanguage);
    }
}
