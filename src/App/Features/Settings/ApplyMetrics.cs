using System.Globalization;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Settings;

/// <summary>The activity types and metrics of a setup file.</summary>
internal sealed class ApplyMetrics(Agreement agreement)
{
    /// <summary>How changes call an activity type.</summary>
    public const string TypeChange = "activity type";
    private const string TypesSection = "activity-types";

    public void Run()
    {
        foreach (var type in agreement.Setup.Types) Apply(type);
        // A ratio is of metrics that may stand below it; its place among them stays its own.
        var first = agreement.Connection.ExecuteScalar<int>("SELECT count(*) FROM metric", transaction: agreement.Transaction);
        foreach (var (metric, i) in agreement.Setup.Metrics.Select((m, i) => (m, i)).OrderBy(m => m.m.Ratio is not null))
            Apply(metric, hidden: false, first + i);
        FollowParts();
    }

    /// <summary>A ratio goes over to the newest versions of its two metrics.</summary>
    private void FollowParts()
    {
        foreach (var row in agreement.Connection.Query<MetricRow>(
            """
            SELECT key, version, name, description, archived, definition, position FROM metric m
            WHERE hidden = 0 AND version = (SELECT max(version) FROM metric WHERE id = m.id) ORDER BY key
            """, transaction: agreement.Transaction).ToList())
        {
            var metric = JsonSerializer.Deserialize<Metric>(row.Definition, CatalogueStore.Json)!;
            if (metric.Ratio is not { } ratio) continue;
            Keep(metric with { Ratio = new(Newest(ratio.Numerator), Newest(ratio.Denominator)) },
                new(row.Name, row.Description, row.Archived != 0), hidden: false, (int)row.Position);
        }

        RatioPart Newest(RatioPart part) => Find(part.Id) is { } metric && AddsUp(metric) ? PartOf(metric) : part;
    }

    private void Apply(TypeSetup type)
    {
        var definition = JsonSerializer.Serialize(type.Type, CatalogueStore.Json);
        var name = JsonSerializer.Serialize(type.Name.ByLanguage, CatalogueStore.Json);
        var words = type.Words.Write();
        var known = agreement.Connection.QueryFirstOrDefault<(string Name, string Definition, string Words)?>(
            "SELECT name, definition, words FROM activity_type WHERE id = @Id", new { type.Type.Id }, agreement.Transaction);
        if (known is not { } before)
        {
            agreement.Connection.Execute("INSERT INTO activity_type (id, name, definition, words) VALUES (@Id, @name, @definition, @words)",
                new { type.Type.Id, name, definition, words }, agreement.Transaction);
            agreement.Add(TypeChange, type.Type.Id, new Change("name", null, type.Name.English));
            return;
        }
        // What the file does not name keeps its name.
        if (type.IsUnnamed) name = before.Name;
        if (agreement.Differs(TypeChange, type.Type.Id,
            new Change("name", SetupWriter.Line(before.Name), SetupWriter.Line(name)),
            new Change("definition", TypeLine(before.Definition), TypeLine(definition)), new Change("words", before.Words, words)))
            agreement.Connection.Execute("UPDATE activity_type SET name = @name, definition = @definition, words = @words WHERE id = @Id",
                new { type.Type.Id, name, definition, words }, agreement.Transaction);
    }

    /// <summary>
    /// The metric's version that says what the file says; a new one, with its rollups to be built, if there is none. Null where it names
    /// what is not there.
    /// </summary>
    /// <param name="hidden">Kept for one rule only, and not shown.</param>
    /// <param name="position">Its place in the organisation's order, where it is new.</param>
    public Metric? Apply(MetricSetup setup, bool hidden, int position = 0)
    {
        var metric = setup.Metric;
        if (setup.IsNew && agreement.Connection.ExecuteScalar<long>(
            "SELECT count(*) FROM metric WHERE id = @Id", new { metric.Id }, agreement.Transaction) > 0)
        {
            agreement.Problems.Add(setup.Node, $"there is a metric '{metric.Id}' already");
            return null;
        }
        if (setup.Ratio is { } named)
        {
            if (Part(named.Numerator) is not { } numerator || Part(named.Denominator) is not { } denominator) return null;
            metric = metric with { Ratio = new(numerator, denominator) };
        }
        else if (metric.External) DeclareExternal(setup);
        else if (Types(setup) is not { } types) return null;
        else if (metric.Measure is { } measure)
            metric = metric with { NeverNegative = types.All(t => t.Measure(measure) is { MayBeNegative: false }) };
        var name = setup.IsUnnamed ? agreement.Connection.QueryFirstOrDefault<string>(
            "SELECT name FROM metric WHERE id = @Id ORDER BY version DESC LIMIT 1", new { metric.Id }, agreement.Transaction) : null;
        return Keep(metric, new(name ?? JsonSerializer.Serialize(setup.Name.ByLanguage, CatalogueStore.Json),
            JsonSerializer.Serialize(setup.Description.ByLanguage, CatalogueStore.Json), setup.IsArchived), hidden, position);
    }

    /// <summary>The values of an external metric come as activities of a type of their own.</summary>
    private void DeclareExternal(MetricSetup setup)
    {
        var type = new ActivityType(setup.Metric.Types[0], NeedsPerson: true,
            [new(ActivityType.ExternalMeasure, setup.Metric.Unit.ToString().ToLowerInvariant(), MayBeNegative: true)], []);
        agreement.Connection.Execute(
            """
            INSERT INTO activity_type (id, name, definition, words) VALUES (@Id, @name, @definition, @words)
            ON CONFLICT (id) DO UPDATE SET name = CASE WHEN @IsUnnamed THEN activity_type.name ELSE excluded.name END,
              definition = excluded.definition
            """, new
            {
                type.Id, setup.IsUnnamed, name = JsonSerializer.Serialize(setup.Name.ByLanguage, CatalogueStore.Json),
                definition = JsonSerializer.Serialize(type, CatalogueStore.Json), words = TypeWords.None.Write(),
            }, agreement.Transaction);
    }

    private Metric Keep(Metric metric, Words words, bool hidden, int position)
    {
        var definition = JsonSerializer.Serialize(metric with { Key = default }, CatalogueStore.Json);
        var known = agreement.Connection.QueryFirstOrDefault<MetricRow>(
            """
            SELECT key, version, name, description, archived, definition, position FROM metric WHERE id = @Id ORDER BY version DESC LIMIT 1
            """, new { metric.Id }, agreement.Transaction);
        if (known is not null && known.Definition == definition)
        {
            if (!hidden && agreement.Differs("metric", metric.Id, Reworded(known, words)))
                Reword(metric.Id, words);
            return metric with { Key = new(known.Key) };
        }
        var key = Insert(metric, (int)(known?.Version ?? 0) + 1, words, definition, hidden, (int)(known?.Position ?? position));
        if (hidden) return metric with { Key = key };
        if (known is null) agreement.Add("metric", metric.Id, new Change("definition", null, SetupWriter.Line(metric)));
        else
        {
            Redefined.Add(metric.Id);
            agreement.Differs("metric", metric.Id, [Anew(known.Definition, metric), .. Reworded(known, words)]);
            Reword(metric.Id, words);
        }
        return metric with { Key = key };
    }

    /// <summary>Ids of metrics that have a new version.</summary>
    public HashSet<string> Redefined { get; } = new(StringComparer.Ordinal);

    /// <summary>What is said of it is said of all its versions.</summary>
    private void Reword(string id, Words words) => agreement.Connection.Execute(
        "UPDATE metric SET name = @Name, description = @Description, archived = @archived WHERE id = @id",
        new { id, words.Name, words.Description, archived = words.IsArchived ? 1 : 0 }, agreement.Transaction);

    private static Change[] Reworded(MetricRow known, Words words) =>
    [
        new("name", SetupWriter.Line(known.Name), SetupWriter.Line(words.Name)),
        new("description", SetupWriter.Line(known.Description), SetupWriter.Line(words.Description)),
        new("archived", known.Archived == 0 ? "no" : "yes", words.IsArchived ? "yes" : "no"),
    ];

    /// <summary>A ratio says the same and still begins anew where one of its two metrics has a new version.</summary>
    private static Change Anew(string kept, Metric metric)
    {
        var (before, now) = (SetupWriter.Line(JsonSerializer.Deserialize<Metric>(kept, CatalogueStore.Json)!), SetupWriter.Line(metric));
        return new("definition", before, before == now ? now + "; counted anew" : now);
    }

    private static string TypeLine(string kept) => SetupWriter.Line(JsonSerializer.Deserialize<ActivityType>(kept, CatalogueStore.Json)!);

    private MetricKey Insert(Metric metric, int version, Words words, string definition, bool hidden, int position)
    {
        var ready = metric.Ratio is { } ratio
            ? IsReady(ratio.Numerator) && IsReady(ratio.Denominator)
            : !agreement.Connection.HasRows(agreement.Transaction, "activity");
        var key = agreement.Connection.ExecuteScalar<long>(
            """
            INSERT INTO metric (id, version, name, description, archived, definition, hidden, ready, position)
            VALUES (@Id, @version, @Name, @Description, @archived, @definition, @hidden, @ready, @position) RETURNING key
            """, new
            {
                metric.Id, version, words.Name, words.Description, archived = words.IsArchived ? 1 : 0, definition,
                hidden = hidden ? 1 : 0, ready = ready ? 1 : 0, position,
            }, agreement.Transaction);
        // A ratio has nothing of its own to be built: it is ready with the last of its two.
        if (!ready && metric.Ratio is null)
            WorkQueue.Enqueue(agreement.Connection, agreement.Transaction, BuildMetric.Kind, key.ToString(CultureInfo.InvariantCulture),
                agreement.Now);
        return new(key);
    }

    private bool IsReady(RatioPart part) => agreement.Connection.ExecuteScalar<int>(
        "SELECT ready FROM metric WHERE key = @Value", new { part.Metric.Value }, agreement.Transaction) != 0;

    private Metric? Find(string id) => agreement.Connection.QueryFirstOrDefault<(long Key, string Definition)?>(
        "SELECT key, definition FROM metric WHERE id = @id AND hidden = 0 ORDER BY version DESC LIMIT 1", new { id },
        agreement.Transaction) is { } known
        ? JsonSerializer.Deserialize<Metric>(known.Definition, CatalogueStore.Json)! with { Key = new(known.Key) }
        : null;

    private static RatioPart PartOf(Metric metric) => new(metric.Key, metric.Id, metric.Aggregate);
    private static bool AddsUp(Metric metric) => metric.Aggregate is Aggregate.Count or Aggregate.Sum;

    /// <summary>One side of a ratio; null with a problem.</summary>
    private RatioPart? Part(YamlText named)
    {
        if (Find(named.Text) is not { } metric)
        {
            // One that the file declares is missing for a reason that is told there.
            if (!agreement.Setup.Metrics.Any(m => string.Equals(m.Metric.Id, named.Text, StringComparison.Ordinal)))
                agreement.Missing("metrics", named, "metric", agreement.Connection.Query<string>(
                    "SELECT DISTINCT id FROM metric WHERE hidden = 0", transaction: agreement.Transaction)
                    .Concat(agreement.Setup.Metrics.Select(m => m.Metric.Id)));
            return null;
        }
        if (AddsUp(metric)) return PartOf(metric);
        agreement.Refuse(named.At, $"a ratio is of metrics that count or add up; '{metric.Id}' is the aggregate "
            + metric.Aggregate.ToString().ToLowerInvariant());
        return null;
    }

    /// <summary>The types that the metric counts, compared with what it names of them; null where it names what is not there.</summary>
    private List<ActivityType>? Types(MetricSetup setup)
    {
        var found = new List<ActivityType>();
        foreach (var named in setup.Types)
            if (Declared(named.Text) is { } type) found.Add(type);
            else agreement.Missing(TypesSection, named, TypeChange,
                agreement.Connection.Query<string>("SELECT id FROM activity_type", transaction: agreement.Transaction));
        var before = agreement.Problems.Count;
        if (setup.Metric.Measure is { } measure)
            foreach (var type in found.Where(t => MeasuresAreRead(t) && t.Measure(measure) is null))
                agreement.Refuse(setup.Measure!,
                    $"type '{type.Id}' declares no measure '{measure}'" + Suggestion.Hint(measure, type.Measures.Select(m => m.Name)));
        if (setup.Metric.Label is { } label)
            foreach (var type in found.Where(t => LabelsAreRead(t) && !t.Labels.Contains(label, StringComparer.Ordinal)))
                agreement.Refuse(setup.Label!, $"type '{type.Id}' declares no label '{label}'" + Suggestion.Hint(label, type.Labels));
        if (found.Count < setup.Types.Count) return null;
        foreach (var (filter, at) in setup.Metric.Where.Zip(setup.Filters)) Compare(filter, at, found);
        return agreement.Problems.Count > before ? null : found;
    }

    /// <summary>A filter on what no activity of the types may carry never holds, or always.</summary>
    private void Compare(Filter filter, YamlDotNet.RepresentationModel.YamlNode at, List<ActivityType> types)
    {
        switch (filter)
        {
            case LabelFilter { Label: var label } when types.TrueForAll(t => LabelsAreRead(t)
                && !t.Labels.Contains(label, StringComparer.Ordinal)):
                agreement.Refuse(at,
                    $"none of the types declares a label '{label}'" + Suggestion.Hint(label, types.SelectMany(t => t.Labels)));
                break;
            case MeasureFilter { Measure: var measure } when types.TrueForAll(t => MeasuresAreRead(t) && t.Measure(measure) is null):
                agreement.Refuse(at, $"none of the types declares a measure '{measure}'"
                    + Suggestion.Hint(measure, types.SelectMany(t => t.Measures).Select(m => m.Name)));
                break;
        }
    }

    private ActivityType? Declared(string id) =>
        agreement.Connection.ExecuteScalar<string?>("SELECT definition FROM activity_type WHERE id = @id", new { id },
            agreement.Transaction) is { } declared
            ? JsonSerializer.Deserialize<ActivityType>(declared, CatalogueStore.Json)
            : null;

    private bool MeasuresAreRead(ActivityType type) => IsRead(type, t => t.MeasuresRead);
    private bool LabelsAreRead(ActivityType type) => IsRead(type, t => t.LabelsRead);

    private bool IsRead(ActivityType type, Func<TypeSetup, bool> part) => !agreement.Setup.Unread.Excuse(TypesSection, type.Id)
        && agreement.Setup.Types.FirstOrDefault(t => string.Equals(t.Type.Id, type.Id, StringComparison.Ordinal)) is var setup
            && (setup is null || part(setup));

    private sealed record MetricRow
    {
        public long Key { get; init; }
        public long Version { get; init; }
        public string Name { get; init; } = "";
        public string Description { get; init; } = "";
        public long Archived { get; init; }
        public string Definition { get; init; } = "";
        public long Position { get; init; }
    }

    /// <summary>What is said of a metric, beside its definition; the texts as they are kept.</summary>
    private sealed record Words(string Name, string Description, bool IsArchived);
}
