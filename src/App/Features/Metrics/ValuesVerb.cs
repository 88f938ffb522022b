using System.CommandLine;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Csv;
using Laurel.App.Platform.Hosting;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Metrics;

/// <summary><c>laurel values --metric M --by day|week|month|all</c>: a metric's values per person and period.</summary>
public static class ValuesVerb
{
    /// <param name="import">Makes the verb below it that takes values in.</param>
    public static Command Command(Func<Option<string>, Command> import)
    {
        var metric = new Option<string>("--metric") { Description = "Id of the metric.", Required = true };
        var by = new Option<string>("--by") { Description = "day, week, month or all.", DefaultValueFactory = _ => "day" }
            .AcceptOnlyFromAmong("day", "week", "month", "all");
        var database = Verb.DatabaseOption();
        var command = new VerbCommand("values", "Print a metric's values per person and period, as CSV.",
            "laurel values --metric calls-answered --by week") { metric, by, database, import(database) };
        command.SetAction(arguments => Verb.Look(arguments.GetValue(database)!, store =>
            Print(store, arguments.GetValue(metric)!, Enum.Parse<TimeRange>(arguments.GetValue(by)!, ignoreCase: true))));
        return command;
    }

    private static int Print(Database store, string id, TimeRange range)
    {
        using var connection = store.Read();
        var snapshot = new CatalogueStore().Current(connection);
        var metric = snapshot.Rules.Metrics.Where(m => m.Metric.Id == id).MaxBy(m => m.Version);
        if (metric is null)
        {
            var known = snapshot.Rules.Metrics.Where(m => !m.Hidden)
                .Select(m => m.Metric.Id).Distinct().Order(StringComparer.Ordinal).ToList();
            return Verb.Refuse($"there is no metric '{id}'; "
                + (known.Count == 0 ? "a setup file declares them" : "there are: " + string.Join(", ", known)));
        }
        var names = connection.Query<(long Key, string Id)>("SELECT key, id FROM person")
            .ToDictionary(p => new PersonKey(p.Key), p => p.Id);
        var values = RollupStore.OfEverybody(connection, metric.Metric, new(Workday.Beginning, Workday.End))
            .SelectMany(p => p.Value
                .GroupBy(d => range == TimeRange.All ? Workday.Beginning : WorkdaySpan.Of(range, d.Day, snapshot.Rules.WeekStart).First)
                .Select(g => (
                    Person: names[p.Key],
                    Period: range == TimeRange.All ? "all" : g.Key.ToString(),
                    Value: g.Aggregate(Rollup.None, (running, d) => running.Merge(d.Rollup)).Value(metric.Metric.Aggregate))))
            // A ratio by nothing is no value.
            .Where(v => v.Value is not null)
            .OrderBy(v => v.Person, StringComparer.Ordinal).ThenBy(v => v.Period, StringComparer.Ordinal);
        CsvTable.Write(Console.Out, ["person", "period", "value"],
            values.Select(v => (string[])[v.Person, v.Period, v.Value!.Value.ToString()]));
        return Verb.Done;
    }
}
