using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Laurel.Bench;

/// <summary>A database of its own with the workload's rules, on the same disk for everybody who is measured.</summary>
internal sealed class BenchCore : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("laurel-bench-").FullName;
    private readonly IHost host;

    private BenchCore(Database? given, TimeProvider time)
    {
        Database = given ?? new SqliteDatabase(Path.Combine(folder, "bench.db"));
        Database.Migrate();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<Database>(Database).AddSingleton(time).AddCore();
        host = builder.Build();
    }

    public Database Database { get; }
    public IServiceProvider Services => host.Services;
    public Intake Intake => Services.GetRequiredService<Intake>();
    public BatchWriter Writer => Services.GetRequiredService<BatchWriter>();

    /// <summary>UTC milliseconds.</summary>
    public long Now => Services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Where the workload's time begins, so that it ends before now; the same for all that are compared.</summary>
    public static long Begin { get; } = TimeProvider.System.GetUtcNow().AddDays(-20).ToUnixTimeMilliseconds();

    /// <param name="given">Another database than a file of its own; it is closed with the core.</param>
    /// <param name="setup">Other rules than the workload's; none where it is empty.</param>
    /// <param name="time">Another clock than the system's.</param>
    public static async Task<BenchCore> Start(Database? given = null, string? setup = null, TimeProvider? time = null)
    {
        var core = new BenchCore(given, time ?? TimeProvider.System);
        await core.host.StartAsync();
        if (setup is not "") core.Apply(setup ?? Workload.Setup());
        return core;
    }

    public void Apply(string yaml)
    {
        var problems = new YamlProblems("bench");
        var setup = new SetupReader(problems).Read(yaml)!;
        ActivatorUtilities.CreateInstance<ApplySetup>(Services).Run(setup, problems, Actor.File("bench"), plan: false);
        if (problems.Any) throw new InvalidOperationException(string.Join('\n', problems.InOrder()));
        Services.Settle();
    }

    /// <summary>One transaction, committed when it returns.</summary>
    public void Take(IReadOnlyList<IncomingActivity> batch) => Database.Write((c, t) => Writer.Take(c, t, batch));

    /// <summary>Bytes on disk, the log included.</summary>
    public long Size => new DirectoryInfo(folder).GetFiles().Sum(f => f.Length);

    public long Scalar(string sql)
    {
        using var connection = Database.Read();
        return connection.ExecuteScalar<long>(sql);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        Database.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
