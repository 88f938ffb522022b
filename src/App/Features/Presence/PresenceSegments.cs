using System.Data.Common;
using System.Globalization;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Engine.Presence;

namespace Laurel.App.Features.Presence;

/// <summary>
/// Makes segments of status changes: activities of a type of Laurel's own, so that metrics, awards, late work, corrections and moves take
/// them as any other. What is kept of some workdays is compared with what should be, in the transaction that changed something.
/// </summary>
internal static class PresenceSegments
{
    /// <summary>Workdays on which a change at an instant can make a difference.</summary>
    public static PresenceDays Touched(FloorPerson person, PresenceRules rules, long at) =>
        new(person.Key, new(person.WorkdayOf(at - rules.Longest).Day, person.WorkdayOf(at + rules.Longest).Day));

    /// <summary>The same days, each once: stretches of a person that touch are one.</summary>
    public static List<PresenceDays> Joined(IEnumerable<PresenceDays> spans)
    {
        var joined = new List<PresenceDays>();
        foreach (var one in spans.OrderBy(s => s.Person).ThenBy(s => s.Days.First))
            if (joined.Count > 0 && joined[^1] is var last && last.Person == one.Person && one.Days.First <= last.Days.Last.Plus(1))
                joined[^1] = last with { Days = last.Days with { Last = Workday.Max(last.Days.Last, one.Days.Last) } };
            else joined.Add(one);
        return joined;
    }

    /// <summary>What is to be written on these days, and what is to go. What is open is due when it ends by itself.</summary>
    /// <param name="spans">The person's rows are held.</param>
    public static (List<IncomingActivity> Fresh, List<KeptActivity> Stale) Compare(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, IReadOnlyList<PresenceDays> spans, long now)
    {
        var (fresh, stale) = (new List<IncomingActivity>(), new List<KeptActivity>());
        if (snapshot.Rules.Presence is not { } rules) return (fresh, stale);
        foreach (var (key, kept) in PresenceStore.About(connection, transaction, snapshot, spans))
        {
            var person = snapshot.Floor.Person(key)!;
            var own = spans.Where(s => s.Person == key).Select(s => s.Days).ToList();
            var should = new Dictionary<(Workday, long), IncomingActivity>();
            var due = new Dictionary<Workday, long>();
            foreach (var segment in Of(person, kept.Changes, kept.Segments, rules, snapshot.Rules.Horizon, now))
            {
                if (!own.Exists(d => d.Contains(segment.Day))) continue;
                if (segment.IsOpen) due[segment.Day] = Math.Min(due.GetValueOrDefault(segment.Day, long.MaxValue), segment.Until);
                else should.Add((segment.Day, segment.At), Activity(person, rules, segment));
            }
            foreach (var stored in kept.Segments)
                if (!own.Exists(d => d.Contains(stored.Day)) || stored.Day < snapshot.Rules.Horizon) continue;
                else if (should.TryGetValue((stored.Day, stored.At), out var same) && IsSame(same, stored))
                    should.Remove((stored.Day, stored.At));
                else stale.Add(stored);
            fresh.AddRange(should.Values);
            foreach (var (day, at) in due) ClosePresence.Enqueue(connection, transaction, key, day, at);
        }
        return (fresh, stale);
    }

    /// <summary>The segments that are kept, and those that are open: not those of who is offline.</summary>
    public static IEnumerable<Segment> Of(
        FloorPerson person, IEnumerable<KeptActivity> changes, IEnumerable<KeptActivity> segments, PresenceRules rules, Workday horizon,
        long now) => All(person, changes, segments, rules, horizon, now).Where(s => rules.Keeps(s.Status));

    /// <summary>
    /// All segments, nothing of before the retention horizon. What was carried into the horizon's day by a change that is gone stays as
    /// it was counted; later work can but cut it short.
    /// </summary>
    /// <param name="cut">How changes become segments.</param>
    public static List<Segment> All(
        FloorPerson person, IEnumerable<KeptActivity> changes, IEnumerable<KeptActivity> segments, PresenceRules rules, Workday horizon,
        long now, Func<IReadOnlyList<StatusChange>, PersonDays, long, long, IEnumerable<Segment>>? cut = null)
    {
        var kept = changes.Where(c => c.Day >= horizon).Select(c => new StatusChange(c.Order, StatusOf(c)))
            .OrderBy(c => c.Order).ToList();
        var days = DaysOf(person, horizon);
        var all = (cut ?? Segment.Of)(kept, days, rules.Longest, now).ToList();
        if (horizon == Workday.Beginning) return all;
        foreach (var stored in segments.Where(s => s.Day == horizon))
        {
            var from = FromOf(stored);
            if (days.NextMidnight(from - 1) != from || !rules.Keeps(StatusOf(stored))
                || kept.Exists(c => from - rules.Longest <= c.At && c.At <= from)) continue;
            var end = stored.At + 1;
            var until = kept.FirstOrDefault(c => c.At > from) is { Status: not null } next ? Math.Min(next.At, end) : end;
            var isSaid = until < end || kept.Exists(c => c.At == until) || !IsForgotten(stored);
            all.Add(new(StatusOf(stored), horizon, from, until, false, false, isSaid));
        }
        return all;
    }

    /// <summary>Workdays of before the horizon are part of its first day, as whatever is moved behind it.</summary>
    private static PersonDays DaysOf(FloorPerson person, Workday horizon) =>
        new(at => Workday.Max(person.WorkdayOf(at).Day, horizon), person.NextMidnight);

    public static string StatusOf(KeptActivity one)
    {
        foreach (var label in one.Body.Labels)
            if (string.Equals(label.Name, PresenceTypes.Status, StringComparison.Ordinal)) return label.Text;
        return "";
    }

    private static bool IsForgotten(KeptActivity segment) => segment.Body.Measures.Any(m => m.Name == PresenceTypes.Forgotten);

    private static long FromOf(KeptActivity segment) =>
        segment.At + 1 - segment.Body.Measures.First(m => m.Name == PresenceTypes.Seconds).Amount.Thousandths;

    /// <summary>A segment as an activity; a thousandth of a second is a millisecond, so that nothing is rounded.</summary>
    public static IncomingActivity Activity(FloorPerson person, PresenceRules rules, Segment segment)
    {
        var (rule, length) = (rules.Statuses[segment.Status], DayPresence.Seconds(segment.Length));
        var measures = new List<Measure> { new(PresenceTypes.Seconds, length) };
        if (rule.CountsOnline) measures.Add(new(PresenceTypes.Online, length));
        if (rule.Kind == StatusKind.Pause)
        {
            measures.Add(new(PresenceTypes.Pause, length));
            measures.Add(new(PresenceTypes.Pauses, segment.Begins ? Amount.One : Amount.Zero));
        }
        if (!segment.IsSaid) measures.Add(new(PresenceTypes.Forgotten, length));
        return new(PresenceTypes.Source, IdOf(person.Key, segment.From), PresenceTypes.Segment, person.Id, null, segment.At, measures,
            [new(PresenceTypes.Status, segment.Status)]);
    }

    private static ActivityId IdOf(PersonKey person, long from) =>
        ActivityId.Of(string.Create(CultureInfo.InvariantCulture, $"{person.Value}/{from}"));

    public static bool IsSame(IncomingActivity should, KeptActivity stored) =>
        should.Id == stored.Id && should.Measures.SequenceEqual(stored.Body.Measures) && should.Labels.SequenceEqual(stored.Body.Labels);
}
