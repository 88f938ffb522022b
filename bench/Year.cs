using System.Diagnostics;
using System.Globalization;
using Dapper;
using Laurel.App.Platform.Hosting;

namespace Laurel.Bench;

/// <summary>
/// Sixty achievements of every kind whose history counts, turned on over a year of 2,000 people: how long until all of it is decided.
/// The same once more must change nothing. Against taking the same activities in with the sixty on, one batch after the other.
/// </summary>
internal static class Year
{
    private const int Batch = 1_000;
    private const long Day = 86_400_000;

    public static async Task Run(Scale scale)
    {
        var count = scale.Of(2_600_000);
        var ratios = new List<double>();
        for (var round = 0; round < (scale.Quick ? 1 : 3); round++)
        {
            var on = Workload.Setup(10, sixty: true);
            await using var core = await BenchCore.Start(
                setup: on.Replace("history: all", "history: all, enabled: false", StringComparison.Ordinal));
            var batches = Batches(count, core.Now - (365 * Day)).ToList();
            foreach (var batch in batches) core.Take(batch);
            core.Services.Settle();
            var clock = Stopwatch.StartNew();
            core.Apply(on);
            var (first, awards) = (clock.Elapsed.TotalSeconds, core.Scalar("SELECT count(*) FROM award"));
            var (again, same) = Decide(core);
            if (awards == 0 || awards != same) throw new InvalidOperationException($"oracle: {awards} awards, then {same}: no time counts");

            var time = new WorkClock(batches[0][0].At);
            await using var live = await BenchCore.Start(setup: on, time: time);
            var some = batches.Take(batches.Count / 20).ToList();
            clock.Restart();
            foreach (var batch in some)
            {
                time.Follow(batch[^1].At);
                live.Take(batch);
                live.Services.Settle();
            }
            var rate = some.Sum(b => b.Count) / clock.Elapsed.TotalSeconds;
            ratios.Add(count / first / rate);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round + 1}: {count:N0} activities, {awards:N0} awards; turned on {first:0.0} s, again {again:0.0} s; "
                + $"{count / first:N0} activities a second, live {rate:N0}"));
        }
        Ratio.Judge("backfill-year", ratios, 1);
    }

    private static (double Seconds, long Awards) Decide(BenchCore core)
    {
        core.Database.Write((c, t) =>
        {
            foreach (var key in c.Query<long>("SELECT key FROM achievement ORDER BY key", transaction: t))
                App.Features.Achievements.Backfill.Enqueue(c, t, new(key), core.Now);
        });
        var clock = Stopwatch.StartNew();
        core.Services.Settle();
        return (clock.Elapsed.TotalSeconds, core.Scalar("SELECT count(*) FROM award"));
    }

    /// <summary>Spread evenly over the year, up to yesterday.</summary>
    private static IEnumerable<List<Engine.Activities.IncomingActivity>> Batches(int count, long from)
    {
        var step = 364 * Day / (count / Batch);
        for (var i = 0; i < count / Batch; i++) yield return Workload.Activities(i, Batch, from + (i * step), step);
    }
}
