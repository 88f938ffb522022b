using System.Diagnostics;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Hosting;
using Laurel.Engine.Kernel;
using Laurel.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Laurel.Bench;

/// <summary>
/// Twenty achievements whose history counts, over five million activities: turned on, and then all decided once more, which must change
/// nothing. Against the same in set-based SQL as a forum does it: for each badge a pass that takes back what its query does not give
/// and a pass that grants what it does, window functions for the exact moment, on a table of plain columns with covering indexes and
/// parallel workers. Both on one PostgreSQL.
/// </summary>
internal static class Backfills
{
    private const int Step = 100_000;

    public static async Task Run(Scale scale)
    {
        using var server = new PostgresServer();
        var address = server.Create();
        await using var core = await BenchCore.Start(new PostgresDatabase(address));
        using var beside = server.Open(address);
        var count = scale.Of(5_000_000);
        Fill(core, beside, count);
        Peer.Fill(beside);
        var ratios = new List<double>();
        for (var round = 0; round < scale.Rounds; round++)
        {
            beside.Execute("DELETE FROM notice; DELETE FROM award; TRUNCATE peer_award");
            beside.Execute("VACUUM");
            var (theirs, theirsAgain) = (Seconds(() => Peer.Run(beside)), Seconds(() => Peer.Run(beside)));
            var (ours, oursAgain) = (Seconds(() => Backfill(core)), Seconds(() => Backfill(core)));
            var awards = Oracle(beside);
            ratios.Add((theirs + theirsAgain) / (ours + oursAgain));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round + 1}: {count:N0} activities, {awards:N0} awards; SQL {theirs:0.0} s, again {theirsAgain:0.0} s; "
                + $"Laurel {ours:0.0} s, again {oursAgain:0.0} s"));
        }
        Ratio.Judge("backfill-set-sql", ratios, 6, 10);
    }

    private static double Seconds(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }

    private static void Backfill(BenchCore core)
    {
        core.Database.Write((c, t) =>
        {
            foreach (var key in c.Query<long>("SELECT key FROM achievement ORDER BY key", transaction: t))
                App.Features.Achievements.Backfill.Enqueue(c, t, new AchievementKey(key), core.Now);
        });
        core.Services.Settle();
    }

    /// <summary>The same people earned the same tiers for the same occasions at the same millisecond.</summary>
    private static long Oracle(NpgsqlConnection beside)
    {
        const string Ours = """
            SELECT a.id, w.tier, w.person, w.occasion, w.earned_at FROM award w JOIN achievement a ON a.key = w.achievement
            WHERE w.flagged_at IS NULL
            """;
        const string Theirs = "SELECT badge, tier, person, occasion, granted_at FROM peer_award";
        var differ = beside.ExecuteScalar<long>(
            $"SELECT count(*) FROM (({Ours} EXCEPT {Theirs}) UNION ALL ({Theirs} EXCEPT {Ours})) difference");
        var awards = beside.ExecuteScalar<long>("SELECT count(*) FROM award");
        if (differ > 0 || awards == 0) throw new InvalidOperationException($"oracle: {differ} awards differ of {awards}: no time counts");
        return awards;
    }

    /// <summary>Straight into the tables, for time is measured only afterwards: activities by COPY, rollups by grouping them.</summary>
    private static void Fill(BenchCore core, NpgsqlConnection beside, int count)
    {
        beside.Execute("INSERT INTO source (id) VALUES ('bench') ON CONFLICT DO NOTHING");
        var source = beside.ExecuteScalar<long>("SELECT key FROM source WHERE id = 'bench'");
        var types = beside.Query<(string, long)>("SELECT id, key FROM activity_type").ToDictionary(t => t.Item1, t => t.Item2);
        var people = beside.Query<(string, long)>("SELECT id, key FROM person").ToDictionary(p => p.Item1, p => p.Item2);
        var clock = SiteClock.Find("Europe/Vilnius")!;
        // The last of them is yesterday's.
        var begin = core.Now - (((count / Workload.ADay) + 2) * 86_400_000L);
        for (var from = 0; from < count; from += Step)
        {
            var activities = Workload.Activities(from / Step, Math.Min(Step, count - from), begin + (from / Workload.ADay * 86_400_000L)
                + (from % Workload.ADay * (86_400_000L / Workload.ADay)));
            using var copy = beside.BeginBinaryImport(
                "COPY activity (key, source, id, type, person, at, day, body) FROM STDIN (FORMAT binary)");
            for (var i = 0; i < activities.Count; i++)
            {
                var activity = activities[i];
                copy.StartRow();
                copy.Write(from + i + 1L, NpgsqlDbType.Bigint);
                copy.Write(source, NpgsqlDbType.Bigint);
                copy.Write(activity.Id.ToArray(), NpgsqlDbType.Bytea);
                copy.Write(types[activity.Type], NpgsqlDbType.Bigint);
                copy.Write(people[activity.Person!], NpgsqlDbType.Bigint);
                copy.Write(activity.At, NpgsqlDbType.Bigint);
                copy.Write((long)clock.WorkdayOf(activity.At).Number, NpgsqlDbType.Bigint);
                copy.Write(ActivityBody.Write(activity), NpgsqlDbType.Text);
            }
            copy.Complete();
        }
        beside.Execute(
            """
            INSERT INTO rollup (metric, day, person, count, sum, least, greatest)
            SELECT m.key, a.day, a.person, count(*), sum(v.amount), min(v.amount), max(v.amount)
            FROM metric m
            JOIN activity_type t ON m.definition::jsonb -> 'types' ? t.id
            JOIN activity a ON a.type = t.key
            CROSS JOIN LATERAL (SELECT CASE WHEN m.id = 'handle' THEN (a.body::jsonb -> 'm' ->> 'handle')::bigint ELSE 1000 END AS amount) v
            GROUP BY m.key, a.day, a.person
            """);
        beside.Execute("VACUUM ANALYZE");
    }

    /// <summary>The forum's way.</summary>
    private static class Peer
    {
        private const string Numbered =
            "SELECT person, {0} AS since, at, row_number() OVER (PARTITION BY person, {0} ORDER BY at, key) AS n";
        private const string Summed =
            "SELECT person, {0} AS since, at, handle, sum(handle) OVER (PARTITION BY person, {0} ORDER BY at, key) AS n";

        public static void Fill(NpgsqlConnection connection)
        {
            connection.Execute(
            """
            CREATE TABLE peer_event AS
              SELECT a.key, a.person, t.id AS kind, a.at, a.day, a.day - (a.day + 3) % 7 AS week, 0 AS ever,
                (a.body::jsonb -> 'm' ->> 'handle')::bigint AS handle
              FROM activity a JOIN activity_type t ON t.key = a.type;
            CREATE INDEX ON peer_event (person, at, key) INCLUDE (kind, day, week, ever, handle);
            CREATE INDEX ON peer_event (kind, person, at, key) INCLUDE (day, week, ever, handle);
            CREATE TABLE peer_award (badge text, tier int, person bigint, occasion text, granted_at bigint,
              PRIMARY KEY (badge, tier, person, occasion));
            SET work_mem = '256MB';
            SET jit = off;
            -- Between two tables whose sizes it does not know yet it would go through one for each row of the other, for minutes.
            SET enable_nestloop = off
            """);
            connection.Execute("VACUUM ANALYZE peer_event");
        }

        public static void Run(NpgsqlConnection connection)
        {
            foreach (var (badge, query) in Badges())
            {
                connection.Execute(
                    $"""
                    DELETE FROM peer_award w WHERE badge = '{badge}' AND NOT EXISTS (
                      SELECT 1 FROM ({query}) q WHERE q.tier = w.tier AND q.person = w.person AND q.occasion = w.occasion)
                    """);
                connection.Execute(
                    $"INSERT INTO peer_award SELECT '{badge}', tier, person, occasion, at FROM ({query}) q ON CONFLICT DO NOTHING");
            }
            connection.Execute("ANALYZE peer_award");
        }

        /// <summary>Those of <see cref="Workload.Setup"/>.</summary>
        private static IEnumerable<(string Badge, string Query)> Badges()
        {
            string[] kinds = ["case", "chat", "call", "mail", "review", "sale"];
            for (var i = 0; i < 6; i++)
                yield return ($"week-{i}", Reached(Numbered, "week", $"kind = '{kinds[i]}'", 24 + i, 30 + i, 40 + i));
            for (var i = 6; i < 9; i++)
                yield return ($"week-{i}", Reached(Numbered, "week", "true", 120 + (i * 5), 180 + (i * 5), 240 + (i * 5)));
            const string Handled = "kind IN ('case', 'chat', 'call')";
            yield return ("week-9", Reached(Summed, "week", Handled, 30_000_000, 50_000_000, 70_000_000));
            for (var i = 0; i < 4; i++)
                yield return ($"all-{i}", i % 2 == 0
                    ? Reached(Summed, "ever", Handled, 100_000_000L * (i + 1))
                    : Reached(Numbered, "ever", "true", 200 * (i + 1)));
            for (var i = 0; i < 3; i++) yield return ($"day-{i}", Reached(Numbered, "day", "true", 25 + (i * 3)));
            for (var i = 0; i < 3; i++)
                yield return ($"first-{i}", $"""
                    SELECT 0 AS tier, person, 'once' AS occasion, min(at) AS at FROM peer_event WHERE kind = '{kinds[i]}' GROUP BY person
                    """);
        }

        private static string Reached(string walk, string range, string where, params long[] targets)
        {
            var occasion = range == "ever" ? "'once'" : "to_char(date '1970-01-01' + since::int, 'YYYY-MM-DD')";
            var targetRows = string.Join(", ", targets.Select((target, i) => $"({i + 1}, {target}::bigint)"));
            var crossed = ReferenceEquals(walk, Summed) ? "n >= target AND n - handle < target" : "n = target";
            return $"""
                SELECT tier, person, {occasion} AS occasion, at
                FROM ({string.Format(CultureInfo.InvariantCulture, walk, range)} FROM peer_event WHERE {where}) running
                JOIN (VALUES {targetRows}) targets (tier, target) ON {crossed}
                """;
        }
    }
}
