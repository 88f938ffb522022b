using System.Diagnostics;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.Engine.Activities;
using Laurel.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Laurel.Bench;

/// <summary>
/// On PostgreSQL: the whole transaction with twenty rules against a bare binary COPY of the same rows, 1,000 a commit; and two
/// nodes that take the same people's work at once against one.
/// </summary>
internal static class Postgres
{
    private const int Batch = 1_000;

    public static async Task Run(Scale scale)
    {
        using var server = new PostgresServer();
        var (whole, nodes) = (new List<double>(), new List<double>());
        long deadlocks = 0;
        for (var round = 0; round < scale.Rounds; round++)
        {
            var activities = Workload.Activities(round, Batch * scale.Of(30), BenchCore.Begin);
            var bare = Bare(server, activities);
            var one = await Nodes(server, activities, 1);
            var two = await Nodes(server, activities, 2);
            deadlocks += one.Deadlocks + two.Deadlocks;
            whole.Add(one.Rate / bare);
            nodes.Add(two.Rate / one.Rate);
            Console.WriteLine($"round {round + 1}: COPY {bare:N0}/s, whole {one.Rate:N0}/s, two nodes {two.Rate:N0}/s");
        }
        Console.WriteLine($"deadlocks: {deadlocks}");
        Ratio.Judge("postgres-transaction", whole, 0.09, 0.15);
        if (deadlocks > 0) throw new InvalidOperationException("two nodes waited for each other: no time counts");
        Ratio.Judge("postgres-two-nodes", nodes, 1.0);
    }

    private static double Bare(PostgresServer server, List<IncomingActivity> activities)
    {
        using var connection = server.Open(server.Create());
        connection.Execute(
            """
            CREATE TABLE bare (key bigint GENERATED ALWAYS AS IDENTITY, source bigint, id bytea, type bigint, person bigint, at bigint,
              day bigint, body text)
            """);
        var rows = activities.ConvertAll(a => (Id: a.Id.ToArray(), a.At, Body: ActivityBody.Write(a)));
        var clock = Stopwatch.StartNew();
        foreach (var batch in rows.Chunk(Batch))
        {
            using var copy = connection.BeginBinaryImport("COPY bare (source, id, type, person, at, day, body) FROM STDIN (FORMAT binary)");
            foreach (var (id, at, body) in batch)
            {
                copy.StartRow();
                copy.Write(1L, NpgsqlDbType.Bigint);
                copy.Write(id, NpgsqlDbType.Bytea);
                copy.Write(2L, NpgsqlDbType.Bigint);
                copy.Write(3L, NpgsqlDbType.Bigint);
                copy.Write(at, NpgsqlDbType.Bigint);
                copy.Write(20_000L, NpgsqlDbType.Bigint);
                copy.Write(body, NpgsqlDbType.Text);
            }
            copy.Complete();
        }
        return rows.Count / clock.Elapsed.TotalSeconds;
    }

    private static async Task<(double Rate, long Deadlocks)> Nodes(PostgresServer server, List<IncomingActivity> activities, int count)
    {
        var address = server.Create();
        var nodes = new List<BenchCore>();
        for (var i = 0; i < count; i++) nodes.Add(await BenchCore.Start(new PostgresDatabase(address), i == 0 ? null : ""));
        try
        {
            var warm = Workload.Activities(99, Batch * 10, BenchCore.Begin - 86_400_000, "warm");
            Spread(nodes, warm);
            var clock = Stopwatch.StartNew();
            Spread(nodes, activities);
            var rate = activities.Count / clock.Elapsed.TotalSeconds;
            Oracle(nodes[0], warm.Count + activities.Count);
            using var beside = server.Open(address);
            return (rate, beside.ExecuteScalar<long>("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync();
        }
    }

    /// <summary>Every node takes the next batch when it is done with its own.</summary>
    private static void Spread(List<BenchCore> nodes, List<IncomingActivity> activities)
    {
        var batches = activities.Chunk(Batch).ToList();
        var next = -1;
        var threads = nodes.ConvertAll(node => new Thread(() =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < batches.Count;) node.Take(batches[i]);
        }));
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
    }

    private static void Oracle(BenchCore node, long taken)
    {
        var kept = node.Scalar("SELECT count(*) FROM activity");
        var counted = node.Scalar("SELECT sum(count) FROM rollup r JOIN metric m ON m.key = r.metric WHERE m.id = 'work'");
        if (kept != taken || counted != taken)
            throw new InvalidOperationException($"oracle: {taken} taken, {kept} kept, {counted} counted: no time counts");
    }
}
