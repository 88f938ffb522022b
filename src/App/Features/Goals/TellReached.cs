using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Achievements;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Goals;

/// <summary>
/// Makes an activity of each period of a goal that is reached, once, and takes it back where what counts now does not reach it. What is
/// told and that it was told are one transaction; whoever is asked for twice is brought into line once.
/// </summary>
public sealed class TellReached(Database database, CatalogueStore catalogue, BatchWriter writer, Intake intake, TimeProvider time)
{
    public const string Kind = "goal-reached";

    public static void Enqueue(DbConnection connection, DbTransaction transaction, PersonKey person, long now) =>
        WorkQueue.Enqueue(connection, transaction, Kind, person.Value.ToString(CultureInfo.InvariantCulture), now);

    /// <summary>Asks for everybody of whose goals a period ends with one of these workdays and is decided at its end.</summary>
    /// <param name="days">Closed by now.</param>
    public static void EnqueueEnding(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, IReadOnlyCollection<Workday> days, long now)
    {
        if (days.Count == 0 || !snapshot.Rules.AnyGoals) return;
        var goals = GoalStore.Of(connection, transaction);
        var decision = Decision(snapshot.Rules);
        foreach (var person in snapshot.Floor.People.Select(p => p.Key).Order())
            if (goals(person).Any(g => days.Any(day => decision.EndsFor(g, day)))) Enqueue(connection, transaction, person, now);
    }

    /// <summary>Every goal of everybody, whoever set it, as if an achievement for all of them had always been on.</summary>
    public static GoalDecision Decision(RuleSet rules) => new(
        Backtest.AsIfOn(new PersonalGoal([], null, GoalSetBy.Anybody), Repeat.EveryTime, null, Workday.Beginning, rules.WeekStart,
            rules.Horizon), rules.Metric);

    public void Run(IReadOnlyList<WorkItem> items)
    {
        var outcome = database.Write((c, t) =>
        {
            Rulebook.Share(c, t);
            var people = items.Select(i => new PersonKey(long.Parse(i.Subject, CultureInfo.InvariantCulture))).Distinct().Order().ToList();
            PersonLocks.Take(c, t, people);
            var (snapshot, now) = (catalogue.Current(c, t), time.GetUtcNow().ToUnixTimeMilliseconds());
            var told = people.SelectMany(p => Changes(c, t, snapshot, p, now)).ToList();
            WorkQueue.Complete(c, t, items);
            return told.Count == 0 ? BatchOutcome.Nothing : writer.TakeOwn(c, t, told);
        });
        if (outcome.Results.Count > 0) intake.Tell(outcome);
    }

    /// <summary>What is to be told of one person's goals, and that it is told.</summary>
    private static List<IncomingActivity> Changes(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, PersonKey person, long now)
    {
        var told = new List<IncomingActivity>();
        if (snapshot.Floor.Person(person) is not { } facts || snapshot.Rules.Type(GoalTypes.Reached) is null) return told;
        var known = connection.Query<(long Goal, int First, long Version, long? At)>(
            """
            SELECT r.goal, r.first_day, r.version, r.at FROM goal_reached r JOIN goal g ON g.key = r.goal WHERE g.person = @Value
            """, new { person.Value }, transaction).ToDictionary(r => (r.Goal, First: new Workday(r.First)));
        var goals = GoalStore.Of(connection, transaction, [person])(person).ToDictionary(g => g.Id);
        var decision = Decision(snapshot.Rules);
        var work = EvaluatePerson.Work(connection, transaction, snapshot, facts, decision.Reads(Everything), now, [.. goals.Values]);
        var reached = decision.Decide(work, Everything)
            .Select(e => (Goal: Goal.IdOf(e.Occasion), e.Counted.First, Days: e.Counted, At: e.EarnedAt))
            // A goal to reach goals would be reached by itself.
            .Where(r => !CountsReaching(snapshot.Rules, goals[r.Goal].Of(r.Days).Metric))
            .ToDictionary(r => (r.Goal, r.First), r => r.At);
        foreach (var key in known.Keys.Union(reached.Keys).OrderBy(k => k.Goal).ThenBy(k => k.First))
        {
            // What lies before the horizon stays as it was told: what it was counted by is gone.
            if (key.First < snapshot.Rules.Horizon) continue;
            var (was, isKnown) = known.TryGetValue(key, out var kept) ? (kept.At, true) : (null, false);
            var at = reached.TryGetValue(key, out var moment) ? moment : (long?)null;
            if (was == at) continue;
            var version = isKnown ? kept.Version + 1 : 0;
            told.Add(new(GoalTypes.Source, ActivityId.Of(string.Create(CultureInfo.InvariantCulture, $"{key.Goal}:{key.First}")),
                GoalTypes.Reached, facts.Id, null, at ?? was!.Value, [], [])
            {
                Version = version, IsVoid = at is null,
            });
            connection.Execute(
                """
                INSERT INTO goal_reached (goal, first_day, version, at) VALUES (@Goal, @first, @version, @at)
                ON CONFLICT (goal, first_day) DO UPDATE SET version = excluded.version, at = excluded.at
                """, new { key.Goal, first = key.First.Number, version, at }, transaction);
        }
        return told;
    }

    private static bool CountsReaching(RuleSet rules, MetricKey metric) =>
        RuleSet.RollupsOf(rules.Metric(metric)).Any(part => rules.Metric(part).Counts(GoalTypes.Reached));

    private static readonly WorkdaySpan Everything = new(Workday.Beginning, Workday.End);
}
