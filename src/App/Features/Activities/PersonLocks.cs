using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>
/// Whoever changes what a person's awards depend on holds that person to the end of the transaction, taken in the order of keys before
/// anything of theirs is read: so that two nodes never each see half of what a rule needs, and never wait for each other.
/// </summary>
public static class PersonLocks
{
    public static void Take(DbConnection connection, DbTransaction transaction, IReadOnlyCollection<PersonKey> people)
    {
        var dialect = Dialect.Of(connection);
        if (dialect.IsShared) dialect.LockRows(connection, transaction, "person", [.. people.Select(p => p.Value)]);
    }

    /// <summary>
    /// Holds the names of people who are not known, so that nobody makes one of them while activities are put aside for them,
    /// or the other way round.
    /// </summary>
    public static void TakeNames(DbConnection connection, DbTransaction transaction, IEnumerable<string> names)
    {
        var dialect = Dialect.Of(connection);
        if (!dialect.IsShared) return;
        foreach (var number in names.Select(n => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(n)))).Distinct().Order())
            dialect.Lock(connection, transaction, number, shared: false);
    }
}
