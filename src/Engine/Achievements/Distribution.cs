using Laurel.Engine.Kernel;

namespace Laurel.Engine.Achievements;

/// <summary>Values from <paramref name="From"/> up to, not including, <paramref name="Until"/>.</summary>
/// <param name="Until">Null for the last column, which holds everything above.</param>
/// <param name="Tier">
/// The highest tier whose target its values reach, 0 for none; told by its better end, as a target may lie inside.
/// </param>
public readonly record struct Column(Amount From, Amount? Until, int Count, int Tier);

/// <summary>A target and which part of the values reaches it.</summary>
/// <param name="Share">In thousandths of a percent.</param>
public readonly record struct Reach(Amount Target, int Count, Amount Share);

/// <summary>
/// How values lie beside the targets of a rule, in columns of equal width, and which targets would be reached by about so many of them.
/// </summary>
/// <param name="From">Where the axis begins.</param>
/// <param name="Width">Of a column.</param>
/// <param name="Reached">Of each target that there is.</param>
/// <param name="Suggested">As many targets as there are, each harder than the one before; empty where there is too little to go by.</param>
public sealed record Distribution(
    Amount From, Amount Width, IReadOnlyList<Column> Columns, IReadOnlyList<Reach> Reached, IReadOnlyList<Reach> Suggested)
{
    private const int MostColumns = 20;

    /// <summary>Below this a suggestion would be a guess.</summary>
    public const int FewestValues = 20;

    /// <summary>About half, a fifth, a twentieth; of a single target a fifth.</summary>
    private static readonly decimal[] Shares = [0.5m, 0.2m, 0.05m];

    public int Total => Columns.Sum(c => c.Count);

    /// <summary>Where the axis ends.</summary>
    public Amount Until => new(From.Thousandths + Width.Thousandths * Columns.Count);

    /// <param name="targets">Each harder than the one before; none where there is nothing to reach.</param>
    /// <param name="rising">More is better.</param>
    /// <param name="least">Below it nothing is suggested; above nothing where it is not said and more is better.</param>
    /// <param name="most">Above it nothing is suggested.</param>
    /// <returns>Null without values.</returns>
    public static Distribution? Of(
        IReadOnlyCollection<Amount> values, IReadOnlyList<Amount> targets, bool rising, Amount? least = null, Amount? most = null)
    {
        if (values.Count == 0) return null;
        var sorted = values.Select(v => v.Thousandths).Order().ToArray();
        // A few that are far out would press all others into one column: they go into the last one.
        var high = Math.Max(sorted[sorted.Length * 99 / 100], targets.Count == 0 ? long.MinValue : targets.Max(t => t.Thousandths));
        var low = Math.Min(sorted[0], targets.Count == 0 ? long.MaxValue : targets.Min(t => t.Thousandths));
        // From nothing, where that is not far away.
        if (low > 0 && low <= high / 2) low = 0;
        var whole = sorted.All(v => v % 1000 == 0) && targets.All(t => t.Thousandths % 1000 == 0);
        var width = WidthOf(high - low, whole ? 1000 : 1);
        var from = Floor(low, width);
        var columns = new int[(int)((high - from) / width) + 1];
        foreach (var value in sorted) columns[Math.Min(columns.Length - 1, (int)((value - from) / width))]++;
        return new(new(from), new(width),
            [.. columns.Select((count, i) =>
            {
                var (begins, ends) = (from + i * width, from + (i + 1) * width);
                var isLast = i == columns.Length - 1;
                return new Column(new(begins), isLast && sorted[^1] >= ends ? null : new Amount(ends), count,
                    TierOf(rising ? ends - (whole ? 1000 : 1) : begins, targets, rising));
            })],
            [.. targets.Select(t => ReachOf(sorted, t.Thousandths, rising))],
            Suggest(sorted, targets.Count, rising, whole, least?.Thousandths, (most ?? Largest).Thousandths));
    }

    private static int TierOf(long value, IReadOnlyList<Amount> targets, bool rising) =>
        targets.Count(t => rising ? value >= t.Thousandths : value <= t.Thousandths);

    /// <summary>1, 2 or 5 with noughts, so that there are at most so many columns.</summary>
    private static long WidthOf(long span, long least)
    {
        var width = least;
        while (span / width >= MostColumns)
            width = Leading(width) == 2 ? width / 2 * 5 : width * 2;
        return width;
    }

    private static long Leading(long number)
    {
        while (number >= 10) number /= 10;
        return number;
    }

    private static long Floor(long value, long width) => (value >= 0 ? value / width : -((-value + width - 1) / width)) * width;

    private static Reach ReachOf(long[] sorted, long target, bool rising)
    {
        var below = FirstIndex(sorted, rising ? target : target + 1);
        var count = rising ? sorted.Length - below : below;
        return new(new(target), count, new((long)(100_000m * count / sorted.Length)));
    }

    /// <summary>Index of the first value that is at least so much.</summary>
    private static int FirstIndex(long[] sorted, long value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sorted[middle] < value) low = middle + 1; else high = middle;
        }
        return low;
    }

    private static readonly Amount Largest = Amount.Of(Amount.Limit)!.Value;

    private static IReadOnlyList<Reach> Suggest(long[] sorted, int tiers, bool rising, bool whole, long? least, long most)
    {
        if (tiers == 0 || sorted.Length < FewestValues) return [];
        var found = new List<Reach>();
        foreach (var share in tiers == 1 ? [Shares[1]] : Shares.Take(tiers))
        {
            var nth = Math.Clamp((int)Math.Ceiling(share * sorted.Length), 1, sorted.Length);
            var value = rising ? sorted[^nth] : sorted[nth - 1];
            var step = Step(Math.Abs(value), whole ? 1000 : 1);
            var rounded = Floor(value + step / 2, step);
            if (found.Count > 0)
                rounded = rising ? Math.Max(rounded, found[^1].Target.Thousandths + step)
                    : Math.Min(rounded, found[^1].Target.Thousandths - step);
            // A target is above nothing.
            if (rising && rounded < (least ?? 1)) rounded = least ?? step;
            if ((!rising && rounded < 0) || rounded > most) return [];
            found.Add(ReachOf(sorted, rounded, rising));
        }
        return found;
    }

    /// <summary>1 or 5 with noughts, at most a twentieth of the value.</summary>
    private static long Step(long value, long least)
    {
        var step = least;
        while (step * 200 <= value) step *= 10;
        return step * 100 <= value ? step * 5 : step;
    }
}
