using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Projects;

/// <summary>A project as it is listed.</summary>
public sealed record Project
{
    public long Key { get; init; }
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public long CreatedAt { get; init; }
    public bool Active { get; init; }
    public DateTimeOffset Created => DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt);
}

/// <summary>A page of those that are looked for.</summary>
/// <param name="Counts">How many activities each of the shown ones has, counted up to <see cref="ProjectStore.MostCounted"/>.</param>
public sealed record FoundProjects(
    IReadOnlyList<Project> Shown, IReadOnlyDictionary<long, long> Counts, int Matching, int All, int Page, int Pages);

/// <summary>An activity of a project, with who did it.</summary>
public sealed record ProjectActivity(
    long Key, string Type, long? Person, string? PersonId, string? PersonName, string? Team, long At, string Body)
{
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(At);
}

/// <summary>What a metric comes to over some of a project's workdays.</summary>
public readonly record struct ProjectValue(Metric Metric, MetricValue Value, long Count);

/// <summary>The SQL of projects.</summary>
public sealed class ProjectStore(Database database)
{
    public const int PageSize = 25;
    /// <summary>More are not counted for a list.</summary>
    public const long MostCounted = 10_000;

    private const long DayMs = 86_400_000;
    private const string Select = "SELECT key, id, name, created_at, active FROM project";

    /// <summary>The newest first. Matching follows the reader's language, which no database's LIKE does.</summary>
    /// <param name="active">Only those; null for all.</param>
    public FoundProjects List(DataScope scope, string? search, bool? active, int page)
    {
        using var connection = database.Read();
        var all = connection.Query<Project>($"{Select} ORDER BY created_at DESC, key DESC").ToList();
        var sought = Sought.Of(search);
        var matching = all.Where(p => active is null || p.Active == active)
            .Where(p => sought is null || sought.IsIn(p.Name) || sought.IsIn(p.Id)).ToList();
        var pages = Math.Max(1, (matching.Count + PageSize - 1) / PageSize);
        page = Math.Clamp(page, 1, pages);
        List<Project> shown = [.. matching.Skip((page - 1) * PageSize).Take(PageSize)];
        return new(shown, shown.ToDictionary(p => p.Key, p => Count(connection, scope, p.Key)), matching.Count, all.Count, page, pages);
    }

    public Project? Find(string id)
    {
        using var connection = database.Read();
        return Find(connection, null, id);
    }

    public static Project? Find(DbConnection connection, DbTransaction? transaction, string id) =>
        connection.QueryFirstOrDefault<Project>($"{Select} WHERE id = @id", new { id }, transaction);

    /// <summary>The next ones after a key, by key.</summary>
    public static List<Project> After(DbConnection connection, long key, int most) =>
        connection.Query<Project>($"{Select} WHERE key > @key ORDER BY key LIMIT @most", new { key, most }).ToList();

    /// <summary>What other systems call it.</summary>
    public static List<ExternalIdentity> Identities(DbConnection connection, long project) =>
        [.. connection.Query<(string Provider, string External)>(
            "SELECT provider, external FROM project_identity WHERE project = @project ORDER BY provider, external", new { project })
            .Select(i => new ExternalIdentity(i.Provider, i.External))];

    /// <summary>Activities of people in scope, with everybody's those that no person did, up to <see cref="MostCounted"/>.</summary>
    public static long Count(DbConnection connection, DataScope scope, long project) => connection.ExecuteScalar<long>(
        $"""
        SELECT count(*) FROM (
          SELECT 1 FROM activity a WHERE a.project = @project AND {scope.Covers("a.person")} LIMIT {MostCounted}) counted
        """, scope.With(new { project }));

    /// <summary>The newest of the people in scope.</summary>
    public static List<ProjectActivity> Newest(DbConnection connection, DataScope scope, long project, int most) =>
        [.. connection.Query<ActivityRow>(
            $"""
            SELECT a.key, t.id AS type, a.person, p.id AS person_id, p.name AS person_name, m.name AS team, a.at, a.body
            FROM activity a JOIN activity_type t ON t.key = a.type LEFT JOIN person p ON p.key = a.person
            LEFT JOIN team m ON m.key = a.team
            WHERE a.project = @project AND {scope.Covers("a.person")} ORDER BY a.at DESC, a.key DESC LIMIT @most
            """, scope.With(new { project, most })).Select(r => r.ToActivity())];

    /// <summary>
    /// What the metrics come to over the project's activities of some workdays by people in scope, counted from these; those without any
    /// are left out. What another system sends as a day's value belongs to no project.
    /// </summary>
    public static List<ProjectValue> Values(DbConnection connection, Snapshot snapshot, DataScope scope, long project, WorkdaySpan days)
    {
        var counted = snapshot.Rules.Metrics.Where(m => !m.Hidden).GroupBy(m => m.Metric.Id).Select(g => g.MaxBy(m => m.Version)!.Metric)
            .Where(m => !m.External).ToList();
        var rollups = new Dictionary<MetricKey, Rollup>();
        var parts = counted.SelectMany(RuleSet.RollupsOf).Distinct().Select(snapshot.Rules.Metric).ToList();
        foreach (var row in connection.Query<CountedRow>(
            $"""
            SELECT t.id AS type, a.person, a.team, a.at, a.day, a.body FROM activity a JOIN activity_type t ON t.key = a.type
            WHERE a.project = @project AND a.at BETWEEN @from AND @to AND a.day BETWEEN @first AND @last AND {scope.Covers("a.person")}
            """,
            scope.With(new
            {
                project, first = days.First.Number, last = days.Last.Number,
                // A workday begins at its own time at each site; what was moved behind the retention horizon counts on its first.
                from = days.First == snapshot.Rules.Horizon ? long.MinValue : (days.First.Number - 2) * DayMs,
                to = (days.Last.Number + 3) * DayMs,
            }), buffered: false))
        {
            var body = ActivityBody.Read(row.Body);
            var clock = row.Person is { } person ? snapshot.Floor.ClockOf(new PersonKey(person), row.At)
                : row.Team is { } team ? snapshot.Floor.ClockOf(team) : snapshot.Floor.Site!.Clock;
            var occurrence = new Occurrence(row.Type, body.Measures, body.Labels, row.At, new((int)row.Day), clock);
            foreach (var metric in parts)
                if (metric.Reads(occurrence) is { } reading)
                    rollups[metric.Key] = rollups.GetValueOrDefault(metric.Key, Rollup.None).Add(reading);
        }
        var values = new List<ProjectValue>();
        foreach (var metric in counted)
        {
            var rollup = metric.Ratio is { } ratio ? Rollup.Of(metric, Of(ratio.Numerator.Metric), Of(ratio.Denominator.Metric))
                : Of(metric.Key);
            if (rollup.Value(metric.Aggregate) is { } value) values.Add(new(metric, value, rollup.Count));
        }
        return values;

        Rollup Of(MetricKey key) => rollups.GetValueOrDefault(key, Rollup.None);
    }

    private sealed record CountedRow
    {
        public string Type { get; init; } = "";
        public long? Person { get; init; }
        public long? Team { get; init; }
        public long At { get; init; }
        public long Day { get; init; }
        public string Body { get; init; } = "";
    }

    private sealed record ActivityRow
    {
        public long Key { get; init; }
        public string Type { get; init; } = "";
        public long? Person { get; init; }
        public string? PersonId { get; init; }
        public string? PersonName { get; init; }
        public string? Team { get; init; }
        public long At { get; init; }
        public string Body { get; init; } = "";

        public ProjectActivity ToActivity() => new(Key, Type, Person, PersonId, PersonName, Team, At, Body);
    }
}
