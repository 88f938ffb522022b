using System.Buffers;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.ApiKeys;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Laurel.Bench;

/// <summary>
/// Batches of 1,000 over HTTP, four at a time, each answered when it is on disk, against the same transactions in process.
/// </summary>
internal static class Http
{
    private const int Batch = 1_000;

    public static async Task Run(Scale scale)
    {
        var ratios = new List<double>();
        for (var round = -1; round < scale.Rounds; round++)
        {
            var activities = Workload.Activities(round + 1, Batch * scale.Of(40), BenchCore.Begin);
            var inProcess = await InProcess(activities);
            var (http, _) = await OverHttp(activities);
            // The first warms the compilers up: HTTP has more to compile.
            if (round < 0) continue;
            Console.WriteLine($"round {round + 1}: in process {inProcess:N0}/s, over HTTP {http:N0}/s");
            ratios.Add(http / inProcess);
        }
        Ratio.Judge("http-batches", ratios, 0.9);
    }

    /// <summary>The day before, for both: compilers and running totals warm up, first times are mostly earned there.</summary>
    public static List<IncomingActivity> Warm() => Workload.Activities(99, Workload.ADay, BenchCore.Begin - 86_400_000, "warm");

    private static async Task<double> InProcess(List<IncomingActivity> activities)
    {
        await using var core = await BenchCore.Start();
        foreach (var batch in Warm().Chunk(Batch)) core.Take(batch);
        var clock = Stopwatch.StartNew();
        foreach (var batch in activities.Chunk(Batch)) core.Take(batch);
        return activities.Count / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Activities a second, and how many awards there are in the end.</summary>
    public static async Task<(double Rate, long Awards)> OverHttp(List<IncomingActivity> activities)
    {
        var folder = Directory.CreateTempSubdirectory("laurel-http-").FullName;
        try
        {
            using var database = new SqliteDatabase(Path.Combine(folder, "http.db"));
            await using var app = LaurelHost.Build(new LaurelOptions(database)
            {
                Urls = "http://127.0.0.1:0",
                Services = all => all.AddLogging(log => log.SetMinimumLevel(LogLevel.Error)),
            });
            var problems = new YamlProblems("bench");
            ActivatorUtilities.CreateInstance<ApplySetup>(app.Services)
                .Run(new SetupReader(problems).Read(Workload.Setup())!, problems, Actor.File("bench"), plan: false);
            await app.StartAsync();
            var key = app.Services.GetRequiredService<ApiKeyStore>()
                .Create("bench", [ApiScope.Find("activities:write")!], null, Actor.CommandLine);
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            client.DefaultRequestHeaders.Authorization = new("Bearer", key.ToString());
            await Send(client, Warm());
            // Bodies are written before the clock starts: the sender is not what is measured.
            var seconds = await Send(client, activities);
            await app.StopAsync();
            using var reading = database.Read();
            return (activities.Count / seconds, reading.ExecuteScalar<long>("SELECT count(*) FROM award"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> Send(HttpClient client, List<IncomingActivity> activities)
    {
        var bodies = activities.Chunk(Batch).Select(Body).ToList();
        var next = -1;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < bodies.Count;)
            {
                using var content = new ByteArrayContent(bodies[i]);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents-batch+json");
                using var answer = await client.PostAsync("/api/v1/activities", content);
                answer.EnsureSuccessStatusCode();
                using var told = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
                if (told.RootElement.GetProperty("accepted").GetInt32() != Batch)
                    throw new InvalidOperationException("not all were accepted");
            }
        }));
        return clock.Elapsed.TotalSeconds;
    }

    public static byte[] Body(params IncomingActivity[] batch)
    {
        var buffer = new ArrayBufferWriter<byte>(batch.Length * 300);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var activity in batch)
            {
                json.WriteStartObject();
                json.WriteString("specversion", "1.0");
                json.WriteString("id", activity.Id.ToString());
                json.WriteString("source", activity.Source);
                json.WriteString("type", activity.Type);
                json.WriteString("time", DateTimeOffset.FromUnixTimeMilliseconds(activity.At));
                json.WriteStartObject("data");
                json.WriteString("person", activity.Person);
                json.WriteStartObject("measures");
                foreach (var measure in activity.Measures) json.WriteNumber(measure.Name, measure.Amount.ToDecimal());
                json.WriteEndObject();
                json.WriteStartObject("labels");
                foreach (var label in activity.Labels) json.WriteString(label.Name, label.Text);
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
