using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Achievements;

/// <summary>What a rule may say and is seldom what was meant. Nothing is refused for it; whoever makes the rule is told.</summary>
public abstract record Doubt
{
    private Doubt()
    {
    }

    /// <summary>A limit between two whole numbers, of what counts whole ones.</summary>
    /// <param name="Same">The whole number at which the limit is in truth.</param>
    public sealed record PartOfOne(MetricKey Metric, Amount Limit, Amount Same) : Doubt;

    /// <summary>A limit below 0, of what is never below it: everybody keeps it, or nobody can.</summary>
    public sealed record BelowNothing(MetricKey Metric, Amount Limit) : Doubt;

    /// <summary>Nothing that was done until then counts.</summary>
    public sealed record Ahead(Workday From) : Doubt;

    /// <param name="from">The first workday that counts; null for those after the rule is turned on.</param>
    public static IEnumerable<Doubt> Of(Rule rule, Func<MetricKey, Metric> metrics, Workday? from, Workday today)
    {
        foreach (var (key, limit, isLeast) in rule.Limits())
        {
            var metric = metrics(key);
            var isCounted = metric is { External: false, Aggregate: Aggregate.Count or Aggregate.Distinct };
            if (limit < Amount.Zero && (isCounted || (metric.NeverNegative && metric.Aggregate != Aggregate.Ratio)))
                yield return new BelowNothing(key, limit);
            else if (isCounted && limit.Thousandths % 1000 != 0)
                yield return new PartOfOne(key, limit, new((limit.Thousandths / 1000 + (isLeast ? 1 : 0)) * 1000));
        }
        if (from > today) yield return new Ahead(from.Value);
    }
}
