using System.Collections.Concurrent;
using System.Data.Common;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.Presence;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;
using Laurel.Engine.Leaderboards;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Leaderboards;

/// <summary>Everybody's order by one metric over some days, as of one moment.</summary>
/// <param name="TooFew">People with data, but too little of it to be ranked.</param>
/// <param name="Courses">Each person's last workdays with data inside the days, ascending.</param>
public sealed record Board(
    Ranking Ranking, BoardPeople People, IReadOnlyDictionary<PersonKey, Rollup> TooFew,
    IReadOnlyDictionary<PersonKey, List<DayRollup>> Courses, DateTimeOffset MadeAt)
{
    private readonly ConcurrentDictionary<(long Team, Workday AsOf), Ranking> teams = new();

    /// <summary>A team's people, by the teams of a day, ranked among themselves.</summary>
    public Ranking Of(BoardTeam? team, Workday asOf) => team is null
        ? Ranking
        : teams.GetOrAdd((team.Key, asOf), key => Ranking.Among(p => IsOn(p, key.Team, key.AsOf)));

    public int CountTooFew(BoardTeam? team, Workday asOf) =>
        team is null ? TooFew.Count : TooFew.Keys.Count(p => IsOn(p, team.Key, asOf));

    private bool IsOn(PersonKey person, long team, Workday asOf) => People.All[person].TeamOn(asOf)?.Key == team;
}

/// <summary>Metrics, people and rules that boards are made with.</summary>
public sealed record BoardFloor(Snapshot Snapshot, IReadOnlyList<BoardMetric> Metrics, BoardPeople People, DateTimeOffset ReadAt);

/// <summary>
/// This node's sorted boards, one for each metric and span of days that somebody looks at. A view reads memory only. A board that has
/// become old is made anew when it is next looked at, by one thread, while the others go on with the old one. Of many people it is made
/// behind the pages, which tell until when they count, and are told to look again.
/// </summary>
public sealed class LeaderboardSnapshots(
    Database database, CatalogueStore catalogue, ChangedMetrics changed, LiveHub live, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), Unused = TimeSpan.FromMinutes(5), Longest = TimeSpan.FromSeconds(15),
        Useful = TimeSpan.FromMinutes(10);
    // Making a board takes at most a twentieth of one processor, unless one takes most of a second.
    private const int Rests = 20;
    /// <summary>Making a board of so many takes no time that anybody notices.</summary>
    private const int Few = 500;
    public const int CourseDays = 31;

    private readonly ConcurrentDictionary<(MetricKey Metric, WorkdaySpan Days), Slot> slots = new();
    private volatile BoardFloor? floor;
    private long floorLookedAt;

    /// <summary>Looked for at most once a second; read again when the rules or people changed, and once a minute.</summary>
    public BoardFloor Floor()
    {
        var now = time.GetUtcNow();
        if (floor is { } known && now.UtcTicks - Interlocked.Read(ref floorLookedAt) < Pause.Ticks) return known;
        using var connection = database.Read();
        Interlocked.Exchange(ref floorLookedAt, now.UtcTicks);
        return FloorAt(connection, now);
    }

    public Board Of(Metric metric, WorkdaySpan days)
    {
        var slot = slots.GetOrAdd((metric.Key, days), _ => new Slot());
        var now = time.GetUtcNow();
        slot.UsedAt = now;
        if (slot.Board is { } board)
        {
            if (now < slot.NextAt)
            {
                if (slot.Commits != changed.Of(metric.Key)) TellLater(metric, slot, slot.NextAt - now);
                return board;
            }
            if (board.People.All.Count > Few && now - board.MadeAt < Useful)
            {
                if (Interlocked.Exchange(ref slot.Making, 1) == 0) _ = Task.Run(() => MakeBehind(metric, days, slot));
                return board;
            }
            // One makes it, the others do not wait.
            if (!Monitor.TryEnter(slot)) return board;
        }
        else Monitor.Enter(slot);
        try
        {
            return slot.Board is { } made && now < slot.NextAt ? made : Renew(metric, days, slot, now);
        }
        finally
        {
            Monitor.Exit(slot);
        }
    }

    private void MakeBehind(Metric metric, WorkdaySpan days, Slot slot)
    {
        try
        {
            var before = slot.Board;
            lock (slot) Renew(metric, days, slot, time.GetUtcNow());
            if (!ReferenceEquals(before, slot.Board)) live.Changed($"metric:{metric.Id}");
        }
        catch (Exception failure) when (failure is DbException || Outage.Is(failure))
        {
            // The next page that is looked at asks again.
        }
        finally
        {
            Interlocked.Exchange(ref slot.Making, 0);
        }
    }

    private Board Renew(Metric metric, WorkdaySpan days, Slot slot, DateTimeOffset now)
    {
        var started = time.GetTimestamp();
        using var connection = database.Read();
        // Asked before reading: what comes in between makes the board old, never wrongly new.
        var commits = changed.Of(metric.Key);
        var version = (LeaderboardStore.LastActivity(connection), FloorAt(connection, now).Snapshot.Version, commits);
        // Another node may take an activity back without anything moving on: nothing stays longer than this.
        if (slot.Board is not { } board || version != slot.Version || now - board.MadeAt >= Longest)
        {
            slot.Board = board = Make(connection, FloorAt(connection, now), metric, days, now);
            slot.Version = version;
            slot.Commits = commits;
            Sweep(now);
        }
        var rest = time.GetElapsedTime(started) * Rests;
        slot.NextAt = now + (rest < Pause ? Pause : rest > Longest ? Longest : rest);
        return board;
    }

    private static Board Make(DbConnection connection, BoardFloor floor, Metric metric, WorkdaySpan days, DateTimeOffset now)
    {
        var people = floor.People;
        var counted = RollupStore.Totals(connection, metric, days);
        foreach (var (person, day) in OpenPresence.Of(connection, floor.Snapshot, metric, now.ToUnixTimeMilliseconds()))
            if (days.Contains(day.Day)) counted[person] = counted.GetValueOrDefault(person, Rollup.None).Merge(day.Rollup);
        var totals = counted.Where(t => people.All.ContainsKey(t.Key)).ToList();
        var ranking = Ranking.Of(totals.Select(t => new Competitor(t.Key, people.All[t.Key].Name, t.Value)), metric.Aggregate,
            metric.Direction);
        return new(ranking, people, totals.Where(t => ranking.Find(t.Key) is null).ToDictionary(), Courses(connection, metric, days),
            now);
    }

    // Of a long span only the newest days: the course of years would be all of the memory.
    private static IReadOnlyDictionary<PersonKey, List<DayRollup>> Courses(DbConnection connection, Metric metric, WorkdaySpan days)
    {
        if (days.First == days.Last || RollupStore.Extent(connection, metric) is not { } extent)
            return new Dictionary<PersonKey, List<DayRollup>>();
        var last = Workday.Min(days.Last, extent.Last);
        return RollupStore.OfEverybody(connection, metric, new(Workday.Max(days.First, last.Plus(1 - CourseDays)), last));
    }

    private BoardFloor FloorAt(DbConnection connection, DateTimeOffset now)
    {
        var snapshot = catalogue.Current(connection);
        if (floor is { } known && known.Snapshot.Version == snapshot.Version && now - known.ReadAt < TimeSpan.FromMinutes(1)) return known;
        return floor = new(snapshot, LeaderboardStore.Metrics(connection, snapshot.Rules), LeaderboardStore.People(connection), now);
    }

    /// <summary>
    /// Somebody was shown a board that is known to be old because it was made a moment ago. Should nothing else happen,
    /// nothing would tell the page to look again.
    /// </summary>
    private void TellLater(Metric metric, Slot slot, TimeSpan after)
    {
        if (Interlocked.Exchange(ref slot.Owed, 1) == 1) return;
        _ = Task.Delay(after, time).ContinueWith(
            _ =>
            {
                Interlocked.Exchange(ref slot.Owed, 0);
                live.Changed($"metric:{metric.Id}");
            }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Sweep(DateTimeOffset now)
    {
        foreach (var (key, slot) in slots)
            if (now - slot.UsedAt > Unused) slots.TryRemove(key, out _);
    }

    private sealed class Slot
    {
        public volatile Board? Board;
        public (long Activity, (long, long) Catalogue, long Commits) Version;
        public int Owed, Making;
        private long commits, nextAt, usedAt;

        public long Commits { get => Interlocked.Read(ref commits); set => Interlocked.Exchange(ref commits, value); }
        public DateTimeOffset NextAt { get => At(ref nextAt); set => Interlocked.Exchange(ref nextAt, value.UtcTicks); }
        public DateTimeOffset UsedAt { get => At(ref usedAt); set => Interlocked.Exchange(ref usedAt, value.UtcTicks); }

        private static DateTimeOffset At(ref long ticks) => new(Interlocked.Read(ref ticks), TimeSpan.Zero);
    }
}
