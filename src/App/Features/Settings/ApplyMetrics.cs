using System.Globalization;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

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
        foreach (var metric in agreement.Setup.Metrics) Apply(metric, hidden: false);
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
        }
        else if (agreement.Differs(TypeChange, type.Type.Id, new Change("name", before.Name, name),
            new Change("definition", before.Definition, definition), new Change("words", before.Words, words)))
            agreement.Connection.Execute("UPDATE activity_type SET name = @name, definition = @definition, words = @words WHERE id = @Id",
                new { type.Type.Id, name, definition, words }, agreement.Transaction);
    }

    /// <summary>
    /// The metric's version that says what the file says; a new one, with its rollups to be built, if there is none. Null where it names
    /// what is not there.
    /// </summary>
    /// <param name="hidden">Kept for one rule only, and not shown.</param>
    public Metric? Apply(MetricSetup setup, bool hidden)
    {
        if (Types(setup) is not { } types) return null;
        var metric = setup.Metric;
        if (metric.Measure is { } measure)
            metric = metric with { NeverNegative = types.All(t => t.Measure(measure) is { MayBeNegative: false }) };
        var definition = JsonSerializer.Serialize(metric with { Key = default }, CatalogueStore.Json);
        var name = JsonSerializer.Serialize(setup.Name.ByLanguage, CatalogueStore.Json);
        var known = agreement.Connection.QueryFirstOrDefault<MetricRow>(
            "SELECT key, version, name, definition FROM metric WHERE id = @Id ORDER BY version DESC LIMIT 1", new { metric.Id },
            agreement.Transaction);
        if (known is not null && known.Definition == definition)
        {
            if (!hidden && agreement.Differs("metric", metric.Id, new Change("name", known.Name, name)))
                agreement.Connection.Execute("UPDATE metric SET name = @name WHERE id = @Id", new { metric.Id, name },
                    agreement.Transaction);
            return metric with { Key = new(known.Key) };
        }
        var key = Insert(metric.Id, (known?.Version ?? 0) + 1, name, definition, hidden);
        if (hidden) return metric with { Key = key };
        if (known is null) agreement.Add("metric", metric.Id, new Change("definition", null, definition));
        else agreement.Differs("metric", metric.Id, new Change("definition", known.Definition, definition),
            new Change("name", known.Name, name));
        return metric with { Key = key };
    }

    private MetricKey Insert(string id, int version, string name, string definition, bool hidden)
    {
        var empty = agreement.Connection.ExecuteScalar<long>(
            "SELECT count(*) FROM (SELECT 1 FROM activity LIMIT 1) a", transaction: agreement.Transaction) == 0;
        var key = agreement.Connection.ExecuteScalar<long>(
            """
            INSERT INTO metric (id, version, name, definition, hidden, ready, position)
            VALUES (@id, @version, @name, @definition, @hidden, @ready, (SELECT count(*) FROM metric)) RETURNING key
            """, new { id, version, name, definition, hidden = hidden ? 1 : 0, ready = empty ? 1 : 0 }, agreement.Transaction);
        if (!empty)
            WorkQueue.Enqueue(agreement.Connection, agreement.Transaction, BuildMetric.Kind, key.ToString(CultureInfo.InvariantCulture),
                agreement.Now);
        return new(key);
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
        public int Version { get; init; }
        public string Name { get; init; } = "";
        public string Definition { get; init; } = "";
    }
}
