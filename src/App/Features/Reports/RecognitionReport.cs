using Laurel.App.Features.Achievements;
using Laurel.App.Features.Leaderboards;
using Laurel.Engine.Kernel;
using Laurel.Engine.Reports;

namespace Laurel.App.Features.Reports;

/// <summary>A week of a report. What is null is of too few people to be told.</summary>
public sealed record ReportWeek(Workday First, long? Awards, long? Visitors);

/// <summary>A team's line, or that of several small ones together.</summary>
/// <param name="Teams">None: people without a team.</param>
public sealed record ReportTeam(IReadOnlyList<BoardTeam?> Teams, long People, long Awards, long? WithBadge, long? Reached);

/// <summary>An achievement's line.</summary>
/// <param name="Awards">In the weeks of the report.</param>
/// <param name="Last">When somebody earned it last; null for never, and where few hold it: not even the day is told of them.</param>
/// <param name="IsStale">On, and earned by nobody for so many days.</param>
public sealed record ReportAchievement(
    Achievement Achievement, long? Awards, long? Holders, DateTimeOffset? Last, bool IsOn, bool IsStale);

/// <summary>What a report is of.</summary>
/// <param name="Weeks">So many, the running one among them.</param>
/// <param name="Teams">Keys of the teams that the reader may see; null for everybody.</param>
/// <param name="Area">Only achievements of this area.</param>
/// <param name="StaleDays">Nobody has earned it for so many days.</param>
/// <param name="Least">Without names: nothing that fewer people could be picked out of; null for the plain report.</param>
public sealed record ReportAsked(int Weeks, IReadOnlySet<long>? Teams, string? Area, int StaleDays, int? Least);

/// <summary>A report as pages, exports and the API tell it.</summary>
/// <param name="WithBadge">People who hold any badge, of <paramref name="People"/>.</param>
/// <param name="Reached">People who earned any in the weeks of the report.</param>
public sealed record RecognitionReport(
    ReportAsked Asked, long People, long? WithBadge, long? Reached, IReadOnlyList<ReportWeek> Weeks, IReadOnlyList<ReportTeam> Teams,
    IReadOnlyList<ReportAchievement> Achievements, DateTimeOffset MadeAt)
{
    /// <summary>By how few hold them, of those that are on and that anybody holds.</summary>
    public IEnumerable<ReportAchievement> Rarest =>
        Achievements.Where(a => a.IsOn && a.Holders is not 0).OrderBy(a => a.Holders ?? -1)
            .ThenBy(a => a.Achievement.Id, StringComparer.Ordinal);

    /// <summary>On, and earned by nobody for too long, the longest first.</summary>
    public IEnumerable<ReportAchievement> Stale => Achievements.Where(a => a.IsStale)
        .OrderBy(a => a.Last).ThenBy(a => a.Achievement.Id, StringComparer.Ordinal);

    /// <summary>How many used Laurel before and after an achievement, or the first of an area, was switched on.</summary>
    public BeforeAfter Around(int week) => BeforeAfter.Of([.. Weeks.Select(w => w.Visitors ?? 0)], week);

    public static RecognitionReport Of(ReportFacts facts, ReportAsked asked, Workday today)
    {
        var least = asked.Least ?? 0;
        var teams = facts.Teams.Where(t => asked.Teams is null || (t.Team is { } team && asked.Teams.Contains(team.Key))).ToList();
        var chosen = Enumerable.Range(0, facts.Achievements.Count)
            .Where(i => asked.Area is null || facts.Achievements[i].Area == asked.Area).ToList();
        var first = facts.Weeks.Count - Math.Clamp(asked.Weeks, 1, facts.Weeks.Count);
        long AwardsOf(TeamFacts team, int week) => chosen.Sum(a => (long)team.Awards[week, a]);
        long ReachedOf(TeamFacts team) => team.NewestIn.Skip(first).Sum();

        var people = teams.Sum(t => t.People);
        var isTold = people >= least;
        var weeks = Enumerable.Range(first, facts.Weeks.Count - first).Select(w => new ReportWeek(facts.Weeks[w],
            isTold && SmallGroups.Told(teams.Sum(t => t.Earners[w]), least) is not null ? teams.Sum(t => AwardsOf(t, w)) : null,
            isTold ? SmallGroups.Told(teams.Sum(t => t.Visitors[w]), least) : null)).ToList();
        // Who has no team makes a line only where there is anybody.
        var groups = teams.FindAll(t => t.People > 0 || (t.Team is not null && asked.Least is null));
        var lines = (asked.Least is null
                ? [.. groups.Select((t, i) => new ToldGroup([i], t.People))]
                : SmallGroups.Of([.. groups.Select(t => t.People)], least))
            .Select(g => g.Members.Select(i => groups[i]).ToList())
            .Select(g => new ReportTeam([.. g.Select(t => t.Team)], g.Sum(t => t.People),
                g.Sum(t => Enumerable.Range(first, facts.Weeks.Count - first).Sum(w => AwardsOf(t, w))),
                Part(g.Sum(t => t.WithBadge), g.Sum(t => t.People)), Part(g.Sum(ReachedOf), g.Sum(t => t.People)))).ToList();
        var achievements = chosen.Select(a =>
        {
            var holders = isTold ? SmallGroups.Told(teams.Sum(t => t.Holders[a]), least) : null;
            var newest = teams.Select(t => t.Newest[a]).DefaultIfEmpty().Max();
            var isOn = facts.Achievements[a].IsEnabledOn(today);
            var awards = teams.Sum(t => Enumerable.Range(first, facts.Weeks.Count - first).Sum(w => (long)t.Awards[w, a]));
            return new ReportAchievement(facts.Achievements[a], holders is null ? null : awards, holders,
                newest == 0 || holders is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(newest), isOn,
                isOn && facts.MadeAt.ToUnixTimeMilliseconds() - newest >= asked.StaleDays * 86_400_000L);
        }).OrderByDescending(a => a.Awards ?? 0).ThenBy(a => a.Achievement.Id, StringComparer.Ordinal).ToList();
        return new(asked, people, isTold ? Part(teams.Sum(t => t.WithBadge), people) : null,
            isTold ? Part(teams.Sum(ReachedOf), people) : null, weeks, lines, achievements, facts.MadeAt);

        // Who has none can be picked out of a few as well as who has one.
        long? Part(long some, long of) =>
            SmallGroups.Told(some, least) is null || SmallGroups.Told(of - some, least) is null ? null : some;
    }

    /// <summary>The position of the week in which a workday lies; before the first: -1.</summary>
    public int WeekOf(Workday day) => day < Weeks[0].First ? -1 : (day.Number - Weeks[0].First.Number) / 7;
}
