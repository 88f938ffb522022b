using System.Collections.Concurrent;
using System.Data.Common;
using Laurel.App.Platform.Catalogue;
using Laurel.Storage;

namespace Laurel.App.Platform.Work;

/// <summary>
/// Keeps in memory what takes long to work out where there are many people, for as long as working it out takes at most a share of one
/// processor. What has become old is told once more and worked out anew behind the page that asked, unless it is too old or takes no time
/// that anybody notices.
/// </summary>
/// <remarks>What the answer depends on is part of the key: the version of the rules, whose data is seen, the day.</remarks>
/// <param name="useful">What is older is never told; a minute unless said.</param>
public sealed class Remembered<TKey, TValue>(Database database, TimeProvider time, TimeSpan? useful = null) where TKey : notnull
{
    private const int Most = 2_000;
    /// <summary>For so many people everything is worked out each time.</summary>
    private const int Few = 500;
    // A twentieth of one processor.
    private const int Rests = 20;
    private static readonly TimeSpan Noticed = TimeSpan.FromMilliseconds(20), Longest = TimeSpan.FromMinutes(5);
    private readonly TimeSpan tooOld = useful ?? TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<TKey, Kept> known = new();

    /// <param name="work">Reads by the connection that it is given and by no other.</param>
    public TValue Of(Floor floor, TKey key, DbConnection connection, Func<DbConnection, TValue> work)
    {
        if (floor.People.Count <= Few) return work(connection);
        var now = time.GetUtcNow();
        if (!known.TryGetValue(key, out var kept) || now - kept.At >= tooOld) return Work(key, connection, work).Value;
        if (now < kept.Until) return kept.Value;
        if (kept.Took < Noticed) return Work(key, connection, work).Value;
        if (Interlocked.Exchange(ref kept.Working, 1) == 0) _ = Task.Run(() => WorkBehind(key, kept, work));
        return kept.Value;
    }

    private void WorkBehind(TKey key, Kept old, Func<DbConnection, TValue> work)
    {
        try
        {
            using var connection = database.Read();
            Work(key, connection, work);
        }
        catch (Exception failure) when (failure is DbException || Outage.Is(failure))
        {
            // The next page that is looked at asks again.
            Interlocked.Exchange(ref old.Working, 0);
        }
    }

    private Kept Work(TKey key, DbConnection connection, Func<DbConnection, TValue> work)
    {
        var (now, started) = (time.GetUtcNow(), time.GetTimestamp());
        var value = work(connection);
        var took = time.GetElapsedTime(started);
        if (known.Count > Most) known.Clear();
        return known[key] = new(value, now, took, now + (took * Rests < Longest ? took * Rests : Longest));
    }

    private sealed class Kept(TValue value, DateTimeOffset at, TimeSpan took, DateTimeOffset until)
    {
        public int Working;

        public TValue Value { get; } = value;
        public DateTimeOffset At { get; } = at;
        public TimeSpan Took { get; } = took;
        public DateTimeOffset Until { get; } = until;
    }
}
