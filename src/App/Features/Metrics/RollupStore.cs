using System.Data.Common;
using Dapper;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Metrics;

/// <summary>
/// The SQL of rollups. Their key is (metric, day, person): ask for days by list, never for one person's range. Whoever reads gets what
/// the metric needs: different texts stand in a table beside the rollups, a ratio is read from its two metrics.
/// </summary>
public static class RollupStore
{
    private const int FewPeople = 100, FewDays = 400;

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
        List<(long Metric, int Day, long Owner, Texts Texts)>? labels = null;
        List<(PersonKey, int)>? old = null;
        var packed = PackedDays.Through(statements);
        foreach (var (metric, day, person, added) in grown)
        {
            if (day <= packed) (old ??= []).Add((person, PackedDays.BlockOf(day)));
            rows.Add(metric.Value, day.Number, person.Value, added.Count, (long)added.Sum, added.Least, added.Greatest);
            if (added.Beside is Texts texts) (labels ??= []).Add((metric.Value, day.Number, person.Value, texts));
        }
        statements.Insert(rows, MergePeople);
        if (old is not null) PackedDays.Forget(statements, old);
        if (labels is not null) AddLabels(statements, "label_rollup", "person", labels);
    }

    /// <summary>Adds to the rows of teams; give them in the order of their key.</summary>
    public static void AddTeams(Statements statements, IEnumerable<(MetricKey Metric, Workday Day, long Team, Rollup Added)> grown)
    {
        var rows = Rows("team_rollup", "team");
        List<(long Metric, int Day, long Owner, Texts Texts)>? labels = null;
        foreach (var (metric, day, team, added) in grown)
        {
            rows.Add(metric.Value, day.Number, team, added.Count, (long)added.Sum, added.Least, added.Greatest);
            if (added.Beside is Texts texts) (labels ??= []).Add((metric.Value, day.Number, team, texts));
        }
        statements.Insert(rows, MergeTeams);
        if (labels is not null) AddLabels(statements, "team_label_rollup", "team", labels);
    }

    private static Rows Rows(string table, string owner) =>
        new(table, "metric bigint", "day bigint", $"{owner} bigint", "count bigint", "sum bigint", "least bigint", "greatest bigint");

    private static void AddLabels(
        Statements statements, string table, string owner, List<(long Metric, int Day, long Owner, Texts Texts)> labels)
    {
        var rows = new Rows(table, "metric bigint", "day bigint", $"{owner} bigint", "label text", "count bigint");
        foreach (var (metric, day, of, texts) in labels)
            foreach (var (text, count) in texts.Counts.OrderBy(t => t.Key, StringComparer.Ordinal)) rows.Add(metric, day, of, text, count);
        statements.Insert(rows,
            $"ON CONFLICT (metric, day, {owner}, label) DO UPDATE SET count = {table}.count + excluded.count");
    }

    /// <summary>Puts a day's rollup in place of what is there; an empty one removes the row.</summary>
    public static void Set(DbConnection connection, Metric metric, Workday day, PersonKey person, Rollup rollup)
    {
        var statements = Statements.Of(connection);
        Remove(statements, metric, day, "rollup", "person", person.Value);
        PackedDays.Forget(statements, [(person, PackedDays.BlockOf(day))]);
        if (!rollup.IsEmpty) Add(statements, [(metric.Key, day, person, rollup)]);
    }

    /// <summary>The same of a team.</summary>
    public static void SetTeam(DbConnection connection, Metric metric, Workday day, long team, Rollup rollup)
    {
        var statements = Statements.Of(connection);
        Remove(statements, metric, day, "team_rollup", "team", team);
        if (!rollup.IsEmpty) AddTeams(statements, [(metric.Key, day, team, rollup)]);
    }

    private static void Remove(Statements statements, Metric metric, Workday day, string table, string owner, long of)
    {
        statements[$"DELETE FROM {table} WHERE metric = @0 AND day = @1 AND {owner} = @2"].Bind(metric.Key.Value, day.Number, of).Run();
        if (metric.Aggregate == Aggregate.Distinct)
            statements[$"DELETE FROM {LabelsOf(table)} WHERE metric = @0 AND day = @1 AND {owner} = @2"]
                .Bind(metric.Key.Value, day.Number, of).Run();
    }

    private static string LabelsOf(string table) => table == "rollup" ? "label_rollup" : "team_label_rollup";

    /// <summary>The metrics whose rollups make up this one: itself, or the two of a ratio.</summary>
    private static MetricKey[] Kept(Metric metric) =>
        metric.Ratio is { } ratio ? [ratio.Numerator.Metric, ratio.Denominator.Metric] : [metric.Key];

    /// <summary>The first and last workday on which anybody has data of the metric.</summary>
    public static WorkdaySpan? Extent(DbConnection connection, Metric metric)
    {
        var extents = Kept(metric).Select(key => Extent(Statements.Of(connection), key)).OfType<WorkdaySpan>().ToList();
        return extents.Count == 0 ? null : new(extents.Min(e => e.First), extents.Max(e => e.Last));
    }

    public static WorkdaySpan? Extent(Statements statements, MetricKey metric)
    {
        using var row = statements[
            "SELECT (SELECT min(day) FROM rollup WHERE metric = @0), (SELECT max(day) FROM rollup WHERE metric = @0)"]
                .Bind(metric.Value).Read();
        return row.Next() && row.NumberOrNull(0) is { } first && row.NumberOrNull(1) is { } last
            ? new(new((int)first), new((int)last))
            : null;
    }

    /// <summary>One person's workdays with data, ascending: a list of days joined to the key, a few microseconds a day.</summary>
    public static List<DayRollup> OfPerson(DbConnection connection, Metric metric, PersonKey person, WorkdaySpan days) =>
        OfPerson(Statements.Of(connection), metric, person, days);

    /// <param name="extents">What is known of them; whoever asks for many people's work tells, and nothing is written meanwhile.</param>
    public static List<DayRollup> OfPerson(
        Statements statements, Metric metric, PersonKey person, WorkdaySpan days, Dictionary<MetricKey, WorkdaySpan?>? extents = null)
    {
        if (metric.Ratio is { } ratio)
            return Divided(metric, OfPerson(statements, ratio.Numerator.Metric, person, days, extents),
                OfPerson(statements, ratio.Denominator.Metric, person, days, extents));
        var found = OfPerson(statements, metric.Key, person, days, extents);
        return metric.Aggregate == Aggregate.Distinct ? WithTexts(statements, metric.Key, person, found) : found;
    }

    /// <summary>The same days of one person with the different texts of each.</summary>
    public static List<DayRollup> WithTexts(Statements statements, MetricKey metric, PersonKey person, List<DayRollup> found)
    {
        if (found.Count == 0) return found;
        var texts = new Dictionary<Workday, Texts>();
        using var rows = statements["""
            WITH RECURSIVE days(day) AS (SELECT CAST(@0 AS BIGINT) UNION ALL SELECT day + 1 FROM days WHERE day < @1)
            SELECT l.day, l.label, l.count
            FROM days CROSS JOIN label_rollup l WHERE l.metric = @2 AND l.day = days.day AND l.person = @3
            """].Bind(found[0].Day.Number, found[^1].Day.Number, metric.Value, person.Value).Read();
        while (rows.Next()) Note(texts, new((int)rows.Number(0)), rows.Text(1), rows.Number(2));
        return found.ConvertAll(d => d with { Rollup = d.Rollup with { Beside = texts.GetValueOrDefault(d.Day) } });
    }

    /// <summary>Of a metric that is no ratio; without texts.</summary>
    public static List<DayRollup> OfPerson(
        Statements statements, MetricKey metric, PersonKey person, WorkdaySpan days, Dictionary<MetricKey, WorkdaySpan?>? extents = null)
    {
        var found = new List<DayRollup>();
        if (extents is null || !extents.TryGetValue(metric, out var whole))
        {
            whole = Extent(statements, metric);
            extents?.Add(metric, whole);
        }
        if (whole is not { } extent) return found;
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

    /// <summary>Everybody's workdays with data in one pass, by day and then by person; not for ratios, which nobody counts live.</summary>
    public static void Each(Statements statements, Metric metric, WorkdaySpan days, Action<PersonKey, DayRollup> each)
    {
        var texts = new Dictionary<(PersonKey, Workday), Texts>();
        if (metric.Aggregate == Aggregate.Distinct)
        {
            using var labels = statements["SELECT person, day, label, count FROM label_rollup WHERE metric = @0 AND day BETWEEN @1 AND @2"]
                .Bind(metric.Key.Value, days.First.Number, days.Last.Number).Read();
            Read(labels, texts);
        }
        using var rows = statements[
            "SELECT day, person, count, sum, least, greatest FROM rollup WHERE metric = @0 AND day BETWEEN @1 AND @2 ORDER BY day, person"]
            .Bind(metric.Key.Value, days.First.Number, days.Last.Number).Read();
        Read(rows, texts, each);
    }

    /// <summary>Everybody's workdays with data, each ascending.</summary>
    public static Dictionary<PersonKey, List<DayRollup>> OfEverybody(DbConnection connection, Metric metric, WorkdaySpan days)
    {
        if (metric.Ratio is { } ratio)
            return Divided(metric, OfEverybody(connection, Plain(metric, ratio.Numerator), days),
                OfEverybody(connection, Plain(metric, ratio.Denominator), days));
        var people = new Dictionary<PersonKey, List<DayRollup>>();
        Each(Statements.Of(connection), metric, days, (person, day) => Note(people, person, day));
        return people;
    }

    /// <summary>
    /// The same of the people whose keys lie between two, in as many looks into the key as there are days: for whoever goes through all of
    /// history and cannot hold everybody's.
    /// </summary>
    public static Dictionary<PersonKey, List<DayRollup>> OfPeople(
        DbConnection connection, Metric metric, WorkdaySpan days, PersonKey first, PersonKey last)
    {
        if (metric.Ratio is { } ratio)
            return Divided(metric, OfPeople(connection, Plain(metric, ratio.Numerator), days, first, last),
                OfPeople(connection, Plain(metric, ratio.Denominator), days, first, last));
        var people = new Dictionary<PersonKey, List<DayRollup>>();
        var statements = Statements.Of(connection);
        if (Extent(statements, metric.Key) is not { } extent) return people;
        var (from, to) = (Workday.Max(days.First, extent.First), Workday.Min(days.Last, extent.Last));
        if (to < from) return people;
        var texts = new Dictionary<(PersonKey, Workday), Texts>();
        if (metric.Aggregate == Aggregate.Distinct)
        {
            using var labels = statements[$"""
                {Days} SELECT l.person, l.day, l.label, l.count FROM days CROSS JOIN label_rollup l
                WHERE l.metric = @2 AND l.day = days.day AND l.person BETWEEN @3 AND @4
                """].Bind(from.Number, to.Number, metric.Key.Value, first.Value, last.Value).Read();
            Read(labels, texts);
        }
        Read(statements, metric.Key, new(from, to), first, last, texts, (person, day) => Note(people, person, day));
        // Which way the join goes is the database's.
        foreach (var own in people.Values)
            for (var i = 1; i < own.Count; i++)
                if (own[i].Day < own[i - 1].Day)
                {
                    own.Sort((a, b) => a.Day.CompareTo(b.Day));
                    break;
                }
        return people;
    }

    /// <summary>
    /// Workdays with data of the people whose keys lie between two, in no order and without texts; not for ratios.
    /// </summary>
    public static void EachOf(
        Statements statements, MetricKey metric, WorkdaySpan days, PersonKey first, PersonKey last, Action<PersonKey, DayRollup> each) =>
        Read(statements, metric, days, first, last, [], each);

    private static void Read(
        Statements statements, MetricKey metric, WorkdaySpan days, PersonKey first, PersonKey last,
        Dictionary<(PersonKey, Workday), Texts> texts, Action<PersonKey, DayRollup> each)
    {
        using var rows = statements[$"""
            {Days} SELECT r.day, r.person, r.count, r.sum, r.least, r.greatest FROM days CROSS JOIN rollup r
            WHERE r.metric = @2 AND r.day = days.day AND r.person BETWEEN @3 AND @4
            """].Bind(days.First.Number, days.Last.Number, metric.Value, first.Value, last.Value).Read();
        Read(rows, texts, each);
    }

    private const string Days =
        "WITH RECURSIVE days(day) AS (SELECT CAST(@0 AS BIGINT) UNION ALL SELECT day + 1 FROM days WHERE day < @1)";

    private static void Read(Reader labels, Dictionary<(PersonKey, Workday), Texts> texts)
    {
        while (labels.Next()) Note(texts, (new(labels.Number(0)), new((int)labels.Number(1))), labels.Text(2), labels.Number(3));
    }

    private static void Read(Reader rows, Dictionary<(PersonKey, Workday), Texts> texts, Action<PersonKey, DayRollup> each)
    {
        while (rows.Next())
        {
            var (day, person) = (new Workday((int)rows.Number(0)), new PersonKey(rows.Number(1)));
            each(person, new(day, new(rows.Number(2), rows.Number(3), rows.Number(4), rows.Number(5))
            {
                Beside = texts.Count == 0 ? null : texts.GetValueOrDefault((person, day)),
            }));
        }
    }

    private static void Note(Dictionary<PersonKey, List<DayRollup>> people, PersonKey person, DayRollup day)
    {
        if (!people.TryGetValue(person, out var own)) people[person] = own = [];
        own.Add(day);
    }

    private static Dictionary<PersonKey, List<DayRollup>> Divided(
        Metric metric, Dictionary<PersonKey, List<DayRollup>> numerators, Dictionary<PersonKey, List<DayRollup>> denominators) =>
        numerators.Keys.Union(denominators.Keys).ToDictionary(p => p,
            p => Divided(metric, numerators.GetValueOrDefault(p, []), denominators.GetValueOrDefault(p, [])));

    /// <summary>Everybody's rollup over some days.</summary>
    public static Dictionary<PersonKey, Rollup> Totals(DbConnection connection, Metric metric, WorkdaySpan days)
    {
        if (metric.Ratio is { } ratio)
        {
            var (numerators, denominators) = (
                Totals(connection, Plain(metric, ratio.Numerator), days), Totals(connection, Plain(metric, ratio.Denominator), days));
            return denominators.ToDictionary(d => d.Key,
                d => Rollup.Of(metric, numerators.GetValueOrDefault(d.Key, Rollup.None), d.Value));
        }
        var of = new { m = metric.Key.Value, first = days.First.Number, last = days.Last.Number };
        var texts = new Dictionary<long, Texts>();
        if (metric.Aggregate == Aggregate.Distinct)
            foreach (var (person, label, count) in connection.Query<(long, string, long)>(
                """
                SELECT person, label, CAST(sum(count) AS BIGINT) FROM label_rollup
                WHERE metric = @m AND day BETWEEN @first AND @last GROUP BY person, label
                """, of))
                Note(texts, person, label, count);
        return connection.Query<(long Person, long Count, long Sum, long Least, long Greatest)>(
            """
            SELECT person, CAST(sum(count) AS BIGINT), CAST(sum(sum) AS BIGINT), min(least), max(greatest) FROM rollup
            WHERE metric = @m AND day BETWEEN @first AND @last GROUP BY person
            """, of).ToDictionary(r => new PersonKey(r.Person), r => new Rollup(r.Count, r.Sum, r.Least, r.Greatest)
            {
                Beside = texts.GetValueOrDefault(r.Person),
            });
    }

    /// <summary>Workdays on which some people, or nobody of some teams, did what the metric counts, added up; ascending.</summary>
    /// <param name="ofEverybody">Active, and of all teams, whoever is named.</param>
    public static List<DayRollup> OfTeams(
        DbConnection connection, Metric metric, IReadOnlyCollection<long> people, IReadOnlyCollection<long> teams, WorkdaySpan days,
        bool ofEverybody = false)
    {
        if (metric.Ratio is { } ratio)
            return Divided(metric, OfTeams(connection, Plain(metric, ratio.Numerator), people, teams, days, ofEverybody),
                OfTeams(connection, Plain(metric, ratio.Denominator), people, teams, days, ofEverybody));
        var of = new
        {
            m = metric.Key.Value, first = days.First.Number, last = days.Last.Number,
            people = ofEverybody ? [] : people.ToArray(), teams = ofEverybody ? [] : teams.ToArray(),
        };
        var (amongPeople, amongTeams) = ofEverybody
            ? ("person NOT IN (SELECT key FROM person WHERE active = 0)", "team IS NOT NULL")
            : (Dialect.Of(connection).Among("person", "people"), Dialect.Of(connection).Among("team", "teams"));
        // A few people of thousands are looked for day by day; of many, everybody's days are gone through.
        var areFew = !ofEverybody && people.Count <= FewPeople && days.Last.Number - days.First.Number <= FewDays;
        var with = areFew
            ? """
              WITH RECURSIVE days(on_day) AS (
                SELECT CAST(@first AS BIGINT) UNION ALL SELECT on_day + 1 FROM days WHERE on_day < CAST(@last AS BIGINT))
              """ : "";
        string Own(string table) => areFew
            ? $"days CROSS JOIN {table} WHERE metric = @m AND day = on_day AND {amongPeople}"
            : $"{table} WHERE metric = @m AND day BETWEEN @first AND @last AND {amongPeople}";
        var texts = new Dictionary<Workday, Texts>();
        if (metric.Aggregate == Aggregate.Distinct)
            foreach (var (day, label, count) in connection.Query<(int, string, long)>(
                $"""
                {with}
                SELECT day, label, count FROM {Own("label_rollup")}
                UNION ALL
                SELECT day, label, count FROM team_label_rollup WHERE metric = @m AND day BETWEEN @first AND @last AND {amongTeams}
                """, of))
                Note(texts, new(day), label, count);
        return
        [
            .. connection.Query<(int Day, long Count, long Sum, long Least, long Greatest)>(
                $"""
                {with}
                SELECT day, CAST(sum(count) AS BIGINT), CAST(sum(sum) AS BIGINT), min(least), max(greatest) FROM (
                  SELECT day, count, sum, least, greatest FROM {Own("rollup")}
                  UNION ALL
                  SELECT day, count, sum, least, greatest FROM team_rollup
                  WHERE metric = @m AND day BETWEEN @first AND @last AND {amongTeams}) together
                GROUP BY day ORDER BY day
                """, of)
                .Select(r => new DayRollup(new(r.Day), new Rollup(r.Count, r.Sum, r.Least, r.Greatest)
                {
                    Beside = texts.GetValueOrDefault(new(r.Day)),
                })),
        ];
    }

    /// <summary>A part of a ratio, to be read like any metric.</summary>
    private static Metric Plain(Metric ratio, RatioPart part) =>
        ratio with { Key = part.Metric, Id = part.Id, Aggregate = part.Aggregate, Ratio = null };

    /// <summary>Days of either; each ascending.</summary>
    public static List<DayRollup> Divided(Metric metric, List<DayRollup> numerators, List<DayRollup> denominators)
    {
        var days = new List<DayRollup>(denominators.Count);
        for (int n = 0, d = 0; n < numerators.Count || d < denominators.Count;)
        {
            var day = n == numerators.Count ? denominators[d].Day
                : d == denominators.Count ? numerators[n].Day
                : Workday.Min(numerators[n].Day, denominators[d].Day);
            days.Add(new(day, Rollup.Of(metric,
                n < numerators.Count && numerators[n].Day == day ? numerators[n++].Rollup : Rollup.None,
                d < denominators.Count && denominators[d].Day == day ? denominators[d++].Rollup : Rollup.None)));
        }
        return days;
    }

    private static void Note<T>(Dictionary<T, Texts> texts, T of, string text, long count) where T : notnull =>
        texts[of] = texts.GetValueOrDefault(of, Texts.None).Add(text, count);
}
