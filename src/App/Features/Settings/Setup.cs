using Laurel.App.Features.Achievements;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Access;
using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.App.Platform.Yaml;
using NodaTime;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Settings;

/// <summary>A text by language code; "en" is always there.</summary>
public sealed record Texts(IReadOnlyDictionary<string, string> ByLanguage)
{
    public static Texts Of(string english) => new(new SortedDictionary<string, string>(StringComparer.Ordinal) { ["en"] = english });
    public string English => ByLanguage["en"];
}

/// <summary>
/// What a setup file says, as far as it could be read; its problems are told already. A node says where, for what only the database can
/// refuse.
/// </summary>
public sealed record Setup(
    IReadOnlyList<SiteSetup> Sites, WeekStartSetup? WeekStart, IReadOnlyList<TeamSetup> Teams, IReadOnlyList<PersonSetup> People,
    IReadOnlyList<IdentitySetup> Identities,
    IReadOnlyList<TypeSetup> Types, IReadOnlyList<MetricSetup> Metrics, IReadOnlyList<AchievementSetup> Achievements)
{
    /// <summary>The whole of it: for what no single part of it says.</summary>
    public YamlNode Root { get; init; } = new YamlScalarNode();

    /// <summary>The installation's own site, where the file names it.</summary>
    public SiteSetup? Site => Sites.Count > 0 ? Sites[0] : null;

    /// <summary>What work belongs to.</summary>
    public IReadOnlyList<ProjectSetup> Projects { get; init; } = [];

    /// <summary>Achievements that are earned in order.</summary>
    public IReadOnlyList<PathSetup> Paths { get; init; } = [];

    /// <summary>First workday whose activities are kept.</summary>
    public HorizonSetup? Horizon { get; init; }

    /// <summary>Whether product areas are on, as far as the file says.</summary>
    public IReadOnlyDictionary<string, bool> Areas { get; init; } = new Dictionary<string, bool>();

    /// <summary>Who sees the badges of colleagues.</summary>
    public ColleaguesSee? Colleagues { get; init; }

    /// <summary>Whether colleagues see negative badges; null where nothing is said.</summary>
    public bool? ShowsNegative { get; init; }

    /// <summary>The least number of people that a report without names tells of.</summary>
    public int? SmallestGroup { get; init; }

    /// <summary>People who belong together beside their teams.</summary>
    public IReadOnlyList<GroupSetup> Groups { get; init; } = [];

    /// <summary>Boundaries of access.</summary>
    public IReadOnlyList<GroupSetup> Divisions { get; init; } = [];

    /// <summary>What roles hold otherwise than by default, and the organisation's own.</summary>
    public IReadOnlyList<RoleSetup> Roles { get; init; } = [];

    public PresenceSetup? Presence { get; init; }

    /// <summary>What the file means to declare and says wrongly.</summary>
    public UnreadParts Unread { get; init; } = UnreadParts.None;
}

/// <summary>
/// What could not be read, by section: ids of entries, and sections of which not even the ids are known. Who refers to such a thing has
/// made no mistake that is not told already.
/// </summary>
public sealed record UnreadParts(ILookup<string, string> Ids, IReadOnlySet<string> Sections)
{
    public static readonly UnreadParts None = new(Array.Empty<string>().ToLookup(s => s, StringComparer.Ordinal), new HashSet<string>());

    public bool Excuse(string section, string id) => Sections.Contains(section) || Ids[section].Contains(id, StringComparer.Ordinal);
}

/// <param name="IsOnly">Said as the one site that there is.</param>
/// <param name="Name">Null where the file does not say: its id where it is new, otherwise as it is; so of teams, groups and others.</param>
public sealed record SiteSetup(YamlNode Node, string Id, string? Name, string Zone, bool IsOnly = false);
public sealed record WeekStartSetup(YamlNode Node, IsoDayOfWeek Day);
public sealed record HorizonSetup(YamlNode Node, Workday Day);
public sealed record TeamSetup(YamlNode Node, string Id, string? Name, YamlText? Site);

/// <param name="Archived">Null where the file does not say.</param>
public sealed record GroupSetup(YamlNode Node, string Id, string? Name, bool? Archived);

/// <param name="Name">Null where the file does not say, as of Laurel's own roles.</param>
/// <param name="Base">Which of Laurel's three it is made from; null where the file does not say.</param>
/// <param name="Grants">
/// All that it holds otherwise than its kind by default, by permission, in the words of <see cref="RoleGrants"/>; null: stays as it is.
/// </param>
public sealed record RoleSetup(
    YamlNode Node, string Id, Texts? Name, Role? Base, bool? Archived, IReadOnlyList<(string Permission, YamlText Word)>? Grants);

/// <param name="From">First workday of another team, site, role or groups than were known; today where the file does not say.</param>
/// <param name="Role">Null where the file does not say: agent where the person is new, otherwise as it is.</param>
/// <param name="Email">In small letters.</param>
/// <param name="Invented">Null where the file does not say.</param>
public sealed record PersonSetup(
    YamlNode Node, string Id, string? Name, YamlText? Site, YamlText? Team, Workday? From, YamlText? Role, YamlText? Email, bool? Invented)
{
    /// <summary>All groups that the person is in; null where the file does not say.</summary>
    public IReadOnlyList<YamlText>? Groups { get; init; }

    /// <summary>Null where the file does not say; an empty text: in none.</summary>
    public YamlText? Division { get; init; }
}

/// <summary>Who can earn an achievement.</summary>
public sealed record AudienceSetup(IReadOnlyList<YamlText> Teams, IReadOnlyList<YamlText> Groups, IReadOnlyList<YamlText> Roles);

/// <summary>An id of another system; of a person, a team, or ignored.</summary>
public sealed record IdentitySetup(YamlNode Node, ExternalIdentity Identity, YamlText? Person, YamlText? Team)
{
    /// <summary>A project's, in place of a person's or a team's.</summary>
    public YamlText? Project { get; init; }
}

/// <param name="Active">Null where the file does not say.</param>
public sealed record ProjectSetup(YamlNode Node, string Id, string? Name, bool? Active);

/// <param name="MeasuresRead">False where the file says its measures wrongly; so for labels.</param>
public sealed record TypeSetup(
    YamlNode Node, Texts Name, ActivityType Type, TypeWords Words, bool MeasuresRead, bool LabelsRead)
{
    /// <summary>The file gives it no name: that of one that is there stays.</summary>
    public bool IsUnnamed { get; init; }
}

/// <param name="Metric">Its key is not known yet, nor whether it is never negative: types say that.</param>
/// <param name="Filters">Where the metric's filters stand, in their order.</param>
/// <param name="Ratio">The two metrics that a ratio names.</param>
public sealed record MetricSetup(
    YamlNode Node, Texts Name, Metric Metric, IReadOnlyList<YamlText> Types, YamlNode? Measure, IReadOnlyList<YamlNode> Filters,
    YamlNode? Label = null, (YamlText Numerator, YamlText Denominator)? Ratio = null)
{
    public Texts Description { get; init; } = Texts.Of("");

    /// <summary>The file gives it no name: that of one that is there stays.</summary>
    public bool IsUnnamed { get; init; }

    /// <summary>Counted on, and not offered any more.</summary>
    public bool IsArchived { get; init; }

    /// <summary>It is meant to be made: one of that id is somebody else's.</summary>
    public bool IsNew { get; init; }
}

/// <summary>From which workday work counts: the beginning, a date, or (null) the day of enabling.</summary>
public readonly record struct HistorySetup(Workday? From);

/// <summary>A metric that is kept for rules only, and not shown.</summary>
/// <param name="Types">The activity types that it names.</param>
public sealed record OwnMetric(Metric Metric, IReadOnlyList<YamlText> Types);

/// <summary>Makes a rule once the metrics that it names are known by their ids, and the achievements that it is made of.</summary>
public delegate Rule MakeRule(Func<string, Metric> metric, IReadOnlyList<AchievementKey> of);

/// <param name="Metrics">Metrics that the rule names.</param>
/// <param name="Own">One that it needs and does not name.</param>
public sealed record AchievementSetup(
    YamlNode Node, string Id, Texts Name, Texts Description, string Area, string Badge, string Type,
    MakeRule Rule, IReadOnlyList<YamlText> Metrics, OwnMetric? Own,
    Repeat Repeat, HistorySetup History, Visibility Visibility, bool Enabled)
{
    /// <summary>The file gives it no name: that of one that is there stays.</summary>
    public bool IsUnnamed { get; init; }

    /// <summary>Off, and not listed any more.</summary>
    public bool IsArchived { get; init; }

    public Tenure Tenure { get; init; }

    public BadgeTone Tone { get; init; }

    /// <summary>Of each tier, from the lowest; none where nothing was said.</summary>
    public IReadOnlyList<int> Coins { get; init; } = [];

    /// <summary>In test, or live; null where nothing was said: as it is, and live where it is new.</summary>
    public bool? Test { get; init; }

    /// <summary>Off where it is new; otherwise on or off as it is.</summary>
    public bool LeavesSwitch { get; init; }

    /// <summary>It is meant to be made: one of that id is somebody else's.</summary>
    public bool IsNew { get; init; }

    /// <summary>Activity types that the rule names by itself.</summary>
    public IReadOnlyList<YamlText> Types { get; init; } = [];

    /// <summary>Null for everybody.</summary>
    public AudienceSetup? Audience { get; init; }

    /// <summary>The achievements of a collection: its rule is made of them.</summary>
    public IReadOnlyList<YamlText> Of { get; init; } = [];
}

/// <param name="Steps">Achievements, in order.</param>
public sealed record PathSetup(YamlNode Node, string Id, Texts Name, Texts Description, IReadOnlyList<YamlText> Steps)
{
    /// <summary>The file gives it no name: that of one that is there stays.</summary>
    public bool IsUnnamed { get; init; }

    /// <summary>Null for that of its first step.</summary>
    public string? Area { get; init; }

    /// <summary>Not followed any more; its steps are off.</summary>
    public bool IsArchived { get; init; }

    /// <summary>It is meant to be made: one of that id is somebody else's.</summary>
    public bool IsNew { get; init; }
}
