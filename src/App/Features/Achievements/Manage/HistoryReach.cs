using System.Collections.Concurrent;
using System.Data.Common;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Access;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>
/// To how many people enabling an achievement brings it at once, by work of before. Everybody's work is read for that, so it is worked
/// out behind the page, which looks again when it is known.
/// </summary>
public sealed class HistoryReach(Database database, AchievementCatalogue catalogue, LiveHub live, TimeProvider time)
{
    /// <summary>What open pages hear when more has been worked out.</summary>
    public const string Topic = "history-reach";

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5), Useful = TimeSpan.FromMinutes(30);

    private sealed record Wanted(AchievementKey Achievement, DataScope Scope, Workday Today);

    private readonly ConcurrentDictionary<Wanted, ((int, int) Reach, DateTimeOffset At, (long, long) Version)> known = new();
    private readonly ConcurrentDictionary<Wanted, byte> wanted = new();
    private int running;

    /// <summary>
    /// Whether enabling it counts work of before, by a rule that says whom that brings it to. A later step of a path also asks when the
    /// step before was earned, so that it is told by the page of the path.
    /// </summary>
    public static bool IsCounted(AchievementBook book, Achievement one) => one.CountsFrom is not null
        && !one.Rule.IsByHand() && !one.Rule.IsDrawn() && Enabling.IsFirst(one.Spans, one.CountsFrom)
        && book.History(one) is { HasStepBefore: false } && TestRule.IsCounted(book.Snapshot, one.Rule);

    /// <summary>Whom the reader both sees the badges of and manages achievements for.</summary>
    public static DataScope ScopeOf(CurrentPerson me) =>
        me.ScopeOf(Permissions.AchievementsViewTeam).And(me.ScopeOf(Permissions.AchievementsManage));

    /// <summary>People and badges; null as long as that is not known.</summary>
    /// <param name="looks">Whether to work it out.</param>
    public (int People, int Awards)? Of(AchievementBook book, Achievement one, CurrentPerson me, bool looks)
    {
        var now = time.GetUtcNow();
        var asked = new Wanted(one.Key, ScopeOf(me), book.Today(me.Key, now));
        var last = known.TryGetValue(asked, out var found) && found.Version == book.Snapshot.Version && now - found.At < Useful
            ? found : (((int, int) Reach, DateTimeOffset At, (long, long) Version)?)null;
        if (looks && (last is null || now - last.Value.At >= Fresh))
        {
            wanted[asked] = 0;
            if (Interlocked.Exchange(ref running, 1) == 0) _ = Task.Run(LookBehind);
        }
        return last?.Reach;
    }

    private void LookBehind()
    {
        try
        {
            using var connection = database.Read();
            while (!wanted.IsEmpty)
            {
                var book = catalogue.Current(connection);
                var now = time.GetUtcNow();
                foreach (var old in known.Where(k => now - k.Value.At >= Useful)) known.TryRemove(old.Key, out _);
                foreach (var asked in wanted.Keys)
                {
                    if (book.All.FirstOrDefault(a => a.Key == asked.Achievement) is { } one && IsCounted(book, one))
                        known[asked] = (TestRule.ByHistory(connection, book.Snapshot, one.Rule, one.Repeat,
                            book.History(one)!.Versions[^1].Audience, one.CountsFrom!.Value, asked.Scope, asked.Today,
                            now.ToUnixTimeMilliseconds()), now, book.Snapshot.Version);
                    wanted.TryRemove(asked, out _);
                }
                live.Changed(Topic);
            }
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
