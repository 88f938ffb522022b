using System.Data.Common;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Achievements;

/// <summary>An activity that counted.</summary>
/// <param name="Ordinal">From 1, in order of occurrence.</param>
/// <param name="Amount">What it added.</param>
/// <param name="Decided">With it the target was reached.</param>
public sealed record CountedActivity(long Ordinal, KeptActivity Activity, Amount Amount, bool Decided);

/// <summary>What counted of one metric for an award, newest first: a rule of several conditions has one of each.</summary>
/// <param name="Value">What it had come to when the award was earned.</param>
/// <param name="Total">How many there are; <paramref name="Shown"/> may be fewer.</param>
public sealed record Evidence(Metric Metric, MetricValue Value, long Total, IReadOnlyList<CountedActivity> Shown)
{
    /// <summary>How many of those that are not shown lie before the retention horizon.</summary>
    public long Gone { get; init; }

    /// <summary>The newest <paramref name="most"/> activities of each condition; none for an award that no activities decided.</summary>
    public static IReadOnlyList<Evidence> Of(DbConnection connection, AchievementBook book, EarnedAward award, int most)
    {
        if (award.By is not null || book.History(book.Of(award.Achievement)) is not { } history
            || book.Snapshot.Floor.Person(new PersonKey(award.Person)) is not { } person) return [];
        if (history.Current.FirstOf().Count > 0) return FirstsInProjects.Of(connection, award);
        var at = award.EarnedAt.ToUnixTimeMilliseconds();
        var goals = history.ReadsGoals ? GoalStore.Of(connection, null, [person.Key])(person.Key) : [];
        var (rule, day) = (book.RuleOf(award).For(award.Occasion, goals, award.Days), person.WorkdayOf(at).Day);
        var work = new Work(connection, book.Snapshot, person.Key,
            [.. rule.Shown().SelectMany(m => RuleSet.RollupsOf(book.Snapshot.Rules.Metric(m))).Distinct()], award.Days.First);

        // Of what decided before the retention horizon only the award itself is left.
        var horizon = book.Snapshot.Rules.Horizon;
        if (Workday.Min(award.Days.Last, day) < horizon) return [];

        // A period's end is the start of the next workday, and so is the start of a version or an enabled span: what came before it
        // has counted. Of a moment within a workday also what came up to it.
        var met = book.Snapshot.Rules.IsLive(rule)
            ? book.Snapshot.Rules.Decision(history)?.Met(rule, award.Tier, award.Occasion)
            : null;
        var isWithin = met is not null && !met(work.Through(day.Plus(-1)));
        var decided = isWithin ? work.FirstOf(day, met!) : null;
        var last = isWithin ? day : Workday.Min(award.Days.Last, day.Plus(-1));
        bool Counts(KeptActivity activity) => !isWithin || activity.Day < day
            || (decided is { } order ? activity.Order.CompareTo(order) <= 0 : activity.At <= at);
        return [.. work.Metrics.Select(m => work.Of(m, last, Counts, decided, most)).OfType<Evidence>()];
    }

    /// <summary>One person's work from a workday on.</summary>
    private sealed class Work(DbConnection connection, Snapshot snapshot, PersonKey person, IReadOnlyList<MetricKey> metrics, Workday first)
    {
        private readonly RuleSet rules = snapshot.Rules;

        /// <summary>Whose activities counted; of a ratio those of both its sides.</summary>
        public IReadOnlyList<MetricKey> Metrics => metrics;

        private readonly Dictionary<Workday, List<KeptActivity>> activities = [];

        private Dictionary<MetricKey, List<DayRollup>>? days;

        private List<DayRollup> Days(MetricKey metric) =>
            (days ??= metrics.ToDictionary(m => m,
                m => RollupStore.OfPerson(connection, rules.Metric(m), person, new(first, Workday.End))))[metric];

        private List<KeptActivity> OfDay(Workday day) =>
            activities.TryGetValue(day, out var known) ? known : activities[day] = ActivityStore.OfDay(connection, person, day);

        private Reading? Read(MetricKey metric, KeptActivity activity) => rules.Metric(metric).Reads(activity.On(snapshot.Floor));

        public Func<MetricKey, Rollup> Through(Workday day) => metric =>
            Days(metric).TakeWhile(d => d.Day <= day).Aggregate(Rollup.None, (running, d) => running.Merge(d.Rollup));

        /// <summary>The first activity of a workday with which it is met.</summary>
        public ActivityOrder? FirstOf(Workday day, Func<Func<MetricKey, Rollup>, bool> met)
        {
            var running = metrics.ToDictionary(m => m, Through(day.Plus(-1)));
            foreach (var activity in OfDay(day))
            {
                foreach (var metric in metrics)
                    if (Read(metric, activity) is { } reading) running[metric] = running[metric].Add(reading);
                if (met(m => running[m])) return activity.Order;
            }
            return null;
        }

        public Evidence? Of(MetricKey key, Workday last, Func<KeptActivity, bool> counts, ActivityOrder? decided, int most)
        {
            var metric = rules.Metric(key);
            var own = Days(key).TakeWhile(d => d.Day <= last).ToList();
            var shown = new List<CountedActivity>();
            long total = 0, gone = 0;
            MetricValue? value = null;
            for (var i = own.Count - 1; i >= 0 && shown.Count < most; i--)
            {
                if (own[i].Day < rules.Horizon && total > 0)
                {
                    gone = total - shown.Count;
                    break;
                }
                var before = Through(own[i].Day.Plus(-1))(key);
                var counted = OfDay(own[i].Day).Where(counts)
                    .Select(a => (Activity: a, Reading: Read(key, a))).Where(a => a.Reading is not null).ToList();
                var ordinal = before.Count + counted.Count;
                if (total == 0)
                {
                    total = ordinal;
                    value = counted.Aggregate(before, (running, a) => running.Add(a.Reading!.Value)).Value(metric.Aggregate);
                }
                foreach (var (activity, reading) in counted.AsEnumerable().Reverse())
                {
                    if (shown.Count == most) break;
                    shown.Add(new(ordinal--, activity, reading!.Value.Amount, activity.Order == decided));
                }
            }
            return value is { } reached ? new(metric, reached, total, shown) { Gone = gone } : null;
        }
    }
}
