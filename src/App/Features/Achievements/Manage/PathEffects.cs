using System.Data.Common;
using Dapper;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>How many people are on a path.</summary>
/// <param name="On">Who has earned a step of it.</param>
/// <param name="Through">Who has earned all of them.</param>
public readonly record struct PathPeople(int On, int Through);

/// <summary>What comes of a step that was not in the path so far.</summary>
/// <param name="Beyond">People who have earned a later step: they keep what they have.</param>
/// <param name="Here">People who have earned the step before it and none after it: it is what they earn next.</param>
/// <param name="Meet">Of both those who meet it already and receive it without doing anything.</param>
/// <param name="From">First workday on which it is looked for in its place; null where that is as soon as it is switched on.</param>
public sealed record InsertedStep(
    Achievement Step, Achievement? Before, Achievement? After, int Beyond, int Here, int Meet, Workday? From);

/// <summary>What saving a path would do to those who are on it.</summary>
/// <param name="People">Who has earned a step of it as it is kept; of a new one, who has earned one of its steps.</param>
/// <param name="Left">Steps that leave it.</param>
/// <param name="IsReordered">The steps that stay stand in another order.</param>
/// <param name="From">First workday of the other order.</param>
/// <param name="Off">Steps that are off: nobody comes past them.</param>
public sealed record PathEffects(
    int People, IReadOnlyList<InsertedStep> Inserted, IReadOnlyList<Achievement> Left, bool IsReordered, Workday From,
    IReadOnlyList<Achievement> Off)
{
    /// <param name="known">The path as it is kept; null for a new one.</param>
    public static PathEffects Of(
        DbConnection connection, AchievementBook book, BadgePath? known, IReadOnlyList<Achievement> steps, DataScope scope, long now)
    {
        var today = book.Snapshot.Floor.Site!.Clock.WorkdayOf(now);
        var before = known?.Steps ?? [];
        var held = Held(connection, scope, [.. steps.Concat(before).Select(s => s.Key.Value).Distinct()]);
        HashSet<PersonKey> Holders(Achievement step, bool revoked = false) =>
            [.. held[step.Key.Value].Where(h => revoked || !h.IsRevoked).Select(h => h.Person)];
        var people = (known is null ? steps : before).SelectMany(s => Holders(s)).ToHashSet();
        var everybody = new Lazy<List<PersonKey>>(() =>
            [.. ManagedStore.People(connection, scope, today).Select(p => new PersonKey(p.Key))]);

        var inserted = new List<InsertedStep>();
        HashSet<PersonKey>? reached = null;
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            if (known is null || people.Count == 0 || before.Any(s => s.Key == step.Key))
            {
                reached = Holders(step, revoked: true);
                continue;
            }
            var own = Holders(step);
            var beyond = steps.Skip(i + 1).SelectMany(s => Holders(s)).ToHashSet();
            var here = i == 0 ? [] : Holders(steps[i - 1]).Except(beyond).Except(own).ToHashSet();
            var concerned = beyond.Concat(here).Except(own).Where(p => reached?.Contains(p) != false).ToHashSet();
            // What counts from enabling has nothing to count before it is on.
            var meet = step.Rule.IsByHand() || (!step.IsOn && step.CountsFrom is null) || concerned.Count == 0 ? []
                : TestRule.Meet(connection, book.Snapshot, step, step.CountsFrom ?? step.Spans[0].From, [.. everybody.Value], today, now);
            meet.IntersectWith(concerned);
            inserted.Add(new(step, i == 0 ? null : steps[i - 1], i + 1 < steps.Count ? steps[i + 1] : null, beyond.Count, here.Count,
                meet.Count, Effective(book, step, today)));
            reached = [.. Holders(step, revoked: true).Concat(meet)];
        }
        var stay = before.Where(s => steps.Any(n => n.Key == s.Key)).Select(s => s.Key);
        return new(people.Count, inserted, [.. before.Where(s => steps.All(n => n.Key != s.Key))],
            !stay.SequenceEqual(steps.Where(s => before.Any(b => b.Key == s.Key)).Select(s => s.Key)), today.Plus(1),
            [.. steps.Where(s => !s.IsOn)]);
    }

    /// <summary>As <see cref="ApplyPaths"/> has it: at once where nobody has been looked at by it.</summary>
    private static Workday? Effective(AchievementBook book, Achievement step, Workday today) =>
        step.Spans.All(s => s.IsEmpty) ? null
        : book.History(step) is { } history ? Workday.Max(today.Plus(1), history.Versions[^1].Effective) : today.Plus(1);

    /// <summary>How many people of the scope are on each path, by its key.</summary>
    public static Dictionary<long, PathPeople> OnEach(DbConnection connection, DataScope scope) =>
        // From what is kept of each holder: going through all awards takes seconds where there are many. A step holds as long as one of
        // its awards is not flagged.
        connection.Query<(long Path, long People, long Done)>(
            $"""
            SELECT path, count(*), count(CASE WHEN steps = length THEN 1 END) FROM (
              SELECT s.path AS path, h.person, count(*) AS steps,
                (SELECT count(*) FROM path_step l WHERE l.path = s.path) AS length
              FROM path_step s JOIN holding h ON h.achievement = s.achievement
              LEFT JOIN (SELECT +w.achievement AS achievement, +w.person AS person, count(*) AS times FROM award w
                WHERE w.flagged_at IS NOT NULL AND w.revoked_at IS NULL GROUP BY +w.achievement, +w.person) f
                ON f.achievement = h.achievement AND f.person = h.person
              WHERE h.person NOT IN (SELECT key FROM person WHERE active = 0) AND (f.times IS NULL OR f.times < h.times)
                AND {scope.Covers("h.person")}
              GROUP BY s.path, h.person) on_path
            GROUP BY path
            """, scope.With())
            .ToDictionary(r => r.Path, r => new PathPeople((int)r.People, (int)r.Done));

    private static ILookup<long, (PersonKey Person, bool IsRevoked)> Held(DbConnection connection, DataScope scope, long[] steps) =>
        connection.Query<(long Achievement, long Person, long Revoked)>(
            $"""
            SELECT w.achievement, w.person, CASE WHEN w.revoked_at IS NULL THEN 0 ELSE 1 END
            FROM award w JOIN person p ON p.key = w.person AND p.active = 1
            WHERE w.flagged_at IS NULL AND {Dialect.Of(connection).Among("w.achievement", "steps")} AND {scope.Covers("w.person")}
            """, scope.With(new { steps })).ToLookup(h => h.Achievement, h => (new PersonKey(h.Person), h.Revoked != 0));
}
