using Dapper;
using Laurel.App.Platform.Access;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Tests.Platform;

/// <summary>The few people that tests of pages work with.</summary>
public static class Floor
{
    public const string Password = "correct horse battery";
    private static readonly Lazy<string> Hash = new(() => Passwords.Hash(Password));

    public static void Lay(Database database, long now) => database.Write((c, t) =>
    {
        c.Execute("INSERT INTO site (id, name, zone, closed_through) VALUES ('vilnius', 'Vilnius', 'Europe/Vilnius', @closed)",
            new { closed = SiteClock.Find("Europe/Vilnius")!.WorkdayOf(now).Number - 2 }, t);
        c.Execute("INSERT INTO team (id, name, site) VALUES ('retention', 'Retention', 1), ('care', 'Care', 1)", transaction: t);
        Person("agent", "Greta Agent", "agent", "retention");
        Person("colleague", "Jonas Colleague", "agent", "retention");
        Person("other", "Amara Other", "agent", "care");
        Person("leader", "Ada Leader", "leader", "retention");
        Person("admin", "Priya Admin", "admin", null);

        void Person(string id, string name, string role, string? team)
        {
            c.Execute("INSERT INTO person (id, name, role, created_at) VALUES (@id, @name, @role, @now)", new { id, name, role, now }, t);
            var key = c.ExecuteScalar<long>("SELECT key FROM person WHERE id = @id", new { id }, t);
            if (team is not null)
                c.Execute("INSERT INTO person_team (person, from_day, team) SELECT @key, @from, key FROM team WHERE id = @team",
                    new { key, from = Workday.Beginning.Number, team }, t);
            AccountStore.SetPassword(c, t, key, Hash.Value, mustChange: false);
        }
    });
}
