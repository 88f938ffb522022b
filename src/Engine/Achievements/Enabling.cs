using Laurel.Engine.Kernel;

namespace Laurel.Engine.Achievements;

/// <summary>Switching a rule on and off, by whole workdays. Spans are in order and disjoint.</summary>
public static class Enabling
{
    public static bool IsOn(IReadOnlyList<EnabledSpan> spans) => spans.Count > 0 && spans[^1].Until is null;

    /// <summary>
    /// Whether it has never been on, so that history begins when it is switched on. What counts from enabling has been on only
    /// where that has lasted a workday.
    /// </summary>
    /// <param name="history">Its first workday; null for the day of enabling.</param>
    public static bool IsFirst(IReadOnlyList<EnabledSpan> spans, Workday? history) =>
        history is null ? spans.All(s => s.IsEmpty) : spans.Count == 0;

    /// <summary>
    /// Spans of a rule that is switched on: the first one begins with its history, a later one today. Null when it is on already.
    /// </summary>
    /// <param name="history">Its first workday; null for the day of enabling.</param>
    public static IReadOnlyList<EnabledSpan>? On(IReadOnlyList<EnabledSpan> spans, Workday? history, Workday today)
    {
        if (IsOn(spans)) return null;
        if (IsFirst(spans, history)) return [new(history ?? today, null)];
        // Off and on again within a day leaves no gap: a period that holds this day is decided as ever.
        return spans[^1].Until >= today ? [.. spans.SkipLast(1), spans[^1] with { Until = null }] : [.. spans, new(today, null)];
    }

    /// <summary>Spans of a rule that is switched off: nothing of today earns. Null when it is off already.</summary>
    public static IReadOnlyList<EnabledSpan>? Off(IReadOnlyList<EnabledSpan> spans, Workday today)
    {
        if (!IsOn(spans)) return null;
        var last = spans[^1];
        // One that has not lasted a day is taken away; the first stays as an empty one, so that the gap begins with it.
        if (last.From >= today && spans.Count > 1) return [.. spans.SkipLast(1)];
        return [.. spans.SkipLast(1), last with { Until = Workday.Max(last.From, today) }];
    }
}
