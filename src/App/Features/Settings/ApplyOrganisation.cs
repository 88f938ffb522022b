using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.Engine.Kernel;
using YamlDotNet.Core;
using Laurel.App.Features.SettingUp;

namespace Laurel.App.Features.Settings;

/// <summary>The site, the week, teams and people of a setup file.</summary>
internal sealed class ApplyOrganisation(Agreement agreement)
{
    private const string Utc = "Etc/UTC";

    private Setup Setup => agreement.Setup;

    /// <summary>The clock of the organisation's site.</summary>
    public SiteClock Run()
    {
        if (Setup.Site is { } site) ApplySite(site);
        if (Setup.WeekStart is { } start) ApplyWeekStart(start);
        if (Home() is not { } home) return SiteClock.Find(Utc)!;
        var clock = SiteClock.Find(home.Zone)!;
        foreach (var team in Setup.Teams) ApplyTeam(team, home.Key);
        ApplyPeople(home.Key, clock.WorkdayOf(agreement.Now));
        return clock;
    }

    /// <summary>Where there is none, one stands in, so that the rest of the file is looked at, too: it is not kept.</summary>
    private SiteRow? Home()
    {
        const string First = "SELECT key, id, name, zone FROM site ORDER BY key LIMIT 1";
        if (agreement.Connection.QueryFirstOrDefault<SiteRow>(First, transaction: agreement.Transaction) is { } home) return home;
        if (Setup.Teams.Count + Setup.People.Count + Setup.Metrics.Count + Setup.Achievements.Count == 0) return null;
        if (!Setup.Unread.Sections.Contains("site"))
            agreement.Problems.Add(new Mark(0, 1, 1), "no site yet: write 'site' with its time zone first");
        agreement.Connection.Execute("INSERT INTO site (id, name, zone, closed_through) VALUES ('?', '?', @Utc, 0)", new { Utc },
            agreement.Transaction);
        return agreement.Connection.QueryFirst<SiteRow>(First, transaction: agreement.Transaction);
    }

    private void ApplySite(SiteSetup site)
    {
        var (connection, transaction) = (agreement.Connection, agreement.Transaction);
        var closed = CloseWorkdays.ClosedAt(SiteClock.Find(site.Zone)!, agreement.Now).Number;
        var known = connection.QueryFirstOrDefault<SiteRow>("SELECT key, id, name, zone FROM site WHERE id = @Id", new { site.Id },
            transaction);
        if (known is null)
        {
            if (connection.QueryFirstOrDefault<string?>("SELECT id FROM site LIMIT 1", transaction: transaction) is { } other)
            {
                // The set-up page asks for no id: as long as nothing has come in, the file's is as good as the one that it made up.
                if (string.Equals(other, FirstRun.SiteId, StringComparison.Ordinal)
                    && !IsAny("activity"))
                {
                    connection.Execute("UPDATE site SET id = @Id WHERE id = @other", new { site.Id, other }, transaction);
                    agreement.Differs("site", site.Id, new Change("id", other, site.Id));
                    ApplySite(site);
                    return;
                }
                agreement.Refuse(site.Node, $"there is a site already, and its id is '{other}', not '{site.Id}'; write id: {other}");
                return;
            }
            connection.Execute("INSERT INTO site (id, name, zone, closed_through) VALUES (@Id, @Name, @Zone, @closed)",
                new { site.Id, site.Name, site.Zone, closed }, transaction);
            agreement.Add("site", site.Id, new Change("name", null, site.Name), new Change("zone", null, site.Zone));
            return;
        }
        if (known.Zone != site.Zone && IsAny("activity"))
        {
            agreement.Refuse(site.Node, "the zone cannot change while there are activities: their workdays are decided");
            return;
        }
        if (!agreement.Differs("site", site.Id, new Change("name", known.Name, site.Name), new Change("zone", known.Zone, site.Zone)))
            return;
        connection.Execute("UPDATE site SET name = @Name, zone = @Zone WHERE id = @Id", new { site.Id, site.Name, site.Zone }, transaction);
        // Nothing was decided yet, and another day may be the last one that is over there.
        if (known.Zone != site.Zone)
            connection.Execute("UPDATE site SET closed_through = @closed WHERE id = @Id", new { site.Id, closed }, transaction);
    }

    private void ApplyWeekStart(WeekStartSetup start)
    {
        var before = agreement.Connection.ExecuteScalar<string?>(
            "SELECT value FROM setting WHERE name = 'week-start'", transaction: agreement.Transaction) ?? "Monday";
        var after = start.Day.ToString();
        if (before == after) return;
        if (IsAny("award"))
        {
            agreement.Refuse(start.Node, "the week's start is fixed after the first award");
            return;
        }
        agreement.Connection.Execute(
            "INSERT INTO setting (name, value) VALUES ('week-start', @after) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            new { after }, agreement.Transaction);
        agreement.Differs("setting", "week-start", new Change("week-start", before, after));
    }

    private void ApplyTeam(TeamSetup team, long site)
    {
        var known = agreement.Connection.ExecuteScalar<string?>("SELECT name FROM team WHERE id = @Id", new { team.Id },
            agreement.Transaction);
        if (known is null)
        {
            agreement.Connection.Execute(
                "INSERT INTO team (id, name, site) VALUES (@Id, @Name, @site)", new { team.Id, team.Name, site }, agreement.Transaction);
            agreement.Add("team", team.Id, new Change("name", null, team.Name));
        }
        else if (agreement.Differs("team", team.Id, new Change("name", known, team.Name)))
            agreement.Connection.Execute("UPDATE team SET name = @Name WHERE id = @Id", new { team.Id, team.Name }, agreement.Transaction);
    }

    private void ApplyPeople(long site, Workday today)
    {
        var (connection, transaction) = (agreement.Connection, agreement.Transaction);
        var teams = connection.Query<(string Id, long Key)>("SELECT id, key FROM team", transaction: transaction)
            .ToDictionary(t => t.Id, t => t.Key, StringComparer.Ordinal);
        var known = connection.Query<PersonRow>(
            """
            SELECT p.key, p.id, p.name, p.email, p.role, p.invented, t.id AS team FROM person p
            LEFT JOIN person_team m ON m.person = p.key
              AND m.from_day = (SELECT max(from_day) FROM person_team WHERE person = p.key AND from_day <= @today)
            LEFT JOIN team t ON t.key = m.team
            """, new { today = today.Number }, transaction).ToDictionary(p => p.Id, StringComparer.Ordinal);
        var emails = Emails(known);
        var administered = Administrators() > 0;
        foreach (var person in Setup.People)
        {
            long? team = null;
            if (person.Team is { } named)
                if (teams.TryGetValue(named.Text, out var key)) team = key;
                else agreement.Missing("teams", named, "team", teams.Keys);
            var email = emails.GetValueOrDefault(person.Id);
            if (known.TryGetValue(person.Id, out var before)) Change(person, email, team, before, today);
            else Add(person, email, team, site);
        }
        if (administered && Administrators() == 0)
            foreach (var person in Setup.People)
                if (known.GetValueOrDefault(person.Id) is { Role: "admin" } && person.Role != "admin")
                    agreement.Refuse(person.Node, $"'{person.Id}' would not be an administrator any more, and nobody would be left who can "
                        + "sign in as one; keep role: admin, or give somebody else the role and a password first");
    }

    /// <summary>How many can sign in as administrators.</summary>
    private long Administrators() => agreement.Connection.ExecuteScalar<long>(
        """
        SELECT count(*) FROM person p JOIN credential c ON c.person = p.key
        WHERE p.role = 'admin' AND p.active = 1 AND c.password IS NOT NULL
        """, transaction: agreement.Transaction);

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

    private void Add(PersonSetup person, string? email, long? team, long site)
    {
        var key = agreement.Connection.ExecuteScalar<long>(
            """
            INSERT INTO person (id, name, email, role, invented, created_at) VALUES (@Id, @Name, @email, @Role, @invented, @Now)
            RETURNING key
            """, new { person.Id, person.Name, email, person.Role, invented = person.Invented ? 1 : 0, agreement.Now },
            agreement.Transaction);
        agreement.Connection.Execute("INSERT INTO person_site (person, from_day, site) VALUES (@key, @from, @site)",
            new { key, from = Workday.Beginning.Number, site }, agreement.Transaction);
        if (team is { } joined) Join(key, joined, Workday.Beginning);
        agreement.Add("person", person.Id, new Change("name", null, person.Name), new Change("role", null, person.Role),
            new Change("email", null, email), new Change("team", null, person.Team?.Text));
        agreement.Added.Add(person.Id);
    }

    private void Change(PersonSetup person, string? email, long? team, PersonRow known, Workday today)
    {
        if (!agreement.Differs("person", person.Id, new Change("name", known.Name, person.Name),
            new Change("role", known.Role, person.Role),
                new Change("email", known.Email, email ?? known.Email), new Change("team", known.Team, person.Team?.Text ?? known.Team),
                new Change("invented", known.Invented != 0 ? "yes" : null, person.Invented ? "yes" : null))) return;
        agreement.Connection.Execute(
            "UPDATE person SET name = @Name, role = @Role, email = coalesce(@email, email), invented = @invented WHERE key = @Key",
            new { known.Key, person.Name, person.Role, email, invented = person.Invented ? 1 : 0 }, agreement.Transaction);
        // Somebody without a team so far has always been in it; a move is from today on.
        if (team is not { } joined || known.Team == person.Team!.Text) return;
        Join(known.Key, joined, known.Team is null ? Workday.Beginning : today);
        agreement.Moved.Add(known.Key);
    }

    private void Join(long person, long team, Workday from) => agreement.Connection.Execute(
        """
        INSERT INTO person_team (person, from_day, team) VALUES (@person, @from, @team)
        ON CONFLICT (person, from_day) DO UPDATE SET team = excluded.team
        """, new { person, from = from.Number, team }, agreement.Transaction);

    private bool IsAny(string table) => agreement.Connection.ExecuteScalar<long>(
        $"SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT 1) any_one", transaction: agreement.Transaction) > 0;

    private sealed record SiteRow
    {
        public long Key { get; init; }
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string Zone { get; init; } = "";
    }

    private sealed record PersonRow
    {
        public long Key { get; init; }
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string? Email { get; init; }
        public string Role { get; init; } = "";
        public int Invented { get; init; }
        public string? Team { get; init; }
    }
}
