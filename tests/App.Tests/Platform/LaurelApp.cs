using Laurel.App.Platform.Hosting;
using Laurel.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Laurel.App.Tests.Platform;

/// <summary>
/// The real application on a database of its own in the temporary folder, listening on a free port of the loopback.
/// <code>await using var app = await LaurelApp.Start(); var page = await app.Client.GetStringAsync("/healthz");</code>
/// </summary>
public sealed class LaurelApp : IAsyncDisposable
{
    private readonly string home;
    private readonly WebApplication running;

    private LaurelApp(string home, Database database, FakeTime time, WebApplication running)
    {
        (this.home, Database, Time, this.running) = (home, database, time, running);
        Address = new Uri(running.Urls.First());
        Client = NewClient();
    }

    public Database Database { get; }
    public FakeTime Time { get; }
    public Uri Address { get; }
    /// <summary>Keeps cookies, follows no redirects.</summary>
    public HttpClient Client { get; }
    public IServiceProvider Services => running.Services;

    public static async Task<LaurelApp> Start(Action<IServiceCollection>? services = null, FakeTime? time = null)
    {
        var folder = Directory.CreateTempSubdirectory("laurel-app-").FullName;
        time ??= FakeTime.Thursday();
        var database = new SqliteDatabase(Path.Combine(folder, "laurel.db"));
        var app = LaurelHost.Build(new LaurelOptions(database)
        {
            Urls = "http://127.0.0.1:0",
            Time = time,
            Services = all =>
            {
                all.AddLogging(log => log.SetMinimumLevel(LogLevel.Warning));
                services?.Invoke(all);
            },
        });
        await app.StartAsync();
        return new LaurelApp(folder, database, time, app);
    }

    /// <summary>A browser of its own: separate cookies.</summary>
    public HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await running.StopAsync();
        await running.DisposeAsync();
        Database.Dispose();
        Directory.Delete(home, recursive: true);
    }
}
