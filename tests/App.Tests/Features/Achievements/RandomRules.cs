using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>
/// Achievements that are edited and switched while time goes by: conditions that go from kinds that award at once to kinds that are
/// decided at a period's end and back, other metrics, made switched off, off and on within a day.
/// </summary>
internal sealed partial class RandomRules(
    CoreFixture core, Random random, SiteClock home, DateTimeOffset first, Action<AchievementKey> forget)
{
    private static readonly string[] Conditions =
    [
        "metric: work, at-least: 3", "metric: work, at-least: [2, 4]", "metric: work, at-least: [4, 8, 12]",
        "metric: cases, at-least: [2, 5]",
        "metric: talk, at-least: [3, 9.5]", "metric: longest, at-least: [3, 5]", "metric: work, at-least: 5, sample: 7",
        "metric: score, at-least: 0.5, sample: 2", "metric: score, at-least: [0.1, 1], sample: 1", "metric: score, at-most: 0.2, sample: 3",
        "metric: cases, at-most: [3, 1]", "metric: net, at-least: [1, 3]", "metric: changing, at-least: [2, 4]",
        "conditions: [ { metric: work, at-least: [2, 4] }, { metric: talk, at-least: 4 } ]",
        "conditions: [ { metric: by-mail, at-least: 1 }, { metric: longest, at-least: [3, 5] } ]",
        "conditions: [ { metric: work, at-least: [2, 3] }, { metric: score, at-least: 0.1, sample: 2 } ]",
        "conditions: [ { metric: score, at-most: 1, sample: 2 }, { metric: cases, at-least: 2 } ]",
        "metric: shortest, at-most: [2, 1]", "metric: lowest, at-least: 0.5", "metric: channels, at-least: [1, 2]",
        "metric: per-work, at-least: 2, sample: 2", "metric: mail-share, at-most: [40, 0], sample: 1", "metric: night, at-least: [1, 2]",
        "metric: odd-share, at-least: [30, 60], sample: 2",
        "conditions: [ { metric: channels, at-least: [1, 2] }, { metric: weekend, at-least: 1 } ]",
        "conditions: [ { metric: shortest, at-most: 1 }, { metric: work, at-least: [2, 4] } ]",
        "conditions: [ { metric: per-work, at-least: 1, sample: 1 }, { metric: channels, at-least: 1 } ]",
    ];

    private static readonly string[] Multiples =
        ["metric: work, at-least: 4", "metric: work, at-least: [2, 3]", "metric: talk, at-least: 3.5",
            "metric: cases, at-least: 2, sample: 3", "metric: channels, at-least: 1"];

    private static readonly string[] Contests =
    [
        "metric: work", "metric: work, ties: earliest", "metric: talk, ties: earliest, minimum: 2",
        "metric: score, best: lowest, sample: 2",
        "metric: longest, ties: earliest", "metric: changing", "metric: channels, ties: earliest",
        "metric: shortest, best: lowest, ties: earliest",
        "metric: mail-share, sample: 1", "metric: odd-share, best: lowest",
        "metric: work, among: team", "metric: talk, among: site, ties: earliest",
    ];

    private static readonly string[] Firsts = ["activities: [chat]", "activities: [case]", "activities: [case, chat]"];

    private static readonly string[] Records =
    [
        "metric: work, after: 1", "metric: talk, after: 2", "metric: score, after: 1, sample: 2",
        "metric: shortest, after: 1, best: lowest",
        "metric: changing, after: 1", "metric: per-work, after: 1, sample: 1, minimum: 2", "metric: odd-share, after: 1, sample: 1",
    ];

    private static readonly string[] Improvements =
    [
        "metric: work, percent: [10, 60]", "metric: talk, percent: 5", "metric: score, percent: [1, 20], sample: 1",
        "metric: shortest, best: lowest, percent: [10, 90]", "metric: changing, percent: 50", "metric: odd-share, percent: 10, sample: 1",
    ];

    private static readonly string[] Rows =
    [
        "metric: work, at-least: 1, length: [2, 3]", "metric: work, at-least: 2, length: [2, 3, 4]",
        "metric: talk, at-least: 2.5, length: 2", "metric: score, at-least: 0.1, sample: 1, length: [2, 3]",
        "metric: cases, at-most: 1, length: [2, 3]",
        "metric: changing, at-least: 1, length: 2", "metric: per-work, at-least: 1, sample: 1, length: [2, 5]",
        "length: [2, 3], conditions: [ { metric: work, at-least: 2 }, { metric: channels, at-least: 1 } ]",
        "length: 2, conditions: [ { metric: work, at-least: 1 }, { metric: score, at-least: 0.1, sample: 1 } ]",
    ];

    private static readonly string[] Times =
        ["time: '9:30', one-in: 1", "time: '00:00', one-in: 2", "time: '23:45', percent: 62.5", "time: '13:15', percent: 100"];

    private static readonly string[] InProjects = ["activities: [chat]", "activities: [case]", "activities: [case, chat]"];

    private static readonly string[] Steps =
    [
        "metric: work, at-least: 2", "metric: work, at-least: 4", "metric: talk, at-least: 3", "metric: channels, at-least: 2",
        "metric: changing, at-least: 2", "conditions: [ { metric: work, at-least: 3 }, { metric: longest, at-least: 2 } ]",
    ];

    private static readonly string[] Sets =
    [
        "of: [mix-all, mix-first]", "of: [mix-day, mix-step-2, first-chat]", "of: [mix-row, mix-best]", "of: [all-sum, mix-record]",
        "of: [mix-all, on-project]", "of: [on-draw, mix-first]",
        "of: [mix-goal, mix-day]",
    ];

    private static readonly string[] Goals =
    [
        "set-by: anybody", "set-by: person", "set-by: leader", "set-by: agreement", "metrics: [work]", "metrics: [work, talk, score]",
        "period: week", "period: once, set-by: agreement", "period: day, metrics: [changing, work]",
    ];

    private static readonly string[] StepIds = ["mix-step-1", "mix-step-2", "mix-step-3", "mix-step-4", "mix-first-step"];

    /// <summary>Id, what is fixed, and what is edited.</summary>
    private static readonly (string Id, string Fixed, string[] Edited)[] All =
    [
        ("mix-all", "type: threshold, history: all", Conditions), ("mix-day", "type: threshold, range: day, history: all", Conditions),
        ("mix-week", "type: threshold, range: week, history: all", Conditions),
        ("mix-month", "type: threshold, range: month, history: all", Conditions),
        ("mix-day-once", "type: threshold, range: day, repeat: once, history: all", Conditions),
        ("mix-day-week", "type: threshold, range: day, repeat: week, history: all", Conditions),
        ("mix-week-month", "type: threshold, range: week, repeat: month, history: DAY9", Conditions),
        ("mix-dated", "type: threshold, history: DAY24", Conditions),
        ("mix-every", "type: threshold, repeat: every-time, history: all", Multiples),
        ("mix-best", "type: best-of-period, period: yesterday, history: all", Contests),
        ("mix-best-week", "type: best-of-period, period: week, history: all", Contests),
        ("mix-first", "type: first-time, history: all", Firsts),
        ("on-all", "type: threshold", Conditions), ("on-day", "type: threshold, range: day", Conditions),
        ("on-week", "type: threshold, range: week", Conditions), ("on-month", "type: threshold, range: month, repeat: once", Conditions),
        ("mix-record", "type: personal-record, range: day, history: all", Records),
        ("mix-record-week", "type: personal-record, range: week, repeat: once, history: all", Records),
        ("mix-better", "type: improvement, range: day, history: all", Improvements),
        ("mix-better-week", "type: improvement, range: week, repeat: month, history: all", Improvements),
        ("mix-row", "type: streak, history: all", Rows),
        ("mix-row-again", "type: streak, repeat: every-time, history: all", Rows),
        ("mix-row-week", "type: streak, range: week, repeat: every-time, history: all", Rows),
        ("mix-step-1", "type: threshold, history: all", Steps), ("mix-step-2", "type: threshold, history: all", Steps),
        ("mix-step-3", "type: threshold, history: all", Steps), ("mix-step-4", "type: threshold", Steps),
        ("mix-first-step", "type: first-time, history: all", Firsts),
        ("try-all", "type: threshold, history: all, test: true", Conditions),
        ("try-week", "type: threshold, range: week, history: all, test: true", Conditions),
        ("try-row", "type: streak, history: all, test: true", Rows),
        ("try-best", "type: best-of-period, period: yesterday, history: all, test: true", Contests),
        ("try-every", "type: threshold, repeat: every-time, history: all, test: true", Multiples),
        ("try-record", "type: personal-record, range: day, history: all, test: true", Records),
        ("try-better", "type: improvement, range: week, history: all, test: true", Improvements),
        ("try-goal", "type: personal-goal, history: all, test: true", Goals),
        ("try-draw", "type: lucky-draw, test: true", Times), ("try-project", "type: first-in-project, test: true", InProjects),
        ("try-first-step", "type: first-time, history: all, test: true", Firsts),
        ("try-step", "type: threshold, history: all, test: true", Steps),
        ("try-set", "type: collection, history: DAY9, test: true", ["of: [try-all, mix-day]", "of: [try-all, mix-row]"]),
        ("mix-set", "type: collection, history: all", Sets), ("mix-set-from", "type: collection, history: DAY9", Sets),
        ("on-draw", "type: lucky-draw", Times), ("on-draw-2", "type: lucky-draw, retention: permanent", Times),
        ("on-project", "type: first-in-project", InProjects), ("on-project-2", "type: first-in-project", InProjects),
        ("on-row", "type: streak, repeat: every-time", Rows), ("on-record", "type: personal-record, range: day", Records),
        ("mix-goal", "type: personal-goal, history: all", Goals), ("mix-goal-from", "type: personal-goal, history: DAY16", Goals),
        ("on-goal", "type: personal-goal", Goals),
        ("on-every", "type: threshold, repeat: every-time", Multiples), ("on-best", "type: best-of-period, period: week", Contests),
    ];

    private readonly Dictionary<string, string> conditions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> audiences = new(StringComparer.Ordinal);
    /// <summary>Those that were in test.</summary>
    private readonly HashSet<string> live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> on = new(StringComparer.Ordinal);
    private readonly HashSet<string> areasOff = new(StringComparer.Ordinal);

    /// <summary>
    /// Of achievements that count from enabling, the workdays at whose end (or now) they were on, and those on which they were off.
    /// </summary>
    private readonly Dictionary<string, SortedDictionary<int, bool>> days = new(StringComparer.Ordinal);

    private static bool CountsFromEnabling(string id) => id.StartsWith("on-", StringComparison.Ordinal);

    private Workday Today => home.WorkdayOf(core.Time.GetUtcNow().ToUnixTimeMilliseconds());

    public void Make()
    {
        core.Apply("""
            metrics:
              - { id: changing, types: [case, chat], where: [ { label: channel, is: mail } ] }
              - { id: odd-share, unit: percent, aggregate: ratio, numerator: changing, denominator: work }
            """);
        foreach (var (id, _, edited) in All)
        {
            conditions[id] = Pick(edited);
            audiences[id] = AnyAudience(id);
            on[id] = random.Next(CountsFromEnabling(id) ? 2 : 5) > 0;
        }
        Apply(All.Select(a => a.Id));
        core.Apply("paths: [ { id: try-way, steps: [try-first-step, try-step] } ]");
        Walk();
    }

    /// <summary>Another order of a path, with or without some of its steps.</summary>
    private void Walk() => core.Apply($"paths: [ {{ id: mix-way, steps: [{string.Join(", ",
        StepIds.OrderBy(_ => random.Next()).Take(random.Next(2, StepIds.Length + 1)))}] }} ]");

    /// <summary>A few edits and switches, as somebody makes them in one go.</summary>
    public void Change()
    {
        for (var left = random.Next(4); left > 0; left--)
        {
            var (id, _, edited) = All[random.Next(All.Length)];
            switch (random.Next(6))
            {
                case 0 or 1:
                    conditions[id] = Pick(edited);
                    if (random.Next(2) == 0) audiences[id] = AnyAudience(id);
                    Apply([id]);
                    break;
                case 2:
                    Switch(id);
                    break;
                case 3:
                    Switch(id);
                    if (random.Next(2) == 0) core.Settle();
                    Switch(id);
                    break;
                case 5 when id.StartsWith("try-", StringComparison.Ordinal):
                    GoLive(id);
                    break;
                case 5 when random.Next(4) == 0:
                    SwitchArea(AreaOf(id));
                    break;
                case 4 when random.Next(4) == 0:
                    Walk();
                    break;
                case 4 when random.Next(3) == 0:
                    // A metric that changes: rules that are applied after it go over to its new version.
                    core.Apply($"metrics: [ {{ id: changing, types: [{Pick(["case", "chat", "case, chat"])}] }} ]");
                    Apply(All.Select(a => a.Id).Where(i => conditions[i].Contains("changing", StringComparison.Ordinal)
                        || conditions[i].Contains("odd-share", StringComparison.Ordinal)));
                    break;
            }
        }
    }

    /// <summary>What the switches came to, against what is kept of them.</summary>
    public void CheckHistory()
    {
        using var connection = core.Database.Read();
        foreach (var (id, kept) in days)
        {
            var key = connection.ExecuteScalar<long>("SELECT key FROM achievement WHERE id = @id", new { id });
            var spans = connection.Query<(int From, int? Until)>(
                """
                SELECT from_day, until FROM achievement_span
                WHERE achievement = @key AND (until IS NULL OR until > from_day) ORDER BY from_day
                """, new { key }).ToList();
            var expected = new List<(int From, int? Until)>();
            foreach (var (day, isOn) in kept)
                if (isOn && (expected.Count == 0 || expected[^1].Until is not null)) expected.Add((day, null));
                else if (!isOn && expected.Count > 0 && expected[^1].Until is null) expected[^1] = (expected[^1].From, day);
            spans.ShouldBe(expected, id);
            if (expected.Count > 0)
                connection.ExecuteScalar<int>("SELECT counts_from FROM achievement WHERE key = @key", new { key })
                    .ShouldBe(expected[0].From, id);
        }
    }

    private void Switch(string id)
    {
        on[id] = !on[id];
        if (random.Next(2) == 0)
        {
            Apply([id]);
            return;
        }
        core.Database.Write((c, t) =>
        {
            var key = new AchievementKey(c.ExecuteScalar<long>("SELECT key FROM achievement WHERE id = @id", new { id }, t));
            var (by, now) = (new Actor(null, "Ada", Via.Web), core.Time.GetUtcNow().ToUnixTimeMilliseconds());
            return on[id] ? EnableAchievement.Run(c, t, key, by, Today, now) : DisableAchievement.Run(c, t, key, by, Today, now);
        }).ShouldBeTrue();
        Note(id);
    }

    /// <summary>A product area off, or on again.</summary>
    private void SwitchArea(string area)
    {
        var isOn = !areasOff.Remove(area);
        if (isOn) areasOff.Add(area);
        if (random.Next(2) == 0) core.Apply($"areas: {{ {area}: {(isOn ? "off" : "on")} }}");
        else
            core.Database.Write((c, t) => SwitchAreas.Change(c, t, core.Services.GetRequiredService<CatalogueStore>(),
                new Dictionary<string, bool> { [area] = !isOn }, new(null, "Ada", Via.Web), core.Time.GetUtcNow().ToUnixTimeMilliseconds()))
                .ShouldBeTrue();
        foreach (var (id, _, _) in All) Note(id);
    }

    private static string AreaOf(string id) => ProductAreas.All[Array.FindIndex(All, a => a.Id == id) % 3];

    /// <summary>With what was computed, or from today on.</summary>
    private void GoLive(string id)
    {
        var keep = random.Next(2) == 0;
        var key = core.Database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            var achievement = new AchievementKey(c.ExecuteScalar<long>("SELECT key FROM achievement WHERE id = @id", new { id }, t));
            return TestMode.GoLive(c, t, core.Services.GetRequiredService<CatalogueStore>(), achievement, keep,
                new(null, "Ada", Via.Web), Today, core.Time.GetUtcNow().ToUnixTimeMilliseconds()).Done ? achievement : default;
        });
        if (key == default) return;
        live.Add(id);
        if (!keep) forget(key);
    }

    private void Apply(IEnumerable<string> ids)
    {
        var wanted = ids.ToHashSet(StringComparer.Ordinal);
        if (wanted.Count == 0) return;
        core.Apply("achievements:\n" + string.Join('\n', All.Where(a => wanted.Contains(a.Id))
            .Select(a => $"  - {{ id: {a.Id}, area: {AreaOf(a.Id)}, {Fixed(a)}, {conditions[a.Id]}{audiences[a.Id]}, "
                + $"enabled: {(on[a.Id] ? "true" : "false")} }}")));
        foreach (var id in wanted) Note(id);
    }

    /// <summary>What has gone live is not tested again; its history may begin later than it did.</summary>
    private string Fixed((string Id, string Fixed, string[] Edited) one) => Dated(live.Contains(one.Id)
        ? one.Fixed.Replace(", test: true", "", StringComparison.Ordinal)
            .Replace("history: all", "history: enabling", StringComparison.Ordinal)
            .Replace("history: DAY9", "history: enabling", StringComparison.Ordinal)
        : one.Fixed, first);

    private void Note(string id)
    {
        if (!CountsFromEnabling(id)) return;
        if (!days.TryGetValue(id, out var own)) days[id] = own = [];
        own[Today.Number] = on[id] && !areasOff.Contains(AreaOf(id));
    }

    /// <summary>Days of the window, such as DAY9, as dates.</summary>
    public static string Dated(string setup, DateTimeOffset first) => DaysOfWindow().Replace(setup,
        day => first.AddDays(int.Parse(day.Groups["number"].Value, CultureInfo.InvariantCulture))
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    [GeneratedRegex(@"DAY(?<number>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DaysOfWindow();

    /// <summary>A project is won by whoever is first.</summary>
    private string AnyAudience(string id) => Array.Find(All, a => a.Id == id).Fixed.Contains("first-in-project", StringComparison.Ordinal)
        ? "" : Pick(RandomBelonging.Audiences);

    private string Pick(string[] from) => from[random.Next(from.Length)];
}
