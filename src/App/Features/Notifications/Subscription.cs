using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Tasks.Sources;

namespace Laurel.App.Features.Notifications;

/// <summary>A topic that changed, written once for all who hear of it.</summary>
/// <param name="at">When, in Unix milliseconds by this node's clock.</param>
public sealed class LiveTopic(string name, long at)
{
    public string Name { get; } = name;

    /// <summary>The event as it goes over the line.</summary>
    public ReadOnlyMemory<byte> Event { get; } =
        System.Text.Encoding.UTF8.GetBytes($"event: changed\ndata: {JsonSerializer.Serialize(new { topic = name, at })}\n\n");
}

/// <summary>What a subscriber has heard since the last look.</summary>
/// <param name="Notices">Whether notices were announced.</param>
/// <param name="Beat">Whether it is time to say that the line is open.</param>
public readonly record struct News(IReadOnlyList<LiveTopic> Topics, bool Notices, bool Beat);

/// <summary>
/// One open stream. Thousands of them wait most of the time, so that waiting costs next to nothing: no task, no timer and no queue of
/// their own. Never content: only that something may be worth a look.
/// </summary>
public sealed class Subscription(LiveHub hub, long person, int share) : IValueTaskSource<bool>, IDisposable
{
    private const int MostTopics = 64;

    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<bool> source = new() { RunContinuationsAsynchronously = true };
    private List<LiveTopic>? topics;
    private bool notices, beat, ended, waits;

    public long Person { get; } = person;

    /// <summary>Which share of the subscribers hears a beat at the same time.</summary>
    internal int Share { get; } = share;

    /// <summary>Waits until there is something to <see cref="Take"/>; false when it has ended. One waits at a time.</summary>
    public ValueTask<bool> Wait()
    {
        lock (gate)
        {
            if (ended) return new(false);
            if (topics is { Count: > 0 } || notices || beat) return new(true);
            source.Reset();
            waits = true;
            return new(this, source.Version);
        }
    }

    public News Take()
    {
        lock (gate)
        {
            var news = new News(topics ?? (IReadOnlyList<LiveTopic>)[], notices, beat);
            (topics, notices, beat) = (null, false, false);
            return news;
        }
    }

    /// <summary>A burst tells each topic once; of too many the oldest go.</summary>
    internal void Offer(LiveTopic topic)
    {
        lock (gate)
        {
            topics ??= new(1);
            foreach (var known in CollectionsMarshal.AsSpan(topics))
                if (string.Equals(known.Name, topic.Name, StringComparison.Ordinal)) return;
            if (topics.Count == MostTopics) topics.RemoveAt(0);
            topics.Add(topic);
            Release(goesOn: true);
        }
    }

    /// <summary>Kept apart from topics, so that none of those pushes it out.</summary>
    internal void OfferNotices()
    {
        lock (gate)
        {
            notices = true;
            Release(goesOn: true);
        }
    }

    internal void OfferBeat()
    {
        lock (gate)
        {
            beat = true;
            Release(goesOn: true);
        }
    }

    public void End()
    {
        lock (gate)
        {
            ended = true;
            Release(goesOn: false);
        }
    }

    private void Release(bool goesOn)
    {
        if (!waits) return;
        waits = false;
        source.SetResult(goesOn);
    }

    public void Dispose() => hub.Leave(this);

    bool IValueTaskSource<bool>.GetResult(short token) => source.GetResult(token);
    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => source.GetStatus(token);
    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}
