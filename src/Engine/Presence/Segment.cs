using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.Engine.Presence;

/// <summary>Somebody goes over to a status.</summary>
public readonly record struct StatusChange(ActivityOrder Order, string Status)
{
    /// <summary>UTC milliseconds.</summary>
    public long At => Order.At;
}

/// <summary>A person's workdays: on which an instant lies, and the first instant after it that lies on another.</summary>
public readonly record struct PersonDays(Func<long, Workday> DayOf, Func<long, long> NextMidnight);

/// <summary>Time in one status within one workday.</summary>
/// <param name="From">First instant, in UTC milliseconds.</param>
/// <param name="Until">The first one after it, or of one that is open the one at which it would end by itself.</param>
/// <param name="Begins">False where it goes on from the workday before.</param>
/// <param name="IsOpen">No change has ended it, and neither has time.</param>
/// <param name="IsSaid">
/// Whether a change lies in it, or at its end: false of what came over midnight, and went on or ended by itself.
/// </param>
public readonly record struct Segment(string Status, Workday Day, long From, long Until, bool Begins, bool IsOpen, bool IsSaid)
{
    /// <summary>Milliseconds.</summary>
    public long Length => Until - From;

    /// <summary>
    /// A segment occurs at its last instant: whoever reaches a target by it has reached it then, and it lies on its own workday also
    /// where that ends with it.
    /// </summary>
    public long At => Until - 1;

    /// <summary>
    /// The segments of one person's changes, cut at midnight, in order of time. A status holds until another one, or until nobody has
    /// said it again for <paramref name="longest"/> milliseconds; said again it goes on. Of several changes at one instant the last in
    /// order of occurrence counts. What is still to come of a status that holds is not told, beyond the workday that is open.
    /// </summary>
    /// <param name="changes">In order of occurrence.</param>
    /// <param name="now">What ends by itself has ended when this is past it.</param>
    public static IEnumerable<Segment> Of(IEnumerable<StatusChange> changes, PersonDays days, long longest, long now)
    {
        var said = new List<StatusChange>();
        foreach (var change in changes)
            if (said.Count > 0 && said[^1].At == change.At) said[^1] = change;
            else said.Add(change);
        var last = -1;
        for (var first = 0; first < said.Count; first = last + 1)
        {
            var status = said[last = first].Status;
            while (last + 1 < said.Count && string.Equals(said[last + 1].Status, status, StringComparison.Ordinal)
                && said[last + 1].At - said[last].At <= longest)
                last++;
            var lapses = said[last].At + longest;
            var isEnded = last + 1 < said.Count && said[last + 1].At <= lapses;
            var until = isEnded ? said[last + 1].At : lapses;
            var next = first;
            for (var from = said[first].At; from < until;)
            {
                var to = Math.Min(days.NextMidnight(from), until);
                var isOpen = !isEnded && to > now;
                while (next < said.Count && said[next].At < from) next++;
                var isSaid = next < said.Count && said[next].At <= to;
                yield return new(status, days.DayOf(from), from, to, from == said[first].At, isOpen, isSaid);
                if (isOpen) break;
                from = to;
            }
        }
    }
}
