using System.Globalization;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Metrics;

/// <summary>
/// Fills the rollups of a metric that was declared after its activities came, chunk by chunk in the order of arrival. The mark
/// moves with each chunk in one transaction; the last chunk makes the metric ready, so that no activity is left out or added twice.
/// </summary>
public sealed class BuildMetric(Database database, CatalogueStore catalogue, LiveHub live, TimeProvider time)
{
    public const string Kind = "metric";
    private const int Chunk = 20_000;

    public WorkKind Work => new(Kind, 1, (items, cancel) => Run(items[0], cancel));

    private void Run(WorkItem item, CancellationToken cancel)
    {
        var key = new MetricKey(long.Parse(item.Subject, CultureInfo.InvariantCulture));
        var finished = false;
        while (!finished)
        {
            cancel.ThrowIfCancellationRequested();
            finished = BuildChunk(item, key);
            live.Changed(Backfill.Topic);
        }
    }

    /// <summary>True when nothing is left to build.</summary>
    private bool BuildChunk(WorkItem item, MetricKey key) => database.Write((connection, transaction) =>
    {
        Rulebook.Hold(connection, transaction);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var snapshot = catalogue.Current(connection, transaction);
        var kept = snapshot.Rules.Kept(key);
        var activities = kept.Ready ? [] : ActivityStore.After(connection, kept.BuiltThrough, snapshot.Rules.Horizon, Chunk, transaction);
        var people = new Dictionary<RollupKey, Rollup>();
        var teams = new Dictionary<(Workday Day, long Team), Rollup>();
        foreach (var activity in activities)
        {
            if (kept.Metric.Reads(activity.On(snapshot.Floor)) is not { } reading) continue;
            if (activity.Person is { } person)
            {
                var row = new RollupKey(key, activity.Day, new(person));
                people[row] = people.GetValueOrDefault(row, Rollup.None).Add(reading);
            }
            else if (activity.Team is { } team)
                teams[(activity.Day, team)] = teams.GetValueOrDefault((activity.Day, team), Rollup.None).Add(reading);
        }
        var statements = Statements.Of(connection);
        RollupStore.Add(statements, people.OrderBy(p => p.Key).Select(p => (key, p.Key.Day, p.Key.Person, p.Value)));
        RollupStore.AddTeams(statements, teams.OrderBy(t => (t.Key.Day, t.Key.Team)).Select(t => (key, t.Key.Day, t.Key.Team, t.Value)));

        var finished = activities.Count < Chunk;
        connection.Execute("UPDATE metric SET built_through = @through, ready = @ready WHERE key = @key",
            new { through = activities.Count > 0 ? activities[^1].Key : kept.BuiltThrough, ready = finished ? 1 : 0, key = key.Value },
            transaction);
        Rulebook.TouchRules(connection, transaction);
        if (finished)
        {
            // Rules that were waiting for these rollups decide now what history holds.
            foreach (var ratio in snapshot.Rules.RatiosOf(key))
                if (ratio.Ratio is { } of && IsReady(of.Numerator) && IsReady(of.Denominator))
                    connection.Execute("UPDATE metric SET ready = 1 WHERE key = @Value", new { ratio.Key.Value }, transaction);
            foreach (var rule in snapshot.Rules.RulesOf(key)) Backfill.Enqueue(connection, transaction, rule.Achievement, now);
            WorkQueue.Complete(connection, transaction, [item]);
        }
        else
            WorkQueue.Progress(connection, transaction, item, activities[^1].Key,
                connection.ExecuteScalar<long>("SELECT max(key) FROM activity", transaction: transaction), now);
        return finished;

        bool IsReady(RatioPart part) => part.Metric == key || snapshot.Rules.Kept(part.Metric).Ready;
    });
}
