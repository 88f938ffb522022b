using System.CommandLine;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Importing;
using Laurel.Storage;

namespace Laurel.App.Features.Imports;

/// <summary><c>laurel import</c>: activities from files, by a mapping.</summary>
public static class ImportVerb
{
    private const int ShownRejects = 5;
    internal const string NoRow = "laurel: there is no row to import in any file";

    private sealed record Request(
        IReadOnlyList<string> Files, string Mapping, string Database, string? Rejects, bool Json, int Batch, bool DryRun,
        TimeProvider Time);

    public static Command Command(TimeProvider time)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Files to import: CSV, TSV or NDJSON, plain or gzip.",
            Arity = ArgumentArity.OneOrMore,
        };
        var mapping = new Option<string>("--mapping")
        {
            Description = "How rows become activities (docs/guide/import.md).",
            HelpName = "MAPPING.yaml",
            Required = true,
        };
        var database = Verb.DatabaseOption();
        var rejects = new Option<string?>("--rejects") { Description = "Write what is rejected to this CSV file.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "End with one line of JSON." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Read and check everything, send nothing." };
        var batch = new Option<int>("--batch") { Description = "Activities per batch, 1 to 10000.", DefaultValueFactory = _ => 1000 };
        batch.Validators.Add(result =>
        {
            // What is no number at all is told by the parser, and may not be asked for here.
            if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var size)
                && size is < 1 or > 10_000)
                result.AddError("--batch must be 1 to 10000.");
        });
        var command = new VerbCommand("import", "Take activities in from files, by a mapping.",
            "laurel import calls.csv --mapping calls.yaml --rejects rejects.csv")
                {
                    files, mapping, database, rejects, json, batch, dryRun, ImportVerbs.List(database, time),
                    ImportVerbs.Undo(database, time),
                };
        command.SetAction((arguments, cancel) => Run(new(arguments.GetValue(files)!, arguments.GetValue(mapping)!,
            arguments.GetValue(database)!, arguments.GetValue(rejects), arguments.GetValue(json), arguments.GetValue(batch),
            arguments.GetValue(dryRun), time), cancel));
        return command;
    }

    private static async Task<int> Run(Request request, CancellationToken cancel)
    {
        if (Load(request) is not { Mapping: { } mapping } reading) return Verb.BadUsage;
        if (request.DryRun)
            return Tried(request, reading.Names) ?? (await Import(request, mapping, AcceptAll, null, _ => 0, cancel)).Exit;
        return await Verb.ChangePresentAsync(request.Database, ", or send the activities to its API: POST /api/v1/activities (docs/api.md)",
            async database =>
        {
            if (!HasSite(database))
                return Verb.Refuse(
                    $"{request.Database} has no site yet, so nothing can be counted; apply a setup file, or open the set-up page, first");
            if (Undeclared(database, reading.Names)) return Verb.BadUsage;
            return await Core.Run(database, request.Time, async services =>
            {
                var store = ActivatorUtilities.CreateInstance<ImportStore>(services);
                using var running = store.WhileRunning();
                if (running is null) return Verb.Refuse("an import is being taken back on this database; wait for its end");
                if (store.HalfUndone() is { } half)
                    return Verb.Refuse($"import {half} is taken back in part; laurel import undo {half} takes back the rest, then import");
                var (exit, ended) = await Import(request, mapping, services.GetRequiredService<Intake>().Take, store, earliest =>
                {
                    using var connection = database.Read();
                    return UncountedHistory.Count(connection, services.GetRequiredService<CatalogueStore>(), earliest);
                }, cancel);
                // What became due stays due where it broke off, or the user wants to leave: the next run or the server does it.
                return ended ? Math.Max(exit, Verb.Told(services.Settle())) : exit;
            });
        });
    }

    /// <summary>Everything that can be wrong with the request is told before anything is taken in.</summary>
    private static MappingReading? Load(Request request)
    {
        var missing = request.Files.Append(request.Mapping).Where(file => !File.Exists(file)).ToList();
        foreach (var file in missing) Console.Error.WriteLine($"laurel: there is no file {file}");
        if (missing.Count > 0) return null;
        if (request.Rejects is { } rejects && request.Files.Any(file => Path.GetFullPath(file) == Path.GetFullPath(rejects)))
        {
            Console.Error.WriteLine("laurel: --rejects names a file that is to be imported");
            return null;
        }
        var reading = MappingFile.Load(request.Mapping);
        foreach (var problem in reading.Problems) Console.Error.WriteLine(problem);
        return reading;
    }

    /// <summary>
    /// The exit code where a database is there and does not declare what the mapping names. It is only read, whatever its schema
    /// and whoever owns it; where there is none, or nothing is set up in it, a mapping can be tried all the same.
    /// </summary>
    private static int? Tried(Request request, MappingNames names)
    {
        var place = request.Database;
        if (!PostgresDatabase.IsAddress(place))
        {
            if (!Path.Exists(place)) return null;
            if (SqliteFile.RefusesChange(place) is { } refusal) return Verb.Refuse(refusal);
        }
        using var present = Verb.Reach(place);
        if (present is null) return Verb.BadUsage;
        using var copy = new MemoryDatabase();
        copy.Migrate();
        copy.Fill(present, [("site", null), ("activity_type", null)]);
        return HasSite(copy) && Undeclared(copy, names) ? Verb.BadUsage : null;
    }

    /// <summary>Says what the mapping names and the database does not declare: each row would be rejected for it.</summary>
    private static bool Undeclared(Database database, MappingNames names)
    {
        using var connection = database.Read();
        var problems = names.Undeclared(new CatalogueStore().Current(connection).Rules);
        foreach (var problem in problems) Console.Error.WriteLine(problem);
        return problems.Count > 0;
    }

    private static bool HasSite(Database database)
    {
        using var connection = database.Read();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM site") > 0;
    }

    private static Task<IReadOnlyList<ItemResult>> AcceptAll(IReadOnlyList<IncomingActivity> activities, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<ItemResult>>([.. activities.Select(_ => ItemResult.Accepted)]);

    /// <summary>The exit code, and whether it came to the end of the files.</summary>
    /// <param name="record">Where the run is noted; null where nothing is sent.</param>
    /// <param name="uncounted">How many achievements do not count what was brought in, which began at these times by type.</param>
    private static async Task<(int Exit, bool Ended)> Import(
        Request request, Mapping mapping, TakeActivities take, ImportStore? record, Func<IReadOnlyDictionary<string, long>, int> uncounted,
        CancellationToken cancel)
    {
        using var rejects = RejectsFile.Open(request.Rejects, out var refusal);
        if (refusal is not null) return (Verb.Refuse($"{request.Rejects} cannot be written: {refusal}"), false);
        var reader = new ImportReader(mapping, request.Files);
        if (Begin(request, mapping, record, out var number) is { } unreadable) return (Verb.Refuse(unreadable), false);
        var run = new ImportRun(reader, number is null ? take : (activities, stop) =>
            take([.. activities.Select(a => a with { Import = number })], stop), request.Time, request.Batch);
        var shown = 0;
        void OnReject(ReadItem item, string reason)
        {
            rejects?.Add(item, reason);
            var always = item is UnreadableFile;
            if (!always && (rejects is not null || shown++ >= ShownRejects)) return;
            Console.Error.WriteLine(item.Line > 0 ? $"{item.File}:{item.Line}: {reason}" : $"{item.File}: {reason}");
        }
        try
        {
            await TerminalBar.Run("Importing", reader.TotalBytes, onProgress => run.Run(OnReject,
                () => onProgress(reader.BytesRead, $"{reader.Counts.Rows:N0} rows"), cancel));
            if (number is { } ended) record!.End(ended, reader.Counts.Rows, run.Rejected);
        }
        catch (IntakeUnavailable failure)
        {
            await Console.Error.WriteLineAsync($"laurel: the database could not be written to the end: {Why(failure)}; "
                + "what is counted as taken is kept, mend that and run the same again");
            Tell(request, mapping, reader, run, number, uncounted: 0);
            return (Verb.FoundWrong, false);
        }
        if (rejects is null && shown > ShownRejects)
            await Console.Error.WriteLineAsync($"... and {shown - ShownRejects} more; --rejects FILE writes them all to a file");
        Tell(request, mapping, reader, run, number, uncounted(run.Earliest));
        if (run.Interrupted) return (Verb.Interrupted, false);
        var counts = reader.Counts;
        if (counts.Rows == 0 && counts.UnreadableFiles == 0) await Console.Error.WriteLineAsync(NoRow);
        // Nothing readable, where there is no row at all, too: whoever exports an empty file wants to hear of it.
        return (counts.UnreadableFiles > 0 || counts.Broken == counts.Rows ? Verb.FoundWrong : Verb.Done, true);
    }

    private static string Why(IntakeUnavailable failure) =>
        failure.InnerException is { } inner ? Outage.Is(inner) ? SqliteFile.Reason(inner) : inner.Message : failure.Message;

    private static void Tell(Request request, Mapping mapping, ImportReader reader, ImportRun run, long? number, int uncounted)
    {
        if (request.Json) Console.WriteLine(ImportReport.Json(run, reader.Counts, request.DryRun, uncounted, number));
        else
            foreach (var line in ImportReport.Lines(run, reader.Counts, mapping, request.Files.Count, request.DryRun, uncounted, number))
                Console.WriteLine(line);
    }

    /// <summary>Notes the run before anything of it is sent; why it cannot be.</summary>
    private static string? Begin(Request request, Mapping mapping, ImportStore? record, out long? number)
    {
        number = null;
        try
        {
            number = record?.Begin(
                mapping.Source, FileRead.Of(request.Mapping), [.. request.Files.Select(FileRead.Of)], Environment.UserName);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }
}
