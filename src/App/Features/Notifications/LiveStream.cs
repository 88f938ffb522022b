using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Live;
using Laurel.Storage;
using Microsoft.AspNetCore.Http.Features;

namespace Laurel.App.Features.Notifications;

/// <summary>
/// GET /live: server-sent events "award" {id} and "notice" {number, key} with the notice's number as event id, "quiet" {number} for what
/// came in quiet hours, told together afterwards, "changed" {topic, at}, and "ping" each 15 seconds. What the person does not want to be
/// told by toasts, or waits for the end of quiet hours, only changes the topic of the own notices.
/// A client that comes back says the last number it saw, and since when it knows the rest, and is told what it missed.
/// </summary>
public sealed class LiveStream(LiveHub hub, Database database, AccountStore accounts, CatchUps catchUps)
{
    /// <summary>The topic of a person's own badges, for news that are several at once.</summary>
    public const string MyAwards = "my-awards";

    // A browser shares one stream among its tabs; this leaves room for several browsers and for connections that died unnoticed.
    private const int MostPerPerson = 12;
    private const int MostReplayed = 50;
    /// <summary>By how much clocks of nodes may differ: what is told twice does no harm.</summary>
    private const long BetweenNodes = 2_000;
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

    private async Task Answer(HttpContext http, CurrentPerson person)
    {
        if (hub.CountOf(person.Key) >= MostPerPerson)
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache,no-store";
        // Proxies that gather answers would hold the news back.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        using var subscription = hub.Subscribe(person.Key);
        await using var leaving = http.RequestAborted.UnsafeRegister(gone => ((Subscription)gone!).End(), subscription);
        try
        {
            await Tell(subscription, http.Response.BodyWriter, http.User.FindFirstValue(SignIn.StampClaim), After(http.Request),
                Since(http.Request));
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            // Leaving is how a stream ends, not a failure.
        }
    }

    private static long? After(HttpRequest request) => Number(
        request.Headers["Last-Event-ID"].FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? request.Query["after"].FirstOrDefault());

    private long? Since(HttpRequest request) => Number(request.Query["since"].FirstOrDefault()) is { } at
        ? at - (database.Dialect.IsShared ? BetweenNodes : 0) : null;

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private async Task Tell(Subscription subscription, PipeWriter page, string? stamp, long? after, long? since)
    {
        var person = subscription.Person;
        // Subscribed before looking: what is committed in between is seen by one of the two.
        var (last, shown) = (after ?? Latest(person), 0L);
        catchUps.Look(person);
        Ping(page, last);
        Missed(page, person, ref last, ref shown);
        if (since is { } made)
            foreach (var topic in hub.ToldSince(made)) page.Write(topic.Event.Span);
        await page.FlushAsync();
        while (await subscription.Wait())
        {
            var news = subscription.Take();
            if ((news.Notices || news.Beat) && Ended(person, stamp)) return;
            if (news.Notices) Missed(page, person, ref last, ref shown);
            foreach (var topic in news.Topics) page.Write(topic.Event.Span);
            if (news.Beat) Ping(page, last);
            if ((await page.FlushAsync()).IsCompleted) return;
        }
    }

    // A session may end while its stream is open: a deactivated person, another password or role.
    private bool Ended(long person, string? stamp) =>
        accounts.Find(person) is not { Active: true } account || !string.Equals(account.Stamp, stamp, StringComparison.Ordinal);

    private void Missed(PipeWriter page, long person, ref long last, ref long shown)
    {
        using var connection = database.Read();
        var missed = NoticeStore.After(connection, person, last, MostReplayed + 1);
        if (missed.Count > MostReplayed)
        {
            // Too many to be told one by one: the page looks for all of them.
            last = NoticeStore.Last(connection, person);
            Write(page, "changed", new { topic = MyAwards }, last);
        }
        else if (missed.Count > 0)
        {
            var wanted = NoticePreferences.Of(connection, person);
            foreach (var notice in missed)
            {
                last = notice.Number;
                if (notice.Quiet is not null || !wanted.Has(NoticeChannel.Toast, NoticeKind.Of(notice.Kind)))
                    Write(page, "changed", new { topic = MyAwards }, last);
                else if (notice.Award is { } award) Write(page, "award", new { id = award }, last);
                else Write(page, "notice", new { number = last, key = notice.Kind }, last);
            }
        }
        foreach (var number in CatchUps.Unshown(connection, person))
        {
            if (number <= shown) continue;
            shown = number;
            Write(page, "quiet", new { number }, last);
        }
    }

    private long Latest(long person)
    {
        using var connection = database.Read();
        return NoticeStore.Last(connection, person);
    }

    private static void Ping(PipeWriter page, long last)
    {
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {Return.TotalMilliseconds:0}\n"), page);
        Write(page, "ping", new { }, last);
    }

    private static void Write(PipeWriter page, string kind, object data, long number) =>
        Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"event: {kind}\ndata: {JsonSerializer.Serialize(data)}\nid: {number}\n\n"), page);
}
