using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using Laurel.App.Features.ApiKeys;
using Laurel.App.Features.Settings;
using Laurel.App.Features.SigningIn;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Yaml;
using Laurel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Laurel.Bench;

/// <summary>
/// From the moment a program sends an activity until the earner's open page has fetched what its toast shows: the POST, the
/// commit, the event and the fetch, over real HTTP on one machine. p99 over 200 awards.
/// </summary>
internal static class Toast
{
    private const string Setup = """
        site: { id: bench, name: Bench, zone: Europe/Vilnius }
        people: [ { id: greta, name: Greta }, { id: lead, name: Lead, role: leader }, { id: boss, name: Boss, role: admin } ]
        activity-types: [ { id: case } ]
        metrics: [ { id: cases, types: [case] } ]
        achievements: [ { id: each, type: threshold, metric: cases, at-least: 1, repeat: every-time, history: all } ]
        """;

    public static async Task Run(Scale scale)
    {
        var folder = Directory.CreateTempSubdirectory("laurel-toast-").FullName;
        using (var database = new SqliteDatabase(Path.Combine(folder, "toast.db")))
        {
            await using var app = LaurelHost.Build(new LaurelOptions(database)
            {
                Urls = "http://127.0.0.1:0",
                Services = all =>
                    all.AddSingleton(new DemoMode("greta", "lead", "boss")).AddLogging(log => log.SetMinimumLevel(LogLevel.Error)),
            });
            Apply(app.Services);
            await app.StartAsync();
            var times = await Measure(app, scale.Of(200));
            times.Sort();
            Ratio.JudgeAtMost("toast-p99", times[(int)Math.Ceiling(times.Count * 0.99) - 1], 1_000, "ms",
                string.Create(CultureInfo.InvariantCulture,
                    $"{times.Count} awards, p50 {times[times.Count / 2]:0.0} ms, most {times[^1]:0.0} ms"));
            await app.StopAsync();
        }
        Directory.Delete(folder, recursive: true);
    }

    private static void Apply(IServiceProvider services)
    {
        var problems = new YamlProblems("bench");
        ActivatorUtilities.CreateInstance<ApplySetup>(services)
            .Run(new SetupReader(problems).Read(Setup)!, problems, Actor.File("bench"), plan: false);
        if (problems.Any) throw new InvalidOperationException(string.Join('\n', problems.InOrder()));
    }

    private static async Task<List<double>> Measure(WebApplication app, int count)
    {
        var address = new Uri(app.Urls.First());
        using var page = await Visitor.SignIn(address, "agent");
        var key = app.Services.GetRequiredService<ApiKeyStore>()
            .Create("bench", [ApiScope.Find("activities:write")!], null, Actor.CommandLine);
        using var desk = new HttpClient { BaseAddress = address };
        desk.DefaultRequestHeaders.Authorization = new("Bearer", key.ToString());

        using var open = await page.GetAsync("/live?after=0", HttpCompletionOption.ResponseHeadersRead);
        open.EnsureSuccessStatusCode();
        await using var news = SseParser.Create(await open.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();
        var times = new List<double>();
        // The first ones warm the way up.
        for (var i = -10; i < count; i++)
        {
            var sent = Stopwatch.GetTimestamp();
            var posting = desk.PostAsJsonAsync("/api/v1/activities", new
            {
                specversion = "1.0", id = $"{i}", source = "bench", type = "case", time = TimeProvider.System.GetUtcNow(),
                data = new { person = "greta" },
            });
            do await news.MoveNextAsync(); while (news.Current.EventType != "award");
            using var id = System.Text.Json.JsonDocument.Parse(news.Current.Data);
            using var toast = await page.GetAsync($"/moments/{id.RootElement.GetProperty("id")}");
            toast.EnsureSuccessStatusCode();
            await toast.Content.ReadAsStringAsync();
            if (i >= 0) times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            (await posting).EnsureSuccessStatusCode();
        }
        return times;
    }
}
