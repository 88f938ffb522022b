using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Work;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Recalculation;

/// <summary>
/// Decides a range of workdays anew because somebody asked for it: first as a plan, then, once that is confirmed, for good. Both walk the
/// same way and ask the same deciders that live work, closings and backfills ask; a plan undoes each step within its transaction and keeps
/// what it saw. So the two differ only by what came in between.
/// </summary>
public sealed class Recalculate(Database database, CatalogueStore catalogue, LiveHub live, TimeProvider time)
{
    public const string Kind = "recalculation";

    /// <summary>Decisions about one person in one transaction, and periods, so that live work does not wait long.</summary>
    private const int MostDecisions = 200, MostPeople = 100, MostPeriods = 25;

    private static readonly WorkdaySpan Everything = new(Workday.Beginning, Workday.End);

    public WorkKind Work => new(Kind, 1, (items, cancel) => Run(items[0], cancel));

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public static string Subject(long key) => key.ToString(CultureInfo.InvariantCulture);

    /// <summary>Asks for a plan; gives its number.</summary>
    public static long Plan(DbConnection connection, DbTransaction transaction, Wanted wanted, Actor by, long now)
    {
        var key = RecalculationStore.Ask(connection, transaction, wanted, by, now);
        WorkQueue.Enqueue(connection, transaction, Kind, Subject(key), now);
        return key;
    }

    /// <summary>Confirms a plan, so that it is done; false where it is not one that waits for that.</summary>
    public static bool Confirm(DbConnection connection, DbTransaction transaction, long key, Actor by, long now)
    {
        Dialect.Of(connection).LockRows(connection, transaction, "recalculation", [key]);
        if (RecalculationStore.Find(connection, transaction, key) is not { State: Recalculated.Planned } known) return false;
        RecalculationStore.Save(connection, transaction, key, Recalculated.Running, now);
        WorkQueue.Enqueue(connection, transaction, Kind, Subject(key), now);
        Audit.Write(connection, transaction, by, now, "recalculation.run", Title(connection, transaction, known.Wanted), [
            .. Said(known.Wanted), .. Figures(RecalculationStore.Counts(connection, transaction, key, made: false)),
        ]);
        return true;
    }

    private void Run(WorkItem item, CancellationToken cancel)
    {
        var key = long.Parse(item.Subject, CultureInfo.InvariantCulture);
        var asked = database.Write((c, t) =>
        {
            var asked = RecalculationStore.Find(c, t, key);
            // A plan that was broken off begins anew; what was done stands, and is not done again.
            if (asked is { State: Recalculated.Planning }) RecalculationStore.Forget(c, t, key, made: false);
            if (asked is { State: Recalculated.Running, IsJudged: false, Wanted.ByNewest: true }) Rejudge(c, t, asked);
            return asked;
        });
        if (asked is { IsAtWork: true }) Walk(item, asked, cancel);
        database.Write((c, t) =>
        {
            if (asked is { State: Recalculated.Planning }) RecalculationStore.Save(c, t, key, Recalculated.Planned, Now);
            else if (asked is { State: Recalculated.Running })
            {
                RecalculationStore.Save(c, t, key, Recalculated.Finished, Now);
                Audit.Write(c, t, asked.By, Now, "recalculation.done", Title(c, t, asked.Wanted), [
                    .. Said(asked.Wanted), .. Figures(RecalculationStore.Counts(c, t, key, made: true)),
                ]);
            }
            WorkQueue.Complete(c, t, [item]);
        });
        live.Changed(Backfill.Topic);
    }

    /// <summary>The newest conditions judge the range from now on, as they did in the plan.</summary>
    private void Rejudge(DbConnection connection, DbTransaction transaction, Recalculated asked)
    {
        Rulebook.Hold(connection, transaction);
        var rules = catalogue.Current(connection, transaction).Rules;
        foreach (var rule in asked.Wanted.Achievements.Select(rules.Rule).OfType<RuleHistory>())
            if (Rejudged.ByNewest(rule, asked.Wanted.Range) is { } versions)
            {
                RecalculationStore.Rejudge(connection, transaction, rule.Achievement, versions);
                foreach (var (_, from) in versions.Where(v => v.From > rule.CountsFrom))
                    Backfill.EnqueueStart(connection, transaction, rule.Achievement, from, after: Now);
            }
        RecalculationStore.Judged(connection, transaction, asked.Key);
        Rulebook.TouchRules(connection, transaction);
    }

    /// <summary>The rules as the plan tries them, or as they are.</summary>
    private Snapshot Rules(DbConnection connection, DbTransaction? transaction, Recalculated asked)
    {
        var current = catalogue.Current(connection, transaction);
        if (asked.State != Recalculated.Planning || !asked.Wanted.ByNewest) return current;
        if (tried is { } known && known.Of == (asked.Key, current.RulesVersion))
            return current with { Rules = known.Rules };
        var histories = asked.Wanted.Achievements.Select(current.Rules.Rule).OfType<RuleHistory>()
            .Select(rule => Rejudged.ByNewest(rule, asked.Wanted.Range) is { } versions ? Rejudged.With(rule, versions) : rule).ToList();
        tried = ((asked.Key, current.RulesVersion), current.Rules.With(histories));
        return current with { Rules = tried.Value.Rules };
    }

    private ((long Key, long Version) Of, RuleSet Rules)? tried;

    /// <summary>Contests and firsts, which are decided between people; then everybody's own; what follows from both with these.</summary>
    private void Walk(WorkItem item, Recalculated asked, CancellationToken cancel)
    {
        var (rules, ends, projects, people) = Survey(asked);
        var total = ends.Sum(e => e.Ends.Count) + projects.Sum(p => p.Projects.Count) + people.Count;
        var done = 0;
        foreach (var (rule, own) in ends)
            foreach (var chunk in own.Chunk(database.Dialect.IsShared ? 1 : MostPeriods))
                Step(chunk.Length, [], (c, t, snapshot, touched) => snapshot.Rules.Rule(rule) is not { } current
                    ? []
                    : [.. chunk.SelectMany(end => EvaluatePeriod.Decide(c, t, snapshot, current, end, Now, touched))], rule);
        foreach (var (rule, own) in projects)
            foreach (var chunk in own.Chunk(MostPeople))
                Step(chunk.Length, [], (c, t, snapshot, touched) => snapshot.Rules.Rule(rule) is not { } current
                    ? []
                    : FirstsInProjects.Decide(c, t, snapshot, chunk, Now, touched, current), rule);
        foreach (var chunk in people.Chunk(Math.Clamp(MostDecisions / Math.Max(1, rules.Count), 1, MostPeople)))
            Step(chunk.Length, chunk, (c, t, snapshot, touched) =>
            {
                var range = asked.Wanted.ByNewest ? Everything : asked.Wanted.Range;
                var made = EvaluatePerson.Run(c, t, snapshot,
                [
                    .. rules.Select(snapshot.Rules.Rule).OfType<RuleHistory>().SelectMany(rule =>
                        chunk.Where(p => asked.Wanted.People?.Contains(p) != false).Select(person => (rule, person, range))),
                ], Now, touched);
                made.AddRange(Followers.Run(c, t, snapshot, touched, Now));
                return made;
            });

        void Step(
            int length, IReadOnlyList<PersonKey> held, Func<DbConnection, DbTransaction, Snapshot, TouchedAwards, List<NewAward>> decide,
            AchievementKey? only = null)
        {
            cancel.ThrowIfCancellationRequested();
            done += length;
            var told = database.Write((c, t) =>
            {
                Rulebook.Share(c, t);
                PersonLocks.Take(c, t, held);
                var isPlan = asked.State == Recalculated.Planning;
                var (snapshot, touched) = (Rules(c, t, asked), new TouchedAwards());
                if (isPlan) c.Execute("SAVEPOINT laurel_plan", transaction: t);
                if (held.Count > 0) Between(c, t, asked, held, snapshot, isPlan, touched);
                var concerned = only is { } one ? [one] : WithFollowers(snapshot.Rules, asked.Wanted.Achievements);
                var before = Awards(c, t, concerned, held);
                var made = decide(c, t, snapshot, touched);
                var lines = Compare(snapshot, before, Awards(c, t, concerned, held));
                if (isPlan) c.Execute("ROLLBACK TO SAVEPOINT laurel_plan", transaction: t);
                RecalculationStore.Add(c, t, asked.Key, !isPlan, lines);
                WorkQueue.Progress(c, t, item, done, total, Now);
                return isPlan ? [] : NoticeStore.Tell(c, t, made, Now);
            });
            live.Awarded(told);
            live.Changed(Backfill.Topic);
        }
    }

    /// <summary>What was decided between people is there before what follows from it is decided; a plan has undone it meanwhile.</summary>
    private void Between(
        DbConnection connection, DbTransaction transaction, Recalculated asked, IReadOnlyList<PersonKey> people, Snapshot snapshot,
        bool isPlan, TouchedAwards touched)
    {
        var between = asked.Wanted.Achievements
            .Where(a => snapshot.Rules.Rule(a) is { } rule && snapshot.Rules.Decision(rule) is null).ToHashSet();
        foreach (var line in RecalculationStore.Lines(connection, transaction, asked.Key, !isPlan, people: people)
            .Where(l => between.Contains(l.Achievement)))
        {
            touched.Add(line.Achievement, line.Person);
            if (!isPlan) continue;
            var of = new
            {
                a = line.Achievement.Value, line.Tier, person = line.Person.Value, line.Occasion, Now, line.EarnedAt,
                value = line.Value.Thousandths, first = line.Days.First.Number, last = line.Days.Last.Number,
            };
            if (line.Effect == Effect.Gain)
                connection.Execute(
                    """
                    INSERT INTO award (achievement, tier, person, occasion, first, last, earned_at, announced_at, value)
                    VALUES (@a, @Tier, @person, @Occasion, @first, @last, @EarnedAt, @Now, @value)
                    ON CONFLICT (achievement, tier, person, occasion) DO NOTHING
                    """, of, transaction);
            else
                connection.Execute(
                    $"""
                    UPDATE award SET earned_at = @EarnedAt, flagged_at = {(line.Effect == Effect.Flag ? "@Now" : "NULL")}
                    WHERE achievement = @a AND tier = @Tier AND person = @person AND occasion = @Occasion AND revoked_at IS NULL
                    """, of, transaction);
        }
    }

    /// <summary>What there is to decide, as of now.</summary>
    private (List<AchievementKey> Rules, List<(AchievementKey Rule, List<Workday> Ends)> Ends,
        List<(AchievementKey Rule, List<long> Projects)> Projects, List<PersonKey> People) Survey(Recalculated asked)
    {
        using var connection = database.Read();
        var snapshot = Rules(connection, null, asked);
        var chosen = asked.Wanted.Achievements.Select(snapshot.Rules.Rule).OfType<RuleHistory>().ToList();
        var range = asked.Wanted.ByNewest ? Everything : asked.Wanted.Range;
        var ends = chosen.Where(r => snapshot.Rules.Contest(r) is not null)
            .Select(r => (r.Achievement, Backfill.PeriodsOf(connection, snapshot, r, range))).ToList();
        var projects = chosen.Where(r => r.Current.FirstOf().Count > 0)
            .Select(r => (r.Achievement, Backfill.ProjectsOf(connection, r, range))).ToList();
        // What follows from awards after what it follows from.
        List<AchievementKey> own = [.. chosen.Where(r => snapshot.Rules.Decision(r) is not null)
            .OrderBy(snapshot.Rules.TurnOf).Select(r => r.Achievement)];
        var all = snapshot.Floor.People.Select(p => p.Key);
        var people = own.Count > 0 || chosen.Exists(r => snapshot.Rules.FollowersOf(r.Achievement).Count > 0)
            // Where a contest is among them anybody may have won it.
            ? all.Where(p => ends.Count + projects.Count > 0 || asked.Wanted.People?.Contains(p) != false).Order().ToList()
            : [];
        return (own, ends, projects, people);
    }

    private static List<AchievementKey> WithFollowers(RuleSet rules, IReadOnlyList<AchievementKey> chosen)
    {
        var all = new List<AchievementKey>(chosen.Distinct());
        for (var i = 0; i < all.Count; i++)
            all.AddRange(rules.FollowersOf(all[i]).Select(r => r.Achievement).Except(all).ToList());
        return all;
    }

    private static Dictionary<(long, long, int, string), KeptAward> Awards(
        DbConnection connection, DbTransaction transaction, List<AchievementKey> achievements, IReadOnlyList<PersonKey> people) =>
        AwardStore.All(connection, transaction, achievements, people.Count == 0 ? null : people)
            .ToDictionary(k => (k.Achievement, k.Person, k.Tier, k.Occasion));

    private static IEnumerable<RecalculationLine> Compare(
        Snapshot snapshot, Dictionary<(long, long, int, string), KeptAward> before,
        Dictionary<(long, long, int, string), KeptAward> after)
    {
        foreach (var (key, now) in after)
        {
            var effect = !before.TryGetValue(key, out var was) ? Effect.Gain
                : now.Revoked ? null
                : was.Flagged != now.Flagged ? now.Flagged ? Effect.Flag : Effect.Lift
                : was != now ? Effect.Move : null;
            if (effect is null) continue;
            yield return new(effect, new(now.Achievement), new(now.Person), now.Tier, now.Occasion, now.Counted, now.EarnedAt,
                new(now.Value), effect == Effect.Flag ? Reason(snapshot, now) : null);
        }
    }

    /// <summary>Why an award does not hold any more: the first that is so.</summary>
    private static string Reason(Snapshot snapshot, KeptAward award)
    {
        if (snapshot.Rules.Rule(new(award.Achievement)) is not { } rule) return FlagReason.Off;
        if (rule.Current.FirstOf().Count > 0) return FlagReason.Earlier;
        if (snapshot.Floor.Person(new PersonKey(award.Person)) is { } person)
        {
            var moment = person.WorkdayOf(award.EarnedAt).Day;
            if (!rule.Spans.Any(s => s.From <= award.Counted.Last && award.Counted.First <= s.Last)) return FlagReason.Off;
            if (!person.Places.IsIn(rule.InForce(moment).Audience, Workday.Min(moment, award.Counted.Last))) return FlagReason.Audience;
        }
        return snapshot.Rules.Contest(rule) is not null ? FlagReason.Surpassed
            : rule.Follows.Any() ? FlagReason.Step
            : FlagReason.NotReached;
    }

    /// <summary>Up to three by name, then how many more.</summary>
    private static string Title(DbConnection connection, DbTransaction transaction, Wanted wanted)
    {
        var names = wanted.Achievements.Take(3).Select(a => LocalText.Parse(connection.ExecuteScalar<string>(
            "SELECT name FROM achievement WHERE key = @Value", new { a.Value }, transaction)!).In(Language.English));
        return string.Join(", ", names) + (wanted.Achievements.Count > 3
            ? string.Create(CultureInfo.InvariantCulture, $" + {wanted.Achievements.Count - 3}") : "");
    }

    private static Change[] Said(Wanted wanted) =>
    [
        new("range", null, string.Create(CultureInfo.InvariantCulture,
            $"{wanted.Range.First} – {(wanted.Range.Last == Workday.End ? "…" : wanted.Range.Last.ToString())}")),
        new("judged by", null, wanted.ByNewest ? "the newest conditions" : "the conditions of each day"),
        new("achievements", null, wanted.Achievements.Count.ToString(CultureInfo.InvariantCulture)),
        new("people", null, wanted.People is { } some ? some.Count.ToString(CultureInfo.InvariantCulture) : "everybody"),
    ];

    private static Change[] Figures(RecalculationCounts counts) =>
    [
        new("gained", null, counts.Gain.ToString(CultureInfo.InvariantCulture)),
        new("flags", null, counts.Flag.ToString(CultureInfo.InvariantCulture)),
        new("flags taken away", null, counts.Lift.ToString(CultureInfo.InvariantCulture)),
        new("moved", null, counts.Move.ToString(CultureInfo.InvariantCulture)),
    ];
}
