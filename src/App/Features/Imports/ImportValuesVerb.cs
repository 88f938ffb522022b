using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Hosting;
using Laurel.Engine.Activities;

namespace Laurel.App.Features.Imports;

/// <summary><c>laurel values import</c>: values of external metrics from files.</summary>
public static class ImportValuesVerb
{
    private const int Batch = 1_000;
    private const int ShownRejects = 5;

    private sealed record Request(IReadOnlyList<string> Files, string? Metric, string? Rejects, bool Json, TimeProvider Time);

    /// <summary>What became of the rows.</summary>
    private sealed class Counts
    {
        public long Read, Accepted, Duplicate, Rejected, Broken;
        public int UnreadableFiles;
        public bool Interrupted;
    }

    /// <param name="database">The option of the verb above, for all below it.</param>
    public static Command Command(Option<string> database, TimeProvider time)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Files with the columns person, date and value, and perhaps metric, count, type and id; plain or gzip.",
            Arity = ArgumentArity.OneOrMore,
        };
        var metric = new Option<string?>("--metric") { Description = "Id of the metric, where the files have no column that says it." };
        var rejects = new Option<string?>("--rejects") { Description = "Write what is rejected to this CSV file.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "End with one line of JSON." };
        var command = new VerbCommand("import", "Take values of external metrics in from files.",
            "laurel values import satisfaction.csv --metric satisfaction --rejects rejects.csv") { files, metric, rejects, json };
        command.SetAction((arguments, cancel) => Run(new(arguments.GetValue(files)!, arguments.GetValue(metric),
            arguments.GetValue(rejects), arguments.GetValue(json), time), arguments.GetValue(database)!, cancel));
        return command;
    }

    private static async Task<int> Run(Request request, string place, CancellationToken cancel)
    {
        var missing = request.Files.Where(file => !File.Exists(file)).ToList();
        foreach (var file in missing) Verb.Refuse($"there is no file {file}");
        if (missing.Count > 0) return Verb.BadUsage;
        if (request.Rejects is { } rejects && request.Files.Any(file => Path.GetFullPath(file) == Path.GetFullPath(rejects)))
            return Verb.Refuse("--rejects names a file that is to be imported");
        return await Verb.ChangePresentAsync(place, ", or send the values to its API: PUT /api/v1/metrics/{id}/values (docs/api.md)",
            database => Core.Run(database, request.Time, async services =>
            {
                var (exit, ended) = await Import(request, services.GetRequiredService<ExternalValues>(), cancel);
                return ended ? Math.Max(exit, Verb.Told(services.Settle())) : exit;
            }));
    }

    private static async Task<(int Exit, bool Ended)> Import(Request request, ExternalValues values, CancellationToken cancel)
    {
        if (request.Metric is { } metric && await values.Set(metric, [], cancel) is null)
            return (Verb.Refuse($"there is no external metric '{metric}'"), false);
        using var rejects = RejectsFile.Open(request.Rejects, out var refusal);
        if (refusal is not null) return (Verb.Refuse($"{request.Rejects} cannot be written: {refusal}"), false);
        var (counts, begun, shown) = (new Counts(), request.Time.GetTimestamp(), 0);
        try
        {
            foreach (var file in request.Files)
            {
                var read = new ValuesFile(file, request.Metric);
                foreach (var chunk in read.Read().Chunk(Batch))
                {
                    if (counts.Interrupted = cancel.IsCancellationRequested) break;
                    await Take(values, chunk, counts, Refuse, request.Time);
                }
                counts.Read += read.Rows;
                if (read.Unreadable) counts.UnreadableFiles++;
                if (counts.Interrupted) break;
            }
        }
        catch (IntakeUnavailable)
        {
            Console.Error.WriteLine("laurel: the database could not be written to the end; what is counted as taken is kept, mend that and "
                + "run the same again");
            Tell(request, counts, begun);
            return (Verb.FoundWrong, false);
        }
        if (rejects is null && shown > ShownRejects)
            Console.Error.WriteLine($"... and {shown - ShownRejects} more; --rejects FILE writes them all to a file");
        Tell(request, counts, begun);
        if (counts.Interrupted) return (Verb.Interrupted, false);
        if (counts.Read == 0 && counts.UnreadableFiles == 0) await Console.Error.WriteLineAsync(ImportVerb.NoRow);
        return (counts.UnreadableFiles > 0 || counts.Broken == counts.Read ? Verb.FoundWrong : Verb.Done, true);

        void Refuse(ReadItem item, string why)
        {
            rejects?.Add(item, why);
            if (item is not UnreadableFile && (rejects is not null || shown++ >= ShownRejects)) return;
            Console.Error.WriteLine(item.Line > 0 ? $"{item.File}:{item.Line}: {why}" : $"{item.File}: {why}");
        }
    }

    /// <summary>Values of one metric in their order; those of different ones have nothing to do with each other.</summary>
    private static async Task Take(
        ExternalValues values, IReadOnlyList<ReadItem> items, Counts counts, Action<ReadItem, string> refuse, TimeProvider time)
    {
        var answers = new Dictionary<ReadItem, ItemResult>(ReferenceEqualityComparer.Instance);
        foreach (var of in items.OfType<ReadValue>().GroupBy(v => v.Metric, StringComparer.Ordinal))
        {
            var sent = of.ToList();
            var results = await Patiently(values, of.Key, sent.ConvertAll(v => v.Value), time);
            for (var i = 0; i < sent.Count; i++)
                answers[sent[i]] = results?[i] ?? ItemResult.Rejected(of.Key.Length == 0
                    ? "metric is missing" : $"there is no external metric '{of.Key}'");
        }
        foreach (var item in items)
            switch (item)
            {
                case ReadValue when answers[item] is { Outcome: ItemOutcome.Accepted }: counts.Accepted++; break;
                case ReadValue when answers[item] is { Outcome: ItemOutcome.Duplicate }: counts.Duplicate++; break;
                case ReadValue:
                    counts.Rejected++;
                    refuse(item, answers[item].Reason ?? "rejected");
                    break;
                case ReadReject reject:
                    counts.Rejected++;
                    counts.Broken++;
                    refuse(item, reject.Reason);
                    break;
                case UnreadableFile unreadable: refuse(item, unreadable.Reason); break;
            }
    }

    /// <summary>Not cancelled: what is on its way has an answer, and the counts are to be true.</summary>
    private static async Task<IReadOnlyList<ItemResult>?> Patiently(
        ExternalValues values, string metric, IReadOnlyList<ExternalValue> sent, TimeProvider time)
    {
        while (true)
        {
            try
            {
                return await values.Set(metric, sent, CancellationToken.None);
            }
            catch (IntakeFull full)
            {
                await Task.Delay(full.RetryAfter, time);
            }
        }
    }

    private static void Tell(Request request, Counts counts, long begun)
    {
        var seconds = request.Time.GetElapsedTime(begun).TotalSeconds;
        if (request.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
            {
                ["read"] = counts.Read, ["accepted"] = counts.Accepted, ["duplicate"] = counts.Duplicate, ["rejected"] = counts.Rejected,
                ["seconds"] = Math.Round(seconds, 3), ["unreadableFiles"] = counts.UnreadableFiles, ["interrupted"] = counts.Interrupted,
            }));
            return;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Read {counts.Read:N0} {(counts.Read == 1 ? "row" : "rows")} of {request.Files.Count} "
            + $"{(request.Files.Count == 1 ? "file" : "files")} in {seconds:0.0} s."));
        foreach (var (what, count) in ((string, long)[])
            [("accepted", counts.Accepted), ("duplicate", counts.Duplicate), ("rejected", counts.Rejected)])
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-13} {count,11:N0}"));
        if (counts.Interrupted) Console.WriteLine("Interrupted. Run the same again: what has arrived is not counted twice.");
    }
}
