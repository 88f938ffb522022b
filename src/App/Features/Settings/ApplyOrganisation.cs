using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.People;
using Laurel.App.Features.SettingUp;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Kernel;
using Laurel.Storage;
using YamlDotNet.Core;

namespace Laurel.App.Features.Settings;

/// <summary>The sites, the week, teams and people of a setup file.</summary>
internal sealed class ApplyOrganisation(Agreement agreement)
{
    private const string Utc = "Etc/UTC";

    private Dictionary<string, long> divisions = new(StringComparer.Ordinal);

    private Setup Setup => agreement.Setup;

    /// <summary>The clock of the organisation's own site.</summary>
    public SiteClock Run()
    {
        foreach (var site in Setup.Sites) ApplySite(site);
        if (Setup.WeekStart is { } start) ApplyWeekStart(start);
        var managed = RoleManagers();
        new ApplyRoles(agreement).Run();
        if (Home() is not { } home) return SiteClock.Find(Utc)!;
        var clock = SiteClock.Find(home.Zone)!;
        var sites = SiteStore.All(agreement.Connection, agreement.Transaction).ToDictionary(s => s.Id, StringComparer.Ordinal);
        foreach (var team in Setup.Teams) ApplyTeam(team, home, sites);
        foreach (var group in Setup.Groups) ApplyGroup(group);
        foreach (var division in Setup.Divisions) ApplyDivision(division);
        ApplyPeople(home, sites, managed);
        return clock;
    }

    /// <summary>Where there is none, one stands in, so that the rest of the file is looked at, too: it is not kept.</summary>
    private SiteRow? Home()
    {
        if (SiteStore.All(agreement.Connection, agreement.Transaction) is [var home, ..]) return home;
        if (Setup.Teams.Count + Setup.People.Count + Setup.Metrics.Count + Setup.Achievements.Count == 0) return null;
        if (!Setup.Unread.Sections.Contains("sites") && !Setup.Unread.Ids["sites"].Any())
            agreement.Problems.Add(new Mark(0, 1, 1), "no site yet: write 'site' with its time zone first");
        agreement.Connection.Execute("INSERT INTO site (id, name, zone, closed_through) VALUES ('?', '?', @Utc, 0)", new { Utc },
            agreement.Transaction);
        return SiteStore.All(agreement.Connection, agreement.Transaction)[0];
    }

    private void ApplySite(SiteSetup site)
    {
        var (connection, transaction) = (agreement.Connection, agreement.Transaction);
        var clock = SiteClock.Find(site.Zone)!;
        var all = SiteStore.All(connection, transaction);
        if (all.FirstOrDefault(s => string.Equals(s.Id, site.Id, StringComparison.Ordinal)) is not { } known)
        {
            // The set-up page asks for no id: as long as nothing has come in, the file's is as good as the one that it made up.
            if (all is [{ Id: FirstRun.SiteId } made] && Setup.Sites[0] == site && !connection.HasRows(transaction, "activity")
                && !Setup.Sites.Any(s => string.Equals(s.Id, made.Id, StringComparison.Ordinal)))
            {
                connection.Execute("UPDATE site SET id = @Id WHERE key = @Key", new { site.Id, made.Key }, transaction);
                agreement.Differs("site", site.Id, new Change("id", made.Id, site.Id));
                ApplySite(site);
                return;
            }
            if (site.IsOnly && all.Count > 0)
            {
                agreement.Refuse(site.Node, all.Count == 1
                    ? $"there is a site already, and its id is '{all[0].Id}', not '{site.Id}'; write id: {all[0].Id}, "
                        + "or list both under 'sites'"
                    : $"there is no site '{site.Id}'" + Suggestion.Hint(site.Id, all.Select(s => s.Id))
                        + "; new ones are listed under 'sites'");
                return;
            }
            SiteStore.Add(connection, transaction, site.Id, site.Name ?? site.Id, clock,
                agreement.Before.Site is null ? null : SiteStore.ClosedEverywhere(connection, transaction, agreement.Now), agreement.Now);
            agreement.Add("site", site.Id, new Change("name", null, site.Name ?? site.Id), new Change("zone", null, site.Zone));
            return;
        }
        if (known.Zone != site.Zone && SiteStore.IsZoneFixed(connection, transaction, known.Key))
        {
            agreement.Refuse(site.Node, "the zone cannot change while there are activities: their workdays are decided");
            return;
        }
        var name = site.Name ?? known.Name;
        if (agreement.Differs("site", site.Id, new Change("name", known.Name, name), new Change("zone", known.Zone, site.Zone)))
            SiteStore.Change(connection, transaction, known, name, clock, agreement.Now);
    }

    private void ApplyWeekStart(WeekStartSetup start)
    {
        var before = agreement.Connection.ExecuteScalar<string?>(
            "SELECT value FROM setting WHERE name = 'week-start'", transaction: agreement.Transaction) ?? "Monday";
        var after = start.Day.ToString();
        if (before == after) return;
        if (agreement.Connection.HasRows(agreement.Transaction, "award"))
        {
            agreement.Refuse(start.Node, "the week's start is fixed after the first award");
            return;
        }
        agreement.Connection.Execute(
            "INSERT INTO setting (name, value) VALUES ('week-start', @after) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            new { after }, agreement.Transaction);
        agreement.Differs("setting", "week-start", new Change("week-start", before, after));
    }

    private void ApplyTeam(TeamSetup team, SiteRow home, Dictionary<string, SiteRow> sites)
    {
        var (connection, transaction) = (agreement.Connection, agreement.Transaction);
        var site = SiteNamed(team.Site, sites);
        var known = connection.QueryFirstOrDefault<TeamRow>(
            "SELECT t.key, t.name, s.id AS site FROM team t JOIN site s ON s.key = t.site WHERE t.id = @Id", new { team.Id }, transaction);
        if (known is null)
        {
            connection.Execute("INSERT INTO team (id, name, site) VALUES (@Id, @Name, @site)",
                new { team.Id, Name = team.Name ?? team.Id, site = (site ?? home).Key }, transaction);
            agreement.Add("team", team.Id, new Change("name", null, team.Name ?? team.Id), new Change("site", null, site?.Id));
            return;
        }
        if (!agreement.Differs("team", team.Id, new Change("name", known.Name, team.Name ?? known.Name),
            new Change("site", known.Site, site?.Id ?? known.Site))) return;
        connection.Execute("UPDATE team SET name = @Name WHERE key = @Key", new { known.Key, Name = team.Name ?? known.Name }, transaction);
        if (site is null || site.Id == known.Site) return;
        connection.Execute("UPDATE team SET site = @site WHERE key = @Key", new { known.Key, site = site.Key }, transaction);
        agreement.MovedTeams.Add(known.Key);
    }

    private void ApplyGroup(GroupSetup group)
    {
        var (connection, transaction) = (agreement.Connection, agreement.Transaction);
        if (connection.QueryFirstOrDefault<(string Name, long Archived)?>(
            "SELECT name, archived FROM people_group WHERE id = @Id", new { group.Id }, transaction) is not var (name, put))
        {
            connection.Execute("INSERT INTO people_group (id, name, archived) VALUES (@Id, @Name, @archived)",
                new { group.Id, Name = group.Name ?? group.Id, archived = group.Archived == true ? 1 : 0 }, transaction);
            agreement.Add("group", group.Id, new Change("name", null, group.Name ?? group.Id),
                new Change("archived", null, group.Archived == true ? "yes" : null));
            return;
        }
        var (archived, called) = (group.Archived ?? put != 0, group.Name ?? name);
        if (agreement.Differs("group", group.Id, new Change("name", name, called),
            new Change("archived", put != 0 ? "yes" : "no", archived ? "yes" : "no")))
            connection.Execute("UPDATE people_group SET name = @Name, archived = @archived WHERE id = @Id",
                new { group.Id, Name = called, archived = archived ? 1 : 0 }, transaction);
    }

    private void ApplyDivision(GroupSetup division)
    {
        var (connection, transaction) = (agreement.Connection, agreement.Transaction);
        if (DivisionStore.Find(connection, division.Id, transaction) is not { } known)
        {
            connection.Execute("INSERT INTO division (id, name, archived) VALUES (@Id, @Name, @archived)",
                new { division.Id, Name = division.Name ?? division.Id, archived = division.Archived == true ? 1 : 0 }, transaction);
            agreement.Add("division", division.Id, new Change("name", null, division.Name ?? division.Id),
                new Change("archived", null, division.Archived == true ? "yes" : null));
            return;
        }
        var (archived, name) = (division.Archived ?? known.IsArchived, division.Name ?? known.Name);
        if (agreement.Differs("division", division.Id, new Change("name", known.Name, name),
            new Change("archived", known.IsArchived ? "yes" : "no", archived ? "yes" : "no")))
            connection.Execute("UPDATE division SET name = @Name, archived = @archived WHERE id = @Id",
                new { division.Id, Name = name, archived = archived ? 1 : 0 }, transaction);
    }

    /// <summary>The groups that the file gives somebody; null where it gives none to speak of.</summary>
    private List<long>? GroupsOf(PersonSetup person, Dictionary<string, long> groups)
    {
        if (person.Groups is null) return null;
        var keys = new List<long>();
        foreach (var named in person.Groups)
            if (groups.TryGetValue(named.Text, out var key)) keys.Add(key);
            else agreement.Missing("groups", named, "group", groups.Keys);
        return keys;
    }

    private SiteRow? SiteNamed(YamlText? named, Dictionary<string, SiteRow> sites)
    {
        if (named is null) return null;
        if (sites.TryGetValue(named.Text, out var site)) return site;
        agreement.Missing("sites", named, "site", sites.Keys);
        return null;
    }

    private void ApplyPeople(SiteRow home, Dictionary<string, SiteRow> sites, IReadOnlyList<string> managed)
    {
        var (connection, transaction) = (agreement.Connection, agreement.Transaction);
        var teams = connection.Query<(string Id, long Key, long Site)>("SELECT id, key, site FROM team", transaction: transaction)
            .ToDictionary(t => t.Id, t => (t.Key, t.Site), StringComparer.Ordinal);
        var known = connection.Query<PersonRow>("SELECT key, id, name, email, role, invented FROM person", transaction: transaction)
            .ToDictionary(p => p.Id, StringComparer.Ordinal);
        var groups = connection.Query<(string Id, long Key)>("SELECT id, key FROM people_group", transaction: transaction)
            .ToDictionary(g => g.Id, g => g.Key, StringComparer.Ordinal);
        divisions = connection.Query<(string Id, long Key)>("SELECT id, key FROM division", transaction: transaction)
            .ToDictionary(v => v.Id, v => v.Key, StringComparer.Ordinal);
        var floor = agreement.Floor;
        var emails = Emails(known);
        var roles = RoleStore.Read(connection, transaction);
        foreach (var person in Setup.People)
        {
            (long Key, long Site)? team = null;
            if (person.Team is { } named)
                if (teams.TryGetValue(named.Text, out var found)) team = found;
                else agreement.Missing("teams", named, "team", teams.Keys);
            var (site, email) = (SiteNamed(person.Site, sites), emails.GetValueOrDefault(person.Id));
            var ownGroups = GroupsOf(person, groups);
            if (person.Role is { } role && roles.Find(role.Text) is null)
            {
                ApplyRoles.Missing(agreement, role, roles);
                continue;
            }
            if (person.Division is { Text.Length: > 0 } within && !divisions.ContainsKey(within.Text))
                agreement.Missing("divisions", within, "division", divisions.Keys);
            if (known.TryGetValue(person.Id, out var before)) Change(person, email, site, team?.Key, ownGroups, before, floor);
            else Add(person, email, site?.Key ?? team?.Site ?? home.Key, team?.Key, ownGroups);
        }
        if (managed.Count == 0 || RoleManagers().Count > 0) return;
        var losing = Setup.People.Where(p => managed.Contains(p.Id, StringComparer.Ordinal)
            && p.Role is { } role && known[p.Id].Role != role.Text).ToList();
        foreach (var person in losing)
            agreement.Refuse(person.Node, $"'{person.Id}' would not be an administrator any more, and nobody would be left who can "
                + "sign in as one; keep role: admin, or give somebody else the role and a password first");
        if (losing.Count == 0)
            agreement.Refuse(Setup.Roles.Count > 0 ? Setup.Roles[0].Node : Setup.Root,
                "nobody would be left who can sign in and manage roles; leave roles.manage to a role that somebody has");
    }

    /// <summary>Ids of who can sign in and manage roles.</summary>
    private IReadOnlyList<string> RoleManagers()
    {
        var able = RoleStore.Read(agreement.Connection, agreement.Transaction).All
            .Where(r => r.Holds(Permissions.RolesManage)).Select(r => r.Id).ToArray();
        return
        [
            .. agreement.Connection.Query<string>(
                $"""
                SELECT p.id FROM person p JOIN credential c ON c.person = p.key
                WHERE p.active = 1 AND c.password IS NOT NULL AND {Dialect.Of(agreement.Connection).Among("p.role", "able")}
                """, new { able }, agreement.Transaction),
        ];
    }

    /// <summary>
    /// The addresses that the file gives, by person. No two people share one, whoever of them is in the file; what somebody gives up is
    /// free for another at once.
    /// </summary>
    private Dictionary<string, string> Emails(Dictionary<string, PersonRow> known)
    {
        var given = Setup.People.Where(p => p.Email is not null).Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var person in known.Values)
            if (person.Email is { } kept && !given.Contains(person.Id)) owners[kept.ToLowerInvariant()] = person.Id;
        var emails = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var person in Setup.People)
        {
            if (person.Email is not { } email) continue;
            if (owners.TryAdd(email.Text, person.Id)) emails[person.Id] = email.Text;
            else agreement.Refuse(email.At, $"'{email.Text}' is the e-mail address of '{owners[email.Text]}' already");
        }
        foreach (var (id, email) in emails)
            if (known.GetValueOrDefault(id) is { Email: not null } before && before.Email != email)
                agreement.Connection.Execute("UPDATE person SET email = NULL WHERE key = @Key", new { before.Key }, agreement.Transaction);
        return emails;
    }

    private void Add(PersonSetup person, string? email, long site, long? team, List<long>? groups)
    {
        var (connection, transaction) = (agreement.Connection, agreement.Transaction);
        var (name, role) = (person.Name ?? person.Id, person.Role?.Text ?? Role.Agent.Id());
        var key = connection.ExecuteScalar<long>(
            """
            INSERT INTO person (id, name, email, role, invented, created_at) VALUES (@Id, @name, @email, @role, @invented, @Now)
            RETURNING key
            """, new { person.Id, name, email, role, invented = person.Invented == true ? 1 : 0, agreement.Now }, transaction);
        DatedFacts.BeginAt(connection, transaction, key, site);
        if (team is { } joined) DatedFacts.Join(connection, transaction, key, joined, Workday.Beginning);
        if (groups is { Count: > 0 }) Belonging.SetGroups(connection, transaction, key, groups, Workday.Beginning);
        if (person.Division is { } within && divisions.TryGetValue(within.Text, out var division))
            DivisionStore.Set(connection, transaction, key, division, Workday.Beginning);
        agreement.Add("person", person.Id, new Change("name", null, name), new Change("role", null, role),
            new Change("email", null, email), new Change("site", null, person.Site?.Text), new Change("team", null, person.Team?.Text),
            new Change("groups", null, person.Groups is { Count: > 0 } own ? Line(own.Select(g => g.Text)) : null),
            new Change("division", null, person.Division is { Text.Length: > 0 } into ? into.Text : null));
        agreement.Added.Add(person.Id);
    }

    private static string? Line(IEnumerable<string> ids) =>
        string.Join(", ", ids.Order(StringComparer.Ordinal)) is { Length: > 0 } line ? line : null;

    private void Change(
        PersonSetup person, string? email, SiteRow? site, long? team, List<long>? groups, PersonRow known, Floor floor)
    {
        var (connection, transaction) = (agreement.Connection, agreement.Transaction);
        // What the file leaves out stays.
        var (name, role, invented) = (
            person.Name ?? known.Name, person.Role?.Text ?? known.Role, person.Invented ?? known.Invented != 0);
        var (day, here) = floor.Person(new PersonKey(known.Key))!.WorkdayOf(agreement.Now);
        // A move begins at midnight of the zone moved to, so today is today there. Who is there now does not move.
        if (person.From is null && site?.Key == here.Key) site = null;
        var from = person.From ?? site?.Clock.WorkdayOf(agreement.Now) ?? day;
        var (siteBefore, teamBefore) = (Id("site", DatedFacts.SiteOn(connection, transaction, known.Key, from)),
            Id("team", DatedFacts.TeamOn(connection, transaction, known.Key, from)));
        var moves = site is not null && DatedFacts.MoveTo(connection, transaction, known.Key, site.Key, from);
        var joins = team is { } joined && DatedFacts.Join(connection, transaction, known.Key, joined, from);
        // Who is in groups for the first time has always been in them.
        var groupsFrom = person.From is null && Belonging.IsInNone(connection, transaction, known.Key) ? Workday.Beginning : from;
        var groupsBefore = Line(Belonging.GroupsOn(connection, transaction, known.Key, groupsFrom));
        var belongs = groups is not null && Belonging.SetGroups(connection, transaction, known.Key, groups, groupsFrom);
        var groupsNow = groups is null ? groupsBefore : Line(person.Groups!.Select(g => g.Text));
        var divisionBefore = DivisionStore.On(connection, transaction, known.Key, from);
        var changesDivision = person.Division is { } within && within.Text != (divisionBefore ?? "")
            && (within.Text.Length == 0 || divisions.ContainsKey(within.Text))
            && DivisionStore.Set(
                connection, transaction, known.Key, within.Text.Length == 0 ? null : divisions[within.Text], from);
        if (joins || moves || belongs || known.Role != role)
            agreement.Belongs[known.Key] = joins && teamBefore is null ? Workday.Beginning : belongs ? Workday.Min(from, groupsFrom) : from;
        if (moves) agreement.Moved[new(known.Key)] = from;
        if (moves && from < CatalogueStore.Horizon(connection, transaction).Plus(PlaceAnew.DaysBefore + 1))
            agreement.Refuse(person.Node,
                $"'{person.Id}' cannot move from {from}: the activities of that time are gone by retention, or about to go");
        if (joins) agreement.Joined.Add(known.Key);
        if (!agreement.Differs("person", person.Id, new Change("name", known.Name, name),
            new Change("role", known.Role, role),
                new Change("email", known.Email, email ?? known.Email), new Change("site", siteBefore, moves ? site!.Id : siteBefore),
                new Change("team", teamBefore, joins ? person.Team!.Text : teamBefore),
                new Change("groups", groupsBefore, !belongs ? groupsBefore : groupsBefore != groupsNow ? groupsNow
                    // What was to change later does not any more.
                    : $"{groupsNow ?? "none"}, from {groupsFrom} on"),
                new Change("division", divisionBefore,
                    !changesDivision ? divisionBefore : person.Division!.Text is { Length: > 0 } into ? into : null),
                // Somebody without a team so far has always been in it.
                new Change("from", null, moves || changesDivision || (joins && teamBefore is not null) ? from.ToString() : null),
                new Change("invented", known.Invented != 0 ? "yes" : null, invented ? "yes" : null))) return;
        Belonging.SetRole(connection, transaction, known.Key, known.Role, role, from);
        connection.Execute(
            "UPDATE person SET name = @name, role = @role, email = coalesce(@email, email), invented = @invented WHERE key = @Key",
            new { known.Key, name, role, email, invented = invented ? 1 : 0 }, transaction);
    }

    private string? Id(string table, long? key) => key is null
        ? null
        : agreement.Connection.ExecuteScalar<string>($"SELECT id FROM {table} WHERE key = @key", new { key }, agreement.Transaction);

    private sealed record TeamRow
    {
        public long Key { get; init; }
        public string Name { get; init; } = "";
        public string Site { get; init; } = "";
    }

    private sealed record PersonRow
    {
        public long Key { get; init; }
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string? Email { get; init; }
        public string Role { get; init; } = "";
        public int Invented { get; init; }
    }
}
