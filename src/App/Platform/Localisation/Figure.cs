using System.Globalization;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Microsoft.Extensions.Localization;

namespace Laurel.App.Platform.Localisation;

/// <summary>A metric's value in words of the reader: the number, and what it is counted in where that must be said.</summary>
public readonly record struct Figure(string Number, string? Unit)
{
    // Does not break, or the unit would stand alone on the next line.
    private const string Space = "\u00a0";

    /// <summary>"5:18 min", "94.2%", "1,284".</summary>
    public override string ToString() => Unit switch
    {
        null => Number,
        "%" when Language.Current == Language.English => Number + Unit,
        _ => Number + Space + Unit,
    };

    public static Figure Of(Unit unit, MetricValue value, IStringLocalizer<Ui> texts) => Of(unit, value.Rounded(), texts);

    public static Figure Of(Unit unit, Amount amount, IStringLocalizer<Ui> texts)
    {
        var value = amount.ToDecimal();
        return unit switch
        {
            Laurel.Engine.Metrics.Unit.Number => new(Plain(value, 1), null),
            Laurel.Engine.Metrics.Unit.Seconds => Time(value, texts),
            Laurel.Engine.Metrics.Unit.Percent => new(Plain(value, 1), "%"),
            Laurel.Engine.Metrics.Unit.Currency => new(Money(value), null),
            Laurel.Engine.Metrics.Unit.Points => new(Plain(value, 1), texts["pts"]),
        };
    }

    // Up to a minute in seconds, up to an hour as 5:18 min, beyond as 12:40 h. Rounded first: 59.7 s is a minute.
    private static Figure Time(decimal seconds, IStringLocalizer<Ui> texts)
    {
        var sign = seconds < 0 ? "−" : "";
        var size = Math.Abs(seconds);
        if (size < 10 && size != decimal.Truncate(size)) return new(sign + Plain(size, 1), texts["s"]);
        var whole = (long)Math.Round(size, MidpointRounding.AwayFromZero);
        if (whole < 60) return new(sign + Plain(whole, 0), texts["s"]);
        if (whole < 3600) return new($"{sign}{whole / 60}:{whole % 60:00}", texts["min"]);
        var minutes = (whole + 30) / 60;
        return new($"{sign}{(minutes / 60).ToString("N0", CultureInfo.CurrentCulture)}:{minutes % 60:00}", texts["h"]);
    }

    private static string Money(decimal value) =>
        value.ToString(value == decimal.Truncate(value) ? "N0" : "N2", CultureInfo.CurrentCulture);

    // Whole numbers without decimals, others with as many as are needed, at most so many.
    private static string Plain(decimal value, int decimals)
    {
        var rounded = Math.Round(value, decimals, MidpointRounding.AwayFromZero);
        return rounded.ToString(rounded == decimal.Truncate(rounded) ? "N0" : $"N{decimals}", CultureInfo.CurrentCulture);
    }
}
