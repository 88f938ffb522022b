using Laurel.App.Features.Activities;
using Laurel.Engine.Activities;

namespace Laurel.App.Features.Imports;

/// <summary>Hands activities in and answers for each, in their order: the intake's door, or a stand-in.</summary>
public delegate Task<IReadOnlyList<ItemResult>> TakeActivities(IReadOnlyList<IncomingActivity> activities, CancellationToken cancel);

/// <summary>
/// Sends what a reader reads to the intake, in batches, a few of them at once, and counts the answers. Identities come from the rows,
/// so whoever is interrupted runs the same again: what had arrived is a duplicate then.
/// </summary>
public sealed class ImportRun(ImportReader reader, TakeActivities take, TimeProvider time, int batchSize)
{
    /// <summary>Enough to keep the one writer busy while the next batch is read.</summary>
    private const int InFlight = 4;

    private readonly Queue<(List<ReadItem> Items, Task<IReadOnlyList<ItemResult>> Answer)> sent = new();

    private readonly Dictionary<string, long> earliest = new(StringComparer.Ordinal);

    /// <summary>When the first activity of each type that was accepted happened.</summary>
    public IReadOnlyDictionary<string, long> Earliest => earliest;
    public long Accepted { get; private set; }
    public long Duplicate { get; private set; }
    public long Held { get; private set; }
    public long Rejected { get; private set; }
    public bool Interrupted { get; private set; }
    /// <summary>The last row that has its answer; all before it have theirs.</summary>
    public ReadItem? Reached { get; private set; }
    public TimeSpan Took { get; private set; }

    /// <param name="onReject">Told of each reject and each file that cannot be read, in the order of the files.</param>
    /// <param name="onProgress">Told after each batch that was read.</param>
    /// <param name="cancel">Stops reading; what was sent is waited for.</param>
    /// <exception cref="IntakeUnavailable">The database cannot be written. The counts are of what was answered before.</exception>
    public async Task Run(Action<ReadItem, string> onReject, Action onProgress, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        try
        {
            var batch = new List<ReadItem>(batchSize);
            foreach (var item in reader.Read(cancel))
            {
                if (cancel.IsCancellationRequested) break;
                batch.Add(item);
                if (batch.Count < batchSize) continue;
                await Send(batch, onReject);
                batch = new(batchSize);
                onProgress();
            }
            Interrupted = cancel.IsCancellationRequested;
            if (!Interrupted && batch.Count > 0) await Send(batch, onReject);
            while (sent.Count > 0) await Receive(onReject);
            onProgress();
        }
        finally
        {
            Took = time.GetElapsedTime(begun);
        }
    }

    private async Task Send(List<ReadItem> batch, Action<ReadItem, string> onReject)
    {
        if (sent.Count >= InFlight) await Receive(onReject);
        var activities = batch.OfType<ReadActivity>().Select(item => item.Activity).ToList();
        sent.Enqueue((batch, activities.Count == 0 ? Task.FromResult<IReadOnlyList<ItemResult>>([]) : Patiently(activities)));
    }

    /// <summary>Not cancelled: a batch that is on its way has an answer, and the counts are to be true.</summary>
    private async Task<IReadOnlyList<ItemResult>> Patiently(List<IncomingActivity> activities)
    {
        while (true)
        {
            try
            {
                return await take(activities, CancellationToken.None);
            }
            catch (IntakeFull full)
            {
                await Task.Delay(full.RetryAfter, time);
            }
        }
    }

    private async Task Receive(Action<ReadItem, string> onReject)
    {
        var (items, answer) = sent.Dequeue();
        var results = await answer;
        var next = 0;
        foreach (var item in items)
            switch (item)
            {
                case ReadActivity read:
                    Count(read, results[next++], onReject);
                    break;
                case ReadReject reject:
                    Rejected++;
                    onReject(item, reject.Reason);
                    break;
                case UnreadableFile unreadable:
                    onReject(item, unreadable.Reason);
                    break;
            }
        Reached = items[^1];
    }

    private void Count(ReadActivity item, ItemResult result, Action<ReadItem, string> onReject)
    {
        switch (result.Outcome)
        {
            case ItemOutcome.Accepted:
                Accepted++;
                var (type, at) = (item.Activity.Type, item.Activity.At);
                if (!earliest.TryGetValue(type, out var first) || at < first) earliest[type] = at;
                break;
            case ItemOutcome.Duplicate:
                Duplicate++;
                break;
            case ItemOutcome.Held:
                Held++;
                break;
            case ItemOutcome.Rejected:
                Rejected++;
                onReject(item, result.Reason ?? "rejected");
                break;
        }
    }
}
