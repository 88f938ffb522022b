using System.Buffers;
using System.Data.Common;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Metrics;

/// <summary>
/// A second form of daily rollups for whoever reads one person's years: all metrics of 32 workdays in one row. A row is written when its
/// workdays are over, and goes when a late activity, a void, a move or a new metric changes one of its rollups: what is there is true, what
/// is not there is read from the rollups. Different texts are not in it.
/// </summary>
public static class PackedDays
{
    /// <summary>Workdays of a row.</summary>
    public const int Length = 32;
    private const string Setting = "days-packed";

    public static int BlockOf(Workday day) => day.Number >> 5;

    public static WorkdaySpan SpanOf(int block) => new(new(block * Length), new(block * Length + Length - 1));

    /// <summary>Up to which workday there may be rows; before all of them where there are none.</summary>
    public static Workday Through(Statements statements) =>
        statements["SELECT CAST(value AS BIGINT) FROM setting WHERE name = @0"].Bind(Setting).Number() is { } through
            ? new((int)through) : Workday.Beginning;

    /// <summary>Before any row of these days is written, in the same transaction.</summary>
    public static void GoThrough(Statements statements, Workday last)
    {
        if (last <= Through(statements)) return;
        statements["""
            INSERT INTO setting (name, value) VALUES (@0, CAST(@1 AS TEXT)) ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """].Bind(Setting, last.Number).Run();
    }

    /// <summary>Rollups of these people have changed.</summary>
    public static void Forget(Statements statements, IEnumerable<(PersonKey Person, int Block)> changed)
    {
        foreach (var (person, block) in changed.Distinct())
            statements["DELETE FROM packed_days WHERE person = @0 AND block = @1"].Bind(person.Value, block).Run();
    }

    /// <summary>By row, ascending.</summary>
    public static List<(int Block, byte[] Days)> Of(Statements statements, PersonKey person)
    {
        var found = new List<(int, byte[])>();
        using var rows = statements["SELECT block, days FROM packed_days WHERE person = @0 ORDER BY block"].Bind(person.Value).Read();
        while (rows.Next()) found.Add(((int)rows.Number(0), rows.Bytes(1)));
        return found;
    }

    /// <summary>
    /// Each metric with its days: the key, how many days, doubled and one more where all of them only count; of each day its place in the
    /// row and the count, and otherwise sum, least and greatest. Numbers of one to ten bytes, small ones short.
    /// </summary>
    /// <param name="days">Of one row, by metric and then by day.</param>
    public static byte[] Write(int block, IEnumerable<(MetricKey Metric, DayRollup Day)> days)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        foreach (var metric in days.GroupBy(d => d.Metric, d => d.Day))
        {
            var own = metric.ToList();
            var counts = own.TrueForAll(d => IsCount(d.Rollup));
            Number(metric.Key.Value);
            Number(own.Count * 2 + (counts ? 1 : 0));
            foreach (var (day, rollup) in own)
            {
                Number(day.Number - block * Length);
                Number(rollup.Count);
                if (counts) continue;
                Number((long)rollup.Sum);
                Number(rollup.Least);
                Number(rollup.Greatest);
            }
        }
        return bytes.WrittenSpan.ToArray();

        void Number(long number)
        {
            var rest = unchecked((ulong)((number << 1) ^ (number >> 63)));
            var span = bytes.GetSpan(10);
            var length = 0;
            for (; rest > 0x7f; rest >>= 7) span[length++] = (byte)((rest & 0x7f) | 0x80);
            span[length++] = (byte)rest;
            bytes.Advance(length);
        }
    }

    /// <summary>The reverse of <see cref="Write"/>: by metric and then by day.</summary>
    public static IEnumerable<(MetricKey Metric, DayRollup Day)> Read(int block, byte[] days)
    {
        var at = 0;
        while (at < days.Length)
        {
            var metric = new MetricKey(Number());
            var length = Number();
            for (var left = length / 2; left > 0; left--)
            {
                var day = new Workday(block * Length + (int)Number());
                var count = Number();
                yield return (metric, new(day, length % 2 == 1 ? Count(count) : new(count, Number(), Number(), Number())));
            }
        }

        long Number()
        {
            var rest = 0UL;
            for (var shift = 0; ; shift += 7)
            {
                var next = days[at++];
                rest |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80) break;
            }
            return unchecked((long)(rest >> 1) ^ -(long)(rest & 1));
        }
    }

    // What only counts has an amount of one each time.
    private static Rollup Count(long count) => new(count, (Int128)count * 1000, 1000, 1000);

    private static bool IsCount(Rollup rollup) => rollup == Count(rollup.Count);
}
