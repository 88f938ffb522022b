using System.Collections.Concurrent;
using System.Threading.Channels;
using Laurel.App.Features.Achievements;

namespace Laurel.App.Features.Notifications;

/// <summary>Something an open page may want to know: a topic that changed, or that notices are waiting. Never content.</summary>
public readonly record struct LiveSignal(string? Topic);

/// <summary>
/// Tells the open pages of this node what has been committed. A subscriber that does not keep up loses signals, not awards:
/// those are read from the notices by number.
/// </summary>
public sealed class LiveHub
{
    private readonly ConcurrentDictionary<Subscription, byte> subscriptions = new();

    /// <summary>A topic that changed by what this node did, for those who tell other nodes.</summary>
    public Action<string>? Said { get; set; }

    public Subscription Subscribe(long person)
    {
        var subscription = new Subscription(this, person);
        subscriptions[subscription] = 0;
        return subscription;
    }

    /// <summary>People with new notices look for them; boards of badges have changed for everybody.</summary>
    public void Awarded(IReadOnlyCollection<NewAward> awards)
    {
        // Other nodes hear of them from the transaction that made them.
        if (awards.Count > 0) HeardAwards(awards.Select(a => a.Person.Value).ToHashSet());
    }

    public void Changed(string topic)
    {
        Heard(topic);
        Said?.Invoke(topic);
    }

    /// <summary>The same, of what another node did.</summary>
    public void HeardAwards(IReadOnlySet<long> people)
    {
        foreach (var subscription in subscriptions.Keys)
            if (people.Contains(subscription.Person)) subscription.Offer(new(null));
        Heard("awards");
    }

    public void Heard(string topic)
    {
        foreach (var subscription in subscriptions.Keys) subscription.Offer(new(topic));
    }

    /// <summary>What other nodes did may have been missed: everybody looks for notices.</summary>
    public void Missed()
    {
        foreach (var subscription in subscriptions.Keys) subscription.Offer(new(null));
        Heard("awards");
    }

    public int Count => subscriptions.Count;

    public int CountOf(long person) => subscriptions.Keys.Count(subscription => subscription.Person == person);

    /// <summary>One open stream.</summary>
    public sealed class Subscription(LiveHub hub, long person) : IDisposable
    {
        private readonly Channel<LiveSignal> signals = Channel.CreateBounded<LiveSignal>(
            new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        private volatile int waiting;

        public long Person { get; } = person;
        public ChannelReader<LiveSignal> Signals => signals.Reader;

        /// <summary>
        /// Whether notices were announced since the last look; kept apart from topics, so that none of those pushes it out.
        /// </summary>
        public bool TakeWaiting() => Interlocked.Exchange(ref waiting, 0) == 1;

        internal void Offer(LiveSignal signal)
        {
            if (signal.Topic is null) waiting = 1;
            signals.Writer.TryWrite(signal);
        }

        public void Dispose() => hub.subscriptions.TryRemove(this, out _);
    }
}
