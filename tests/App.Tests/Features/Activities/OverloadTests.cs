using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Laurel.App.Tests.Platform.Hosting;
using Xunit.Abstractions;

namespace Laurel.App.Tests.Features.Activities;

/// <summary>Far more senders than the one writer can serve, against the program itself.</summary>
[Trait("database", "sqlite")]
public sealed class OverloadTests(ITestOutputHelper output)
{
    private const int Senders = 96, Batch = 1_000, People = 50;
    /// <summary>Batches that are taken before it ends; memory is compared between their halves.</summary>
    private const int Rounds = 120;
    private const long Megabyte = 1 << 20;

    [Fact]
    public async Task Under_overload_clients_are_sent_away_memory_stays_flat_and_what_was_accepted_is_there()
    {
        using var laurel = new LaurelProgram();
        var setup = laurel.Write("setup.yaml", $$"""
            site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
            people: [ {{string.Join(", ", Enumerable.Range(0, People).Select(i => $"{{ id: p{i} }}"))}} ]
            activity-types: [ { id: case, measures: { talk: {} }, labels: [kind] } ]
            metrics: [ { id: cases, types: [case] } ]
            achievements: [ { id: many, type: threshold, metric: cases, at-least: [10, 100, 1000], history: all } ]
            """);
        (await laurel.Run("apply", setup)).Exit.ShouldBe(0);
        var key = (await laurel.Run("key", "create", "--name", "Test", "--scope", "activities:write")).Out.Trim();
        using var serve = laurel.Begin("serve", "--urls", "http://127.0.0.1:0");
        try
        {
            var (accepted, refused, peaks) = await Load(await Address(serve), key, serve);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{accepted:N0} accepted, {refused:N0} requests refused; at most {peaks.First / Megabyte} MB in the first half, "
                + $"{peaks.Second / Megabyte} MB in the second"));
            refused.ShouldBeGreaterThan(Senders);
            // What waits is bounded, so what it takes is, too: not by how many send, nor by how long.
            peaks.Second.ShouldBeLessThan(900 * Megabyte);
            peaks.Second.ShouldBeLessThan(peaks.First + 150 * Megabyte);
            serve.Kill();
            await serve.WaitForExitAsync();
            (await laurel.Run("verify")).Out.ShouldStartWith(string.Create(CultureInfo.InvariantCulture, $"{accepted:N0} activities"));
        }
        finally
        {
            if (!serve.HasExited) serve.Kill();
        }
    }

    private static async Task<Uri> Address(Process serve)
    {
        const string Listens = "Laurel listens on ";
        string? line;
        while ((line = await serve.StandardOutput.ReadLineAsync()) is not null)
            if (line.StartsWith(Listens, StringComparison.Ordinal)) break;
        _ = serve.StandardOutput.ReadToEndAsync();
        _ = serve.StandardError.ReadToEndAsync();
        return new Uri(line![Listens.Length..]);
    }

    private static async Task<(long Accepted, long Refused, (long First, long Second) Peaks)> Load(Uri address, string key, Process serve)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Senders }) { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var (next, taken, refused) = (0, 0, 0L);
        var (first, second) = (0L, 0L);
        using var stop = new CancellationTokenSource();
        var measuring = Task.Run(async () =>
        {
            using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            while (!stop.IsCancellationRequested && await beat.WaitForNextTickAsync(CancellationToken.None))
            {
                serve.Refresh();
                if (Volatile.Read(ref taken) < Rounds / 2) first = Math.Max(first, serve.WorkingSet64);
                else second = Math.Max(second, serve.WorkingSet64);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var number = Interlocked.Increment(ref next) - 1;
                if (number >= Rounds) return;
                var body = Body(number);
                while (true)
                {
                    using var content = new ByteArrayContent(body);
                    content.Headers.ContentType = new("application/cloudevents-batch+json");
                    using var answer = await http.PostAsync("/api/v1/activities", content);
                    if (answer.StatusCode == HttpStatusCode.OK)
                    {
                        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("accepted").GetInt32()
                            .ShouldBe(Batch);
                        Interlocked.Increment(ref taken);
                        break;
                    }
                    answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
                    answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
                    Interlocked.Increment(ref refused);
                    // A tenth of what it was asked to wait.
                    await Task.Delay(100);
                }
            }
        })));
        await stop.CancelAsync();
        await measuring;
        return ((long)taken * Batch, refused, (first, second));
    }

    private static byte[] Body(int number)
    {
        var text = new StringBuilder("[");
        for (var i = number * Batch; i < (number + 1) * Batch; i++)
            text.Append(CultureInfo.InvariantCulture, $$$"""
                {{{(i % Batch == 0 ? "" : ",")}}}{"specversion":"1.0","id":"{{{i}}}","source":"desk","type":"case",
                "time":"2026-03-{{{1 + i % 28:00}}}T08:00:00Z","data":{"person":"p{{{i % People}}}",
                "measures":{"talk":{{{i % 600}}} },"labels":{"kind":"{{{new string('k', 60)}}}"} } }
                """);
        return Encoding.UTF8.GetBytes(text.Append(']').ToString());
    }
}
