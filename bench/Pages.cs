using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.ApiKeys;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.SigningIn;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Laurel.Bench;

/// <summary>
/// Every page, and every answer of the API to a question, of an installation of 10,000 people after a year, while work comes in:
/// from the request to the last byte of the compressed answer, over the loopback, asked one after the other by many different people.
/// The worst p99 of them all is judged. Files of everything are timed too and not judged, for they grow with what they hold.
/// </summary>
internal static class Pages
{
    private const int People = 10_000, Activities = 3_000_000, Asks = 200, WarmAsks = 30;
    private const double Goal = 50;
    /// <summary>The file of an installation that is built once and measured again and again, while something is made faster.</summary>
    private const string Kept = "LAUREL_BENCH_PAGES";
    /// <summary>Only doors whose reader and label, with a semicolon at the end, hold one of these words, divided by commas.</summary>
    private const string Only = "LAUREL_BENCH_DOORS";

    /// <param name="Reader">
    /// Any agent or leader, the administrator, a program, nobody; or who earned what the path tells of, named before it.
    /// </param>
    private sealed record Door(string Route, string Reader, Func<Random, string> Path, string Name = "")
    {
        public string Label => Name.Length > 0 ? Name : Route;
    }

    public static async Task Run(Scale scale)
    {
        if (Environment.GetEnvironmentVariable(Kept) is { Length: > 0 } kept)
        {
            using var again = new SqliteDatabase(kept);
            await Measure(scale, again, "sqlite");
            return;
        }
        var folder = Directory.CreateTempSubdirectory("laurel-pages-").FullName;
        try
        {
            using (var sqlite = new SqliteDatabase(Path.Combine(folder, "pages.db"))) await Measure(scale, sqlite, "sqlite");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        using var server = new PostgresServer();
        using var postgres = new PostgresDatabase(server.Create());
        await Measure(scale, postgres, "postgres");
    }

    private static async Task Measure(Scale scale, Database database, string name)
    {
        var people = scale.Of(People);
        await using var app = LaurelHost.Build(new LaurelOptions(database)
        {
            Urls = "http://127.0.0.1:0",
            // Or everybody would be led to the first set-up.
            Services = all => all.AddSingleton(new DemoMode("p0", "lead0", "boss")).AddLogging(log => log.SetMinimumLevel(LogLevel.Error)),
        });
        if (!IsBuilt(database)) LargeFloor.Build(app.Services, database, people, scale.Of(Activities));
        await app.StartAsync();
        app.Services.GetRequiredService<PackDays>().Run(CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var working = Work(app.Services, people, stop.Token);
        var worst = 0.0;
        var doors = Doors(database, people);
        Forgotten(app, doors);
        if (Environment.GetEnvironmentVariable(Only)?.Split(',') is { } words)
            doors.RemoveAll(door => !words.Any(word => $"{door.Reader} {door.Label};".Contains(word, StringComparison.Ordinal)));
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new(app.Urls.First()),
        };
        client.DefaultRequestHeaders.AcceptEncoding.Add(new("br"));
        var cookies = new Cookies(app.Services);
        var key = new AuthenticationHeaderValue("Bearer", app.Services.GetRequiredService<ApiKeyStore>()
            .Create("bench", [.. ApiScope.All], null, Actor.CommandLine).ToString());
        // What is asked often is compiled once more, and better.
        foreach (var door in doors) await Ask(door, WarmAsks);
        Console.WriteLine($"{name,-9} {"p50",7} {"p99",7} {"most",7} {"CPU",7} ms");
        foreach (var door in doors)
        {
            var spent = Environment.CpuUsage.TotalTime;
            var times = await Ask(door, Asks);
            spent = Environment.CpuUsage.TotalTime - spent;
            times.Sort();
            var (p50, p99) = (times[times.Count / 2], times[Math.Min(times.Count - 1, (int)(times.Count * 0.99))]);
            var isFile = door.Label.Contains(".csv", StringComparison.Ordinal) || door.Route is "/api/v1/setup";
            if (!isFile) worst = Math.Max(worst, p99);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(isFile ? "file" : p99 > Goal ? "SLOW" : ""),-9} {p50,7:0.0} {p99,7:0.0} {times[^1],7:0.0} "
                + $"{spent.TotalMilliseconds / times.Count,7:0.0} {door.Reader} {door.Label}"));
        }
        await stop.CancelAsync();
        await working;
        Ratio.JudgeAtMost($"pages-{name}", worst, Goal, "ms", $"the slowest of {doors.Count}, {people:N0} people");
        await app.StopAsync();

        async Task<List<double>> Ask(Door door, int asks)
        {
            var random = new Random(asks);
            var times = new List<double>();
            // What is slow is asked less often.
            for (var i = 0; i < asks && times.Sum() < 20_000; i++)
            {
                var path = door.Path(random);
                var reader = Who(door.Reader, random, people);
                if (door.Reader == "earner") (reader, path) = (path[..path.IndexOf(' ')], path[(path.IndexOf(' ') + 1)..]);
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                if (door.Reader == "key") request.Headers.Authorization = key;
                else if (door.Reader.Length > 0) request.Headers.Add("Cookie", cookies.Of(reader));
                var clock = Stopwatch.StartNew();
                using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                await answer.Content.CopyToAsync(Stream.Null);
                times.Add(clock.Elapsed.TotalMilliseconds);
                if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path} for {door.Reader}: {answer.StatusCode}");
            }
            return times;
        }
    }

    private static bool IsBuilt(Database database)
    {
        using var connection = database.Read();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM award") > 0;
    }

    private static string Who(string reader, Random random, int people) => reader switch
    {
        "agent" => LargeFloor.Agent(random.Next(people)),
        "leader" => LargeFloor.Leader(random.Next(people / LargeFloor.TeamOf)),
        _ => reader,
    };

    /// <summary>Twenty activities a second, as four thousand people at work make them.</summary>
    private static async Task Work(IServiceProvider services, int people, CancellationToken stop)
    {
        var intake = services.GetRequiredService<Intake>();
        var time = services.GetRequiredService<TimeProvider>();
        long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            foreach (var activity in LargeFloor.Activities(2, people, 100_000, Now()))
            {
                await intake.Take([activity with { At = Now() }], CancellationToken.None);
                await tick.WaitForNextTickAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Everything has been asked.
        }
    }

    private static List<Door> Doors(Database database, int people)
    {
        using var connection = database.Read();
        List<(long Award, string Person, string Achievement)> awards = [.. connection.Query<(long, string, string)>(
            """
            SELECT w.key, p.id, a.id FROM award w JOIN person p ON p.key = w.person JOIN achievement a ON a.key = w.achievement
            WHERE w.revoked_at IS NULL AND a.visibility = 'shown' ORDER BY w.key DESC LIMIT 200
            """)];
        List<long> persons = [.. connection.Query<long>("SELECT key FROM person WHERE role = 'agent' ORDER BY key LIMIT 500")];
        string Any(Random random) => LargeFloor.Agent(random.Next(people));
        List<string> projects = [.. connection.Query<string>("SELECT id FROM project ORDER BY key DESC LIMIT 30")];
        List<(string Person, long Number)> together = [.. connection.Query<(string, long)>(
            "SELECT p.id, n.number FROM notice n JOIN person p ON p.key = n.person WHERE n.kind = 'awards' ORDER BY n.person LIMIT 200")];
        List<(string Person, long Goal)> goals = [.. connection.Query<(string, long)>(
            "SELECT p.id, g.key FROM goal g JOIN person p ON p.key = g.person ORDER BY g.key LIMIT 200")];
        var recalculation = connection.ExecuteScalar<long>("SELECT max(key) FROM recalculation");
        T One<T>(Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];
        string Earned(Random random, string path)
        {
            var (award, person, _) = One(random, awards);
            return $"{person} {path}{award}";
        }
        string Together(Random random, string path)
        {
            var (person, number) = One(random, together);
            return $"{person} {path}{number}";
        }
        string Set(Random random)
        {
            var (person, goal) = One(random, goals);
            return $"{person} /goals/{goal}";
        }
        string[] metrics = ["cases-resolved", "sales-closed", "commission", "rewards", "first-contact-cases"];
        string[] shown = ["finding-your-feet", "first-time-right", "weekly-champion", "full-week", "full-day", "steady-hand",
            "best-week-yet",
            "steady-climb", "all-rounder", "rewarded", "first-resolution", "goal-getter"];
        Door At(string reader, string path, string? route = null) => new(route ?? path.Split('?')[0], reader, _ => path, path);
        Door Each(string reader, string route, Func<Random, string> path) => new(route, reader, path);
        return
        [
            At("", "/sign-in"), At("", "/healthz"), At("", "/speculation-rules.json"),
            At("agent", "/"), At("leader", "/"), At("boss", "/"),
            At("agent", "/achievements"), At("agent", "/achievements?show=earned"), At("agent", "/achievements?q=case"),
            Each("agent", "/achievements/{Id}", r => $"/achievements/{One(r, shown)}"),
            Each("boss", "/achievements/{Id}", r => $"/achievements/{One(r, shown)}"),
            new("/achievements/{Id}", "agent", r => $"/achievements/{One(r, shown)}?holders=5", "/achievements/{Id}?holders=5"),
            new("/achievements/{Id}", "agent", r => $"/achievements/{One(r, shown)}?history=5", "/achievements/{Id}?history=5"),
            Each("agent", "/people/{Id}", r => $"/people/{Any(r)}"), Each("leader", "/people/{Id}", r => $"/people/{Any(r)}"),
            Each("boss", "/people/{Id}", r => $"/people/{Any(r)}"),
            At("agent", "/leaderboard"), At("agent", "/leaderboard?period=month"), At("agent", "/leaderboard?period=all"),
            At("agent", "/leaderboard?period=week&scope=team"),
            At("agent", "/leaderboard?q=rasa"), At("boss", "/leaderboard"),
            At("agent", "/leaderboard/badges"), At("agent", "/leaderboard/badges?by=rarity"),
            At("agent", "/leaderboard/badges?period=month"),
            At("agent", "/leaderboard/badges?q=rasa"), At("boss", "/leaderboard/badges"),
            At("boss", "/leaderboard/badges?by=rarity&page=50"),
            At("agent", "/goals"), At("agent", "/goals/new"), At("leader", "/goals/team"), At("boss", "/goals/team"),
            At("agent", "/notices"), At("agent", "/notices/settings"), At("agent", "/profile"), At("agent", "/password"),
            At("leader", "/team/achievements"), At("leader", "/team/achievements?show=flagged"),
            At("boss", "/team/achievements"), At("boss", "/team/achievements?page=100"), At("boss", "/team/achievements?show=without"),
            At("boss", "/team/achievements?show=flagged"), At("boss", "/team/achievements?q=rasa"),
            At("leader", "/reports"), At("boss", "/reports"), At("boss", "/reports?weeks=53"), At("boss", "/reports?area=service&stale=90"),
            At("boss", "/reports?view=council"),
            At("leader", "/manage/achievements"), At("boss", "/manage/achievements"), At("boss", "/manage/achievements?q=case"),
            Each("leader", "/manage/achievements/{Id}", r => $"/manage/achievements/{One(r, shown)}"),
            Each("boss", "/manage/achievements/{Id}", r => $"/manage/achievements/{One(r, shown)}"),
            new("/manage/achievements/{Id}", "boss", r => $"/manage/achievements/{One(r, shown)}?q=rasa",
            "/manage/achievements/{Id}?q=rasa"),
            Each("boss", "/manage/achievements/{Id}/edit", r => $"/manage/achievements/{One(r, shown)}/edit"),
            Each("leader", "/manage/achievements/{Id}/award", _ => "/manage/achievements/employee-of-the-month/award"),
            Each("boss", "/manage/achievements/{Id}/award", _ => "/manage/achievements/employee-of-the-month/award"),
            Each("boss", "/manage/achievements/{id}/setup.yaml", r => $"/manage/achievements/{One(r, shown)}/setup.yaml"),
            Each("boss", "/manage/awards/{Award:long}/revoke", r => $"/manage/awards/{One(r, awards).Award}/revoke"),
            Each("earner", "/celebrate/{Key:long}", r => Earned(r, "/celebrate/")),
            Each("earner", "/moments/{award:long}", r => Earned(r, "/moments/")),
            At("leader", "/manage/paths"), At("boss", "/manage/paths"), At("boss", "/manage/paths/new"),
            At("boss", "/manage/paths/feedback", "/manage/paths/{Id}"),
            At("boss", "/manage/paths/feedback/setup.yaml", "/manage/paths/{id}/setup.yaml"),
            At("key", "/api/v1/paths"), At("key", "/api/v1/paths/feedback", "/api/v1/paths/{id}"),
            At("boss", "/manage/metrics"), At("leader", "/manage/metrics"), At("boss", "/manage/metrics?q=case"),
            At("boss", "/manage/metrics/new"),
            At("boss", "/manage/metrics/import"), Each("boss", "/manage/metrics/{Id}", r => $"/manage/metrics/{One(r, metrics)}"),
            new("/manage/metrics/{Id}", "boss", r => $"/manage/metrics/{One(r, metrics)}?days=365", "/manage/metrics/{Id}?days=365"),
            Each("leader", "/manage/metrics/{Id}", r => $"/manage/metrics/{One(r, metrics)}"),
            Each("boss", "/manage/metrics/{Id}/edit", r => $"/manage/metrics/{One(r, metrics)}/edit"),
            Each("key", "/api/v1/metrics/{id}/history", r => $"/api/v1/metrics/{One(r, metrics)}/history"),
            At("boss", "/manage/recalculations"),
            Each("earner", "/celebrate/together/{Number:long}", r => Together(r, "/celebrate/together/")),
            Each("earner", "/moments/notices/{number}", r => Together(r, "/moments/notices/")),
            At("boss", $"/manage/recalculations/{recalculation}", "/manage/recalculations/{Key:long}"),
            At("key", $"/api/v1/recalculations/{recalculation}", "/api/v1/recalculations/{recalculation}"),
            Each("earner", "/goals/{Key:long}", Set), At("leader", "/goals/new?for=team"), At("boss", "/goals/new?for=team"),
            At("boss", "/divisions"), At("boss", "/divisions/north", "/divisions/{Id}"), At("key", "/api/v1/divisions"),
            At("boss", "/roles"), At("boss", "/roles/leader", "/roles/{Id}"), At("key", "/api/v1/roles"),
            At("key", "/api/v1/roles/agent", "/api/v1/roles/{id}"),
            Each("leader", "/projects/{Id}", r => $"/projects/{One(r, projects)}"),
            Each("boss", "/projects/{Id}", r => $"/projects/{One(r, projects)}"),
            Each("key", "/api/v1/projects/{id}", r => $"/api/v1/projects/{One(r, projects)}"),
            Each("key", "/api/v1/projects/{id}/values", r => $"/api/v1/projects/{One(r, projects)}/values"),
            At("boss", "/groups"), At("boss", "/groups/nights", "/groups/{Id}"), At("key", "/api/v1/groups"),
            At("boss", "/manage/achievements/new"), At("boss", "/manage/achievements/new?kind=threshold", "/manage/achievements/new"),
            At("boss", "/manage/achievements/import"), At("boss", "/manage/achievements/catalogue"), At("boss", "/manage/counted"),
            At("boss", "/manage/recognition"), At("boss", "/manage/areas"),
            At("leader", "/people"), At("boss", "/people"), At("boss", "/people?q=rasa"), At("boss", "/people?page=100"),
            At("boss", "/people/new"), Each("boss", "/people/{Key:long}/edit", r => $"/people/{One(r, persons)}/edit"),
            At("boss", "/teams"),
            At("boss", "/sites"), At("boss", "/audit"), At("boss", "/audit?q=rasa"), At("boss", "/audit?page=50"), At("boss", "/api-keys"),
            At("boss", "/api-keys/new"), At("boss", "/held"), At("boss", "/identities"),
            At("boss", "/identities/link?provider=crm&external=rasa"),
            At("boss", "/imports"), At("leader", "/projects"),
            At("boss", "/leaderboard.csv"), At("boss", "/leaderboard/badges.csv"), At("boss", "/team/achievements.csv"),
            At("boss", "/reports/teams.csv", "/reports/{table}.csv"),
            At("key", "/api/v1/achievements"), At("key", "/api/v1/awards"),
            new("/api/v1/awards", "key", r => $"/api/v1/awards?person={Any(r)}", "/api/v1/awards?person="),
            new("/api/v1/awards", "key", r => $"/api/v1/awards?achievement={One(r, shown)}", "/api/v1/awards?achievement="),
            At("key", "/api/v1/awards?flagged=true"), Each("key", "/api/v1/awards/{id}", r => $"/api/v1/awards/{One(r, awards).Award}"),
            Each("key", "/api/v1/achievements/{id}/backtest", r => $"/api/v1/achievements/{One(r, shown)}/backtest"),
            Each("key", "/api/v1/achievements/{id}", r => $"/api/v1/achievements/{One(r, shown)}"),
            At("key", "/api/v1/audit"), At("key", "/api/v1/audit?what=award"), At("key", "/api/v1/audit?q=rasa"),
            At("key", "/api/v1/holdings"), At("key", "/api/v1/badge-leaderboard"), At("key", "/api/v1/badge-leaderboard?by=rarity"),
            At("key", "/api/v1/achievements/four-leaf-clover/draws", "/api/v1/achievements/{id}/draws"),
            At("key", "/api/v1/activities"), At("key", "/api/v1/activities/held"), At("key", "/api/v1/activities/held/people"),
            At("key", "/api/v1/activities/types"), At("key", "/api/v1/goals"), At("key", "/api/v1/identities"),
            At("key", "/api/v1/leaderboards/cases-resolved?period=week", "/api/v1/leaderboards/{metric}"), At("key", "/api/v1/metrics"),
            At("key", "/api/v1/people"),
            Each("key", "/api/v1/people/{id}/notices", r => $"/api/v1/people/{Any(r)}/notices"),
            Each("key", "/api/v1/people/{id}", r => $"/api/v1/people/{Any(r)}"),
            Each("key", "/api/v1/people/{id}/presence", r => $"/api/v1/people/{Any(r)}/presence"), At("key", "/api/v1/projects"),
            At("key", "/api/v1/reports/recognition"), At("key", "/api/v1/teams"), At("key", "/api/v1/catalogue"),
            At("key", "/api/v1/setup"),
            At("key", "/api/v1/setup/schema"), At("key", "/api/v1/openapi.json"),
        ];
    }

    /// <summary>Which doors nobody asks at, so that a new page is not left out unseen.</summary>
    private static void Forgotten(WebApplication app, List<Door> doors)
    {
        var asked = doors.Select(d => d.Route).ToHashSet(StringComparer.Ordinal);
        var left = ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IHttpMethodMetadata>() is not { } methods || methods.HttpMethods.Contains("GET"))
            .Select(e => "/" + e.RoutePattern.RawText?.TrimStart('/'))
            .Where(route => !asked.Contains(route) && !route.Contains('.', StringComparison.Ordinal))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        Console.WriteLine($"not asked: {string.Join(' ', left)}");
    }

    /// <summary>Sessions, as signing in would make them; each is made once.</summary>
    private sealed class Cookies(IServiceProvider services)
    {
        private readonly Dictionary<string, string> known = [];

        public string Of(string person)
        {
            if (known.TryGetValue(person, out var made)) return made;
            const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
            var options = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(Scheme);
            var accounts = services.GetRequiredService<AccountStore>();
            var account = accounts.Find(person)!;
            var session = new AuthenticationTicket(SignIn.Principal(account.Key, accounts.SignedIn(account.Key, account.Id)), Scheme);
            session.Properties.ExpiresUtc = TimeProvider.System.GetUtcNow().AddDays(1);
            return known[person] = $"{options.Cookie.Name}={options.TicketDataFormat.Protect(session)}";
        }
    }
}
