using System.Data.Common;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Settings;

/// <summary>One thing that applying a setup file did, or would do.</summary>
/// <param name="Verb">"add", "change".</param>
public sealed record SetupChange(string Verb, string What, string Id, IReadOnlyList<Change> Fields)
{
    public override string ToString() => $"{Verb} {What} {Id}" + (Fields.Count == 0 || Verb == "add"
        ? ""
        : ": " + string.Join("; ", Fields.Select(f => $"{f.Field} {f.Before ?? "nothing"} -> {f.After ?? "nothing"}")));
}

/// <summary>
/// Makes the database agree with a setup file, in one transaction: what is there already and says the same is left alone, what the
/// file does not name stays as it is. Conditions act forward: a changed rule is a new version from the next workday on.
/// </summary>
public sealed class ApplySetup(Database database, CatalogueStore catalogue, Intake intake, BatchWriter writer, TimeProvider time)
{
    /// <summary>What was done (or, with <paramref name="plan"/>, what would be); problems are in <paramref name="problems"/>.</summary>
    public IReadOnlyList<SetupChange> Run(Setup setup, YamlProblems problems, Actor actor, bool plan)
    {
        var changes = new List<SetupChange>();
        var replayed = BatchOutcome.Nothing;
        try
        {
            database.Write((connection, transaction) =>
            {
                replayed = new Application(
                    connection, transaction, writer, problems, changes, time.GetUtcNow().ToUnixTimeMilliseconds()).Run(setup);
                if (plan || problems.Any) throw new Undo();
                foreach (var change in changes)
                    Audit.Write(connection, transaction, actor, time.GetUtcNow().ToUnixTimeMilliseconds(),
                        $"{change.What.Replace(' ', '-')}.{(change.Verb == "add" ? "added" : "changed")}", change.Id, change.Fields);
            });
            intake.Tell(replayed);
        }
        catch (Undo)
        {
            // A plan, or a file with problems, leaves nothing behind; what was read of the undone transaction goes, too.
            catalogue.Forget();
        }
        return changes;
    }

    private sealed class Undo : Exception;

    private sealed class Application(
        DbConnection connection, DbTransaction transaction, BatchWriter writer, YamlProblems problems,
        List<SetupChange> changes, long now)
    {
        /// <summary>What came of activities that had waited for people of the file.</summary>
        public BatchOutcome Run(Setup setup)
        {
            if (setup.Site is { } site) ApplySite(site);
            if (setup.WeekStart is { } start) ApplyWeekStart(setup, start);
            var home = connection.QueryFirstOrDefault<SiteRow>("SELECT key, zone FROM site ORDER BY key LIMIT 1", transaction: transaction);
            if (home is null)
            {
                if (setup.Teams.Count + setup.People.Count + setup.Metrics.Count + setup.Achievements.Count > 0)
                    problems.Add(YamlDotNet.Core.Mark.Empty, "no site yet: write 'site' with its time zone first");
                return BatchOutcome.Nothing;
            }
            var today = SiteClock.Find(home.Zone)!.WorkdayOf(now);
            foreach (var team in setup.Teams) ApplyTeam(team, home.Key);
            foreach (var person in setup.People) ApplyPerson(person, home.Key, today);
            foreach (var type in setup.Types) ApplyType(type);
            foreach (var metric in setup.Metrics) ApplyMetric(metric.Node, metric.Metric, metric.Name, hidden: false);
            new ApplyAchievements(connection, transaction, problems, changes, now, SiteClock.Find(home.Zone)!, ApplyMetric).Run(setup.Achievements);
            // Dates and zones that follow from the rules are read anew by whoever judges next.
            if (changes.Count > 0)
            {
                Rulebook.TouchRules(connection, transaction);
                Rulebook.TouchFloor(connection, transaction);
            }
            var replayed = BatchOutcome.Nothing;
            foreach (var person in setup.People)
                if (changes.Exists(c => c is { Verb: "add", What: "person" } && c.Id == person.Id))
                    replayed = replayed.And(writer.Replay(connection, transaction, person.Id));
            return replayed;
        }

        private void ApplySite(SiteSetup site)
        {
            var known = connection.QueryFirstOrDefault<SiteRow>(
                "SELECT key, id, name, zone FROM site WHERE id = @Id", new { site.Id }, transaction);
            if (known is null)
            {
                if (connection.ExecuteScalar<long>("SELECT count(*) FROM site", transaction: transaction) > 0)
                {
                    problems.Add(site.Node, $"there is another site already; '{site.Id}' is not its id");
                    return;
                }
                var closed = CloseWorkdays.ClosedAt(SiteClock.Find(site.Zone)!, now);
                connection.Execute("INSERT INTO site (id, name, zone, closed_through) VALUES (@Id, @Name, @Zone, @closed)",
                    new { site.Id, site.Name, site.Zone, closed = closed.Number }, transaction);
                Added("site", site.Id, new Change("name", null, site.Name), new Change("zone", null, site.Zone));
                return;
            }
            if (known.Zone != site.Zone && connection.ExecuteScalar<long>("SELECT count(*) FROM (SELECT 1 FROM activity LIMIT 1) a", transaction: transaction) > 0)
            {
                problems.Add(site.Node, "the zone cannot change while there are activities: their workdays are decided");
                return;
            }
            if (Changed("site", site.Id, new Change("name", known.Name, site.Name), new Change("zone", known.Zone, site.Zone)))
                connection.Execute("UPDATE site SET name = @Name, zone = @Zone WHERE id = @Id", new { site.Id, site.Name, site.Zone }, transaction);
        }

        private void ApplyWeekStart(Setup setup, NodaTime.IsoDayOfWeek start)
        {
            var known = connection.ExecuteScalar<string?>("SELECT value FROM setting WHERE name = 'week-start'", transaction: transaction);
            var before = known ?? "Monday";
            if (before == start.ToString()) return;
            if (connection.ExecuteScalar<long>("SELECT count(*) FROM (SELECT 1 FROM award LIMIT 1) a", transaction: transaction) > 0)
            {
                problems.Add(setup.Site?.Node.Start ?? YamlDotNet.Core.Mark.Empty, "the week's start is fixed after the first award");
                return;
            }
            connection.Execute(
                "INSERT INTO setting (name, value) VALUES ('week-start', @start) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                new { start = start.ToString() }, transaction);
            changes.Add(new("change", "setting", "week-start", [new("week-start", before, start.ToString())]));
        }

        private void ApplyTeam(TeamSetup team, long site)
        {
            var known = connection.ExecuteScalar<string?>("SELECT name FROM team WHERE id = @Id", new { team.Id }, transaction);
            if (known is null)
            {
                connection.Execute("INSERT INTO team (id, name, site) VALUES (@Id, @Name, @site)", new { team.Id, team.Name, site }, transaction);
                Added("team", team.Id, new Change("name", null, team.Name));
            }
            else if (Changed("team", team.Id, new Change("name", known, team.Name)))
                connection.Execute("UPDATE team SET name = @Name WHERE id = @Id", new { team.Id, team.Name }, transaction);
        }

        private void ApplyPerson(PersonSetup person, long site, Workday today)
        {
            var team = person.Team is null
                ? null
                : connection.ExecuteScalar<long?>("SELECT key FROM team WHERE id = @Team", new { person.Team }, transaction);
            if (person.Team is not null && team is null)
            {
                problems.Add(person.Node, $"there is no team '{person.Team}'");
                return;
            }
            var known = connection.QueryFirstOrDefault<PersonRow>(
                """
                SELECT p.key, p.name, p.email, p.role, p.invented, t.id AS team FROM person p
                LEFT JOIN person_team m ON m.person = p.key AND m.from_day = (SELECT max(from_day) FROM person_team WHERE person = p.key)
                LEFT JOIN team t ON t.key = m.team WHERE p.id = @Id
                """, new { person.Id }, transaction);
            if (known is null)
            {
                var key = connection.ExecuteScalar<long>(
                    """
                    INSERT INTO person (id, name, email, role, invented, created_at) VALUES (@Id, @Name, @Email, @Role, @invented, @now)
                    RETURNING key
                    """, new { person.Id, person.Name, person.Email, person.Role, invented = person.Invented ? 1 : 0, now }, transaction);
                connection.Execute("INSERT INTO person_site (person, from_day, site) VALUES (@key, @from, @site)",
                    new { key, from = Workday.Beginning.Number, site }, transaction);
                if (team is not null) Join(key, team.Value, Workday.Beginning);
                Added("person", person.Id, new Change("name", null, person.Name), new Change("role", null, person.Role), new Change("team", null, person.Team));
                return;
            }
            if (!Changed("person", person.Id, new Change("name", known.Name, person.Name), new Change("role", known.Role, person.Role),
                    new Change("email", known.Email, person.Email ?? known.Email), new Change("team", known.Team, person.Team ?? known.Team),
                    new Change("invented", known.Invented != 0 ? "yes" : null, person.Invented ? "yes" : null))) return;
            connection.Execute(
                "UPDATE person SET name = @Name, role = @Role, email = coalesce(@Email, email), invented = @invented WHERE id = @Id",
                new { person.Id, person.Name, person.Role, person.Email, invented = person.Invented ? 1 : 0 }, transaction);
            // Somebody without a team so far has always been in it; a move is from today on.
            if (team is not null && known.Team != person.Team) Join(known.Key, team.Value, known.Team is null ? Workday.Beginning : today);
        }

        private void Join(long person, long team, Workday from) => connection.Execute(
            """
            INSERT INTO person_team (person, from_day, team) VALUES (@person, @from, @team)
            ON CONFLICT (person, from_day) DO UPDATE SET team = excluded.team
            """, new { person, from = from.Number, team }, transaction);

        private void ApplyType(TypeSetup type)
        {
            var definition = JsonSerializer.Serialize(type.Type, CatalogueStore.Json);
            var name = JsonSerializer.Serialize(type.Name.ByLanguage, CatalogueStore.Json);
            var known = connection.QueryFirstOrDefault<(string Name, string Definition)?>(
                "SELECT name, definition FROM activity_type WHERE id = @Id", new { type.Type.Id }, transaction);
            if (known is not { } before)
            {
                connection.Execute("INSERT INTO activity_type (id, name, definition) VALUES (@Id, @name, @definition)",
                    new { type.Type.Id, name, definition }, transaction);
                Added("activity type", type.Type.Id, new Change("name", null, type.Name.English));
            }
            else if (Changed("activity type", type.Type.Id, new Change("name", before.Name, name), new Change("definition", before.Definition, definition)))
                connection.Execute("UPDATE activity_type SET name = @name, definition = @definition WHERE id = @Id",
                    new { type.Type.Id, name, definition }, transaction);
        }

        /// <summary>The key of the metric's version that says what the file says; a new one, with its rollups to be built, if there is none.</summary>
        private MetricKey? ApplyMetric(YamlNode node, Metric metric, Texts texts, bool hidden)
        {
            foreach (var type in metric.Types)
                if (connection.ExecuteScalar<string?>("SELECT definition FROM activity_type WHERE id = @type", new { type }, transaction) is not { } declared)
                {
                    problems.Add(node, $"there is no activity type '{type}'");
                    return null;
                }
                else if (metric.Measure is { } measure)
                {
                    var found = JsonSerializer.Deserialize<ActivityType>(declared, CatalogueStore.Json)!.Measure(measure);
                    if (found is null)
                    {
                        problems.Add(node, $"type '{type}' declares no measure '{measure}'");
                        return null;
                    }
                    metric = metric with { NeverNegative = metric.NeverNegative && !found.MayBeNegative };
                }
            var definition = JsonSerializer.Serialize(metric with { Key = default }, CatalogueStore.Json);
            var name = JsonSerializer.Serialize(texts.ByLanguage, CatalogueStore.Json);
            var known = connection.QueryFirstOrDefault<MetricRow>(
                "SELECT key, version, name, definition FROM metric WHERE id = @Id ORDER BY version DESC LIMIT 1", new { metric.Id }, transaction);
            if (known is not null && known.Definition == definition)
            {
                if (!hidden && Changed("metric", metric.Id, new Change("name", known.Name, name)))
                    connection.Execute("UPDATE metric SET name = @name WHERE id = @Id", new { metric.Id, name }, transaction);
                return new(known.Key);
            }
            var empty = connection.ExecuteScalar<long>("SELECT count(*) FROM (SELECT 1 FROM activity LIMIT 1) a", transaction: transaction) == 0;
            var key = connection.ExecuteScalar<long>(
                """
                INSERT INTO metric (id, version, name, definition, hidden, ready, position)
                VALUES (@Id, @version, @name, @definition, @hidden, @ready, (SELECT count(*) FROM metric)) RETURNING key
                """,
                new { metric.Id, version = (known?.Version ?? 0) + 1, name, definition, hidden = hidden ? 1 : 0, ready = empty ? 1 : 0 }, transaction);
            if (!empty) WorkQueue.Enqueue(connection, transaction, BuildMetric.Kind, key.ToString(System.Globalization.CultureInfo.InvariantCulture), now);
            if (hidden) return new(key);
            if (known is null) Added("metric", metric.Id, new Change("definition", null, definition));
            else Changed("metric", metric.Id, new Change("definition", known.Definition, definition), new Change("name", known.Name, name));
            return new(key);
        }

        private void Added(string what, string id, params Change[] fields) => changes.Add(new("add", what, id, fields));

        private bool Changed(string what, string id, params Change[] fields)
        {
            var real = fields.Where(f => f.IsReal).ToList();
            if (real.Count == 0) return false;
            changes.Add(new("change", what, id, real));
            return true;
        }
    }

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
        public string Name { get; init; } = "";
        public string? Email { get; init; }
        public string Role { get; init; } = "";
        public int Invented { get; init; }
        public string? Team { get; init; }
    }

    private sealed record MetricRow
    {
        public long Key { get; init; }
        public int Version { get; init; }
        public string Name { get; init; } = "";
        public string Definition { get; init; } = "";
    }
}
