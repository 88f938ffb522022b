using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>
/// A number per person that grows in every transaction that changes what the person's awards depend on: new work, a version, a void, a
/// replay, a move. Who decides from a snapshot and writes later asks by it who has changed meanwhile. Memory of the process is enough
/// where one process owns the database, and everything here but the reading happens under its write lock.
/// </summary>
public sealed class PersonStamps(Database database)
{
    private readonly Dictionary<PersonKey, long> stamps = [];
    private long last;

    /// <summary>Where the numbers stood. Whatever came after it has a greater one.</summary>
    public readonly record struct Reading(long Last);

    /// <summary>
    /// To be read before the snapshot. It waits for the transaction under way: one that has counted and not yet committed would be in
    /// this reading and missing from the snapshot.
    /// </summary>
    public Reading Read() => database.Write((_, _) => new Reading(last));

    /// <summary>In the writing transaction, before its commit; where it is undone, somebody is decided once more for nothing.</summary>
    public void Advance(IReadOnlyCollection<PersonKey> people)
    {
        if (people.Count == 0) return;
        last++;
        foreach (var person in people) stamps[person] = last;
    }

    /// <summary>Who of them has changed since; in the transaction that is about to write about them.</summary>
    public IReadOnlySet<PersonKey> Changed(IEnumerable<PersonKey> people, Reading since) =>
        people.Where(p => stamps.TryGetValue(p, out var stamp) && stamp > since.Last).ToHashSet();
}
