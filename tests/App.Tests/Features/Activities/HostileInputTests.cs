using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Laurel.App.Features.Activities;
using Laurel.App.Tests.Platform;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit.Abstractions;

namespace Laurel.App.Tests.Features.Activities;

/// <summary>
/// Thousands of generated requests: none may end in a defect, what is on disk is what was answered as accepted, and the log shows
/// nothing of what was sent. LAUREL_SEED repeats a run, LAUREL_HOSTILE_REQUESTS makes it longer.
/// </summary>
public sealed class HostileInputTests(ITestOutputHelper output)
{
    private const string Address = "/api/v1/activities";
    private static readonly int Seed = Setting("LAUREL_SEED") ?? Environment.TickCount;
    private static readonly int Requests = Setting("LAUREL_HOSTILE_REQUESTS") ?? 20_000;
    private const int AtOnce = 4, Oversized = 20, Slow = 50;

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : null;

    [Fact]
    public async Task Door_under_hostile_requests_keeps_its_promises()
    {
        output.WriteLine($"LAUREL_SEED={Seed}");
        var log = new KeptLog();
        await using var app = await LaurelApp.StartEmpty(services =>
            services.AddLogging(all => all.SetMinimumLevel(LogLevel.Information).AddProvider(log)));
        SmallDesk.Open(app);
        using var program = app.WithKey("activities:write");
        var (accepted, statuses) = (0L, new ConcurrentDictionary<int, int>());

        async Task Send(HttpRequestMessage request, bool mayBreakOff)
        {
            try
            {
                using var response = await program.SendAsync(request);
                statuses.AddOrUpdate((int)response.StatusCode, 1, (_, count) => count + 1);
                var body = await response.Content.ReadAsStringAsync();
                if ((int)response.StatusCode >= 500 && response.StatusCode != HttpStatusCode.ServiceUnavailable)
                    throw new ShouldAssertException($"LAUREL_SEED={Seed}: {(int)response.StatusCode} {body}");
                if (response.IsSuccessStatusCode)
                    Interlocked.Add(ref accepted, JsonDocument.Parse(body).RootElement.GetProperty("accepted").GetInt32());
                else if (JsonDocument.Parse(body).RootElement.TryGetProperty("taken", out var taken)) taken.GetInt32().ShouldBe(0);
            }
            catch (HttpRequestException) when (mayBreakOff)
            {
                // Refused before all of it was sent.
            }
        }

        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async worker =>
        {
            var hostile = new HostileRequests(new Random(unchecked(Seed + worker)), worker);
            for (var i = 0; i < Requests / AtOnce; i++)
            {
                using var request = hostile.Next(Address);
                await Send(request, mayBreakOff: false);
            }
            for (var i = 0; i < Oversized / AtOnce; i++)
            {
                using var request = hostile.Oversized(Address);
                await Send(request, mayBreakOff: true);
            }
        }));

        output.WriteLine(string.Join(", ", statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}")));
        statuses.Keys.ShouldBeSubsetOf([200, 400, 413, 415, 422, 503]);
        foreach (var status in new[] { 200, 400, 413, 415, 422 }) statuses.ShouldContainKey(status);
        SmallDesk.Taken(app).ShouldBe(accepted, $"LAUREL_SEED={Seed}");
        log.Lines.ShouldAllBe(line => !line.Contains(HostileRequests.Canary, StringComparison.Ordinal), $"LAUREL_SEED={Seed}");
    }

    [Fact]
    public async Task Door_under_slow_bodies_lets_them_go_and_serves_others()
    {
        await using var app = await LaurelApp.StartEmpty(services => services.Configure<KestrelServerOptions>(options =>
            options.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1000, gracePeriod: TimeSpan.FromSeconds(2))));
        SmallDesk.Open(app);
        using var program = app.WithKey("activities:write");

        var key = program.DefaultRequestHeaders.Authorization!.ToString();
        var memory = app.Services.GetRequiredService<BodyMemory>();
        var slow = Enumerable.Range(0, Slow).Select(i => AnswerToASlowBody(app.Address, key, Kinds[i % Kinds.Length])).ToList();
        // They hold a little each, whatever they announce, and nobody up.
        memory.Held.ShouldBeLessThanOrEqualTo(Slow * (512L << 10));
        using var meanwhile = await program.PostAsync(Address, new StringContent("[]", Encoding.UTF8, "application/json"));

        meanwhile.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var answer in await Task.WhenAll(slow)) if (answer.Length > 0) answer.ShouldStartWith("HTTP/1.1 408 ");
        SmallDesk.Taken(app).ShouldBe(0);
        await Until.IsTrue("nothing is held for bodies that were let go", () => memory.Held == 0);
    }

    /// <summary>Of how a slow body comes: what it is, how long it says that it is, and whether more comes of it, byte by byte.</summary>
    private static readonly (string Type, string Length, bool Dribbles)[] Kinds =
    [
        ("application/json", "Content-Length: 100000", false), ("application/json", "Content-Length: 16000000", true),
        ("application/x-ndjson", "Content-Length: 16000000", true), ("application/x-ndjson", "Transfer-Encoding: chunked", true),
        ("application/json", "Content-Encoding: gzip\r\nContent-Length: 16000000", true),
    ];

    /// <summary>Announces more than it sends; gives what came back until the server closed.</summary>
    private static async Task<string> AnswerToASlowBody(Uri address, string key, (string Type, string Length, bool Dribbles) kind)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Address} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: {key}\r\n"
            + $"Content-Type: {kind.Type}\r\n{kind.Length}\r\n\r\n"));
        var piece = kind.Length.StartsWith("Transfer", StringComparison.Ordinal) ? "1\r\n{\r\n"u8.ToArray()
            : kind.Length.Contains("gzip", StringComparison.Ordinal) ? "a"u8.ToArray() : "["u8.ToArray();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = reader.ReadToEndAsync();
        try
        {
            // The beginning of a packed file with a name, which then does not end.
            if (kind.Length.Contains("gzip", StringComparison.Ordinal))
                await stream.WriteAsync(new byte[] { 0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3 });
            await stream.WriteAsync(piece);
            using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            while (kind.Dribbles && !answer.IsCompleted && await beat.WaitForNextTickAsync()) await stream.WriteAsync(piece);
        }
        catch (IOException)
        {
            // Closed by the server, which has said why or not.
        }
        try
        {
            return await answer;
        }
        catch (IOException)
        {
            return "";
        }
    }
}
