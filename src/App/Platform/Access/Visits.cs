using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Laurel.Storage;

namespace Laurel.App.Platform.Access;

/// <summary>
/// Notes once a day who used Laurel: a session lasts for weeks, so that signing in alone does not tell. Reports count people by week of it;
/// nothing lists them by name.
/// </summary>
public sealed class Visits(Database database)
{
    private readonly ConcurrentDictionary<long, int> noted = new();

    public void Note(Account person)
    {
        if (noted.TryGetValue(person.Key, out var day) && day == person.Today) return;
        noted[person.Key] = person.Today;
        try
        {
            database.Write((c, t) => c.Execute("INSERT INTO visit (day, person) VALUES (@Today, @Key) ON CONFLICT (day, person) DO NOTHING",
                new { person.Today, person.Key }, t));
        }
        catch (Exception failure) when (failure is DbException || Outage.Is(failure))
        {
            // A page that can be read is shown all the same; the next request notes it.
            noted.TryRemove(person.Key, out _);
        }
    }
}
