using System.Text;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Work;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Laurel.App.Tests.Platform.Hosting;

/// <summary>The core without pages, on a database of its own, with a clock that stands still until it is set.</summary>
public sealed class CoreFixture : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("laurel-core-").FullName;
    private readonly bool ownsDatabase;
    private IHost host;

    private CoreFixture(DateTimeOffset now, Database? shared = null)
    {
        Time = new FakeTime(now);
        ownsDatabase = shared is null;
        Database = shared ?? TestDatabase.New(folder);
        host = Compose();
    }

    public FakeTime Time { get; }
    public Database Database { get; }
    public IServiceProvider Services => host.Services;

    public static async Task<CoreFixture> Start(DateTimeOffset now, string? setup = null)
    {
        var core = new CoreFixture(now);
        await core.host.StartAsync();
        if (setup is not null) core.Apply(setup);
        return core;
    }

    /// <summary>Another node on the same database, with the same time of day.</summary>
    public async Task<CoreFixture> Another()
    {
        var core = new CoreFixture(Time.GetUtcNow(), TestDatabase.Another(Database));
        await core.host.StartAsync();
        return core;
    }

    /// <summary>Stops and starts again, as after a restart: nothing that was remembered in memory is left.</summary>
    public async Task Restart()
    {
        await host.StopAsync();
        host.Dispose();
        host = Compose();
        await host.StartAsync();
    }

    public IReadOnlyList<SetupChange> Apply(string setup, bool plan = false)
    {
        var problems = new YamlProblems("setup.yaml");
        var read = new SetupReader(problems).Read(setup);
        problems.InOrder().ShouldBeEmpty();
        var changes = ActivatorUtilities.CreateInstance<ApplySetup>(Services).Run(read!, problems, Actor.File("setup.yaml"), plan);
        problems.InOrder().ShouldBeEmpty();
        return changes;
    }

    /// <summary>What is wrong with a setup file here, as "line:column: message"; nothing of it may have been applied.</summary>
    public IReadOnlyList<string> ProblemsOf(string setup)
    {
        var before = Contents();
        var problems = new YamlProblems("setup.yaml");
        if (new SetupReader(problems).Read(setup) is { } read)
            ActivatorUtilities.CreateInstance<ApplySetup>(Services).Run(read, problems, Actor.File("setup.yaml"), plan: false);
        Contents().ShouldBe(before);
        return [.. problems.InOrder().Select(p => $"{p.Line}:{p.Column}: {p.Message}")];
    }

    /// <summary>Every row of the database, in words.</summary>
    public string Contents()
    {
        using var c = Database.Read();
        var text = new StringBuilder();
        foreach (var table in c.Query<string>(TestDatabase.Tables).ToList())
        {
            text.Append(table).AppendLine(":");
            foreach (var row in c.Query($"SELECT * FROM {table}"))
                text.AppendLine(string.Join(" | ", ((IDictionary<string, object?>)row).Values));
        }
        return text.ToString();
    }

    public Task<IReadOnlyList<ItemResult>> Take(params IReadOnlyList<IncomingActivity> activities) =>
        Services.GetRequiredService<Intake>().Take(activities, CancellationToken.None);

    /// <summary>Runs all that is due; nothing of it may fail.</summary>
    public void Settle()
    {
        Services.Settle();
        var (due, failed) = Services.GetRequiredService<WorkRunner>().Pending();
        failed.ShouldBeEmpty();
        due.ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        if (ownsDatabase) TestDatabase.Drop(Database);
        else Database.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private IHost Compose()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(Database).AddSingleton<TimeProvider>(Time).AddCore();
        return builder.Build();
    }
}
