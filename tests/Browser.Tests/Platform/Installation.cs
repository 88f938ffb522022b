using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.ApiKeys;
using Laurel.App.Features.Demo;
using Laurel.App.Features.Digests;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Mail;
using Laurel.App.Features.Recalculation;
using Laurel.App.Features.Settings;
using Laurel.App.Features.SigningIn;
using Laurel.App.Features.Team;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Work;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;

namespace Laurel.Browser.Tests.Platform;

/// <summary>
/// The real application on a free port of the loopback, with four weeks of the bank's calls, and one Chromium. Shared by all tests of a
/// collection, so a test that changes what a person has takes a person of its own.
/// </summary>
public sealed class Installation : IAsyncLifetime
{
    /// <summary>An agent with badges; only looked at.</summary>
    public const string Agent = "sharon";
    public const string Leader = "leader-new-customers";
    public const string Admin = "demo-admin";
    /// <summary>Two people who can sign in with the password: an agent and an administrator.</summary>
    public const string AgentByPassword = "roth", AdminByPassword = "boss";
    /// <summary>An agent who comes up paths.</summary>
    public const string Climber = "climber";
    public const string Password = "correct horse battery";

    // A Thursday morning in the middle of a busy week.
    private static readonly DateTimeOffset Morning = new(2026, 5, 21, 7, 30, 0, TimeSpan.Zero);
    private static readonly TimeSpan History = TimeSpan.FromDays(28);

    /// <summary>Beside the sample's own: a badge for each praise, so that a test can earn one when it wants to.</summary>
    private const string Extra = """
        sites: [ { id: klaipeda, name: Klaipėdos kontaktų centras prie marių, zone: Europe/Vilnius } ]
        groups: [ { id: evenings, name: Vakarinė pamaina su savaitgaliais } ]
        divisions: [ { id: baltic, name: Baltijos šalių aptarnavimo padalinys } ]
        people:
          - { id: demo-admin, name: Odeta Admin, role: admin, invented: true }
          - { id: boss, name: Vytė Girdenytė, role: admin, invented: true }
          - { id: beginner, name: Sofija Naujokė, team: service, role: agent, invented: true }
          - { id: climber, name: Goda Laiptė, team: service, role: agent, invented: true }
        projects: [ { id: branch-move, name: Filialo perkraustymas } ]
        activity-types:
          - id: praised
            name: { en: Praised, lt: Pagyrimas }
            person: required
        metrics:
          - { id: praises, name: { en: Praises, lt: Pagyrimai }, unit: number, direction: higher, types: [praised], aggregate: count }
        achievements:
          - id: kind-word
            name: { en: Kind Word, lt: Geras žodis }
            description: { en: Somebody praised the work., lt: Kažkas pagyrė darbą. }
            area: quality
            badge: heartfelt
            type: threshold
            metric: praises
            at-least: 1
            range: all
            repeat: every-time
            history: all
        paths:
          - id: good-work
            name: { en: Good Work, lt: Geras darbas }
            description: { en: From the first call to a customer's thanks., lt: Nuo pirmojo skambučio iki kliento padėkos. }
            steps: [first-call, customers-thanks]
        """;

    /// <summary>What a process is told by its environment it is told while one of them is built.</summary>
    private static readonly Lock Building = new();

    private readonly string folder = Directory.CreateTempSubdirectory("laurel-browser-").FullName;
    private readonly SteadyTime time = new(Morning);
    private Database database = null!, emptyDatabase = null!;
    private WebApplication app = null!, empty = null!;
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;
    private Uri emptyAddress = null!;

    public IServiceProvider Services => app.Services;
    public TimeProvider Time => time;
    public Uri Address { get; private set; } = null!;

    /// <summary>The agent's key, newest award, and the number of the notice about all that came of the history.</summary>
    public long Person { get; private set; }
    public long Award { get; private set; }
    public long Together { get; private set; }

    /// <summary>What the agent means to reach in a week.</summary>
    public long Goal { get; private set; }

    /// <summary>The link in the agent's mails.</summary>
    public string Unsubscribe => new Uri(
        Services.GetRequiredService<DigestLinks>().Unsubscribe(MailSettings.Usual, Person, DigestKind.Own)).AbsolutePath;

    /// <summary>A plan that nobody confirmed.</summary>
    public long Recalculation { get; private set; }

    /// <summary>
    /// Does all that is due; afterwards nothing of it is under way with the application either, which does it, too, whenever it wakes.
    /// </summary>
    public void Settle()
    {
        Services.Settle();
        var work = Services.GetRequiredService<WorkRunner>();
        SpinWait.SpinUntil(() => work.Pending().Due == 0, TimeSpan.FromSeconds(90))
            .ShouldBeTrue("In 90 seconds not all that is due was done.");
    }

    public async Task InitializeAsync()
    {
        var looking = Launch();
        database = new SqliteDatabase(Path.Combine(folder, "laurel.db"));
        lock (Building) app = Build(database, demo: true);
        await Core.Run(database, time, async services =>
        {
            await Fill(services);
            return Verb.Done;
        });
        await app.StartAsync();
        Address = new(app.Urls.First());
        emptyDatabase = new SqliteDatabase(Path.Combine(folder, "empty.db"));
        // Where somebody works on Laurel the page with all components is there, too; its files are sent as they are to everybody.
        lock (Building)
        {
            Environment.SetEnvironmentVariable("ASPNETCORE_ENVIRONMENT", "Development");
            Environment.SetEnvironmentVariable("ReloadStaticAssetsAtRuntime", "false");
            empty = Build(emptyDatabase, demo: false);
            Environment.SetEnvironmentVariable("ASPNETCORE_ENVIRONMENT", null);
            Environment.SetEnvironmentVariable("ReloadStaticAssetsAtRuntime", null);
        }
        await empty.StartAsync();
        emptyAddress = new(empty.Urls.First());
        using (var connection = database.Read())
        {
            Person = connection.ExecuteScalar<long>("SELECT key FROM person WHERE id = @Agent", new { Agent });
            Award = connection.ExecuteScalar<long>(
                "SELECT MAX(a.key) FROM award a JOIN person p ON p.key = a.person WHERE p.id = @Agent", new { Agent });
            Together = connection.ExecuteScalar<long>(
                "SELECT MAX(n.number) FROM notice n JOIN person p ON p.key = n.person WHERE p.id = @Agent AND n.award IS NULL",
                new { Agent });
        }
        await looking;
    }

    private WebApplication Build(Database on, bool demo) => LaurelHost.Build(new LaurelOptions(on)
    {
        Urls = "http://127.0.0.1:0",
        Time = time,
        Services = services =>
        {
            services.AddLogging(log => log.SetMinimumLevel(demo ? LogLevel.Warning : LogLevel.Error));
            if (demo) services.AddSingleton(new DemoMode(Agent, Leader, Admin));
        },
    });

    private async Task Fill(IServiceProvider services)
    {
        var now = time.GetUtcNow();
        var sample = DemoHistory.Read(Path.Combine(Checkout.Root, "samples/bank-calls"), now.ToUnixTimeMilliseconds());
        Apply(services, sample.Setup with { Achievements = [] });
        var from = (now - History).ToUnixTimeMilliseconds();
        await services.GetRequiredService<Intake>().Take([.. sample.Past.Where(a => a.At >= from)], CancellationToken.None);
        Apply(services, sample.Setup);
        var problems = new YamlProblems("extra.yaml");
        var extra = new SetupReader(problems).Read(Extra);
        problems.InOrder().ShouldBeEmpty();
        Apply(services, extra!);
        services.Settle();
        // Somebody mistyped a colleague's key: it waits.
        var mistyped = sample.Past.First(a => a.Person is not null) with { Id = ActivityId.Of("mistyped"), Person = "sterem" };
        await services.GetRequiredService<Intake>().Take([mistyped], CancellationToken.None);

        PlanRecalculation(now);

        long agent;
        using (var connection = database.Read())
            agent = connection.ExecuteScalar<long>("SELECT key FROM person WHERE id = @Agent", new { Agent });
        Goal = services.GetRequiredService<KeepGoals>().Set(
            new(new(agent), "calls-answered", Comparison.AtLeast, new(120_000), GoalPeriod.Week, Workday.Of(2026, 5, 21), null, 2,
                "Kartu su komanda", IsProposal: false),
            DataScope.Self(agent), new(agent, Agent, Via.Web)).Goal;

        var hash = Passwords.Hash(Password);
        database.Write((c, t) =>
        {
            foreach (var id in (string[])[AgentByPassword, AdminByPassword])
                AccountStore.SetPassword(c, t, c.ExecuteScalar<long>("SELECT key FROM person WHERE id = @id", new { id }, t), hash,
                    mustChange: false);
        });
    }

    /// <summary>At rest it finds nothing: lines as of awards that are there show the page as it is when it does.</summary>
    private void PlanRecalculation(DateTimeOffset now) => Recalculation = database.Write((c, t) =>
    {
        var kept = c.Query<(long Achievement, int Tier, long Person, string Occasion, int First, int Last, long At, long Value)>(
            "SELECT achievement, tier, person, occasion, first, last, earned_at, value FROM award ORDER BY key LIMIT 60", transaction: t)
            .ToList();
        // Who may ask names a day; awards of all time begin before there are dates.
        var since = new Workday(kept.Max(w => w.First));
        var key = RecalculationStore.Ask(c, t, new([new(kept[0].Achievement)], null, new(since, Workday.End), ByNewest: true),
            new(null, Admin, Via.Web), now.ToUnixTimeMilliseconds());
        RecalculationStore.Add(c, t, key, made: false, kept.Select((w, i) => new RecalculationLine(
            i % 3 > 0 ? Effect.Flag : Effect.Gain, new(w.Achievement), new(w.Person), w.Tier, w.Occasion, new(new(w.First), new(w.Last)),
            w.At, new(w.Value), i % 3 > 0 ? FlagReason.NotReached : null)));
        RecalculationStore.Save(c, t, key, Recalculated.Planned, now.ToUnixTimeMilliseconds());
        return key;
    });

    private static void Apply(IServiceProvider services, Setup setup)
    {
        var problems = new YamlProblems("setup.yaml");
        ActivatorUtilities.CreateInstance<ApplySetup>(services).Run(setup, problems, Actor.File("setup.yaml"), plan: false);
        problems.InOrder().ShouldBeEmpty();
    }

    private async Task Launch()
    {
        var chromium = Environment.GetEnvironmentVariable("LAUREL_CHROMIUM") is { Length: > 0 } given ? given : "/usr/bin/chromium";
        if (!File.Exists(chromium))
            throw new FileNotFoundException("These tests drive Debian's chromium: apt-get install chromium", chromium);
        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(10_000);
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync", "--disable-dev-shm-usage", "--no-proxy-server", "--font-render-hinting=none",
            ],
        });
    }

    /// <summary>Lets somebody in and looks over the shoulder: the visit must end without faults. A failed one leaves a picture.</summary>
    public async Task Visit(Visitor visitor, Func<Visit, Task> walk)
    {
        await Rest();
        var at = visitor.By ?? (visitor.BeforeSetUp ? emptyAddress : Address);
        await using var context = await browser.NewContextAsync(visitor.Options(at));
        context.SetDefaultTimeout(20_000);
        if (visitor.Person is { } person) await context.AddCookiesAsync([SignedIn(person)]);
        var visit = new Visit(context, at);
        await visit.Begin();
        try
        {
            await walk(visit);
            visit.Faults.ShouldBeEmpty();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            await Keep(visit);
            throw;
        }
    }

    /// <summary>What an earlier test set going is done: it takes nobody's time, and moves nothing on a page under another look.</summary>
    public async Task Rest()
    {
        var runner = Services.GetRequiredService<WorkRunner>();
        var behind = Services.GetRequiredService<NextBadges>();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (runner.Pending().Due > 0 || behind.IsLooking) await looks.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>A request as a help desk would send it.</summary>
    public HttpClient HelpDesk()
    {
        var key = Services.GetRequiredService<ApiKeyStore>()
            .Create("Help desk", [ApiScope.Find("activities:write")!], null, Actor.CommandLine);
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key.ToString());
        return client;
    }

    private Cookie SignedIn(string person)
    {
        var accounts = Services.GetRequiredService<AccountStore>();
        var account = accounts.Find(person) ?? throw new ArgumentException($"Nobody is called {person}.", nameof(person));
        var now = time.GetUtcNow();
        var ticket = new AuthenticationTicket(
            SignIn.Principal(account.Key, accounts.SignedIn(account.Key, account.Id)),
            new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now.AddDays(14) },
            CookieAuthenticationDefaults.AuthenticationScheme);
        var cookie = Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(CookieAuthenticationDefaults.AuthenticationScheme);
        return new() { Name = cookie.Cookie.Name!, Value = cookie.TicketDataFormat.Protect(ticket), Url = Address.ToString() };
    }

    private static async Task Keep(Visit visit)
    {
        var pictures = Directory.CreateDirectory(Path.Combine(Checkout.Root, ".artifacts/browser")).FullName;
        var number = Directory.GetFiles(pictures).Length + 1;
        try
        {
            await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(pictures, $"failed-{number}.png") });
        }
        catch (Exception e) when (e is PlaywrightException or TimeoutException)
        {
            // What failed is worth more than its picture.
        }
    }

    public async Task DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
        foreach (var each in (WebApplication[])[app, empty])
        {
            await each.StopAsync();
            await each.DisposeAsync();
        }
        database.Dispose();
        emptyDatabase.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>Tests that do something.</summary>
[CollectionDefinition(Name)]
public sealed class Browsing : ICollectionFixture<Installation>
{
    public const string Name = "browser";
}

/// <summary>Tests that only look at pages, beside the others: nothing comes and goes in the installation that they look at.</summary>
[CollectionDefinition(Name)]
public sealed class Looking : ICollectionFixture<Installation>
{
    public const string Name = "pages";
}
