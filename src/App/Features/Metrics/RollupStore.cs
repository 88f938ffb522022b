using System.Data.Common;
using Dapper;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Metrics;

/// <summary>The SQL of rollups. Their key is (metric, day, person): ask for days by list, never for one person's range.</summary>
public static class RollupStore
{
    private const string Upsert = """
        INSERT INTO rollup (metric, day, person, count, sum, least, greatest) VALUES (@0, @1, @2, @3, @4, @5, @6)
        ON CONFLICT (metric, day, person) DO UPDATE SET count = rollup.count + excluded.count, sum = rollup.sum + excluded.sum,
          least = CASE WHEN excluded.least < rollup.least THEN excluded.least ELSE rollup.least END,
          greatest = CASE WHEN excluded.greatest > rollup.greatest THEN excluded.greatest ELSE rollup.greatest END
        """;

    private const string UpsertTeam = """
        INSERT INTO team_rollup (metric, day, team, count, sum, least, greatest) VALUES (@0, @1, @2, @3, @4, @5, @6)
        ON CONFLICT (metric, day, team) DO UPDATE SET count = team_rollup.count + excluded.count, sum = team_rollup.sum + excluded.sum,
          least = CASE WHEN excluded.least < team_rollup.least THEN excluded.least ELSE team_rollup.least END,
          greatest = CASE WHEN excluded.greatest > team_rollup.greatest THEN excluded.greatest ELSE team_rollup.greatest END
        """;

    public static void Add(Statements statements, DbTransaction transaction, MetricKey metric, Workday day, PersonKey person, Rollup added) =>
        statements[Upsert].Bind(transaction, metric.Value, day.Number, person.Value, added.Count, (long)added.Sum, added.Least, added.Greatest).Run();

    public static void AddTeam(Statements statements, DbTransaction transaction, MetricKey metric, Workday day, long team, Rollup added) =>
        statements[UpsertTeam].Bind(transaction, metric.Value, day.Number, team, added.Count, (long)added.Sum, added.Least, added.Greatest).Run();

    /// <summary>Puts a day's rollup in place of what is there; an empty one removes the row.</summary>
    public static void Set(DbConnection connection, DbTransaction transaction, MetricKey metric, Workday day, PersonKey person, Rollup rollup)
    {
        connection.Execute("DELETE FROM rollup WHERE metric = @m AND day = @d AND person = @p",
            new { m = metric.Value, d = day.Number, p = person.Value }, transaction);
        if (!rollup.IsEmpty)
            connection.Execute(
                "INSERT INTO rollup (metric, day, person, count, sum, least, greatest) VALUES (@m, @d, @p, @Count, @Sum, @Least, @Greatest)",
                new { m = metric.Value, d = day.Number, p = person.Value, rollup.Count, Sum = (long)rollup.Sum, rollup.Least, rollup.Greatest },
                transaction);
    }

    /// <summary>The first and last workday on which anybody has data of the metric.</summary>
    public static WorkdaySpan? Extent(DbConnection connection, MetricKey metric, DbTransaction? transaction = null)
    {
        var (first, last) = connection.QuerySingle<(int?, int?)>(
            "SELECT (SELECT min(day) FROM rollup WHERE metric = @m), (SELECT max(day) FROM rollup WHERE metric = @m)",
            new { m = metric.Value }, transaction);
        return first is { } from && last is { } to ? new(new(from), new(to)) : null;
    }

    /// <summary>One person's workdays with data, ascending: a list of days joined to the key, a few microseconds a day.</summary>
    public static List<DayRollup> OfPerson(
        DbConnection connection, MetricKey metric, PersonKey person, WorkdaySpan days, DbTransaction? transaction = null)
    {
        if (Extent(connection, metric, transaction) is not { } extent) return [];
        var first = Workday.Max(days.First, extent.First);
        var last = Workday.Min(days.Last, extent.Last);
        if (last < first) return [];
        return [.. connection.Query<(int Day, long Count, long Sum, long Least, long Greatest)>(
            """
            WITH RECURSIVE days(day) AS (SELECT CAST(@first AS INTEGER) UNION ALL SELECT day + 1 FROM days WHERE day < @last)
            SELECT r.day, r.count, r.sum, r.least, r.greatest
            FROM days CROSS JOIN rollup r WHERE r.metric = @m AND r.day = days.day AND r.person = @p
            ORDER BY r.day
            """, new { first = first.Number, last = last.Number, m = metric.Value, p = person.Value }, transaction)
            .Select(r => new DayRollup(new(r.Day), new Rollup(r.Count, r.Sum, r.Least, r.Greatest)))];
    }

    /// <summary>Everybody's workdays with data, each ascending: one pass over the metric's days.</summary>
    public static Dictionary<PersonKey, List<DayRollup>> OfEverybody(
        DbConnection connection, MetricKey metric, WorkdaySpan days, DbTransaction? transaction = null)
    {
        var people = new Dictionary<PersonKey, List<DayRollup>>();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText =
            "SELECT day, person, count, sum, least, greatest FROM rollup WHERE metric = @m AND day BETWEEN @first AND @last ORDER BY day, person";
        Parameter(command, "@m", metric.Value);
        Parameter(command, "@first", days.First.Number);
        Parameter(command, "@last", days.Last.Number);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var person = new PersonKey(reader.GetInt64(1));
            if (!people.TryGetValue(person, out var own)) people[person] = own = [];
            own.Add(new(new(reader.GetInt32(0)), new Rollup(reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5))));
        }
        return people;
    }

    private static void Parameter(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
