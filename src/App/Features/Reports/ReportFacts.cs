using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Leaderboards;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Reports;

/// <summary>What is counted about the people of one team (or of none) over the weeks of a report.</summary>
public sealed class TeamFacts(BoardTeam? team, int weeks, int achievements)
{
    public BoardTeam? Team { get; } = team;
    /// <summary>Who could hold a badge: active agents, and whoever else holds one.</summary>
    public long People { get; set; }
    /// <summary>Of them, who holds any.</summary>
    public long WithBadge { get; set; }
    /// <summary>Of them, whose newest badge is of each week; before all of them: in none.</summary>
    public long[] NewestIn { get; } = new long[weeks];
    /// <summary>Awards by week and achievement.</summary>
    public int[,] Awards { get; } = new int[weeks, achievements];
    /// <summary>People who earned anything in each week.</summary>
    public long[] Earners { get; } = new long[weeks];
    /// <summary>People who used Laurel in each week.</summary>
    public long[] Visitors { get; } = new long[weeks];
    /// <summary>Who holds each achievement.</summary>
    public long[] Holders { get; } = new long[achievements];
    /// <summary>When each was earned last by anybody, in UTC milliseconds; 0 for never.</summary>
    public long[] Newest { get; } = new long[achievements];
}

/// <summary>Everything that reports tell, counted once for all readers: the weeks of a year, by team.</summary>
/// <param name="Weeks">First workdays of the weeks, ascending; the last one is going on.</param>
/// <param name="Achievements">Those that <see cref="TeamFacts"/> count, by position.</param>
/// <param name="Seen">Which achievements were there for people: <see cref="AchievementBook.Seen"/>.</param>
public sealed record ReportFacts(
    IReadOnlyList<Workday> Weeks, IReadOnlyList<Achievement> Achievements, IReadOnlyList<TeamFacts> Teams, DateTimeOffset MadeAt,
    string Seen)
{
    public const int WeekCount = 53;
    private const int MostKept = 500;
    private readonly ConcurrentDictionary<string, RecognitionReport> reports = new(StringComparer.Ordinal);

    /// <summary>What is asked for, made once as long as these are the facts.</summary>
    public RecognitionReport Report(ReportAsked asked, Workday today)
    {
        var question = string.Create(CultureInfo.InvariantCulture,
            $"{asked.Weeks} {asked.Area} {asked.StaleDays} {asked.Least} {today.Number} ")
            + (asked.Teams is null ? "all" : string.Join(',', asked.Teams.Order()));
        if (reports.Count > MostKept) reports.Clear();
        return reports.GetOrAdd(question, _ => RecognitionReport.Of(this, asked, today));
    }

    public static ReportFacts Count(DbConnection connection, AchievementBook book, BoardPeople people, Workday today, DateTimeOffset now)
    {
        var start = WorkdaySpan.Of(TimeRange.Week, today, book.Snapshot.Rules.WeekStart).First.Plus(-7 * (WeekCount - 1));
        var weeks = Enumerable.Range(0, WeekCount).Select(i => start.Plus(7 * i)).ToList();
        var all = book.Present.Where(a => !a.IsArchived).ToList();
        var positions = all.Select((a, i) => (a.Key.Value, i)).ToDictionary();
        var teams = new Dictionary<long, TeamFacts>();
        TeamFacts Of(BoardTeam? team) =>
            teams.TryGetValue(team?.Key ?? 0, out var known) ? known : teams[team?.Key ?? 0] = new(team, WeekCount, all.Count);

        // Somebody's team of today tells of the person, and the team of then of what was earned then.
        var newest = new Dictionary<long, long>();
        ReportStore.EachHolding(connection, (person, achievement, at) =>
        {
            if (!people.All.TryGetValue(new(person), out var known)) return;
            newest[person] = Math.Max(newest.GetValueOrDefault(person), at);
            if (!positions.TryGetValue(achievement, out var position)) return;
            var facts = Of(known.TeamOn(today));
            facts.Holders[position]++;
            facts.Newest[position] = Math.Max(facts.Newest[position], at);
        });
        int WeekOf(Workday day) => day < start ? -1 : Math.Min((day.Number - start.Number) / 7, WeekCount - 1);
        ReportStore.EachPerson(connection, (person, isAgent) =>
        {
            if (!people.All.TryGetValue(new(person), out var known)) return;
            var holds = newest.TryGetValue(person, out var at);
            if (!isAgent && !holds) return;
            var facts = Of(known.TeamOn(today));
            facts.People++;
            if (!holds) return;
            facts.WithBadge++;
            if (WeekOf(book.Today(person, DateTimeOffset.FromUnixTimeMilliseconds(at))) is var week and >= 0) facts.NewestIn[week]++;
        });
        var earned = new HashSet<(long Person, int Week)>();
        // A day before, for zones in which the first week began earlier.
        ReportStore.EachAward(connection, book.StartOf(0, start.Plus(-1)), (person, achievement, at) =>
        {
            if (!people.All.TryGetValue(new(person), out var known)) return;
            var day = book.Today(person, DateTimeOffset.FromUnixTimeMilliseconds(at));
            if (WeekOf(day) is not (var week and >= 0)) return;
            var facts = Of(known.TeamOn(day));
            if (positions.TryGetValue(achievement, out var position)) facts.Awards[week, position]++;
            if (earned.Add((person, week))) facts.Earners[week]++;
        });
        var visited = new HashSet<(long Person, int Week)>();
        ReportStore.EachVisit(connection, start.Number, (number, person) =>
        {
            var week = WeekOf(new(number));
            if (people.All.TryGetValue(new(person), out var known) && week >= 0 && visited.Add((person, week)))
                Of(known.TeamOn(new(number))).Visitors[week]++;
        });
        return new(weeks, all,
            [.. teams.Values.OrderBy(t => t.Team is null).ThenBy(t => t.Team?.Name, StringComparer.CurrentCulture)], now, book.Seen);
    }
}

/// <summary>
/// Keeps the facts of reports in memory: a page that is looked at never counts. They are counted anew behind the pages, at most every five
/// minutes and only while somebody looks; the first time after a start a little later than that, or with the first look.
/// </summary>
public sealed class ReportKeeper(
    Database database, AchievementCatalogue catalogue, LeaderboardSnapshots boards, TimeProvider time, ILogger<ReportKeeper> log)
    : BackgroundService
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5), AfterStart = TimeSpan.FromSeconds(20);
    private readonly Lock gate = new();
    private volatile ReportFacts? last;
    private int counting;

    /// <param name="book">What is not there for people is not told a moment longer: other facts are counted at once.</param>
    public ReportFacts Current(AchievementBook book)
    {
        if (last is { } known && known.Seen == book.Seen)
        {
            if (time.GetUtcNow() - known.MadeAt >= Fresh && Interlocked.Exchange(ref counting, 1) == 0) _ = Task.Run(CountBehind);
            return known;
        }
        lock (gate) return last is { } made && made.Seen == book.Seen ? made : last = Count();
    }

    /// <summary>Whoever looks first after a start need not wait.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(AfterStart, time, stoppingToken);
        CountBehind();
    }

    private void CountBehind()
    {
        try
        {
            var counted = Count();
            last = counted;
        }
        catch (Exception failure) when (failure is DbException || Outage.Is(failure))
        {
            log.LogWarning("Reports could not be counted: {Reason}", failure.Message);
        }
        finally
        {
            Interlocked.Exchange(ref counting, 0);
        }
    }

    private ReportFacts Count()
    {
        using var connection = database.Read();
        var book = catalogue.Current(connection);
        return ReportFacts.Count(connection, book, boards.Floor().People, Boards.Today(book.Snapshot, time.GetUtcNow()), time.GetUtcNow());
    }
}
