using System.Data.Common;
using Laurel.App.Features.Metrics;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.App.Features.Achievements;

/// <summary>An achievement with what one person has of it.</summary>
/// <param name="Awards">Newest first.</param>
/// <param name="Progress">Null where none is told: hidden and not earned, or switched off.</param>
public sealed record CollectionItem(Achievement Achievement, IReadOnlyList<EarnedAward> Awards, Progress? Progress)
{
    public bool IsEarned => Awards.Count > 0;

    /// <summary>Shown as a locked one without a name.</summary>
    public bool IsSecret => Achievement.IsHidden && !IsEarned;

    /// <summary>The highest earned; 0 for none.</summary>
    public int Tier => Awards.Count == 0 ? 0 : Awards.Max(a => a.Tier);

    /// <summary>There is something left to reach that depends on the person's own work.</summary>
    public bool IsNext => Progress is TowardTier or FirstTimeProgress { Done: false } && Progress.Share is < 1;
}

/// <summary>Brings together what a person has earned and how far the rest is.</summary>
public sealed class Collection(ContestStandings standings)
{
    /// <summary>Every achievement that is enabled today or that the person holds, in the organisation's order.</summary>
    public IReadOnlyList<CollectionItem> Of(
        DbConnection connection, AchievementBook book, PersonKey person, Workday today, IReadOnlyList<EarnedAward> awards)
    {
        var own = awards.ToLookup(a => a.Achievement);
        var work = new Work(connection, person);
        return [.. book.All
            .Where(a => own.Contains(a.Key.Value) || a.IsEnabledOn(today))
            .Select(a => Item(connection, book, a, person, today, [.. own[a.Key.Value]], work))];
    }

    /// <summary>The same of one achievement.</summary>
    public CollectionItem Of(
        DbConnection connection, AchievementBook book, Achievement achievement, PersonKey person, Workday today,
        IReadOnlyList<EarnedAward> awards) =>
        Item(connection, book, achievement, person, today, awards, new Work(connection, person));

    private CollectionItem Item(
        DbConnection connection, AchievementBook book, Achievement achievement, PersonKey person, Workday today,
        IReadOnlyList<EarnedAward> awards, Work work)
    {
        var told = achievement.IsEnabledOn(today) && (!achievement.IsHidden || awards.Count > 0);
        return new(achievement, awards, told ? ProgressOf(connection, book, achievement, person, today, awards, work) : null);
    }

    private Progress? ProgressOf(
        DbConnection connection, AchievementBook book, Achievement achievement, PersonKey person, Workday today,
        IReadOnlyList<EarnedAward> awards, Work work)
    {
        var rules = book.Snapshot.Rules;
        switch (achievement.Rule)
        {
            case Threshold newest when book.History(achievement) is { } history:
                var range = WorkdaySpan.Of(newest.Range, today, history.WeekStart);
                var rule = newest.Range == TimeRange.All ? newest : (Threshold)history.Governing(range);
                if (ProgressTowards.Running(history, rule, today) is not { } period) return null;
                var occasion = newest.Range == TimeRange.All ? Occasion.Once : history.OccasionOf(range.First);
                var nth = history.Repeat == Repeat.EveryTime && newest.Range == TimeRange.All;
                return ProgressTowards.Threshold(history, rule, period, rules.Metric, m => work.Total(m, period),
                    tier => awards.Count(a => a.Tier == tier && (nth || string.Equals(a.Occasion, occasion, StringComparison.Ordinal))));
            case BestOfPeriod contest:
                var running = ProgressTowards.Running(contest, today, rules.WeekStart);
                return ProgressTowards.Contest(
                    contest, rules.Metric(contest.Metric), running, person, standings.Of(connection, contest.Metric, running));
            case FirstTime:
                return new FirstTimeProgress(awards.Count > 0);
            case Manual:
                return new ByHand();
            default:
                return null;
        }
    }

    /// <summary>The person's totals, each read once: many rules count the same.</summary>
    private sealed class Work(DbConnection connection, PersonKey person)
    {
        private readonly Dictionary<(MetricKey, WorkdaySpan), Rollup> totals = [];

        public Rollup Total(MetricKey metric, WorkdaySpan days) => totals.TryGetValue((metric, days), out var known)
            ? known
            : totals[(metric, days)] = RollupStore.OfPerson(connection, metric, person, days)
                .Aggregate(Rollup.None, (running, day) => running.Merge(day.Rollup));
    }
}
