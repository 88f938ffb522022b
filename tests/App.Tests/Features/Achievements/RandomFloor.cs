using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Kernel;
using NodaTime;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>
/// Sites far apart, and people who move between them: some before anything happened, some while it happens, from a day of the past, from
/// today or from a day to come. What follows from it is worked out here from instants, not from what the database keeps.
/// </summary>
internal sealed class RandomFloor
{
    private static readonly Duration Grace = Duration.FromHours(2);
    private static readonly string[] Zones =
    [
        "Europe/Vilnius", "America/New_York", "America/St_Johns", "Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Pago_Pago",
        "Asia/Kathmandu", "Europe/Vilnius", "America/New_York", "Pacific/Auckland",
    ];

    private readonly Random random;
    private readonly List<DateTimeZone> zones = [];
    /// <summary>What had closed everywhere when a site was added has closed there, too.</summary>
    private readonly List<LocalDate> closedBefore = [];
    private readonly SortedDictionary<LocalDate, int>[] people;
    private readonly int[] teams;

    /// <summary>Who is where besides; a file that moves somebody to a site says the role again.</summary>
    public RandomBelonging Belonging { get; }

    public RandomFloor(Random random, int people, int teams)
    {
        this.random = random;
        var sites = random.Next(4) == 0 ? 1 : random.Next(2, 4);
        foreach (var zone in Zones.OrderBy(_ => random.Next()).Distinct().Take(sites)) Add(zone, null);
        this.people =
            [.. Enumerable.Range(0, people).Select(_ => new SortedDictionary<LocalDate, int> { [LocalDate.MinIsoValue] = Any() })];
        Belonging = new(random, this, people);
        this.teams = [.. Enumerable.Range(0, teams).Select(_ => Any())];
    }

    /// <summary>Of the installation's own site.</summary>
    public SiteClock Home => new(zones[0]);

    public string Setup =>
        $"sites: [{string.Join(", ", zones.Select((_, i) => Site(i)))}]\n"
        + $"teams: [{string.Join(", ", teams.Select((site, i) => $"{{ id: t{i}, site: s{site} }}"))}]\n"
        + $"people: [{string.Join(", ", people.Select((own, i) => $"{{ id: p{i}, site: s{own.Values.First()} }}"))}]\n"
        + RandomBelonging.Setup;

    /// <summary>Somebody, or a team, moves; now and then to a site that is new.</summary>
    /// <param name="horizon">Nobody moves from a workday before the retention horizon, or near it.</param>
    public void Change(CoreFixture core, Workday horizon)
    {
        var now = Now(core);
        if (zones.Count is > 1 and < 4 && random.Next(8) == 0)
        {
            Add(Zones[random.Next(Zones.Length)], now);
            core.Apply($"sites: [{Site(zones.Count - 1)}]");
        }
        for (var left = zones.Count == 1 ? 0 : random.Next(3); left > 0; left--)
            if (random.Next(5) == 0)
            {
                var team = random.Next(teams.Length);
                teams[team] = Any();
                core.Apply($"teams: [ {{ id: t{team}, site: s{teams[team]} }} ]");
            }
            else Move(core, random.Next(people.Length), Any(), now, horizon);
    }

    private void Move(CoreFixture core, int person, int site, Instant now, Workday horizon)
    {
        var own = people[person];
        var today = now.InZone(zones[site]).Date;
        LocalDate? said = random.Next(4) switch
        {
            0 => null,
            1 => today.PlusDays(1),
            2 => today.PlusDays(random.Next(-25, 0)),
            _ => today.PlusDays(random.Next(-2, 6)),
        };
        if (Workday.Of(said ?? today) < horizon.Plus(3)) return;
        core.Apply($"people: [ {{ id: p{person}, site: s{site}, role: {Belonging.RoleOf(person)}"
            + $"{(said is { } day ? $", from: {day:uuuu-MM-dd}" : "")} }} ]");
        if (said is null ? SiteAt(person, now) == site : SiteOn(person, said.Value) == site) return;
        own[said ?? today] = site;
        // Who is there already does not move.
        foreach (var redundant in own.Keys.Skip(1).Where((_, i) => own.Values.ElementAt(i) == own.Values.ElementAt(i + 1)).ToList())
            own.Remove(redundant);
    }

    /// <summary>Where somebody works at an instant: a move starts at midnight of the zone moved to.</summary>
    private int SiteAt(int person, Instant at) => Moves(person).Last(m => m.At <= at).Site;

    /// <summary>With the instant from which each holds.</summary>
    private List<(LocalDate From, Instant At, int Site)> Moves(int person) =>
        [.. people[person].Select((m, i) => (m.Key, i == 0 ? Instant.MinValue : Midnight(m.Value, m.Key), m.Value))];

    private Instant Midnight(int site, LocalDate day) => zones[site].AtStartOfDay(day).ToInstant();

    public (Workday Day, SiteClock Clock) WorkdayOf(int person, long at)
    {
        var instant = Instant.FromUnixTimeMilliseconds(at);
        var moves = Moves(person);
        var last = moves.FindLastIndex(m => m.At <= instant);
        var day = instant.InZone(zones[moves[last].Site]).Date;
        // Nobody goes back into a workday that is over, however far apart the clocks are.
        if (last + 1 < moves.Count && day > moves[last + 1].From) day = moves[last + 1].From;
        return (Workday.Of(day), new(zones[moves[last].Site]));
    }

    public (Workday Day, SiteClock Clock) WorkdayOfTeam(int team, long at) => (
        Workday.Of(Instant.FromUnixTimeMilliseconds(at).InZone(zones[teams[team]]).Date), new(zones[teams[team]]));

    public long StartOf(int person, Workday day) => Start(person, day.Date).ToUnixTimeMilliseconds();

    private Instant Start(int person, LocalDate day) => Midnight(SiteOn(person, day), day);

    public int SiteOn(int person, Workday day) => SiteOn(person, day.Date);

    private int SiteOn(int person, LocalDate day) => Moves(person).Last(m => m.From <= day).Site;

    public Workday BegunThrough(CoreFixture core, int person)
    {
        var (now, day) = (Now(core), Now(core).InUtc().Date.PlusDays(2));
        while (Start(person, day) > now) day = day.PlusDays(-1);
        return Workday.Of(day);
    }

    /// <summary>Together with all before it.</summary>
    public Workday ClosedThrough(CoreFixture core, int person)
    {
        var day = Now(core).InUtc().Date.PlusDays(-9);
        while (IsClosed(SiteOn(person, day.PlusDays(1)), day, Now(core))) day = day.PlusDays(1);
        return Workday.Of(day.PlusDays(-1));
    }

    public Workday ClosedEverywhere(CoreFixture core) => Workday.Of(ClosedEverywhere(Now(core)));

    private LocalDate ClosedEverywhere(Instant now)
    {
        var day = now.InUtc().Date.PlusDays(-9);
        while (zones.Select((_, site) => site).All(site => IsClosed(site, day, now))) day = day.PlusDays(1);
        return day.PlusDays(-1);
    }

    private bool IsClosed(int site, LocalDate day, Instant now) =>
        day <= closedBefore[site] || Midnight(site, day.PlusDays(1)) + Grace <= now;

    private void Add(string zone, Instant? now)
    {
        var closed = now is { } at ? ClosedEverywhere(at) : LocalDate.MinIsoValue;
        zones.Add(DateTimeZoneProviders.Tzdb[zone]);
        closedBefore.Add(closed);
    }

    public override string ToString() => string.Join('\n', [
        .. zones.Select((zone, i) => $"  s{i} {zone.Id}, taken as closed through {closedBefore[i]:uuuu-MM-dd}"),
        .. people.Select((own, i) => $"  p{i} {string.Join(", ", own.Select(m => $"{m.Key:uuuu-MM-dd} s{m.Value}"))}"),
        Belonging.ToString(), $"  teams {string.Join(", ", teams.Select(site => $"s{site}"))}"]);

    private string Site(int site) => $"{{ id: s{site}, zone: {zones[site].Id} }}";
    private int Any() => random.Next(zones.Count);
    private static Instant Now(CoreFixture core) => Instant.FromDateTimeOffset(core.Time.GetUtcNow());
}
