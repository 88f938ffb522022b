using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.ApiKeys;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Yaml;
using Laurel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Laurel.Bench;

/// <summary>
/// A board view, the first ten with one person's rank and neighbours, over HTTP on fifty connections while 200 activities a second
/// come in; against Redis 7, which needs two round trips: the first ten with the rank, then the neighbours of that rank.
/// </summary>
internal static class Boards
{
    private const int Connections = 50;

    public static async Task Run(Scale scale)
    {
        var folder = Directory.CreateTempSubdirectory("laurel-boards-").FullName;
        using (var redis = new RedisServer())
        using (var database = new SqliteDatabase(Path.Combine(folder, "boards.db")))
        {
            await using var app = LaurelHost.Build(new LaurelOptions(database)
            {
                Urls = "http://127.0.0.1:0", Services = all => all.AddLogging(log => log.SetMinimumLevel(LogLevel.Error)),
            });
            var problems = new YamlProblems("bench");
            ActivatorUtilities.CreateInstance<ApplySetup>(app.Services)
                .Run(new SetupReader(problems).Read(Workload.Setup())!, problems, Actor.File("bench"), plan: false);
            app.Services.Settle();
            await app.StartAsync();
            var key = app.Services.GetRequiredService<ApiKeyStore>()
                .Create("bench", [ApiScope.Find("metrics:read")!], null, Actor.CommandLine);
            var intake = app.Services.GetRequiredService<Intake>();
            // This week's work, up to now.
            var begin = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 43_200_000;
            var taken = Workload.Activities(1, Workload.ADay / 2, begin);
            using (var filling = redis.Connect())
                foreach (var batch in taken.Chunk(1_000))
                {
                    await intake.Take(batch, CancellationToken.None);
                    foreach (var activity in batch) filling.Queue("ZINCRBY", "board", "1", activity.Person!);
                    filling.Flush();
                }
            await Agree(new Uri(app.Urls.First()), key.ToString(), redis, taken.CountBy(a => a.Person!).ToDictionary());
            var ratios = new List<double>();
            for (var round = -1; round < scale.Rounds; round++)
            {
                using var stop = new CancellationTokenSource();
                var later = Workload.Activities(round + 10, 20_000, begin + 43_000_000, $"later-{round}");
                var writing = Task.Run(() => Write(later, batch => intake.Take(batch, CancellationToken.None), stop.Token));
                var ours = Views(scale, i => new RawHttp(new Uri(app.Urls.First()),
                    $"/api/v1/leaderboards/work?period=week&limit=10&around=p{i}", $"Authorization: Bearer {key}"), view => view.Ask());
                await stop.CancelAsync();
                await writing;
                using var again = new CancellationTokenSource();
                using var writer = redis.Connect();
                var writingRedis = Task.Run(() => Write(later, batch =>
                {
                    foreach (var activity in batch) writer.Queue("ZINCRBY", "board", "1", activity.Person!);
                    writer.Flush();
                    return Task.CompletedTask;
                }, again.Token));
                var theirs = Views(scale, _ => redis.Connect(), View);
                await again.CancelAsync();
                await writingRedis;
                // The first warms both up.
                if (round < 0) continue;
                Console.WriteLine($"round {round + 1}: Redis {theirs:N0} views/s, Laurel over HTTP {ours:N0} views/s");
                ratios.Add(ours / theirs);
            }
            Ratio.Judge("board-redis", ratios, 1.5);
            await app.StopAsync();
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Before anything is timed: both say what a plain count says, of the first ten and of one person.</summary>
    private static async Task Agree(Uri address, string key, RedisServer redis, Dictionary<string, int> counted)
    {
        List<decimal> expected = [.. counted.Values.OrderDescending().Take(10).Append(counted["p1000"]).Select(n => (decimal)n)];
        using var client = redis.Connect();
        var first = (object?[])client.Ask("ZREVRANGE", "board", "0", "9", "WITHSCORES")!;
        List<decimal> theirs = [.. first.Where((_, i) => i % 2 == 1).Append(client.Ask("ZSCORE", "board", "p1000"))
            .Select(score => Convert.ToDecimal(score, CultureInfo.InvariantCulture))];
        using var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        var view = await http.GetFromJsonAsync<JsonElement>("/api/v1/leaderboards/work?period=week&limit=10&around=p1000");
        List<decimal> ours = [.. view.GetProperty("standings").EnumerateArray()
            .Append(view.GetProperty("around").EnumerateArray().Single(s => s.GetProperty("person").GetString() == "p1000"))
            .Select(s => s.GetProperty("value").GetDecimal())];
        if (!ours.SequenceEqual(expected) || !theirs.SequenceEqual(expected))
            throw new InvalidOperationException(
                $"Counted {string.Join(' ', expected)}, Laurel {string.Join(' ', ours)}, Redis {string.Join(' ', theirs)}.");
    }

    /// <summary>Ten more each 50 ms.</summary>
    private static async Task Write(IEnumerable<Laurel.Engine.Activities.IncomingActivity> activities,
        Func<Laurel.Engine.Activities.IncomingActivity[], Task> take, CancellationToken stop)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            foreach (var batch in activities.Chunk(10))
            {
                await take(batch);
                await tick.WaitForNextTickAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The round is over.
        }
    }

    /// <summary>Views a second on fifty connections.</summary>
    private static double Views<T>(Scale scale, Func<int, T> connect, Action<T> view) where T : IDisposable
    {
        var each = scale.Of(500);
        var connections = Enumerable.Range(0, Connections).Select(connect).ToList();
        connections.ForEach(view);
        var clock = Stopwatch.StartNew();
        var threads = connections.ConvertAll(connection => new Thread(() =>
        {
            for (var i = 0; i < each; i++) view(connection);
        }));
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        var seconds = clock.Elapsed.TotalSeconds;
        connections.ForEach(c => c.Dispose());
        return Connections * each / seconds;
    }

    private static void View(RedisClient redis)
    {
        var rank = (long)redis.Queue("ZREVRANGE", "board", "0", "9", "WITHSCORES").Queue("ZREVRANK", "board", "p1000").Flush()[1]!;
        var from = Math.Max(0, rank - 2).ToString(CultureInfo.InvariantCulture);
        redis.Ask("ZREVRANGE", "board", from, (rank + 2).ToString(CultureInfo.InvariantCulture), "WITHSCORES");
    }
}
