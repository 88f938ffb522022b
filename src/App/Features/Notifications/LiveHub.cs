using System.Collections.Concurrent;
using Laurel.App.Features.Achievements;

namespace Laurel.App.Features.Notifications;

/// <summary>
/// Tells the open pages of this node what has been committed. A subscriber that does not keep up loses topics, not awards: those are
/// read from the notices by number.
/// </summary>
public sealed class LiveHub : IDisposable
{
    /// <summary>How often each subscriber hears that the line is open.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);
    private const int Beats = 15;

    private readonly ConcurrentDictionary<Subscription, byte> subscriptions = new();
    /// <summary>When each topic was last told, in Unix milliseconds. There are not more than metrics and a few others.</summary>
    private readonly ConcurrentDictionary<string, long> told = new(StringComparer.Ordinal);
    private readonly TimeProvider time;
    private readonly ITimer beating;
    private readonly CancellationTokenRegistration stopping;
    private int beat, subscribed;
    private volatile bool isEnded;

    public LiveHub(TimeProvider time, IHostApplicationLifetime host)
    {
        this.time = time;
        // A share of them each time, so that thousands of pages are not written to at once.
        beating = time.CreateTimer(_ => HearBeat(), null, Beat / Beats, Beat / Beats);
        // Streams that went on would hold up the stopping of the program until it is killed.
        stopping = host.ApplicationStopping.Register(End);
    }

    /// <summary>A topic that changed by what this node did, for those who tell other nodes.</summary>
    public Action<string>? Said { get; set; }

    public Subscription Subscribe(long person)
    {
        var subscription = new Subscription(this, person, (int)((uint)Interlocked.Increment(ref subscribed) % Beats));
        subscriptions[subscription] = 0;
        if (isEnded) subscription.End();
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
        foreach (var (subscription, _) in subscriptions)
            if (people.Contains(subscription.Person)) subscription.OfferNotices();
        Heard("awards");
    }

    /// <summary>A person's notices are read, or unread again: the own pages count anew.</summary>
    public void HeardRead(long person)
    {
        var said = new LiveTopic(LiveStream.MyAwards, time.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var (subscription, _) in subscriptions)
            if (subscription.Person == person) subscription.Offer(said);
    }

    public void Heard(string topic)
    {
        var now = told[topic] = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (subscriptions.IsEmpty) return;
        var said = new LiveTopic(topic, now);
        foreach (var (subscription, _) in subscriptions) subscription.Offer(said);
    }

    /// <summary>What changed since a moment: a page that was made then says so when its stream begins.</summary>
    /// <param name="since">In Unix milliseconds.</param>
    public IEnumerable<LiveTopic> ToldSince(long since) =>
        told.Where(topic => topic.Value >= since).Select(topic => new LiveTopic(topic.Key, topic.Value));

    /// <summary>What other nodes did may have been missed: everybody looks for notices.</summary>
    public void Missed()
    {
        foreach (var (subscription, _) in subscriptions) subscription.OfferNotices();
        Heard("awards");
    }

    public int Count => subscriptions.Count;

    public int CountOf(long person) => subscriptions.Count(s => s.Key.Person == person);

    internal void Leave(Subscription subscription) => subscriptions.TryRemove(subscription, out _);

    public void Dispose()
    {
        beating.Dispose();
        stopping.Dispose();
    }

    private void End()
    {
        isEnded = true;
        foreach (var (subscription, _) in subscriptions) subscription.End();
    }

    private void HearBeat()
    {
        var now = (int)((uint)Interlocked.Increment(ref beat) % Beats);
        foreach (var (subscription, _) in subscriptions)
            if (subscription.Share == now) subscription.OfferBeat();
    }
}
