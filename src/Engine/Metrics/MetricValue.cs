using System.Globalization;
using Laurel.Engine.Kernel;

namespace Laurel.Engine.Metrics;

/// <summary>
/// A metric's exact value: thousandths over a positive count. Compared by cross-multiplication, rounded only to be shown.
/// </summary>
public readonly record struct MetricValue(Int128 Numerator, long Denominator) : IComparable<MetricValue>
{
    public static MetricValue Of(Amount amount) => new(amount.Thousandths, 1);

    public int CompareTo(MetricValue other) =>
        (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public int CompareTo(Amount target) => Numerator.CompareTo((Int128)target.Thousandths * Denominator);

    /// <summary>Half to even, to a thousandth.</summary>
    public Amount Rounded()
    {
        var (quotient, remainder) = Int128.DivRem(Numerator, Denominator);
        var twice = Int128.Abs(remainder) * 2;
        if (twice > Denominator || (twice == Denominator && Int128.IsOddInteger(quotient)))
            quotient += Int128.IsNegative(Numerator) ? -1 : 1;
        return new Amount((long)quotient);
    }

    public bool Equals(MetricValue other) => CompareTo(other) == 0;
    public override int GetHashCode() => Rounded().GetHashCode();
    public override string ToString() => Rounded().ToDecimal().ToString("0.###", CultureInfo.InvariantCulture);
}
