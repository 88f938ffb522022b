using System.Globalization;

namespace Laurel.Engine.Kernel;

/// <summary>
/// A measured quantity in thousandths, e.g. 12.5 seconds is 12,500. Rounded once, half to even, when it enters;
/// integer arithmetic from there on, so that a sum does not depend on the order of its parts.
/// </summary>
public readonly record struct Amount(long Thousandths) : IComparable<Amount>
{
    /// <summary>Largest magnitude that is taken in: 1e9 units.</summary>
    public const decimal Limit = 1_000_000_000m;

    public static readonly Amount Zero;
    public static readonly Amount One = new(1000);

    /// <summary>Rounds half to even to a thousandth; null when the magnitude is above <see cref="Limit"/>.</summary>
    public static Amount? Of(decimal value) =>
        Math.Abs(value) > Limit ? null : new Amount((long)(Math.Round(value, 3, MidpointRounding.ToEven) * 1000m));

    /// <summary>
    /// Reads a number as JSON or CSV writes it (decimal point, optional exponent). Null when it is no number, is not
    /// finite or is above <see cref="Limit"/>. Digits far below a thousandth are accepted and rounded away.
    /// </summary>
    public static Amount? Parse(string text)
    {
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return Of(value);
        // A decimal holds 28 digits: what it cannot hold is either too large or needs only its leading digits.
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var wide) && Math.Abs(wide) <= 1e9
            ? Of((decimal)wide)
            : null;
    }

    /// <summary>The same from the UTF-8 of a document, without making a text of it.</summary>
    public static Amount? Parse(ReadOnlySpan<byte> utf8)
    {
        if (decimal.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return Of(value);
        return double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out var wide) && Math.Abs(wide) <= 1e9
            ? Of((decimal)wide)
            : null;
    }

    public decimal ToDecimal() => Thousandths / 1000m;
    public int CompareTo(Amount other) => Thousandths.CompareTo(other.Thousandths);
    /// <summary>Decimal point, at most three decimals, no trailing zeros: 12.5</summary>
    public override string ToString() => ToDecimal().ToString("0.###", CultureInfo.InvariantCulture);

    public static bool operator <(Amount a, Amount b) => a.Thousandths < b.Thousandths;
    public static bool operator >(Amount a, Amount b) => a.Thousandths > b.Thousandths;
    public static bool operator <=(Amount a, Amount b) => a.Thousandths <= b.Thousandths;
    public static bool operator >=(Amount a, Amount b) => a.Thousandths >= b.Thousandths;
}
