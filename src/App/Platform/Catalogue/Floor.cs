using System.Collections.Frozen;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Platform.Catalogue;

/// <summary>A site, its zone, and the last workday that has closed there.</summary>
public sealed record Site(long Key, string Id, SiteClock Clock, Workday ClosedThrough);

/// <summary>A person with the dated sites, newest last.</summary>
public sealed record FloorPerson(PersonKey Key, string Id, IReadOnlyList<(Workday From, Site Site)> Sites)
{
    /// <summary>Teams, groups and roles, from workday to workday.</summary>
    public Places Places { get; init; } = Places.Nowhere;

    public Site SiteOn(Workday day)
    {
        for (var i = Sites.Count - 1; i > 0; i--)
            if (Sites[i].From <= day) return Sites[i].Site;
        return Sites[0].Site;
    }

    /// <summary>The workday that an instant falls on where the person works then. A move starts at midnight of the zone moved to.</summary>
    public (Workday Day, Site Site) WorkdayOf(long at)
    {
        var i = SiteAt(at);
        var day = Sites[i].Site.Clock.WorkdayOf(at);
        // From a clock that is more than a day ahead one would otherwise go back into a workday that is over.
        return (i + 1 < Sites.Count ? Workday.Min(day, Sites[i + 1].From) : day, Sites[i].Site);
    }

    /// <summary>The first instant after this one that lies on another workday.</summary>
    public long NextMidnight(long at)
    {
        var day = WorkdayOf(at).Day;
        do at = NextTurn(at);
        while (WorkdayOf(at).Day == day);
        return at;
    }

    /// <summary>The next instant at which the workday can change: midnight on the clock of now, or a move if that is sooner.</summary>
    private long NextTurn(long at)
    {
        var i = SiteAt(at);
        var turn = Sites[i].Site.Clock.NextMidnight(at);
        // Not only the next move: one from day to day between clocks far apart may begin before the one before it.
        while (++i < Sites.Count) turn = Math.Min(turn, Sites[i].Site.Clock.StartOf(Sites[i].From));
        return turn;
    }

    private int SiteAt(long at)
    {
        var i = Sites.Count - 1;
        while (i > 0 && at < Sites[i].Site.Clock.StartOf(Sites[i].From)) i--;
        return i;
    }

    /// <summary>The last workday that has begun at an instant.</summary>
    public Workday BegunThrough(long now)
    {
        var day = WorkdayOf(now).Day;
        if (Sites.Count == 1) return day;
        // On the day of a move the date may change before the workday begins, at midnight of the zone moved to.
        while (StartOf(day) > now) day = day.Plus(-1);
        return day;
    }

    public long StartOf(Workday day) => SiteOn(day).Clock.StartOf(day);

    /// <summary>Noon of the workday, or another instant of it where a move or a change of clocks has left noon out.</summary>
    public long MiddleOf(Workday day)
    {
        const long NoonMs = 12 * 3_600_000;
        var start = StartOf(day);
        return WorkdayOf(start + NoonMs).Day == day ? start + NoonMs : start;
    }

    /// <summary>
    /// The last workday that has closed for the person, with all before it. A workday ends when the next one begins, where the person
    /// is on that next one; so the site of a move that is still to come has no say.
    /// </summary>
    public Workday ClosedThrough
    {
        get
        {
            for (var i = 0; i < Sites.Count; i++)
            {
                var (from, site) = Sites[i];
                // The workdays of which this site says when they end: up to two days before the next move.
                if (i + 1 == Sites.Count || site.ClosedThrough < Sites[i + 1].From.Plus(-2))
                    return i == 0 ? site.ClosedThrough : Workday.Max(site.ClosedThrough, from.Plus(-2));
            }
            return Workday.Beginning;
        }
    }
}

/// <summary>An external identity: whose activities are that name it.</summary>
/// <param name="Person">Or <paramref name="Team"/>; neither while it is not linked.</param>
public sealed record FloorIdentity(long Key, string Awaited, bool IsIgnored, PersonKey? Person, long? Team);

/// <summary>Who works where: people, teams and sites at one moment.</summary>
public sealed class Floor
{
    private readonly FrozenDictionary<string, FloorPerson> people;
    private readonly FrozenDictionary<PersonKey, FloorPerson> byKey;
    private readonly FrozenDictionary<string, (long Key, Site Site)> teams;
    private readonly FrozenDictionary<long, Site> sitesOfTeams;

    private readonly FrozenDictionary<string, FloorIdentity> identities;

    public Floor(
        IReadOnlyList<Site> sites, IReadOnlyList<FloorPerson> people, IEnumerable<(string Id, long Key, Site Site)> teams,
        IReadOnlyList<FloorIdentity> identities)
    {
        Sites = sites;
        People = people;
        byKey = people.ToFrozenDictionary(p => p.Key);
        this.identities = identities.ToFrozenDictionary(i => i.Awaited, StringComparer.Ordinal);
        this.people = people.Select(p => (p.Id, Person: p))
            .Concat(identities.Where(i => i.Person is not null).Select(i => (Id: i.Awaited, Person: byKey[i.Person!.Value])))
            .ToFrozenDictionary(p => p.Id, p => p.Person, StringComparer.Ordinal);
        this.teams = teams.ToFrozenDictionary(t => t.Id, t => (t.Key, t.Site), StringComparer.Ordinal);
        sitesOfTeams = this.teams.Values.ToFrozenDictionary(t => t.Key, t => t.Site);
    }

    public IReadOnlyList<Site> Sites { get; }
    public IReadOnlyList<FloorPerson> People { get; }

    /// <summary>The installation's own site: the first.</summary>
    public Site? Site => Sites.Count > 0 ? Sites[0] : null;

    /// <summary>The last workday that has closed at every site.</summary>
    public Workday ClosedEverywhere => Sites.Aggregate(Workday.End, (least, site) => Workday.Min(least, site.ClosedThrough));

    /// <summary>The workday of an instant where it is the latest.</summary>
    public Workday LatestDay(long at) =>
        Sites.Aggregate(Workday.Beginning, (latest, site) => Workday.Max(latest, site.Clock.WorkdayOf(at)));

    /// <summary>By the own id, or by what an external identity awaits that is linked.</summary>
    public FloorPerson? Person(string id) => people.GetValueOrDefault(id);
    public FloorPerson? Person(PersonKey key) => byKey.GetValueOrDefault(key);
    public FloorIdentity? Identity(string awaited) => identities.GetValueOrDefault(awaited);

    /// <summary>The team that an external identity is linked to.</summary>
    public (long Key, Site Site)? TeamOf(string awaited) =>
        identities.Count > 0 && identities.TryGetValue(awaited, out var identity) && identity.Team is { } team
            ? (team, sitesOfTeams[team])
            : null;

    /// <summary>The clock of a person's workplace at an instant; the installation's for somebody who is not there.</summary>
    public SiteClock ClockOf(PersonKey person, long at) => (Person(person)?.WorkdayOf(at).Site ?? Site!).Clock;

    /// <summary>The clock of the site that the team belongs to.</summary>
    public SiteClock ClockOf(long team) => (sitesOfTeams.TryGetValue(team, out var site) ? site : Site!).Clock;

    public (long Key, Site Site)? Team(string id) => teams.TryGetValue(id, out var team) ? team : null;
}
