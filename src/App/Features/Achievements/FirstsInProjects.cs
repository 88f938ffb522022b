using System.Data.Common;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Projects;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>Who won a project, as it was decided.</summary>
/// <param name="Types">Activity types that counted then.</param>
/// <param name="Won">The activity that won.</param>
public sealed record RecordedFirst(
    AchievementKey Achievement, long Project, long Award, PersonKey Person, IReadOnlyList<string> Types, ActivityOrder Won, bool Flagged,
    bool Revoked, bool Settled);

/// <summary>
/// Decides who is first in projects. A winner is a recorded fact: what comes later flags the award, or takes the flag away, and moves
/// nothing. Whoever decides holds the people and then the project before anything is read.
/// </summary>
public static class FirstsInProjects
{
    /// <summary>
    /// Of projects that activities came into or went from, those in which that can make a difference: nobody has won, or what won is not
    /// before the earliest of these. The fact itself never changes, so that nobody need be held for this.
    /// </summary>
    /// <param name="earliest">Of each project the moment of the earliest of these activities.</param>
    public static List<long> Concerned(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, IReadOnlyDictionary<long, long> earliest)
    {
        if (earliest.Count == 0) return [];
        var dialect = Dialect.Of(connection);
        var projects = earliest.Keys.ToArray();
        var won = connection.Query<(long Achievement, long Project, long At)>(
            $"SELECT achievement, project, at FROM first_in_project WHERE {dialect.Among("project", "projects")}", new { projects },
            transaction).ToDictionary(w => (w.Achievement, w.Project), w => w.At);
        return [.. connection.Query<(long Key, int Day)>(
            $"SELECT key, day FROM project WHERE {dialect.Among("key", "projects")} ORDER BY key", new { projects }, transaction)
            .Where(p => snapshot.Rules.FirstsInProjects.Any(rule => won.TryGetValue((rule.Achievement.Value, p.Key), out var at)
                ? at >= earliest[p.Key]
                : FirstInProjectDecision.IsOpen(rule, new(p.Day))))
            .Select(p => p.Key)];
    }

    /// <summary>Decides some projects anew.</summary>
    public static List<NewAward> Decide(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, IReadOnlyCollection<long> projects, long now,
        TouchedAwards touched, RuleHistory? only = null)
    {
        var made = new List<NewAward>();
        IReadOnlyList<RuleHistory> rules = only is null ? snapshot.Rules.FirstsInProjects : [only];
        if (projects.Count == 0 || rules.Count == 0) return made;
        var (dialect, horizon) = (Dialect.Of(connection), snapshot.Rules.Horizon);
        var rows = connection.Query<(long Key, string Id, int Day)>(
            $"SELECT key, id, day FROM project WHERE {dialect.Among("key", "projects")} ORDER BY key",
            new { projects = projects.ToArray() }, transaction).ToList();
        PersonLocks.Take(connection, transaction,
            [.. rows.SelectMany(p => rules.Select(rule => Concerns(rule, p.Key, new(p.Day)))).OfType<PersonKey>().Distinct()]);
        if (dialect.IsShared) dialect.LockRows(connection, transaction, "project", [.. rows.Select(p => p.Key)]);
        foreach (var (project, id, day) in rows)
            foreach (var rule in rules)
                made.AddRange(RuleFailure.Of(rule.Achievement, () => DecideOne(rule, project, id, new(day))));
        return made;

        List<NewAward> DecideOne(RuleHistory rule, long project, string id, Workday day)
        {
            var (recorded, first) = Look(rule, project, day);
            if (recorded is not null)
            {
                // Of before the retention horizon, or taken back by somebody: nothing is said about it any more.
                if (recorded.Settled || recorded.Revoked) return [];
                var holds = FirstInProjectDecision.Holds(recorded.Won, first);
                if (holds != recorded.Flagged) return [];
                connection.Execute("UPDATE award SET flagged_at = @flagged WHERE key = @Award",
                    new { flagged = holds ? (long?)null : now, recorded.Award }, transaction);
                touched.Add(rule.Achievement, recorded.Person);
                return [];
            }
            if (first is not { } winner) return [];
            var done = NameProjects.DayOf(snapshot, winner.Order.At);
            if (!FirstInProjectDecision.Wins(rule, day, done)) return [];
            // Where somebody else has become the first meanwhile, that one is not held yet.
            PersonLocks.Take(connection, transaction, [winner.Person]);
            return Record(connection, transaction, rule, project, id, day, done, winner, now, touched);
        }

        PersonKey? Concerns(RuleHistory rule, long project, Workday made) => RuleFailure.Of(rule.Achievement, () =>
            Look(rule, project, made) is var (recorded, first) && recorded is not null ? recorded.Person : first?.Person);

        (RecordedFirst? Recorded, DoneInProject? First) Look(RuleHistory rule, long project, Workday made)
        {
            var recorded = Recorded(connection, transaction, "f.achievement = @a AND f.project = @project",
                new { a = rule.Achievement.Value, project }).SingleOrDefault();
            if (recorded is null && !FirstInProjectDecision.IsOpen(rule, made)) return (null, null);
            var types = recorded?.Types ?? FirstInProjectDecision.TypesFor(rule, made);
            return (recorded, First(connection, transaction, snapshot, project, types, horizon));
        }
    }

    private static List<NewAward> Record(
        DbConnection connection, DbTransaction transaction, RuleHistory rule, long project, string id, Workday made, Workday done,
        DoneInProject winner, long now, TouchedAwards touched)
    {
        var fact = new
        {
            a = rule.Achievement.Value, project, types = JsonSerializer.Serialize(FirstInProjectDecision.TypesFor(rule, made)),
            winner.Order.Source, id = winner.Order.Id.ToArray(), winner.Order.At,
        };
        // Once for ever.
        if (connection.Execute(
            """
            INSERT INTO first_in_project (achievement, project, award, types, source, id, at)
            SELECT @a, @project, 0, @types, key, @id, @At FROM source WHERE id = @Source ON CONFLICT DO NOTHING
            """, fact, transaction) == 0) return [];
        var awards = AwardStore.Grant(Statements.Of(connection),
            [new(rule.Achievement, winner.Person, new Earned(0, id, FirstInProjectDecision.Counted(made, done), winner.Order.At,
                MetricValue.Of(Amount.One)))], now, touched);
        connection.Execute("UPDATE first_in_project SET award = @Key WHERE achievement = @a AND project = @project",
            new { awards.Single().Key, fact.a, project }, transaction);
        return awards;
    }

    /// <summary>The first in order of occurrence, from the retention horizon on.</summary>
    public static DoneInProject? First(
        DbConnection connection, DbTransaction? transaction, Snapshot snapshot, long project, IReadOnlyList<string> types, Workday horizon)
    {
        var keys = types.Select(snapshot.Rules.Type).OfType<(long Key, ActivityType Type)>().Select(t => t.Key).ToArray();
        return connection.QueryFirstOrDefault<FirstRow>(
            $"""
            SELECT a.person, a.at, s.id AS source, a.id FROM activity a JOIN source s ON s.key = a.source
            WHERE a.project = @project AND a.person IS NOT NULL AND a.day >= @horizon AND {Dialect.Of(connection).Among("a.type", "keys")}
            ORDER BY a.at, s.id, a.id LIMIT 1
            """, new { project, horizon = horizon.Number, keys }, transaction) is { } row
            ? new(new(row.Person), new(row.At, row.Source, ActivityId.FromBytes(row.Id)))
            : null;
    }

    /// <summary>The facts that a condition over <c>first_in_project f</c> tells.</summary>
    public static List<RecordedFirst> Recorded(
        DbConnection connection, DbTransaction? transaction, string where, object? parameters = null) =>
        [.. connection.Query<RecordedRow>(
            $"""
            SELECT f.achievement, f.project, f.award, w.person, f.types, s.id AS source, f.id, f.at,
              CASE WHEN w.flagged_at IS NULL THEN 0 ELSE 1 END AS flagged, CASE WHEN w.revoked_at IS NULL THEN 0 ELSE 1 END AS revoked,
              w.settled
            FROM first_in_project f JOIN award w ON w.key = f.award JOIN source s ON s.key = f.source WHERE {where}
            """, parameters, transaction)
            .Select(r => new RecordedFirst(new(r.Achievement), r.Project, r.Award, new(r.Person),
                JsonSerializer.Deserialize<List<string>>(r.Types)!, new(r.At, r.Source, ActivityId.FromBytes(r.Id)), r.Flagged, r.Revoked,
                r.Settled))];

    /// <summary>Active projects that nobody has won yet and somebody may.</summary>
    public static int Open(DbConnection connection, RuleHistory rule) => connection.Query<int>(
        """
        SELECT p.day FROM project p WHERE p.active = 1 AND p.day >= @from
          AND NOT EXISTS (SELECT 1 FROM first_in_project f WHERE f.achievement = @a AND f.project = p.key)
        """, new { from = rule.CountsFrom.Number, a = rule.Achievement.Value })
        .Count(day => FirstInProjectDecision.IsOpen(rule, new(day)));

    /// <summary>The one activity that won; none where it is not there any more.</summary>
    public static IReadOnlyList<Evidence> Of(DbConnection connection, EarnedAward award)
    {
        var fact = Recorded(connection, null, "f.award = @Key", new { award.Key }).SingleOrDefault();
        var key = fact is null ? null : connection.ExecuteScalar<long?>(
            "SELECT activity FROM activity_key WHERE id = @id AND source = (SELECT key FROM source WHERE id = @Source)",
            new { id = fact.Won.Id.ToArray(), fact.Won.Source });
        if (key is not { } kept || ActivityStore.Find(connection, kept) is not { } activity) return [];
        var count = new Metric(default, "first", Aggregate.Count, Unit.Number, Direction.Higher, fact!.Types, null, [], true);
        return [new(count, MetricValue.Of(Amount.One), 1, [new(1, activity, Amount.One, Decided: true)])];
    }

    private sealed record FirstRow
    {
        public long Person { get; init; }
        public long At { get; init; }
        public string Source { get; init; } = "";
        public byte[] Id { get; init; } = [];
    }

    private sealed record RecordedRow
    {
        public long Achievement { get; init; }
        public long Project { get; init; }
        public long Award { get; init; }
        public long Person { get; init; }
        public string Types { get; init; } = "";
        public string Source { get; init; } = "";
        public byte[] Id { get; init; } = [];
        public long At { get; init; }
        public bool Flagged { get; init; }
        public bool Revoked { get; init; }
        public bool Settled { get; init; }
    }
}
