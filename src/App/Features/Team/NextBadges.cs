using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Notifications;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Team;

/// <summary>The badge that is nearest to somebody; no item where nothing is within reach.</summary>
public sealed record NextBadge(CollectionItem? Item, DateTimeOffset At)
{
    /// <summary>Whether a page shows the same for both.</summary>
    public bool IsLike(NextBadge? other) => other is not null && Item?.Achievement.Key == other.Item?.Achievement.Key
        && (Item?.Progress, other.Item?.Progress) switch
        {
            (TowardTier one, TowardTier another) => one with { Conditions = another.Conditions } == another
                && one.Conditions.SequenceEqual(another.Conditions),
            var (one, another) => one == another,
        };
}

/// <summary>
/// The next badge of each person of a page. It takes reading each person's work by every open rule, so a page shows what was worked out
/// in the last minutes, works out a few itself, and leaves the rest to a thread behind it: open pages look again when that is done.
/// </summary>
public sealed class NextBadges(
    Database database, AchievementCatalogue catalogue, Collection collection, LiveHub live, TimeProvider time)
{
    /// <summary>What open pages hear when more has been worked out.</summary>
    public const string Topic = "next-badges";

    /// <summary>So many a page works out by itself: it must not wait for more.</summary>
    private const int AtOnce = 2;
    /// <summary>A third of one processor.</summary>
    private const int Rests = 2;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1), Useful = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<long, (NextBadge Next, (long, long) Version)> known = new();
    private readonly ConcurrentDictionary<long, byte> wanted = new();
    private int running;

    /// <summary>Whether somebody's next badge is being worked out behind the pages.</summary>
    public bool IsLooking => Volatile.Read(ref running) == 1;

    /// <summary>Of those who are known; the rest is on its way.</summary>
    public Dictionary<long, NextBadge> Of(DbConnection connection, AchievementBook book, IReadOnlyCollection<long> people)
    {
        var now = time.GetUtcNow();
        var found = new Dictionary<long, NextBadge>();
        var left = AtOnce;
        foreach (var person in people)
        {
            if (known.TryGetValue(person, out var last) && last.Version == book.Snapshot.Version && now - last.Next.At < Useful)
            {
                found[person] = last.Next;
                if (now - last.Next.At >= Fresh) wanted[person] = 0;
            }
            else if (left-- > 0) found[person] = Look(connection, book, person, now);
            else wanted[person] = 0;
        }
        if (!wanted.IsEmpty && Interlocked.Exchange(ref running, 1) == 0) _ = LookBehind();
        return found;
    }

    private NextBadge Look(DbConnection connection, AchievementBook book, long person, DateTimeOffset now)
    {
        var items = collection.Of(
            connection, book, new PersonKey(person), book.Today(person, now), EarnedStore.OfPerson(connection, person));
        var next = new NextBadge(CollectionItem.WithinReach(items).FirstOrDefault(), now);
        known[person] = (next, book.Snapshot.Version);
        return next;
    }

    private async Task LookBehind()
    {
        await Task.Yield();
        try
        {
            await using var connection = database.Read();
            var book = catalogue.Current(connection);
            var isNew = false;
            foreach (var person in wanted.Keys)
            {
                var began = Stopwatch.GetTimestamp();
                var before = known.GetValueOrDefault(person).Next;
                isNew |= !Look(connection, book, person, time.GetUtcNow()).IsLike(before);
                wanted.TryRemove(person, out _);
                // Where many leaders look at once, the pages that somebody waits for come first.
                await Task.Delay(Stopwatch.GetElapsedTime(began) * Rests);
            }
            // Pages that show all of it already have no reason to be made again.
            if (isNew) live.Changed(Topic);
        }
        catch (Exception failure) when (failure is DbException || Outage.Is(failure))
        {
            // The next page that is looked at asks again.
            wanted.Clear();
        }
        finally
        {
            Interlocked.Exchange(ref running, 0);
        }
    }
}
