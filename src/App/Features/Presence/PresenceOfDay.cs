using System.Data.Common;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Kernel;
using Laurel.Engine.Presence;

namespace Laurel.App.Features.Presence;

/// <summary>
/// One person's workday as it is now: with what is open counted up to now, which metrics count once it has ended or midnight has come.
/// </summary>
/// <param name="Segments">In order of time, without what is still to come; offline among them.</param>
/// <param name="Present">The one that goes on now; null on another day, or where no status is in force.</param>
/// <param name="Since">When that status began, on an earlier day perhaps.</param>
public sealed record PresenceOfDay(
    Workday Day, IReadOnlyList<Segment> Segments, DayPresence Sum, Segment? Present, long? Since)
{
    /// <summary>Null where no statuses are declared, or nobody has this key.</summary>
    public static PresenceOfDay? Read(DbConnection connection, Snapshot snapshot, PersonKey key, Workday? asked, long now)
    {
        if (snapshot.Rules.Presence is not { } rules || snapshot.Floor.Person(key) is not { } person) return null;
        var today = person.WorkdayOf(now).Day;
        var day = asked ?? today;
        var kept = PresenceStore.About(connection, null, snapshot, [new(key, new(day, day))]).GetValueOrDefault(key) ?? new();
        var all = PresenceSegments.All(person, kept.Changes, kept.Segments, rules, snapshot.Rules.Horizon, now)
            .Where(s => s.From <= now).OrderBy(s => s.From).ToList();
        var own = all.Where(s => s.Day == day).ToList();
        var present = own.Where(s => s.From <= now && now < s.Until).Select(s => (Segment?)s).FirstOrDefault();
        return new(day, own, DayPresence.Of(own, rules, now), present, present is { } goesOn ? BeginOf(all, goesOn) : null);
    }

    private static long BeginOf(List<Segment> all, Segment last)
    {
        var i = all.IndexOf(last);
        while (i > 0 && !all[i].Begins && all[i - 1].Until == all[i].From && all[i - 1].Status == all[i].Status) i--;
        return all[i].From;
    }
}
