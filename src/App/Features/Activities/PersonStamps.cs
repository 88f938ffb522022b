using System.Data.Common;
using Dapper;
using Laurel.Engine.Kernel;
using Laurel.App.Platform.Catalogue;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>
/// Who has changed since: new work, a version, a void, a replay, a move. Whoever decides from a snapshot and writes later asks by it.
/// Memory of the process is enough where one process owns the database, and everything here but the reading happens under its
/// write lock. Where nodes share it, new work shows by its key, and other changes by a row each.
/// </summary>
public sealed class PersonStamps(Database database)
{
    private readonly Dictionary<PersonKey, long> stamps = [];
    private long last;

    /// <summary>Where the numbers stood. Whatever came after it has a greater one.</summary>
    public readonly record struct Reading(long Activity, long Change);

    /// <summary>
    /// To be read before the snapshot. It waits for the transactions under way: one that has counted and not yet committed would be in
    /// this reading and missing from the snapshot.
    /// </summary>
    public Reading Read() => database.Write((c, t) =>
    {
        if (!database.Dialect.IsShared) return new Reading(0, last);
        Rulebook.Hold(c, t);
        return c.QuerySingle<Reading>(
            """
            SELECT (SELECT coalesce(max(key), 0) FROM activity) AS activity,
              (SELECT coalesce(max(number), 0) FROM person_change) AS change
            """, transaction: t);
    });

    /// <summary>In the writing transaction, before its commit; where it is undone, somebody is decided once more for nothing.</summary>
    public void Advance(DbConnection connection, DbTransaction transaction, IReadOnlyCollection<PersonKey> people) =>
        Advance(connection, transaction, people, people);

    /// <param name="people">All who changed.</param>
    /// <param name="others">Those of them who changed in another way than by a new activity.</param>
    public void Advance(
        DbConnection connection, DbTransaction transaction, IReadOnlyCollection<PersonKey> people, IReadOnlyCollection<PersonKey> others)
    {
        if (people.Count == 0) return;
        if (Dialect.Of(connection).IsShared)
        {
            connection.Execute("INSERT INTO person_change (person) VALUES (@Value)", others, transaction);
            return;
        }
        last++;
        foreach (var person in people) stamps[person] = last;
    }

    /// <summary>Who of them has changed since; in the transaction that is about to write about them and holds them.</summary>
    public IReadOnlySet<PersonKey> Changed(
        DbConnection connection, DbTransaction transaction, IReadOnlyCollection<PersonKey> people, Reading since) =>
            Dialect.Of(connection).IsShared
        ? connection.Query<long>(
            """
            SELECT person FROM activity WHERE key > @Activity AND person = ANY(@people)
            UNION SELECT person FROM person_change WHERE number > @Change AND person = ANY(@people)
            """, new { since.Activity, since.Change, people = people.Select(p => p.Value).ToArray() }, transaction)
            .Select(p => new PersonKey(p)).ToHashSet()
        : people.Where(p => stamps.TryGetValue(p, out var stamp) && stamp > since.Change).ToHashSet();
}
