using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.People;
using Laurel.App.Features.Projects;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Presence;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>
/// One run over one batch: which items are in force, whose they are, what they add. Everything is decided in memory, then written
/// table by table in the order of keys.
/// </summary>
/// <param name="isOwn">What comes is Laurel's own, of no source.</param>
internal sealed class Batch(
    DbConnection connection, DbTransaction transaction, Snapshot snapshot, CatalogueStore catalogue, RunningTotals totals,
    PersonStamps stamps,
    Dictionary<string, long> sources, NameProjects projects, long now, bool isOwn = false)
{
    private const long DayMs = 86_400_000;
    /// <summary>1900-01-01, in UTC milliseconds: what is earlier is a wrong clock or a wrong date format.</summary>
    private const long EarliestMs = -2_208_988_800_000;

    private readonly Statements statements = Statements.Of(connection);
    private readonly Dialect dialect = Dialect.Of(connection);
    private readonly Dictionary<string, FloorPerson> created = new(StringComparer.Ordinal);
    private readonly BatchRollups rollups = new(snapshot.Rules, snapshot.Floor);
    private readonly LargeSums sums = new(Statements.Of(connection), snapshot);
    private readonly List<(int Item, Identity Identity)> claims = [];

    /// <summary>Whose status changed, and at which instants: what came, and what it replaces.</summary>
    public List<(PersonKey Person, long At)> StatusChanges { get; } = [];

    /// <param name="displaced">Activities that the items stand for anew: they go, as if a correction replaced them.</param>
    public (BatchOutcome Outcome, IReadOnlyCollection<string> Created) Run(
        IReadOnlyList<IncomingActivity> items, IReadOnlyList<KeptActivity> displaced)
    {
        var results = new ItemResult[items.Count];
        var identities = new Identities(statements, dialect.ForUpdate);
        Claim(items, results, identities);

        var taken = new List<Taken>(claims.Count);
        var removed = displaced.ToList();
        foreach (var (item, identity) in claims)
        {
            if (identity.InForce != item) continue;
            if (identity.Before is { } before) removed.Add(ActivityStore.Find(connection, before, transaction)!);
            var activity = items[item];
            if (activity.IsVoid) identities.Change(identity, hasActivity: false);
            else if (Place(activity) is { } place)
            {
                identities.Change(identity, hasActivity: true);
                taken.Add(new(activity, identity, place.Person, place.Team, place.Day, place.Clock));
            }
            else
            {
                identities.Change(identity, hasActivity: false);
                results[item] = Hold(activity, identity);
            }
        }
        var touched = taken.Select(t => t.Person).OfType<PersonKey>()
            .Concat(removed.Where(r => r.Person is not null).Select(r => new PersonKey(r.Person!.Value))).ToHashSet();
        PersonLocks.Take(connection, transaction, touched);
        foreach (var one in taken)
            if (one is { Person: { } who, Activity.Type: PresenceTypes.Change }) StatusChanges.Add((who, one.Activity.At));
        foreach (var old in removed)
            if (old is { Person: { } who, Type: PresenceTypes.Change }) StatusChanges.Add((new(who), old.At));
        stamps.Advance(connection, transaction, touched,
            [.. removed.Where(r => r.Person is not null).Select(r => new PersonKey(r.Person!.Value))]);
        foreach (var one in taken) rollups.Add(one.Activity, one.Person, one.Team, one.Day, one.Clock);
        foreach (var old in removed) rollups.Remove(old);

        // People were created in this batch: rules that are decided anew need them on the floor.
        var current = created.Count > 0 ? catalogue.Current(connection, transaction) : snapshot;
        var projectOf = projects.Find(connection, transaction, snapshot,
            taken.Where(t => t.Activity.Project is { Length: > 0 }).Select(t => (t.Activity.Project!, Math.Min(t.Activity.At, now))));
        var rules = new BatchRules(connection, transaction, current, totals, now)
        {
            Projects = FirstsInProjects.Concerned(connection, transaction, current, InProjects(taken, removed, projectOf)),
        };
        rules.Load(rollups);
        Write(taken, removed, projectOf);
        var awards = NoticeStore.Tell(connection, transaction, rules.Apply(rollups), now);
        OtherNodes.TellMetrics(connection, transaction, rollups.Metrics);
        return (new(results, awards, rollups.Metrics, rules.WorkIsDue), created.Keys);
    }

    /// <summary>
    /// Projects that somebody came into, or went from, by an activity of which the first may win: with the moment of the earliest.
    /// </summary>
    private Dictionary<long, long> InProjects(List<Taken> taken, List<KeptActivity> removed, Func<string, NamedProject> projectOf)
    {
        var earliest = new Dictionary<long, long>();
        if (snapshot.Rules.FirstsInProjects.Count == 0) return earliest;
        foreach (var one in taken)
            if (one is { Person: not null, Activity.Project: { Length: > 0 } named } && snapshot.Rules.MayBeFirst(one.Activity.Type)
                && projectOf(named).Project is { } project) Note(project, one.Activity.At);
        foreach (var old in removed)
            if (old is { Person: not null, Project: { } project } && snapshot.Rules.MayBeFirst(old.Type)) Note(project, old.At);
        return earliest;

        void Note(long project, long at) => earliest[project] = earliest.TryGetValue(project, out var known) ? Math.Min(known, at) : at;
    }

    /// <summary>An item that is in force and whose owner is known.</summary>
    private readonly record struct Taken(
        IncomingActivity Activity, Identity Identity, PersonKey? Person, long? Team, Workday Day, SiteClock Clock);

    /// <summary>Judges each item by itself and then against its identity.</summary>
    private void Claim(IReadOnlyList<IncomingActivity> items, ItemResult[] results, Identities identities)
    {
        var known = new List<int>(items.Count);
        for (var i = 0; i < items.Count; i++)
            if (!isOwn && (Refusal(items[i]) ?? sums.Refusal(items[i], Person)) is { } reason) results[i] = ItemResult.Rejected(reason);
            else known.Add(i);

        var keys = dialect.ActivityKeys(connection, transaction, known.Count);
        var contents = new long[items.Count];
        var firsts = new List<(Identity, long, long, long?)>(known.Count);
        for (var n = 0; n < known.Count; n++)
        {
            var (i, activity) = (known[n], items[known[n]]);
            contents[i] = ActivityBody.Fingerprint(activity);
            var identity = identities.Of(Source(activity.Source), activity.Id, keys[n], out var isFirst);
            claims.Add((i, identity));
            if (isFirst) firsts.Add((identity, activity.Version, contents[i], activity.IsVoid || Waits(activity) ? null : keys[n]));
        }
        identities.Claim(firsts);
        foreach (var (item, identity) in claims)
            results[item] = Replaces(items[item], identity) ? ItemResult.Rejected(
                    $"what it would replace lies before the retention horizon {snapshot.Rules.Horizon}: it stays as it was counted")
                : identity.Judge(item, items[item].Version, contents[item]) ?? ItemResult.Accepted;
    }

    /// <summary>Whether it is a correction or void of what was counted before the horizon.</summary>
    private bool Replaces(IncomingActivity activity, Identity identity) => snapshot.Rules.Horizon > Workday.Beginning
        && identity.Before is { } before && activity.Version > identity.VersionBefore
        && (before == Identity.Gone || ActivityStore.Find(connection, before, transaction)!.Day < snapshot.Rules.Horizon);

    private string? Refusal(IncomingActivity activity)
    {
        if (snapshot.Floor.Site is null) return "no site has been set up yet";
        if (activity.At < EarliestMs) return "time is before 1900";
        if (activity.At > now + DayMs) return "time is more than a day in the future";
        if (snapshot.Rules.Type(activity.Type) is not { } type) return $"type '{activity.Type}' is not declared";
        if (type.Type.Refuses(activity) is { } reason) return reason;
        if (PresenceRefusal(activity) is { } wrong) return wrong;
        if (type.Type.NeedsPerson && activity is { Person: { } awaited, IsVoid: false } && snapshot.Floor.TeamOf(awaited) is not null)
            return $"type '{activity.Type}' needs a person, and this identity is a team's";
        if (IsBeforeHorizon(activity))
            return $"older than the retention horizon {snapshot.Rules.Horizon}: activities of before it are gone and none is counted";
        return activity is { Person: null or "", IsVoid: false, Team: { Length: > 0 } team } && snapshot.Floor.Team(team) is null
            ? $"team '{team}' is not known"
            : null;
    }

    /// <summary>A status must be one that is declared; what is made of the changes is made here alone.</summary>
    private string? PresenceRefusal(IncomingActivity activity)
    {
        if (activity.Source is PresenceTypes.Source or GoalTypes.Source or UseTypes.Source)
            return $"source '{activity.Source}' is Laurel's own";
        if (string.Equals(activity.Type, PresenceTypes.Segment, StringComparison.Ordinal))
            return $"type '{PresenceTypes.Segment}' is Laurel's own: send '{PresenceTypes.Change}', and it counts the time between";
        if (activity.IsVoid || !string.Equals(activity.Type, PresenceTypes.Change, StringComparison.Ordinal)
            || snapshot.Rules.Presence is not { } rules) return null;
        if (activity.Labels.Count == 0) return $"type '{PresenceTypes.Change}' needs the label '{PresenceTypes.Status}'";
        var status = activity.Labels[0].Text;
        return rules.Statuses.ContainsKey(status) ? null
            : $"status '{status}' is not declared" + Suggestion.Hint(status, rules.Statuses.Keys);
    }

    /// <summary>
    /// By the workday that it would count on. A void has no workday of its own; of who is not known yet it is told on release, unless it
    /// is too old at any site.
    /// </summary>
    private bool IsBeforeHorizon(IncomingActivity activity)
    {
        var horizon = snapshot.Rules.Horizon;
        if (activity.IsVoid || activity.At >= Retention.Horizon.LatestStart(horizon)) return false;
        if (activity.At < Retention.Horizon.EarliestStart(horizon)) return true;
        if (activity.Person is not { Length: > 0 } id)
            return ((activity.Team is { Length: > 0 } queue ? snapshot.Floor.Team(queue) : null)?.Site ?? snapshot.Floor.Site!).Clock
                .WorkdayOf(activity.At) < horizon;
        if (Person(id) is { } person) return person.WorkdayOf(activity.At).Day < horizon;
        if (snapshot.Floor.TeamOf(id) is { } linked) return linked.Site.Clock.WorkdayOf(activity.At) < horizon;
        // Somebody new works where the team does, if that is known.
        return activity.UnknownPerson == UnknownPerson.Create
            && ((activity.Team is { Length: > 0 } own ? snapshot.Floor.Team(own) : null)?.Site ?? snapshot.Floor.Site!).Clock
                .WorkdayOf(activity.At) < horizon;
    }

    /// <summary>Whether nobody is known, or will be created, whose it could be.</summary>
    private bool Waits(IncomingActivity activity) =>
        activity is { Person: { Length: > 0 } person, UnknownPerson: UnknownPerson.Hold } && Person(person) is null
        && snapshot.Floor.TeamOf(person) is null;

    /// <summary>Whose an activity is and on which workday; null when its person is not known.</summary>
    private (PersonKey? Person, long? Team, Workday Day, SiteClock Clock)? Place(IncomingActivity activity)
    {
        var home = snapshot.Floor.Site!;
        if (activity.Person is { Length: > 0 } id)
        {
            var person = Person(id) ?? (activity.UnknownPerson == UnknownPerson.Create ? Create(activity, home) : null);
            if (person is null)
                return snapshot.Floor.TeamOf(id) is { } linked
                    ? (null, linked.Key, linked.Site.Clock.WorkdayOf(activity.At), linked.Site.Clock)
                    : null;
            var (day, site) = person.WorkdayOf(activity.At);
            // What was moved behind the retention horizon counts on its first day, and so does what is made of it.
            return (person.Key, null, isOwn ? Workday.Max(day, snapshot.Rules.Horizon) : day, site.Clock);
        }
        var team = activity.Team is { Length: > 0 } queue ? snapshot.Floor.Team(queue) : null;
        var clock = (team?.Site ?? home).Clock;
        return (null, team?.Key, clock.WorkdayOf(activity.At), clock);
    }

    private FloorPerson? Person(string id) => created.GetValueOrDefault(id) ?? snapshot.Floor.Person(id);

    private FloorPerson Create(IncomingActivity activity, Site home)
    {
        var by = activity.Import is { } import
            ? new Actor(null, string.Create(CultureInfo.InvariantCulture, $"laurel import {import}"), Via.CommandLine)
            : Actor.ApiKey(activity.Source);
        var person = CreatePerson.Run(
            connection, transaction, snapshot.Floor, home, activity.Person!, activity.PersonName, activity.Team, by, now);
        return created[person.Id] = person;
    }

    private ItemResult Hold(IncomingActivity activity, Identity identity)
    {
        statements["INSERT INTO held (source, id, person_id, received_at, body, import) VALUES (@0, @1, @2, @3, @4, @5)"]
            .Bind(identity.Source, identity.Id, activity.Person, now, HeldActivity.Write(activity), activity.Import).Run();
        return ItemResult.Held(ExternalIdentity.Of(activity.Person!) is var (provider, external)
            ? $"identity '{external}' of '{provider}' is "
                + (snapshot.Floor.Identity(activity.Person!) is { IsIgnored: true } ? "ignored" : "not linked yet")
            : $"person '{activity.Person}' is not known yet");
    }

    private void Write(List<Taken> taken, List<KeptActivity> removed, Func<string, NamedProject> projectOf)
    {
        foreach (var old in removed) statements["DELETE FROM activity WHERE key = @0"].Bind(old.Key).Run();
        var rows = new Rows(
            "activity", "key bigint", "source bigint", "id bytea", "type bigint", "person bigint", "team bigint", "at bigint", "day bigint",
            "body text", "import bigint", "project bigint", "project_identity bigint");
        rows.Expect(taken.Count);
        foreach (var (activity, identity, person, team, day, _) in taken)
        {
            var project = activity.Project is { Length: > 0 } named ? projectOf(named) : default;
            rows.Add(identity.Key, identity.Source, identity.Id, snapshot.Rules.Type(activity.Type)!.Value.Key, person?.Value, team,
                activity.At, day.Number,
                ActivityBody.Write(activity), activity.Import, project.Project, project.Identity);
        }
        statements.Insert(rows);
        Rows? identified = null;
        foreach (var one in taken)
            if (ExternalIdentity.IsOne(one.Activity.Person) && snapshot.Floor.Identity(one.Activity.Person!) is { } through)
                (identified ??= new("activity_of_identity", "identity bigint", "activity bigint")).Add(through.Key, one.Identity.Key);
        if (identified is not null) statements.Insert(identified);
    }

    private long Source(string id)
    {
        if (sources.TryGetValue(id, out var known)) return known;
        connection.Execute("INSERT INTO source (id) VALUES (@id) ON CONFLICT DO NOTHING", new { id }, transaction);
        return sources[id] = connection.ExecuteScalar<long>("SELECT key FROM source WHERE id = @id", new { id }, transaction);
    }
}
