using System.Data.Common;
using System.Globalization;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Presence;

/// <summary>
/// What is open ends at midnight, and goes on as a segment of the next workday: due work, so that a day's time online is whole when the
/// day closes, however long Laurel was off.
/// </summary>
public sealed class ClosePresence(Database database, BatchWriter writer, Intake intake)
{
    public const string Kind = "presence";

    /// <summary>The subject of counting everybody's presence anew, after a status has come to mean something else.</summary>
    private const string Everybody = "all";

    /// <summary>A status holds for a day at most; workdays about a move may be short.</summary>
    private const int DaysAfter = 4;

    public static void Enqueue(DbConnection connection, DbTransaction transaction, PersonKey person, Workday day, long due) =>
        WorkQueue.Enqueue(connection, transaction, Kind,
            string.Create(CultureInfo.InvariantCulture, $"{person.Value}/{day.Number}"), due);

    public static void EnqueueAll(DbConnection connection, DbTransaction transaction, long now) =>
        WorkQueue.Enqueue(connection, transaction, Kind, Everybody, now);

    public void Run(IReadOnlyList<WorkItem> items, CancellationToken cancel)
    {
        var days = items.Where(i => i.Subject != Everybody).Select(Of).ToList();
        if (days.Count < items.Count) CountAnew(cancel);
        var outcome = database.Write((connection, transaction) =>
        {
            // Who takes a change in holds the person before it asks for this work.
            Rulebook.Share(connection, transaction);
            PersonLocks.Take(connection, transaction, days.Select(d => d.Person).ToHashSet());
            // Before it is done: what is open after it is due again, by the same subject where only the status was said once more.
            WorkQueue.Complete(connection, transaction, items);
            return writer.CountPresence(connection, transaction, days);
        });
        intake.Tell(outcome);
    }

    private void CountAnew(CancellationToken cancel)
    {
        List<PresenceDays> everybody;
        using (var connection = database.Read()) everybody = PresenceStore.Everybody(connection);
        foreach (var one in everybody)
        {
            cancel.ThrowIfCancellationRequested();
            intake.Tell(database.Write((connection, transaction) => writer.CountPresence(connection, transaction,
                [one with { Days = one.Days with { Last = one.Days.Last.Plus(DaysAfter) } }])));
        }
    }

    private static PresenceDays Of(WorkItem item)
    {
        var parts = item.Subject.Split('/');
        var day = new Workday(int.Parse(parts[1], CultureInfo.InvariantCulture));
        return new(new(long.Parse(parts[0], CultureInfo.InvariantCulture)), new(day, day.Plus(DaysAfter)));
    }
}
