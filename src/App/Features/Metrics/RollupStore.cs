using System.Data.Common;
using Dapper;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Metrics;

/// <summary>The SQL of rollups. Their key is (metric, day, person): ask for days by list, never for one person's range.</summary>
public static class RollupStore
{
    private const string Merge = """
        DO UPDATE SET count = {0}.count + excluded.count, sum = {0}.sum + excluded.sum,
          least = CASE WHEN excluded.least < {0}.least THEN excluded.least ELSE {0}.least END,
          greatest = CASE WHEN excluded.greatest > {0}.greatest THEN excluded.greatest ELSE {0}.greatest END
        """;

    private static readonly string MergePeople =
        $"ON CONFLICT (metric, day, person) {Merge.Replace("{0}", "rollup", StringComparison.Ordinal)}";
    private static readonly string MergeTeams =
        $"ON CONFLICT (metric, day, team) {Merge.Replace("{0}", "team_rollup", StringComparison.Ordinal)}";

    /// <summary>Adds to the rows of people; give them in the order of their key.</summary>
    public static void Add(Statements statements, IEnumerable<(MetricKey Metric, Workday Day, PersonKey Person, Rollup Added)> grown)
    {
        var rows = Rows("rollup", "person");
        if (grown.TryGetNonEnumeratedCount(out var count)) rows.Expect(count);
        foreach (var (metric, day, person, added) in grown)
            rows.Add(metric.Value, day.Number, person.Value, added.Count, (long)added.Sum, added.Least, added.Greatest);
        statements.Insert(rows, MergePeople);
    }

    /// <summary>Adds to the rows of teams; give them in the order of their key.</summary>
    public static void AddTeams(Statements statements, IEnumerable<(MetricKey Metric, Workday Day, long Team, Rollup Added)> grown)
    {
        var rows = Rows("team_rollup", "team");
        foreach (var (metric, day, team, added) in grown)
            rows.Add(metric.Value, day.Number, team, added.Count, (long)added.Sum, added.Least, added.Greatest);
        statements.Insert(rows, MergeTeams);
    }

    private static Rows Rows(string table, string owner) =>
        new(table, "metric bigint", "day bigint", $"{owner} bigint", "count bigint", "sum bigint", "least bigint", "greatest bigint");

    /// <summary>Puts a day's rollup in place of what is there; an empty one removes the row.</summary>
    public static void Set(
        DbConnection connection, DbTransaction transaction, MetricKey metric, Workday day, PersonKey person, Rollup rollup)
    {
        connection.Execute("DELETE FROM rollup WHERE metric = @m AND day = @d AND person = @p",
            new { m = metric.Value, d = day.Number, p = person.Value }, transaction);
        if (!rollup.IsEmpty)
            connection.Execute(
                """
                INSERT INTO rollup (metric, day, person, count, sum, least, greatest)
                VALUES (@m, @d, @p, @Count, @Sum, @Least, @Greatest)
                """,
                new
                {
                    m = metric.Value, d = day.Number, p = person.Value, rollup.Count, Sum = (long)rollup.Sum, rollup.Least,
                    rollup.Greatest,
                }, transaction);
    }

    /// <summary>The first and last workday on which anybody has data of the metric.</summary>
    public static WorkdaySpan? Extent(DbConnection connection, MetricKey metric) => Extent(Statements.Of(connection), metric);

    private static WorkdaySpan? Extent(Statements statements, MetricKey metric)
    {
        using var row = statements[
            "SELECT (SELECT min(day) FROM rollup WHERE metric = @0), (SELECT max(day) FROM rollup WHERE metric = @0)"]
                .Bind(metric.Value).Read();
        return row.Next() && row.NumberOrNull(0) is { } first && row.NumberOrNull(1) is { } last
            ? new(new((int)first), new((int)last))
            : null;
    }

    /// <summary>One person's workdays with data, ascending: a list of days joined to the key, a few microseconds a day.</summary>
    public static List<DayRollup> OfPerson(DbConnection connection, MetricKey metric, PersonKey person, WorkdaySpan days) =>
        OfPerson(Statements.Of(connection), metric, person, days);

    public static List<DayRollup> OfPerson(Statements statements, MetricKey metric, PersonKey person, WorkdaySpan days)
    {
        var found = new List<DayRollup>();
        if (Extent(statements, metric) is not { } extent) return found;
        var first = Workday.Max(days.First, extent.First);
        var last = Workday.Min(days.Last, extent.Last);
        if (last < first) return found;
        using var rows = statements["""
            WITH RECURSIVE days(day) AS (SELECT CAST(@0 AS BIGINT) UNION ALL SELECT day + 1 FROM days WHERE day < @1)
            SELECT r.day, r.count, r.sum, r.least, r.greatest
            FROM days CROSS JOIN rollup r WHERE r.metric = @2 AND r.day = days.day AND r.person = @3
            ORDER BY r.day
            """].Bind(first.Number, last.Number, metric.Value, person.Value).Read();
        while (rows.Next())
            found.Add(new(new((int)rows.Number(0)), new Rollup(rows.Number(1), rows.Number(2), rows.Number(3), rows.Number(4))));
        return found;
    }

    /// <summary>Everybody's workdays with data in one pass, by day and then by person.</summary>
    public static void Each(Statements statements, MetricKey metric, WorkdaySpan days, Action<PersonKey, DayRollup> each)
    {
        using var rows = statements[
            "SELECT day, person, count, sum, least, greatest FROM rollup WHERE metric = @0 AND day BETWEEN @1 AND @2 ORDER BY day, person"]
            .Bind(metric.Value, days.First.Number, days.Last.Number).Read();
        while (rows.Next())
            each(new(rows.Number(1)), new(new((int)rows.Number(0)), new(rows.Number(2), rows.Number(3), rows.Number(4), rows.Number(5))));
    }

    /// <summary>Everybody's workdays with data, each ascending.</summary>
    public static Dictionary<PersonKey, List<DayRollup>> OfEverybody(DbConnection connection, MetricKey metric, WorkdaySpan days)
    {
        var people = new Dictionary<PersonKey, List<DayRollup>>();
        Each(Statements.Of(connection), metric, days, (person, day) =>
        {
            if (!people.TryGetValue(person, out var own)) people[person] = own = [];
            own.Add(day);
        });
        return people;
    }
}
