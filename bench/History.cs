using System.Diagnostics;
using Laurel.Storage;

namespace Laurel.Bench;

/// <summary>The whole transaction on a database that holds five million rollup rows of earlier days, against an empty one.</summary>
internal static class History
{
    private const int Batch = 1_000;

    public static async Task Run(Scale scale)
    {
        await using var empty = await BenchCore.Start(setup: Workload.Setup(farther: 100));
        await using var old = await BenchCore.Start(setup: Workload.Setup(farther: 100));
        var rows = Fill(old, scale.Of(5_000_000));
        Console.WriteLine($"history: {rows:N0} rollup rows");
        var ratios = new List<double>();
        for (var round = -1; round < scale.Rounds; round++)
        {
            // A day further each round; the first warms both up.
            var activities = Workload.Activities(round + 1, Workload.ADay / 2, BenchCore.Begin + ((round + 1) * 86_400_000L));
            var (without, with) = (Rate(empty), Rate(old));
            if (round < 0) continue;
            Console.WriteLine($"round {round + 1}: empty {without:N0}/s, with history {with:N0}/s");
            ratios.Add(with / without);

            double Rate(BenchCore core)
            {
                var clock = Stopwatch.StartNew();
                foreach (var batch in activities.Chunk(Batch)) core.Take(batch);
                return activities.Count / clock.Elapsed.TotalSeconds;
            }
        }
        // The same work on both: what it adds, and what it earns by the day, must not hang on what was there.
        var begin = BenchCore.Begin / 86_400_000;
        foreach (var sql in (string[])
            [
                $"SELECT sum(count) FROM rollup WHERE day >= {begin}",
                "SELECT count(*) FROM award w JOIN achievement a ON a.key = w.achievement WHERE a.id LIKE 'day-%'",
            ])
            if ((empty.Scalar(sql), old.Scalar(sql)) is var (without, with) && without != with)
                throw new InvalidOperationException($"Without history {without:N0}, with it {with:N0}: {sql}");
        Ratio.Judge("ingest-with-history", ratios, 0.9);
    }

    /// <summary>Every day before the beginning, everybody has data of every metric, until there are so many.</summary>
    private static long Fill(BenchCore core, int most)
    {
        long[] Keys(string table)
        {
            using var connection = core.Database.Read();
            return [.. Dapper.SqlMapper.Query<long>(connection, $"SELECT key FROM {table} ORDER BY key")];
        }
        var (metrics, people) = (Keys("metric WHERE hidden = 0"), Keys("person"));
        var last = (int)(BenchCore.Begin / 86_400_000) - 2;
        var days = Math.Max(1, most / (metrics.Length * people.Length));
        foreach (var metric in metrics)
            core.Database.Write((c, _) =>
            {
                for (var day = last - days + 1; day <= last; day++)
                {
                    var rows = new Rows("rollup", "metric bigint", "day bigint", "person bigint", "count bigint", "sum bigint",
                        "least bigint", "greatest bigint");
                    foreach (var person in people) rows.Add(metric, day, person, 1, 1_000, 1_000, 1_000);
                    Statements.Of(c).Insert(rows);
                }
            });
        return core.Scalar("SELECT count(*) FROM rollup");
    }
}
