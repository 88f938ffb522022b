using System.Data.Common;
using System.Text.Json;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Recalculation;

/// <summary>What becomes of somebody's award.</summary>
public static class Effect
{
    /// <summary>Made; it was not there.</summary>
    public const string Gain = "gain";
    /// <summary>Held, and does not follow from the facts any more: it is flagged, and nobody loses it by that.</summary>
    public const string Flag = "flag";
    /// <summary>Was flagged, and holds again.</summary>
    public const string Lift = "lift";
    /// <summary>Of another moment, value or workdays.</summary>
    public const string Move = "move";

    public static readonly IReadOnlyList<string> All = [Gain, Flag, Lift, Move];
}

/// <summary>Why an award would be flagged.</summary>
public static class FlagReason
{
    public const string NotReached = "not-reached", Surpassed = "surpassed", Earlier = "earlier", Audience = "audience", Off = "off",
        Step = "step";
}

/// <summary>What somebody wants decided anew.</summary>
/// <param name="People">Null for everybody.</param>
/// <param name="ByNewest">The newest conditions judge all of the range; else each workday is judged by the version of that day.</param>
public sealed record Wanted(
    IReadOnlyList<AchievementKey> Achievements, IReadOnlyList<PersonKey>? People, WorkdaySpan Range, bool ByNewest);

/// <summary>A recalculation as it stands.</summary>
public sealed record Recalculated(long Key, string State, Wanted Wanted, Actor By, DateTimeOffset AskedAt)
{
    public const string Planning = "planning", Planned = "planned", Running = "running", Finished = "done";

    public bool IsJudged { get; init; }
    public DateTimeOffset? PlannedAt { get; init; }
    public DateTimeOffset? DoneAt { get; init; }
    public bool IsAtWork => State is Planning or Running;
}

/// <summary>One award that a recalculation makes, flags, moves, or takes the flag from.</summary>
/// <param name="Reason">Of a flag: see <see cref="FlagReason"/>.</param>
public sealed record RecalculationLine(
    string Effect, AchievementKey Achievement, PersonKey Person, int Tier, string Occasion, WorkdaySpan Days, long EarnedAt, Amount Value,
    string? Reason)
{
    /// <summary>Name and id of the person, for who reads it.</summary>
    public string PersonName { get; init; } = "";
    public string PersonId { get; init; } = "";
}

/// <summary>How many of each effect, and how many people.</summary>
public sealed record RecalculationCounts(int Gain, int Flag, int Lift, int Move, int Gaining, int Losing)
{
    public int Of(string effect) => effect switch
    {
        Effect.Gain => Gain,
        Effect.Flag => Flag,
        Effect.Lift => Lift,
        _ => Move,
    };

    public bool IsNothing => Gain + Flag + Lift + Move == 0;
}

/// <summary>The SQL of recalculations.</summary>
public static class RecalculationStore
{
    /// <summary>Plans that nobody ran go after so many days.</summary>
    private const int KeptDays = 30;

    public static long Ask(DbConnection connection, DbTransaction transaction, Wanted wanted, Actor by, long now)
    {
        var old = new { before = now - KeptDays * 86_400_000L };
        connection.Execute(
            """
            DELETE FROM recalculation_line WHERE recalculation IN
              (SELECT key FROM recalculation WHERE state = 'planned' AND asked_at < @before)
            """, old, transaction);
        connection.Execute("DELETE FROM recalculation WHERE state = 'planned' AND asked_at < @before", old, transaction);
        return connection.ExecuteScalar<long>(
            """
            INSERT INTO recalculation (state, achievements, people, first, last, newest, asked_key, asked_by, via, asked_at)
            VALUES ('planning', @achievements, @people, @first, @last, @newest, @Key, @Name, @Via, @now) RETURNING key
            """,
            new
            {
                achievements = JsonSerializer.Serialize(wanted.Achievements.Select(a => a.Value)),
                people = wanted.People is { } some ? JsonSerializer.Serialize(some.Select(p => p.Value)) : null,
                first = wanted.Range.First.Number, last = wanted.Range.Last.Number, newest = wanted.ByNewest ? 1 : 0,
                by.Key, by.Name, by.Via, now,
            }, transaction);
    }

    public static Recalculated? Find(DbConnection connection, DbTransaction? transaction, long key) =>
        Read(connection, transaction, "WHERE key = @key", new { key }).SingleOrDefault();

    /// <summary>Newest first.</summary>
    public static List<Recalculated> Newest(DbConnection connection, int most) =>
        Read(connection, null, "ORDER BY key DESC LIMIT @most", new { most });

    public static void Save(DbConnection connection, DbTransaction transaction, long key, string state, long now) =>
        connection.Execute(
            $"""
            UPDATE recalculation SET state = @state, {state switch
            {
                Recalculated.Planned => "planned_at",
                Recalculated.Running => "confirmed_at",
                _ => "done_at",
            }} = @now WHERE key = @key
            """, new { key, state, now }, transaction);

    public static void Judged(DbConnection connection, DbTransaction transaction, long key) =>
        connection.Execute("UPDATE recalculation SET judged = 1 WHERE key = @key", new { key }, transaction);

    public static void Forget(DbConnection connection, DbTransaction transaction, long key, bool made) =>
        connection.Execute("DELETE FROM recalculation_line WHERE recalculation = @key AND made = @made",
            new { key, made = made ? 1 : 0 }, transaction);

    /// <summary>
    /// Of one award the first thing that happened is kept with what it came to: it may be moved and flagged by one recalculation.
    /// </summary>
    public static void Add(
        DbConnection connection, DbTransaction transaction, long key, bool made, IEnumerable<RecalculationLine> lines) =>
        connection.Execute(
            """
            INSERT INTO recalculation_line
              (recalculation, made, effect, achievement, person, tier, occasion, first, last, earned_at, value, reason)
            VALUES (@key, @made, @Effect, @achievement, @person, @Tier, @Occasion, @first, @last, @EarnedAt, @value, @Reason)
            ON CONFLICT (recalculation, made, person, achievement, tier, occasion) DO UPDATE SET
              first = excluded.first, last = excluded.last, earned_at = excluded.earned_at, value = excluded.value
            """,
            lines.Select(l => new
            {
                key, made = made ? 1 : 0, l.Effect, achievement = l.Achievement.Value, person = l.Person.Value, l.Tier, l.Occasion,
                first = l.Days.First.Number, last = l.Days.Last.Number, l.EarnedAt, value = l.Value.Thousandths, l.Reason,
            }), transaction);

    /// <summary>By effect, then by person; all of them where <paramref name="most"/> is not given.</summary>
    public static List<RecalculationLine> Lines(
        DbConnection connection, DbTransaction? transaction, long key, bool made, string? effect = null,
        IReadOnlyCollection<PersonKey>? people = null, int skip = 0, int most = int.MaxValue) =>
        [.. connection.Query<LineRow>(
            $"""
            SELECT l.effect, l.achievement, l.person, l.tier, l.occasion, l.first, l.last, l.earned_at, l.value, l.reason,
              p.name, p.id
            FROM recalculation_line l JOIN person p ON p.key = l.person
            WHERE l.recalculation = @key AND l.made = @made
              {(effect is null ? "" : "AND l.effect = @effect")}
              {(people is null ? "" : $"AND {Dialect.Of(connection).Among("l.person", "people")}")}
            ORDER BY l.effect, p.name, p.key, l.achievement, l.tier, l.first, l.occasion LIMIT @most OFFSET @skip
            """,
            new { key, made = made ? 1 : 0, effect, people = people?.Select(p => p.Value).ToArray() ?? [], skip, most }, transaction)
            .Select(r => new RecalculationLine(r.Effect, new(r.Achievement), new(r.Person), (int)r.Tier, r.Occasion,
                new(new((int)r.First), new((int)r.Last)), r.EarnedAt, new(r.Value), r.Reason) { PersonName = r.Name, PersonId = r.Id })];

    public static RecalculationCounts Counts(DbConnection connection, DbTransaction? transaction, long key, bool made)
    {
        var by = connection.Query<(string Effect, long Awards, long People)>(
            """
            SELECT effect, count(*), count(DISTINCT person) FROM recalculation_line
            WHERE recalculation = @key AND made = @made GROUP BY effect
            """, new { key, made = made ? 1 : 0 }, transaction).ToDictionary(c => c.Effect);
        int Awards(string effect) => (int)by.GetValueOrDefault(effect).Awards;
        return new(Awards(Effect.Gain), Awards(Effect.Flag), Awards(Effect.Lift), Awards(Effect.Move),
            (int)by.GetValueOrDefault(Effect.Gain).People, (int)by.GetValueOrDefault(Effect.Flag).People);
    }

    /// <summary>How far it is; null where nothing is due of it, or nothing is known yet.</summary>
    public static (long Done, long Total, string? Error)? Progress(DbConnection connection, string kind, string subject) =>
        connection.QueryFirstOrDefault<(long, long, string?)?>(
            "SELECT done, total, error FROM work WHERE kind = @kind AND subject = @subject", new { kind, subject });

    /// <summary>Writes which version of a rule judges which workday, and asks for what begins with one of them later on.</summary>
    public static void Rejudge(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement,
        IReadOnlyList<(RuleVersion Version, Workday From)> versions)
    {
        var kept = connection.Query<VersionRow>(
            "SELECT number, rule, after_step, audience FROM achievement_version WHERE achievement = @Value", new { achievement.Value },
            transaction).ToDictionary(v => v.Number);
        connection.Execute("DELETE FROM achievement_version WHERE achievement = @Value", new { achievement.Value }, transaction);
        connection.Execute(
            """
            INSERT INTO achievement_version (achievement, number, effective, rule, after_step, audience)
            VALUES (@achievement, @number, @from, @Rule, @AfterStep, @Audience)
            """,
            versions.Select((v, i) => new
            {
                achievement = achievement.Value, number = i + 1, from = v.From.Number, kept[v.Version.Number].Rule,
                kept[v.Version.Number].AfterStep, kept[v.Version.Number].Audience,
            }), transaction);
    }

    private static List<Recalculated> Read(DbConnection connection, DbTransaction? transaction, string which, object parameters) =>
        [.. connection.Query<Row>(
            $"""
            SELECT key, state, achievements, people, first, last, newest, judged, asked_key, asked_by, via, asked_at, planned_at, done_at
            FROM recalculation {which}
            """, parameters, transaction)
            .Select(r => new Recalculated(r.Key, r.State,
                new([.. Keys(r.Achievements).Select(a => new AchievementKey(a))],
                    r.People is { } some ? [.. Keys(some).Select(p => new PersonKey(p))] : null,
                    new(new((int)r.First), new((int)r.Last)), r.Newest != 0),
                new(r.AskedKey, r.AskedBy, r.Via), At(r.AskedAt))
            {
                IsJudged = r.Judged != 0,
                PlannedAt = r.PlannedAt is { } planned ? At(planned) : null, DoneAt = r.DoneAt is { } done ? At(done) : null,
            })];

    private static List<long> Keys(string json) => JsonSerializer.Deserialize<List<long>>(json)!;
    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private sealed record Row
    {
        public long Key { get; init; }
        public string State { get; init; } = "";
        public string Achievements { get; init; } = "";
        public string? People { get; init; }
        public long First { get; init; }
        public long Last { get; init; }
        public long Newest { get; init; }
        public long Judged { get; init; }
        public long? AskedKey { get; init; }
        public string AskedBy { get; init; } = "";
        public string Via { get; init; } = "";
        public long AskedAt { get; init; }
        public long? PlannedAt { get; init; }
        public long? DoneAt { get; init; }
    }

    private sealed record LineRow
    {
        public string Effect { get; init; } = "";
        public long Achievement { get; init; }
        public long Person { get; init; }
        public long Tier { get; init; }
        public string Occasion { get; init; } = "";
        public long First { get; init; }
        public long Last { get; init; }
        public long EarnedAt { get; init; }
        public long Value { get; init; }
        public string? Reason { get; init; }
        public string Name { get; init; } = "";
        public string Id { get; init; } = "";
    }

    private sealed record VersionRow
    {
        public int Number { get; init; }
        public string Rule { get; init; } = "";
        public long? AfterStep { get; init; }
        public string? Audience { get; init; }
    }
}
