#if !DEBUG
using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Laurel.Browser.Tests.Platform.Http;

/// <summary>
/// What a page costs on the wire, counted by the browser. Not in a debug build, for which the SDK stores files without compressing them.
/// </summary>
[Collection(Looking.Name)]
public sealed class WeightTests(Installation site)
{
    private const int Kilobyte = 1024;

    public static TheoryData<string> Routes => [.. Place.All.Where(place => place.Route != "/style").Select(place => place.Name)];

    [Theory]
    [MemberData(nameof(Routes))]
    public Task Page_keeps_its_budgets(string route) => Weigh(Place.Of(route), Place.Of(route).Visitor, null);

    /// <summary>More badges are in sight, and Lithuanian needs more letters.</summary>
    [Theory]
    [InlineData("/")]
    [InlineData("/achievements")]
    [InlineData("/leaderboard")]
    public Task Page_keeps_its_budgets_on_a_large_screen_in_Lithuanian(string route) =>
        Weigh(Place.Of(route), Place.Of(route).Visitor with { Language = "lt-LT" }, (1920, 1080));

    private Task Weigh(Place place, Visitor visitor, (int Width, int Height)? screen)
    {
        return site.Visit(visitor, async visit =>
        {
            if (screen is { } size) await visit.Page.SetViewportSizeAsync(size.Width, size.Height);
            await visit.Page.AddInitScriptAsync(CountShifts);
            var cdp = await visit.Context.NewCDPSessionAsync(visit.Page);
            var types = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
            var weights = new ConcurrentQueue<(string Request, long Bytes)>();
            var onTheWay = new ConcurrentDictionary<string, (string Page, string Address)>(StringComparer.Ordinal);
            var pages = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
            var page = "";
            // Nothing to dispose: the browser goes on telling while the page is closed, and who throws then ends the connection to it.
            var ended = Channel.CreateUnbounded<string>();
            void End(string request)
            {
                onTheWay.TryRemove(request, out _);
                ended.Writer.TryWrite(request);
            }
            cdp.Event("Network.requestWillBeSent").OnEvent += (_, told) =>
            {
                if (told is not { } sent) return;
                var (type, loader) = (sent.GetProperty("type").GetString(), sent.GetProperty("loaderId").GetString()!);
                if (type == "Document") page = loader;
                // The live stream has no end.
                if (type == "EventSource") return;
                var request = sent.GetProperty("requestId").GetString()!;
                pages[request] = loader;
                onTheWay[request] = (loader, sent.GetProperty("request").GetProperty("url").GetString()!);
            };
            cdp.Event("Network.loadingFailed").OnEvent += (_, told) =>
            {
                if (told is { } failed) End(failed.GetProperty("requestId").GetString()!);
            };
            cdp.Event("Network.responseReceived").OnEvent += (_, told) =>
            {
                if (told is { } response) types[response.GetProperty("requestId").GetString()!] = response.GetProperty("type").GetString()!;
            };
            cdp.Event("Network.loadingFinished").OnEvent += (_, told) =>
            {
                if (told is not { } finished) return;
                var request = finished.GetProperty("requestId").GetString()!;
                weights.Enqueue((request, (long)finished.GetProperty("encodedDataLength").GetDouble()));
                End(request);
            };
            await cdp.SendAsync("Network.enable");
            // Of the page that is open: one that was left may get an answer after that.
            long Sum(string? type = null) => weights
                .Where(w => pages.GetValueOrDefault(w.Request) == page && (type is null || types.GetValueOrDefault(w.Request) == type))
                .Sum(w => w.Bytes);

            await Load();
            var all = string.Join(", ", types.Values.Distinct().Select(type => $"{type} {Sum(type):N0}"));
            Sum().ShouldBeLessThanOrEqualTo(200 * Kilobyte, $"cold: {all}");
            Sum("Script").ShouldBeLessThanOrEqualTo(10 * Kilobyte);
            Sum("Stylesheet").ShouldBeLessThanOrEqualTo(16 * Kilobyte);
            (await visit.Page.EvaluateAsync<double>("window.shifted")).ShouldBeLessThanOrEqualTo(0.02);

            // What the first look set going would bring the page once more.
            await site.Rest();
            weights.Clear();
            await Load();
            Sum()
                .ShouldBeLessThanOrEqualTo(15 * Kilobyte,
                $"warm: {string.Join(", ", types.Values.Distinct().Select(type => $"{type} {Sum(type):N0}"))}");

            async Task<bool> Ended()
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
                try
                {
                    await ended.Reader.ReadAsync(patience.Token);
                    return true;
                }
                catch (OperationCanceledException)
                {
                    return false;
                }
            }

            async Task Load()
            {
                await visit.Open(place.In(site), place.Status);
                await visit.Page.EvaluateAsync(AllIsThere);
                // Of what a page that was left had asked for, no end is told.
                while (onTheWay.Values.Where(request => request.Page == page).Select(request => request.Address).ToList() is { Count: > 0 })
                    if (!await Ended()) break;
            }
        });
    }

    private const string CountShifts = """
        window.shifted = 0;
        new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.shifted += e.value; })
          .observe({ type: "layout-shift", buffered: true });
        """;

    /// <summary>Fonts, and the pictures in sight; those near it, which the browser fetches too, are waited for on the wire.</summary>
    private const string AllIsThere = """
        async () => {
          await document.fonts.ready;
          const inSight = [...document.images].filter(i => {
            const b = i.getBoundingClientRect();
            return b.width && b.top < innerHeight && b.left < innerWidth;
          });
          await Promise.all(inSight.map(i => i.complete || new Promise(done => { i.onload = i.onerror = done; })));
        }
        """;
}
#endif
