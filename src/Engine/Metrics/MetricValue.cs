using System.Globalization;
using System.Numerics;
using Laurel.Engine.Kernel;

namespace Laurel.Engine.Metrics;

/// <summary>
/// A metric's exact value: thousandths over something positive. Compared by cross-multiplication, rounded only to be shown.
/// </summary>
public readonly record struct MetricValue(Int128 Numerator, Int128 Denominator) : IComparable<MetricValue>
{
    public static MetricValue Of(Amount amount) => new(amount.Thousandths, 1);

    public int CompareTo(MetricValue other) => Denominator == other.Denominator
        ? Numerator.CompareTo(other.Numerator)
        // A product of two sums over years, as ratios have them, may need more than 128 bits.
        : ((BigInteger)Numerator * (BigInteger)other.Denominator).CompareTo((BigInteger)other.Numerator * (BigInteger)Denominator);

    public int CompareTo(Amount target) => Denominator == 1 ? Numerator.CompareTo(target.Thousandths) : CompareTo(Of(target));

    /// <summary>Half to even, to a thousandth.</summary>
    public Amount Rounded()
    {
        var (quotient, remainder) = Int128.DivRem(Numerator, Denominator);
        var twice = Int128.Abs(remainder) * 2;
        if (twice > Denominator || (twice == Denominator && Int128.IsOddInteger(quotient)))
            quotient += Int128.IsNegative(Numerator) ? -1 : 1;
        // Much divided by a thousandth may be more than an amount holds.
        return new Amount((long)Int128.Clamp(quotient, long.MinValue, long.MaxValue));
    }

    public bool Equals(MetricValue other) => CompareTo(other) == 0;
    public override int GetHashCode() => Rounded().GetHashCode();
    public override string ToString() => Rounded().ToDecimal().ToString("0.###", CultureInfo.InvariantCulture);
}
