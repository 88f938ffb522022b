using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Laurel.App.Features.ApiKeys;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Work;
using Laurel.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Laurel.App.Tests.Platform;

/// <summary>
/// The real application with a small floor (see <see cref="Floor"/>) on a database of its own in the temporary folder, listening on a
/// free port of the loopback.
/// <code>await using var app = await LaurelApp.Start(); var page = await app.Client.GetStringAsync("/healthz");</code>
/// </summary>
public sealed class LaurelApp : IAsyncDisposable
{
    private readonly string home;
    private readonly bool ownsDatabase;
    private readonly WebApplication running;

    private LaurelApp(string home, Database database, bool ownsDatabase, FakeTime time, WebApplication running)
    {
        (this.home, Database, this.ownsDatabase, Time, this.running) = (home, database, ownsDatabase, time, running);
        Address = new Uri(running.Urls.First());
        Client = NewClient();
    }

    public Database Database { get; }
    public FakeTime Time { get; }
    public Uri Address { get; }
    /// <summary>Keeps cookies, follows no redirects.</summary>
    public HttpClient Client { get; }
    public IServiceProvider Services => running.Services;

    /// <summary>
    /// One site in Vilnius; team Retention with its leader "leader" and the agents "agent" and "colleague", team Care with the agent
    /// "other", and "admin" without a team. Everybody's password is "correct horse battery".
    /// </summary>
    public static Task<LaurelApp> Start(Action<IServiceCollection>? services = null, FakeTime? time = null) => Start(true, services, time);

    /// <summary>An installation that nobody has set up yet.</summary>
    public static Task<LaurelApp> StartEmpty(Action<IServiceCollection>? services = null, FakeTime? time = null) =>
        Start(false, services, time);

    /// <summary>With the small floor, on a database that the caller disposes after it.</summary>
    public static Task<LaurelApp> StartOn(
        Database database, bool withFloor, Action<IServiceCollection>? services = null, FakeTime? time = null) =>
        Start(withFloor, services, time, database);

    private static async Task<LaurelApp> Start(
        bool withFloor, Action<IServiceCollection>? services, FakeTime? time, Database? given = null)
    {
        var folder = Directory.CreateTempSubdirectory("laurel-app-").FullName;
        time ??= FakeTime.Thursday();
        var database = given ?? TestDatabase.New(folder);
        if (withFloor) Floor.Lay(database, time.GetUtcNow().ToUnixTimeMilliseconds());
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
        // A node that begins to hear the others bids every page to look: tests that count what pages are told begin after it.
        // Two that share one Database are one node to the server: only the first of them ever hears.
        if (given is null)
            await app.Services.GetServices<IHostedService>().OfType<OtherNodes>().Single().Hears.WaitAsync(TimeSpan.FromSeconds(60));
        return new LaurelApp(folder, database, given is null, time, app);
    }

    /// <summary>
    /// Does all that is due; afterwards nothing of it is under way with the application either, which does it, too, whenever it wakes.
    /// </summary>
    public void Settle()
    {
        Services.Settle();
        Rest();
    }

    /// <summary>Without closing workdays.</summary>
    public void RunDue()
    {
        Services.GetRequiredService<WorkRunner>().RunDue();
        Rest();
    }

    /// <summary>Waits until the application has nothing in hand that is due.</summary>
    public void Rest()
    {
        var work = Services.GetRequiredService<WorkRunner>();
        SpinWait.SpinUntil(() => work.Pending().Due == 0, TimeSpan.FromSeconds(90))
            .ShouldBeTrue("In 90 seconds not all that is due was done.");
    }

    /// <summary>A browser of its own: separate cookies.</summary>
    public HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    /// <summary>A program that sends an API key with these scopes.</summary>
    public HttpClient WithKey(params IReadOnlyList<string> scopes)
    {
        var key = Services.GetRequiredService<ApiKeyStore>()
            .Create("Test", [.. scopes.Select(s => ApiScope.Find(s)!)], null, Actor.CommandLine);
        var client = NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", key.ToString());
        return client;
    }

    /// <summary>A browser in which the person is signed in, without the way through the sign-in page.</summary>
    public HttpClient SignIn(string personId)
    {
        var accounts = Services.GetRequiredService<AccountStore>();
        var account = accounts.Find(personId) ?? throw new ArgumentException($"Nobody is called {personId}.", nameof(personId));
        var now = Time.GetUtcNow();
        var ticket = new AuthenticationTicket(
            Laurel.App.Platform.Access.SignIn.Principal(account.Key, accounts.SignedIn(account.Key, account.Id)),
            new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now.AddDays(14) },
            CookieAuthenticationDefaults.AuthenticationScheme);
        var cookie = Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(CookieAuthenticationDefaults.AuthenticationScheme);
        var jar = new CookieContainer();
        jar.Add(Address, new Cookie(cookie.Cookie.Name!, cookie.TicketDataFormat.Protect(ticket)));
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = jar }) { BaseAddress = Address };
    }

    /// <summary>Loads the page, fills its form in and posts it, as a browser without script does.</summary>
    /// <param name="form">Value of the form's action attribute, or of its hidden _handler field; null for the first form in main.</param>
    public static async Task<HttpResponseMessage> Post(HttpClient browser, string page, string? form,
        params IEnumerable<(string Name, string Value)> fields)
    {
        var html = await browser.GetStringAsync(page);
        var document = await new HtmlParser().ParseDocumentAsync(html);
        var found = document.QuerySelectorAll("form").OfType<IHtmlFormElement>().FirstOrDefault(f =>
            form is null ? f.Closest("main") is not null && f.GetAttribute("method") == "post"
            : f.GetAttribute("action") == form || f.QuerySelector("input[name=_handler]")?.GetAttribute("value") == form)
            ?? throw new InvalidOperationException($"{page} has no form {form}:\n{html}");
        var hidden = found.QuerySelectorAll("input[type=hidden][name]")
            .Where(i => !fields.Any(f => f.Name == i.GetAttribute("name")))
            .Select(i => KeyValuePair.Create(i.GetAttribute("name")!, i.GetAttribute("value") ?? ""));
        var values = hidden.Concat(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        return await browser.PostAsync(found.GetAttribute("action") ?? page, new FormUrlEncodedContent(values));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await running.StopAsync();
        await running.DisposeAsync();
        if (ownsDatabase) TestDatabase.Drop(Database);
        Directory.Delete(home, recursive: true);
    }
}
