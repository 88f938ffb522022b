using Laurel.Engine.Kernel;

namespace Laurel.Engine.Achievements;

/// <summary>Which version judges which workday, once the newest conditions are to judge a range of the past.</summary>
public static class Rejudged
{
    /// <summary>
    /// The versions of a rule, in order, each with the workday that it begins on: the newest from the range's first workday on, and after
    /// the range again the one of that day. Null where the newest judges all of the range already, or nothing of it counts.
    /// </summary>
    /// <param name="range">Whole workdays; one that has no end leaves the newest in force for good.</param>
    public static IReadOnlyList<(RuleVersion Version, Workday From)>? ByNewest(RuleHistory rule, WorkdaySpan range)
    {
        var newest = rule.Versions[^1];
        var first = Workday.Max(Workday.Max(range.First, rule.CountsFrom), rule.Horizon);
        if (range.Last < first || rule.Versions.Count == 1 || newest.Effective <= first) return null;
        var after = range.Last == Workday.End ? null : rule.InForce(range.Last.Plus(1));
        // The first is in force from the beginning of history, whatever day it says.
        var kept = rule.Versions.Where((v, i) => i == 0 ? rule.CountsFrom < first : v.Effective < first).Select(v => (v, v.Effective));
        var resumed = after is null || ReferenceEquals(after, newest)
            ? []
            : rule.Versions.Where(v => v.Effective > range.Last.Plus(1)).Select(v => (v, v.Effective))
                .Prepend((after, range.Last.Plus(1)));
        return [.. kept, (newest, first), .. resumed];
    }

    /// <summary>The rule with these versions, numbered anew.</summary>
    public static RuleHistory With(RuleHistory rule, IReadOnlyList<(RuleVersion Version, Workday From)> versions) => rule with
    {
        Versions = [.. versions.Select((v, i) => v.Version with { Number = i + 1, Effective = v.From })],
    };
}
