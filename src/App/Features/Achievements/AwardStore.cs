using System.Data.Common;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>An award as it is kept: one earning of one tier by one person.</summary>
public sealed record KeptAward
{
    public long Key { get; init; }
    public long Achievement { get; init; }
    public long Person { get; init; }
    public int Tier { get; init; }
    public string Occasion { get; init; } = "";
    public long First { get; init; }
    public long Last { get; init; }
    public long EarnedAt { get; init; }
    public long Value { get; init; }
    public bool ByHand { get; init; }
    public bool Flagged { get; init; }
    public bool Revoked { get; init; }
    /// <summary>Of before the retention horizon.</summary>
    public bool Settled { get; init; }
    /// <summary>Workdays whose work counted.</summary>
    public WorkdaySpan Counted => new(new((int)First), new((int)Last));
}

/// <summary>All that somebody has earned by an achievement in some periods.</summary>
/// <param name="Decides">Whether it was decided of what was earned by the work of some workdays.</param>
public readonly record struct Decided(
    AchievementKey Achievement, PersonKey Person, Func<WorkdaySpan, bool> Decides, IReadOnlyList<Earned> Earned);

/// <summary>What somebody has earned by an achievement.</summary>
public readonly record struct Granted(AchievementKey Achievement, PersonKey Person, Earned Earned);

/// <summary>An award that has just been made.</summary>
public readonly record struct NewAward(long Key, PersonKey Person, AchievementKey Achievement, long EarnedAt);

/// <summary>The SQL of awards. Only once is their unique key: achievement, tier, person, occasion.</summary>
public static class AwardStore
{
    /// <summary>Read by one statement: SQLite takes some ten thousand parameters.</summary>
    private const int ManyPeople = 1_000;

    private const string OnlyOnce = """
        ON CONFLICT (achievement, tier, person, occasion) DO NOTHING RETURNING achievement, tier, person, occasion, key
        """;

    private const string Move = """
        UPDATE award SET first = @4, last = @5, earned_at = @6, value = @7, flagged_at = NULL
        WHERE achievement = @0 AND tier = @1 AND person = @2 AND occasion = @3
          AND revoked_at IS NULL AND awarded_by IS NULL AND awarded_via IS NULL AND settled = 0
          AND (earned_at > @6 OR flagged_at IS NOT NULL)
        """;

    /// <summary>
    /// Makes awards unless they are there, and gives the new ones back. One that is there moves to an earlier moment and loses its
    /// flag; a revoked one stays as it is, for revoking is a person's decision.
    /// </summary>
    public static List<NewAward> Grant(Statements statements, IReadOnlyList<Granted> all, long now, TouchedAwards touched)
    {
        if (all.Count == 0) return [];
        foreach (var (achievement, person, _) in all) touched.Add(achievement, person);
        var rows = new Rows("award", "achievement bigint", "tier bigint", "person bigint", "occasion text", "first bigint", "last bigint",
            "earned_at bigint", "announced_at bigint", "value bigint");
        foreach (var (achievement, person, earned) in all)
            rows.Add(achievement.Value, earned.Tier, person.Value, earned.Occasion, earned.Counted.First.Number, earned.Counted.Last.Number,
                earned.EarnedAt, now, Thousandths(earned));
        var written = new Dictionary<(long Achievement, int Tier, long Person, string Occasion), long>(all.Count);
        statements.Insert(rows, OnlyOnce,
            row => written[(row.Number(0), (int)row.Number(1), row.Number(2), row.Text(3))] = row.Number(4));
        var made = new List<NewAward>(written.Count);
        foreach (var (achievement, person, earned) in all)
            if (written.Remove((achievement.Value, earned.Tier, person.Value, earned.Occasion), out var key))
                made.Add(new(key, person, achievement, earned.EarnedAt));
            else
                statements[Move].Bind(achievement.Value, earned.Tier, person.Value, earned.Occasion, earned.Counted.First.Number,
                    earned.Counted.Last.Number, earned.EarnedAt, Thousandths(earned)).Run();
        return made;
    }

    private static long Thousandths(Earned earned) => earned.Value.Rounded().Thousandths;

    /// <summary>When an award that is there and not flagged was earned; null when there is none.</summary>
    public static long? EarnedAt(
        Statements statements, AchievementKey achievement, int tier, PersonKey person, string occasion) =>
        statements["""
            SELECT earned_at FROM award
            WHERE achievement = @0 AND tier = @1 AND person = @2 AND occasion = @3 AND flagged_at IS NULL
            """].Bind(achievement.Value, tier, person.Value, occasion).Number();

    /// <summary>Those of some people who have, or had, an award of any of some achievements.</summary>
    public static List<PersonKey> Holders(
        DbConnection connection, DbTransaction transaction, IReadOnlyCollection<PersonKey> people,
        IReadOnlyCollection<AchievementKey> achievements) =>
        [.. connection.Query<long>(
            $"""
            SELECT DISTINCT person FROM award
            WHERE {Dialect.Of(connection).Among("achievement", "wanted")} AND {Dialect.Of(connection).Among("person", "people")}
            ORDER BY person
            """,
            new { wanted = achievements.Select(a => a.Value).ToArray(), people = people.Select(p => p.Value).ToArray() }, transaction)
            .Select(p => new PersonKey(p))];

    /// <summary>
    /// When people earned some achievements, in UTC milliseconds, ascending: what is not flagged, and what a person has revoked, which
    /// takes no step back.
    /// </summary>
    public static Func<PersonKey, Func<AchievementKey, IReadOnlyList<long>>> Earnings(
        DbConnection connection, DbTransaction? transaction, IReadOnlyCollection<PersonKey> people,
        IEnumerable<AchievementKey> achievements)
    {
        var wanted = achievements.Select(a => a.Value).Distinct().ToArray();
        if (wanted.Length == 0) return _ => _ => [];
        var dialect = Dialect.Of(connection);
        var found = connection.Query<(long Person, long Achievement, long At)>(
            $"""
            SELECT person, achievement, earned_at FROM award
            WHERE {dialect.Among("achievement", "wanted")} AND {dialect.Among("person", "people")}
              AND (flagged_at IS NULL OR revoked_at IS NOT NULL)
            ORDER BY earned_at
            """, new { wanted, people = people.Select(p => p.Value).ToArray() }, transaction)
            .ToLookup(a => (new PersonKey(a.Person), new AchievementKey(a.Achievement)), a => a.At);
        return person => achievement => [.. found[(person, achievement)]];
    }

    /// <summary>Achievements and last workdays of somebody's awards whose workdays end on one or later.</summary>
    public static List<(AchievementKey Achievement, Workday Last)> EndingFrom(
        DbConnection connection, DbTransaction transaction, PersonKey person, Workday from) =>
        [.. connection.Query<(long Achievement, int Last)>(
            "SELECT DISTINCT achievement, last FROM award WHERE person = @person AND last >= @from",
            new { person = person.Value, from = from.Number }, transaction)
            .Select(a => (new AchievementKey(a.Achievement), new Workday(a.Last)))];

    /// <summary>
    /// Makes what is kept agree with what was decided for some people and workdays: new ones are made, moments and values move, what no
    /// longer holds is flagged.
    /// </summary>
    public static List<NewAward> Reconcile(
        DbConnection connection, DbTransaction transaction, IReadOnlyCollection<Decided> all, long now, TouchedAwards touched)
    {
        var made = new List<NewAward>();
        // Of each achievement those who are asked for: many achievements of many people are far more.
        foreach (var some in all.GroupBy(d => d.Achievement).SelectMany(own => own.Chunk(ManyPeople)))
        {
            var kept = Kept(connection, transaction, [some[0].Achievement], [.. some.Select(d => d.Person).Distinct()]);
            made.AddRange(Agree(connection, transaction,
                some.Select(d => (d.Achievement, d.Person, kept[(d.Achievement, d.Person)].Where(k => d.Decides(k.Counted)), d.Earned)),
                now, touched));
        }
        return made;
    }

    private static ILookup<(AchievementKey, PersonKey), KeptAward> Kept(
        DbConnection connection, DbTransaction transaction, IReadOnlyCollection<AchievementKey> achievements,
        IReadOnlyCollection<PersonKey> people, string? occasion = null) =>
        All(connection, transaction, achievements, people, occasion)
            .ToLookup(k => (new AchievementKey(k.Achievement), new PersonKey(k.Person)));

    /// <summary>All awards of some achievements as they are kept; of some people, or of everybody.</summary>
    public static IEnumerable<KeptAward> All(
        DbConnection connection, DbTransaction transaction, IReadOnlyCollection<AchievementKey> achievements,
        IReadOnlyCollection<PersonKey>? people, string? occasion = null)
    {
        var dialect = Dialect.Of(connection);
        return connection.Query<KeptAward>(
            $"""
            SELECT key, achievement, person, tier, occasion, first, last, earned_at, value,
              CASE WHEN awarded_by IS NULL AND awarded_via IS NULL THEN 0 ELSE 1 END AS by_hand,
              CASE WHEN flagged_at IS NULL THEN 0 ELSE 1 END AS flagged, CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END AS revoked,
              settled
            FROM award WHERE {dialect.Among("achievement", "achievements")}
              {(people is null ? "" : $"AND {dialect.Among("person", "people")}")}
              {(occasion is null ? "" : "AND occasion = @occasion")}
            """,
            new
            {
                achievements = achievements.Select(a => a.Value).ToArray(), people = people?.Select(p => p.Value).ToArray() ?? [], occasion,
            }, transaction);
    }

    private static List<NewAward> Agree(
        DbConnection connection, DbTransaction transaction,
        IEnumerable<(AchievementKey Achievement, PersonKey Person, IEnumerable<KeptAward> Kept, IReadOnlyList<Earned> Earned)> all,
        long now, TouchedAwards touched)
    {
        var (fresh, gone) = (new List<Granted>(), new List<KeptAward>());
        foreach (var (achievement, person, ofPerson, decided) in all)
        {
            var kept = ofPerson.ToDictionary(k => (k.Tier, k.Occasion));
            foreach (var earned in decided)
            {
                if (!kept.Remove((earned.Tier, earned.Occasion), out var known))
                {
                    fresh.Add(new(achievement, person, earned));
                    continue;
                }
                var value = Thousandths(earned);
                // By the same moment another workday may count: that of the site moved to.
                var stands = known.EarnedAt == earned.EarnedAt && known.Value == value && known.Counted == earned.Counted && !known.Flagged;
                if (known.ByHand || known.Revoked || known.Settled || stands) continue;
                touched.Add(achievement, person);
                connection.Execute(
                    """
                    UPDATE award SET first = @first, last = @last, earned_at = @EarnedAt, value = @value, flagged_at = NULL
                    WHERE key = @Key
                    """,
                    new { first = earned.Counted.First.Number, last = earned.Counted.Last.Number, earned.EarnedAt, value, known.Key },
                    transaction);
            }
            gone.AddRange(kept.Values.Where(k => k is { ByHand: false, Flagged: false, Revoked: false, Settled: false }));
        }
        foreach (var award in gone) touched.Add(new(award.Achievement), new(award.Person));
        Flag(connection, transaction, gone, now);
        return Grant(Statements.Of(connection), fresh, now, touched);
    }

    /// <summary>Makes the winners of one occasion agree with what was decided, whoever they were before.</summary>
    public static List<NewAward> ReconcileOccasion(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, string occasion,
        IReadOnlyList<(PersonKey Person, Earned Earned)> winners, long now, TouchedAwards touched)
    {
        var holders = connection.Query<long>(
            "SELECT person FROM award WHERE achievement = @a AND occasion = @occasion", new { a = achievement.Value, occasion },
            transaction)
            .Select(p => new PersonKey(p)).ToList();
        var won = winners.ToDictionary(w => w.Person, w => w.Earned);
        List<PersonKey> people = [.. holders.Union(won.Keys)];
        PersonLocks.Take(connection, transaction, people);
        var kept = Kept(connection, transaction, [achievement], people, occasion);
        return Agree(connection, transaction, people.Select(p => (achievement, p, kept[(achievement, p)],
            (IReadOnlyList<Earned>)(won.TryGetValue(p, out var earned) ? [earned] : []))), now, touched);
    }

    public static void Flag(DbConnection connection, DbTransaction transaction, IEnumerable<KeptAward> awards, long now) =>
        connection.Execute("UPDATE award SET flagged_at = @now WHERE key = @Key", awards.Select(a => new { now, a.Key }), transaction);
}
