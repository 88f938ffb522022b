using System.Data.Common;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.People;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Settings;

/// <summary>The achievements of a setup file: made, changed forward, switched on and off, and their history asked for.</summary>
internal sealed class ApplyAchievements(Agreement agreement, ApplyMetrics metrics, SiteClock clock)
{
    private readonly DbConnection connection = agreement.Connection;
    private readonly DbTransaction transaction = agreement.Transaction;
    private readonly YamlProblems problems = agreement.Problems;
    private readonly long now = agreement.Now;
    private readonly Workday today = clock.WorkdayOf(agreement.Now);

    public void Run()
    {
        // What is new stands behind what is there.
        var first = connection.ExecuteScalar<int>("SELECT coalesce(max(position), -1) + 1 FROM achievement", transaction: transaction);
        var open = agreement.Setup.Achievements.Select((setup, position) => (Setup: setup, Position: first + position)).ToList();
        while (open.Count > 0)
        {
            // A collection is of achievements that may stand below it.
            var next = open.FindIndex(a => !a.Setup.Of.Any(of => open.Exists(o => o.Setup.Id == of.Text && o.Setup.Id != a.Setup.Id)));
            if (next < 0)
            {
                agreement.Refuse(open[0].Setup.Node, DecidedByItself(open[0].Setup.Id));
                return;
            }
            Apply(open[next].Setup, open[next].Position);
            open.RemoveAt(next);
        }
    }

    public static string DecidedByItself(string achievement) => $"'{achievement}' would be decided by itself";

    private readonly HashSet<long> made = [];

    /// <summary>Whether nobody has been looked at by its latest version: it was made just now, or has never been on.</summary>
    public bool IsUntouched(long achievement) => made.Contains(achievement)
        || SwitchedStore.Find(connection, transaction, new(achievement))!.Spans.All(s => s.IsEmpty);

    private void Apply(AchievementSetup setup, int position)
    {
        if (RuleOf(setup) is not { } rule) return;
        if (setup.Repeat == Repeat.EveryTime && !rule.MayBeEveryTime(Metric))
        {
            problems.Add(setup.Node,
                $"'{setup.Id}' repeats every time, at each multiple of its target: that needs one 'at-least' condition "
                + $"on a count, a maximum, a number of different texts, or the sum of a measure that is never negative");
            return;
        }
        if (setup.Tenure == Tenure.Holder && rule.Succession() is null)
        {
            problems.Add(setup.Node, $"'{setup.Id}' cannot have retention: holder: everybody earns it alone; it needs a kind with a winner "
                + "on each occasion, such as best-of-period or manual");
            return;
        }
        if (setup.Coins.Count > 0 && setup.Coins.Count != Math.Max(1, rule.Levels()))
        {
            problems.Add(setup.Node,
                $"'{setup.Id}' has {Math.Max(1, rule.Levels())} tiers, and coins for {setup.Coins.Count}: one number each");
            return;
        }
        if (!AudienceOf(setup, out var audience)) return;
        if (setup.Test == true && TestMode.Problem(rule) is { } untestable)
        {
            problems.Add(setup.Node, $"'{setup.Id}' {untestable}");
            return;
        }
        var text = JsonSerializer.Serialize(rule, CatalogueStore.Json);
        var row = new
        {
            setup.Id, setup.Area, setup.Badge, setup.Type, repeat = setup.Repeat.ToString(), position,
            visibility = SetupWriter.Word(setup.Visibility), retention = SetupWriter.Word(setup.Tenure),
            tone = SetupWriter.Word(setup.Tone), coins = string.Join(',', setup.Coins),
            testing = setup.Test == true ? 1 : 0,
            name = JsonSerializer.Serialize(setup.Name.ByLanguage, CatalogueStore.Json),
            description = JsonSerializer.Serialize(setup.Description.ByLanguage, CatalogueStore.Json),
            archived = setup.IsArchived ? 1 : 0,
            counts = (setup.History.From ?? today).Number, enabling = setup.History.From is null ? 1 : 0,
        };
        var known = connection.QueryFirstOrDefault<Row>("SELECT * FROM achievement WHERE id = @Id", new { setup.Id }, transaction);
        if (known is null)
        {
            var key = connection.ExecuteScalar<long>(
                """
                INSERT INTO achievement
                  (id, name, description, area, badge, type, repeat, visibility, counts_from, from_enabling, position, archived,
                  retention, tone, coins, testing)
                VALUES (@Id, @name, @description, @Area, @Badge, @Type, @repeat, @visibility, @counts, @enabling, @position, @archived,
                  @retention, @tone, @coins, @testing)
                RETURNING key
                """, row, transaction);
            made.Add(key);
            AddVersion(key, 1, new(row.counts), text, audience);
            agreement.Add("achievement", setup.Id, new("name", null, setup.Name.English), new("rule", null, Line(text)),
                new("audience", null, Said(audience)));
            if (setup.Enabled) EnableAchievement.Apply(connection, transaction, new(key), today, now);
            return;
        }
        if (setup.IsNew)
        {
            problems.Add(setup.Node, $"there is an achievement '{setup.Id}' already");
            return;
        }
        if (known.Type != setup.Type || known.Repeat != row.repeat)
        {
            problems.Add(setup.Node, known.Type != setup.Type
                ? $"'{setup.Id}' is a {known.Type}; a rule's type is fixed when it is made: give the new one another id"
                : $"'{setup.Id}' has repeat: {SetupWriter.Word(Enum.Parse<Repeat>(known.Repeat))}; that is fixed when it is made: "
                    + "give the new one another id");
            return;
        }
        // What the file does not name keeps its name.
        if (setup.IsUnnamed) row = row with { name = known.Name };
        var fields = new List<Change>
        {
            new("name", SetupWriter.Line(known.Name), SetupWriter.Line(row.name)),
            new("description", SetupWriter.Line(known.Description), SetupWriter.Line(row.description)), new("area", known.Area, setup.Area),
            new("badge", known.Badge, setup.Badge), new("visibility", known.Visibility, row.visibility),
            new("retention", known.Retention, row.retention), new("tone", known.Tone, row.tone),
            new("coins", known.Coins, row.coins),
            new("archived", known.Archived == 0 ? "no" : "yes", setup.IsArchived ? "yes" : "no"),
        };
        if (fields.Exists(f => f.IsReal))
            connection.Execute(
                """
                UPDATE achievement
                SET name = @name, description = @description, area = @Area, badge = @Badge, visibility = @visibility,
                  archived = @archived, retention = @retention, tone = @tone, coins = @coins
                WHERE id = @Id
                """, row, transaction);
        if (known.Area != setup.Area) SwitchAreas.Follow(connection, transaction, new(known.Key), today, now);
        var spans = SwitchedStore.Find(connection, transaction, new(known.Key))!.Spans;
        fields.Add(ApplyHistory(setup, known, spans));
        fields.AddRange(ApplyRule(setup, known, spans, rule, text, audience));
        fields.Add(ApplyTest(setup, known, spans));
        fields.Add(ApplyEnabled(setup, known));
        agreement.Differs("achievement", setup.Id, [.. fields]);
    }

    private Rule? RuleOf(AchievementSetup setup)
    {
        var found = new Dictionary<string, Metric>(StringComparer.Ordinal);
        var whole = true;
        foreach (var named in setup.Metrics.DistinctBy(m => m.Text))
            if (Metric(named.Text) is { } metric) found[named.Text] = metric;
            else
            {
                whole = false;
                // One that the file declares is missing for a reason that is told there.
                if (!agreement.Setup.Metrics.Any(m => string.Equals(m.Metric.Id, named.Text, StringComparison.Ordinal)))
                    agreement.Missing("metrics", named, "metric",
                        connection.Query<string>("SELECT DISTINCT id FROM metric WHERE hidden = 0", transaction: transaction)
                        .Concat(agreement.Setup.Metrics.Select(m => m.Metric.Id)));
            }
        if (setup.Own is { } own)
        {
            if (metrics.Apply(new(setup.Node, Texts.Of(own.Metric.Id), own.Metric, own.Types, null, []), hidden: true) is { } made)
                found[own.Metric.Id] = made;
            else whole = false;
        }
        foreach (var named in setup.Types)
            if (connection.ExecuteScalar<long?>("SELECT key FROM activity_type WHERE id = @Text", new { named.Text }, transaction) is null)
            {
                whole = false;
                agreement.Missing("activity-types", named, "activity type", connection.Query<string>(
                    "SELECT id FROM activity_type WHERE id NOT LIKE 'external:%'", transaction: transaction));
            }
        var of = new List<AchievementKey>();
        foreach (var named in setup.Of)
            if (connection.ExecuteScalar<long?>("SELECT key FROM achievement WHERE id = @Text", new { named.Text }, transaction) is { } key)
                of.Add(new(key));
            else agreement.Missing("achievements", named, "achievement",
                connection.Query<string>("SELECT id FROM achievement", transaction: transaction));
        return whole && of.Count == setup.Of.Count ? setup.Rule(id => found[id], of) : null;
    }

    private Metric Metric(MetricKey key) => JsonSerializer.Deserialize<Metric>(
        connection.ExecuteScalar<string>("SELECT definition FROM metric WHERE key = @Value", new { key.Value }, transaction)!,
        CatalogueStore.Json)!;

    private Metric? Metric(string id) =>
        connection.QueryFirstOrDefault<(long Key, string Definition)?>(
            "SELECT key, definition FROM metric WHERE id = @id AND hidden = 0 ORDER BY version DESC LIMIT 1", new { id },
            transaction) is { } known
            ? JsonSerializer.Deserialize<Metric>(known.Definition, CatalogueStore.Json)! with { Key = new(known.Key) }
            : null;

    /// <summary>
    /// History can be extended into the past: more counts, nothing is taken away. Until it has begun, it can be any.
    /// </summary>
    private Change ApplyHistory(AchievementSetup setup, Row known, IReadOnlyList<EnabledSpan> spans)
    {
        var before = new Workday((int)known.CountsFrom);
        Workday? history = known.FromEnabling == 0 ? before : null;
        if (Enabling.IsFirst(spans, history))
        {
            if (setup.History.From == history) return new("history", null, null);
            var first = setup.History.From ?? today;
            connection.Execute("UPDATE achievement SET from_enabling = @enabling WHERE key = @Key",
                new { known.Key, enabling = setup.History.From is null ? 1 : 0 }, transaction);
            SwitchedStore.Save(connection, transaction, new(known.Key), []);
            SwitchedStore.Begin(connection, transaction, new(known.Key), first);
            return new("history", history is { } was ? Printed(was) : "enabling", setup.History.From is null ? "enabling" : Printed(first));
        }
        if (setup.History.From is not { } from || from == before) return new("history", null, null);
        if (from > before)
        {
            problems.Add(setup.Node, $"'{setup.Id}' counts from {Printed(before)}; history can be extended, not shortened");
            return new("history", null, null);
        }
        var of = new { known.Key, from = from.Number, before = before.Number };
        connection.Execute("UPDATE achievement SET counts_from = @from, from_enabling = 0 WHERE key = @Key", of, transaction);
        connection.Execute("UPDATE achievement_version SET effective = @from WHERE achievement = @Key AND number = 1", of, transaction);
        connection.Execute("UPDATE achievement_span SET from_day = @from WHERE achievement = @Key AND from_day = @before", of, transaction);
        Backfill.Enqueue(connection, transaction, new(known.Key), now);
        return new("history", Printed(before), Printed(from));
    }

    private Change[] ApplyRule(
        AchievementSetup setup, Row known, IReadOnlyList<EnabledSpan> spans, Rule rule, string text, string? audience)
    {
        var latest = connection.QueryFirst<VersionRow>(
            "SELECT number, effective, rule, audience FROM achievement_version WHERE achievement = @Key ORDER BY number DESC LIMIT 1",
            new { known.Key }, transaction);
        if (latest.Rule == text && latest.Audience == audience) return [];
        // What was earned is kept by its day, week or month: other ones would be judged beside them, also of the past.
        if (Fixed(JsonSerializer.Deserialize<Rule>(latest.Rule, CatalogueStore.Json)!, rule) is { } what)
        {
            problems.Add(setup.Node, $"the {what} of '{setup.Id}' is fixed when it is made: give the new one another id");
            return [];
        }
        var effective = Workday.Max(today.Plus(1), new((int)latest.Effective));
        // A version that has not begun yet is written over: nobody has been judged by it.
        var neverOn = spans.All(s => s.IsEmpty);
        if (neverOn || latest.Effective == effective.Number)
            connection.Execute(
                "UPDATE achievement_version SET rule = @text, audience = @audience WHERE achievement = @Key AND number = @Number",
                new { text, audience, known.Key, latest.Number }, transaction);
        else AddVersion(known.Key, (int)latest.Number + 1, effective, text, audience);
        var from = neverOn ? "" : $"; from {effective}";
        Change[] changes =
        [
            new("rule", Line(latest.Rule), latest.Rule == text ? Line(text) : Line(text) + from),
            new("audience", Said(latest.Audience), latest.Audience == audience ? Said(audience) : (Said(audience) ?? "everybody") + from),
        ];
        if (neverOn) return changes;
        Backfill.EnqueueStart(connection, transaction, new(known.Key), effective);
        // Work may be a little ahead of its time: what it has earned on a day of the new version waits for that version to begin.
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM award WHERE achievement = @Key AND earned_at >= @start",
                new { known.Key, start = FirstStart(effective) }, transaction) > 0)
            Backfill.Enqueue(connection, transaction, new(known.Key), now);
        return changes;
    }

    /// <summary>Who can earn it, as it is kept; null for everybody. False where the file names what is not there.</summary>
    private bool AudienceOf(AchievementSetup setup, out string? kept)
    {
        kept = null;
        if (setup.Audience is not { } some) return true;
        var (teams, groups) = (Keys("team", "teams", some.Teams), Keys("people_group", "groups", some.Groups));
        var known = RoleStore.Read(connection, transaction);
        foreach (var missing in some.Roles.Where(r => known.Find(r.Text) is null)) ApplyRoles.Missing(agreement, missing, known);
        if (teams is null || groups is null || some.Roles.Any(r => known.Find(r.Text) is null)) return false;
        kept = JsonSerializer.Serialize(
            new Audience(teams, groups, [.. some.Roles.Select(r => r.Text).Distinct().Order(StringComparer.Ordinal)]),
            CatalogueStore.Json);
        return true;
    }

    /// <summary>In order; null where one is missing.</summary>
    private List<long>? Keys(string table, string section, IReadOnlyList<YamlText> named)
    {
        var known = connection.Query<(string Id, long Key)>($"SELECT id, key FROM {table}", transaction: transaction)
            .ToDictionary(k => k.Id, k => k.Key, StringComparer.Ordinal);
        foreach (var missing in named.Where(n => !known.ContainsKey(n.Text)))
            agreement.Missing(section, missing, section.TrimEnd('s'), known.Keys);
        return named.All(n => known.ContainsKey(n.Text)) ? [.. named.Select(n => known[n.Text]).Distinct().Order()] : null;
    }

    /// <summary>An audience in a setup file's words: "teams billing, service; roles agent".</summary>
    private string? Said(string? audience) => audience is null ? null
        : AudienceIds.Of(connection, transaction, JsonSerializer.Deserialize<Audience>(audience, CatalogueStore.Json)!).ToString();

    /// <summary>When a workday begins where that is first.</summary>
    private long FirstStart(Workday day) =>
        SiteStore.All(connection, transaction).Select(site => site.Clock.StartOf(day)).Append(clock.StartOf(day)).Min();

    /// <summary>A rule as it is kept, in words that a person reads.</summary>
    private string Line(string rule) =>
        SetupWriter.Line(JsonSerializer.Deserialize<Rule>(rule, CatalogueStore.Json)!, SetupIds.All(connection, transaction));

    /// <summary>The part of a rule that differs and may not; null when there is none.</summary>
    private static string? Fixed(Rule before, Rule after) =>
        before.Fixed() is { } was && after.Fixed() is { } will && !was.Value.Equals(will.Value) ? was.Name : null;

    private Change ApplyEnabled(AchievementSetup setup, Row known)
    {
        if (setup.LeavesSwitch) return new("enabled", null, null);
        var switched = setup.Enabled
            ? EnableAchievement.Apply(connection, transaction, new(known.Key), today, now)
            : DisableAchievement.Apply(connection, transaction, new(known.Key), today, now);
        return switched is null ? new("enabled", null, null) : new("enabled", setup.Enabled ? "no" : "yes", setup.Enabled ? "yes" : "no");
    }

    private Change ApplyTest(AchievementSetup setup, Row known, IReadOnlyList<EnabledSpan> spans)
    {
        var was = known.Testing != 0;
        if (setup.Test is not { } test || test == was) return new("test", null, null);
        if (!test) TestMode.Keep(connection, transaction, new(known.Key), now);
        else if (spans.All(s => s.IsEmpty)) TestMode.Begin(connection, transaction, new(known.Key));
        else
        {
            problems.Add(setup.Node, $"'{setup.Id}' has been on already, and what it gave is known: test a copy with another id");
            return new("test", null, null);
        }
        return new("test", was ? "yes" : "no", test ? "yes" : "no");
    }

    private void AddVersion(long achievement, int number, Workday effective, string rule, string? audience) => connection.Execute(
        """
        INSERT INTO achievement_version (achievement, number, effective, rule, audience, after_step)
        VALUES (@achievement, @number, @effective, @rule, @audience,
          (SELECT after_step FROM achievement_version WHERE achievement = @achievement ORDER BY number DESC LIMIT 1))
        """,
        new { achievement, number, effective = effective.Number, rule, audience }, transaction);

    private static string Printed(Workday day) => day == Workday.Beginning ? "the beginning" : day.ToString();

    private sealed record Row
    {
        public long Key { get; init; }
        public string Name { get; init; } = "";
        public string Description { get; init; } = "";
        public string Area { get; init; } = "";
        public string Badge { get; init; } = "";
        public string Type { get; init; } = "";
        public string Repeat { get; init; } = "";
        public string Visibility { get; init; } = "";
        public string Retention { get; init; } = "";
        public string Tone { get; init; } = "";
        public long Testing { get; init; }
        public string Coins { get; init; } = "";
        public long CountsFrom { get; init; }
        public long FromEnabling { get; init; }
        public long Archived { get; init; }
    }

    private sealed record VersionRow
    {
        public long Number { get; init; }
        public long Effective { get; init; }
        public string Rule { get; init; } = "";
        public string? Audience { get; init; }
    }
}
