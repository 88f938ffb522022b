using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Goals;

/// <summary>A goal or a proposal of one, as it is kept.</summary>
/// <param name="Goal">Null while nobody has agreed to the proposal.</param>
public sealed record KeptGoal(
    long Key, PersonKey Person, MetricKey Metric, Comparison Comparison, GoalPeriod Period, Workday From, Workday? Until, Workday? Closed,
    int? ReviewWeeks, long MadeAt, Goal? Goal)
{
    /// <summary>Whether it asks for something or may come to.</summary>
    public bool IsOpen(Workday today) => Closed is null && !(Until < today);
}

/// <summary>One line of what was said about a goal.</summary>
/// <param name="Kind">set, proposed, accepted, commented, changed, reviewed or closed.</param>
/// <param name="ByLeader">By somebody else than the person.</param>
/// <param name="Author">Null for a program with a key.</param>
public sealed record GoalEntry(int Number, long At, string Kind, bool ByLeader, string? Author, string? AuthorId, Amount? Target,
    string? Words);

/// <summary>The SQL of goals.</summary>
public static class GoalStore
{
    private const string Columns =
        "g.key, g.person, g.metric, g.comparison, g.period, g.from_day, g.until, g.closed, g.review_weeks, g.made_at";

    /// <summary>Goals as rules read them, of some people or of everybody; not what is only proposed.</summary>
    public static Func<PersonKey, IReadOnlyList<Goal>> Of(
        DbConnection connection, DbTransaction? transaction, IReadOnlyCollection<PersonKey>? people = null)
    {
        var own = people is null ? "" : $"WHERE {Dialect.Of(connection).Among("g.person", "people")}";
        var parameters = new { people = people?.Select(p => p.Value).ToArray() };
        var byPerson = Read(connection, transaction, own, parameters).Select(g => g.Goal).OfType<Goal>().ToLookup(g => g.Person);
        return person => [.. byPerson[person]];
    }

    public static List<KeptGoal> OfPerson(DbConnection connection, PersonKey person, DbTransaction? transaction = null) =>
        Read(connection, transaction, "WHERE g.person = @person", new { person = person.Value });

    /// <summary>
    /// Whose those are that nobody has closed, and until when: of active people in the scope, the person's own left out. The goals
    /// themselves are read of those that are shown.
    /// </summary>
    public static List<(long Key, PersonKey Person, Workday? Until)> NotClosed(DbConnection connection, DataScope scope, long except) =>
        [.. connection.Query<(long Key, long Person, long? Until)>(
            $"""
            SELECT g.key, g.person, g.until FROM goal g JOIN person p ON p.key = g.person AND p.active = 1
            WHERE g.closed IS NULL AND g.person <> @except AND {scope.Covers("g.person")}
            """, scope.With(new { except }))
            .Select(g => (g.Key, new PersonKey(g.Person), g.Until is { } until ? new Workday((int)until) : (Workday?)null))];

    public static Dictionary<long, KeptGoal> ByKey(DbConnection connection, IReadOnlyCollection<long> keys) =>
        Read(connection, null, $"WHERE {Dialect.Of(connection).Among("g.key", "keys")}", new { keys = keys.ToArray() })
            .ToDictionary(g => g.Key);

    /// <summary>Of people in the scope, or of one of them, in the order of their making.</summary>
    public static List<KeptGoal> Page(DbConnection connection, DataScope scope, string? person, long after, int most)
    {
        var keys = connection.Query<long>(
            $"""
            SELECT g.key FROM goal g JOIN person p ON p.key = g.person
            WHERE g.key > @after {(person is null ? "" : "AND p.id = @person")} AND {scope.Covers("g.person")} ORDER BY g.key LIMIT @most
            """, scope.With(new { after, person, most })).ToArray();
        return [.. ByKey(connection, keys).Values.OrderBy(g => g.Key)];
    }

    public static KeptGoal? Find(DbConnection connection, long key, DbTransaction? transaction = null) =>
        Read(connection, transaction, "WHERE g.key = @key", new { key }).SingleOrDefault();

    public static List<GoalEntry> Entries(DbConnection connection, long goal, DbTransaction? transaction = null) =>
        [.. connection.Query<EntryRow>(
            """
            SELECT e.number, e.at, e.kind, e.by_leader, p.name AS author, p.id AS author_id, e.target, e.words
            FROM goal_entry e LEFT JOIN person p ON p.key = e.author WHERE e.goal = @goal ORDER BY e.number
            """, new { goal }, transaction)
            .Select(e => new GoalEntry((int)e.Number, e.At, e.Kind, e.ByLeader != 0, e.Author, e.AuthorId,
                e.Target is { } target ? new Amount(target) : null, e.Words))];

    /// <summary>Goals of people in the scope whose last proposal is the person's own, and waits for an answer.</summary>
    public static HashSet<long> Waiting(DbConnection connection, DataScope scope, long except) => connection.Query<long>(
        $"""
        SELECT e.goal FROM goal_entry e JOIN goal g ON g.key = e.goal
        WHERE e.kind = 'proposed' AND e.by_leader = 0 AND g.closed IS NULL AND g.person <> @except AND {scope.Covers("g.person")}
          AND e.number = (SELECT max(l.number) FROM goal_entry l
            WHERE l.goal = e.goal AND l.kind IN ('set', 'changed', 'proposed', 'accepted'))
        """, scope.With(new { except })).ToHashSet();

    /// <summary>Who led last in a goal; null where the person did it alone, or with a program.</summary>
    public static PersonKey? Leader(DbConnection connection, long goal, DbTransaction? transaction) =>
        connection.ExecuteScalar<long?>(
            """
            SELECT author FROM goal_entry WHERE goal = @goal AND by_leader = 1 AND author IS NOT NULL ORDER BY number DESC LIMIT 1
            """, new { goal }, transaction) is { } leader ? new PersonKey(leader) : null;

    public static long Insert(DbConnection connection, DbTransaction transaction, KeptGoal goal) => connection.ExecuteScalar<long>(
        """
        INSERT INTO goal (person, metric, comparison, period, from_day, until, review_weeks, made_at)
        VALUES (@person, @metric, @comparison, @period, @from, @until, @ReviewWeeks, @MadeAt) RETURNING key
        """, new
        {
            person = goal.Person.Value, metric = goal.Metric.Value, comparison = goal.Comparison.ToString(),
            period = goal.Period.ToString(), from = goal.From.Number, until = goal.Until?.Number, goal.ReviewWeeks, goal.MadeAt,
        }, transaction);

    public static void Put(DbConnection connection, DbTransaction transaction, long goal, GoalTerms terms) => connection.Execute(
        """
        INSERT INTO goal_terms (goal, number, effective, metric, target, sample, by_leader, at, agreed_at)
        VALUES (@goal, @Number, @effective, @metric, @target, @Sample, @byLeader, @At, @AgreedAt)
        """, new
        {
            goal, terms.Number, effective = terms.Effective.Number, metric = terms.Metric.Value, target = terms.Target.Thousandths,
            terms.Sample, byLeader = terms.ByLeader ? 1 : 0, terms.At, terms.AgreedAt,
        }, transaction);

    /// <summary>Both sides have said yes to what it asks for.</summary>
    public static void Agree(DbConnection connection, DbTransaction transaction, long goal, int number, long now) => connection.Execute(
        "UPDATE goal_terms SET agreed_at = @now WHERE goal = @goal AND number = @number AND agreed_at IS NULL", new { goal, number, now },
        transaction);

    public static void BeginOn(DbConnection connection, DbTransaction transaction, long goal, Workday from) => connection.Execute(
        "UPDATE goal SET from_day = @from WHERE key = @goal", new { goal, from = from.Number }, transaction);

    public static void Close(DbConnection connection, DbTransaction transaction, long goal, Workday last) => connection.Execute(
        "UPDATE goal SET closed = @last WHERE key = @goal", new { goal, last = last.Number }, transaction);

    public static void Note(
        DbConnection connection, DbTransaction transaction, long goal, string kind, bool byLeader, long? author, Amount? target,
        string? words, long now) => connection.Execute(
        """
        INSERT INTO goal_entry (goal, number, at, kind, by_leader, author, target, words)
        SELECT @goal, coalesce(max(number), 0) + 1, @now, @kind, @byLeader, @author, @target, @words FROM goal_entry WHERE goal = @goal
        """, new { goal, kind, byLeader = byLeader ? 1 : 0, author, target = target?.Thousandths, words, now }, transaction);

    private static List<KeptGoal> Read(DbConnection connection, DbTransaction? transaction, string which, object? parameters)
    {
        var rows = connection.Query<GoalRow>($"SELECT {Columns} FROM goal g {which} ORDER BY g.person, g.key", parameters, transaction)
            .ToList();
        if (rows.Count == 0) return [];
        var terms = connection.Query<TermsRow>(
            $"""
            SELECT t.goal, t.number, t.effective, t.metric, t.target, t.sample, t.by_leader, t.at, t.agreed_at
            FROM goal_terms t JOIN goal g ON g.key = t.goal {which} ORDER BY t.goal, t.number
            """, parameters, transaction).ToLookup(t => t.Goal);
        return [.. rows.Select(r => r.With([.. terms[r.Key].Select(t => t.With(r.Compared))]))];
    }

    private sealed record GoalRow
    {
        public long Key { get; init; }
        public long Person { get; init; }
        public long Metric { get; init; }
        public string Comparison { get; init; } = "";
        public string Period { get; init; } = "";
        public long FromDay { get; init; }
        public long? Until { get; init; }
        public long? Closed { get; init; }
        public long? ReviewWeeks { get; init; }
        public long MadeAt { get; init; }

        public Comparison Compared => Enum.Parse<Comparison>(Comparison);

        public KeptGoal With(IReadOnlyList<GoalTerms> terms)
        {
            var (person, period, from) = (new PersonKey(Person), Enum.Parse<GoalPeriod>(Period), new Workday((int)FromDay));
            return new(Key, person, new(Metric), Compared, period, from, Day(Until), Day(Closed), (int?)ReviewWeeks, MadeAt,
                terms.Count == 0 ? null : new(Key, person, period, from, Day(Until), Day(Closed), terms));
        }

        private static Workday? Day(long? number) => number is { } n ? new Workday((int)n) : null;
    }

    private sealed record TermsRow
    {
        public long Goal { get; init; }
        public long Number { get; init; }
        public long Effective { get; init; }
        public long Metric { get; init; }
        public long Target { get; init; }
        public long Sample { get; init; }
        public long ByLeader { get; init; }
        public long At { get; init; }
        public long? AgreedAt { get; init; }

        public GoalTerms With(Comparison comparison) => new(
            (int)Number, new((int)Effective), new(Metric), comparison, new(Target), (int)Sample, ByLeader != 0, At, AgreedAt);
    }

    private sealed record EntryRow
    {
        public long Number { get; init; }
        public long At { get; init; }
        public string Kind { get; init; } = "";
        public long ByLeader { get; init; }
        public string? Author { get; init; }
        public string? AuthorId { get; init; }
        public long? Target { get; init; }
        public string? Words { get; init; }
    }
}
