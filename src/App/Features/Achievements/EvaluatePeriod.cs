using System.Data.Common;
using System.Globalization;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// Decides what is decided at a period's end: at the closing, and again whenever work of a closed period changes. Closing is the
/// first evaluation, not a cut-off.
/// </summary>
public sealed class EvaluatePeriod(Database database, CatalogueStore catalogue, LiveHub live, TimeProvider time)
{
    public const string Kind = "period";

    /// <summary>Several periods share a transaction, so that a year of daily badges is not a year of disk flushes.</summary>
    public WorkKind Work => new(Kind, 50, (items, _) => Run(items));

    /// <summary>Asks for the period that ends with <paramref name="last"/> to be decided; all time where that is the end.</summary>
    public static void Enqueue(DbConnection connection, DbTransaction transaction, AchievementKey achievement, Workday last, long now) =>
        WorkQueue.Enqueue(connection, transaction, Kind,
            string.Create(CultureInfo.InvariantCulture, $"{achievement.Value}|{last.Number}"), now);

    /// <summary>Last workdays of the closed periods of the rule that hold one person's workday and are decided at their end.</summary>
    public static IEnumerable<Workday> ClosedPeriods(RuleHistory rule, Snapshot snapshot, PersonKey person, Workday day)
    {
        if (snapshot.Rules.Contest(rule) is { } contest)
        {
            var closed = snapshot.Floor.ClosedEverywhere;
            var ends = contest.EndsWith(day);
            for (var end = ends.First; end <= ends.Last && end <= closed; end = end.Plus(1)) yield return end;
            yield break;
        }
        if (snapshot.Floor.Person(person) is not { } facts) yield break;
        foreach (var last in snapshot.Rules.Decision(rule)!.ClosedWith(day, facts.ClosedThrough)) yield return last;
    }

    /// <summary>
    /// The period that a closing workday ends, where its version decides at the end: its last workday, or the end of all time.
    /// </summary>
    /// <exception cref="RuleFailure">The rule is at fault.</exception>
    public static Workday? EndingWith(RuleHistory rule, RuleSet rules, Workday day) => !rules.HasAtEnd(rule) ? null
        : RuleFailure.Of(rule.Achievement, () =>
            rules.Contest(rule) is { } contest ? contest.EndingOn(day)?.Last : rules.Decision(rule)?.EndingWith(day));

    private void Run(IReadOnlyList<WorkItem> items)
    {
        var awards = database.Write((connection, transaction) =>
        {
            Rulebook.Share(connection, transaction);
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var snapshot = catalogue.Current(connection, transaction);
            var (made, touched) = (new List<NewAward>(), new TouchedAwards());
            foreach (var item in items)
            {
                var parts = item.Subject.Split('|');
                var achievement = new AchievementKey(long.Parse(parts[0], CultureInfo.InvariantCulture));
                if (snapshot.Rules.Rule(achievement) is { } rule)
                    made.AddRange(Decide(connection, transaction, snapshot, rule, new(int.Parse(parts[1], CultureInfo.InvariantCulture)),
                        now, touched));
            }
            made.AddRange(Followers.Run(connection, transaction, snapshot, touched, now));
            WorkQueue.Complete(connection, transaction, items);
            return NoticeStore.Tell(connection, transaction, made, now);
        });
        live.Awarded(awards);
    }

    /// <exception cref="RuleFailure">The rule is at fault.</exception>
    public static List<NewAward> Decide(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, RuleHistory rule, Workday last, long now,
        TouchedAwards touched) =>
        RuleFailure.Of(rule.Achievement, () => DecideEnded(connection, transaction, snapshot, rule, last, now, touched));

    private static List<NewAward> DecideEnded(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, RuleHistory rule, Workday last, long now,
        TouchedAwards touched)
    {
        if (snapshot.Rules.Contest(rule) is { } contest)
            return contest.EndingOn(last) is { } ended && rule.IsOpen(ended) && last <= snapshot.Floor.ClosedEverywhere
                ? DecideContest(connection, transaction, snapshot, rule, contest, ended, now, touched)
                : [];
        if (snapshot.Rules.Decision(rule) is not { } decision) return [];
        var scope = decision.ScopeOf(last);
        if (rule.ReadsGoals)
        {
            // Only for whose goal it ends something: few of many.
            var goals = GoalStore.Of(connection, transaction);
            List<PersonKey> people =
                [.. snapshot.Floor.People.Select(p => p.Key).Order().Where(p => goals(p).Any(g => decision.EndsFor(g, last)))];
            PersonLocks.Take(connection, transaction, people);
            return EvaluatePerson.Run(connection, transaction, snapshot, [.. people.Select(p => (rule, p, scope))], now, touched);
        }
        // Where a version is decided live, whoever works now may earn meanwhile: nobody's award is read before the person is held.
        if (rule.Versions.Any(v => snapshot.Rules.IsLive(v.Rule)))
            PersonLocks.Take(connection, transaction, [.. snapshot.Floor.People.Select(p => p.Key)]);
        var everybody = new EvaluateEverybody(snapshot, [rule]).Decide(connection, transaction, scope, now)
            .SelectMany(p => p.Decided).ToList();
        PersonLocks.Take(connection, transaction, [.. everybody.Select(p => p.Person)]);
        return AwardStore.Reconcile(connection, transaction, everybody, now, touched);
    }

    private static List<NewAward> DecideContest(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, RuleHistory rule, ContestDecision contest,
        WorkdaySpan period, long now, TouchedAwards touched)
    {
        var metric = contest.By(period);
        var winners = rule.Counted(period) is { } counted && rule.DecidedAtEnd(counted)
            ? Winners(connection, transaction, snapshot, contest, metric, rule.InForce(period.First).Audience, period, counted)
            : [];
        var occasion = contest.OccasionOf(period);
        return AwardStore.ReconcileOccasion(connection, transaction, rule.Achievement, occasion,
            [.. winners.Select(w => (w.Person, new Earned(0, occasion, period,
                snapshot.Floor.Person(w.Person)!.StartOf(period.Last.Plus(1)), w.Rollup.Value(metric.Aggregate)!.Value)))], now, touched);
    }

    private static IReadOnlyList<Candidate> Winners(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, ContestDecision contest, Metric metric, Audience? audience,
        WorkdaySpan period, WorkdaySpan counted)
    {
        var days = RollupStore.OfEverybody(connection, metric, counted);
        var candidates = days.Where(p => snapshot.Floor.Person(p.Key) is { } facts && facts.Places.IsIn(audience, period.Last))
            .Select(p => new Candidate(p.Key, p.Value.Aggregate(Rollup.None, (running, d) => running.Merge(d.Rollup))))
            .OrderBy(c => c.Person);
        return [.. Competitions(snapshot.Floor, contest.Among(period), candidates, period.Last).SelectMany(own =>
            contest.Winners(period, own, person =>
                (List<Contribution>)[.. days[person].SelectMany(d =>
                    ActivityStore.Contributions(connection, snapshot.Floor, metric, person, d.Day, transaction))]))];
    }

    /// <summary>Who competes with whom, as they stand on a workday.</summary>
    public static IEnumerable<IEnumerable<Candidate>> Competitions(
        Floor floor, Among among, IEnumerable<Candidate> candidates, Workday day) => among switch
        {
            Among.Everybody => [candidates],
            Among.Team => candidates.Where(c => floor.Person(c.Person)!.Places.On(day).Team is not null)
                .GroupBy(c => floor.Person(c.Person)!.Places.On(day).Team),
            Among.Site => candidates.GroupBy(c => floor.Person(c.Person)!.SiteOn(day).Key),
        };
}
