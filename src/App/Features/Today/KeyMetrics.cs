using System.Data.Common;
using Dapper;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Presence;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Today;

/// <summary>One metric of one person.</summary>
/// <param name="Week">This week's value; the last week's where <paramref name="IsLastWeek"/>, because this one has no data yet.</param>
/// <param name="Days">Values of the newest workdays with data, ascending.</param>
/// <param name="Change">Of the week's finished days against the same days a week before; null where either has no data.</param>
public sealed record KeyMetric(
    KeptMetric Kept, MetricValue? Week, MetricValue? Today, IReadOnlyList<(Workday Day, MetricValue Value)> Days, MetricValue? Change,
    bool IsLastWeek)
{
    public Metric Metric => Kept.Metric;

    public string Icon => Metric.Unit switch
    {
        Unit.Number => Metric.Aggregate is Aggregate.Count or Aggregate.Distinct ? "check-circle" : "chart-line-up",
        Unit.Seconds => "timer",
        Unit.Percent => "target",
        Unit.Currency => "briefcase",
        Unit.Points => "star",
    };
}

/// <summary>The metrics that a person's start page shows.</summary>
public static class KeyMetrics
{
    private const int Newest = 14, Reach = 35, Followed = 8;

    /// <summary>Metrics that are shown, in the organisation's order; of each the newest version.</summary>
    public static List<KeptMetric> Shown(DbConnection connection, Snapshot snapshot) =>
        [.. connection.Query<long>(
            """
            SELECT key FROM metric m WHERE hidden = 0 AND ready = 1 AND archived = 0
              AND version = (SELECT max(version) FROM metric WHERE id = m.id AND ready = 1)
            ORDER BY position, key
            """).Select(key => snapshot.Rules.Kept(new(key)))];

    /// <summary>
    /// What a live page follows whose figures these are: also metrics without work yet, so that the first of it is seen.
    /// </summary>
    public static string Topics(IEnumerable<KeptMetric> shown, IEnumerable<KeyMetric> told) => string.Join(' ',
        told.Select(m => m.Metric.Id).Concat(shown.Take(Followed).Select(m => m.Metric.Id)).Distinct(StringComparer.Ordinal)
            .Select(id => $"metric:{id}"));

    /// <summary>The first <paramref name="most"/> metrics of which the person has recent data.</summary>
    /// <param name="now">What is open of presence is told up to then.</param>
    public static List<KeyMetric> Of(
        DbConnection connection, Snapshot snapshot, PersonKey person, Workday today, DateTimeOffset now, int most)
    {
        var found = new List<KeyMetric>();
        foreach (var kept in Shown(connection, snapshot))
        {
            if (found.Count == most) break;
            var days = RollupStore.OfPerson(connection, kept.Metric, person, new(today.Plus(-Reach), today));
            foreach (var (_, open) in OpenPresence.Of(connection, snapshot, kept.Metric, now.ToUnixTimeMilliseconds(), person))
                days = DayRollup.With(days, open);
            if (days.Count > 0) found.Add(Of(kept, days, today, WorkdaySpan.Of(TimeRange.Week, today, snapshot.Rules.WeekStart).First));
        }
        return found;
    }

    /// <summary>
    /// The first <paramref name="most"/> metrics of which the people, or nobody of the teams, have recent data, added up.
    /// </summary>
    public static List<KeyMetric> OfTeam(
        DbConnection connection, Snapshot snapshot, IReadOnlyCollection<long> people, IReadOnlyCollection<long> teams, Workday today,
        int most)
    {
        var found = new List<KeyMetric>();
        foreach (var kept in Shown(connection, snapshot))
        {
            if (found.Count == most) break;
            var days = RollupStore.OfTeams(connection, kept.Metric, people, teams, new(today.Plus(-Reach), today));
            if (days.Count > 0) found.Add(Of(kept, days, today, WorkdaySpan.Of(TimeRange.Week, today, snapshot.Rules.WeekStart).First));
        }
        return found;
    }

    public static KeyMetric Of(KeptMetric kept, IReadOnlyList<DayRollup> days, Workday today, Workday monday)
    {
        var aggregate = kept.Metric.Aggregate;
        Rollup Sum(Workday first, Workday last) => days.Where(d => first <= d.Day && d.Day <= last)
            .Aggregate(Rollup.None, (running, d) => running.Merge(d.Rollup));
        // Today is not over: counting it would make every morning look worse than the week before.
        var now = Sum(monday, today.Plus(-1)).Value(aggregate);
        var before = Sum(monday.Plus(-7), today.Plus(-8)).Value(aggregate);
        var week = Sum(monday, today).Value(aggregate);
        return new(kept, week ?? Sum(monday.Plus(-7), monday.Plus(-1)).Value(aggregate), Sum(today, today).Value(aggregate),
            [.. days.Select(d => (d.Day, Value: d.Rollup.Value(aggregate))).Where(d => d.Value is not null).TakeLast(Newest)
                .Select(d => (d.Day, d.Value!.Value))],
            now is { } a && before is { } b ? MetricValue.Of(new Amount(a.Rounded().Thousandths - b.Rounded().Thousandths)) : null,
            week is null);
    }
}
