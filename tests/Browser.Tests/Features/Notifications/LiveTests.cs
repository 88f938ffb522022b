using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Laurel.Browser.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Laurel.Browser.Tests.Features.Notifications;

/// <summary>An activity comes in while a page is open. Each test has a person of its own.</summary>
[Collection(Browsing.Name)]
public sealed class LiveTests(Installation site)
{
    [Fact]
    public Task Award_while_a_page_is_open_appears_and_leads_to_its_celebration() => site.Visit(new("avi") { Motion = true }, async visit =>
    {
        await Open(visit);
        var before = await New(visit.Page);
        await Praise("avi");

        await Expect(Toast(visit.Page)).ToContainTextAsync("Kind Word");
        (await Toast(visit.Page).CountAsync()).ShouldBe(1);
        await Expect(visit.Page.Locator("#star .top-count")).ToHaveTextAsync((before + 1).ToString(CultureInfo.InvariantCulture));

        await Toast(visit.Page).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(visit.Heading).ToHaveTextAsync("Kind Word");
        visit.Here.ShouldMatch("^/(celebrate|moments)/");
        await Expect(visit.Page.Locator("canvas[data-confetti]")).ToBeAttachedAsync();
        await visit.Link("Back to work").ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(visit.Address.ToString());

        await visit.Open("/achievements/kind-word");
        await visit.Link("Replay the celebration").ClickAsync();
        await Expect(visit.Heading).ToHaveTextAsync("Kind Word");
        await visit.Link("See what counted").ClickAsync();
        await Expect(visit.Page.Locator("#counted .timeline-item")).ToHaveCountAsync(1);
    });

    /// <summary>Where a device asks for reduced motion nothing falls, and nothing that would is even fetched.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Celebration_is_played_again_where_motion_is_welcome_and_stands_still_where_not(bool motion) =>
        site.Visit(new(Installation.Agent) { Motion = motion }, async visit =>
        {
            await visit.Open($"/celebrate/{site.Award}");
            await visit.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            visit.Asked.Any(to => to.AbsolutePath.Contains("celebrate", StringComparison.Ordinal)
                && to.AbsolutePath.EndsWith(".js", StringComparison.Ordinal)).ShouldBe(motion);
            (await visit.Page.EvaluateAsync<int>("document.getAnimations().length") > 0).ShouldBe(motion);
            await Expect(visit.Link("Play it again")).ToBeVisibleAsync(new() { Visible = motion });
            if (!motion) return;
            await visit.Link("Play it again").ClickAsync();
            await Expect(visit.Heading).ToBeVisibleAsync();
            visit.Here.ShouldStartWith($"/celebrate/{site.Award}");
        });

    [Fact]
    public Task What_waited_for_the_end_of_quiet_hours_comes_as_one_toast() => site.Visit(new("idit"), async visit =>
    {
        await visit.Open("/notices/settings");
        await visit.Page.GetByLabel("Keep quiet hours").CheckAsync();
        foreach (var day in await visit.Page.Locator("input[name='In.Days']").AllAsync()) await day.CheckAsync();
        // In Jerusalem it is half past ten.
        await visit.Page.GetByLabel("Beginning").FillAsync("10:00");
        await visit.Page.GetByLabel("End").FillAsync("11:00");
        await visit.Button("Save").ClickAsync();
        await Expect(visit.Page.Locator(".note").Last).ToContainTextAsync("It is quiet now");
        await Open(visit);
        var before = await New(visit.Page);
        await Praise("idit");
        await Praise("idit");
        await Expect(visit.Page.Locator("#star .top-count")).ToHaveTextAsync((before + 2).ToString(CultureInfo.InvariantCulture));
        (await Toast(visit.Page).CountAsync()).ShouldBe(0);

        var second = await visit.Context.NewPageAsync();
        await second.GotoAsync("/notices/settings");
        await second.GetByLabel("Keep quiet hours").UncheckAsync();
        await second.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await visit.Page.BringToFrontAsync();
        await Expect(Toast(visit.Page)).ToContainTextAsync("2 notices have waited");
        await Toast(visit.Page).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(visit.Page.Locator(".notice")).ToHaveCountAsync(2);
    });

    /// <summary>A computer that was shut over night: its line breaks and stands again before anybody looks at the tab.</summary>
    [Fact]
    public async Task What_waited_comes_once_to_a_tab_that_nobody_looked_at_while_its_line_broke()
    {
        await using var wire = new Wire(site.Address);
        await site.Visit(new("naama") { By = wire.Address }, async visit =>
        {
            visit.Expect("net::ERR_");
            await Open(visit);
            await visit.Page.EvaluateAsync("""
                () => {
                  window.away = true;
                  Object.defineProperty(document, "hidden", { get: () => window.away });
                  window.heard = 0;
                  document.addEventListener("live:quiet", () => window.heard++);
                }
                """);
            await SaveHours(visit.Page, isQuiet: true);
            await Praise("naama");
            await Praise("naama");
            await SaveHours(visit.Page, isQuiet: false);
            await visit.Page.WaitForFunctionAsync("() => window.heard === 1");
            await visit.Page.RunAndWaitForResponseAsync(async () =>
            {
                wire.Cut();
                await visit.Page.WaitForFunctionAsync(
                    "() => fetch('/healthz').then(() => false, () => true)");
                wire.Mend();
            }, answer => IsStream(answer.Url));
            await visit.Page.WaitForFunctionAsync("() => window.heard === 2");
            await visit.Page.EvaluateAsync("""
                () => { window.away = false; document.dispatchEvent(new Event("visibilitychange")); }
                """);
            await Expect(Toast(visit.Page)).ToContainTextAsync("2 notices have waited");
            visit.Asked.Count(to => to.AbsolutePath.StartsWith("/moments/quiet/", StringComparison.Ordinal)).ShouldBe(1);
        });
    }

    /// <summary>Quiet hours around the morning in Jerusalem, or none, without leaving the page.</summary>
    private static Task SaveHours(IPage page, bool isQuiet) => page.EvaluateAsync("""
        async isQuiet => {
          const settings = new DOMParser().parseFromString(await (await fetch("/notices/settings")).text(), "text/html");
          const form = new FormData(settings.querySelector("form:has([name='In.From'])"));
          form.delete("In.Quiet");
          form.delete("In.Days");
          if (isQuiet) form.set("In.Quiet", "true");
          for (let day = 1; day <= 64; day *= 2) form.append("In.Days", day);
          form.set("In.From", "10:00");
          form.set("In.Until", "11:00");
          const answer = await fetch("/notices/settings", { method: "POST", body: new URLSearchParams(form) });
          if (!answer.url.endsWith("saved=true")) throw new Error("not saved");
        }
        """, isQuiet);

    [Fact]
    public Task Dismissed_toast_is_gone_and_never_took_the_focus() => site.Visit(new("moriah"), async visit =>
    {
        await Open(visit);
        await visit.Link("Skip to content").FocusAsync();
        await Praise("moriah");
        await Expect(Toast(visit.Page)).ToBeVisibleAsync();
        await Expect(visit.Link("Skip to content")).ToBeFocusedAsync();
        await visit.Button("Dismiss").ClickAsync();
        await Expect(Toast(visit.Page)).ToHaveCountAsync(0);
    });

    [Fact]
    public Task Two_tabs_share_one_stream_and_both_hear() => site.Visit(new("eli"), async visit =>
    {
        await Open(visit);
        var second = await visit.Context.NewPageAsync();
        await second.GotoAsync("/achievements");
        await Praise("eli");
        await Expect(Toast(visit.Page)).ToContainTextAsync("Kind Word");
        await Expect(Toast(second)).ToContainTextAsync("Kind Word");
        Streams(visit).ShouldBe(1);

        // When the tab that listens is closed, the other takes over.
        await second.Locator(".toast-close").ClickAsync();
        var listens = second.WaitForResponseAsync(answer => IsStream(answer.Url));
        await visit.Page.CloseAsync();
        await listens;
        Streams(visit).ShouldBe(2);
        await Praise("eli");
        await Expect(Toast(second)).ToContainTextAsync("Kind Word");
    });

    [Fact]
    public async Task Reconnected_page_is_told_what_it_missed()
    {
        await using var wire = new Wire(site.Address);
        await site.Visit(new("tova") { By = wire.Address }, async visit =>
        {
            visit.Expect("net::ERR_");
            await Open(visit);
            wire.Cut();
            await Praise("tova");
            await Praise("tova");
            (await Toast(visit.Page).CountAsync()).ShouldBe(0);

            wire.Mend();
            await Expect(Toast(visit.Page)).ToHaveCountAsync(2);
        });
    }

    [Fact]
    public async Task Page_says_that_the_connection_is_lost_for_as_long_as_it_is()
    {
        await using var wire = new Wire(site.Address);
        await site.Visit(new("roth") { By = wire.Address }, async visit =>
        {
            visit.Expect("net::ERR_");
            await Open(visit);
            var banner = visit.Page.Locator(".toast-lost");
            wire.Cut();
            await Expect(banner).ToContainTextAsync("The connection is lost.", new() { Timeout = 15_000 });
            wire.Mend();
            await Expect(banner).ToHaveCountAsync(0, new() { Timeout = 15_000 });
        });
    }

    [Fact]
    public Task Toast_whose_fetch_fails_once_comes_all_the_same() => site.Visit(new("yifat"), async visit =>
    {
        visit.Expect("net::ERR_");
        await Open(visit);
        var failed = 0;
        await visit.Page.RouteAsync(address => address.Contains("/moments/", StringComparison.Ordinal), route =>
            Interlocked.Increment(ref failed) == 1 ? route.AbortAsync() : route.ContinueAsync());
        await Praise("yifat");
        await Expect(Toast(visit.Page)).ToContainTextAsync("Kind Word");
        failed.ShouldBeGreaterThan(1);
    });

    [Fact]
    public Task Page_that_replaces_another_goes_on_where_that_one_stopped() => site.Visit(new("zohari"), async visit =>
    {
        await Open(visit);
        await Praise("zohari");
        await Expect(Toast(visit.Page)).ToBeVisibleAsync();
        // Nothing is told twice.
        await visit.Page.RunAndWaitForResponseAsync(() => visit.Open("/achievements"), answer => IsStream(answer.Url));
        await Praise("zohari");
        await Expect(Toast(visit.Page)).ToHaveCountAsync(1);
    });

    /// <summary>What changes after a page was made and before it listens is told it when it does.</summary>
    [Fact]
    public Task Board_that_changes_before_its_page_listens_is_shown_as_it_is_then() => site.Visit(new(Installation.Agent), async visit =>
    {
        var held = new TaskCompletionSource();
        await visit.Page.RouteAsync(IsStream, async route =>
        {
            await held.Task;
            await route.ContinueAsync();
        });
        await visit.Page.RunAndWaitForRequestAsync(() => visit.Open("/leaderboard?metric=praises&period=today"),
            request => IsStream(request.Url));
        var board = visit.Page.Locator("#board");
        await Expect(board).Not.ToContainTextAsync("Ieva Rasaitė");
        await Praise("darmon");
        held.SetResult();
        await Expect(board).ToContainTextAsync("Ieva Rasaitė");
    });

    /// <summary>Opens the start page and waits until it listens.</summary>
    private static Task Open(Visit visit) => visit.Page.RunAndWaitForResponseAsync(() => visit.Open("/"), answer => IsStream(answer.Url));

    private static bool IsStream(string url) => new Uri(url).AbsolutePath == "/live";

    private static int Streams(Visit visit) => visit.Asked.Count(to => to.AbsolutePath == "/live");

    private static ILocator Toast(IPage page) => page.Locator("#toasts .toast");

    /// <summary>The number at the star.</summary>
    private static async Task<int> New(IPage page)
    {
        var count = page.Locator("#star .top-count");
        return await count.CountAsync() == 0 ? 0 : int.Parse(await count.InnerTextAsync(), CultureInfo.InvariantCulture);
    }

    private int sent;

    private async Task Praise(string person)
    {
        using var desk = site.HelpDesk();
        var now = site.Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        var praise = $$$"""
            {"specversion":"1.0","id":"{{{person}}}-{{{++sent}}}","source":"help-desk","type":"praised","time":"{{{now}}}",
              "data":{"person":"{{{person}}}"}}
            """;
        using var body = new StringContent(praise, Encoding.UTF8);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        var answer = await desk.PostAsync("/api/v1/activities", body);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }
}
