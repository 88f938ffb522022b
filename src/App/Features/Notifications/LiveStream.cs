using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Threading.Channels;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Live;
using Laurel.Storage;

namespace Laurel.App.Features.Notifications;

/// <summary>
/// GET /live: server-sent events "award" {id} with the notice's number as event id, "changed" {topic}, and "ping" each 15 seconds.
/// A client that comes back says the last number it saw and is told what it missed.
/// </summary>
public sealed class LiveStream(LiveHub hub, Database database, AccountStore accounts, IHostApplicationLifetime host, TimeProvider time)
{
    /// <summary>The topic of a person's own badges, for news that are several at once.</summary>
    public const string MyAwards = "my-awards";

    // A browser shares one stream among its tabs; this leaves room for several browsers and for connections that died unnoticed.
    private const int MostPerPerson = 12;
    private const int MostReplayed = 50;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Return = TimeSpan.FromSeconds(2);

    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<LiveStream>();
        services.AddSingleton<LatestNews>(provider => person =>
        {
            using var connection = provider.GetRequiredService<Database>().Read();
            return ValueTask.FromResult(NoticeStore.Last(connection, person));
        });
    }

    public static IEndpointConventionBuilder MapLive(IEndpointRouteBuilder routes) =>
        routes.MapGet("/live", (HttpContext http, CurrentPerson person, LiveStream stream) => stream.Answer(http, person))
            .RequiresPermission(Permissions.LiveListen);

    private IResult Answer(HttpContext http, CurrentPerson person)
    {
        if (hub.CountOf(person.Key) >= MostPerPerson) return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        // Proxies that gather answers would hold the news back.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(
            News(person.Key, http.User.FindFirstValue(SignIn.StampClaim), After(http.Request), http.RequestAborted));
    }

    private static long? After(HttpRequest request)
    {
        var text = request.Headers["Last-Event-ID"].FirstOrDefault(value => !string.IsNullOrEmpty(value))
            ?? request.Query["after"].FirstOrDefault();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private async IAsyncEnumerable<SseItem<object>> News(
        long person, string? stamp, long? after, [EnumeratorCancellation] CancellationToken left)
    {
        // A stream that went on would hold up the stopping of the program until it is killed.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(left, host.ApplicationStopping);
        using var subscription = hub.Subscribe(person);
        // Subscribed before looking: what is committed in between is seen by one of the two.
        var last = after ?? Latest(person);
        yield return Ping(last);
        foreach (var item in Missed(person, ref last)) yield return item;

        var ready = subscription.Signals.WaitToReadAsync(end.Token).AsTask();
        using var beat = new PeriodicTimer(Beat, time);
        var ping = beat.WaitForNextTickAsync(end.Token).AsTask();
        while (await Next(ready, ping))
        {
            if (ready.IsCompleted)
            {
                var topics = Topics(subscription.Signals);
                if (subscription.TakeWaiting())
                {
                    if (Ended(person, stamp)) yield break;
                    foreach (var item in Missed(person, ref last)) yield return item;
                }
                foreach (var topic in topics) yield return new(new { topic }, "changed");
                ready = subscription.Signals.WaitToReadAsync(end.Token).AsTask();
            }
            if (ping.IsCompleted)
            {
                if (Ended(person, stamp)) yield break;
                yield return Ping(last);
                ping = beat.WaitForNextTickAsync(end.Token).AsTask();
            }
        }
    }

    // A session may end while its stream is open: a deactivated person, another password or role.
    private bool Ended(long person, string? stamp) =>
        accounts.Find(person) is not { Active: true } account || !string.Equals(account.Stamp, stamp, StringComparison.Ordinal);

    // Leaving is how a stream ends, not a failure.
    private static async Task<bool> Next(Task ready, Task ping) => (await Task.WhenAny(ready, ping)).IsCompletedSuccessfully;

    // A burst tells each topic once.
    private static HashSet<string> Topics(ChannelReader<LiveSignal> signals)
    {
        var topics = new HashSet<string>(StringComparer.Ordinal);
        while (signals.TryRead(out var signal))
            if (signal.Topic is { } topic) topics.Add(topic);
        return topics;
    }

    private List<SseItem<object>> Missed(long person, ref long last)
    {
        using var connection = database.Read();
        var items = new List<SseItem<object>>();
        var missed = NoticeStore.After(connection, person, last, MostReplayed + 1);
        if (missed.Count > MostReplayed)
        {
            // Too many to be told one by one: the page looks for all of them.
            last = NoticeStore.Last(connection, person);
            return [new(new { topic = MyAwards }, "changed") { EventId = Text(last) }];
        }
        foreach (var notice in missed)
        {
            last = notice.Number;
            items.Add(notice.Award is { } id
                ? new(new { id }, "award") { EventId = Text(last) }
                : new(new { topic = MyAwards }, "changed") { EventId = Text(last) });
        }
        return items;
    }

    private long Latest(long person)
    {
        using var connection = database.Read();
        return NoticeStore.Last(connection, person);
    }

    private static SseItem<object> Ping(long last) => new(new { }, "ping") { EventId = Text(last), ReconnectionInterval = Return };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
