using System.Data.Common;
using System.Globalization;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Goals;

/// <summary>
/// Reminds of looking at a goal together, every so many weeks, in the morning where the person works. The notice, the end of this work and
/// the next one's beginning are one transaction, so that nobody is reminded twice.
/// </summary>
public sealed class ReviewGoals(Database database, CatalogueStore catalogue, LiveHub live, TimeProvider time)
{
    public const string Kind = "goal-review";
    /// <summary>After the workday's first instant.</summary>
    private static readonly TimeSpan Morning = TimeSpan.FromHours(8);

    public WorkKind Work => new(Kind, 50, (items, _) => Run(items));

    /// <summary>The first reminder of a goal that has reviews, counted from its first workday.</summary>
    public static void Plan(DbConnection connection, DbTransaction transaction, Snapshot snapshot, long goal, long now)
    {
        if (GoalStore.Find(connection, goal, transaction) is { ReviewWeeks: { } weeks, Goal: not null } kept)
            Enqueue(connection, transaction, snapshot, kept, kept.From.Plus(7 * weeks));
    }

    private static void Enqueue(DbConnection connection, DbTransaction transaction, Snapshot snapshot, KeptGoal goal, Workday day)
    {
        // A review behind its end is nobody's.
        if (goal.Until < day) return;
        WorkQueue.Enqueue(connection, transaction, Kind, string.Create(CultureInfo.InvariantCulture, $"{goal.Key}|{day.Number}"),
            DueAt(snapshot, goal.Person, day));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static long DueAt(Snapshot snapshot, PersonKey person, Workday day) =>
        snapshot.Floor.Person(person)!.StartOf(day) + (long)Morning.TotalMilliseconds;

    private void Run(IReadOnlyList<WorkItem> items)
    {
        var told = database.Write((c, t) =>
        {
            Rulebook.Share(c, t);
            var (snapshot, now) = (catalogue.Current(c, t), time.GetUtcNow().ToUnixTimeMilliseconds());
            var due = items.Select(item => item.Subject.Split('|'))
                .Select(parts => (Goal: GoalStore.Find(c, Number(parts[0]), t), Day: new Workday((int)Number(parts[1])))).ToList();
            PersonLocks.Take(c, t, [.. due.Select(d => d.Goal?.Person).OfType<PersonKey>().Distinct().Order()]);
            foreach (var (goal, day) in due)
            {
                if (goal is not { Closed: null, ReviewWeeks: { } weeks, Key: var key }) continue;
                NoticeStore.Tell(c, t, goal.Person, GoalNotices.Review, key, now);
                // Those that were missed while Laurel was off are told once.
                var next = day.Plus(7 * weeks);
                while (DueAt(snapshot, goal.Person, next) <= now) next = next.Plus(7 * weeks);
                Enqueue(c, t, snapshot, goal, next);
            }
            WorkQueue.Complete(c, t, items);
            return due.Select(d => d.Goal?.Person.Value).OfType<long>().ToHashSet();
        });
        live.HeardAwards(told);
        live.Changed(KeepGoals.Topic);
    }
}
