using Laurel.Engine.Kernel;

namespace Laurel.Engine.Achievements;

/// <summary>Switching a rule on and off, by whole workdays. Spans are in order and disjoint.</summary>
public static class Enabling
{
    public static bool IsOn(IReadOnlyList<EnabledSpan> spans) => spans.Count > 0 && spans[^1].Until is null;

    /// <summary>
    /// Spans of a rule that is switched on: the first one begins with its history, a later one today. Null when it is on already.
    /// </summary>
    public static IReadOnlyList<EnabledSpan>? On(IReadOnlyList<EnabledSpan> spans, Workday first, Workday today)
    {
        if (IsOn(spans)) return null;
        if (spans.Count == 0) return [new(first, null)];
        // Off and on again within a day leaves no gap: a period that holds this day is decided as ever.
        return spans[^1].Until >= today ? [.. spans.SkipLast(1), spans[^1] with { Until = null }] : [.. spans, new(today, null)];
    }

    /// <summary>Spans of a rule that is switched off: nothing of today earns. Null when it is off already.</summary>
    public static IReadOnlyList<EnabledSpan>? Off(IReadOnlyList<EnabledSpan> spans, Workday today)
    {
        if (!IsOn(spans)) return null;
        // One that began today ends before it began: it is taken away.
        return spans[^1].From >= today ? [.. spans.SkipLast(1)] : [.. spans.SkipLast(1), spans[^1] with { Until = today }];
    }
}
