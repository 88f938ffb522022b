using System.Data.Common;
using System.Threading.Channels;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Activities;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>
/// The one door for activities, whoever brings them. One writer takes all that is queued, commits it in one transaction, and
/// only then answers: concurrent requests share a commit without anybody waiting for a timer.
/// </summary>
public sealed class Intake(
    Database database, BatchWriter writer, CatalogueStore catalogue, ChangedMetrics changed, LiveHub live, WorkRunner work,
    ILogger<Intake> log) : BackgroundService
{
    /// <summary>Activities that may wait; beyond it clients are told to come back.</summary>
    public const int Capacity = 50_000;
    /// <summary>Activities per batch, so that one commit stays a matter of some tens of milliseconds.</summary>
    private const int MostPerCommit = 4_000;

    private readonly Channel<Ticket> queue = Channel.CreateUnbounded<Ticket>(new() { SingleReader = true });
    private int waiting;

    /// <summary>Activities that are let in and not decided yet.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Nothing can be let in just now: who asks first need not read on.</summary>
    public bool IsFull => Waiting >= Capacity;

    /// <summary>
    /// Takes activities in; completes when what was accepted or held is on disk. One result per item, in their order.
    /// </summary>
    /// <exception cref="IntakeFull">Too much is waiting; nothing of this call was taken.</exception>
    /// <exception cref="IntakeUnavailable">The database could not be written; nothing of this call was taken.</exception>
    public async Task<IReadOnlyList<ItemResult>> Take(IReadOnlyList<IncomingActivity> activities, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (activities.Count == 0) return [];
        // A call larger than the queue is let in when the queue is empty: it could never be otherwise.
        var now = Interlocked.Add(ref waiting, activities.Count);
        if (now > Capacity && now != activities.Count)
        {
            Interlocked.Add(ref waiting, -activities.Count);
            throw new IntakeFull(IntakeFull.Usually);
        }
        var ticket = new Ticket(activities, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!queue.Writer.TryWrite(ticket))
        {
            Interlocked.Add(ref waiting, -activities.Count);
            throw new IntakeUnavailable("Laurel is stopping.", null);
        }
        // Not cancelled with the caller: what was queued is decided, and its answer must be true.
        return await ticket.Answer.Task;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        database.Undone += Forget;
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        database.Undone -= Forget;
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Stopping closes the door and finishes what was let in.
        await using var closing = stoppingToken.Register(() => queue.Writer.TryComplete());
        await Task.Yield();
        var tickets = new List<Ticket>();
        Ticket? carried = null;
        while (carried is not null || await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            tickets.Clear();
            var size = 0;
            while (carried is not null || queue.Reader.TryRead(out carried))
            {
                if (size > 0 && size + carried.Activities.Count > MostPerCommit) break;
                size += carried.Activities.Count;
                tickets.Add(carried);
                carried = null;
            }
            if (tickets.Count > 0) Commit(tickets, size);
        }
    }

    private void Forget(object? sender, EventArgs undone) => writer.Forget();

    private void Commit(List<Ticket> tickets, int size)
    {
        BatchOutcome outcome;
        try
        {
            var activities = tickets.Count == 1 ? tickets[0].Activities : [.. tickets.SelectMany(t => t.Activities)];
            outcome = database.Write((connection, transaction) => writer.Take(connection, transaction, activities));
        }
        catch (Exception failure)
        {
            // Whatever went wrong, the transaction is undone: nobody was promised anything.
            Interlocked.Add(ref waiting, -size);
            // A full disk is not a defect: where in the program it was noticed helps nobody.
            if (Outage.Is(failure)) log.LogWarning("A batch of {Count} activities could not be written: {Why}", size, failure.Message);
            else if (failure is DbException)
                log.LogError("A batch of {Count} activities could not be written: {Why}", size, failure.Message);
            else log.LogError(failure, "A batch of {Count} activities could not be written.", size);
            foreach (var ticket in tickets)
                ticket.Answer.SetException(new IntakeUnavailable("The database could not be written.", failure));
            return;
        }
        Interlocked.Add(ref waiting, -size);
        var from = 0;
        foreach (var ticket in tickets)
        {
            ticket.Answer.SetResult(tickets.Count == 1
                ? outcome.Results
                : [.. outcome.Results.Skip(from).Take(ticket.Activities.Count)]);
            from += ticket.Activities.Count;
        }
        Tell(outcome);
    }

    /// <summary>Tells pages and workers what was committed. Nothing that goes wrong here undoes it.</summary>
    public void Tell(BatchOutcome outcome)
    {
        try
        {
            changed.Committed(outcome.Metrics);
            live.Awarded(outcome.Awards);
            if (outcome.WorkIsDue) work.Wake();
            if (outcome.Metrics.Count == 0) return;
            using var connection = database.Read();
            var rules = catalogue.Current(connection).Rules;
            foreach (var metric in outcome.Metrics)
                if (!rules.Kept(metric).Hidden) live.Changed($"metric:{rules.Metric(metric).Id}");
        }
        catch (Exception failure)
        {
            // They look again by themselves once the database is back.
            if (Outage.Is(failure)) log.LogWarning("Activities were taken in, but open pages could not be told: {Why}", failure.Message);
            else log.LogError(failure, "Activities were taken in, but open pages could not be told.");
        }
    }

    private sealed record Ticket(IReadOnlyList<IncomingActivity> Activities, TaskCompletionSource<IReadOnlyList<ItemResult>> Answer);
}

public sealed class IntakeFull(TimeSpan retryAfter) : Exception("Too many activities are waiting.")
{
    /// <summary>In that time the writer has made room.</summary>
    public static readonly TimeSpan Usually = TimeSpan.FromSeconds(1);

    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>Nothing of the call was taken; the same may be sent again.</summary>
public sealed class IntakeUnavailable(string message, Exception? inner) : Exception(message, inner);
