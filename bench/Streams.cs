using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.Settings;
using Laurel.App.Features.SigningIn;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Yaml;
using Laurel.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Laurel.Bench;

/// <summary>
/// Open pages: 9,000 live streams (fewer where descriptors do not allow them), held by another process on the same machine. What a
/// stream costs in memory, and how long until the last one has heard that a board changed.
/// </summary>
internal static class Streams
{
    private const int Most = 9_000, People = 1_000;

    public static async Task Run(Scale scale)
    {
        var count = scale.Of(Most);
        var folder = Directory.CreateTempSubdirectory("laurel-streams-").FullName;
        using (var database = new SqliteDatabase(Path.Combine(folder, "streams.db")))
        {
            await using var app = LaurelHost.Build(new LaurelOptions(database)
            {
                Urls = "http://127.0.0.1:0",
                // Or everybody would be led to the first set-up.
                Services = all =>
                    all.AddSingleton(new DemoMode("p0", "p0", "boss")).AddLogging(log => log.SetMinimumLevel(LogLevel.Error)),
            });
            var people = string.Join(", ", Enumerable.Range(0, People).Select(i => $"{{ id: p{i} }}"));
            var problems = new YamlProblems("bench");
            ActivatorUtilities.CreateInstance<ApplySetup>(app.Services).Run(new SetupReader(problems).Read(
                $"site: {{ id: bench, name: Bench, zone: Europe/Vilnius }}\npeople: [{{ id: boss, role: admin }}, {people}]\n")!,
                problems, Actor.File("bench"), plan: false);
            await app.StartAsync();
            var address = new Uri(app.Urls.First());
            var cookies = Path.Combine(folder, "cookies");
            await File.WriteAllLinesAsync(cookies, Sessions(app.Services));
            var hub = app.Services.GetRequiredService<LiveHub>();
            var before = Resident();
            using var audience = Start(address, cookies, count);
            if (audience.StandardOutput.ReadLine() is not "open" and var told)
                throw new InvalidOperationException($"{hub.Count} streams were opened, then: {told ?? "nothing"}");
            count = hub.Count;
            var each = (Resident() - before) / 1024.0 / count;
            var times = new List<double>();
            for (var round = 0; round <= scale.Rounds; round++)
            {
                var clock = Stopwatch.StartNew();
                hub.Changed($"metric:m{round}");
                audience.StandardOutput.ReadLine();
                // The first warms up.
                if (round > 0) times.Add(clock.Elapsed.TotalMilliseconds);
            }
            audience.StandardInput.WriteLine();
            await audience.WaitForExitAsync();
            Console.WriteLine($"{count:N0} streams; last heard after {string.Join(' ', times.Select(t => t.ToString("0")))} ms");
            Ratio.JudgeAtMost("streams-last-heard", Ratio.Median(times), 150, "ms", $"{count:N0} streams");
            Ratio.JudgeAtMost("streams-memory", (Resident() - before) / 1024.0 / count, 20, "KB",
                $"of resident memory a stream, {each:0.0} before anything was said");
            await app.StopAsync();
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A session of everybody, as signing in would make it.</summary>
    private static List<string> Sessions(IServiceProvider services)
    {
        const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
        var options = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(Scheme);
        var accounts = services.GetRequiredService<AccountStore>();
        return [.. Enumerable.Range(0, People).Select(i =>
        {
            var account = accounts.Find($"p{i}")!;
            var session = new AuthenticationTicket(SignIn.Principal(account.Key, accounts.SignedIn(account.Key, account.Id)), Scheme);
            session.Properties.ExpiresUtc = TimeProvider.System.GetUtcNow().AddDays(1);
            return $"{options.Cookie.Name}={options.TicketDataFormat.Protect(session)}";
        })];
    }

    private static long Resident()
    {
        GC.Collect();
        using var me = Process.GetCurrentProcess();
        return me.WorkingSet64;
    }

    private static Process Start(Uri address, string cookies, int count) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, ["--audience", address.ToString(), cookies,
            count.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        })!;

    /// <summary>The other process: says "open" when all are, then a line whenever the last one has heard a round.</summary>
    public static void Audience(Uri address, string cookies, int count)
    {
        var requests = File.ReadAllLines(cookies).Select(cookie => Encoding.ASCII.GetBytes(
            $"GET /live?after=0 HTTP/1.1\r\nHost: {address.Authority}\r\nCookie: {cookie}\r\nAccept: text/event-stream\r\n\r\n")).ToList();
        var sockets = new List<Socket>(count);
        var buffer = new byte[8_192];
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(address.Host, address.Port);
            socket.Send(requests[i % requests.Count]);
            sockets.Add(socket);
        }
        foreach (var socket in sockets)
            while (buffer.AsSpan(0, Read(socket)).IndexOf("ping"u8) < 0) { }
        Console.WriteLine("open");

        int Read(Socket socket) => socket.Receive(buffer) is > 0 and var length
            ? length
            : throw new InvalidOperationException("A stream was closed.");
        var stop = new Thread(() =>
        {
            Console.ReadLine();
            Environment.Exit(0);
        })
        { IsBackground = true };
        stop.Start();
        for (var round = 0; ; round++)
        {
            // Each stream is read until it tells of this round; they are written in no particular order, and none is skipped.
            var topic = Encoding.ASCII.GetBytes($"metric:m{round}");
            foreach (var socket in sockets)
                while (buffer.AsSpan(0, Read(socket)).IndexOf(topic) < 0) { }
            Console.WriteLine(round);
        }
    }
}
