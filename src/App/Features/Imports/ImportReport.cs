using System.Globalization;
using System.Text.Json;
using Laurel.Engine.Importing;

namespace Laurel.App.Features.Imports;

/// <summary>What an import tells when it is over: one line of JSON for programs, or a few lines for people.</summary>
public static class ImportReport
{
    /// <summary>
    /// read counts rows of the files; accepted, duplicate, held and rejected count activities, of which a row may give none or several.
    /// </summary>
    /// <param name="uncounted">Achievements whose history begins after what was brought in.</param>
    /// <param name="number">What the run is undone by; null where it was not noted.</param>
    public static string Json(ImportRun run, ReadCounts counts, bool dryRun, int uncounted = 0, long? number = null)
    {
        var told = new Dictionary<string, object>
        {
            ["read"] = counts.Rows,
            ["accepted"] = run.Accepted,
            ["duplicate"] = run.Duplicate,
            ["held"] = run.Held,
            ["rejected"] = run.Rejected,
            ["seconds"] = Math.Round(run.Took.TotalSeconds, 3),
            ["ignored"] = counts.Ignored.Sum(),
            ["replaced"] = counts.Replaced,
            ["unmatched"] = counts.Unmatched,
            ["gaps"] = counts.Gaps,
            ["overlaps"] = counts.Overlaps,
            ["unreadableFiles"] = counts.UnreadableFiles,
            ["interrupted"] = run.Interrupted,
            ["dryRun"] = dryRun,
            ["achievementsFromEnabling"] = uncounted,
        };
        if (number is { } known) told["import"] = known;
        return JsonSerializer.Serialize(told);
    }

    public static IEnumerable<string> Lines(
        ImportRun run, ReadCounts counts, Mapping mapping, int files, bool dryRun, int uncounted = 0, long? number = null)
    {
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Read {counts.Rows:N0} {(counts.Rows == 1 ? "row" : "rows")} of {files} {(files == 1 ? "file" : "files")} "
            + $"in {run.Took.TotalSeconds:0.0} s.");
        yield return Line(dryRun ? "would be sent" : "accepted", run.Accepted);
        if (!dryRun) yield return Line("duplicate", run.Duplicate);
        if (!dryRun) yield return Line("held", run.Held, "their person is not known yet; they count as soon as it is");
        yield return Line("rejected", run.Rejected);
        for (var i = 0; i < mapping.Ignored.Count; i++)
            if (counts.Ignored[i] > 0) yield return Line("ignored", counts.Ignored[i], mapping.Ignored[i].Because);
        if (counts.Replaced > 0) yield return Line("replaced", counts.Replaced, "rows that a later row of the same key replaces");
        if (counts.Unmatched > 0) yield return Line("unmatched", counts.Unmatched, "rows that no activity of the mapping fits");
        if (counts.Gaps > 0) yield return Line("moved on", counts.Gaps, "local times that never were, because clocks went forward");
        if (counts.Overlaps > 0) yield return Line("ambiguous", counts.Overlaps, "local times that were twice: the earlier was taken");
        if (run.Interrupted)
            yield return run.Reached is { } reached
                ? string.Create(CultureInfo.InvariantCulture,
                    $"Interrupted after {reached.File}, line {reached.Line:N0}. Run the same again: what has arrived is not counted twice.")
                : "Interrupted before anything was sent.";
        if (number is not null && run.Accepted + run.Held > 0)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"This was import {number}; laurel import undo {number} takes it back.");
        if (uncounted > 0) yield return UncountedHistory.Line(uncounted);
    }

    internal static string Line(string what, long count, string? why = null)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"  {what,-13} {count,11:N0}");
        return why is null || count == 0 ? line : $"{line}  {why}";
    }
}
