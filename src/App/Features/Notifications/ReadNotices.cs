using Laurel.Storage;

namespace Laurel.App.Features.Notifications;

/// <summary>
/// Marks notices as read or unread, in one transaction, and has the person's open pages count anew, at other nodes as well. Where nothing
/// changes nothing is written.
/// </summary>
public sealed class ReadNotices(Database database, LiveHub live, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>What somebody has looked at; not what a browser only fetches ahead.</summary>
    public void Looked(HttpContext http, long person, IReadOnlyCollection<long> numbers)
    {
        if (numbers.Count > 0 && !http.Request.Headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.Ordinal))
            Mark(person, numbers, read: true);
    }

    public void Mark(long person, IReadOnlyCollection<long> numbers, bool read) => Change(person, (c, t) => read
        ? NoticeStore.Read(c, t, person, numbers, Now) : NoticeStore.Unread(c, t, person, numbers));

    public void ReadThrough(long person, long number, IReadOnlyCollection<NoticeKind> kinds) =>
        Change(person, (c, t) => NoticeStore.ReadThrough(c, t, person, number, kinds, Now));

    private void Change(long person, Func<System.Data.Common.DbConnection, System.Data.Common.DbTransaction, int> change)
    {
        var isChanged = database.Write((c, t) =>
        {
            var changed = change(c, t);
            if (changed > 0) OtherNodes.TellRead(c, t, person);
            return changed > 0;
        });
        if (isChanged) live.HeardRead(person);
    }
}
