using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Achievements.Kinds;
using Laurel.App.Features.Activities;
using Laurel.App.Features.People;
using Laurel.App.Features.Retention;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Engine.Presence;
using YamlDotNet.Serialization;
using Part = Laurel.App.Features.Settings.SetupPart;

namespace Laurel.App.Features.Settings;

/// <summary>Writes what is set up as a setup file: <see cref="SetupReader"/> reads it, and applying it changes nothing.</summary>
public sealed class SetupWriter(DbConnection connection, DbTransaction view, long now)
{
    private static readonly ISerializer Yaml = new SerializerBuilder().WithQuotingNecessaryStrings().DisableAliases().Build();

    public string Write()
    {
        var catalogue = new CatalogueStore().Current(connection, view);
        var sites = SiteStore.All(connection, view)
            .Select(s => new Part().With("id", s.Id).With("name", s.Name).With("zone", s.Zone)).ToList();
        var week = connection.ExecuteScalar<string?>("SELECT value FROM setting WHERE name = 'week-start'", transaction: view);
        var whole = new Part()
            .With("site", sites is [var only] ? only : null)
            .With("sites", sites.Count > 1 ? sites : null)
            .With("week-start", week?.ToLowerInvariant())
            .With("horizon", Horizon.Said(catalogue.Rules.Horizon))
            .With(SwitchAreas.Setting, Areas())
            .With(RecognitionSettings.Colleagues, RecognitionSettings.Kept(connection, view, RecognitionSettings.Colleagues))
            .With("negative-badges", NegativeBadges.AreShown(connection, view) ? NegativeBadges.Shown : null)
            .With(RecognitionSettings.SmallestGroup,
                RecognitionSettings.Kept(connection, view, RecognitionSettings.SmallestGroup) is null
                    ? null : RecognitionSettings.Group(connection, view))
            .With("teams", Teams(sites.Count > 1))
            .With("groups", connection.Query<(string Id, string Name, int Archived)>(
                "SELECT id, name, archived FROM people_group ORDER BY key", transaction: view)
                .Select(g => new Part().With("id", g.Id).With("name", g.Name).With("archived", g.Archived != 0 ? true : null)).ToList())
            .With("divisions", connection.Query<(string Id, string Name, int Archived)>(
                "SELECT id, name, archived FROM division ORDER BY key", transaction: view)
                .Select(v => new Part().With("id", v.Id).With("name", v.Name).With("archived", v.Archived != 0 ? true : null)).ToList())
            .With("roles", Roles())
            .With("people", People(catalogue.Floor))
            .With("projects", Projects())
            .With("identities", Identities())
            .With("presence", Presence(catalogue.Rules.Presence))
            .With("activity-types", Types())
            .With("metrics", Metrics())
            .With("achievements", Achievements())
            .With("paths", Paths());
        return whole.Count == 0 ? "{}\n" : Yaml.Serialize(whole);
    }

    /// <summary>One achievement as a setup file of its own; null where there is none of that id.</summary>
    public string? Write(string achievement) => Achievements(achievement) is { Count: > 0 } one
        ? Yaml.Serialize(new Part().With("achievements", one))
        : null;

    /// <summary>One path and its steps as a setup file of its own; null where there is none of that id.</summary>
    public string? WritePath(string path)
    {
        if (Paths(path) is not { Count: > 0 } one) return null;
        var steps = connection.Query<string>(
            """
            SELECT a.id FROM path_step s JOIN path p ON p.key = s.path JOIN achievement a ON a.key = s.achievement
            WHERE p.id = @path ORDER BY s.position
            """, new { path }, view);
        return Yaml.Serialize(new Part().With("achievements", steps.SelectMany(id => Achievements(id)).ToList()).With("paths", one));
    }

    /// <summary>One metric, likewise.</summary>
    public string? WriteMetric(string metric) => Metrics(metric) is { Count: > 0 } one
        ? Yaml.Serialize(new Part().With("metrics", one))
        : null;

    private List<Part> Paths(string? only = null)
    {
        var steps = connection.Query<(long Path, string Id)>(
            "SELECT s.path, a.id FROM path_step s JOIN achievement a ON a.key = s.achievement ORDER BY s.path, s.position",
            transaction: view).ToLookup(s => s.Path, s => s.Id);
        return
        [
            .. connection.Query<(long Key, string Id, string Name, string Description, string? Area, int Archived)>(
                """
                SELECT key, id, name, description, area, archived FROM path WHERE @only IS NULL OR id = @only ORDER BY position, key
                """, new { only }, view)
                .Select(p => new Part().With("id", p.Id).With("name", Texts(p.Name)).With("description", Texts(p.Description))
                    .With("area", p.Area).With("steps", steps[p.Key].ToList()).With("archived", p.Archived != 0 ? true : null)),
        ];
    }

    /// <summary>The organisation's own, and of Laurel's those that hold something otherwise than by default.</summary>
    private List<Part> Roles() =>
    [
        .. RoleStore.Read(connection, view).All.Select(r => (Role: r, Otherwise: RoleGrants.Otherwise(r)))
            .Where(r => r.Role.IsOwn || r.Otherwise.Count > 0)
            .Select(r => new Part().With("id", r.Role.Id)
                .With("name", r.Role.Name is { } name ? Texts(Language.All.Where(name.Has)
                    .ToDictionary(l => l.Code, name.In, StringComparer.Ordinal)) : null)
                .With("base", r.Role.IsOwn ? r.Role.Kind.Id() : null).With("archived", r.Role.IsArchived ? true : null)
                .With("grants", r.Otherwise.Aggregate(new Part(),
                    (all, g) => all.With(g.Key, RoleGrants.Code(g.Value, g.Key))))),
    ];

    private List<Part> Teams(bool withSites) =>
        [.. connection.Query<(string Id, string Name, string Site)>(
            "SELECT t.id, t.name, s.id FROM team t JOIN site s ON s.key = t.site ORDER BY t.key", transaction: view)
        .Select(t => new Part().With("id", t.Id).With("name", t.Name).With("site", withSites ? t.Site : null))];

    /// <summary>As of today: a move that is still to come is not told.</summary>
    private List<Part> People(Floor floor)
    {
        var teams = connection.Query<(long Person, int From, string Team)>(
            "SELECT m.person, m.from_day, t.id FROM person_team m JOIN team t ON t.key = m.team ORDER BY m.from_day", transaction: view)
            .ToLookup(m => m.Person);
        return
        [
            .. connection.Query<(long Key, string Id, string Name, string Role, string? Email, int Invented)>(
                "SELECT key, id, name, role, email, invented FROM person ORDER BY key", transaction: view)
                .Select(p =>
                {
                    var here = floor.Person(new PersonKey(p.Key))?.WorkdayOf(now);
                    return new Part().With("id", p.Id).With("name", p.Name)
                        .With("site", floor.Sites.Count > 1 ? here?.Site.Id : null)
                        .With("team", teams[p.Key].LastOrDefault(m => m.From <= here?.Day.Number).Team)
                        .With("groups", here is { } at ? Belonging.GroupsOn(connection, view, p.Key, at.Day) : null)
                        .With("division", here is { } place ? DivisionStore.On(connection, view, p.Key, place.Day) : null)
                        .With("role", p.Role)
                        .With("email", p.Email).With("invented", p.Invented != 0 ? true : null);
                }),
        ];
    }

    private List<Part> Identities() =>
    [
        .. connection.Query<(string Provider, string External, string State, string? Person, string? Team)>(
            """
            SELECT i.provider, i.external, i.state, p.id, t.id FROM external_identity i
            LEFT JOIN person p ON p.key = i.person LEFT JOIN team t ON t.key = i.team
            WHERE i.state <> 'unlinked' ORDER BY i.provider, i.external
            """, transaction: view).Select(i => new Part().With("provider", i.Provider).With("external", i.External)
            .With("person", i.Person).With("team", i.Team).With("ignored", i.State == "ignored" ? true : null)),
        .. connection.Query<(string Provider, string External, string Project)>(
            """
            SELECT i.provider, i.external, p.id FROM project_identity i JOIN project p ON p.key = i.project ORDER BY i.provider, i.external
            """, transaction: view)
            .Select(i => new Part().With("provider", i.Provider).With("external", i.External).With("project", i.Project)),
    ];

    private List<Part> Projects() =>
    [
        .. connection.Query<(string Id, string Name, int Active)>("SELECT id, name, active FROM project ORDER BY key", transaction: view)
            .Select(p => new Part().With("id", p.Id).With("name", p.Name).With("active", p.Active != 0 ? null : false)),
    ];

    private Part? Presence(PresenceRules? rules)
    {
        if (rules is null) return null;
        var names = ApplyPresence.NamesOf(connection.QueryFirstOrDefault<string?>(
            "SELECT words FROM activity_type WHERE id = @Change", new { PresenceTypes.Change }, view));
        return new Part().With("longest-hours", rules.LongestHours).With("statuses", rules.Statuses.Aggregate(new Part(), (all, s) =>
            all.With(s.Key, new Part().With("counts", Word(s.Value.Kind))
                .With("online", s.Value is { Kind: StatusKind.Pause, CountsOnline: true } ? true : null)
                .With("name", names.GetValueOrDefault(s.Key) is { } said ? Texts(said) : null))));
    }

    private List<Part> Types() =>
    [
        .. connection.Query<(string Name, string Definition, string Words)>(
            """
            SELECT name, definition, words FROM activity_type
            WHERE id NOT LIKE 'external:%' AND id NOT IN (@Change, @Segment) ORDER BY key
            """, new { PresenceTypes.Change, PresenceTypes.Segment }, view)
            .Select(row => Written(
                row.Name, JsonSerializer.Deserialize<ActivityType>(row.Definition, CatalogueStore.Json)!, TypeWords.Read(row.Words))),
    ];

    private static Part Written(string name, ActivityType type, TypeWords words) => new Part()
        .With("id", type.Id).With("name", Texts(name)).With("person", type.NeedsPerson ? "required" : "optional")
        .With("measures", type.Measures.Aggregate(new Part(), (all, m) => all.With(m.Name, new Part()
            .With("name", words.Measures?.GetValueOrDefault(m.Name) is { } said ? Texts(said) : null)
            .With("unit", m.Unit).With("negative", m.MayBeNegative))))
        .With("labels", words.Labels is not { Count: > 0 } ? type.Labels : type.Labels.Aggregate(new Part(), (all, label) =>
        {
            all.Add(label, words.Labels.GetValueOrDefault(label) is { } said ? Written(said) : new Part());
            return all;
        }));

    private static Part Written(LabelWords label) => new Part()
        .With("name", label.Name is null ? null : Texts(label.Name))
        .With("values", label.Values.Aggregate(new Part(), (all, value) => all.With(value.Key, Texts(value.Value))));

    private List<Part> Metrics(string? only = null) =>
    [
        .. connection.Query<(string Name, string Description, string Definition, long Archived)>(
            """
            SELECT m.name, m.description, m.definition, m.archived FROM metric m
            WHERE m.hidden = 0 AND m.version = (SELECT max(version) FROM metric WHERE id = m.id) AND (@only IS NULL OR m.id = @only)
            ORDER BY m.position, m.key
            """, new { only }, view)
            .Select(row => (Row: row, Metric: JsonSerializer.Deserialize<Metric>(row.Definition, CatalogueStore.Json)!))
            .Select(m => Defined(
                new Part().With("id", m.Metric.Id).With("name", Texts(m.Row.Name)).With("description", Texts(m.Row.Description)), m.Metric)
                .With("archived", m.Row.Archived != 0 ? true : null)),
    ];

    private static Part Defined(Part part, Metric metric) => part
        .With("unit", Word(metric.Unit)).With("direction", Word(metric.Direction)).With("external", metric.External ? true : null)
        .With("types", metric.External ? null : metric.Types).With("aggregate", Word(metric.Aggregate))
        .With("measure", metric.External ? null : metric.Measure).With("label", metric.Label)
        .With("numerator", metric.Ratio?.Numerator.Id).With("denominator", metric.Ratio?.Denominator.Id)
        .With("where", metric.Where.Select(Written).ToList());

    private static Part Written(Filter filter) => filter switch
    {
        LabelFilter label => new Part().With("label", label.Label).With(label.Is ? "is" : "is-not", label.Texts),
        MeasureFilter measure => new Part().With("measure", measure.Measure).With(Word(measure.Comparison), measure.Bound.ToString()),
        WeekdayFilter weekday => new Part().With("weekday", weekday.Days.Select(Word).ToList()),
        HourFilter hours => new Part().With("hours", $"{Clock(hours.From)}-{Clock(hours.Until)}"),
        _ => throw new InvalidOperationException($"A filter of the kind {filter.GetType().Name} has no words."),
    };

    private static string Clock(int minute) => $"{minute / 60:00}:{minute % 60:00}";

    /// <summary>None where all are on.</summary>
    private Part? Areas()
    {
        var off = ProductAreas.Off(connection, view);
        return off.Count == 0 ? null : ProductAreas.All.Aggregate(new Part(),
            (part, area) => part.With(area, off.Contains(area) ? SwitchAreas.Off : SwitchAreas.On));
    }

    /// <summary>One achievement as the entry of a file, by the file's keys; null where there is none of that id.</summary>
    public IReadOnlyDictionary<string, object>? Entry(string achievement) =>
        Achievements(achievement) is [var one] ? one : null;

    /// <summary>What decides, in the keys of such an entry: its type, its conditions, and how often it repeats.</summary>
    public IReadOnlyDictionary<string, object> Entry(Rule rule, Repeat repeat)
    {
        var part = new Part().With("type", rule.Type);
        RuleKinds.Of(rule).Write(part, rule, SetupIds.All(connection, view));
        return part.With("repeat", Word(repeat));
    }

    public IReadOnlyDictionary<string, object> Entry(Audience audience) => Written(AudienceIds.Of(connection, view, audience));

    private List<Part> Achievements(string? only = null)
    {
        var ids = SetupIds.All(connection, view);
        return
        [
            .. connection.Query<AchievementRow>(
                """
                SELECT a.id, a.name, a.description, a.area, a.badge, a.type, a.repeat, a.visibility, a.counts_from, a.from_enabling,
                  a.archived, a.retention, a.tone, a.coins, a.testing, v.rule, v.audience,
                  CASE WHEN EXISTS (SELECT 1 FROM achievement_span s WHERE s.achievement = a.key AND s.until IS NULL) OR a.waiting = 1
                    THEN 1 ELSE 0 END AS enabled
                FROM achievement a JOIN achievement_version v ON v.achievement = a.key
                WHERE v.number = (SELECT max(number) FROM achievement_version WHERE achievement = a.key)
                  AND (@only IS NULL OR a.id = @only)
                ORDER BY a.position, a.key
                """, new { only }, view).Select(a => Written(a, ids)),
        ];
    }

    private static Part Written(AudienceIds audience) => new Part()
        .With("teams", audience.Teams).With("groups", audience.Groups).With("roles", audience.Roles);

    private Part Written(AchievementRow a, SetupIds ids)
    {
        var part = new Part().With("id", a.Id).With("name", Texts(a.Name)).With("description", Texts(a.Description)).With("area", a.Area)
            .With("badge", a.Badge).With("type", a.Type);
        var rule = JsonSerializer.Deserialize<Rule>(a.Rule, CatalogueStore.Json)!;
        RuleKinds.Of(rule).Write(part, rule, ids);
        return part.With("repeat", Word(Enum.Parse<Repeat>(a.Repeat)))
            .With("history",
                a.FromEnabling != 0 ? null : a.CountsFrom == Workday.Beginning.Number ? "all" : new Workday(a.CountsFrom).ToString())
            .With("audience", a.Audience is { } some
                ? Written(AudienceIds.Of(connection, view, JsonSerializer.Deserialize<Audience>(some, CatalogueStore.Json)!))
                : null)
            .With("visibility", a.Visibility).With("retention", a.Retention == "permanent" ? null : a.Retention)
            .With("tone", a.Tone == "positive" ? null : a.Tone)
            .With("coins", a.Coins.Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(c => int.Parse(c, CultureInfo.InvariantCulture)).ToList())
            .With("test", a.Testing != 0 ? true : null).With("enabled", a.Enabled != 0).With("archived", a.Archived != 0 ? true : null);
    }

    /// <summary>
    /// A rule in one line of a setup file's words, for a plan and for the audit log: "cases at-least 2, 4, 6; range week".
    /// </summary>
    public static string Line(Rule rule, SetupIds ids) => string.Join("; ", RuleKinds.Of(rule).Parts(rule, ids));

    /// <summary>A metric's definition, likewise.</summary>
    public static string Line(Metric metric) => Line(Defined(new Part(), metric));

    /// <summary>What a type declares, likewise.</summary>
    public static string Line(ActivityType type) => Line(new Part().With("person", type.NeedsPerson ? "required" : "optional")
        .With("measures", type.Measures.Aggregate(new Part(),
            (all, m) => all.With(m.Name, new Part().With("unit", m.Unit).With("negative", m.MayBeNegative))))
        .With("labels", type.Labels));

    /// <summary>A name that is kept by language: as it is where there is English alone.</summary>
    public static string Line(string texts) => Texts(texts) switch
    {
        string alone => alone,
        IReadOnlyDictionary<string, string> all => string.Join(", ", all.Select(t => $"{t.Key}: {t.Value}")),
        _ => texts,
    };

    private static string Line(Part part) => string.Join("; ", part.Select(p => $"{p.Key} {Line(p.Value)}"));

    private static string Line(object value) => value switch
    {
        string text => text,
        bool yes => yes ? "yes" : "no",
        Part part => $"{{{Line(part)}}}",
        System.Collections.IEnumerable all => string.Join(", ", all.Cast<object>().Select(Line)),
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}"),
    };

    /// <summary>A text where there is English alone, texts by language where there are others.</summary>
    private static object Texts(string stored) => Texts(JsonSerializer.Deserialize<SortedDictionary<string, string>>(stored)!);

    private static object Texts(IReadOnlyDictionary<string, string> texts) => texts.Count == 1 ? texts.Values.Single() : texts;

    /// <summary>AtLeast is at-least.</summary>
    internal static string Word<T>(T word) where T : struct, Enum =>
        string.Concat(word.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));

    private sealed record AchievementRow
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string Description { get; init; } = "";
        public string Area { get; init; } = "";
        public string Badge { get; init; } = "";
        public string Type { get; init; } = "";
        public string Repeat { get; init; } = "";
        public string Visibility { get; init; } = "";
        public string Retention { get; init; } = "";
        public string Tone { get; init; } = "";
        public string Coins { get; init; } = "";
        public int Testing { get; init; }
        public int CountsFrom { get; init; }
        public int FromEnabling { get; init; }
        public int Archived { get; init; }
        public string Rule { get; init; } = "";
        public string? Audience { get; init; }
        public int Enabled { get; init; }
    }
}
