using System.CommandLine;
using System.Data.Common;
using System.Diagnostics;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.ApiKeys;
using Laurel.App.Features.Imports;
using Laurel.App.Features.Serving;
using Laurel.App.Features.Settings;
using Laurel.App.Features.SigningIn;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Storage;

namespace Laurel.App.Features.Demo;

/// <summary><c>laurel demo</c>: a real history of contact-centre work, moved to end now, that goes on live.</summary>
public static class DemoVerb
{
    private const int Batch = 4_000;
    /// <summary>Who signs in as agent: the sample's busiest.</summary>
    private const string Agent = "sharon";
    private const string Leader = "leader-new-customers";

    /// <summary>In the order in which they are applied: the first one's site is everybody's.</summary>
    private static readonly string[] Samples = ["bank-calls", "incidents"];
    /// <summary>What only the demonstration has.</summary>
    private const string Extra = "demo";

    public static Command Command()
    {
        var database = new Option<string>("--database")
        {
            Description = "The demonstration's database file; made anew at every start.",
            DefaultValueFactory = _ => "data/demo.db",
            HelpName = "FILE",
        };
        var urls = ServeVerb.UrlsOption();
        var samples = new Option<string?>("--samples") { Description = "Folder of the samples.", HelpName = "FOLDER" };
        var command = new VerbCommand("demo", "Run Laurel on sample data: two public histories of contact-centre work.", "laurel demo")
        {
            database, urls, samples,
        };
        command.SetAction((arguments, cancel) => Run(
            arguments.GetValue(database)!, arguments.GetValue(urls)!, arguments.GetValue(samples) ?? DefaultSamples(), cancel));
        return command;
    }

    private static string DefaultSamples() =>
        Environment.GetEnvironmentVariable("LAUREL_SAMPLES") is { Length: > 0 } given
            ? given
            : Path.Combine(AppContext.BaseDirectory, "samples");

    private static async Task<int> Run(string path, string urls, string samples, CancellationToken cancel)
    {
        if (Samples.Append(Extra).Any(s => !File.Exists(Path.Combine(samples, s, "setup.yaml"))))
            return Verb.Refuse(
                $"there are no samples in {samples}; --samples names the folder samples of a checkout, or of where the program is");
        if (PostgresDatabase.IsAddress(path)) return Verb.Refuse("a demonstration makes its database anew at every start: it takes a file");
        if (Addresses.Refusal(urls) is { } refusal) return Verb.Refuse(refusal);
        using var owner = Verb.Own(path, ", or name another with --database");
        if (owner is null) return Verb.BadUsage;
        if (File.Exists(path) && !IsDemonstration(path))
            return Verb.Refuse(
                $"{path} is no demonstration's database, and a demonstration makes its own anew; name another with --database");
        foreach (var file in (string[])[path, path + "-wal", path + "-shm"]) File.Delete(file);
        using var database = Verb.Open(path);
        if (database is null) return Verb.BadUsage;
        database.Write((c, t) => c.Execute("INSERT INTO setting (name, value) VALUES ('demonstration', 'yes')", transaction: t));
        var clock = Stopwatch.StartNew();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var histories = await Task.WhenAll(Samples.Select(s =>
            Task.Run(() => DemoHistory.Read(Path.Combine(samples, s), now, withPresence: true), cancel)));
        var extra = DemoHistory.ReadSetup(Path.Combine(samples, Extra));
        Console.WriteLine(
            $"Read {histories.Sum(h => h.Past.Count):N0} activities in {clock.Elapsed.TotalSeconds:0.0} s; counting them ...");

        IReadOnlyList<IncomingActivity> rest = [.. histories.SelectMany(h => h.Rest).OrderBy(a => a.At)];
        await using var app = LaurelHost.Build(new LaurelOptions(database)
        {
            Urls = urls,
            Services = services => services
                .AddSingleton(new DemoMode(Agent, Leader, "demo-admin"))
                .AddHostedService(s => new DemoFeed(rest, s.GetRequiredService<Intake>(), TimeProvider.System)),
        });
        if (await Core.Run(database, TimeProvider.System,
            services => Fill(services, histories, extra, cancel)) is not Verb.Done and var exit)
            return exit;
        Console.WriteLine($"Counted, awarded and ready in {clock.Elapsed.TotalSeconds:0.0} s.");
        return await ServeVerb.Listen(app, urls, url => $"Laurel's demonstration stands at {url} (Ctrl+C stops it)", () => Invite(app),
            cancel);
    }

    /// <summary>Rules that count, then the past, then the achievements, whose history is then counted in one go.</summary>
    private static async Task<int> Fill(
        IServiceProvider services, IReadOnlyList<DemoHistory> histories, Setup extra, CancellationToken cancel)
    {
        foreach (var history in histories) Apply(services, Shared(history, histories) with { Achievements = [] });
        Apply(services, extra with { Achievements = [], Paths = [] });
        var intake = services.GetRequiredService<Intake>();
        var imports = ActivatorUtilities.CreateInstance<ImportStore>(services);
        foreach (var history in histories)
        {
            // So that the page of imports tells where it all came from.
            var number = imports.Begin(history.Source, history.Mapping, history.Files, "laurel demo");
            foreach (var batch in history.Past.Chunk(Batch)) await intake.Take([.. batch.Select(a => a with { Import = number })], cancel);
            imports.End(number, history.Past.Count, rejected: 0);
        }
        foreach (var history in histories) Apply(services, Shared(history, histories));
        DemoGoals.SetEarlier(services);
        Apply(services, extra);
        services.GetRequiredService<Database>().Write(DemoFirsts.CountFromTheBeginning);
        var done = Verb.Told(services.Settle());
        services.GetRequiredService<Database>().Write(DemoFeatured.Choose);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        services.GetRequiredService<Database>().Write(DemoProfiles.Tell(now, Agent, Leader));
        services.GetRequiredService<Database>().Write(DemoProfiles.GiveAddresses);
        DemoGoals.Set(services, Agent, Leader);
        return done;
    }

    /// <summary>Only what a demonstration has made is made anew.</summary>
    private static bool IsDemonstration(string path)
    {
        try
        {
            using var known = new SqliteDatabase(path);
            using var connection = known.Read();
            return connection.ExecuteScalar<string?>("SELECT value FROM setting WHERE name = 'demonstration'") is not null;
        }
        catch (DbException)
        {
            return false;
        }
    }

    private static void Apply(IServiceProvider services, Setup setup)
    {
        var problems = new YamlProblems("setup.yaml");
        ActivatorUtilities.CreateInstance<ApplySetup>(services).Run(setup, problems, Actor.File("demo"), plan: false);
        if (problems.Any) throw new InvalidDataException(string.Join('\n', problems.InOrder()));
    }

    /// <summary>Both samples stand in one organisation, on the first one's site.</summary>
    private static Setup Shared(DemoHistory history, IReadOnlyList<DemoHistory> all) =>
        history == all[0] ? history.Setup : history.Setup with { Sites = [], WeekStart = null };

    /// <summary>What to type to see a badge appear in the open page.</summary>
    private static void Invite(WebApplication app)
    {
        var key = app.Services.GetRequiredService<ApiKeyStore>()
            .Create("Demonstration", [ApiScope.Find("activities:write")!], null, Actor.CommandLine);
        Console.WriteLine($$$"""

            Sign in as agent, keep the page open, and in another terminal say hello for her:

              curl {{{app.Urls.First()}}}/api/v1/activities \
                -H 'Authorization: Bearer {{{key}}}' -H 'Content-Type: application/cloudevents+json' \
                -d '{"specversion":"1.0", "id":"'$(date +%s%N)'", "source":"terminal", "type":"hello",
                     "time":"'$(date -Is)'", "data":{"person":"{{{Agent}}}"}}'

            """);
    }
}
