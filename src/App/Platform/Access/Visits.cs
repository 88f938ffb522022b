using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Work;
using Laurel.Storage;

namespace Laurel.App.Platform.Access;

/// <summary>Somebody uses Laurel for the first time of a workday.</summary>
/// <param name="At">When, in Unix milliseconds.</param>
public readonly record struct Visit(int Day, long Person, long At);

/// <summary>Notes more of first visits, in the transaction that notes them: each is given once. What is due of it is done next.</summary>
public delegate void NoteVisits(DbConnection connection, DbTransaction transaction, IReadOnlyList<Visit> visits);

/// <summary>
/// Notes once a day who used Laurel: a session lasts for weeks, so that signing in alone does not tell. Reports count people by week of it.
/// </summary>
public sealed class Visits(Database database, IEnumerable<NoteVisits> also, WorkRunner work) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, int> noted = new();
    private readonly ConcurrentQueue<Visit> waiting = new();
    private readonly Lock starting = new();
    private Task writing = Task.CompletedTask;
    private bool isWriting;

    /// <summary>Nobody waits for it: in the morning everybody comes at once, and those who do are written together.</summary>
    /// <param name="at">When the request began, in Unix milliseconds.</param>
    public void Note(Account person, long at)
    {
        if (noted.TryGetValue(person.Key, out var day) && day == person.Today) return;
        noted[person.Key] = person.Today;
        waiting.Enqueue(new(person.Today, person.Key, at));
        lock (starting)
            if (!isWriting)
            {
                isWriting = true;
                writing = Task.Run(Write);
            }
    }

    public async ValueTask DisposeAsync() => await writing;

    private void Write()
    {
        try
        {
            while (true)
            {
                var some = new List<Visit>();
                while (waiting.TryDequeue(out var one)) some.Add(one);
                if (some.Count > 0) Write(some);
                lock (starting)
                    if (waiting.IsEmpty)
                    {
                        isWriting = false;
                        return;
                    }
            }
        }
        catch
        {
            // The next who comes starts it again.
            lock (starting) isWriting = false;
            throw;
        }
    }

    private void Write(List<Visit> some)
    {
        try
        {
            // In one order, so that nodes do not wait for each other.
            var first = database.Write((c, t) =>
            {
                var written = some.OrderBy(v => v.Day).ThenBy(v => v.Person).Where(v => c.Execute(
                    "INSERT INTO visit (day, person) VALUES (@Day, @Person) ON CONFLICT (day, person) DO NOTHING",
                    new { v.Day, v.Person }, t) > 0).ToList();
                if (written.Count > 0)
                    foreach (var note in also) note(c, t, written);
                return written.Count;
            });
            if (first > 0) work.Wake();
        }
        catch (Exception failure) when (failure is DbException || Outage.Is(failure))
        {
            // The next request of each notes it.
            foreach (var visit in some) noted.TryRemove(visit.Person, out _);
        }
    }
}
