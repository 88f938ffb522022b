using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Laurel.Storage;

namespace Laurel.App.Platform.Access;

/// <summary>
/// Notes once a day who used Laurel: a session lasts for weeks, so that signing in alone does not tell. Reports count people by week of it;
/// nothing lists them by name.
/// </summary>
public sealed class Visits(Database database) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, int> noted = new();
    private readonly ConcurrentQueue<(int Day, long Person)> waiting = new();
    private readonly Lock starting = new();
    private Task writing = Task.CompletedTask;
    private bool isWriting;

    /// <summary>Nobody waits for it: in the morning everybody comes at once, and those who do are written together.</summary>
    public void Note(Account person)
    {
        if (noted.TryGetValue(person.Key, out var day) && day == person.Today) return;
        noted[person.Key] = person.Today;
        waiting.Enqueue((person.Today, person.Key));
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
                var some = new List<(int Day, long Person)>();
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

    private void Write(List<(int Day, long Person)> some)
    {
        try
        {
            // In one order, so that nodes do not wait for each other.
            database.Write((c, t) => c.Execute(
                "INSERT INTO visit (day, person) VALUES (@Day, @Person) ON CONFLICT (day, person) DO NOTHING",
                some.Order().Select(v => new { v.Day, v.Person }), t));
        }
        catch (Exception failure) when (failure is DbException || Outage.Is(failure))
        {
            // The next request of each notes it.
            foreach (var (_, person) in some) noted.TryRemove(person, out _);
        }
    }
}
