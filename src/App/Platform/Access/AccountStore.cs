using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Platform.Access;

/// <summary>Reads who somebody is, and keeps credentials and wrong tries.</summary>
public sealed class AccountStore(Database database, TimeProvider time)
{
    private const int FailuresUntilLocked = 5;
    private const string Utc = "Etc/UTC";
    private static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15), FailuresForgotten = TimeSpan.FromDays(1);

    private readonly RoleStore roles = new();

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Account? Find(long key) => Read("p.key = @key", new { key });

    /// <summary>
    /// By the key that the organisation knows the person by, or by email, or by the key in another case where it is one person's alone.
    /// </summary>
    public Account? Find(string name)
    {
        // One question for all three, or the time that it takes would tell who is there. The databases fold letters in different ways.
        using var connection = database.Read();
        var alike = connection.Query<(long Key, string Id, string? Email)>(
            "SELECT key, id, email FROM person WHERE id = @name OR email = @email OR length(id) = @length ORDER BY key",
            new { name, email = name.ToLowerInvariant(), length = name.EnumerateRunes().Count() })
            .Where(p => string.Equals(p.Id, name, StringComparison.OrdinalIgnoreCase) || IsEmail(p.Email)).ToList();
        var exact = alike.FindIndex(p => string.Equals(p.Id, name, StringComparison.Ordinal));
        if (exact < 0) exact = alike.FindIndex(p => IsEmail(p.Email));
        return exact >= 0 ? Find(alike[exact].Key) : alike.Count == 1 ? Find(alike[0].Key) : null;

        bool IsEmail(string? email) => string.Equals(email, name.ToLowerInvariant(), StringComparison.Ordinal);
    }

    /// <summary>Which day it is, and so which team, is known only once the site is.</summary>
    private Account? Read(string which, object parameters)
    {
        using var connection = database.Read();
        var rows = connection.Query<PersonRow>(
            $"""
            SELECT p.key, p.id, p.name, p.role, p.active, p.lang, p.shares_badges, c.stamp, c.must_change, ps.from_day,
              COALESCE(s.zone, (SELECT zone FROM site ORDER BY key LIMIT 1)) AS zone, {ProductAreas.CountOff} AS areas_off,
              {RoleStore.Version} AS roles_version, {FaceDirectory.Version} AS photos_version
            FROM person p LEFT JOIN credential c ON c.person = p.key
            LEFT JOIN person_site ps ON ps.person = p.key LEFT JOIN site s ON s.key = ps.site
            WHERE {which} ORDER BY p.key, ps.from_day
            """,
            parameters).ToList();
        if (rows is not [var row, ..]) return null;
        var sites = rows.Where(r => r.Key == row.Key).Select(r => (new Workday(r.FromDay), new Site(
            0, "", SiteClock.Find(r.Zone ?? Utc) ?? SiteClock.Find(Utc)!, Workday.Beginning)));
        var (day, here) = new FloorPerson(new(row.Key), row.Id, [.. sites]).WorkdayOf(Now);
        var (today, zone) = (day.Number, here.Clock.Zone.Id);
        var team = connection.QueryFirstOrDefault<TeamRow>(
            """
            SELECT t.key, t.name FROM person_team pt JOIN team t ON t.key = pt.team
            WHERE pt.person = @Key AND pt.from_day <= @today ORDER BY pt.from_day DESC LIMIT 1
            """,
            new { row.Key, today });
        return new Account(
            row.Key, row.Id, row.Name, roles.At(connection, row.RolesVersion).Of(row.Role), row.Active != 0, row.Stamp ?? "",
            row.MustChange != 0, team?.Key, team?.Name, zone, today, row.Lang, row.SharesBadges != 0)
        {
            AchievementsAreOff = ProductAreas.AreAllOff(row.AreasOff), PhotosVersion = row.PhotosVersion,
        };
    }

    public string? PasswordHash(long person)
    {
        using var connection = database.Read();
        return connection.ExecuteScalar<string?>("SELECT password FROM credential WHERE person = @person", new { person });
    }

    /// <summary>Whether anybody can sign in: before that, only the set-up page is there.</summary>
    public bool AnybodyHasPassword()
    {
        using var connection = database.Read();
        return connection.ExecuteScalar<int>(
            "SELECT COUNT(*) FROM (SELECT 1 FROM credential WHERE password IS NOT NULL LIMIT 1) any_one") > 0;
    }

    public bool IsLocked(string name)
    {
        using var connection = database.Read();
        return connection.ExecuteScalar<long?>("SELECT locked_until FROM sign_in_failure WHERE name = @name", new { name }) > Now;
    }

    /// <summary>Counts a wrong try; the fifth locks the name for a quarter of an hour.</summary>
    public void Failed(string name)
    {
        var now = Now;
        database.Write((c, t) =>
        {
            c.Execute("DELETE FROM sign_in_failure WHERE last_at < @before",
                new { before = now - (long)FailuresForgotten.TotalMilliseconds }, t);
            c.Execute(
                """
                INSERT INTO sign_in_failure (name, failures, last_at, locked_until) VALUES (@name, 1, @now, 0)
                ON CONFLICT (name) DO UPDATE SET
                  last_at = @now,
                  failures = CASE WHEN sign_in_failure.failures >= @limit AND sign_in_failure.locked_until <= @now THEN 1
                                  ELSE sign_in_failure.failures + 1 END,
                  locked_until = CASE WHEN sign_in_failure.locked_until > @now THEN sign_in_failure.locked_until
                                      WHEN sign_in_failure.failures = @limit - 1 THEN @locked ELSE 0 END
                """,
                new { name, now, limit = FailuresUntilLocked, locked = now + (long)LockedFor.TotalMilliseconds }, t);
        });
    }

    /// <summary>Forgets wrong tries, notes the visit, and gives the stamp that the session carries.</summary>
    public string SignedIn(long person, string name)
    {
        var now = Now;
        return database.Write((c, t) =>
        {
            c.Execute("DELETE FROM sign_in_failure WHERE name = @name", new { name }, t);
            c.Execute(
                """
                INSERT INTO credential (person, stamp, last_seen) VALUES (@person, @stamp, @now)
                ON CONFLICT (person) DO UPDATE SET last_seen = @now
                """,
                new { person, stamp = Passwords.NewStamp(), now }, t);
            return c.ExecuteScalar<string>("SELECT stamp FROM credential WHERE person = @person", new { person }, t)!;
        });
    }

    /// <summary>Sets the password and ends all sessions of the person; gives the new stamp.</summary>
    public static string SetPassword(DbConnection connection, DbTransaction transaction, long person, string hash, bool mustChange)
    {
        var stamp = Passwords.NewStamp();
        connection.Execute(
            """
            INSERT INTO credential (person, password, must_change, stamp) VALUES (@person, @hash, @must, @stamp)
            ON CONFLICT (person) DO UPDATE SET password = @hash, must_change = @must, stamp = @stamp
            """,
            new { person, hash, must = mustChange ? 1 : 0, stamp }, transaction);
        Unlock(connection, transaction, person);
        return stamp;
    }

    /// <summary>Forgets the wrong tries of a person; false where there were none.</summary>
    public static bool Unlock(DbConnection connection, DbTransaction transaction, long person) => connection.Execute(
        "DELETE FROM sign_in_failure WHERE name = (SELECT id FROM person WHERE key = @person)", new { person }, transaction) > 0;

    /// <summary>After a change of role or of being active: whoever is signed in must sign in again.</summary>
    public static void EndSessions(DbConnection connection, DbTransaction transaction, long person) =>
        connection.Execute(
            "UPDATE credential SET stamp = @stamp WHERE person = @person", new { person, stamp = Passwords.NewStamp() }, transaction);

    private sealed record PersonRow
    {
        public long AreasOff { get; init; }
        public string? RolesVersion { get; init; }
        public string? PhotosVersion { get; init; }
        public long Key { get; init; }
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public long Active { get; init; }
        public string? Lang { get; init; }
        public long SharesBadges { get; init; }
        public string? Stamp { get; init; }
        public long MustChange { get; init; }
        public int FromDay { get; init; }
        public string? Zone { get; init; }
    }

    private sealed record TeamRow
    {
        public long Key { get; init; }
        public string Name { get; init; } = "";
    }
}
