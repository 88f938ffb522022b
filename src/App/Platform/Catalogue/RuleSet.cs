using System.Collections.Frozen;
using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Engine.Presence;
using NodaTime;

namespace Laurel.App.Platform.Catalogue;

/// <summary>A metric that is kept, and how far its rollups have been built.</summary>
/// <param name="BuiltThrough">Activities up to this key are in its rollups.</param>
/// <param name="Ready">New activities are added as they come.</param>
public sealed record KeptMetric(Metric Metric, string Name, int Version, bool Hidden, long BuiltThrough, bool Ready)
{
    /// <summary>Whether an activity is in its rollups, where it counts; one that is still being built adds later ones itself.</summary>
    public bool Holds(long activity) => Ready || activity <= BuiltThrough;

    /// <summary>Counted on, and not offered any more.</summary>
    public bool IsArchived { get; init; }

    /// <summary>What it is for, by language, as it is kept.</summary>
    public string Description { get; init; } = "{}";
}

/// <summary>From which workday on a rule counts a metric, and over which range.</summary>
public readonly record struct Counting(TimeRange Range, Workday From);

/// <summary>All rules at one moment: what is declared, what is counted and what is earned.</summary>
public sealed class RuleSet
{
    private readonly FrozenDictionary<string, (long Key, ActivityType Type)> types;
    private readonly FrozenDictionary<MetricKey, KeptMetric> metrics;
    private readonly FrozenDictionary<string, IReadOnlyList<Metric>> metricsOfType;
    private readonly FrozenDictionary<MetricKey, IReadOnlyList<RuleHistory>> rulesOfMetric, liveRulesOfMetric, atEndRulesOfMetric;
    private readonly FrozenDictionary<MetricKey, IReadOnlyList<Counting>> countings;
    private readonly FrozenDictionary<MetricKey, IReadOnlyList<Metric>> ratios;
    private readonly FrozenDictionary<AchievementKey, RuleHistory> rules;
    private readonly FrozenSet<AchievementKey> live, atEnd;
    private readonly FrozenSet<string> projectTypes;
    private readonly IReadOnlyList<MetricKey> ofGoals;
    private readonly FrozenSet<MetricKey> rollupsOfGoals;
    private readonly FrozenDictionary<RuleHistory, PersonDecision?> decisions;
    private readonly FrozenDictionary<RuleHistory, ContestDecision?> contests;
    private readonly FrozenDictionary<AchievementKey, IReadOnlyList<RuleHistory>> followers;
    private readonly FrozenDictionary<AchievementKey, int> turns;

    public RuleSet(
        IsoDayOfWeek weekStart, IEnumerable<(long Key, ActivityType Type)> types, IReadOnlyList<KeptMetric> metrics,
        IReadOnlyList<RuleHistory> rules, Workday horizon, IReadOnlyCollection<MetricKey>? ofGoals = null)
    {
        (WeekStart, Horizon) = (weekStart, horizon);
        Rules = rules;
        this.types = types.ToFrozenDictionary(t => t.Type.Id, StringComparer.Ordinal);
        this.metrics = metrics.ToFrozenDictionary(m => m.Metric.Key);
        this.rules = rules.ToFrozenDictionary(r => r.Achievement);
        this.ofGoals = [.. (ofGoals ?? []).Distinct()];
        rollupsOfGoals = this.ofGoals.SelectMany(m => RollupsOf(Metric(m))).ToFrozenSet();
        // By the object: a history that is only being tried out is not among them.
        decisions = rules.ToFrozenDictionary<RuleHistory, RuleHistory, PersonDecision?>(
            r => r, r => r.Current.Decision(r, Metric), ReferenceEqualityComparer.Instance);
        contests = rules.ToFrozenDictionary<RuleHistory, RuleHistory, ContestDecision?>(
            r => r, r => r.Current.Contest(r, Metric), ReferenceEqualityComparer.Instance);
        FirstsInProjects = [.. rules.Where(r => r.Current.FirstOf().Count > 0)];
        projectTypes = FirstsInProjects.SelectMany(r => r.Versions.SelectMany(v => v.Rule.FirstOf())).ToFrozenSet(StringComparer.Ordinal);
        live = rules.Where(r => r.Versions.Any(v => v.Rule.HasMoments(Metric))).Select(r => r.Achievement).ToFrozenSet();
        atEnd = rules.Where(r => (decisions[r] is not null || contests[r] is not null) && r.Versions.Any(v => v.Rule.HasEnds(Metric)))
            .Select(r => r.Achievement).ToFrozenSet();
        followers = rules.SelectMany(r => r.Follows.Select(a => (Achievement: a, Rule: r))).GroupBy(f => f.Achievement)
            .ToFrozenDictionary(g => g.Key, g => (IReadOnlyList<RuleHistory>)[.. g.Select(f => f.Rule)]);
        turns = Turns(rules);
        metricsOfType = this.types.Keys.ToFrozenDictionary(type => type,
            type => (IReadOnlyList<Metric>)[.. metrics.Where(m => m.Ready && m.Metric.Counts(type)).Select(m => m.Metric)],
            StringComparer.Ordinal);
        ratios = metrics.Where(m => m.Metric.Ratio is not null)
            .SelectMany(m => RollupsOf(m.Metric).Distinct().Select(part => (part, m.Metric)))
            .GroupBy(p => p.part).ToFrozenDictionary(g => g.Key, g => (IReadOnlyList<Metric>)[.. g.Select(p => p.Metric)]);
        rulesOfMetric = rules
            .SelectMany(r => MetricsOf(r).SelectMany(m => RollupsOf(Metric(m))).Distinct()
                .Select(m => (m, r)))
            .GroupBy(p => p.m)
            .ToFrozenDictionary(g => g.Key, g => (IReadOnlyList<RuleHistory>)[.. g.Select(p => p.r)]);
        liveRulesOfMetric = rulesOfMetric.ToFrozenDictionary(m => m.Key, m => (IReadOnlyList<RuleHistory>)[.. m.Value.Where(HasLive)]);
        atEndRulesOfMetric = rulesOfMetric.ToFrozenDictionary(m => m.Key, m => (IReadOnlyList<RuleHistory>)[.. m.Value.Where(HasAtEnd)]);
        countings = rules
            .SelectMany(r => r.Versions.Where(v => IsLive(v.Rule)).Select(v => v.Rule.Running()!)
                .SelectMany(t => t.Metrics.Select(m => (Metric: m, Counting: new Counting(t.Range, r.CountsFrom)))))
            .Distinct()
            .GroupBy(p => p.Metric)
            .ToFrozenDictionary(g => g.Key, g => (IReadOnlyList<Counting>)[.. g.Select(p => p.Counting)]);
    }

    /// <summary>Asks a history what is asked of it when rules are put together: what would fail by that fails here.</summary>
    /// <exception cref="Exception">Whatever the rule throws.</exception>
    public static void Check(RuleHistory history, Func<MetricKey, Metric> metric)
    {
        _ = (history.Current.Decision(history, metric), history.Current.Contest(history, metric));
        foreach (var rule in history.Versions.Select(v => v.Rule))
        {
            _ = (rule.HasMoments(metric), rule.HasEnds(metric), rule.FirstOf().Count);
            foreach (var part in rule.Metrics.SelectMany(m => RollupsOf(metric(m)))) metric(part);
            if (rule.Running() is { } running) WorkdaySpan.Of(running.Range, new(0), history.WeekStart);
        }
    }

    /// <summary>The same with other histories of some rules, to see what these would decide.</summary>
    public RuleSet With(IReadOnlyCollection<RuleHistory> tried)
    {
        var by = tried.ToDictionary(r => r.Achievement);
        return new(WeekStart, [.. types.Values], [.. metrics.Values], [.. Rules.Select(r => by.GetValueOrDefault(r.Achievement, r))],
            Horizon, ofGoals)
        { Presence = Presence, WonBy = WonBy, SetAside = SetAside, Unreadable = Unreadable };
    }

    public IsoDayOfWeek WeekStart { get; }
    /// <summary>First workday whose activities are kept; the beginning where all are.</summary>
    public Workday Horizon { get; }
    public IReadOnlyList<RuleHistory> Rules { get; }
    /// <summary>Those by which nothing is decided for the time being: they failed. They are not among the rules.</summary>
    public IReadOnlyList<RuleHistory> SetAside { get; init; } = [];
    /// <summary>Those that cannot even be read, and why; not set aside yet.</summary>
    public IReadOnlyList<RuleFailure> Unreadable { get; init; } = [];
    /// <summary>The statuses that people may be in; null where none is declared.</summary>
    public PresenceRules? Presence { get; init; }
    public IEnumerable<KeptMetric> Metrics => metrics.Values;

    /// <summary>What a setup file says of metrics: of each that is shown the newest version, counted already or not.</summary>
    public IEnumerable<KeptMetric> Declared =>
        metrics.Values.Where(m => !m.Hidden).GroupBy(m => m.Metric.Id, StringComparer.Ordinal).Select(g => g.MaxBy(m => m.Version)!);

    public IEnumerable<ActivityType> Types => types.Values.Select(t => t.Type);

    public (long Key, ActivityType Type)? Type(string id) => types.TryGetValue(id, out var type) ? type : null;
    public Metric Metric(MetricKey key) => metrics[key].Metric;
    public KeptMetric Kept(MetricKey key) => metrics[key];
    public RuleHistory? Rule(AchievementKey key) => rules.GetValueOrDefault(key);

    /// <summary>Metrics to which activities of the type are added as they come.</summary>
    public IReadOnlyList<Metric> MetricsOf(string type) => metricsOfType.GetValueOrDefault(type, []);
    /// <summary>Ratios that the metric is a part of.</summary>
    public IReadOnlyList<Metric> RatiosOf(MetricKey metric) => ratios.GetValueOrDefault(metric, []);

    /// <summary>Metrics whose rollups make up this one: itself, or the two of a ratio.</summary>
    public static IEnumerable<MetricKey> RollupsOf(Metric metric) =>
        metric.Ratio is { } ratio ? [ratio.Numerator.Metric, ratio.Denominator.Metric] : [metric.Key];

    /// <summary>Whether somebody has, or had, a goal of the metric, or of a ratio that it is a part of.</summary>
    public bool IsOfGoals(MetricKey metric) => rollupsOfGoals.Contains(metric);

    /// <summary>Whether anybody has, or had, a goal of anything.</summary>
    public bool AnyGoals => ofGoals.Count > 0;

    /// <summary>Whether somebody has, or had, a goal of the metric itself.</summary>
    public bool HasGoals(MetricKey metric) => ofGoals.Contains(metric);

    /// <summary>Metrics that some version reads, those of people's goals among them.</summary>
    public IEnumerable<MetricKey> MetricsOf(RuleHistory rule) => rule.Versions.SelectMany(v => v.Rule.Reads(ofGoals.Select(Metric)));

    /// <summary>Activity types whose activities move the metric.</summary>
    public IEnumerable<string> TypesOf(Metric metric) =>
        types.Keys.Where(type => RollupsOf(metric).Any(m => Metric(m).Counts(type))).Order(StringComparer.Ordinal);

    /// <summary>Rules that read the metric's rollups, a ratio's among them.</summary>
    public IReadOnlyList<RuleHistory> RulesOf(MetricKey metric) => rulesOfMetric.GetValueOrDefault(metric, []);
    /// <summary>Those of them that some version decides live.</summary>
    public IReadOnlyList<RuleHistory> LiveRulesOf(MetricKey metric) => liveRulesOfMetric.GetValueOrDefault(metric, []);
    /// <summary>Those of them that some version decides at a period's end.</summary>
    public IReadOnlyList<RuleHistory> AtEndRulesOf(MetricKey metric) => atEndRulesOfMetric.GetValueOrDefault(metric, []);
    /// <summary>What live versions count of the metric.</summary>
    public IReadOnlyList<Counting> CountingsOf(MetricKey metric) => countings.GetValueOrDefault(metric, []);

    /// <summary>Whether the moment is an activity's; all else is decided at a period's end.</summary>
    public bool IsLive(Rule rule) => rule.IsLive(Metric);

    /// <summary>How a rule is decided for one person; null where others take part, or a person decides.</summary>
    public PersonDecision? Decision(RuleHistory rule) =>
        decisions.TryGetValue(rule, out var known) ? known : rule.Current.Decision(rule, Metric);

    /// <summary>How a rule is decided among all people together; null for any other.</summary>
    public ContestDecision? Contest(RuleHistory rule) =>
        contests.TryGetValue(rule, out var known) ? known : rule.Current.Contest(rule, Metric);

    /// <summary>Rules that are decided by who is first in a project.</summary>
    public IReadOnlyList<RuleHistory> FirstsInProjects { get; }

    /// <summary>Types by which projects have been won: a version that was on for less than a workday may name others by now.</summary>
    public IReadOnlySet<string> WonBy { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Whether activities of a type may decide who is first in a project, or whether that still holds.</summary>
    public bool MayBeFirst(string type) => projectTypes.Contains(type) || WonBy.Contains(type);

    /// <summary>Whether any rule is decided by other awards.</summary>
    public bool HasFollowers => followers.Count > 0;

    /// <summary>Rules that are decided by the awards of an achievement.</summary>
    public IReadOnlyList<RuleHistory> FollowersOf(AchievementKey achievement) => followers.GetValueOrDefault(achievement, []);

    /// <summary>
    /// When a rule is decided among those that follow from each other: after all that it follows. 0 for what follows from none; versions
    /// of different days may go round in a circle, where any of them begins.
    /// </summary>
    public int TurnOf(RuleHistory rule) => turns.GetValueOrDefault(rule.Achievement);

    private FrozenDictionary<AchievementKey, int> Turns(IReadOnlyList<RuleHistory> all)
    {
        var found = new Dictionary<AchievementKey, int>();
        foreach (var rule in all.Where(r => r.Follows.Any())) Turn(rule.Achievement);
        return found.ToFrozenDictionary();

        int Turn(AchievementKey achievement)
        {
            if (found.TryGetValue(achievement, out var known)) return known;
            if (!rules.TryGetValue(achievement, out var rule) || !rule.Follows.Any()) return 0;
            found[achievement] = 1;
            return found[achievement] = 1 + rule.Follows.Max(Turn);
        }
    }

    /// <summary>Whether some version is live: others may be decided at a period's end.</summary>
    public bool HasLive(RuleHistory rule) => live.Contains(rule.Achievement);

    /// <summary>Whether some version is decided at a period's end: others may be live.</summary>
    public bool HasAtEnd(RuleHistory rule) => atEnd.Contains(rule.Achievement);
}
