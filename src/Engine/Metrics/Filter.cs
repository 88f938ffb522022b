using System.Text.Json.Serialization;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using NodaTime;

namespace Laurel.Engine.Metrics;

public enum Comparison { AtLeast, AtMost, Above, Below }

/// <summary>A condition on one activity: its labels, its measures, or when it happened.</summary>
[JsonDerivedType(typeof(LabelFilter), "label")]
[JsonDerivedType(typeof(MeasureFilter), "measure")]
[JsonDerivedType(typeof(WeekdayFilter), "weekday")]
[JsonDerivedType(typeof(HourFilter), "hours")]
public abstract record Filter
{
    public abstract bool Holds(in Occurrence occurrence);

    internal static Amount? Find(IReadOnlyList<Measure> measures, string name)
    {
        foreach (var measure in measures)
            if (string.Equals(measure.Name, name, StringComparison.Ordinal)) return measure.Amount;
        return null;
    }

    internal static string? Find(IReadOnlyList<Label> labels, string name)
    {
        foreach (var label in labels)
            if (string.Equals(label.Name, name, StringComparison.Ordinal)) return label.Text;
        return null;
    }
}

/// <summary>The label's text is one of <paramref name="Texts"/> (or none of them). An absent label is none of any texts.</summary>
public sealed record LabelFilter(string Label, bool Is, IReadOnlyList<string> Texts) : Filter
{
    public override bool Holds(in Occurrence occurrence) =>
        Find(occurrence.Labels, Label) is { } text ? Texts.Contains(text, StringComparer.Ordinal) == Is : !Is;
}

/// <summary>Compares one measure; an activity without it does not count.</summary>
public sealed record MeasureFilter(string Measure, Comparison Comparison, Amount Bound) : Filter
{
    public override bool Holds(in Occurrence occurrence) =>
        Find(occurrence.Measures, Measure) is { } amount && Comparison switch
        {
            Comparison.AtLeast => amount >= Bound,
            Comparison.AtMost => amount <= Bound,
            Comparison.Above => amount > Bound,
            Comparison.Below => amount < Bound,
        };
}

/// <summary>
/// The workday that the activity counts on is one of these days of the week: what is done after midnight is the next day's.
/// </summary>
public sealed record WeekdayFilter(IReadOnlyList<IsoDayOfWeek> Days) : Filter
{
    public override bool Holds(in Occurrence occurrence) => Days.Contains(occurrence.Day.DayOfWeek);
}

/// <summary>
/// The clock on the site's wall shows a time from <paramref name="From"/> up to but not <paramref name="Until"/>, in minutes since
/// midnight, up to 1440. Where the first is the later, the hours go on past midnight. An hour that comes twice when clocks go back counts
/// both times.
/// </summary>
public sealed record HourFilter(int From, int Until) : Filter
{
    public override bool Holds(in Occurrence occurrence)
    {
        var minute = occurrence.Clock.MinuteOf(occurrence.At);
        return From < Until ? From <= minute && minute < Until : From <= minute || minute < Until;
    }
}
