using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.Verifying;
using Laurel.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Laurel.App.Tests.Platform.Http;

/// <summary>A database server that stops and comes back under nodes that serve.</summary>
[Trait("database", "postgres")]
public sealed class DatabaseGoneTests
{
    private const string Setup = """
        activity-types: [ { id: case } ]
        metrics: [ { id: cases, types: [case] } ]
        achievements:
          - { id: many, type: threshold, metric: cases, at-least: [5, 100, 1000], history: all }
          - { id: best, type: best-of-period, metric: cases, period: yesterday, history: all }
        """;

    [PostgresFact]
    public async Task A_server_that_stops_is_503_until_it_is_back_and_then_all_goes_on_by_itself()
    {
        using var server = new OwnServer();
        var log = new KeptLog();
        var time = FakeTime.Thursday();
        using var database = new PostgresDatabase(server.Address);
        using var others = new PostgresDatabase(server.Address);
        database.Migrate();
        void Keep(IServiceCollection services) => services.AddLogging(all => all.SetMinimumLevel(LogLevel.Information).AddProvider(log));
        await using var app = await LaurelApp.StartOn(database, withFloor: true, Keep, time);
        await using var other = await LaurelApp.StartOn(others, withFloor: false, Keep, time);
        using var program = app.WithKey("activities:write", "activities:read", "setup:write");
        using var agent = app.SignIn("agent");
        agent.DefaultRequestHeaders.Add("Accept", "text/html");
        (await program.PostAsync("/api/v1/setup", new StringContent(Setup, Encoding.UTF8, "application/yaml"))).EnsureSuccessStatusCode();
        (await agent.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);

        // A sender that repeats until it is answered goes on through all of it.
        using var stop = new CancellationTokenSource();
        var (accepted, refused) = (0, 0);
        var sending = Task.Run(async () =>
        {
            for (var batch = 0; !stop.IsCancellationRequested; batch++)
                while (true)
                {
                    using var answer = await Send(program, batch);
                    if (answer.StatusCode == HttpStatusCode.OK)
                    {
                        Interlocked.Increment(ref accepted);
                        break;
                    }
                    answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, await answer.Content.ReadAsStringAsync());
                    answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
                    answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
                    Interlocked.Increment(ref refused);
                    await Task.Delay(20);
                }
        });
        async Task Seen(string what, Func<bool> condition)
        {
            await Until.IsTrue(what, () => sending.IsCompleted || condition());
            if (sending.IsFaulted) await sending;
        }
        Task Accepted(int more)
        {
            var until = Volatile.Read(ref accepted) + more;
            return Seen($"{more} more are accepted", () => Volatile.Read(ref accepted) >= until);
        }
        await Accepted(3);
        for (var i = 0; i < 4; i++)
        {
            server.EndConnections();
            await Accepted(3);
        }

        server.Pause();
        await Seen("senders are refused", () => Volatile.Read(ref refused) > 5);
        (await app.Client.GetAsync("/healthz")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        foreach (var address in (string[])["/", "/leaderboard", "/sign-in"])
        {
            var page = await agent.GetAsync(address);
            page.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, address);
            page.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
            (await page.Content.ReadAsStringAsync()).ShouldContain("Laurel cannot reach its data just now");
        }
        // A day ends meanwhile.
        time.Advance(TimeSpan.FromDays(1));

        server.Resume();
        await Accepted(5);
        await Until.IsTrue("the probe is glad", async () => (await app.Client.GetAsync("/healthz")).StatusCode == HttpStatusCode.OK);
        (await agent.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        // What this node takes is heard at the other again.
        using (var page = other.Services.GetRequiredService<LiveHub>().Subscribe(0))
            do await page.Wait().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
            while (page.Take().Topics.All(t => t.Name != "metric:cases"));
        await stop.CancelAsync();
        await sending;

        await Until.IsTrue("the day is closed and all work done", () => Scalar(database, "SELECT count(*) FROM work") == 0
            && Scalar(database, "SELECT count(*) FROM award a JOIN achievement b ON b.key = a.achievement WHERE b.id = 'best'") == 1);
        // Beside what Laurel tells of its own use.
        Scalar(database, "SELECT count(*) FROM activity a JOIN activity_type t ON t.key = a.type WHERE t.id <> 'signed-in'")
            .ShouldBe(accepted * Batch);
        ActivatorUtilities.CreateInstance<Verification>(app.Services)
            .Run(difference => throw new ShouldAssertException(difference.ToString()), CancellationToken.None).ShouldNotBeNull();
        log.Errors.ShouldBeEmpty();
    }

    private const int Batch = 20;

    private static Task<HttpResponseMessage> Send(HttpClient program, int batch)
    {
        var items = Enumerable.Range(batch * Batch, Batch).Select(i => new
        {
            specversion = "1.0", id = $"{i}", source = "desk", type = "case", time = "2026-03-12T06:00:00Z",
            data = new { person = "agent" },
        });
        return program.PostAsync("/api/v1/activities",
            new StringContent(JsonSerializer.Serialize(items), Encoding.UTF8, "application/cloudevents-batch+json"));
    }

    private static long Scalar(Database database, string sql)
    {
        using var connection = database.Read();
        return connection.ExecuteScalar<long>(sql);
    }

    /// <summary>A server of this test alone: others go on while it is stopped.</summary>
    private sealed class OwnServer : IDisposable
    {
        private readonly string folder = Path.Combine(Path.GetTempPath(), $"laurel-gone-{Environment.ProcessId}");

        public OwnServer() => Address = Run("start").Trim();

        public string Address { get; }

        public void Pause() => Run("pause");
        public void Resume() => Run("resume");

        /// <summary>As an administrator ends them.</summary>
        public void EndConnections()
        {
            using var server = new PostgresDatabase(Address);
            using var connection = server.Read();
            connection.Execute("""
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
                """);
        }

        private string Run(string what)
        {
            using var process = Process.Start(new ProcessStartInfo(Path.Combine(Checkout.Root, "tests/postgres"), [what, folder])
            {
                RedirectStandardOutput = true, UseShellExecute = false,
            })!;
            // The server inherits the error stream; what is read ends with the script.
            var said = process.StandardOutput.ReadLine() ?? "";
            process.WaitForExit();
            process.ExitCode.ShouldBe(0, what);
            return said;
        }

        public void Dispose() => Run("stop");
    }
}
