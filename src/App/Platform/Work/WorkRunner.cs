using System.Data.Common;
using Dapper;
using Laurel.Storage;

namespace Laurel.App.Platform.Work;

/// <summary>One kind of job. Whatever it writes has a unique key, so that running it twice is running it once.</summary>
/// <param name="Together">How many items one run is given at most, where one process owns the database.</param>
/// <param name="Run">Handles claimed items and completes them with <see cref="WorkQueue.Complete"/> in its last transaction.</param>
public sealed record WorkKind(string Kind, int Together, Action<IReadOnlyList<WorkItem>, CancellationToken> Run)
{
    /// <summary>
    /// The same where nodes share the work. More than one only where a transaction holds all its people in the order of their keys, however
    /// many items it is about: else two nodes would wait for each other.
    /// </summary>
    public int TogetherAmongNodes { get; init; } = 1;
}

/// <summary>An item that could not be done; it stays, and is tried again after a while.</summary>
public sealed record FailedWork(string Kind, string Subject, string Error)
{
    public override string ToString() => $"{Kind} {Subject}: {Error}";
}

/// <summary>How many items ran, and those of them that failed.</summary>
public sealed record WorkDone(int Ran, IReadOnlyList<FailedWork> Failed);

/// <summary>Runs what is due, on a node that serves or at the end of a verb.</summary>
public sealed class WorkRunner(Database database, IEnumerable<WorkKind> kinds, TimeProvider time, ILogger<WorkRunner> log)
{
    private readonly Dictionary<string, WorkKind> byKind = kinds.ToDictionary(k => k.Kind, StringComparer.Ordinal);
    private readonly SemaphoreSlim wake = new(0, 1);
    /// <summary>Claimed when the database went away; given back as soon as it can be written again.</summary>
    private readonly List<WorkItem> unreturned = [];

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Takes back what a process that died had claimed, where this one owns the file and nobody else is at it; among nodes the claim runs
    /// out. What failed is tried at once, for a new start is often the mend.
    /// </summary>
    public void Reclaim() => database.Write((c, t) =>
    {
        if (!database.Dialect.IsShared) c.Execute("UPDATE work SET leased_until = 0 WHERE leased_until > 0", transaction: t);
        c.Execute("UPDATE work SET due = @Now WHERE error IS NOT NULL AND due > @Now", new { Now }, t);
    });

    /// <summary>Something may have become due.</summary>
    public void Wake()
    {
        if (wake.CurrentCount == 0)
            try { wake.Release(); } catch (SemaphoreFullException) { /* another thread woke it in between */ }
    }

    /// <summary>Waits until woken, at most <paramref name="most"/>.</summary>
    public Task<bool> Woken(TimeSpan most, CancellationToken cancel) => wake.WaitAsync(most, cancel);

    /// <summary>Runs all that is due now, or what it gets to before it is cancelled. What failed stays, with its reason.</summary>
    /// <exception cref="Exception">An <see cref="Outage"/>: nothing was wrong with the work, and the next call tries again.</exception>
    public WorkDone RunDue(CancellationToken cancel = default)
    {
        var ran = 0;
        var failed = new List<FailedWork>();
        while (!cancel.IsCancellationRequested)
        {
            var items = database.Write((c, t) =>
            {
                if (unreturned.Count > 0) WorkQueue.GiveBack(c, t, unreturned);
                return WorkQueue.Claim(c, t, Now, kind => byKind.GetValueOrDefault(kind) is not { } known ? 1
                    : database.Dialect.IsShared ? known.TogetherAmongNodes : known.Together);
            });
            unreturned.Clear();
            if (items.Count == 0) break;
            ran += items.Count;
            try
            {
                Run(items, failed, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                // Whoever comes next need not wait until the claim runs out.
                database.Write((c, t) => WorkQueue.GiveBack(c, t, items));
            }
            catch (Exception failure) when (Outage.Is(failure))
            {
                unreturned.AddRange(items);
                throw;
            }
        }
        return new(ran, failed);
    }

    /// <summary>Together first; when that fails each alone, so that only the one at fault fails, with its own reason.</summary>
    private void Run(IReadOnlyList<WorkItem> items, List<FailedWork> failed, CancellationToken cancel)
    {
        try
        {
            byKind[items[0].Kind].Run(items, cancel);
        }
        catch (Exception failure)
            when (!(failure is OperationCanceledException && cancel.IsCancellationRequested) && !Outage.Is(failure))
        {
            if (database.Mend?.Invoke(failure) == true)
            {
                Run(items, failed, cancel);
                return;
            }
            if (items.Count > 1)
            {
                foreach (var item in items) Run([item], failed, cancel);
                return;
            }
            var (kind, subject) = (items[0].Kind, items[0].Subject);
            log.LogError(failure, "Work {Kind} {Subject} failed; it is tried again.", kind, subject);
            database.Write((c, t) => WorkQueue.Fail(c, t, items[0], failure.Message, Now));
            failed.Add(new(kind, subject, failure.Message));
        }
    }

    /// <summary>How far the work that tells its progress has come, as the sum of what is done and of what there is.</summary>
    public (long Done, long Total) Progress()
    {
        using var connection = database.Read();
        return connection.QuerySingle<(long, long)>("SELECT coalesce(sum(done), 0), coalesce(sum(total), 0) FROM work");
    }

    /// <summary>Items that are due and not done, and those that failed.</summary>
    public (long Due, IReadOnlyList<string> Failed) Pending()
    {
        using var connection = database.Read();
        return (
            connection.ExecuteScalar<long>("SELECT count(*) FROM work WHERE due <= @Now", new { Now }),
            connection.Query<string>("SELECT kind || ' ' || subject || ': ' || error FROM work WHERE error IS NOT NULL").ToList());
    }
}
