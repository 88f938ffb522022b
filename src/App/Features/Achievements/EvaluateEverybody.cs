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
        foreach (var person in people)
        {
            if (snapshot.Floor.Person(person) is not { } facts) continue;
            var work = new PersonHistory(
                metric => days[metric].TryGetValue(person, out var own) ? own : [],
                (metric, day) =>
                    ActivityStore.Contributions(connection, snapshot.Floor, snapshot.Rules.Metric(metric), person, day, transaction),
                facts.StartOf,
                facts.ClosedThrough,
                facts.BegunThrough(now));
            yield return new(person, whole, decision.Decide(work, scope));
        }
    }
}
