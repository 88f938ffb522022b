using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Metrics;

/// <summary>
/// Writes <see cref="PackedDays"/> of workdays that are over, a few people at a time, behind everything else: after a start and each hour.
/// Nobody waits for it: what is not packed is read from the rollups.
/// </summary>
public sealed class PackDays(Database database, TimeProvider time, ILogger<PackDays> log) : BackgroundService
{
    private static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(40), Each = TimeSpan.FromHours(1);
    /// <summary>Late work of the first days is usual: it would undo what has been packed.</summary>
    private const int Margin = 3;
    /// <summary>Years that are farther back are read from the rollups.</summary>
    private const int MostBlocks = 60;
    /// <summary>People of one transaction, so that live work does not wait long.</summary>
    private const int Chunk = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(AfterStart, time, stoppingToken);
        while (true)
        {
            try
            {
                Run(stoppingToken);
            }
            catch (Exception failure) when (failure is DbException || Outage.Is(failure))
            {
                log.LogWarning("Older days could not be packed: {Reason}", failure.Message);
            }
            await Task.Delay(Each, time, stoppingToken);
        }
    }

    /// <summary>Packs everything that is over and not packed; says how many rows it wrote.</summary>
    public int Run(CancellationToken cancel)
    {
        var today = (int)Math.Floor((time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalDays);
        var last = PackedDays.BlockOf(new(today - Margin + 1)) - 1;
        var first = First();
        var written = 0;
        for (var block = Math.Max(first ?? last + 1, last - MostBlocks + 1); block <= last; block++)
            while (PackSome(block) is var some and > 0)
            {
                written += some;
                cancel.ThrowIfCancellationRequested();
            }
        return written;
    }

    /// <summary>The block of the first workday with data.</summary>
    private int? First()
    {
        using var connection = database.Read();
        var statements = Statements.Of(connection);
        return connection.Query<long>("SELECT key FROM metric").Select(m => RollupStore.Extent(statements, new(m)))
            .OfType<WorkdaySpan>().Select(e => (int?)PackedDays.BlockOf(e.First)).Min();
    }

    private int PackSome(int block) => database.Write((connection, transaction) =>
    {
        // Nobody writes rollups meanwhile, so that what is read is what there is.
        Rulebook.Hold(connection, transaction);
        var statements = Statements.Of(connection);
        var people = connection.Query<long>(
            """
            SELECT p.key FROM person p WHERE NOT EXISTS (SELECT 1 FROM packed_days d WHERE d.person = p.key AND d.block = @block)
            ORDER BY p.key LIMIT @Chunk
            """, new { block, Chunk }, transaction).ToList();
        if (people.Count == 0) return 0;
        PackedDays.GoThrough(statements, PackedDays.SpanOf(block).Last);
        var days = people.ToDictionary(p => p, _ => new List<(MetricKey, DayRollup)>());
        foreach (var metric in connection.Query<long>("SELECT key FROM metric ORDER BY key", transaction: transaction).ToList())
            RollupStore.EachOf(statements, new(metric), PackedDays.SpanOf(block), new(people[0]), new(people[^1]), (person, day) =>
            {
                if (days.TryGetValue(person.Value, out var own)) own.Add((new(metric), day));
            });
        var rows = new Rows("packed_days", "person bigint", "block bigint", "days bytea");
        foreach (var person in people)
            rows.Add(person, block, PackedDays.Write(block, days[person].OrderBy(d => d.Item1).ThenBy(d => d.Item2.Day)));
        statements.Insert(rows, "ON CONFLICT DO NOTHING");
        return people.Count;
    });
}
