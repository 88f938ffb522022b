using System.Globalization;
using System.Text.Json;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Imports;
using Laurel.App.Tests.Features.Activities;
using Laurel.App.Tests.Platform;
using Laurel.Engine.Activities;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Imports;

public sealed class ImportRunTests : IDisposable
{
    private readonly Reading reading = new();
    private readonly List<(string Row, string Reason)> rejects = [];

    public void Dispose() => reading.Dispose();

    [Fact]
    public async Task Run_counts_each_answer_and_keeps_the_order_of_rejects()
    {
        var reader = Reader(rows: 25, bad: [3, 17]);
        // The first batch answers last.
        var first = new TaskCompletionSource();
        var calls = 0;
        var run = new ImportRun(reader, async (activities, _) =>
        {
            if (calls++ == 0) await first.Task;
            else if (calls == 4) first.SetResult();
            return [.. activities.Select(a => Answer(a))];
        }, TimeProvider.System, batchSize: 5);

        await run.Run(OnReject, () => { }, CancellationToken.None);

        rejects.Select(reject => reject.Row).ShouldBe(["3", "4", "14", "17", "24"]);
        (run.Accepted, run.Duplicate, run.Held, run.Rejected).ShouldBe((14, 3, 3, 5));
        run.Interrupted.ShouldBeFalse();
        reader.Counts.Rows.ShouldBe(25);
        JsonDocument.Parse(ImportReport.Json(run, reader.Counts, dryRun: false)).RootElement.EnumerateObject().Select(p => p.Name)
            .Take(6).ShouldBe(["read", "accepted", "duplicate", "held", "rejected", "seconds"]);

        static ItemResult Answer(IncomingActivity activity) => (int.Parse(activity.Id.ToString(), CultureInfo.InvariantCulture) % 10) switch
        {
            1 => ItemResult.Duplicate,
            2 => ItemResult.Held("unknown"),
            4 => ItemResult.Rejected("too late"),
            _ => ItemResult.Accepted,
        };
    }

    [Fact]
    public async Task Run_waits_where_the_intake_is_full()
    {
        var refused = 0;
        var run = new ImportRun(Reader(rows: 3), (activities, _) =>
            refused++ < 2 ? throw new IntakeFull(TimeSpan.Zero) : Accept(activities), TimeProvider.System, batchSize: 10);

        await run.Run(OnReject, () => { }, CancellationToken.None);

        run.Accepted.ShouldBe(3);
        refused.ShouldBe(3);
    }

    [Fact]
    public async Task Run_interrupted_waits_for_what_was_sent_and_says_how_far_it_got()
    {
        using var stop = new CancellationTokenSource();
        var taken = 0;
        var run = new ImportRun(Reader(rows: 100), async (activities, _) =>
        {
            taken += activities.Count;
            if (taken == 30) await stop.CancelAsync();
            return await Accept(activities);
        }, TimeProvider.System, batchSize: 10);

        await run.Run(OnReject, () => { }, stop.Token);

        run.Interrupted.ShouldBeTrue();
        run.Accepted.ShouldBe(30);
        run.Reached!.Line.ShouldBe(31, "the header and thirty rows");
    }

    [Fact]
    public async Task Run_interrupted_and_run_again_loses_and_doubles_nothing()
    {
        await using var app = await LaurelApp.Start();
        SmallDesk.Open(app);
        var intake = app.Services.GetRequiredService<Intake>();
        using var stop = new CancellationTokenSource();
        var sent = 0;
        var first = new ImportRun(Calls(200), async (activities, cancel) =>
        {
            var answer = await intake.Take(activities, cancel);
            if ((sent += activities.Count) >= 60) await stop.CancelAsync();
            return answer;
        }, TimeProvider.System, batchSize: 20);
        var second = new ImportRun(Calls(200), intake.Take, TimeProvider.System, batchSize: 30);

        await first.Run(OnReject, () => { }, stop.Token);
        await second.Run(OnReject, () => { }, CancellationToken.None);

        first.Interrupted.ShouldBeTrue();
        first.Accepted.ShouldBeInRange(60, 140);
        second.Duplicate.ShouldBe(first.Accepted);
        (first.Accepted + second.Accepted).ShouldBe(200);
        SmallDesk.Taken(app).ShouldBe(200);
        rejects.ShouldBeEmpty();
    }

    [Fact]
    public void Lines_say_what_happened_in_words()
    {
        var mapping = Reading.Load("bank-calls");
        var reader = new ImportReader(mapping, [DataSets.Sample("bank-calls", "april.txt.gz")]);
        var run = new ImportRun(reader, (activities, _) => Accept(activities), TimeProvider.System, batchSize: 1000);

        run.Run(OnReject, () => { }, CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();

        var lines = ImportReport.Lines(run, reader.Counts, mapping, files: 1, dryRun: false).ToList();
        lines[0].ShouldStartWith("Read 32,036 rows of 1 file in ");
        lines.ShouldContain("  accepted           31,352");
        lines.ShouldContain("  ignored               379  answered, but nobody knows by whom");
    }

    [Fact]
    public void Add_writes_a_file_that_reads_back()
    {
        var path = reading.Write("rejects.csv", "");
        using (var file = new RejectsFile(path))
        {
            file.Add(new ReadReject("a.csv", 7, "1,\"x", "it is \"wrong\", twice"), "it is \"wrong\", twice");
            file.Add(new ReadReject("a.csv", 8, "two\nlines", "bad"), "bad");
        }
        const string Yaml = """
            source: test
            times: { at: { column: line, format: unix } }
            activities:
              - { type: reject, id: "{file}:{line}", person: row, at: at, labels: { reason: reason } }
            """;

        var items = Reading.Activities(new ImportReader(Reading.Mapping(Yaml), [path]).Read());

        items.Select(a => $"{a.Id} {a.Labels.Single().Text} {a.Person}")
            .ShouldBe(["a.csv:7 it is \"wrong\", twice 1,\"x", "a.csv:8 bad two\nlines"]);
    }

    private void OnReject(ReadItem item, string reason) => rejects.Add((item.Raw.Split(',')[0], reason));

    private static Task<IReadOnlyList<ItemResult>> Accept(IReadOnlyList<IncomingActivity> activities) =>
        Task.FromResult<IReadOnlyList<ItemResult>>([.. activities.Select(_ => ItemResult.Accepted)]);

    private ImportReader Reader(int rows, params int[] bad) => reading.Reader(Reading.Yaml(), "a.csv",
        "id,who,at\n" + string.Concat(Enumerable.Range(0, rows)
            .Select(id => $"{id},g,{(bad.Contains(id) ? "never" : "2026-03-01T08:53:00Z")}\n")));

    private ImportReader Calls(int rows) => reading.Reader(
        Reading.Yaml("measures: { talk: talk }").Replace("type: done", "type: call-answered", StringComparison.Ordinal), "calls.csv",
        "id,who,at,talk\n" + string.Concat(Enumerable.Range(0, rows).Select(id => $"{id},avi,2026-03-01T08:53:00Z,{id}\n")));
}
