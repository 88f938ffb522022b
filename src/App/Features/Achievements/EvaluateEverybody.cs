using System.Data.Common;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// Decides rules for everybody who has data or an award, all rules together: what several of them read is read once.
/// </summary>
public sealed class EvaluateEverybody(Snapshot snapshot, IReadOnlyList<RuleHistory> rules)
{
    /// <summary>So many rollups are in memory at a time.</summary>
    private const int MostRollups = 500_000;

    /// <summary>So many people's activities of the workdays that decide are in memory at a time.</summary>
    private const int Together = 50;

    private sealed record Asked(RuleHistory Rule, PersonDecision Decision, IReadOnlyList<MetricKey> Metrics, WorkdaySpan Read);

    /// <summary>
    /// Of one person after another, by key, what each rule decides and of which workdays: nothing where there was and is nothing to decide.
    /// Lazy: rollups and activities are read as one goes on.
    /// </summary>
    public IEnumerable<(PersonKey Person, IReadOnlyList<Decided> Decided)> Decide(
        DbConnection connection, DbTransaction? transaction, WorkdaySpan scope, long now)
    {
        var asked = rules.Select(rule => (Rule: rule, Decision: snapshot.Rules.Decision(rule)!))
            .Select(r => new Asked(r.Rule, r.Decision, [.. snapshot.Rules.MetricsOf(r.Rule)],
                RuleFailure.Of(r.Rule.Achievement, () => r.Decision.Reads(scope)))).ToList();
        var spans = asked.SelectMany(a => a.Metrics.Select(metric => (Metric: metric, a.Read))).GroupBy(m => m.Metric)
            .ToDictionary(m => m.Key, m => new WorkdaySpan(m.Min(x => x.Read.First), m.Max(x => x.Read.Last)));
        var awarded = connection.Query<(long, long)>(
            $"SELECT DISTINCT achievement, person FROM award WHERE {Dialect.Of(connection).Among("achievement", "achievements")}",
            new { achievements = rules.Select(r => r.Achievement.Value).ToArray() }, transaction).ToHashSet();
        var people = snapshot.Floor.People.OrderBy(p => p.Key).ToList();
        foreach (var group in people.Chunk(Math.Max(Together, MostRollups / Rollups(connection, spans))))
        {
            var days = spans.ToDictionary(m => m.Key,
                m => RollupStore.OfPeople(connection, snapshot.Rules.Metric(m.Key), m.Value, group[0].Key, group[^1].Key));
            foreach (var some in group.Chunk(Together))
            {
                var earnings = AwardStore.Earnings(
                    connection, transaction, [.. some.Select(p => p.Key)], rules.SelectMany(r => r.Follows));
                var goals = rules.Any(r => r.ReadsGoals) ? GoalStore.Of(connection, transaction, [.. some.Select(p => p.Key)]) : _ => [];
                var read = new Dictionary<MetricKey, Dictionary<(PersonKey Person, Workday Day), List<Contribution>>>();
                var histories = some.Select(facts => new PersonHistory(
                    metric => days[metric].GetValueOrDefault(facts.Key, []),
                    (metric, day) => read[metric].GetValueOrDefault((facts.Key, day), []),
                    facts.StartOf, facts.ClosedThrough, facts.BegunThrough(now))
                {
                    Earnings = earnings(facts.Key), Goals = goals(facts.Key), DayOf = at => facts.WorkdayOf(at).Day,
                    Places = facts.Places,
                }).ToList();
                var found = some.Select((facts, i) => (Person: facts.Key, History: histories[i], ByRule: asked
                    .Where(a => awarded.Contains((a.Rule.Achievement.Value, facts.Key.Value))
                        || a.Metrics.Any(m => days[m].ContainsKey(facts.Key)))
                    .Select(a => (Asked: a, Comings: RuleFailure.Of(a.Rule.Achievement, () => a.Decision.Find(histories[i], scope))))
                    .ToList())).ToList();
                // On which workdays moments lie is known by now: these are read in one go each metric.
                foreach (var wanted in found
                    .SelectMany(f => f.ByRule.SelectMany(r => r.Comings).Where(c => c.Day is not null)
                        .SelectMany(c => c.Metrics.Select(metric => (Metric: metric, Place: (f.Person, c.Day!.Value)))))
                    .GroupBy(w => w.Metric, w => w.Place))
                    read[wanted.Key] = ActivityStore.Contributions(
                        connection, snapshot, snapshot.Rules.Metric(wanted.Key), [.. wanted.Distinct()]);
                foreach (var (person, history, byRule) in found)
                    yield return (person, [.. byRule.Select(r => new Decided(
                        r.Asked.Rule.Achievement, person, counted => r.Asked.Decision.Decides(scope, counted),
                        RuleFailure.Of<List<Earned>>(r.Asked.Rule.Achievement,
                            () => [.. r.Comings.SelectMany(coming => coming.Decide(history))])))]);
            }
        }
    }

    /// <summary>How many a person has at most.</summary>
    private int Rollups(DbConnection connection, Dictionary<MetricKey, WorkdaySpan> spans)
    {
        var most = 1;
        foreach (var (metric, span) in spans)
            if (RollupStore.Extent(connection, snapshot.Rules.Metric(metric)) is { } extent)
                most += Math.Max(0, Workday.Min(extent.Last, span.Last).Number - Workday.Max(extent.First, span.First).Number + 1);
        return most;
    }
}
