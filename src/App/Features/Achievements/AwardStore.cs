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
    public int Tier { get; init; }
    public string Occasion { get; init; } = "";
    public long EarnedAt { get; init; }
    public long Value { get; init; }
    public bool ByHand { get; init; }
    public bool Flagged { get; init; }
    public bool Revoked { get; init; }
}

/// <summary>An award that has just been made.</summary>
public readonly record struct NewAward(long Key, PersonKey Person, AchievementKey Achievement, long EarnedAt);

/// <summary>The SQL of awards. Only once is their unique key: achievement, tier, person, occasion.</summary>
public static class AwardStore
{
    private const string Insert = """
        INSERT INTO award (achievement, tier, person, occasion, first, last, earned_at, announced_at, value)
        VALUES (@0, @1, @2, @3, @4, @5, @6, @7, @8)
        ON CONFLICT (achievement, tier, person, occasion) DO NOTHING RETURNING key
        """;

    private const string Move = """
        UPDATE award SET first = @4, last = @5, earned_at = @6, value = @7, flagged_at = NULL
        WHERE achievement = @0 AND tier = @1 AND person = @2 AND occasion = @3
          AND revoked_at IS NULL AND awarded_by IS NULL AND (earned_at > @6 OR flagged_at IS NOT NULL)
        """;

    /// <summary>
    /// Makes the award unless it is there. One that is there moves to an earlier moment and loses its flag; a revoked one stays
    /// as it is, for revoking is a person's decision.
    /// </summary>
    public static NewAward? Grant(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, PersonKey person, Earned earned, long now)
    {
        var statements = Statements.Of(connection);
        var (first, last, value) = (earned.Counted.First.Number, earned.Counted.Last.Number, earned.Value.Rounded().Thousandths);
        if (statements[Insert].Bind(achievement.Value, earned.Tier, person.Value, earned.Occasion, first, last,
                earned.EarnedAt, now, value).Number() is { } made)
            return new(made, person, achievement, earned.EarnedAt);
        statements[Move].Bind(achievement.Value, earned.Tier, person.Value, earned.Occasion, first, last, earned.EarnedAt, value).Run();
        return null;
    }

    /// <summary>When an award that is there and not flagged was earned; null when there is none.</summary>
    public static long? EarnedAt(
        Statements statements, AchievementKey achievement, int tier, PersonKey person, string occasion) =>
        statements["""
            SELECT earned_at FROM award
            WHERE achievement = @0 AND tier = @1 AND person = @2 AND occasion = @3 AND flagged_at IS NULL
            """].Bind(achievement.Value, tier, person.Value, occasion).Number();

    /// <summary>
    /// Makes what is kept of one person and rule agree with what was decided for the workdays of <paramref name="scope"/>: new ones
    /// are made, moments and values move, what no longer holds is flagged.
    /// </summary>
    public static List<NewAward> Reconcile(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, PersonKey person, WorkdaySpan scope,
        IReadOnlyList<Earned> decided, long now)
    {
        var kept = Kept(connection, transaction, achievement, person, "first <= @last AND last >= @first",
            new { first = scope.First.Number, last = scope.Last.Number });
        return Agree(connection, transaction, achievement, person, kept, decided, now);
    }

    private static Dictionary<(int, string), KeptAward> Kept(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, PersonKey person, string where, object parameters)
    {
        var all = new DynamicParameters(parameters);
        all.AddDynamicParams(new { a = achievement.Value, p = person.Value });
        return connection.Query<KeptAward>(
            $"""
            SELECT key, tier, occasion, earned_at, value, CASE WHEN awarded_by IS NULL THEN 0 ELSE 1 END AS by_hand,
              CASE WHEN flagged_at IS NULL THEN 0 ELSE 1 END AS flagged, CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END AS revoked
            FROM award WHERE achievement = @a AND person = @p AND {where}
            """, all, transaction).ToDictionary(k => (k.Tier, k.Occasion));
    }

    private static List<NewAward> Agree(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, PersonKey person,
        Dictionary<(int, string), KeptAward> kept, IReadOnlyList<Earned> decided, long now)
    {
        var made = new List<NewAward>();
        foreach (var earned in decided)
        {
            if (!kept.Remove((earned.Tier, earned.Occasion), out var known))
            {
                if (Grant(connection, transaction, achievement, person, earned, now) is { } award) made.Add(award);
                continue;
            }
            var value = earned.Value.Rounded().Thousandths;
            if (known.ByHand || known.Revoked || (known.EarnedAt == earned.EarnedAt && known.Value == value && !known.Flagged)) continue;
            connection.Execute(
                "UPDATE award SET first = @first, last = @last, earned_at = @EarnedAt, value = @value, flagged_at = NULL WHERE key = @Key",
                new { first = earned.Counted.First.Number, last = earned.Counted.Last.Number, earned.EarnedAt, value, known.Key },
                transaction);
        }
        Flag(connection, transaction, kept.Values.Where(k => k is { ByHand: false, Flagged: false, Revoked: false }), now);
        return made;
    }

    /// <summary>Makes the winners of one occasion agree with what was decided, whoever they were before.</summary>
    public static List<NewAward> ReconcileOccasion(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, string occasion,
        IReadOnlyList<(PersonKey Person, Earned Earned)> winners, long now)
    {
        var holders = connection.Query<long>(
            "SELECT person FROM award WHERE achievement = @a AND occasion = @occasion", new { a = achievement.Value, occasion },
            transaction)
            .Select(p => new PersonKey(p)).ToList();
        var won = winners.ToDictionary(w => w.Person, w => w.Earned);
        PersonLocks.Take(connection, transaction, [.. holders.Union(won.Keys)]);
        var made = new List<NewAward>();
        foreach (var person in holders.Union(won.Keys))
        {
            IReadOnlyList<Earned> decided = won.TryGetValue(person, out var earned) ? [earned] : [];
            var kept = Kept(connection, transaction, achievement, person, "occasion = @occasion", new { occasion });
            made.AddRange(Agree(connection, transaction, achievement, person, kept, decided, now));
        }
        return made;
    }

    public static void Flag(DbConnection connection, DbTransaction transaction, IEnumerable<KeptAward> awards, long now) =>
        connection.Execute("UPDATE award SET flagged_at = @now WHERE key = @Key", awards.Select(a => new { now, a.Key }), transaction);
}
