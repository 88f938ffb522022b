using System.Data.Common;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Achievements;

/// <summary>Decides a threshold for everybody who has data or an award, reading each metric's rollups in one pass.</summary>
public sealed class EvaluateEverybody(Snapshot snapshot, RuleHistory rule)
{
    /// <summary>So many people's activities of the workdays that decide are in memory at a time.</summary>
    private const int Together = 50;

    /// <summary>Person, workdays that were looked at, and what is earned in them. Lazy: activities are read as one goes on.</summary>
    public IEnumerable<Decided> Decide(
        DbConnection connection, DbTransaction? transaction, WorkdaySpan scope, long now)
    {
        var decision = new ThresholdDecision(rule, snapshot.Rules.Metric);
        var whole = EvaluateThreshold.Whole(rule, decision, scope);
        var days = rule.Versions.SelectMany(v => v.Rule.Metrics).Distinct()
            .ToDictionary(m => m,
                m => RollupStore.OfEverybody(connection, snapshot.Rules.Metric(m), EvaluateThreshold.Counted(rule, whole)));
        var people = days.Values.SelectMany(d => d.Keys)
            .Concat(connection.Query<long>("SELECT DISTINCT person FROM award WHERE achievement = @a",
                new { a = rule.Achievement.Value }, transaction).Select(p => new PersonKey(p)))
            .Distinct().Order().ToList();
        // Some people at a time: first on which workdays their moments lie, then these workdays in one reading.
        foreach (var some in people.Where(p => snapshot.Floor.Person(p) is not null).Chunk(Together))
        {
            var wanted = some.SelectMany(person => decision.DaysToRead(History(person, []), scope).Select(day => (person, day))).ToList();
            var read = ActivityStore.Contributions(connection, snapshot, [.. days.Keys.Select(snapshot.Rules.Metric)], wanted);
            foreach (var person in some) yield return new(person, whole, decision.Decide(History(person, read), scope));
        }

        PersonHistory History(PersonKey person, Dictionary<(MetricKey, PersonKey, Workday), List<Contribution>> read)
        {
            var facts = snapshot.Floor.Person(person)!;
            return new(
                metric => days[metric].GetValueOrDefault(person, []), (metric, day) => read.GetValueOrDefault((metric, person, day), []),
                facts.StartOf, facts.ClosedThrough, facts.BegunThrough(now));
        }
    }
}
