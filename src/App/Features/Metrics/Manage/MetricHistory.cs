using System.Data.Common;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Team;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Metrics.Manage;

/// <summary>A metric's values over the last weeks, of the people in a data scope and of what nobody of their teams did.</summary>
/// <param name="Window">The workdays that were looked at.</param>
/// <param name="IsCut">Fewer than were asked for: there is too much on each of them.</param>
/// <param name="IsCounted">From what is kept of each day; otherwise the activities themselves were read.</param>
/// <param name="Points">By day or week, oldest first.</param>
/// <param name="Whole">Over all of the window.</param>
/// <param name="Values">Of each person who has one, over all of the window.</param>
public sealed record MetricHistory(
    WorkdaySpan Window, bool IsCut, bool IsCounted, IReadOnlyList<CoursePoint> Points, Rollup Whole, IReadOnlyList<MetricValue> Values)
{
    public static readonly IReadOnlyList<int> Lengths = [28, 90, 365];

    /// <summary>So many activities are read at most, whatever the window, for a definition that nothing is counted by yet.</summary>
    public const int MostRead = 200_000;

    /// <summary>Null where it cannot be told: a ratio of what is still being counted.</summary>
    public static MetricHistory? Of(
        DbConnection connection, Snapshot snapshot, Metric metric, DataScope scope, Workday today, int days, bool byWeek,
        int mostRead = MostRead)
    {
        var window = new WorkdaySpan(Workday.Max(today.Plus(1 - days), snapshot.Rules.Horizon), today);
        var (people, teams) = Floor(connection, scope, today);
        if (Kept(snapshot.Rules, metric) is not { } kept)
            return metric.Ratio is not null ? null : Read(connection, snapshot, metric, people, teams, window, byWeek, mostRead);
        var all = RollupStore.OfTeams(connection, kept, people, teams, window, scope == DataScope.Company);
        var own = people.ToHashSet();
        var totals = RollupStore.Totals(connection, kept, window).Where(t => own.Contains(t.Key.Value)).Select(t => t.Value);
        return Made(snapshot, kept, window, false, true, byWeek, all, totals);
    }

    private static MetricHistory Made(
        Snapshot snapshot, Metric metric, WorkdaySpan window, bool isCut, bool isCounted, bool byWeek, IReadOnlyList<DayRollup> days,
        IEnumerable<Rollup> totals) => new(
        window, isCut, isCounted, Course.Of(window, byWeek, snapshot.Rules.WeekStart, days),
        days.Aggregate(Rollup.None, (sum, day) => sum.Merge(day.Rollup)),
        [.. totals.Select(t => t.Value(metric.Aggregate)).OfType<MetricValue>()]);

    /// <summary>A version that counts the very same and is counted by now; a ratio itself, where both of its metrics are.</summary>
    private static Metric? Kept(RuleSet rules, Metric metric)
    {
        if (metric.Ratio is not null) return RuleSet.RollupsOf(metric).All(part => rules.Kept(part).Ready) ? metric : null;
        return rules.Metrics.FirstOrDefault(m => m.Ready && m.Metric.Ratio is null && Counts(m.Metric) == Counts(metric))?.Metric;
    }

    /// <summary>What is counted, whatever it is called and in what it is told.</summary>
    private static string Counts(Metric metric) =>
        EditMetric.Defined(metric with { Id = "", Unit = Unit.Number, Direction = Direction.Higher, NeverNegative = false });

    /// <summary>Reads activities from today backwards, whole workdays, until it has been much.</summary>
    private static MetricHistory Read(
        DbConnection connection, Snapshot snapshot, Metric metric, long[] people, long[] teams, WorkdaySpan window, bool byWeek,
        int mostRead)
    {
        var types = metric.Types.Select(snapshot.Rules.Type).OfType<(long Key, ActivityType Type)>()
            .ToDictionary(t => t.Key, t => t.Type.Id);
        var (ofPeople, ofTeams) = (people.ToHashSet(), teams.ToHashSet());
        var (days, totals, read) = (new List<DayRollup>(), new Dictionary<long, Rollup>(), 0L);
        var first = window.Last.Plus(1);
        for (var day = window.Last; types.Count > 0 && day >= window.First; day = day.Plus(-1))
        {
            read += connection.ExecuteScalar<long>("SELECT count(*) FROM activity WHERE day = @day", new { day = day.Number });
            // One day is always looked at.
            if (read > mostRead && first <= window.Last) break;
            first = day;
            var sum = Rollup.None;
            foreach (var row in connection.Query<Row>(
                $"""
                SELECT person, team, type, at, body FROM activity WHERE day = @day AND type IN ({string.Join(", ", types.Keys.Order())})
                """, new { day = day.Number }, buffered: false))
            {
                if (!(row.Person is { } who ? ofPeople.Contains(who) : row.Team is { } team && ofTeams.Contains(team))) continue;
                var body = ActivityBody.Read(row.Body);
                var clock = row.Person is { } person ? snapshot.Floor.ClockOf(new PersonKey(person), row.At)
                    : snapshot.Floor.ClockOf(row.Team!.Value);
                if (metric.Reads(new(types[row.Type], body.Measures, body.Labels, row.At, day, clock)) is not { } reading) continue;
                sum = sum.Add(reading);
                if (row.Person is { } own) totals[own] = totals.GetValueOrDefault(own, Rollup.None).Add(reading);
            }
            if (!sum.IsEmpty) days.Add(new(day, sum));
        }
        var seen = types.Count == 0 ? window : new WorkdaySpan(first, window.Last);
        return Made(snapshot, metric, seen, seen.First > window.First, false, byWeek, days, totals.Values);
    }

    private static (long[] People, long[] Teams) Floor(DbConnection connection, DataScope scope, Workday today) => (
        [.. connection.Query<long>($"SELECT p.key FROM person p WHERE p.active = 1 AND {scope.Covers("p.key")}", scope.With())],
        scope == DataScope.Company
            ? [.. connection.Query<long>("SELECT key FROM team")]
            : [.. TeamStore.Whole(connection, scope, today).Select(t => t.Key)]);

    private sealed record Row
    {
        public long? Person { get; init; }
        public long? Team { get; init; }
        public long Type { get; init; }
        public long At { get; init; }
        public string Body { get; init; } = "";
    }
}
