using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Laurel.Bench;

/// <summary>
/// One installation from nothing to twenty million activities, a year and a half of 2,000 agents: how fast they come in at each million,
/// and what an activity takes on disk. Runs only when it is named; with --quick up to one million.
/// </summary>
internal static class Growth
{
    private const int Step = 1_000_000, Batch = 1_000;

    public static async Task Run(Scale scale)
    {
        await using var core = await BenchCore.Start(setup: Workload.Setup(farther: 1_000));
        var steps = scale.Quick ? 1 : 20;
        var points = new List<(int Millions, double Rate)>();
        // The last of them is yesterday's.
        var days = (long)steps * Step / Workload.ADay;
        var begin = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - ((days + 1) * 86_400_000);
        for (var step = 0; step < steps; step++)
        {
            var spent = TimeSpan.Zero;
            for (var from = 0; from < Step; from += Workload.ADay)
            {
                var at = begin + (((long)step * Step + from) / Workload.ADay * 86_400_000);
                var activities = Workload.Activities((step * 1_000) + (from / Workload.ADay), Workload.ADay, at);
                var clock = Stopwatch.StartNew();
                foreach (var batch in activities.Chunk(Batch)) core.Take(batch);
                spent += clock.Elapsed;
            }
            points.Add((step + 1, Step / spent.TotalSeconds));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{step + 1} million: {points[^1].Rate:N0} activities/s, {core.Size / (step + 1.0) / Step:0} bytes each"));
        }
        // Everything is there, counted once: by the rows of activities and by the daily rows of what counts all of them.
        var (kept, counted) = (core.Scalar("SELECT count(*) FROM activity"), core.Scalar(
            "SELECT sum(r.count) FROM rollup r JOIN metric m ON m.key = r.metric WHERE m.id = 'work'"));
        if (kept != (long)steps * Step || counted != kept)
            throw new InvalidOperationException(
                $"{(long)steps * Step:N0} activities were taken, {kept:N0} are kept, {counted:N0} are counted.");
        if (points.Count > 1) Ratio.Judge("growth-last-to-first", [points[^1].Rate / points[0].Rate], 0.9);
        Console.WriteLine(Plot(points));
    }

    /// <summary>For docs/benchmarks.md: GitHub draws it.</summary>
    private static string Plot(List<(int Millions, double Rate)> points)
    {
        string Row(IEnumerable<string> cells) => string.Join(", ", cells);
        return new StringBuilder("```mermaid\nxychart-beta\n  title \"Activities taken in a second, by millions already there\"\n")
            .Append("  x-axis [").Append(Row(points.Select(p => p.Millions.ToString(CultureInfo.InvariantCulture)))).Append("]\n")
            .Append("  y-axis \"activities/s\" 0 --> ")
            .Append((Math.Ceiling(points.Max(p => p.Rate) / 10_000) * 10_000).ToString("0", CultureInfo.InvariantCulture)).Append('\n')
            .Append("  line [").Append(Row(points.Select(p => p.Rate.ToString("0", CultureInfo.InvariantCulture)))).Append("]\n```")
            .ToString();
    }
}
