using System.Data.Common;
using Dapper;
using Laurel.Storage;

namespace Laurel.App.Platform.Work;

/// <summary>One kind of job. Whatever it writes has a unique key, so that running it twice is running it once.</summary>
/// <param name="Run">Handles claimed items and completes them with <see cref="WorkQueue.Complete"/> in its last transaction.</param>
public sealed record WorkKind(string Kind, Action<IReadOnlyList<WorkItem>, CancellationToken> Run);

/// <summary>Runs what is due, on a node that serves or at the end of a verb.</summary>
public sealed class WorkRunner(Database database, IEnumerable<WorkKind> kinds, TimeProvider time, ILogger<WorkRunner> log)
{
    private const int Most = 200;
    private readonly Dictionary<string, WorkKind> byKind = kinds.ToDictionary(k => k.Kind, StringComparer.Ordinal);
    private readonly SemaphoreSlim wake = new(0, 1);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Takes back what a process that died had claimed: this one owns the file, so nobody else is at it.</summary>
    public void Reclaim() => database.Write((c, t) =>
        c.Execute("UPDATE work SET leased_until = 0 WHERE leased_until > 0", transaction: t));

    /// <summary>Something may have become due.</summary>
    public void Wake()
    {
        if (wake.CurrentCount == 0)
            try { wake.Release(); } catch (SemaphoreFullException) { /* another thread woke it in between */ }
    }

    /// <summary>Waits until woken, at most <paramref name="most"/>.</summary>
    public Task<bool> Woken(TimeSpan most, CancellationToken cancel) => wake.WaitAsync(most, cancel);

    /// <summary>Runs all that is due now; says how many items ran. What failed stays, with its reason.</summary>
    public int RunDue(CancellationToken cancel = default)
    {
        var ran = 0;
        while (!cancel.IsCancellationRequested)
        {
            var items = database.Write((c, t) => WorkQueue.Claim(c, t, Now, Most));
            if (items.Count == 0) break;
            ran += items.Count;
            try
            {
                byKind[items[0].Kind].Run(items, cancel);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.LogError(failure, "Work of kind {Kind} failed; it is tried again.", items[0].Kind);
                database.Write((c, t) =>
                {
                    foreach (var item in items) WorkQueue.Fail(c, t, item, failure.Message, Now);
                });
            }
        }
        return ran;
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
