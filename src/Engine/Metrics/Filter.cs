using System.Text.Json.Serialization;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.Engine.Metrics;

public enum Comparison { AtLeast, AtMost, Above, Below }

/// <summary>A condition on one activity's labels or measures.</summary>
[JsonDerivedType(typeof(LabelFilter), "label")]
[JsonDerivedType(typeof(MeasureFilter), "measure")]
public abstract record Filter
{
    public abstract bool Holds(IReadOnlyList<Measure> measures, IReadOnlyList<Label> labels);

    internal static Amount? Find(IReadOnlyList<Measure> measures, string name)
    {
        foreach (var measure in measures)
            if (string.Equals(measure.Name, name, StringComparison.Ordinal)) return measure.Amount;
        return null;
    }
}

/// <summary>The label's text is one of <paramref name="Texts"/> (or none of them). An absent label is none of any texts.</summary>
public sealed record LabelFilter(string Label, bool Is, IReadOnlyList<string> Texts) : Filter
{
    public override bool Holds(IReadOnlyList<Measure> measures, IReadOnlyList<Label> labels)
    {
        foreach (var label in labels)
            if (string.Equals(label.Name, Label, StringComparison.Ordinal))
                return Texts.Contains(label.Text, StringComparer.Ordinal) == Is;
        return !Is;
    }
}

/// <summary>Compares one measure; an activity without it does not count.</summary>
public sealed record MeasureFilter(string Measure, Comparison Comparison, Amount Bound) : Filter
{
    public override bool Holds(IReadOnlyList<Measure> measures, IReadOnlyList<Label> labels) =>
        Find(measures, Measure) is { } amount && Comparison switch
        {
            Comparison.AtLeast => amount >= Bound,
            Comparison.AtMost => amount <= Bound,
            Comparison.Above => amount > Bound,
            Comparison.Below => amount < Bound,
        };
}
