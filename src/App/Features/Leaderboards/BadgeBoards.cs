using System.Collections.Concurrent;
using System.Data.Common;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.Engine.Kernel;
using Laurel.Engine.Leaderboards;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Leaderboards;

/// <summary>By what a board of badges ranks.</summary>
public enum BadgeOrder { Count, Rarity }

/// <summary>What somebody has earned in a period.</summary>
/// <param name="Badges">Different ones.</param>
/// <param name="Times">How often, all in all.</param>
/// <param name="Points">By how rare each badge is, at its highest tier of the period.</param>
public readonly record struct EarnedBadges(int Badges, long Times, long Points)
{
    public long By(BadgeOrder order) => order == BadgeOrder.Count ? Badges : Points;
}

/// <summary>Everybody's badges of some days, as of one moment.</summary>
/// <param name="Seen">Of which achievements: <see cref="AchievementBook.Seen"/>.</param>
public sealed record BadgeTally(
    IReadOnlyDictionary<PersonKey, EarnedBadges> Earned, BoardPeople People, DateTimeOffset MadeAt, string Seen)
{
    private readonly ConcurrentDictionary<BadgeOrder, Ranking> rankings = new();

    /// <summary>Everybody in order: put in order once, for readers see parts of it.</summary>
    public Ranking By(BadgeOrder order) => rankings.GetOrAdd(order, by => Ranking.Of(
        Earned.Select(e => new Competitor(e.Key, People.All[e.Key].Name, new Rollup(e.Value.By(by), 0, 0, 0))),
        Aggregate.Count, Direction.Higher));
}

/// <summary>A person's line on a board of badges.</summary>
public sealed record BadgeLine(int Rank, int? Moved, BoardPerson Person, BoardTeam? Team, EarnedBadges Earned);

/// <summary>A board of badges as one reader sees it: the page, the export and the API.</summary>
public sealed record BadgeBoard(
    BadgeOrder Order, BoardPeriod Period, WorkdaySpan Days, Workday AsOf, BoardTeam? Team, BadgeTally Tally, Ranking Ranking,
    Ranking? Before)
{
    public IEnumerable<BadgeLine> Lines => Ranking.Places.Select(Line);

    public BadgeLine Line(Standing standing)
    {
        var person = Tally.People.All[standing.Person];
        return new(standing.Rank, Before is null ? null : Ranking.Moved(standing.Person, Before), person, person.TeamOn(AsOf),
            Tally.Earned[standing.Person]);
    }

    public IReadOnlyList<Standing> Search(string text) => Boards.Named(Ranking, Tally.People, text);
}

/// <summary>
/// Who has earned the most badges, or the rarest. What everybody has earned in a period is counted for all readers at once and kept in
/// memory; whom a reader sees on it is decided with each look, so that an opting out counts at once.
/// </summary>
public sealed class BadgeBoards(Database database, LeaderboardSnapshots boards, AchievementCatalogue catalogue, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2), Longest = TimeSpan.FromMinutes(2), Unused = TimeSpan.FromMinutes(10);
    /// <summary>Counting so many people's takes no time that anybody notices.</summary>
    private const int Few = 500;
    // Counting takes at most a fortieth of one processor.
    private const int Rests = 40;
    private readonly ConcurrentDictionary<WorkdaySpan, Slot> slots = new();

    public BadgeBoard Open(
        DbConnection connection, AchievementBook book, Onlooker looker, BadgeOrder order, BoardPeriod period, Workday today,
        BoardTeam? team = null)
    {
        var weekStart = book.Snapshot.Rules.WeekStart;
        var days = period.Days(today, weekStart);
        var asOf = Workday.Min(days.Last, today);
        var tally = Of(days, book);
        var opens = looker.Gate(connection, book, key => tally.People.All.GetValueOrDefault(new(key))?.TeamOn(today)?.Key);
        var before = period.DaysBefore(today, weekStart) is { } earlier ? Rank(Of(earlier, book)) : null;
        return new(order, period, days, asOf, team, tally, Rank(tally), before is { Places.Count: > 0 } ? before : null);

        Ranking Rank(BadgeTally of) => of.By(order).Among(key => opens(key.Value)
            && (team is null || of.People.All[key].TeamOn(asOf)?.Key == team.Key));
    }

    /// <summary>Everybody's, as of a moment ago; of other achievements than are there now, never.</summary>
    private BadgeTally Of(WorkdaySpan days, AchievementBook book)
    {
        var slot = slots.GetOrAdd(days, _ => new Slot());
        var now = time.GetUtcNow();
        slot.UsedAt = now;
        if (slot.Tally is { } known && known.Seen == book.Seen)
        {
            if (now < slot.NextAt) return known;
            if (known.Earned.Count > Few && now - known.MadeAt < Unused)
            {
                // Behind the page, which tells until when it counts.
                if (Interlocked.Exchange(ref slot.Counting, 1) == 0) _ = Task.Run(() => CountBehind(days, slot));
                return known;
            }
            // One counts anew, the others do not wait.
            if (!Monitor.TryEnter(slot)) return known;
        }
        else Monitor.Enter(slot);
        try
        {
            if (slot.Tally is { } made && made.Seen == book.Seen && now < slot.NextAt) return made;
            return CountAnew(days, slot, now);
        }
        finally
        {
            Monitor.Exit(slot);
        }
    }

    private BadgeTally CountAnew(WorkdaySpan days, Slot slot, DateTimeOffset now)
    {
        var started = time.GetTimestamp();
        using var connection = database.Read();
        var counted = Count(connection, days, now);
        slot.Tally = counted;
        var rest = time.GetElapsedTime(started) * Rests;
        slot.NextAt = now + (rest < Pause ? Pause : rest > Longest ? Longest : rest);
        foreach (var (span, other) in slots)
            if (now - other.UsedAt > Unused) slots.TryRemove(span, out _);
        return counted;
    }

    private void CountBehind(WorkdaySpan days, Slot slot)
    {
        try
        {
            lock (slot) CountAnew(days, slot, time.GetUtcNow());
        }
        catch (Exception failure) when (failure is DbException || Outage.Is(failure))
        {
            // The next page that is looked at asks again.
        }
        finally
        {
            Interlocked.Exchange(ref slot.Counting, 0);
        }
    }

    private BadgeTally Count(DbConnection connection, WorkdaySpan days, DateTimeOffset now)
    {
        var people = boards.Floor().People;
        var book = catalogue.Current(connection);
        var points = Points(connection, book, people);
        var secret = book.All.Where(a => a.IsPrivate || a.Tone == BadgeTone.Negative).Select(a => a.Key.Value).ToHashSet();
        var earned = new Dictionary<PersonKey, EarnedBadges>();
        if (days.First <= Workday.Beginning)
            BadgeBoardStore.EachHolding(connection, Add);
        else
            foreach (var ((person, achievement), own) in InPeriod(connection, book, days)) Add(person, achievement, own.Tier, own.Times);
        return new(earned, people, now, book.Seen);

        void Add(long person, long achievement, int tier, long times)
        {
            // Private ones bring nobody forward.
            if (!people.All.ContainsKey(new(person)) || secret.Contains(achievement)) return;
            var sum = earned.GetValueOrDefault(new(person));
            earned[new(person)] = new(sum.Badges + 1, sum.Times + times, sum.Points + points.GetValueOrDefault((achievement, tier), 1));
        }
    }

    /// <summary>Everybody's own workdays count.</summary>
    private static Dictionary<(long Person, long Achievement), (int Tier, long Times)> InPeriod(
        DbConnection connection, AchievementBook book, WorkdaySpan days)
    {
        var bounds = new Dictionary<long, (long From, long Until)>();
        var (first, last) = (long.MaxValue, long.MinValue);
        foreach (var site in book.Snapshot.Floor.Sites)
            (first, last) = (Math.Min(first, site.Clock.StartOf(days.First)), Math.Max(last, site.Clock.StartOf(days.Last.Plus(1))));
        var earned = new Dictionary<(long, long), (int Tier, long Times)>();
        BadgeBoardStore.EachAward(connection, first, last, (person, achievement, tier, at) =>
        {
            if (!bounds.TryGetValue(person, out var own))
                bounds[person] = own = (book.StartOf(person, days.First), book.StartOf(person, days.Last.Plus(1)));
            if (at < own.From || at >= own.Until) return;
            var sum = earned.GetValueOrDefault((person, achievement));
            earned[(person, achievement)] = (Math.Max(sum.Tier, tier), sum.Times + 1);
        });
        return earned;
    }

    /// <summary>What a badge counts by how many hold that tier or a higher one.</summary>
    private static Dictionary<(long Achievement, int Tier), int> Points(DbConnection connection, AchievementBook book, BoardPeople people)
    {
        var holders = new Dictionary<(long Achievement, int Tier), long>();
        BadgeBoardStore.EachHolding(connection, (person, achievement, tier, _) =>
        {
            if (people.All.ContainsKey(new(person)))
                holders[(achievement, tier)] = holders.GetValueOrDefault((achievement, tier)) + 1;
        });
        var all = BadgeBoardStore.People(connection);
        var points = new Dictionary<(long, int), int>();
        foreach (var achievement in book.All)
            for (var tier = 0; tier <= 3; tier++)
                points[(achievement.Key.Value, tier)] = RarenessPoints.Of(
                    holders.Where(h => h.Key.Achievement == achievement.Key.Value && h.Key.Tier >= tier).Sum(h => h.Value), all).Points();
        return points;
    }

    private sealed class Slot
    {
        public volatile BadgeTally? Tally;
        public int Counting;
        private long nextAt, usedAt;

        public DateTimeOffset NextAt { get => At(ref nextAt); set => Interlocked.Exchange(ref nextAt, value.UtcTicks); }
        public DateTimeOffset UsedAt { get => At(ref usedAt); set => Interlocked.Exchange(ref usedAt, value.UtcTicks); }

        private static DateTimeOffset At(ref long ticks) => new(Interlocked.Read(ref ticks), TimeSpan.Zero);
    }
}

/// <summary>Which board of badges an address asks for.</summary>
public static class BadgeBoardQuery
{
    public const string ByCount = "count", ByRarity = "rarity";

    public static string Id(this BadgeOrder order) => order == BadgeOrder.Count ? ByCount : ByRarity;

    public static BadgeOrder? Order(string? by) => by switch
    {
        null or "" or ByCount => BadgeOrder.Count,
        ByRarity => BadgeOrder.Rarity,
        _ => null,
    };

    public static BoardPeriod? Period(string? id) => string.IsNullOrEmpty(id) ? BoardPeriod.All : BoardPeriods.Find(id);

    public static BoardTeam? Team(BoardFloor floor, CurrentPerson me, string? scope) =>
        scope is LeaderboardQuery.OwnTeam && me.TeamKey is { } key ? floor.People.Teams.FirstOrDefault(t => t.Key == key) : null;
}
