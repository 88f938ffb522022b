using System.Globalization;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.Storage;

namespace Laurel.App.Features.Imports;

/// <summary>
/// Takes back what a run of <c>laurel import</c> brought, in chunks through the writer of all activities. What something else was said
/// about since stays. Begun, it is the run's state: broken off and run again it goes on where it was.
/// </summary>
public sealed class UndoImport(Database database, BatchWriter writer, Intake intake, ImportStore imports, TimeProvider time)
{
    public const int Chunk = 4_000;

    /// <summary>The run as it is afterwards: undone, or half of it where it was cancelled.</summary>
    /// <param name="progress">Told after each chunk how many were taken back so far.</param>
    public RecordedImport Run(
        RecordedImport import, Actor actor, Action<long> progress, CancellationToken cancel, int chunk = Chunk)
    {
        Begin(import, actor);
        var after = import.AfterActivity;
        var done = import.Voided + import.Dropped;
        while (!cancel.IsCancellationRequested)
        {
            var step = database.Write((c, t) =>
            {
                Rulebook.Hold(c, t);
                var undone = writer.Undo(c, t, import.Number, after, chunk);
                c.Execute("UPDATE import SET voided = voided + @Voided, dropped = dropped + @Dropped WHERE key = @Number",
                    new { undone.Voided, undone.Dropped, import.Number }, t);
                // What was relinked meanwhile waits, or came behind what was looked at: only a look at all that finds nothing ends it.
                if (undone is { Voided: 0, Dropped: 0 } && after == import.AfterActivity)
                    c.Execute("UPDATE import SET undone_at = @now WHERE key = @Number", new { now = Now, import.Number }, t);
                return undone;
            });
            intake.Tell(step.Outcome);
            done += step.Voided + step.Dropped;
            progress(done);
            if (step is not { Voided: 0, Dropped: 0 }) after = step.Last;
            else if (after == import.AfterActivity) break;
            else after = import.AfterActivity;
        }
        return imports.Find(import.Number)!;
    }

    private void Begin(RecordedImport import, Actor actor) => database.Write((c, t) =>
    {
        // Nothing of it arrives any more.
        Rulebook.Hold(c, t);
        if (c.Execute("UPDATE import SET undo_begun_at = @now WHERE key = @Number AND undo_begun_at IS NULL",
            new { now = Now, import.Number }, t) == 0) return;
        Audit.Write(c, t, actor, Now, "import.undone", $"{import.Number.ToString(CultureInfo.InvariantCulture)}: {import.FileNames}",
            new("activities", import.Brought.ToString(CultureInfo.InvariantCulture), null), new("sources", import.Source, null));
    });

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();
}
