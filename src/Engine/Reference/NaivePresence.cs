using Laurel.Engine.Presence;

namespace Laurel.Engine.Reference;

/// <summary>
/// What segments there should be, in the plainest way: time is cut wherever anything could change, each piece is asked what was said last
/// before it, and neighbours that say the same are put together again.
/// </summary>
public static class NaivePresence
{
    public static IEnumerable<Segment> Of(IReadOnlyList<StatusChange> changes, PersonDays days, long longest, long now)
    {
        if (changes.Count == 0) return [];
        var ordered = changes.OrderBy(c => c.Order).ToList();
        var cuts = new SortedSet<long>();
        foreach (var change in ordered)
        {
            cuts.Add(change.At);
            cuts.Add(change.At + longest);
        }
        for (var midnight = days.NextMidnight(cuts.Min); midnight < cuts.Max; midnight = days.NextMidnight(midnight)) cuts.Add(midnight);

        var stretches = new List<List<Segment>>();
        var (next, points) = (0, cuts.ToList());
        for (var i = 0; i + 1 < points.Count; i++)
        {
            while (next < ordered.Count && ordered[next].At <= points[i]) next++;
            var said = ordered[next - 1];
            if (points[i] >= said.At + longest) continue;
            var (day, last) = (days.DayOf(points[i]), stretches.LastOrDefault()?[^1]);
            if (last is not { } before || before.Until != points[i] || before.Status != said.Status)
                stretches.Add([new(said.Status, day, points[i], points[i + 1], true, false, true)]);
            else if (before.Day == day && days.NextMidnight(before.From) > points[i])
                stretches[^1][^1] = before with { Until = points[i + 1] };
            else stretches[^1].Add(new(said.Status, day, points[i], points[i + 1], false, false, false));
        }
        var (found, instants) = (new List<Segment>(), ordered.Select(c => c.At).ToHashSet());
        foreach (var stretch in stretches)
        {
            // Ended by a change, or by nothing but time.
            var isEnded = instants.Contains(stretch[^1].Until);
            found.AddRange(stretch.Where(s => isEnded || s.Until <= now));
            if (!isEnded && stretch.Find(s => s.Until > now) is { Status: not null } open) found.Add(open with { IsOpen = true });
        }
        return found.Select(s => s with { IsSaid = instants.Any(at => s.From <= at && at <= s.Until) });
    }
}
