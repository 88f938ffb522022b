using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Digests;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Digests;

/// <summary>
/// Notes each digest once when it is due, however many nodes look: that it is noted and that its time is taken care of are one
/// transaction. What is noted <see cref="SendDigests"/> sends. In every process, for any may come upon the work that is due.
/// </summary>
public sealed class DueDigests(Database database, CatalogueStore catalogue, WorkRunner work, TimeProvider time)
{
    public const string Kind = "digest";

    /// <summary>What is later than this is not sent any more: nobody wants the morning's mail in the evening.</summary>
    public static readonly TimeSpan TooLate = TimeSpan.FromHours(6);

    private static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Keeps what somebody wants from now on: what was due before is not made up for.</summary>
    public void Save(long person, DigestKind kind, bool isOn, DigestSchedule schedule)
    {
        database.Write((c, t) =>
        {
            var wanted = new DigestSubscription(isOn, schedule, Now);
            wanted.Save(c, t, person, kind);
            if (isOn) Enqueue(c, t, person, kind, schedule, wanted.DoneThrough);
        });
        work.Wake();
    }

    /// <summary>Off, whatever the schedule; nothing changes where nobody subscribed.</summary>
    public void Unsubscribe(long person, DigestKind kind) => database.Write((c, t) =>
    {
        c.Execute("UPDATE digest_subscription SET is_on = 0 WHERE person = @person AND kind = @kind", new { person, kind = kind.Id() }, t);
        c.Execute("UPDATE digest SET state = 'off' WHERE person = @person AND kind = @kind AND state = 'waiting'",
            new { person, kind = kind.Id() }, t);
    });

    /// <summary>When the next one comes, in UTC milliseconds.</summary>
    public long Next(DbConnection connection, long person, DigestSubscription wanted)
    {
        var (floor, now) = (catalogue.Current(connection).Floor, Now);
        return wanted.Schedule.Next(ClockOf(floor, person, now), Math.Max(now, wanted.DoneThrough));
    }

    /// <summary>The last due time before an instant; both in UTC milliseconds.</summary>
    public long Before(DbConnection connection, long person, DigestSchedule schedule, long due) =>
        schedule.Last(ClockOf(catalogue.Current(connection).Floor, person, due), due - 1);

    public void Run(IReadOnlyList<WorkItem> items) => database.Write((c, t) =>
    {
        var (floor, now) = (catalogue.Current(c, t).Floor, Now);
        var again = new List<(long Person, DigestKind Kind, DigestSchedule Schedule)>();
        // In one order, whatever the order of the queue; and before the queue, as whoever saves does.
        foreach (var (person, kind) in items.Select(i => Read(i.Subject)).Order())
        {
            if (DigestSubscription.Find(c, t, person, kind, forUpdate: true) is not { IsOn: true } wanted) continue;
            // After a long pause only the newest of those that were missed.
            var due = wanted.Schedule.Last(ClockOf(floor, person, now), now);
            if (due > wanted.DoneThrough)
            {
                c.Execute(
                    """
                    INSERT INTO digest (person, kind, due, state, try_at) VALUES (@person, @kind, @due, @state, @due)
                    ON CONFLICT (person, kind, due) DO NOTHING
                    """, new { person, kind = kind.Id(), due, state = now - due > TooLate.TotalMilliseconds ? "late" : "waiting" }, t);
                (wanted with { DoneThrough = due }).Save(c, t, person, kind);
                c.Execute("DELETE FROM digest WHERE person = @person AND kind = @kind AND due < @before",
                    new { person, kind = kind.Id(), before = due - (long)Kept.TotalMilliseconds }, t);
            }
            again.Add((person, kind, wanted.Schedule));
        }
        WorkQueue.Complete(c, t, items);
        foreach (var (person, kind, schedule) in again) Enqueue(c, t, person, kind, schedule, now);
    });

    /// <summary>
    /// Looked at as soon as it is the time on the clock of any site: by then the person may work there. Who does not is looked at again.
    /// </summary>
    private void Enqueue(
        DbConnection connection, DbTransaction transaction, long person, DigestKind kind, DigestSchedule schedule, long after)
    {
        var sites = catalogue.Current(connection, transaction).Floor.Sites;
        if (sites.Count == 0) return;
        WorkQueue.Enqueue(connection, transaction, Kind, string.Create(CultureInfo.InvariantCulture, $"{person} {kind.Id()}"),
            sites.Min(site => schedule.Next(site.Clock, after)));
    }

    private static SiteClock ClockOf(Floor floor, long person, long at) => floor.ClockOf(new PersonKey(person), at);

    private static (long Person, DigestKind Kind) Read(string subject)
    {
        var parts = subject.Split(' ');
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), DigestKinds.Find(parts[1]) ?? DigestKind.Own);
    }
}
