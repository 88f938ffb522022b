using System.Globalization;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Notifications;
using Laurel.App.Features.People;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>
/// Somebody has come into a team, group or role, or has left one: what only some can earn is decided anew for that person, from the
/// workday of the change on.
/// </summary>
public sealed class EvaluateBelonging(Database database, CatalogueStore catalogue, LiveHub live, TimeProvider time)
{
    public WorkKind Work => new(Belonging.Kind, 50, (items, _) => Run(items));

    private void Run(IReadOnlyList<WorkItem> items)
    {
        var awards = database.Write((connection, transaction) =>
        {
            Rulebook.Share(connection, transaction);
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var snapshot = catalogue.Current(connection, transaction);
            var changes = items.Select(i => i.Subject.Split('|')).Select(s => (
                Person: new PersonKey(long.Parse(s[0], CultureInfo.InvariantCulture)),
                From: new Workday(int.Parse(s[1], CultureInfo.InvariantCulture))))
                .GroupBy(c => c.Person, c => c.From).Select(c => (Person: c.Key, From: c.Min())).ToList();
            PersonLocks.Take(connection, transaction, changes.Select(c => c.Person).ToHashSet());
            var (made, touched) = (new List<NewAward>(), new TouchedAwards());
            var rules = snapshot.Rules.Rules.Where(Belonging.IsOfSome).ToList();
            foreach (var rule in rules.Where(r => snapshot.Rules.Decision(r) is null))
                foreach (var (person, from) in changes) RuleFailure.Of(rule.Achievement, () => Competitions(rule, person, from));
            made.AddRange(EvaluatePerson.Run(connection, transaction, snapshot,
            [
                .. rules.Where(r => snapshot.Rules.Decision(r) is not null)
                    .SelectMany(rule => changes.Select(c => (rule, c.Person, new WorkdaySpan(c.From, Workday.End)))),
            ], now, touched));
            made.AddRange(Followers.Run(connection, transaction, snapshot, touched, now));
            WorkQueue.Complete(connection, transaction, items);
            return NoticeStore.Tell(connection, transaction, made, now);

            // Closed periods in which the person competes, or competed.
            int Competitions(RuleHistory rule, PersonKey person, Workday from)
            {
                var first = new Workday(Math.Max(Workday.Beginning.Number, from.Number - LongestPeriod));
                var ends = rule.Versions.SelectMany(v => v.Rule.Metrics).Distinct()
                    .SelectMany(m => RollupStore.OfPerson(connection, snapshot.Rules.Metric(m), person, new(first, Workday.End)))
                    .SelectMany(day => EvaluatePeriod.ClosedPeriods(rule, snapshot, person, day.Day))
                    .Concat(AwardStore.EndingFrom(connection, transaction, person, from)
                        .Where(a => a.Achievement == rule.Achievement).Select(a => a.Last))
                    .Where(end => end >= from).Distinct().Order().ToList();
                foreach (var end in ends) EvaluatePeriod.Enqueue(connection, transaction, rule.Achievement, end, now);
                return ends.Count;
            }
        });
        live.Awarded(awards);
    }

    /// <summary>Workdays.</summary>
    private const int LongestPeriod = 31;
}
