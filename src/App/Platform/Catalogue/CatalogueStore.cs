using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Engine.Presence;
using NodaTime;

namespace Laurel.App.Platform.Catalogue;

/// <summary>Everything that judging an activity needs, as of one version of the rules.</summary>
public sealed record Snapshot(long RulesVersion, RuleSet Rules, long FloorVersion, Floor Floor)
{
    public (long Rules, long Floor) Version => (RulesVersion, FloorVersion);
}

/// <summary>
/// Reads the rules and the floor, and keeps the last reading until their version moves on. Whoever changes a type, metric or rule
/// calls <see cref="Rulebook.TouchRules"/> in the same transaction, whoever changes a person, team or site
/// <see cref="Rulebook.TouchFloor"/>.
/// </summary>
public sealed class CatalogueStore
{
    /// <summary>How definitions are written into the database.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private volatile Snapshot? last;

    /// <summary>Forgets the last reading: it may be of a transaction that was undone.</summary>
    public void Forget() => last = null;

    /// <summary>The rules as this transaction (or connection) sees them.</summary>
    public Snapshot Current(DbConnection connection, DbTransaction? transaction = null)
    {
        var versions = connection.Query<(string Name, string Value)>(
            "SELECT name, value FROM setting WHERE name IN ('version-of-rules', 'version-of-floor')", transaction: transaction)
            .ToDictionary(v => v.Name, v => long.Parse(v.Value, CultureInfo.InvariantCulture));
        var (rules, floor) = (versions.GetValueOrDefault("version-of-rules"), versions.GetValueOrDefault("version-of-floor"));
        var known = last;
        if (known is not null && known.RulesVersion == rules && known.FloorVersion == floor) return known;
        return last = new Snapshot(
            rules, known is not null && known.RulesVersion == rules ? known.Rules : ReadRules(connection, transaction),
            floor, known is not null && known.FloorVersion == floor ? known.Floor : ReadFloor(connection, transaction));
    }

    private static RuleSet ReadRules(DbConnection connection, DbTransaction? transaction)
    {
        var weekStart = connection.ExecuteScalar<string?>("SELECT value FROM setting WHERE name = 'week-start'", transaction: transaction);
        var start = Enum.Parse<IsoDayOfWeek>(weekStart ?? "Monday", ignoreCase: true);
        var horizon = Horizon(connection, transaction);
        var types = connection.Query<(long Key, string Definition)>("SELECT key, definition FROM activity_type", transaction: transaction)
            .Select(t => (t.Key, JsonSerializer.Deserialize<ActivityType>(t.Definition, Json)!));
        var metrics = connection.Query<MetricRow>(
            "SELECT key, name, version, definition, hidden, built_through, ready, archived, description FROM metric ORDER BY key",
            transaction: transaction)
            .Select(m => new KeptMetric(
                JsonSerializer.Deserialize<Metric>(m.Definition, Json)! with { Key = new(m.Key) },
                m.Name, m.Version, m.Hidden != 0, m.BuiltThrough, m.Ready != 0)
            {
                IsArchived = m.Archived != 0, Description = m.Description,
            })
            .ToList();
        var versions = connection.Query<(long Achievement, int Number, int Effective, string Rule, long? After, string? Audience)>(
            "SELECT achievement, number, effective, rule, after_step, audience FROM achievement_version ORDER BY achievement, number",
            transaction: transaction)
            .ToLookup(v => v.Achievement);
        var spans = connection.Query<(long Achievement, int From, int? Until)>(
            "SELECT achievement, from_day, until FROM achievement_span ORDER BY achievement, from_day", transaction: transaction)
            .ToLookup(s => s.Achievement, s => new EnabledSpan(new(s.From), s.Until is { } until ? new Workday(until) : null));
        var ofGoals = connection.Query<long>("SELECT DISTINCT metric FROM goal_terms", transaction: transaction)
            .Select(m => new MetricKey(m)).ToList();
        var aside = connection.Query<long>("SELECT achievement FROM set_aside WHERE active = 1", transaction: transaction)
            .Select(a => new AchievementKey(a)).ToHashSet();
        var byKey = metrics.ToDictionary(m => m.Metric.Key, m => m.Metric);
        var (histories, unreadable) = (new List<RuleHistory>(), new List<RuleFailure>());
        foreach (var (key, from, repeat) in connection.Query<(long Key, int CountsFrom, string Repeat)>(
            "SELECT key, counts_from, repeat FROM achievement ORDER BY key", transaction: transaction))
            try
            {
                var history = new RuleHistory(
                    new(key), new(from), [.. versions[key].Select(Version)], [.. spans[key]], Enum.Parse<Repeat>(repeat), start)
                {
                    Horizon = horizon,
                };
                if (history.Current.IsByHand()) continue;
                RuleSet.Check(history, key => byKey[key]);
                histories.Add(history);
            }
            catch (Exception failure) when (RuleFailure.Is(failure))
            {
                if (!aside.Contains(new(key))) unreadable.Add(new(new(key), failure));
            }
        var rules = histories.Where(r => !aside.Contains(r.Achievement)).ToList();
        return new RuleSet(start, types, metrics, rules, horizon, ofGoals)
        {
            SetAside = [.. histories.Where(r => aside.Contains(r.Achievement))],
            Unreadable = unreadable,
            Presence = Presence(connection, transaction),
            WonBy = rules.TrueForAll(r => r.Current.FirstOf().Count == 0) ? new HashSet<string>()
                : connection.Query<string>("SELECT DISTINCT types FROM first_in_project", transaction: transaction)
                    .SelectMany(types => JsonSerializer.Deserialize<List<string>>(types)!).ToHashSet(StringComparer.Ordinal),
        };
    }

    private static RuleVersion Version(
        (long Achievement, int Number, int Effective, string Rule, long? After, string? Audience) row) => new(
        row.Number, new(row.Effective), JsonSerializer.Deserialize<Rule>(row.Rule, Json)!, row.After is { } step ? new(step) : null,
        row.Audience is { } some ? JsonSerializer.Deserialize<Audience>(some, Json) : null);

    /// <summary>The statuses that people may be in; null where none is declared.</summary>
    public static PresenceRules? Presence(DbConnection connection, DbTransaction? transaction) =>
        connection.ExecuteScalar<string?>("SELECT value FROM setting WHERE name = 'presence'", transaction: transaction) is { } kept
            ? JsonSerializer.Deserialize<PresenceRules>(kept, Json)
            : null;

    /// <summary>The retention horizon: first workday whose activities are kept.</summary>
    public static Workday Horizon(DbConnection connection, DbTransaction? transaction) =>
        connection.ExecuteScalar<string?>("SELECT value FROM setting WHERE name = 'horizon'", transaction: transaction) is { } day
            ? Workday.Parse(day)!.Value
            : Workday.Beginning;

    private static Floor ReadFloor(DbConnection connection, DbTransaction? transaction)
    {
        var sites = connection.Query<(long Key, string Id, string Zone, int ClosedThrough)>(
            "SELECT key, id, zone, closed_through FROM site ORDER BY key", transaction: transaction)
            .Select(s => new Site(s.Key, s.Id, SiteClock.Find(s.Zone)!, new(s.ClosedThrough)))
            .ToList();
        var byKey = sites.ToDictionary(s => s.Key);
        var dated = connection.Query<(long Person, int From, long Site)>(
            "SELECT person, from_day, site FROM person_site ORDER BY person, from_day", transaction: transaction)
            .ToLookup(r => r.Person, r => (new Workday(r.From), byKey[r.Site]));
        var places = ReadPlaces(connection, transaction);
        var people = sites.Count == 0 ? [] : connection.Query<(long Key, string Id, string Role)>(
            "SELECT key, id, role FROM person", transaction: transaction)
            .Select(p => new FloorPerson(
                new(p.Key), p.Id, dated[p.Key].ToList() is { Count: > 0 } own ? own : [(Workday.Beginning, sites[0])])
            {
                Places = places(p.Key, p.Role),
            })
            .ToList();
        var teams = connection.Query<(string Id, long Key, long Site)>("SELECT id, key, site FROM team", transaction: transaction)
            .Select(t => (t.Id, t.Key, byKey[t.Site]));
        var identities = connection.Query<(long Key, string Provider, string External, string State, long? Person, long? Team)>(
            "SELECT key, provider, external, state, person, team FROM external_identity", transaction: transaction)
            .Select(i => new FloorIdentity(i.Key, new ExternalIdentity(i.Provider, i.External).Awaited, i.State == "ignored",
                i.Person is { } person ? new(person) : null, i.Team))
            .ToList();
        return new Floor(sites, people, teams, identities);
    }

    /// <summary>Where people are, from workday to workday, by their key and their role of now.</summary>
    private static Func<long, string, Places> ReadPlaces(DbConnection connection, DbTransaction? transaction)
    {
        var teams = connection.Query<(long Person, int From, long Team)>(
            "SELECT person, from_day, team FROM person_team ORDER BY person, from_day", transaction: transaction).ToLookup(r => r.Person);
        var groups = connection.Query<(long Person, long Group, int From, int? Until)>(
            "SELECT person, people_group, from_day, until FROM group_member ORDER BY person, people_group", transaction: transaction)
            .ToLookup(r => r.Person);
        var roles = connection.Query<(long Person, int From, string Role)>(
            "SELECT person, from_day, role FROM person_role ORDER BY person, from_day", transaction: transaction).ToLookup(r => r.Person);
        return (person, role) => new([
            .. teams[person].Select(t => t.From).Concat(groups[person].Select(g => g.From))
                .Concat(groups[person].Where(g => g.Until is not null).Select(g => g.Until!.Value))
                .Concat(roles[person].Select(r => r.From)).Append(Workday.Beginning.Number).Distinct().Order()
                .Select(day => (new Workday(day), new Place(
                    teams[person].Where(t => t.From <= day).Select(t => (long?)t.Team).LastOrDefault(),
                    [.. groups[person].Where(g => g.From <= day && !(g.Until <= day)).Select(g => g.Group)],
                    roles[person].Where(r => r.From <= day).Select(r => r.Role).LastOrDefault() ?? role))),
        ]);
    }

    private sealed record MetricRow
    {
        public long Key { get; init; }
        public string Name { get; init; } = "";
        public int Version { get; init; }
        public string Definition { get; init; } = "";
        public int Hidden { get; init; }
        public long BuiltThrough { get; init; }
        public int Ready { get; init; }
        public int Archived { get; init; }
        public string Description { get; init; } = "";
    }
}
