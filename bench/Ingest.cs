using System.Diagnostics;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Hosting;
using Laurel.Engine.Activities;
using Microsoft.Data.Sqlite;

namespace Laurel.Bench;

/// <summary>
/// The whole transaction with twenty rules against bare rowid inserts of the same rows, both synchronous=FULL, 1,000 a
/// commit; and 64 single writers who share commits against a transaction each.
/// </summary>
internal static class Ingest
{
    private const int Batch = 1_000;

    public static async Task Run(Scale scale)
    {
        await Oracle();
        var (whole, sixty, group) = (new List<double>(), new List<double>(), new List<double>());
        var rates = new List<string>();
        for (var round = 0; round < scale.Rounds; round++)
        {
            var activities = Workload.Activities(round, Batch * scale.Of(60), BenchCore.Begin);
            var bare = Bare(activities);
            var (full, awards, _) = await Whole(activities);
            whole.Add(full / bare);
            var (every, more, ended) = await Whole(activities, Workload.Setup(sixty: true));
            sixty.Add(every / bare);
            var (late, _, _) = await Whole(activities, Workload.Setup(sixty: true), late: true);
            var alone = await Alone(scale);
            var together = await Together(scale);
            group.Add(together / alone);
            rates.Add(
                $"round {round + 1}: bare {bare:N0}/s, whole {full:N0}/s with {awards:0} awards in 1,000, "
                + $"with 60 of every kind {every:N0}/s and {more:0} awards, weeks late {late:N0}/s, "
                + $"to decide the periods that ended meanwhile {ended.TotalMilliseconds:N0} ms; "
                + $"64 writers: each alone {alone:N0}/s, together {together:N0}/s");
        }
        foreach (var rate in rates) Console.WriteLine(rate);
        Ratio.Judge("ingest-transaction", whole, 0.12, 0.17, 0.28);
        Ratio.Judge("ingest-sixty", sixty, 0.12);
        Ratio.Judge("ingest-group-commit", group, 3.5, 4);
    }

    /// <summary>Before a time counts: rollups and awards are what the activities add up to.</summary>
    private static async Task Oracle()
    {
        await using var core = await BenchCore.Start();
        var activities = Workload.Activities(7, 20 * Batch, BenchCore.Begin);
        foreach (var batch in activities.Chunk(Batch)) core.Take(batch);
        foreach (var batch in activities.Chunk(Batch)) core.Take(batch);
        var cases = activities.Count(a => a.Type == "case");
        var firsts = activities.Where(a => a.Type == "case").Select(a => a.Person).Distinct().Count();
        Check("cases", cases, core.Scalar("SELECT sum(count) FROM rollup r JOIN metric m ON m.key = r.metric WHERE m.id = 'cases'"));
        Check("handle", activities.Where(a => a.Type is "case" or "chat" or "call").Sum(a => a.Measures[0].Amount.Thousandths),
            core.Scalar("SELECT sum(sum) FROM rollup r JOIN metric m ON m.key = r.metric WHERE m.id = 'handle'"));
        Check("first times", firsts,
            core.Scalar("SELECT count(*) FROM award a JOIN achievement b ON b.key = a.achievement WHERE b.id = 'first-0'"));
        Console.WriteLine(
            $"oracle: {activities.Count:N0} activities taken twice, {core.Scalar("SELECT count(*) FROM award"):N0} awards, counts agree");
    }

    private static double Bare(List<IncomingActivity> activities)
    {
        var folder = Directory.CreateTempSubdirectory("laurel-bare-").FullName;
        try
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "bare.db")};Pooling=False");
            connection.Open();
            connection.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536");
            connection.Execute("""
                CREATE TABLE bare (
                  key INTEGER PRIMARY KEY, source INTEGER, id BLOB, type INTEGER, person INTEGER, at INTEGER, day INTEGER, body TEXT)
                """);
            // The rows are made before the clock starts: what is measured is the database alone.
            var rows = activities.ConvertAll(a => (Id: a.Id.ToArray(), a.At, Body: ActivityBody.Write(a)));
            var clock = Stopwatch.StartNew();
            foreach (var batch in rows.Chunk(Batch))
            {
                using var transaction = connection.BeginTransaction();
                using var command = connection.CreateCommand();
                command.CommandText = "INSERT INTO bare (source, id, type, person, at, day, body) VALUES (1, @id, 2, 3, @at, 20000, @body)";
                var (id, at, body) = (command.Parameters.Add("@id", SqliteType.Blob), command.Parameters.Add("@at", SqliteType.Integer),
                    command.Parameters.Add("@body", SqliteType.Text));
                foreach (var row in batch)
                {
                    (id.Value, at.Value, body.Value) = (row.Id, row.At, row.Body);
                    command.ExecuteNonQuery();
                }
                transaction.Commit();
            }
            return rows.Count / clock.Elapsed.TotalSeconds;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// Activities a second, awards in 1,000 of them, and what it takes beside the transactions to decide the periods that end meanwhile.
    /// </summary>
    /// <param name="late">All of it comes weeks after it was done, as from an import: every period that it touches is closed.</param>
    private static async Task<(double Rate, double Awards, TimeSpan Ended)> Whole(
        List<IncomingActivity> activities, string? setup = null, bool late = false)
    {
        var time = new WorkClock(BenchCore.Begin - 86_400_000);
        await using var core = await BenchCore.Start(setup: setup, time: late ? null : time);
        // The compiler and the running totals warm up on the day before; first times are mostly earned there.
        Take(Workload.Activities(99, Workload.ADay, BenchCore.Begin - 86_400_000, "warm"));
        var before = core.Scalar("SELECT count(*) FROM award");
        var (taking, ended) = Take(activities);
        return (activities.Count / taking.TotalSeconds, 1_000.0 * (core.Scalar("SELECT count(*) FROM award") - before) / activities.Count,
            ended);

        (TimeSpan Taking, TimeSpan Ended) Take(List<IncomingActivity> some)
        {
            var (taking, ended) = (TimeSpan.Zero, TimeSpan.Zero);
            foreach (var batch in some.Chunk(Batch))
            {
                time.Follow(batch[^1].At);
                var began = Stopwatch.GetTimestamp();
                core.Take(batch);
                taking += Stopwatch.GetElapsedTime(began);
                if (late) continue;
                began = Stopwatch.GetTimestamp();
                core.Services.Settle();
                ended += Stopwatch.GetElapsedTime(began);
            }
            return (taking, ended);
        }
    }

    private static async Task<double> Alone(Scale scale)
    {
        await using var core = await BenchCore.Start();
        var activities = Workload.Activities(3, scale.Of(4_000), BenchCore.Begin);
        var next = -1;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < activities.Count;) core.Take([activities[i]]);
        })));
        return activities.Count / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> Together(Scale scale)
    {
        await using var core = await BenchCore.Start();
        var activities = Workload.Activities(3, scale.Of(20_000), BenchCore.Begin);
        var next = -1;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < activities.Count;)
                await core.Intake.Take([activities[i]], CancellationToken.None);
        })));
        return activities.Count / clock.Elapsed.TotalSeconds;
    }

    private static void Check(string what, long expected, long found)
    {
        if (expected != found) throw new InvalidOperationException($"oracle: {what} should be {expected}, is {found}: no time counts");
    }
}
