using System.Data.Common;
using Laurel.App.Features.Achievements.Kinds;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Presence;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Achievements;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>An achievement with what one person has of it.</summary>
/// <param name="Awards">Newest first.</param>
/// <param name="Progress">Null where none is told: hidden and not earned, or switched off.</param>
/// <param name="IsOwnWork">The person, or the team, does the work that it counts.</param>
/// <param name="IsSecret">Shown as a locked one without a name.</param>
public sealed record CollectionItem(
    Achievement Achievement, IReadOnlyList<EarnedAward> Awards, Progress? Progress, bool IsOwnWork, bool IsSecret)
{
    public bool IsEarned => Awards.Count > 0;

    /// <summary>Earned once, and passed on or lapsed since.</summary>
    public bool IsPast { get; init; }

    /// <summary>The highest earned; 0 for none.</summary>
    public int Tier => Awards.Count == 0 ? 0 : Awards.Max(a => a.Tier);

    /// <summary>There is something left to reach that depends on the person's own work.</summary>
    public bool IsNext => Progress is TowardTier or FirstTimeProgress { Done: false } && Progress.Share is < 1;

    /// <summary>
    /// How much of the way to the next award is done, 0 to 1. Of one that is earned again at every multiple only the way since the
    /// last time counts: somebody with 99 of 100 has hardly begun the hundredth step.
    /// </summary>
    public double Nearness
    {
        get
        {
            if (Achievement.Repeat != Repeat.EveryTime || Achievement.Rule is not Threshold { Range: TimeRange.All } rule
                || Progress is not TowardTier { Conditions: [{ ToGo: { } toGo }] } toward) return Progress?.Share ?? 0;
            var step = rule.Conditions[0].Targets[toward.Tier - 1].Thousandths;
            return step <= 0 ? 0 : Math.Clamp(1 - (double)toGo.Thousandths / step, 0, 1);
        }
    }

    /// <summary>
    /// What a person can go for now: own work that has begun, the nearest first, then firsts that are still ahead. Where nothing has
    /// begun yet, all that the own work could bring.
    /// </summary>
    public static List<CollectionItem> WithinReach(IEnumerable<CollectionItem> items)
    {
        var open = items.Where(i => i is { IsNext: true, IsSecret: false, IsOwnWork: true }
            && i.Achievement.Tone != BadgeTone.Negative).OrderByDescending(i => i.Nearness).ToList();
        var begun = open.Where(i => i.Nearness > 0).ToList();
        return begun.Count == 0 ? open : [.. begun, .. open.Where(i => i.Progress is FirstTimeProgress)];
    }
}

/// <summary>Brings together what a person has earned and how far the rest is.</summary>
public sealed class Collection(ContestStandings standings, TeamWork teams, Database database, TimeProvider time)
{
    private readonly Remembered<(long, long), Dictionary<long, HashSet<long>>> moving = new(database, time);

    /// <summary>
    /// Every achievement that the person can earn today or has earned, in the organisation's order; private ones only when earned.
    /// </summary>
    public IReadOnlyList<CollectionItem> Of(
        DbConnection connection, AchievementBook book, PersonKey person, Workday today, IReadOnlyList<EarnedAward> awards)
    {
        var own = awards.ToLookup(a => a.Achievement);
        var (work, holdings) = (WorkOf(connection, book, person, today),
            new Holdings(connection, book, () => moving.Of(
                book.Snapshot.Floor, book.Snapshot.Version, connection, c => new Holdings(c, book).Moving())));
        return [.. book.All
            .Where(a => own.Contains(a.Key.Value) || IsOpen(book, a, person, today))
            .Select(a => Item(connection, book, a, person, today, [.. own[a.Key.Value]], work, holdings, k => own.Contains(k.Value)))];
    }

    /// <summary>Whether it is on, not private and there for people, and the person in its audience.</summary>
    public static bool IsOpen(AchievementBook book, Achievement achievement, PersonKey person, Workday today) =>
        achievement is { IsPrivate: false, IsPresent: true } && achievement.IsEnabledOn(today)
            && (book.History(achievement)?.InForce(today).Audience is not { } some
            || book.Snapshot.Floor.Person(person)?.Places.IsIn(some, today) == true);

    /// <summary>The same of one achievement.</summary>
    public CollectionItem Of(
        DbConnection connection, AchievementBook book, Achievement achievement, PersonKey person, Workday today,
        IReadOnlyList<EarnedAward> awards) =>
        Item(connection, book, achievement, person, today, awards, WorkOf(connection, book, person, today),
            new Holdings(connection, book), k => k == achievement.Key ? awards.Count > 0 : EarnedStore.Holds(connection, person.Value, k));

    private CollectionItem Item(
        DbConnection connection, AchievementBook book, Achievement achievement, PersonKey person, Workday today,
        IReadOnlyList<EarnedAward> awards, PersonWork work, Holdings holdings, Func<AchievementKey, bool> earned)
    {
        var isSecret = book.IsSecret(achievement, earned);
        var told = achievement.IsEnabledOn(today) && !isSecret;
        var progress = told ? ProgressOrNone() : null;
        return new(achievement, awards, progress, awards.Count > 0 || progress?.Share > 0 || work.Includes(achievement.Rule), isSecret)
        {
            IsPast = awards.Count > 0 && !holdings.Holds(achievement, person.Value, awards.Max(a => a.EarnedAt), today),
        };

        // A rule that fails takes nobody's page away.
        Progress? ProgressOrNone()
        {
            try
            {
                return RuleKinds.Of(achievement.Rule)
                    .ProgressOf(new(connection, book, achievement, person, today, awards, work, standings));
            }
            catch (Exception failure) when (RuleFailure.Is(failure))
            {
                return null;
            }
        }
    }

    private PersonWork WorkOf(DbConnection connection, AchievementBook book, PersonKey person, Workday today)
    {
        var rollups = new PersonRollups(connection, person);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        IReadOnlyList<DayRollup> Days(MetricKey key, WorkdaySpan days)
        {
            var metric = book.Snapshot.Rules.Metric(key);
            return OpenPresence.Of(connection, book.Snapshot, metric, now, person).Where(open => days.Contains(open.Day.Day))
                .Aggregate(rollups.Of(metric, days), (all, open) => DayRollup.With(all, open.Day));
        }
        return new(
            book.Snapshot.Rules,
            (metric, days) => Days(metric, days).Aggregate(Rollup.None, (running, day) => running.Merge(day.Rollup)),
            metric => Days(metric, new(Workday.Beginning, Workday.End)),
            () => EarnedStore.OfPerson(connection, person.Value).ToLookup(a => a.Achievement),
            teams.Of(connection, person, today), () => GoalStore.Of(connection, null, [person])(person));
    }
}
