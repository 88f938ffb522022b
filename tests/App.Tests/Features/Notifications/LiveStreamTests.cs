using System.Net;
using System.Net.ServerSentEvents;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Access;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Notifications;

public sealed class LiveStreamTests
{
    [Fact]
    public async Task Live_nobody_is_refused()
    {
        await using var app = await LaurelApp.Start();
        app.Client.DefaultRequestHeaders.Accept.ParseAdd("text/event-stream");
        (await app.Client.GetAsync("/live")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Live_award_and_topic_arrive_and_a_gap_is_made_up_for()
    {
        await using var app = await LaurelApp.Start();
        var hub = app.Services.GetRequiredService<LiveHub>();

        await using (var stream = await Listener.Open(app, after: null))
        {
            (await stream.Next()).ShouldBe(("ping", "{}", "0"));
            Award(app, hub, 41);
            (await stream.Next()).ShouldBe(("award", """{"id":41}""", "1"));
            (await stream.Next()).ShouldBe(("changed", Topic(app, "awards"), "1"));
            hub.Changed("boards");
            (await stream.Next()).ShouldBe(("changed", Topic(app, "boards"), "1"));
        }

        Award(app, hub, 42);
        await using var again = await Listener.Open(app, after: "1");
        (await again.Next()).Kind.ShouldBe("ping");
        (await again.Next()).ShouldBe(("award", """{"id":42}""", "2"));
    }

    [Fact]
    public async Task Live_gap_of_more_than_fifty_is_told_as_one_and_ends_at_the_newest()
    {
        await using var app = await LaurelApp.Start();
        var hub = app.Services.GetRequiredService<LiveHub>();
        for (var award = 1; award <= 60; award++) Award(app, hub, award);
        await using var stream = await Listener.Open(app, after: "3");
        (await stream.Next()).Kind.ShouldBe("ping");
        (await stream.Next()).ShouldBe(("changed", """{"topic":"my-awards"}""", "60"));
        Award(app, hub, 61);
        (await stream.Next()).ShouldBe(("award", """{"id":61}""", "61"));
    }

    [Fact]
    public async Task Live_stream_ends_with_its_session()
    {
        await using var app = await LaurelApp.Start();
        await using var stream = await Listener.Open(app, after: null);
        (await stream.Next()).Kind.ShouldBe("ping");
        app.Database.Write((c, t) => c.Execute("UPDATE person SET active = 0 WHERE id = 'agent'", transaction: t));
        Award(app, app.Services.GetRequiredService<LiveHub>(), 41);
        await stream.Ended();
    }

    [Fact]
    public async Task Live_open_stream_does_not_hold_up_stopping()
    {
        var app = await LaurelApp.Start();
        var stream = await Listener.Open(app, after: null);
        await stream.Next();
        await app.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        await stream.DisposeAsync();
    }

    /// <summary>A page that was made before a topic changed and listens after it: the news is told again, that of before is not.</summary>
    [Fact]
    public async Task Live_topic_that_changed_while_a_page_travelled_is_told()
    {
        await using var app = await LaurelApp.Start();
        var hub = app.Services.GetRequiredService<LiveHub>();
        hub.Changed("boards");
        app.Time.Advance(TimeSpan.FromSeconds(30));
        var made = app.Time.GetUtcNow().ToUnixTimeMilliseconds();
        hub.Changed("backfill");
        var told = Topic(app, "backfill");
        app.Time.Advance(TimeSpan.FromSeconds(1));

        await using var stream = await Listener.Open(app, after: null, since: made);
        (await stream.Next()).Kind.ShouldBe("ping");
        (await Told()).ShouldBe(told);
        hub.Changed("goals");
        (await Told()).ShouldBe(Topic(app, "goals"));

        // A node that begins to hear the others tells two topics of its own at a moment of its own.
        async Task<string> Told()
        {
            while (true)
                if ((await stream.Next()).Data is var data && !data.Contains("\"awards\"", StringComparison.Ordinal)
                    && !data.Contains("\"metric:", StringComparison.Ordinal)) return data;
        }
    }

    private static string Topic(LaurelApp app, string topic) =>
        $$"""{"topic":"{{topic}}","at":{{app.Time.GetUtcNow().ToUnixTimeMilliseconds()}}}""";

    private static void Award(LaurelApp app, LiveHub hub, long award)
    {
        NewAward made = new(award, new PersonKey(app.Services.GetRequiredService<AccountStore>().Find("agent")!.Key), new AchievementKey(1),
            app.Time.GetUtcNow().ToUnixTimeMilliseconds());
        app.Database.Write((connection, transaction) => NoticeStore.Tell(connection, transaction, [made], made.EarnedAt));
        hub.Awarded([made]);
    }

    private sealed class Listener : IAsyncDisposable
    {
        private readonly HttpResponseMessage answer;
        private readonly IAsyncEnumerator<SseItem<string>> items;
        private readonly SseParser<string> parser;
        private bool hasBegun;

        private Listener(HttpResponseMessage answer, SseParser<string> parser) =>
            (this.answer, this.parser, items) = (answer, parser, parser.EnumerateAsync().GetAsyncEnumerator());

        public static async Task<Listener> Open(LaurelApp app, string? after, long? since = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, since is null ? "/live" : $"/live?since={since}");
            if (after is not null) request.Headers.Add("Last-Event-ID", after);
            var opened = await app.SignIn("agent").SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            opened.EnsureSuccessStatusCode();
            return new(opened, SseParser.Create(await opened.Content.ReadAsStreamAsync()));
        }

        /// <summary>The ping with which it begins, then news: on a slow machine a beat comes in between.</summary>
        public async Task<(string Kind, string Data, string Last)> Next()
        {
            do (await items.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeTrue();
            while (hasBegun && items.Current.EventType == "ping");
            hasBegun = true;
            return (items.Current.EventType, items.Current.Data, parser.LastEventId);
        }

        public async Task Ended() => (await items.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeFalse();

        // An enumeration that waits for news cannot be disposed of: closing the connection ends it.
        public ValueTask DisposeAsync()
        {
            answer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
