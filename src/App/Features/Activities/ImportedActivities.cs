using System.Data.Common;
using Dapper;
using Laurel.Engine.Activities;

namespace Laurel.App.Features.Activities;

/// <summary>The SQL about what runs of <c>laurel import</c> brought in.</summary>
internal static class ImportedActivities
{
    /// <summary>Counts a batch for the runs that sent it, so that they know what they brought whatever happens to them.</summary>
    public static void Count(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<IncomingActivity> items, IReadOnlyList<ItemResult> results)
    {
        Dictionary<long, long[]>? answers = null;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Import is not { } import) continue;
            if (!(answers ??= []).TryGetValue(import, out var counts)) answers[import] = counts = new long[4];
            counts[(int)results[i].Outcome]++;
        }
        foreach (var (import, counts) in answers ?? [])
            // Only a run that has lost its lock can meet its own undoing.
            if (connection.Execute(
                """
                UPDATE import SET accepted = accepted + @accepted, duplicate = duplicate + @duplicate, held = held + @held,
                  rejected = rejected + @rejected
                WHERE key = @import AND undo_begun_at IS NULL
                """,
                new
                {
                    import, accepted = counts[(int)ItemOutcome.Accepted], duplicate = counts[(int)ItemOutcome.Duplicate],
                    held = counts[(int)ItemOutcome.Held], rejected = counts[(int)ItemOutcome.Rejected],
                }, transaction) == 0)
                throw new InvalidOperationException($"Import {import} is being taken back.");
    }

    /// <summary>Takes back those that count, between two keys; their rows go with what they count for.</summary>
    public static void Void(
        DbConnection connection, DbTransaction transaction, long import, long after, long last, int first) => connection.Execute(
        """
        UPDATE activity_key SET content = @Undone, activity = NULL FROM activity a
        WHERE a.key > @after AND a.key <= @last AND a.import = @import AND a.day >= @first
          AND activity_key.source = a.source AND activity_key.id = a.id AND activity_key.activity = a.key
        """, new { import, after, last, first, ActivityBody.Undone }, transaction);

    /// <summary>Takes back those that wait; says how many.</summary>
    public static int Drop(DbConnection connection, DbTransaction transaction, long import)
    {
        connection.Execute(
            """
            UPDATE activity_key SET content = @Undone WHERE (source, id) IN (SELECT h.source, h.id FROM held h WHERE h.import = @import)
            """, new { import, ActivityBody.Undone }, transaction);
        return connection.Execute("DELETE FROM held WHERE import = @import", new { import }, transaction);
    }
}
