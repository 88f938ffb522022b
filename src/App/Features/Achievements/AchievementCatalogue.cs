using System.Data.Common;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Badges;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Achievements;

/// <summary>An achievement as pages show it; how it is decided over time is its <see cref="RuleHistory"/>.</summary>
/// <param name="Badge">Family of its art.</param>
/// <param name="Rule">The newest version.</param>
/// <param name="CountsFrom">First workday of its history; null for the day of enabling.</param>
public sealed record Achievement(
    AchievementKey Key, string Id, LocalText Name, LocalText Description, string Area, string Badge, Visibility Visibility, Rule Rule,
    Repeat Repeat, Workday? CountsFrom, IReadOnlyList<EnabledSpan> Spans)
{
    /// <summary>How long the badge stays with who earned it.</summary>
    public Tenure Tenure { get; init; }

    /// <summary>In test: decided, and seen by those who manage achievements only.</summary>
    public bool IsTesting { get; init; }

    /// <summary>It is there for people: what present_achievement says.</summary>
    public bool IsPresent => !IsTesting && !IsAreaOff;

    /// <summary>Its product area is switched off.</summary>
    public bool IsAreaOff { get; init; }

    /// <summary>Switched on, though its area is off.</summary>
    public bool IsWaiting { get; init; }

    /// <summary>Somebody has switched it on: in effect, or as soon as its area is.</summary>
    public bool IsOn => IsWaiting || Enabling.IsOn(Spans);

    public BadgeTone Tone { get; init; }

    /// <summary>Negative, and such badges are not open to colleagues: the holder and the leader see it, nobody else.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Off, and not listed where achievements are managed, unless asked for.</summary>
    public bool IsArchived { get; init; }

    /// <summary>A step of a path that is archived: off until that is brought back.</summary>
    public bool IsOnArchivedPath { get; init; }

    private static readonly string[] Numerals = ["", "I", "II", "III"];

    /// <summary>0 for kinds without tiers, and for a single target, whose badge is a single one.</summary>
    public int Tiers => Rule.Levels() > 1 ? Rule.Levels() : 0;

    public bool IsEnabledOn(Workday day) => Spans.Any(s => s.From <= day && day <= s.Last);

    public BadgeLevel Level(int tier) => Tiers == 0 ? BadgeLevel.Single : (BadgeLevel)Math.Clamp(tier, 1, 3);

    /// <summary>"Ace Resolver II".</summary>
    public string Title(int tier) => Tiers == 0 ? Name.ToString() : $"{Name} {Roman(tier)}".TrimEnd();

    public static string Roman(int tier) => Numerals[Math.Clamp(tier, 0, 3)];
}

/// <summary>Achievements that are earned in order.</summary>
/// <param name="Description">What it counts, in one sentence.</param>
/// <param name="Area">The product area that it is listed under.</param>
public sealed record BadgePath(
    long Key, string Id, LocalText Name, LocalText Description, string Area, bool IsArchived, IReadOnlyList<Achievement> Steps)
{
    /// <summary>One of its steps is in test, so that only those know of it who may see that.</summary>
    public bool IsTesting => Steps.Any(s => s.IsTesting);
}

/// <summary>All achievements, and the names of what they count, as of one version of the rules.</summary>
public sealed class AchievementBook
{
    private readonly Dictionary<string, Achievement> byId;
    private readonly Dictionary<long, Achievement> byKey;
    private readonly IReadOnlyDictionary<string, (LocalText Name, TypeWords Words)> types;

    public AchievementBook(
        Snapshot snapshot, IReadOnlyList<Achievement> all, IReadOnlyDictionary<string, (LocalText Name, TypeWords Words)> types)
    {
        (Snapshot, All, this.types) = (snapshot, all, types);
        byId = all.ToDictionary(a => a.Id, StringComparer.Ordinal);
        byKey = all.ToDictionary(a => a.Key.Value);
        Seen = string.Join(' ', Present.Select(a => a.IsPrivate || a.Tone == BadgeTone.Negative ? $"-{a.Key.Value}" : $"{a.Key.Value}"));
    }

    public Snapshot Snapshot { get; }

    /// <summary>In the organisation's order.</summary>
    public IReadOnlyList<Achievement> All { get; }

    /// <summary>Without those that are not there for people.</summary>
    public IEnumerable<Achievement> Present => All.Where(a => a.IsPresent);

    /// <summary>
    /// Which are there for people, and which of them for the holder alone. Counts of awards that are kept in memory hold as long as
    /// this is what it was when they were counted: what goes into test, or whose area is switched off, is not told a moment longer.
    /// </summary>
    public string Seen { get; }

    /// <summary>Those that somebody who manages achievements, or looks at them there, may know of.</summary>
    public IEnumerable<Achievement> SeenBy(CurrentPerson me) => me.MaySee() ? All : All.Where(a => !a.IsTesting);

    /// <summary>The same of one; null where there is none of that id.</summary>
    public Achievement? Find(string id, CurrentPerson me) => Find(id) is { } one && (!one.IsTesting || me.MaySee()) ? one : null;

    /// <summary>In the organisation's order, archived ones too.</summary>
    public IReadOnlyList<BadgePath> Paths { get; init; } = [];

    public IReadOnlySet<string> AreasOff { get; init; } = new HashSet<string>();

    /// <summary>Those that agents see: not archived, and of an area that is on.</summary>
    public IEnumerable<BadgePath> OpenPaths => Paths.Where(p => !p.IsArchived && !AreasOff.Contains(p.Area));

    /// <summary>Those that somebody who manages achievements, or looks at them there, may know of.</summary>
    public IEnumerable<BadgePath> PathsSeenBy(CurrentPerson me) => me.MaySee() ? Paths : Paths.Where(p => !p.IsTesting);

    public BadgePath? FindPath(string id, CurrentPerson me) =>
        PathsSeenBy(me).FirstOrDefault(p => string.Equals(p.Id, id, StringComparison.Ordinal));

    /// <summary>Who sees the badges of colleagues.</summary>
    public ColleaguesSee ColleaguesSee { get; init; } = ColleaguesSee.Everybody;

    /// <summary>The path that it is a step of; null where it stands alone.</summary>
    public BadgePath? PathOf(Achievement achievement) => Paths.FirstOrDefault(p => p.Steps.Any(s => s.Key == achievement.Key));

    /// <summary>The step before it on its path; null for a first step and for what stands alone.</summary>
    public Achievement? Before(Achievement achievement)
    {
        foreach (var path in Paths)
            for (var i = 1; i < path.Steps.Count; i++)
                if (path.Steps[i].Key == achievement.Key) return path.Steps[i - 1];
        return null;
    }

    /// <summary>Whether it has neither name nor rule nor target for somebody, going by what that person has earned.</summary>
    public bool IsSecret(Achievement achievement, Func<AchievementKey, bool> earned) => achievement.Visibility switch
    {
        Visibility.Shown => false,
        Visibility.Hidden => !earned(achievement.Key),
        Visibility.Previous => Before(achievement) is { } before && !earned(before.Key) && !earned(achievement.Key),
    };

    public Achievement? Find(string id) => byId.GetValueOrDefault(id);
    public Achievement Of(long key) => byKey[key];
    // One that is set aside is shown as it is.
    public RuleHistory? History(Achievement achievement) => Snapshot.Rules.Rule(achievement.Key)
        ?? Snapshot.Rules.SetAside.FirstOrDefault(r => r.Achievement == achievement.Key);

    /// <summary>The rule by which somebody earned an award.</summary>
    public Rule RuleOf(EarnedAward award) => VersionOf(award)?.Rule ?? Of(award.Achievement).Rule;

    /// <summary>The version by which somebody earned an award; null of what is given by hand.</summary>
    public RuleVersion? VersionOf(EarnedAward award) =>
        VersionOf(Of(award.Achievement), Snapshot.Floor.Person(new PersonKey(award.Person)), award.Days, award.EarnedAt);

    /// <param name="days">The workdays whose work counted.</param>
    public Rule RuleOf(Achievement achievement, FloorPerson? person, WorkdaySpan days, DateTimeOffset earnedAt) =>
        VersionOf(achievement, person, days, earnedAt)?.Rule ?? achievement.Rule;

    private RuleVersion? VersionOf(Achievement achievement, FloorPerson? person, WorkdaySpan days, DateTimeOffset earnedAt)
    {
        if (person is null || History(achievement) is not { } history) return null;
        if (!achievement.Rule.IsOfAllTime()) return history.InForce(days.First);
        var at = earnedAt.ToUnixTimeMilliseconds();
        var day = person.WorkdayOf(at).Day;
        // What is decided at the end of a workday is earned when the next one starts.
        return person.StartOf(day) == at && history.InForce(day.Plus(-1)) is var ended && !Snapshot.Rules.IsLive(ended.Rule)
            ? ended
            : history.InForce(day);
    }

    /// <summary>The workday that it is now where the person works.</summary>
    public Workday Today(long person, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        return Snapshot.Floor.Person(new PersonKey(person)) is { } known
            ? known.WorkdayOf(at).Day
            : Workday.Of(now.UtcDateTime.Year, now.UtcDateTime.Month, now.UtcDateTime.Day);
    }

    /// <summary>The instant at which a workday begins where the person works.</summary>
    public long StartOf(long person, Workday day) => Snapshot.Floor.Person(new PersonKey(person)) is { } known
        ? known.StartOf(day)
        : new DateTimeOffset(day.Date.ToDateOnly(), TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public string TypeName(string id) => types.TryGetValue(id, out var type) ? type.Name.ToString() : id;

    /// <summary>What measures and labels of the type are called.</summary>
    public TypeWords TypeWords(string id) =>
        types.TryGetValue(id, out var type) ? type.Words : Activities.TypeWords.None;

    /// <summary>Of the newest version.</summary>
    public string MetricName(string id) => Snapshot.Rules.Metrics.Where(m => string.Equals(m.Metric.Id, id, StringComparison.Ordinal))
        .MaxBy(m => m.Version) is { } newest ? LocalText.Parse(newest.Name).ToString() : id;

    public string MetricName(MetricKey key) => LocalText.Parse(Snapshot.Rules.Kept(key).Name).ToString();
}

/// <summary>Reads the book of achievements, and keeps the last reading until the rules' version moves on.</summary>
public sealed class AchievementCatalogue(CatalogueStore rules)
{
    private volatile AchievementBook? last;

    public AchievementBook Current(DbConnection connection)
    {
        var snapshot = rules.Current(connection);
        return last is { } known && known.Snapshot.Version == snapshot.Version ? known : last = Read(connection, snapshot);
    }

    private static AchievementBook Read(DbConnection connection, Snapshot snapshot)
    {
        var spans = connection.Query<(long Achievement, int From, int? Until)>(
            "SELECT achievement, from_day, until FROM achievement_span ORDER BY achievement, from_day")
            .ToLookup(s => s.Achievement, s => new EnabledSpan(new(s.From), s.Until is { } until ? new Workday(until) : null));
        var negativeShown = NegativeBadges.AreShown(connection);
        var off = ProductAreas.Off(connection);
        var archived = connection.Query<long>("SELECT s.achievement FROM path_step s JOIN path p ON p.key = s.path WHERE p.archived = 1")
            .ToHashSet();
        var all = connection.Query<Row>(
            """
            SELECT a.key, a.id, a.name, a.description, a.area, a.badge, a.visibility, a.repeat, a.counts_from, a.from_enabling, a.archived,
              a.retention, a.tone, a.testing, a.waiting, v.rule
            FROM achievement a JOIN achievement_version v ON v.achievement = a.key
            WHERE v.number = (SELECT max(number) FROM achievement_version WHERE achievement = a.key)
            ORDER BY a.position, a.key
            """)
            .Select(r => new Achievement(
                new(r.Key), r.Id, LocalText.Parse(r.Name), LocalText.Parse(r.Description), r.Area, r.Badge,
                Enum.Parse<Visibility>(r.Visibility, ignoreCase: true),
                JsonSerializer.Deserialize<Rule>(r.Rule, CatalogueStore.Json)!, Enum.Parse<Repeat>(r.Repeat),
                r.FromEnabling != 0 ? null : new Workday((int)r.CountsFrom), [.. spans[r.Key]])
            {
                IsArchived = r.Archived != 0, IsOnArchivedPath = archived.Contains(r.Key),
                Tenure = Enum.Parse<Tenure>(r.Retention, ignoreCase: true),
                IsTesting = r.Testing != 0, IsWaiting = r.Waiting != 0, IsAreaOff = off.Contains(r.Area),
                Tone = Enum.Parse<BadgeTone>(r.Tone, ignoreCase: true),
                IsPrivate = r.Tone == "negative" && !negativeShown,
            })
            .ToList();
        var types = connection.Query<(string Id, string Name, string Words)>("SELECT id, name, words FROM activity_type")
            .ToDictionary(t => t.Id, t => (LocalText.Parse(t.Name), TypeWords.Read(t.Words)), StringComparer.Ordinal);
        var byKey = all.ToDictionary(a => a.Key.Value);
        var steps = connection.Query<(long Path, long Achievement)>("SELECT path, achievement FROM path_step ORDER BY path, position")
            .ToLookup(s => s.Path, s => byKey[s.Achievement]);
        return new AchievementBook(snapshot, all, types)
        {
            ColleaguesSee = RecognitionSettings.Setting(connection),
            AreasOff = off,
            Paths = [.. connection.Query<(long Key, string Id, string Name, string Description, string? Area, int Archived)>(
                "SELECT key, id, name, description, area, archived FROM path ORDER BY position, key")
                .Select(p => new BadgePath(p.Key, p.Id, LocalText.Parse(p.Name), LocalText.Parse(p.Description),
                    p.Area ?? steps[p.Key].FirstOrDefault()?.Area ?? ProductAreas.All[0], p.Archived != 0, [.. steps[p.Key]]))],
        };
    }

    private sealed record Row
    {
        public long Key { get; init; }
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string Description { get; init; } = "";
        public string Area { get; init; } = "";
        public string Badge { get; init; } = "";
        public string Visibility { get; init; } = "";
        public string Repeat { get; init; } = "";
        public long CountsFrom { get; init; }
        public long FromEnabling { get; init; }
        public long Archived { get; init; }
        public string Retention { get; init; } = "";
        public string Tone { get; init; } = "";
        public long Testing { get; init; }
        public long Waiting { get; init; }
        public string Rule { get; init; } = "";
    }
}
