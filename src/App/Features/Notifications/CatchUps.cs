using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Work;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Notifications;

/// <summary>
/// Tells afterwards, together, what came in somebody's quiet hours. When they end is asked anew at their end: hours and zone may have
/// become others meanwhile. That it is told and that the work is done are one transaction.
/// </summary>
public sealed class CatchUps(Database database, LiveHub live, WorkRunner work, TimeProvider time)
{
    public const string Kind = "quiet-end";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public static void Enqueue(DbConnection connection, DbTransaction transaction, long person, long due) =>
        WorkQueue.Enqueue(connection, transaction, Kind, person.ToString(CultureInfo.InvariantCulture), due);

    /// <summary>Keeps how somebody wants to be told; what waits for the end of hours that are others now is looked at anew.</summary>
    public void Save(long person, NoticePreferences preferences)
    {
        database.Write((c, t) =>
        {
            preferences.Save(c, t, person);
            if (Waits(c, person, t)) Enqueue(c, t, person, Now);
        });
        work.Wake();
    }

    /// <summary>What waits although it is not quiet any more, because the person works elsewhere by now, is told.</summary>
    public void Look(long person)
    {
        using (var connection = database.Read())
            if (!Waits(connection, person) || NoticePreferences.QuietUntil(connection, null, [person], Now).Count > 0) return;
        database.Write((c, t) => Enqueue(c, t, person, Now));
        work.Wake();
    }

    /// <summary>Numbers of those that no page of the person has shown yet.</summary>
    public static List<long> Unshown(DbConnection connection, long person) => connection.Query<long>(
        "SELECT number FROM catch_up WHERE person = @person AND shown_at IS NULL ORDER BY number", new { person }).ToList();

    /// <summary>
    /// The notices of one that are unread and of kinds that toasts tell of, oldest first; marks it as shown. Null where there is none.
    /// It holds the person, as gathering does: what is being shown is not gathered once more into the next.
    /// </summary>
    public List<Notice>? Show(long person, long number) => database.Write((c, t) =>
    {
        PersonLocks.Take(c, t, [new PersonKey(person)]);
        if (c.ExecuteScalar<long>(
            "SELECT count(*) FROM catch_up WHERE person = @person AND number = @number", new { person, number }, t) == 0) return null;
        c.Execute(
            "UPDATE catch_up SET shown_at = @Now WHERE person = @person AND number = @number AND shown_at IS NULL",
            new { Now, person, number }, t);
        var preferences = NoticePreferences.Of(c, person, t);
        return NoticeStore.Waited(c, person, number, t).FindAll(n => IsTold(preferences, n));
    });

    public void Run(IReadOnlyList<WorkItem> items)
    {
        var told = database.Write((c, t) =>
        {
            var people = items.Select(i => long.Parse(i.Subject, CultureInfo.InvariantCulture)).Distinct().Order().ToList();
            PersonLocks.Take(c, t, [.. people.Select(p => new PersonKey(p))]);
            var quiet = NoticePreferences.QuietUntil(c, t, people, Now);
            WorkQueue.Complete(c, t, items);
            var made = new HashSet<long>();
            foreach (var person in people)
                if (quiet.TryGetValue(person, out var end)) Enqueue(c, t, person, end);
                else if (Gather(c, t, person)) made.Add(person);
            OtherNodes.TellNotices(c, t, [.. made.Select(p => new PersonKey(p))]);
            return made;
        });
        if (told.Count > 0) live.HeardAwards(told);
    }

    /// <summary>
    /// One for all that waits, with what an earlier one told that no page has shown. Says whether there is anything to tell.
    /// </summary>
    private bool Gather(DbConnection connection, DbTransaction transaction, long person)
    {
        if (!Waits(connection, person, transaction)) return false;
        var number = connection.ExecuteScalar<long>(
            "SELECT max(number) FROM notice WHERE person = @person AND quiet = 0", new { person }, transaction);
        connection.Execute(
            """
            UPDATE notice SET quiet = @number WHERE person = @person
              AND (quiet = 0 OR quiet IN (SELECT u.number FROM catch_up u WHERE u.person = @person AND u.shown_at IS NULL))
            """, new { person, number }, transaction);
        connection.Execute("DELETE FROM catch_up WHERE person = @person AND shown_at IS NULL", new { person }, transaction);
        var preferences = NoticePreferences.Of(connection, person, transaction);
        if (!NoticeStore.Waited(connection, person, number, transaction).Exists(n => IsTold(preferences, n))) return false;
        connection.Execute(
            """
            INSERT INTO catch_up (person, number, at) VALUES (@person, @number, @Now)
            ON CONFLICT (person, number) DO UPDATE SET at = excluded.at, shown_at = NULL
            """, new { person, number, Now }, transaction);
        return true;
    }

    private static bool IsTold(NoticePreferences preferences, Notice notice) =>
        notice.IsUnread && preferences.Has(NoticeChannel.Toast, NoticeKind.Of(notice.Kind));

    private static bool Waits(DbConnection connection, long person, DbTransaction? transaction = null) => connection.ExecuteScalar<long>(
        "SELECT count(*) FROM (SELECT 1 FROM notice WHERE person = @person AND quiet = 0 LIMIT 1) one", new { person }, transaction) > 0;
}
