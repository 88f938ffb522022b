using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;

namespace Laurel.App.Features.Imports;

/// <summary><c>laurel import list</c> and <c>laurel import undo</c>: what was imported, and taking it back.</summary>
internal static class ImportVerbs
{
    public static Command List(Option<string> database, TimeProvider time)
    {
        var json = new Option<bool>("--json") { Description = "Print one line of JSON." };
        var command = new VerbCommand("list",
            "List what was imported, the newest first: number, state, begun, by whom, source, accepted, held, files.", "laurel import list")
            { json };
        command.SetAction(arguments => Verb.Look(arguments.GetValue(database)!, db =>
        {
            var all = new ImportStore(db, time).List();
            if (arguments.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(all.Select(Told)));
            else
            {
                Console.WriteLine(string.Join('\t', "number", "state", "begun", "by", "source", "accepted", "held", "files"));
                foreach (var import in all)
                    Console.WriteLine(string.Join('\t', Number(import.Number), State(import.State),
                        import.BegunAt.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture), import.By, import.Source,
                        Number(import.Accepted), Number(import.Held), import.FileNames));
            }
            return Verb.Done;
        }));
        return command;
    }

    public static Command Undo(Option<string> database, TimeProvider time)
    {
        var number = new Argument<long>("N") { Description = "Number of the import, as list prints it." };
        var json = new Option<bool>("--json") { Description = "End with one line of JSON." };
        var command = new VerbCommand("undo", "Take back what an import brought in.", "laurel import undo 7") { number, json };
        command.SetAction((arguments, cancel) => Run(
            arguments.GetValue(database)!, arguments.GetValue(number), arguments.GetValue(json), time, cancel));
        return command;
    }

    private static Task<int> Run(string path, long number, bool json, TimeProvider time, CancellationToken cancel) =>
        Verb.ChangePresentAsync(path, "", database => Core.Run(database, time, async services =>
        {
            var store = ActivatorUtilities.CreateInstance<ImportStore>(services);
            using var alone = store.WhileUndoing();
            if (alone is null) return Verb.Refuse("an import is running, or being taken back, on this database; wait for its end");
            if (store.Find(number) is not { } import)
            {
                await Console.Error.WriteLineAsync($"laurel: there is no import {Number(number)}; laurel import list prints all");
                return Verb.FoundWrong;
            }
            var begun = time.GetTimestamp();
            var undo = ActivatorUtilities.CreateInstance<UndoImport>(services, store);
            if (import.State != ImportState.Undone)
                await TerminalBar.Run("Undoing", import.Brought, onProgress => Task.Run(() =>
                    import = undo.Run(import, Actor.CommandLine,
                        done => onProgress(done, string.Create(CultureInfo.InvariantCulture, $"{done:N0} activities")), cancel)));
            var ended = import.State == ImportState.Undone;
            var took = time.GetElapsedTime(begun).TotalSeconds;
            if (json) Console.WriteLine(Json(import, took));
            else
                foreach (var line in Lines(import, took)) Console.WriteLine(line);
            // What became due stays due where it broke off: the next run or the server does it.
            return ended ? Verb.Told(services.Settle()) : Verb.Interrupted;
        }));

    private static string Json(RecordedImport import, double seconds) => JsonSerializer.Serialize(new
    {
        import = import.Number, voided = import.Voided, dropped = import.Dropped, kept = import.Kept, seconds = Math.Round(seconds, 3),
        interrupted = import.State != ImportState.Undone,
    });

    private static IEnumerable<string> Lines(RecordedImport import, double seconds)
    {
        var ended = import.State == ImportState.Undone;
        yield return ended
            ? string.Create(CultureInfo.InvariantCulture, $"Import {import.Number} of {import.FileNames} is taken back ({seconds:0.0} s).")
            : $"Interrupted. Run the same again to take the rest of import {Number(import.Number)} back.";
        yield return ImportReport.Line("voided", import.Voided, "they count no more");
        yield return ImportReport.Line("dropped", import.Dropped, "they waited for their person");
        if (ended) yield return ImportReport.Line("kept", import.Kept, "something else has been said about them");
    }

    private static object Told(RecordedImport import) => new
    {
        import = import.Number, state = State(import.State), source = import.Source,
        mapping = new { name = import.Mapping.Name, sha256 = import.Mapping.Sha256 },
        files = import.Files.Select(f => new { name = f.Name, bytes = f.Bytes, sha256 = f.Sha256 }),
        by = import.By, begun = import.BegunAt, ended = import.EndedAt, read = import.Rows, accepted = import.Accepted,
        duplicate = import.Duplicate, held = import.Held, rejected = import.Rejected, undone = import.UndoneAt, voided = import.Voided,
        dropped = import.Dropped,
    };

    private static string State(ImportState state) => state switch
    {
        ImportState.Running => "running",
        ImportState.BrokenOff => "broken off",
        ImportState.Ended => "ended",
        ImportState.Unread => "nothing read",
        ImportState.HalfUndone => "half undone",
        ImportState.Undone => "undone",
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
