using System.Data.Common;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.People;

/// <summary>What came of adding or changing a person: the key, or what is wrong. A password that was made is shown once.</summary>
public sealed record SavedPerson(long Key, IReadOnlyList<FieldProblem> Problems, string? Password = null);

/// <summary>Adds and changes people, each in one transaction with its audit entry.</summary>
public sealed class SavePerson(
    Database database, CatalogueStore catalogue, Intake intake, BatchWriter writer, HeldStore held, PersonStamps stamps, TimeProvider time)
{
    private sealed record Known(
        string Name, string? Email, string Role, long Active, string? Team, int? TeamFrom)
    {
        // As Dapper hands SQLite's integers over.
        public Known(string name, string? email, string role, long active, string? team, long? teamFrom)
            : this(name, email, role, active, team, (int?)teamFrom) { }
    }

    /// <summary>Activities that waited for this key are counted in the same transaction.</summary>
    /// <param name="by">The role of whoever asks, who hands out no more than it holds; null for programs and the command line.</param>
    public SavedPerson Add(PersonForm form, bool withPassword, Actor actor, HeldRole? by = null)
    {
        // What activities call somebody is the key, whatever it looks like: no other would release them.
        var isAwaited = form.Id is not null && held.CountOf(form.Id) > 0;
        var problems = form.Problems(isNew: true, isAwaited).ToList();
        if (problems.Count > 0) return new(0, problems);
        var (id, email, now) = (isAwaited ? form.Id! : form.Id!.Trim(), Email(form), Now);
        var password = withPassword ? Passwords.OneTime() : null;
        var hash = password is null ? null : Passwords.Hash(password);
        var replayed = BatchOutcome.Nothing;
        var saved = database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            if (c.ExecuteScalar<long>("SELECT COUNT(*) FROM person WHERE id = @id", new { id }, t) > 0)
                problems.Add(new(nameof(form.Id), Ui.Text("Somebody has this key already.")));
            // What activities wait under is what they call somebody, whoever else is called nearly so.
            else if (!isAwaited && c.ExecuteScalar<long>("SELECT COUNT(*) FROM person WHERE lower(id) = lower(@id)", new { id }, t) > 0)
                problems.Add(new(nameof(form.Id), Ui.Text(
                    "Somebody has this key already, in other letters. Keys that differ by capitals alone are mixed up.")));
            CheckEmail(c, t, email, except: 0, problems);
            var team = Team(c, t, form, problems);
            var site = Site(c, t, form, problems);
            var groups = Groups(c, t, form, problems);
            var role = RoleOf(RoleStore.Read(c, t), form, before: null, by, problems);
            var division = Division(c, t, form, problems);
            if (problems.Count > 0) return new SavedPerson(0, problems);

            c.Execute(
                "INSERT INTO person (id, name, email, role, created_at) VALUES (@id, @name, @email, @Role, @now)",
                new { id, name = form.Name!.Trim(), email, form.Role, now }, t);
            var key = c.ExecuteScalar<long>("SELECT key FROM person WHERE id = @id", new { id }, t);
            // Whoever comes new is in the team from the beginning: what was held is that team's work.
            if (team is not null) DatedFacts.Join(c, t, key, team.Value, Workday.Beginning);
            if ((site?.Key ?? SiteOf(c, t, team)) is { } place) DatedFacts.BeginAt(c, t, key, place);
            if (groups is { Count: > 0 }) Belonging.SetGroups(c, t, key, [.. groups.Values], Workday.Beginning);
            if (division is not null) DivisionStore.Set(c, t, key, division.Key, Workday.Beginning);
            SetLeads(c, t, key, form, role!);
            if (hash is not null) AccountStore.SetPassword(c, t, key, hash, mustChange: true);
            Audit.Write(c, t, actor, now, "person.added", form.Name!.Trim(),
                new("key", null, id), new("email", null, email), new("role", null, form.Role), new("team", null, Blank(form.Team)),
                new("site", null, site?.Name), new("groups", null, groups is null ? null : Line(groups.Keys)),
                new("division", null, division?.Id));
            Rulebook.TouchFloor(c, t);
            replayed = writer.Replay(c, t, id);
            return new SavedPerson(key, [], password);
        });
        intake.Tell(replayed);
        return saved;
    }

    /// <summary>Changes what differs. A change of role, and deactivation, end the person's sessions.</summary>
    public SavedPerson Change(long key, PersonForm form, CurrentPerson by, Workday today)
    {
        var problems = form.Problems(isNew: false, isAwaited: false).ToList();
        var from = string.IsNullOrWhiteSpace(form.From) ? today : Workday.Parse(form.From);
        if (from is null || from < today)
            problems.Add(new(nameof(form.From),
                Ui.Text("A move starts today or later: work that is counted stays with the team that did it.")));
        var siteFrom = string.IsNullOrWhiteSpace(form.SiteFrom) ? today : Workday.Parse(form.SiteFrom);
        if (siteFrom is null || siteFrom < today)
            problems.Add(new(nameof(form.SiteFrom), Ui.Text("A move starts today or later. A setup file can say an earlier day.")));
        var groupsFrom = string.IsNullOrWhiteSpace(form.GroupsFrom) ? today : Workday.Parse(form.GroupsFrom);
        if (groupsFrom is null || groupsFrom < today)
            problems.Add(new(nameof(form.GroupsFrom), Ui.Text("Choose today or a later day: what is counted stays.")));
        var divisionFrom = string.IsNullOrWhiteSpace(form.DivisionFrom) ? today : Workday.Parse(form.DivisionFrom);
        if (divisionFrom is null || divisionFrom < today)
            problems.Add(new(nameof(form.DivisionFrom), Ui.Text("Choose today or a later day.")));
        if (problems.Count > 0) return new(key, problems);
        var email = Email(form);
        var moved = BatchOutcome.Nothing;
        var saved = database.Write((c, t) =>
        {
            moved = BatchOutcome.Nothing;
            Rulebook.Hold(c, t);
            var floor = catalogue.Current(c, t).Floor;
            var known = c.QueryFirst<Known>(
                """
                SELECT p.name, p.email, p.role, p.active, t.id AS team, m.from_day AS team_from FROM person p
                LEFT JOIN person_team m ON m.person = p.key
                  AND m.from_day = (SELECT MAX(d.from_day) FROM person_team d WHERE d.person = p.key AND d.from_day <= @today)
                LEFT JOIN team t ON t.key = m.team WHERE p.key = @key
                """, new { key, today = today.Number }, t);
            CheckEmail(c, t, email, key, problems);
            var team = Team(c, t, form, problems);
            var site = Site(c, t, form, problems);
            var groups = Groups(c, t, form, problems);
            var division = Division(c, t, form, problems);
            if (team is null && known.Team is not null)
                problems.Add(new(nameof(form.Team), Ui.Text("Choose a team: leaving all teams is not kept as a date.")));
            var (roles, active) = (RoleStore.Read(c, t), form.Active);
            var before = roles.Of(known.Role);
            if (RoleOf(roles, form, before, by.Holds, problems) is not { } role) return new SavedPerson(key, problems);
            if (key == by.Key && (!active || role.Id != before.Id))
                problems.Add(new(nameof(form.Role), Ui.Text("Nobody takes the own rights away.")));
            // Whose rights are more than the own ones: another address or being not active would be a way to them, or against them.
            if (by.Holds.Lacks(before).Any() && (role.Id != before.Id || active != (known.Active != 0) || email != known.Email))
                problems.Add(new(nameof(form.Role), Ui.Text(
                    "This person's role holds more than yours: neither role nor email can be changed, nor whether the person is active.")));
            if (before.Holds(Permissions.RolesManage) && known.Active != 0 && (!active || !role.Holds(Permissions.RolesManage))
                && RoleGuard.Managers(c, t, roles, except: key) == 0)
                problems.Add(new(nameof(form.Role), Ui.Text("Nobody would be left who can manage roles.")));
            var divisionBefore = DivisionStore.On(c, t, key, divisionFrom!.Value);
            if (Leads(c, t, key) is var led && key == by.Key && !by.May(Permissions.RolesManage)
                && (form.Team != known.Team || (form.Leads ?? []).Except(led, StringComparer.Ordinal).Any()
                    || (form.Division is not null && division?.Id != divisionBefore)
                    || (groups is not null && Line(groups.Keys) != Line(Belonging.GroupsOn(c, t, key, groupsFrom!.Value)))))
                problems.Add(new(nameof(form.Team), Ui.Text("Nobody says whom they see themselves: ask somebody who manages roles.")));
            if (problems.Count > 0) return new SavedPerson(key, problems);

            c.Execute("UPDATE person SET name = @name, email = @email, role = @role, active = @active WHERE key = @key",
                new { key, name = form.Name!.Trim(), email, role = role.Id, active = active ? 1 : 0 }, t);
            var teamBefore = TeamOn(c, t, key, from!.Value);
            var joins = team is not null && DatedFacts.Join(c, t, key, team.Value, from.Value);
            if (joins) stamps.Advance(c, t, [new PersonKey(key)]);
            var siteBefore = site is null ? null : SiteOn(c, t, key, siteFrom!.Value);
            var moves = site is not null && DatedFacts.MoveTo(c, t, key, site.Key, siteFrom!.Value);
            var groupsBefore = Line(Belonging.GroupsOn(c, t, key, groupsFrom!.Value));
            // What is said for later by the page of a group stands, unless the form says otherwise than it was.
            var groupsNow = groups is null ? groupsBefore : Line(groups.Keys);
            var belongsElse = groupsNow != groupsBefore && Belonging.SetGroups(c, t, key, [.. groups!.Values], groupsFrom.Value);
            var changesDivision = form.Division is not null && division?.Id != divisionBefore
                && DivisionStore.Set(c, t, key, division?.Key, divisionFrom.Value);
            var (ledBefore, ledNow) = SetLeads(c, t, key, form, role);
            if (!string.Equals(known.Role, role.Id, StringComparison.Ordinal) || known.Active != 0 != active)
                AccountStore.EndSessions(c, t, key);

            Change[] changes =
            [
                new("name", known.Name, form.Name!.Trim()), new("email", known.Email, email), new("role", known.Role, role.Id),
                new("active", known.Active != 0 ? "yes" : "no", active ? "yes" : "no"),
                new("team", teamBefore, joins ? form.Team : teamBefore),
                new("from", null, joins && teamBefore is not null ? from.Value.ToString() : null),
                new("site", siteBefore, moves ? site!.Name : siteBefore),
                new("site-from", null, moves ? siteFrom!.Value.ToString() : null),
                new("groups", groupsBefore, groupsNow), new("groups-from", null, belongsElse ? groupsFrom.Value.ToString() : null),
                new("division", divisionBefore, changesDivision ? division?.Id : divisionBefore),
                new("division-from", null, changesDivision ? divisionFrom.Value.ToString() : null),
                new("leads", ledBefore, ledNow),
            ];
            if (changes.Any(x => x.IsReal)) Audit.Write(c, t, by.Actor, Now, "person.changed", form.Name!.Trim(), changes);
            Belonging.SetRole(c, t, key, known.Role, role.Id, today);
            Rulebook.TouchFloor(c, t);
            var belongs = new[]
            {
                joins ? teamBefore is null ? Workday.Beginning : from.Value : (Workday?)null, moves ? siteFrom!.Value : null,
                known.Role != role.Id ? today : null, belongsElse ? groupsFrom.Value : null,
            }.OfType<Workday>().ToList();
            if (belongs.Count > 0) Belonging.Changed(c, t, key, belongs.Min(), Now);
            if (moves)
                moved = writer.Move(c, t, new(floor, new Dictionary<PersonKey, Workday> { [new(key)] = siteFrom!.Value }, []));
            return new SavedPerson(key, []);
        });
        intake.Tell(moved);
        return saved;
    }

    /// <summary>
    /// Makes a new password that must be changed at the next sign-in, and ends all sessions of the person. Null, and nothing is done, where
    /// the person's role holds more than that of whoever asks: with the password they would have it.
    /// </summary>
    /// <param name="by">Null for the command line.</param>
    public string? ResetPassword(long key, Actor actor, HeldRole? by = null)
    {
        var password = Passwords.OneTime();
        var hash = Passwords.Hash(password);
        return database.Write((c, t) =>
        {
            if (by is not null && by.Lacks(RoleStore.Read(c, t).Of(
                c.ExecuteScalar<string?>("SELECT role FROM person WHERE key = @key", new { key }, t) ?? "")).Any()) return null;
            AccountStore.SetPassword(c, t, key, hash, mustChange: true);
            Audit.Write(c, t, actor, Now, "password.reset",
                c.ExecuteScalar<string>("SELECT name FROM person WHERE key = @key", new { key }, t)!);
            return password;
        });
    }

    /// <summary>Forgets wrong passwords, so that the right one is taken at once.</summary>
    public void Unlock(long key, Actor actor) => database.Write((c, t) =>
    {
        if (AccountStore.Unlock(c, t, key))
            Audit.Write(c, t, actor, Now, "person.unlocked",
                c.ExecuteScalar<string>("SELECT name FROM person WHERE key = @key", new { key }, t)!);
    });

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();
    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
    private static string? Email(PersonForm form) => Blank(form.Email)?.Trim().ToLowerInvariant();

    private static void CheckEmail(DbConnection c, DbTransaction t, string? email, long except, List<FieldProblem> problems)
    {
        if (email is not null && c.ExecuteScalar<long>("SELECT COUNT(*) FROM person WHERE lower(email) = @email AND key <> @except",
            new { email, except }, t) > 0)
            problems.Add(new(nameof(PersonForm.Email), Ui.Text("Somebody has this address already.")));
    }

    private static long? Team(DbConnection c, DbTransaction t, PersonForm form, List<FieldProblem> problems)
    {
        if (Blank(form.Team) is null) return null;
        var key = c.ExecuteScalar<long?>("SELECT key FROM team WHERE id = @Team", new { form.Team }, t);
        if (key is null) problems.Add(new(nameof(form.Team), Ui.Text("There is no such team.")));
        return key;
    }

    /// <summary>The role that the form names; null where it may not be given.</summary>
    /// <param name="before">The one that the person has; null of somebody new.</param>
    private static HeldRole? RoleOf(RoleBook roles, PersonForm form, HeldRole? before, HeldRole? by, List<FieldProblem> problems)
    {
        var role = roles.Find(form.Role);
        if (role is null || (role.IsArchived && role.Id != before?.Id)) problems.Add(new(nameof(form.Role), Ui.Text("Choose a role.")));
        else if (by is not null && role.Id != before?.Id && by.Lacks(role).Any())
            problems.Add(new(nameof(form.Role), Ui.Text("This role holds more than yours: nobody hands out more than they hold.")));
        else return role;
        return null;
    }

    private static SiteRow? Site(DbConnection c, DbTransaction t, PersonForm form, List<FieldProblem> problems)
    {
        if (Blank(form.Site) is null) return null;
        var site = SiteStore.All(c, t).FirstOrDefault(s => string.Equals(s.Id, form.Site, StringComparison.Ordinal));
        if (site is null) problems.Add(new(nameof(form.Site), Ui.Text("There is no such site.")));
        return site;
    }

    /// <summary>The division that the form names; null for none, and where it does not say.</summary>
    private static DivisionRow? Division(DbConnection c, DbTransaction t, PersonForm form, List<FieldProblem> problems)
    {
        if (Blank(form.Division) is not { } id) return null;
        var division = DivisionStore.Find(c, id, t);
        if (division is null) problems.Add(new(nameof(form.Division), Ui.Text("There is no such division.")));
        return division;
    }

    /// <summary>Keys of the groups that the form chooses, by id; null where it does not say.</summary>
    private static Dictionary<string, long>? Groups(DbConnection c, DbTransaction t, PersonForm form, List<FieldProblem> problems)
    {
        if (form.Groups is not { } chosen) return null;
        var all = c.Query<(string Id, long Key)>("SELECT id, key FROM people_group", transaction: t)
            .ToDictionary(g => g.Id, g => g.Key, StringComparer.Ordinal);
        var ids = chosen.Where(id => id.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (ids.All(all.ContainsKey)) return ids.ToDictionary(id => id, id => all[id], StringComparer.Ordinal);
        problems.Add(new(nameof(form.Groups), Ui.Text("There is no such group.")));
        return null;
    }

    private static string? Line(IEnumerable<string> ids) => Blank(string.Join(", ", ids.Order(StringComparer.Ordinal)));

    private static long? SiteOf(DbConnection c, DbTransaction t, long? team) => c.ExecuteScalar<long?>(
        "SELECT coalesce((SELECT site FROM team WHERE key = @team), (SELECT min(key) FROM site))", new { team }, t);

    private static string? TeamOn(DbConnection c, DbTransaction t, long person, Workday day) => c.ExecuteScalar<string?>(
        "SELECT id FROM team WHERE key = @team", new { team = DatedFacts.TeamOn(c, t, person, day) }, t);

    private static string? SiteOn(DbConnection c, DbTransaction t, long person, Workday day) => c.ExecuteScalar<string?>(
        "SELECT name FROM site WHERE key = @site", new { site = DatedFacts.SiteOn(c, t, person, day) }, t);

    /// <summary>Ids of the teams that somebody manages beside the own one.</summary>
    private static List<string> Leads(DbConnection c, DbTransaction t, long person) => [.. c.Query<string>(
        "SELECT t.id FROM managed_team m JOIN team t ON t.key = m.team WHERE m.person = @person ORDER BY t.id", new { person }, t)];

    /// <summary>Only whose role leads manages teams; says what was and what is, for the audit.</summary>
    private static (string? Before, string? After) SetLeads(
        DbConnection c, DbTransaction t, long person, PersonForm form, HeldRole role)
    {
        var before = Leads(c, t, person);
        c.Execute("DELETE FROM managed_team WHERE person = @person", new { person }, t);
        if (role.Leads && form.Leads is { Count: > 0 } leads)
            c.Execute("INSERT INTO managed_team (person, team) SELECT @person, key FROM team WHERE id = @id",
                leads.Distinct(StringComparer.Ordinal).Select(id => new { person, id }), t);
        var after = Leads(c, t, person);
        return (Blank(string.Join(", ", before)), Blank(string.Join(", ", after)));
    }
}
